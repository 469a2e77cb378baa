"""What claims and slips are made of: both sides of an equality, and the losses they are about."""

from sympy import Derivative, Expr

from derivations.claim import Distinct, NotAmong
from derivations.indices import Index
from derivations.language.tree import Array, column
from derivations.word2vec.losses import (
    batch_naive_softmax,
    batch_negative_sampling,
    naive_softmax,
    negative_sampling,
    score,
    sigma,
    window,
    window_naive_softmax,
    window_negative_sampling,
    y,
    yhat,
)
from derivations.word2vec.symbols import U, V, c, draw, i, k, o, w


def D(function: Expr, by: Expr) -> Expr:
    """The partial derivative, written but not taken."""
    return Derivative(function, by, evaluate=False)


def scalar(entry: Expr) -> Array:
    """A side without a shape."""
    return Array(entry)


def entry(function: Expr, by: Expr) -> Array:
    """One entry of a gradient, at whatever indices ``by`` has."""
    return scalar(D(function, by))


def matrix(function: Expr, by: Expr, row: Index, col: Index) -> Array:
    """The gradient by a matrix, with its axes in the order given."""
    return Array(D(function, by), (row, col), f"∂{function.func.__name__}/∂{by.base}")


v_c = column(V[c, i], i, "v_c")
U_columns = Array(U[w, i], (i, w), "U")
U_rows = Array(U[w, i], (w, i), "U")
yhat_minus_y = column(yhat(c, w) - y(o, w), w, "(ŷ − y)")

NAIVE, NEG = naive_softmax(c, o), negative_sampling(c, o)
WINDOW, WINDOW_NAIVE, WINDOW_NEG = window(c), window_naive_softmax(c), window_negative_sampling(c)
BATCH_NAIVE, BATCH_NEG = batch_naive_softmax(), batch_negative_sampling()
O_NOT_DRAWN, DRAWS_DISTINCT = NotAmong(o, draw), Distinct(draw)
drawn_word = draw[k]
pushed = (1 - sigma(-score(c, drawn_word))) * V[c, i]
pulled = -(1 - sigma(score(c, o))) * V[c, i]
