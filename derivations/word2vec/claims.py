"""Every claimed identity and gradient of parts (a) to (h). Data: no logic, no verdicts."""

from sympy import Derivative, Expr, Integer, KroneckerDelta, exp, log

from derivations.array import Array, column
from derivations.claim import Claim, Distinct, NotAmong, Unequal
from derivations.indices import Index, total
from derivations.word2vec import gradients as g
from derivations.word2vec.losses import (
    P,
    batch_naive_softmax,
    batch_negative_sampling,
    cross_entropy,
    naive_softmax,
    negative_sampling,
    pair_loss,
    score,
    sigma,
    window,
    window_naive_softmax,
    window_negative_sampling,
    window_sum,
    y,
    yhat,
)
from derivations.word2vec.stable import (
    error,
    lagging_loss,
    log_sigma_by_sign,
    sigma_by_sign,
)
from derivations.word2vec.symbols import (
    U,
    V,
    a,
    b,
    c,
    centers,
    draw,
    i,
    k,
    o,
    outsides,
    shift,
    w,
    x,
    z,
)


def D(function: Expr, by: Expr) -> Expr:
    """The partial derivative, written but not taken."""
    return Derivative(function, by, evaluate=False)


def scalar(entry: Expr) -> Array:
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

PART_A = (
    Claim(
        "a.cross-entropy",
        "a",
        "(a), eq. (3)",
        "cross-entropy against a one-hot y picks the outside word",
        scalar(cross_entropy(c, o)),
        scalar(-log(yhat(c, o))),
    ),
    Claim(
        "a.naive-softmax",
        "a",
        "(a), eq. (2)",
        "the naive softmax loss is that cross-entropy",
        scalar(NAIVE),
        scalar(cross_entropy(c, o)),
    ),
    Claim(
        "a.softmax",
        "a",
        "eq. (1)",
        "the softmax probabilities add up to one",
        scalar(total(P(w, c), w)),
        scalar(Integer(1)),
    ),
    Claim(
        "a.scores",
        "a",
        "(b), line 1",
        "the naive softmax loss in scores",
        scalar(NAIVE),
        scalar(-score(c, o) + log(total(exp(score(c, w)), w))),
    ),
)

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

PART_E = (
    Claim(
        "e.forms",
        "e",
        "(e), eq. (4)",
        "both forms of the sigmoid agree",
        scalar(sigma(z)),
        scalar(exp(z) / (exp(z) + 1)),
    ),
    Claim(
        "e.derivative",
        "e",
        "(e)",
        "the derivative of the sigmoid",
        entry(sigma(z), z),
        scalar(sigma(z) * (1 - sigma(z))),
    ),
    Claim(
        "e.complement",
        "e",
        "used in (f)",
        "the complement of the sigmoid is the sigmoid of the negative",
        scalar(1 - sigma(z)),
        scalar(sigma(-z)),
    ),
)

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

PART_H = (
    Claim(
        "h.U",
        "h",
        "(h), (i)",
        "the window by U, for an arbitrary pair loss",
        entry(WINDOW, U[x, i]),
        scalar(window_sum(lambda o, j: D(pair_loss(c, o), U[x, i]))),
    ),
    Claim(
        "h.center",
        "h",
        "(h), (ii)",
        "the window by the center vector, for an arbitrary pair loss",
        entry(WINDOW, V[c, i]),
        scalar(window_sum(lambda o, j: D(pair_loss(c, o), V[c, i]))),
    ),
    Claim(
        "h.other",
        "h",
        "(h), (iii)",
        "the window by any other center vector, for an arbitrary pair loss",
        entry(WINDOW, V[x, i]),
        scalar(Integer(0)),
        (Unequal(x, c),),
    ),
    Claim(
        "h.naive.U",
        "h",
        "(h), (i)",
        "the window of naive softmax by U",
        entry(WINDOW_NAIVE, U[x, i]),
        scalar(window_sum(lambda o, j: g.naive_softmax_by_row(c, o, x, i))),
    ),
    Claim(
        "h.naive.center",
        "h",
        "(h), (ii)",
        "the window of naive softmax by the center vector",
        entry(WINDOW_NAIVE, V[c, i]),
        scalar(window_sum(lambda o, j: g.naive_softmax_by_center(c, o, i))),
    ),
    Claim(
        "h.naive.other",
        "h",
        "(h), (iii)",
        "the window of naive softmax by any other center vector",
        entry(WINDOW_NAIVE, V[x, i]),
        scalar(Integer(0)),
        (Unequal(x, c),),
    ),
    Claim(
        "h.neg.U",
        "h",
        "(h), (i)",
        "the window of negative sampling by U",
        entry(WINDOW_NEG, U[x, i]),
        scalar(window_sum(lambda o, j: g.sampling_by_row(c, o, x, i, g.at(j)))),
    ),
    Claim(
        "h.neg.center",
        "h",
        "(h), (ii)",
        "the window of negative sampling by the center vector",
        entry(WINDOW_NEG, V[c, i]),
        scalar(window_sum(lambda o, j: g.sampling_by_center(c, o, i, g.at(j)))),
    ),
    Claim(
        "h.neg.other",
        "h",
        "(h), (iii)",
        "the window of negative sampling by any other center vector",
        entry(WINDOW_NEG, V[x, i]),
        scalar(Integer(0)),
        (Unequal(x, c),),
    ),
)

