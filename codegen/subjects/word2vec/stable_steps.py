"""Stable steps that kernels share, and what each is called: softmax by its leader, sigmoids.

The forms of a document's softmax are stated in its own names, for the judge to prove.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sympy import Expr, Integer, KroneckerDelta, Symbol

from codegen.kernel import Argmax, Argument, Elementwise, Module, argmax
from derivations.claim import Claim
from derivations.indices import Index, total
from derivations.language.index_nodes import softmax
from derivations.language.tree import Array
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
    z,
)

PLACE = "not printed"


@dataclass(frozen=True)
class StableSoftmax:
    """Two claims to rewrite by, the choice of the leader, and the steps that get a name.

    ``of_loss`` are the steps of the loss, ``of_error`` the further ones of its gradients, the
    last of them the ``error`` itself.
    """

    claims: tuple[Claim, Claim]
    choices: Mapping[Symbol, Expr | Argmax]
    of_loss: Mapping[Expr, str]
    of_error: Mapping[Expr, str]
    error: Expr

    @property
    def rewrites(self) -> tuple[str, ...]:
        """The ids of the claims."""
        return tuple(claim.id for claim in self.claims)


def stable_softmax(
    id: str,
    score: Callable[[Expr], Expr],
    loss: Expr,
    error: Expr,
    members: tuple[Index, Index],
    given: tuple[Index, ...] = (),
    own: Index | None = None,
    prefix: str = "",
    letters: tuple[str, str] = ("a", "e"),
) -> StableSoftmax:
    """The forms of a softmax whose scores are ``score(w)``, beside the ``given`` indices.

    ``members`` are w and o; ``loss`` is how the document writes minus the logarithm of the
    probability of o, ``error`` how it writes the probability of w less one where w is o. The
    kernel takes them at ``own`` for o; its steps are named after what they are, with ``prefix``.
    ``letters`` are printed for the leader and the weights: others for each softmax of a kernel.
    """
    w, o = members
    a = Index(letters[0], w.space)
    forms = softmax(score, given, w, o, a, letters[1])
    claims = (
        Claim(
            f"{id}.loss",
            "stable",
            PLACE,
            "minus a log-probability as a lag behind the leader a",
            Array(loss),
            Array(forms.lag(*given, o, a)),
        ),
        Claim(
            f"{id}.error",
            "stable",
            PLACE,
            "a probability less one without a subtraction, scores taken relative to any a",
            Array(error),
            Array(forms.error(*given, o, a, w)),
        ),
    )
    leader = argmax("leader", "leader", given, w, score(w))
    top = leader(*given)
    chosen, s = own or o, "s" if given else ""  # one for each of the given, or one
    of_loss: dict[Expr, str] = {
        score(w): "scores",
        top: f"{prefix}leader{s}",
        forms.weight(*given, top, w): f"{prefix}weights",
        forms.weight_of_others(*given, top, top): f"{prefix}trailing",
    }
    if given:
        of_loss[forms.lag(*given, chosen, top)] = f"{prefix}losses"
    of_error = {
        forms.weight_sum(*given, top): f"{prefix}weight_sum{s}",
        forms.weight_of_others(*given, top, chosen): f"{prefix}others",
        forms.error(*given, chosen, top, w): f"{prefix}error{s}",
    }
    return StableSoftmax(claims, {a: top}, of_loss, of_error, [*of_error][-1])


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


# The functions, and the claims that say what they compute
LOG_SIGMOID = {"log_sigmoid": "stable.log-sigmoid"}
SIGMOIDS = {**LOG_SIGMOID, "sigmoid": "stable.sigmoid"}

SIGMOID = Module(
    "_sigmoid.py",
    "The sigmoid and its logarithm, by forms that neither overflow nor cancel.",
    (
        Elementwise("sigmoid", "The sigmoid of each entry.", "stable.sigmoid", z),
        Elementwise(
            "log_sigmoid", "The logarithm of the sigmoid of each entry.", "stable.log-sigmoid", z
        ),
    ),
    origin=ORIGIN,
)
