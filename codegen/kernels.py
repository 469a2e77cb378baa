"""The kernels: what each public function computes, and by which proved claims.

Data. The formulas are those of `derivations.word2vec`; what is said here is which argument each
symbol stands for, which claims are used, and what the steps are called.
"""

from collections.abc import Mapping

from sympy import Abs, Expr, Integer, KroneckerDelta, exp

from codegen.argmax import argmax
from codegen.kernel import Argument, Elementwise, Gradient, Kernel, Module, Value
from derivations.indices import total
from derivations.word2vec.losses import (
    batch_naive_softmax,
    batch_negative_sampling,
    naive_softmax,
    negative_sampling,
    score,
    sigma,
    window_naive_softmax,
    window_negative_sampling,
)
from derivations.word2vec.stable import error, weight, weight_of_others, weight_sum
from derivations.word2vec.symbols import (
    COORDINATES,
    DRAWS,
    OFFSETS,
    PAIRS,
    WORDS,
    U,
    V,
    a,
    b,
    c,
    centers,
    draw,
    i,
    j,
    k,
    near,
    o,
    outsides,
    w,
    x,
    z,
)

LAYOUT = (PAIRS, OFFSETS, DRAWS, WORDS, COORDINATES)

# Scores are taken relative to the word that leads
leader = argmax("leader", "leader", (c,), w, score(c, w))

CENTER_VECTOR = Argument("v_c", V[c, i], (i,), ("d",), meaning="the center vector")
CENTER_WORD = Argument("c", c, meaning="the center word")
OUTSIDE_WORD = Argument("o", o, meaning="the outside word")
OUTSIDE_ROWS = Argument("U", U[w, i], (w, i), ("N", "d"), meaning="one outside vector a row")
CENTER_ROWS = Argument("V", V[w, i], (w, i), ("N", "d"), meaning="one center vector a row")
NEGATIVES = Argument(
    "negatives", draw[k], (k,), ("K",), meaning="sampled words, each counted as often as drawn"
)
WINDOW = Argument(
    "outside", near[j], (j,), ("J",), Integer(0), meaning="the outside words of the window"
)
WINDOW_NEGATIVES = Argument(
    "negatives", draw[j, k], (j, k), ("J", "K"), Integer(0), meaning="samples for each outside word"
)
CENTERS = Argument("centers", centers[b], (b,), ("B",), meaning="the center word of each pair")
OUTSIDES = Argument("outsides", outsides[b], (b,), ("B",), meaning="the outside word of each pair")
BATCH_NEGATIVES = Argument(
    "negatives", draw[b, k], (b, k), ("B", "K"), meaning="samples for each pair"
)


def leading(center: Expr) -> Mapping[Expr, str]:
    """Steps of the naive softmax loss of one center."""
    top = leader(center)
    return {
        score(center, w): "scores",
        top: "leader",
        weight(center, top, w): "weights",
        weight_of_others(center, top, top): "trailing",
    }


def errors(center: Expr, outside: Expr) -> Mapping[Expr, str]:
    """Steps of its gradients, for one outside word."""
    top = leader(center)
    return {
        weight_sum(center, top): "weight_sum",
        weight_of_others(center, top, outside): "others",
        error(center, outside, top, w): "error",
    }


def sampled(center: Expr, outside: Expr, sample: Expr) -> Mapping[Expr, str]:
    """Steps of the negative sampling loss, for one outside word and its samples."""
    return {
        U[outside, i]: "u_o",
        U[sample, i]: "u_k",
        score(center, outside): "score",
        score(center, sample): "sample_scores",
    }


def sampling_errors(center: Expr, outside: Expr, sample: Expr) -> Mapping[Expr, str]:
    """Steps of its gradients; 1 - sigma is by then rewritten as a sigmoid."""
    sample_error = sigma(score(center, sample))
    return {
        sigma(-score(center, outside)): "error",
        sample_error: "sample_errors",
        total(U[sample, i] * sample_error, k): "push",
    }


def plural(names: Mapping[Expr, str]) -> Mapping[Expr, str]:
    """The same steps where there is one for each pair."""
    single = ("score", "error", "leader", "weight_sum")
    return {step: f"{name}s" if name in single else name for step, name in names.items()}


LEADER = {a: leader(c)}
LOG_SIGMOID = {"log_sigmoid": "stable.log-sigmoid"}
SIGMOIDS = {**LOG_SIGMOID, "sigmoid": "stable.sigmoid"}
PAIR = (CENTER_VECTOR, OUTSIDE_WORD, OUTSIDE_ROWS)
BATCH = (CENTER_ROWS, OUTSIDE_ROWS, CENTERS, OUTSIDES)
SKIP_GRAM = (CENTER_WORD, WINDOW, CENTER_ROWS, OUTSIDE_ROWS)