# What the generated kernels compute beyond the document: pairs in a batch, rows of V by word
PART_BATCH = (
    Claim(
        "batch.naive.V",
        "batch",
        "not printed",
        "a batch of naive softmax pairs by any row of V",
        entry(BATCH_NAIVE, V[x, i]),
        scalar(
            total(
                KroneckerDelta(centers[b], x)
                * g.naive_softmax_by_center(centers[b], outsides[b], i),
                b,
            )
        ),
    ),
    Claim(
        "batch.naive.U",
        "batch",
        "not printed",
        "a batch of naive softmax pairs by any row of U",
        entry(BATCH_NAIVE, U[x, i]),
        scalar(total(g.naive_softmax_by_row(centers[b], outsides[b], x, i), b)),
    ),
    Claim(
        "batch.neg.V",
        "batch",
        "not printed",
        "a batch of negative sampling pairs by any row of V",
        entry(BATCH_NEG, V[x, i]),
        scalar(
            total(
                KroneckerDelta(centers[b], x)
                * g.sampling_by_center(centers[b], outsides[b], i, g.at(b)),
                b,
            )
        ),
    ),
    Claim(
        "batch.neg.U",
        "batch",
        "not printed",
        "a batch of negative sampling pairs by any row of U",
        entry(BATCH_NEG, U[x, i]),
        scalar(total(g.sampling_by_row(centers[b], outsides[b], x, i, g.at(b)), b)),
    ),
)

# What floating-point evaluation rests on: the generator rewrites by these and by e.complement
PART_STABLE = (
    Claim(
        "stable.max-shift",
        "stable",
        "not printed",
        "log-sum-exp with any number taken off every score",
        scalar(log(total(exp(score(c, w)), w))),
        scalar(shift + log(total(exp(score(c, w) - shift), w))),
    ),
    Claim(
        "stable.softplus",
        "stable",
        "not printed",
        "the log-sigmoid loss is a softplus",
        scalar(-log(sigma(z))),
        scalar(log(1 + exp(-z))),
    ),
    Claim(
        "stable.sigmoid",
        "stable",
        "not printed",
        "the sigmoid, exponential of a negative number only",
        scalar(sigma(z)),
        scalar(sigma_by_sign(z)),
    ),
    Claim(
        "stable.log-sigmoid",
        "stable",
        "not printed",
        "the log-sigmoid, exponential of a negative number only",
        scalar(log(sigma(z))),
        scalar(log_sigma_by_sign(z)),
    ),
    Claim(
        "stable.loss",
        "stable",
        "not printed",
        "the naive softmax loss as a lag behind the leading word a",
        scalar(naive_softmax(c, o)),
        scalar(lagging_loss(c, o, a)),
    ),
    Claim(
        "stable.error",
        "stable",
        "not printed",
        "ŷ − y without a subtraction, scores taken relative to any word a",
        scalar(yhat(c, w) - y(o, w)),
        scalar(error(c, o, a, w)),
    ),
)

CLAIMS = (
    *PART_A,
    *PART_B,
    *PART_C,
    *PART_D,
    *PART_E,
    *PART_F,
    *PART_G,
    *PART_H,
    *PART_BATCH,
    *PART_STABLE,
)
