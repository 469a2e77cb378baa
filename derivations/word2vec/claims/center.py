"""Part (b): naive softmax by the center vector."""

from derivations.claim import Claim
from derivations.indices import total
from derivations.language.tree import column
from derivations.word2vec import gradients as g
from derivations.word2vec.losses import P
from derivations.word2vec.sides import NAIVE, D, U_columns, U_rows, entry, scalar, yhat_minus_y
from derivations.word2vec.symbols import U, V, c, i, o, x

PART_B = (
    Claim(
        "b.columns",
        "b",
        "(b)",
        "naive softmax by the center vector, words as columns of U",
        column(D(NAIVE, V[c, i]), i, "∂J/∂v_c"),
        U_columns @ yhat_minus_y,
    ),
    Claim(
        "b.rows",
        "b",
        "(b)",
        "the same with words as rows of U",
        column(D(NAIVE, V[c, i]), i, "∂J/∂v_c"),
        U_rows.T @ yhat_minus_y,
    ),
    Claim(
        "b.entry",
        "b",
        "(b)",
        "the same, entry by entry",
        entry(NAIVE, V[c, i]),
        scalar(g.naive_softmax_by_center(c, o, i)),
    ),
    Claim(
        "b.expectation",
        "b",
        "(b), line 3",
        "the same as expected minus observed outside vector",
        entry(NAIVE, V[c, i]),
        scalar(-U[o, i] + total(P(x, c) * U[x, i], x)),
    ),
)
