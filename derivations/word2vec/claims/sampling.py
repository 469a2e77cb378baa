"""Part (f): negative sampling, samples distinct where that matters."""

from derivations.claim import Claim
from derivations.word2vec import gradients as g
from derivations.word2vec.sides import (
    DRAWS_DISTINCT,
    NEG,
    O_NOT_DRAWN,
    drawn_word,
    entry,
    pulled,
    pushed,
    scalar,
)
from derivations.word2vec.symbols import U, V, c, i, o

PART_F = (
    Claim(
        "f.center",
        "f",
        "(f), by v_c",
        "negative sampling by the center vector",
        entry(NEG, V[c, i]),
        scalar(g.sampling_by_center(c, o, i)),
    ),
    Claim(
        "f.outside",
        "f",
        "(f), by u_o",
        "negative sampling by the outside vector of o",
        entry(NEG, U[o, i]),
        scalar(pulled),
        (O_NOT_DRAWN,),
    ),
    Claim(
        "f.sample",
        "f",
        "(f), by u_k",
        "negative sampling by the outside vector of a sample",
        entry(NEG, U[drawn_word, i]),
        scalar(pushed),
        (DRAWS_DISTINCT, O_NOT_DRAWN),
    ),
)
