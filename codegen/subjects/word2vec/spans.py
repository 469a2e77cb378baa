"""Negative sampling over stretches of text, in blocks of centers that share samples. Data."""

from dataclasses import replace

from sympy import And, IndexedBase, Integer, Ne, Piecewise

from codegen.kernel import (
    Argument,
    Arguments,
    Derived,
    Draw,
    Gradient,
    Kernel,
    Module,
    Update,
    Value,
)
from codegen.subjects.word2vec.stable_steps import (
    CENTER_ROWS,
    LOG_SIGMOID,
    ORIGIN,
    OUTSIDE_ROWS,
    SIGMOIDS,
)
from derivations.language.index_nodes import define
from derivations.word2vec import losses
from derivations.word2vec.losses import (
    BLOCKS,
    CENTERS,
    COORDINATES,
    PLACES,
    SHARED,
    WORDS,
    K,
    U,
    V,
    at_center,
    band,
    contexts,
    g,
    i,
    in_window,
    m,
    p,
    pull,
    push,
    q,
    r,
    rate,
    sampled,
    score,
    share,
    shared,
    x,
)

before, after = (IndexedBase(name, integer=True) for name in ("before", "after"))

BLOCK = (
    Argument("centers", at_center, (g, p), ("G", "S"), meaning="consecutive words of a text"),
    Argument(
        "contexts",
        contexts[g, q],
        (g, q),
        ("G", "S + 2 m"),
        meaning="the same with m words of the text on either side",
    ),
    Argument(
        "before",
        before[g, p],
        (g, p),
        ("G", "S"),
        meaning="how many words before each center are in its window, at most m",
        at_most="m",
    ),
    Argument("after", after[g, p], (g, p), ("G", "S"), meaning="how many after it", at_most="m"),
    Argument("negatives", shared[g, r], (g, r), ("G", "R"), meaning="samples that a block shares"),
    Argument("draws", K, meaning="how many samples each pair of words stands for (K)"),
)
ARGUMENTS = (CENTER_ROWS, OUTSIDE_ROWS, *BLOCK)
REACH = Derived(m, "m", "reach", ("centers", "contexts"))

# The side condition of (7), j != 0 and |j| <= m: center p stands at place p + m
offset = define("offset", "offset[{p},{q}]", (p, q), q - p - m)
IN_WINDOW = Piecewise(
    (
        Integer(1),
        And(
            Ne(offset(p, q), 0),
            offset(p, q) <= after[g, p],
            -before[g, p] <= offset(p, q),
        ),
    ),
    (Integer(0), True),
)
NOTE = (
    "Every center is paired with each word of its window, as in the window sum, and each pair "
    "stands for K samples. Drawn for each pair afresh they would be K vectors a pair; here the R "
    "samples of a block are shared by all its pairs, and a center counts each of them K / R times "
    "the pairs it is in. The loss is then the same on the average over samples "
    "(claim spans.expected), and so are its gradients; it varies more from draw to draw, because "
    "the pairs of a block see the same samples. Samples that are words of the window are counted "
    "as drawn. Words outside all windows are read too: a NaN of theirs spreads to the block."
)
STEPS = {
    V[at_center, i]: "v_c",
    U[contexts[g, q], i]: "u_q",
    U[shared[g, r], i]: "u_r",
    score(at_center, contexts[g, q]): "scores",
    score(at_center, shared[g, r]): "sample_scores",
    offset(p, q): "offset",
    band[g, p, q]: "band",
    share(g, p): "share",
}
TERMS = {in_window(g, p): "in_window", sampled(g, p): "sampled"}
ERRORS = {
    pull(g, p, q): "pull",
    push(g, p, r): "push",
}


def drawn(draw: Draw) -> Arguments:
    """One stretch of text, with a window of up to two places on either side of each center."""
    S, m = draw.B, int(draw.rng.integers(0, 3))
    reach = [draw.rng.integers(0, m + 1, (1, S)) for _ in range(2)]
    contexts = draw.words(1, S + 2 * m)
    centers = contexts[:, m : m + S]
    return draw.V, draw.U, centers, contexts, *reach, draw.words(1, draw.K + 1), 2


BASE = Kernel(
    name="loss",
    title="The negative sampling loss of blocks of text.",
    loss=losses.spans(),
    arguments=ARGUMENTS,
    outputs=(Value("loss", losses.spans()),),
    layout=(BLOCKS, CENTERS, PLACES, SHARED, WORDS, COORDINATES),
    calls=LOG_SIGMOID,
    choices={band[g, p, q]: IN_WINDOW},
    names={**STEPS, **TERMS},
    also=("spans.expected",),
    derived=(REACH,),
)
BY_V, BY_U = Gradient("grad_V", "spans.V", (x, i)), Gradient("grad_U", "spans.U", (x, i))

SPANS = Module(
    "spans.py",
    "Negative sampling over stretches of text: blocks of centers that share their samples.",
    (
        BASE,
        replace(
            BASE,
            name="value_and_grad",
            title="The negative sampling loss of blocks of text, and its gradients.",
            outputs=(Value("loss", losses.spans()), BY_V, BY_U),
            rewrites=("e.complement",),
            calls=SIGMOIDS,
            names={**STEPS, **TERMS, **ERRORS},
        ),
        replace(
            BASE,
            name="sgd_step",
            title="A step of gradient descent on the loss of blocks of text.",
            arguments=(*ARGUMENTS, Argument("rate", rate, meaning="the learning rate")),
            outputs=(Update("V", BY_V, rate), Update("U", BY_U, rate)),
            rewrites=("e.complement",),
            calls={"sigmoid": SIGMOIDS["sigmoid"]},
            names={**STEPS, **ERRORS},
        ),
        replace(
            BASE,
            name="weights",
            title="What each center counts the words of its block, in lists of places and samples.",
            outputs=(
                Value("band", band[g, p, q], (g, p, q)),
                Value("share", share(g, p), (g, p)),
            ),
            calls={},
            names={step: STEPS[step] for step in (offset(p, q), band[g, p, q], share(g, p))},
            also=("spans.lists",),
        ),
    ),
    origin=ORIGIN,
    drawn={"value_and_grad": drawn, "sgd_step": lambda draw: (*drawn(draw), 0.1)},
    note=NOTE,
)
