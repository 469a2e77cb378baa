"""Part (g): negative sampling with samples that may repeat."""

from sympy import Integer, KroneckerDelta, log

from derivations.claim import Claim, NotAmong, Unequal
from derivations.indices import total
from derivations.language.tree import column
from derivations.word2vec import gradients as g
from derivations.word2vec.losses import score, sigma
from derivations.word2vec.sides import (
    NEG,
    O_NOT_DRAWN,
    D,
    drawn_word,
    entry,
    pulled,
    pushed,
    scalar,
)
from derivations.word2vec.symbols import U, V, c, draw, i, k, o, x

PART_G = (
    Claim(
        "g.center",
        "g",
        "(g), by v_c",
        "negative sampling by the center vector, each draw counted",
        column(D(NEG, V[c, i]), i, "∂J/∂v_c"),
        column(g.sampling_by_center(c, o, i), i),
    ),
    Claim(
        "g.row",
        "g",
        "(g), by any row",
        "negative sampling by any row of U: each draw of x counts",
        entry(NEG, U[x, i]),
        scalar(g.sampling_by_row(c, o, x, i)),
    ),
    Claim(
        "g.sample",
        "g",
        "(g), by u_k",
        "a word drawn l times counts l times",
        entry(NEG, U[drawn_word, i]),
        scalar(g.times_drawn(drawn_word) * pushed),
        (O_NOT_DRAWN,),
    ),
    Claim(
        "g.outside",
        "g",
        "(g), excluded there",
        "an outside word that is also drawn counts as both",
        entry(NEG, U[o, i]),
        scalar(pulled + g.times_drawn(o) * (1 - sigma(-score(c, o))) * V[c, i]),
    ),
    Claim(
        "g.split",
        "g",
        "(g), hint",
        "the sum over draws splits into those equal to x and the others",
        scalar(NEG),
        scalar(
            -log(sigma(score(c, o)))
            - total((1 - KroneckerDelta(draw[k], x)) * log(sigma(-score(c, draw[k]))), k)
            - g.times_drawn(x) * log(sigma(-score(c, x)))
        ),
    ),
    Claim(
        "g.untouched",
        "g",
        "not printed",
        "a row that is neither the outside word nor drawn has no gradient",
        entry(NEG, U[x, i]),
        scalar(Integer(0)),
        (Unequal(x, o), NotAmong(x, draw)),
    ),
)
