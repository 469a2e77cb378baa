"""Slips of part (d): naive softmax by the matrix U."""

from sympy import Integer, KroneckerDelta

from derivations.claim import Claim
from derivations.indices import total
from derivations.language.tree import column
from derivations.word2vec.losses import y, yhat
from derivations.word2vec.sides import NAIVE, D, entry, matrix, scalar, v_c, yhat_minus_y
from derivations.word2vec.symbols import U, V, c, i, o, w, x

AS_COLUMNS, AS_ROWS = matrix(NAIVE, U[w, i], i, w), matrix(NAIVE, U[w, i], w, i)

PART_D = (
    Claim(
        "slip.d.shape",
        "d",
        "not printed",
        "the gradient for words as columns given U's shape with words as rows",
        AS_ROWS,
        v_c @ yhat_minus_y.T,
    ),
    Claim(
        "slip.d.transpose-forgotten",
        "d",
        "not printed",
        "the transpose of the outer product forgotten: two columns multiplied",
        AS_COLUMNS,
        v_c @ yhat_minus_y,
    ),
    Claim(
        "slip.d.inner-product",
        "d",
        "not printed",
        "an inner product in place of the outer product",
        AS_COLUMNS,
        v_c.T @ yhat_minus_y,
    ),
    Claim(
        "slip.d.sign",
        "d",
        "not printed",
        "observed minus expected: the sign of the gradient reversed",
        AS_COLUMNS,
        v_c @ column(y(o, w) - yhat(c, w), w, "(y − ŷ)").T,
    ),
    Claim(
        "slip.d.y-forgotten",
        "d",
        "not printed",
        "y forgotten: the outside word's column lacks its pull",
        AS_COLUMNS,
        v_c @ column(yhat(c, w), w, "ŷ").T,
    ),
    Claim(
        "slip.d.only-o",
        "d",
        "not printed",
        "only the outside word's column filled, the others left zero",
        AS_COLUMNS,
        v_c @ column(KroneckerDelta(w, o) * (yhat(c, w) - 1), w, "δ").T,
    ),
    Claim(
        "slip.d.word-zero",
        "d",
        "not printed",
        "a fixed word (here word 1) in place of the outside word",
        AS_COLUMNS,
        v_c @ column(yhat(c, w) - y(Integer(1), w), w, "(ŷ − e_1)").T,
    ),
    Claim(
        "slip.d.same-vector",
        "d",
        "not printed",
        "each row's own center vector in place of the one center vector",
        entry(NAIVE, U[x, i]),
        scalar((yhat(c, x) - y(o, x)) * V[x, i]),
    ),
    Claim(
        "slip.d.wrong-axis",
        "d",
        "not printed",
        "the gradient said to add up to zero over coordinates instead of words",
        scalar(total(D(NAIVE, U[x, i]), i)),
        scalar(Integer(0)),
    ),
)
