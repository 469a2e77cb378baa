"""False claims that the document prints, typed by hand: what the reader is held against."""

from sympy import Integer, exp, log

from derivations.claim import Claim, Unequal
from derivations.indices import total
from derivations.language.tree import Array, column
from derivations.word2vec.losses import (
    NAIVE,
    WINDOW,
    D,
    P,
    U,
    U_columns,
    V,
    c,
    cross_entropy,
    entry,
    i,
    j,
    near,
    o,
    pair_loss,
    scalar,
    score,
    v_c,
    w,
    x,
    y,
    yhat,
    yhat_minus_y,
)

BY_V_C = column(D(NAIVE, V[c, i]), i)
LOST_EXP = total(score(c, w), w)

PRINTED_SLIPS = (
    Claim(
        "slip.a.word-zero",
        "a",
        "(a), eq. (3)",
        "a fixed word (here word 1) in place of the outside word: ŷ_0 for ŷ_o",
        scalar(cross_entropy(c, o)),
        scalar(-log(yhat(c, Integer(1)))),
    ),
    Claim(
        "slip.a.subscript-lost",
        "a",
        "(a), line 2",
        "log of the whole vector ŷ where one entry of it is meant",
        scalar(cross_entropy(c, o)),
        column(-total(y(o, w) * log(yhat(c, x)), w), x),
    ),
    Claim(
        "slip.b.dropped-exp",
        "b",
        "(b), line 2",
        "exp dropped from the sum in the denominator",
        BY_V_C,
        column(-U[o, i] + total(exp(score(c, x)) / total(score(c, w), w) * U[x, i], x), i),
    ),
    Claim(
        "slip.b.row-vector",
        "b",
        "(b), line 4",
        "a row vector equated with a column vector",
        BY_V_C,
        yhat_minus_y.T @ U_columns.T,
    ),
    Claim(
        "slip.b.transposed",
        "b",
        "(b), line 5",
        "both factors of the product transposed where they stand",
        BY_V_C,
        U_columns.T @ yhat_minus_y.T,
    ),
    Claim(
        "slip.c.outside-dropped-exp",
        "c",
        "(c), w = o, line 1",
        "exp dropped from the sum in the denominator",
        column(D(NAIVE, U[o, i]), i),
        column(-V[c, i] + exp(score(c, o)) / LOST_EXP * V[c, i], i),
    ),
    Claim(
        "slip.c.extra-factor",
        "c",
        "(c), w = o, line 3",
        "an extra factor v_c inside the parentheses: a vector minus one",
        column(D(NAIVE, U[o, i]), i),
        v_c @ (column(P(o, c) * V[c, i], i) - Array(Integer(1))),
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
        column(D(NAIVE, U[x, i]), i),
        column(exp(score(c, x)) / LOST_EXP * V[c, i], i),
        (Unequal(x, o),),
    ),
    Claim(
        "slip.h.center-in-window",
        "h",
        "(h), (ii), second printing",
        "j = 0 included: the center word taken for one of its outside words",
        column(D(WINDOW, V[c, i]), i),
        column(total(D(pair_loss(c, near[j]), V[c, i]), j), i),
    ),
)
