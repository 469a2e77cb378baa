"""Slips of part (b): naive softmax by the center vector."""

from sympy import Integer, exp

from derivations.claim import Claim
from derivations.indices import total
from derivations.language.tree import column
from derivations.word2vec import gradients as g
from derivations.word2vec.losses import P, score, y, yhat
from derivations.word2vec.sides import NAIVE, D, U_columns, U_rows, entry, scalar, yhat_minus_y
from derivations.word2vec.symbols import N, U, V, c, i, o, w, x

BY_V_C = column(D(NAIVE, V[c, i]), i, "∂J/∂v_c")

PART_B = (
    Claim(
        "slip.b.dropped-exp",
        "b",
        "(b), line 2",
        "exp dropped from the sum in the denominator",
        entry(NAIVE, V[c, i]),
        scalar(-U[o, i] + total(exp(score(c, x)) / total(score(c, w), w) * U[x, i], x)),
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
        "slip.b.rows-untransposed",
        "b",
        "not printed",
        "words as rows of U, the product written as for words as columns",
        BY_V_C,
        U_rows @ yhat_minus_y,
    ),
    Claim(
        "slip.b.sign",
        "b",
        "not printed",
        "observed minus expected: the sign of the gradient reversed",
        BY_V_C,
        U_columns @ column(y(o, w) - yhat(c, w), w, "(y − ŷ)"),
    ),
    Claim(
        "slip.b.y-forgotten",
        "b",
        "not printed",
        "y forgotten: the outside word's own vector not taken off",
        BY_V_C,
        U_columns @ column(yhat(c, w), w, "ŷ"),
    ),
    Claim(
        "slip.b.V-for-U",
        "b",
        "not printed",
        "center vectors in place of outside vectors",
        entry(NAIVE, V[c, i]),
        scalar(total(V[w, i] * (yhat(c, w) - y(o, w)), w)),
    ),
    Claim(
        "slip.b.normaliser-constant",
        "b",
        "not printed",
        "the normaliser taken for a constant: the path through it missing",
        entry(NAIVE, V[c, i]),
        scalar(-U[o, i]),
    ),
    Claim(
        "slip.b.unweighted",
        "b",
        "not printed",
        "the outside vectors added up without their probabilities",
        entry(NAIVE, V[c, i]),
        scalar(-U[o, i] + total(U[x, i], x)),
    ),
    Claim(
        "slip.b.inner-derivative",
        "b",
        "not printed",
        "the inner derivative u_w of the score forgotten",
        entry(NAIVE, V[c, i]),
        scalar(total(yhat(c, w) - y(o, w), w)),
    ),
    Claim(
        "slip.b.mean",
        "b",
        "not printed",
        "a mean over the vocabulary in place of the sum",
        entry(NAIVE, V[c, i]),
        scalar(g.naive_softmax_by_center(c, o, i) / N),
    ),
    Claim(
        "slip.b.word-zero",
        "b",
        "not printed",
        "a fixed word (here word 1) in place of the outside word",
        entry(NAIVE, V[c, i]),
        scalar(-U[Integer(1), i] + total(P(x, c) * U[x, i], x)),
    ),
    Claim(
        "slip.b.any-center",
        "b",
        "not printed",
        "the center word's gradient given to every center vector",
        entry(NAIVE, V[x, i]),
        scalar(g.naive_softmax_by_center(c, o, i)),
    ),
)