NAIVE_SOFTMAX = Module(
    "naive_softmax.py",
    "The naive softmax loss: how badly a center word predicts an outside word.",
    (
        Kernel(
            name="loss",
            title="The naive softmax loss of one pair.",
            loss=naive_softmax(c, o),
            arguments=PAIR,
            outputs=(Value("loss", naive_softmax(c, o)),),
            layout=LAYOUT,
            rewrites=("stable.loss",),
            choices=LEADER,
            names=leading(c),
        ),
        Kernel(
            name="value_and_grad",
            title="The naive softmax loss of one pair, and its gradients.",
            loss=naive_softmax(c, o),
            arguments=PAIR,
            outputs=(
                Value("loss", naive_softmax(c, o)),
                Gradient("grad_v_c", "b.entry", (i,)),
                Gradient("grad_U", "c.any", (x, i)),
            ),
            layout=LAYOUT,
            rewrites=("stable.loss", "stable.error"),
            choices=LEADER,
            names={**leading(c), **errors(c, o)},
        ),
        Kernel(
            name="batch_value_and_grad",
            title="The naive softmax loss of each pair, and the gradients of their sum.",
            loss=batch_naive_softmax(),
            arguments=BATCH,
            outputs=(
                Value("losses", batch_naive_softmax.body.function, (b,)),
                Gradient("grad_V", "batch.naive.V", (x, i)),
                Gradient("grad_U", "batch.naive.U", (x, i)),
            ),
            layout=LAYOUT,
            rewrites=("stable.loss", "stable.error"),
            choices=LEADER,
            names={
                V[centers[b], i]: "v_c",
                **plural(leading(centers[b])),
                **plural(errors(centers[b], outsides[b])),
            },
        ),
    ),
)

NEGATIVE_SAMPLING = Module(
    "negative_sampling.py",
    "The negative sampling loss: an outside word told from words drawn at random.",
    (
        Kernel(
            name="loss",
            title="The negative sampling loss of one pair.",
            loss=negative_sampling(c, o),
            arguments=(*PAIR, NEGATIVES),
            outputs=(Value("loss", negative_sampling(c, o)),),
            layout=LAYOUT,
            calls=LOG_SIGMOID,
            names=sampled(c, o, draw[k]),
        ),
        Kernel(
            name="value_and_grad",
            title="The negative sampling loss of one pair, and its gradients.",
            loss=negative_sampling(c, o),
            arguments=(*PAIR, NEGATIVES),
            outputs=(
                Value("loss", negative_sampling(c, o)),
                Gradient("grad_v_c", "g.center", (i,)),
                Gradient("grad_U", "g.row", (x, i), dense="U"),
            ),
            layout=LAYOUT,
            rewrites=("e.complement",),
            calls=SIGMOIDS,
            names={**sampled(c, o, draw[k]), **sampling_errors(c, o, draw[k])},
        ),
        Kernel(
            name="batch_value_and_grad",
            title="The negative sampling loss of each pair, and the gradients of their sum.",
            loss=batch_negative_sampling(),
            arguments=(*BATCH, BATCH_NEGATIVES),
            outputs=(
                Value("losses", batch_negative_sampling.body.function, (b,)),
                Gradient("grad_V", "batch.neg.V", (x, i)),
                Gradient("grad_U", "batch.neg.U", (x, i)),
            ),
            layout=LAYOUT,
            rewrites=("e.complement",),
            calls=SIGMOIDS,
            names={
                V[centers[b], i]: "v_c",
                **plural(sampled(centers[b], outsides[b], draw[b, k])),
                **plural(sampling_errors(centers[b], outsides[b], draw[b, k])),
            },
        ),
    ),
)

SKIP_GRAM_WINDOW = Module(
    "skip_gram.py",
    "Skip-gram: a pair loss summed over the outside words of one center word.",
    (
        Kernel(
            name="naive_softmax_value_and_grad",
            title="The naive softmax loss of a window, and its gradients.",
            loss=window_naive_softmax(c),
            arguments=SKIP_GRAM,
            outputs=(
                Value("loss", window_naive_softmax(c)),
                Gradient("grad_V", "h.naive.center", (x, i), "V", (x, c), "h.naive.other"),
                Gradient("grad_U", "h.naive.U", (x, i)),
            ),
            layout=LAYOUT,
            rewrites=("stable.loss", "stable.error"),
            choices=LEADER,
            names={
                V[c, i]: "v_c",
                **leading(c),
                **errors(c, near[j]),
                error(c, near[j], leader(c), w): "errors",
                total((1 - KroneckerDelta(j, 0)) * error(c, near[j], leader(c), w), j): "error",
            },
        ),
        Kernel(
            name="negative_sampling_value_and_grad",
            title="The negative sampling loss of a window, and its gradients.",
            loss=window_negative_sampling(c),
            arguments=(*SKIP_GRAM, WINDOW_NEGATIVES),
            outputs=(
                Value("loss", window_negative_sampling(c)),
                Gradient("grad_V", "h.neg.center", (x, i), "V", (x, c), "h.neg.other"),
                Gradient("grad_U", "h.neg.U", (x, i), "U"),
            ),
            layout=LAYOUT,
            rewrites=("e.complement",),
            calls=SIGMOIDS,
            names={
                V[c, i]: "v_c",
                **plural(sampled(c, near[j], draw[j, k])),
                **plural(sampling_errors(c, near[j], draw[j, k])),
            },
        ),
    ),
)

SIGMOID = Module(
    "_sigmoid.py",
    "The sigmoid and its logarithm, by forms that neither overflow nor cancel.",
    (
        Elementwise(
            "sigmoid", "The sigmoid of each entry.", "stable.sigmoid", z, {exp(-Abs(z)): "decay"}
        ),
        Elementwise(
            "log_sigmoid", "The logarithm of the sigmoid of each entry.", "stable.log-sigmoid", z
        ),
    ),
)

MODULES = (SIGMOID, NAIVE_SOFTMAX, NEGATIVE_SAMPLING, SKIP_GRAM_WINDOW)
