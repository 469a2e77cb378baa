"""Blocks of centers that share one list of words with weights and signs. Data."""

from dataclasses import replace

import numpy as np
from sympy import IndexedBase

from codegen.kernel import Argument, Arguments, Draw, Gradient, Kernel, Module, Update, Value
from codegen.subjects.word2vec.stable_steps import (
    CENTER_ROWS,
    LOG_SIGMOID,
    ORIGIN,
    OUTSIDE_ROWS,
    SIGMOIDS,
)
from derivations.indices import Index, IndexSet, WordArray
from derivations.word2vec import losses
from derivations.word2vec.losses import (
    BLOCKS,
    CENTERS,
    COORDINATES,
    LISTED,
    ONE,
    WORDS,
    T,
    U,
    V,
    at_center,
    ell,
    g,
    i,
    lists,
    mass_of_U,
    mass_of_V,
    most,
    p,
    rate,
    score,
    sign,
    word_error,
    word_weight,
    x,
)

# Centers of one kind give the words of their lists the same weights
KINDS = IndexSet("kind", ONE, T, labels=True)
t = Index("t", KINDS)
kinds = WordArray("kinds", KINDS)  # kinds[g,p], the kind of a center
weights = IndexedBase("weights", real=True)  # weights[t,l], what a center of a kind counts a word

ARGUMENTS = (
    CENTER_ROWS,
    OUTSIDE_ROWS,
    Argument("centers", at_center, (g, p), ("G", "S"), meaning="the centers of each block"),
    Argument(
        "lists",
        lists[g, ell],
        (g, ell),
        ("G", "L"),
        meaning="the words that all centers of a block are paired with",
    ),
    Argument(
        "kinds",
        kinds[g, p],
        (g, p),
        ("G", "S"),
        meaning="of what kind each center is: a row of weights",
    ),
    Argument(
        "weights",
        weights[t, ell],
        (t, ell),
        ("T", "L"),
        meaning="what a center of each kind counts each word of its list, 0 where they are no pair",
    ),
    Argument("signs", sign[ell], (ell,), ("L",), meaning="-1 for words of the text, 1 for samples"),
)
NOTE = (
    "The loss of `spans` in the form that is fastest to train with: all centers of a block are "
    "paired with all words of one list, its places and then its samples, and each pair counts by a "
    "weight (claim spans.lists). Centers of one kind, which stand at the same place of their block "
    "and have the same window, share a row of weights; `spans.weights` says what is in it. Words "
    "of weight 0 are read too: a NaN of theirs spreads to the block."
)
STEPS = {
    V[at_center, i]: "v_c",
    U[lists[g, ell], i]: "u_l",
    score(at_center, lists[g, ell]): "scores",
    word_weight[g, p, ell]: "weight",
}
ERRORS = {word_error(g, p, ell): "error"}
MASSES = {mass_of_V(x): "mass_V", mass_of_U(x): "mass_U"}


def drawn(draw: Draw) -> Arguments:
    """One block with a list one longer than there are samples, and two kinds of centers."""
    S, L, T = draw.B, draw.K + 1, 2
    weights = abs(draw.numbers(T, L)) * draw.rng.integers(0, 2, (T, L))
    return (
        *(draw.V, draw.U, draw.words(1, S), draw.words(1, L), draw.rng.integers(0, T, (1, S))),
        *(weights.astype(draw.U.dtype), draw.rng.choice([-1, 1], L).astype(draw.U.dtype)),
    )


def step_drawn(draw: Draw) -> Arguments:
    """The same with a rate, and a limit that holds many rows back, few, or none."""
    return (*drawn(draw), 0.1, draw.rng.choice([0.01, 0.5, np.inf]))


BASE = Kernel(
    name="loss",
    title="The loss of blocks of words.",
    loss=losses.blocks(),
    arguments=ARGUMENTS,
    outputs=(Value("loss", losses.blocks()),),
    layout=(BLOCKS, CENTERS, KINDS, LISTED, WORDS, COORDINATES),
    calls=LOG_SIGMOID,
    choices={word_weight[g, p, ell]: weights[kinds[g, p], ell]},
    names=STEPS,
    also=("spans.lists",),
)
BY_V = Gradient("grad_V", "spans.listed.V", (x, i))
BY_U = Gradient("grad_U", "spans.listed.U", (x, i))

BLOCKS_OF_WORDS = Module(
    "blocks.py",
    "Negative sampling over blocks of centers that share one list of words.",
    (
        BASE,
        replace(
            BASE,
            name="value_and_grad",
            title="The loss of blocks of words, and its gradients.",
            outputs=(Value("loss", losses.blocks()), BY_V, BY_U),
            rewrites=("e.complement",),
            calls=SIGMOIDS,
            names={**STEPS, **ERRORS},
        ),
        replace(
            BASE,
            name="sgd_step",
            title="A step of gradient descent, no row moved at more than a rate times its mass.",
            arguments=(
                *ARGUMENTS,
                Argument("rate", rate, meaning="the learning rate"),
                Argument(
                    "most",
                    most,
                    meaning="a row whose mass times the rate is above this moves at a lower rate, "
                    "so that they come to it; infinite for one rate for all rows",
                ),
            ),
            outputs=(
                Update("V", BY_V, losses.bounded_rate(mass_of_V(x))),
                Update("U", BY_U, losses.bounded_rate(mass_of_U(x))),
            ),
            rewrites=("e.complement",),
            calls={"sigmoid": SIGMOIDS["sigmoid"]},
            names={**STEPS, **ERRORS, **MASSES},
        ),
    ),
    origin=ORIGIN,
    drawn={"value_and_grad": drawn, "sgd_step": step_drawn},
    note=NOTE,
)
