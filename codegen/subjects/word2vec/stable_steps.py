"""Arguments and steps that the kernels share: what each stands for and is called. Data."""

from collections.abc import Mapping

from sympy import Expr, Integer, KroneckerDelta

from codegen.kernel import Argument, argmax
from derivations.indices import total
from derivations.word2vec.losses import (
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
    error,
    excess,
    excess_at_once,
    i,
    j,
    k,
    near,
    o,
    others_at_once,
    outsides,
    score,
    sigma,
    sum_at_once,
    w,
    weight,
    weight_of_others,
    weight_sum,
)

# The arguments of the kernels: what each one stands for, its shape and its meaning. Data.


ORIGIN = "derivations/word2vec/ and codegen/subjects/word2vec/"
LAYOUT = (PAIRS, OFFSETS, DRAWS, WORDS, COORDINATES)

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

PAIR = (CENTER_VECTOR, OUTSIDE_WORD, OUTSIDE_ROWS)
BATCH = (CENTER_ROWS, OUTSIDE_ROWS, CENTERS, OUTSIDES)
SKIP_GRAM = (CENTER_WORD, WINDOW, CENTER_ROWS, OUTSIDE_ROWS)


# The steps of the kernels and what they are called, the choice of the leading word. Data.


# Scores are taken relative to the word that leads
leader = argmax("leader", "leader", (c,), w, score(c, w))

LEADER = {a: leader(c)}


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


def excesses(center: Expr, outside: Expr) -> Mapping[Expr, str]:
    """The same before the division by the weight sum, and what is left of the weights."""
    top = leader(center)
    rest = (1 - KroneckerDelta(w, outside)) * weight(center, top, w)
    return {
        U[outside, i]: "u_o",
        weight_sum(center, top): "weight_sum",
        rest: "rest",
        total(U[w, i] * rest, w): "pull",
        weight_of_others(center, top, outside): "others",
        excess(center, outside, top, w): "excess",
    }


def at_once(center: Expr, outside: Expr) -> Mapping[Expr, str]:
    """The steps of loss and gradients where the weights are summed once, in their memory."""
    top = leader(center)
    rest = (1 - KroneckerDelta(w, outside)) * weight(center, top, w)
    return {
        top: "leader",
        score(center, top): "top_score",
        score(center, outside): "outside_score",
        score(center, w): "scores",
        weight(center, top, outside): "outside_weight",
        weight(center, top, w): "weights",
        weight_of_others(center, top, top): "trailing",
        U[outside, i]: "u_o",
        sum_at_once(center, top): "weight_sum",
        rest: "rest",
        total(U[w, i] * rest, w): "pull",
        others_at_once(center, top, outside): "others",
        excess_at_once(center, outside, top, w): "excess",
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
        _push(center, sample): "push",
    }


def sampling_pull(center: Expr, outside: Expr, sample: Expr) -> Expr:
    """The gradient by the center vector."""
    return _push(center, sample) - U[outside, i] * sigma(-score(center, outside))


def _push(center: Expr, sample: Expr) -> Expr:
    """What the samples alone add to it."""
    return total(U[sample, i] * sigma(score(center, sample)), k)


def plural(names: Mapping[Expr, str]) -> Mapping[Expr, str]:
    """The same steps where there is one for each pair."""
    single = (
        "score",
        "error",
        "leader",
        "weight_sum",
        "top_score",
        "outside_score",
        "outside_weight",
    )
    return {step: f"{name}s" if name in single else name for step, name in names.items()}
