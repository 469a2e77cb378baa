"""Beyond the document: pairs in a batch, and rows of V and U by word."""

from sympy import KroneckerDelta

from derivations.claim import Claim
from derivations.indices import total
from derivations.word2vec import gradients as g
from derivations.word2vec.sides import BATCH_NAIVE, BATCH_NEG, entry, scalar
from derivations.word2vec.symbols import U, V, b, centers, i, outsides, x

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
