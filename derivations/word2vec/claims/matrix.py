"""Part (d): naive softmax by all of U."""

from sympy import Integer

from derivations.claim import Claim
from derivations.indices import total
from derivations.word2vec.sides import NAIVE, D, matrix, scalar, v_c, yhat_minus_y
from derivations.word2vec.symbols import U, i, w, x

PART_D = (
    Claim(
        "d.columns",
        "d",
        "(d)",
        "naive softmax by U, words as columns",
        matrix(NAIVE, U[w, i], i, w),
        v_c @ yhat_minus_y.T,
    ),
    Claim(
        "d.rows",
        "d",
        "(d)",
        "the same with words as rows of U",
        matrix(NAIVE, U[w, i], w, i),
        yhat_minus_y @ v_c.T,
    ),
    Claim(
        "d.row-sum",
        "d",
        "not printed",
        "the rows of that gradient add up to zero",
        scalar(total(D(NAIVE, U[x, i]), x)),
        scalar(Integer(0)),
    ),
)
