"""Beyond the document: stretches of text whose centers share their samples."""

from derivations.claim import Claim
from derivations.indices import total
from derivations.word2vec import blocks
from derivations.word2vec.sides import entry, scalar
from derivations.word2vec.spans import (
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
from derivations.word2vec.symbols import U, V, i, x

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
        scalar(blocks.span),
    ),
    Claim(
        "spans.listed.V",
        "spans",
        "not printed",
        "lists of words with weights and signs by any row of V",
        entry(blocks.blocks(), V[x, i]),
        scalar(blocks.by_row_of_V(x, i)),
    ),
    Claim(
        "spans.listed.U",
        "spans",
        "not printed",
        "lists of words with weights and signs by any row of U",
        entry(blocks.blocks(), U[x, i]),
        scalar(blocks.by_row_of_U(x, i)),
    ),
)
