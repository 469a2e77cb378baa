"""Slips of part (c): naive softmax by the outside vectors."""

from sympy import Integer, KroneckerDelta, exp

from derivations.claim import Claim, Unequal
from derivations.indices import total
from derivations.language.tree import Array, column
from derivations.word2vec import gradients as g
from derivations.word2vec.losses import P, score, y, yhat
from derivations.word2vec.sides import NAIVE, D, entry, scalar, v_c
from derivations.word2vec.symbols import U, V, c, i, o, w, x

LOST_EXP = total(score(c, w), w)
X_NOT_O = Unequal(x, o)

PART_C = (
    Claim(
        "slip.c.outside-dropped-exp",
        "c",
        "(c), w = o, line 1",
        "exp dropped from the sum in the denominator",
        entry(NAIVE, U[o, i]),
        scalar((-1 + exp(score(c, o)) / LOST_EXP) * V[c, i]),
    ),
    Claim(
        "slip.c.extra-factor",
        "c",
        "(c), w = o, line 3",
        "an extra factor v_c inside the parentheses: a vector minus one",
        column(D(NAIVE, U[o, i]), i, "∂J/∂u_o"),
        v_c @ (column(P(o, c) * V[c, i], i, "P(o|c) v_c") - Array(Integer(1), (), "1")),
    ),
    Claim(
        "slip.c.extra-factor-entrywise",
        "c",
        "(c), w = o, line 3",
        "an extra factor v_c inside the parentheses, read entry by entry",
        entry(NAIVE, U[o, i]),
        scalar(V[c, i] * (P(o, c) * V[c, i] - 1)),
    ),
    Claim(
        "slip.c.other-dropped-exp",
        "c",
        "(c), w ≠ o, line 1",
        "exp dropped from the sum in the denominator",
        entry(NAIVE, U[x, i]),
        scalar(exp(score(c, x)) / LOST_EXP * V[c, i]),
        (X_NOT_O,),
    ),
    Claim(
        "slip.c.captured",
        "c",
        "not printed",
        "the w of ∂u_w taken for the bound w: every term of the normaliser differentiated",
        entry(NAIVE, U[x, i]),
        scalar(total(yhat(c, w) * V[c, i], w) - y(o, x) * V[c, i]),
    ),
    Claim(
        "slip.c.o-among-the-others",
        "c",
        "not printed",
        "the case w ≠ o claimed for every w: y forgotten",
        entry(NAIVE, U[x, i]),
        scalar(P(x, c) * V[c, i]),
    ),
    Claim(
        "slip.c.every-word-outside",
        "c",
        "not printed",
        "the case w = o claimed for every w: one taken off everywhere",
        entry(NAIVE, U[x, i]),
        scalar((P(x, c) - 1) * V[c, i]),
    ),
    Claim(
        "slip.c.normaliser-constant",
        "c",
        "not printed",
        "the normaliser taken for a constant: no gradient for the other words",
        entry(NAIVE, U[x, i]),
        scalar(Integer(0)),
        (X_NOT_O,),
    ),
    Claim(
        "slip.c.sign",
        "c",
        "not printed",
        "observed minus expected: the sign of the gradient reversed",
        entry(NAIVE, U[x, i]),
        scalar(-g.naive_softmax_by_row(c, o, x, i)),
    ),
    Claim(
        "slip.c.U-for-V",
        "c",
        "not printed",
        "the outside vector in place of the center vector",
        entry(NAIVE, U[x, i]),
        scalar((yhat(c, x) - y(o, x)) * U[x, i]),
    ),
    Claim(
        "slip.c.probability-of-o",
        "c",
        "not printed",
        "the outside word's probability in every row",
        entry(NAIVE, U[x, i]),
        scalar((yhat(c, o) - y(o, x)) * V[c, i]),
    ),
    Claim(
        "slip.c.log-forgotten",
        "c",
        "not printed",
        "the derivative of −P(o|c) in place of that of −log P(o|c)",
        entry(NAIVE, U[x, i]),
        scalar(P(o, c) * (P(x, c) - KroneckerDelta(x, o)) * V[c, i]),
    ),
)
