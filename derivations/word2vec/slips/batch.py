"""Slips with a batch of pairs: which row a pair's gradient belongs to."""

from sympy import KroneckerDelta

from derivations.claim import Claim
from derivations.indices import total
from derivations.word2vec import gradients as g
from derivations.word2vec.sides import BATCH_NAIVE, BATCH_NEG, entry, scalar
from derivations.word2vec.symbols import B, U, V, b, centers, i, outsides, x

IS_CENTER, IS_OUTSIDE = KroneckerDelta(centers[b], x), KroneckerDelta(outsides[b], x)
SOFTMAX_BY_CENTER = g.naive_softmax_by_center(centers[b], outsides[b], i)
SOFTMAX_BY_ROW = g.naive_softmax_by_row(centers[b], outsides[b], x, i)
SAMPLING_BY_ROW = g.sampling_by_row(centers[b], outsides[b], x, i, g.at(b))

PART_BATCH = (
    Claim(
        "slip.batch.every-row",
        "batch",
        "not printed",
        "each pair's gradient given to every row of V",
        entry(BATCH_NAIVE, V[x, i]),
        scalar(total(SOFTMAX_BY_CENTER, b)),
    ),
    Claim(
        "slip.batch.row-of-outside",
        "batch",
        "not printed",
        "a pair's gradient written to its outside word's row of V",
        entry(BATCH_NAIVE, V[x, i]),
        scalar(total(IS_OUTSIDE * SOFTMAX_BY_CENTER, b)),
    ),
    Claim(
        "slip.batch.mean",
        "batch",
        "not printed",
        "a mean over the batch in place of the sum",
        entry(BATCH_NAIVE, V[x, i]),
        scalar(total(IS_CENTER * SOFTMAX_BY_CENTER, b) / B),
    ),
    Claim(
        "slip.batch.only-outside-rows",
        "batch",
        "not printed",
        "softmax rows of U filled for outside words only, as in negative sampling",
        entry(BATCH_NAIVE, U[x, i]),
        scalar(total(IS_OUTSIDE * SOFTMAX_BY_ROW, b)),
    ),
    Claim(
        "slip.batch.swapped",
        "batch",
        "not printed",
        "center and outside words exchanged",
        entry(BATCH_NAIVE, U[x, i]),
        scalar(total(g.naive_softmax_by_row(outsides[b], centers[b], x, i), b)),
    ),
    Claim(
        "slip.batch.shared-samples",
        "batch",
        "not printed",
        "one list of samples used by every pair of a batch that drew its own",
        entry(BATCH_NEG, V[x, i]),
        scalar(total(IS_CENTER * g.sampling_by_center(centers[b], outsides[b], i), b)),
    ),
    Claim(
        "slip.batch.samples-forgotten",
        "batch",
        "not printed",
        "only the outside words' rows of U, the samples' rows forgotten",
        entry(BATCH_NEG, U[x, i]),
        scalar(total(IS_OUTSIDE * SAMPLING_BY_ROW, b)),
    ),
    Claim(
        "slip.batch.sampling-sign",
        "batch",
        "not printed",
        "the sign of the gradient reversed: a step uphill",
        entry(BATCH_NEG, U[x, i]),
        scalar(-total(SAMPLING_BY_ROW, b)),
    ),
)
