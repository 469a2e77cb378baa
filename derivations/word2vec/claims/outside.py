"""Part (c): naive softmax by the outside vectors."""

from derivations.claim import Claim, Unequal
from derivations.word2vec import gradients as g
from derivations.word2vec.losses import P
from derivations.word2vec.sides import NAIVE, entry, scalar
from derivations.word2vec.symbols import U, V, c, i, o, x

PART_C = (
    Claim(
        "c.outside",
        "c",
        "(c), w = o",
        "naive softmax by the outside vector of o",
        entry(NAIVE, U[o, i]),
        scalar((P(o, c) - 1) * V[c, i]),
    ),
    Claim(
        "c.other",
        "c",
        "(c), w ≠ o",
        "naive softmax by the outside vector of another word",
        entry(NAIVE, U[x, i]),
        scalar(P(x, c) * V[c, i]),
        (Unequal(x, o),),
    ),
    Claim(
        "c.any",
        "c",
        "(c), any w",
        "naive softmax by the outside vector of any word",
        entry(NAIVE, U[x, i]),
        scalar(g.naive_softmax_by_row(c, o, x, i)),
    ),
)
