"""Claims beyond the document that kernels rest on: batches, stretches of text, stable forms."""

from sympy import KroneckerDelta, exp, log

from derivations.claim import Claim
from derivations.indices import total
from derivations.word2vec import losses, text_spans
from derivations.word2vec.losses import (
    BATCH_NAIVE,
    BATCH_NEG,
    U,
    V,
    a,
    b,
    c,
    centers,
    entry,
    error,
    error_at_once,
    i,
    lagging_loss,
    log_sigma_by_sign,
    naive_softmax,
    o,
    outsides,
    scalar,
    score,
    shift,
    sigma,
    sigma_by_sign,
    w,
    x,
    y,
    yhat,
    z,
)
from derivations.word2vec.text_spans import (
    at_center,
    band,
    by_row_of_U,
    by_row_of_V,
    g,
    mean_push,
    p,
    q,
    r,
    sample,
    share,
    spans,
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
        scalar(text_spans.span),
    ),
    Claim(
        "spans.listed.V",
        "spans",
        "not printed",
        "lists of words with weights and signs by any row of V",
        entry(text_spans.blocks(), V[x, i]),
        scalar(text_spans.block_by_row_of_V(x, i)),
    ),
    Claim(
        "spans.listed.U",
        "spans",
        "not printed",
        "lists of words with weights and signs by any row of U",
        entry(text_spans.blocks(), U[x, i]),
        scalar(text_spans.block_by_row_of_U(x, i)),
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
