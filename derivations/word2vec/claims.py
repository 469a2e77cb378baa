"""Every claimed identity and gradient of parts (a) to (h), and what the kernels add to them.

Kernels rest on claims beyond the document's: batches, stretches of text, stable forms.
"""

from sympy import Integer, KroneckerDelta, exp, log

from derivations.claim import Claim, NotAmong, Unequal
from derivations.indices import total
from derivations.language.tree import column
from derivations.word2vec import losses
from derivations.word2vec.losses import (
    BATCH_NAIVE,
    BATCH_NEG,
    DRAWS_DISTINCT,
    NAIVE,
    NEG,
    O_NOT_DRAWN,
    WINDOW,
    WINDOW_NAIVE,
    WINDOW_NEG,
    D,
    P,
    U,
    U_columns,
    U_rows,
    V,
    a,
    at_center,
    b,
    band,
    by_row_of_U,
    by_row_of_V,
    c,
    centers,
    cross_entropy,
    draw,
    drawn_word,
    entry,
    error,
    error_at_once,
    g,
    i,
    k,
    lagging_loss,
    log_sigma_by_sign,
    matrix,
    mean_push,
    naive_softmax,
    o,
    outsides,
    p,
    pair_loss,
    pulled,
    pushed,
    q,
    r,
    sample,
    scalar,
    score,
    share,
    shift,
    sigma,
    sigma_by_sign,
    spans,
    v_c,
    w,
    window_sum,
    x,
    y,
    yhat,
    yhat_minus_y,
    z,
)

# Part (a): cross-entropy and the naive softmax loss.


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


# Part (b): naive softmax by the center vector.


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
        scalar(losses.naive_softmax_by_center(c, o, i)),
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


# Part (c): naive softmax by the outside vectors.


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
        scalar(losses.naive_softmax_by_row(c, o, x, i)),
    ),
)


# Part (d): naive softmax by all of U.


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


# Part (e): the sigmoid.


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


# Part (f): negative sampling, samples distinct where that matters.


PART_F = (
    Claim(
        "f.center",
        "f",
        "(f), by v_c",
        "negative sampling by the center vector",
        entry(NEG, V[c, i]),
        scalar(losses.sampling_by_center(c, o, i)),
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


# Part (g): negative sampling with samples that may repeat.


PART_G = (
    Claim(
        "g.center",
        "g",
        "(g), by v_c",
        "negative sampling by the center vector, each draw counted",
        column(D(NEG, V[c, i]), i, "∂J/∂v_c"),
        column(losses.sampling_by_center(c, o, i), i),
    ),
    Claim(
        "g.row",
        "g",
        "(g), by any row",
        "negative sampling by any row of U: each draw of x counts",
        entry(NEG, U[x, i]),
        scalar(losses.sampling_by_row(c, o, x, i)),
    ),
    Claim(
        "g.sample",
        "g",
        "(g), by u_k",
        "a word drawn l times counts l times",
        entry(NEG, U[drawn_word, i]),
        scalar(losses.times_drawn(drawn_word) * pushed),
        (O_NOT_DRAWN,),
    ),
    Claim(
        "g.outside",
        "g",
        "(g), excluded there",
        "an outside word that is also drawn counts as both",
        entry(NEG, U[o, i]),
        scalar(pulled + losses.times_drawn(o) * (1 - sigma(-score(c, o))) * V[c, i]),
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
            - losses.times_drawn(x) * log(sigma(-score(c, x)))
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


# Part (h): the window, for an arbitrary pair loss and for both concrete ones.


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
        scalar(window_sum(lambda o, j: losses.naive_softmax_by_row(c, o, x, i))),
    ),
    Claim(
        "h.naive.center",
        "h",
        "(h), (ii)",
        "the window of naive softmax by the center vector",
        entry(WINDOW_NAIVE, V[c, i]),
        scalar(window_sum(lambda o, j: losses.naive_softmax_by_center(c, o, i))),
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
        scalar(window_sum(lambda o, j: losses.sampling_by_row(c, o, x, i, losses.at(j)))),
    ),
    Claim(
        "h.neg.center",
        "h",
        "(h), (ii)",
        "the window of negative sampling by the center vector",
        entry(WINDOW_NEG, V[c, i]),
        scalar(window_sum(lambda o, j: losses.sampling_by_center(c, o, i, losses.at(j)))),
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


# Beyond the document: pairs in a batch, and rows of V and U by word.


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
                * losses.naive_softmax_by_center(centers[b], outsides[b], i),
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
        scalar(total(losses.naive_softmax_by_row(centers[b], outsides[b], x, i), b)),
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
                * losses.sampling_by_center(centers[b], outsides[b], i, losses.at(b)),
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
        scalar(total(losses.sampling_by_row(centers[b], outsides[b], x, i, losses.at(b)), b)),
    ),
)


# Beyond the document: stretches of text whose centers share their samples.


PART_SPANS = (
    Claim(
        "spans.V",
        "spans",
        "not printed",
        "blocks of text by any row of V",
        entry(spans(), V[x, i]),
        scalar(by_row_of_V(x, i)),
    ),
    Claim(
        "spans.U",
        "spans",
        "not printed",
        "blocks of text by any row of U",
        entry(spans(), U[x, i]),
        scalar(by_row_of_U(x, i)),
    ),
    Claim(
        "spans.expected",
        "spans",
        "not printed",
        "shared samples cost on the average what K fresh ones of every pair do",
        scalar(share(g, p) * total(mean_push(at_center), r)),
        scalar(total(band[g, p, q] * total(mean_push(at_center), sample), q)),
    ),
    Claim(
        "spans.lists",
        "spans",
        "not printed",
        "places and samples as two parts of one list, with weights and signs",
        scalar(spans()),
        scalar(losses.span),
    ),
    Claim(
        "spans.listed.V",
        "spans",
        "not printed",
        "lists of words with weights and signs by any row of V",
        entry(losses.blocks(), V[x, i]),
        scalar(losses.block_by_row_of_V(x, i)),
    ),
    Claim(
        "spans.listed.U",
        "spans",
        "not printed",
        "lists of words with weights and signs by any row of U",
        entry(losses.blocks(), U[x, i]),
        scalar(losses.block_by_row_of_U(x, i)),
    ),
)


# What floating-point evaluation rests on: the generator rewrites by these.


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
    Claim(
        "stable.error-at-once",
        "stable",
        "not printed",
        "ŷ − y from the sum of all weights but that of a, taken once",
        scalar(yhat(c, w) - y(o, w)),
        scalar(error_at_once),
    ),
)

CLAIMS: tuple[Claim, ...] = (
    *PART_A,
    *PART_B,
    *PART_C,
    *PART_D,
    *PART_E,
    *PART_F,
    *PART_G,
    *PART_H,
    *PART_BATCH,
    *PART_SPANS,
    *PART_STABLE,
)
