"""Slips with stretches of text: the window's mask, the weight of shared samples, the rows."""

from sympy import KroneckerDelta

from derivations.claim import Claim
from derivations.indices import total
from derivations.word2vec.losses import score, sigma
from derivations.word2vec.sides import entry, scalar
from derivations.word2vec.spans import (
    at_center,
    band,
    by_center,
    by_row_of_U,
    by_row_of_V,
    contexts,
    g,
    mean_push,
    p,
    pairs,
    q,
    r,
    sample,
    share,
    shared,
    spans,
)
from derivations.word2vec.symbols import K, U, V, i, x

BY_V, BY_U = entry(spans(), V[x, i]), entry(spans(), U[x, i])
AT_PLACE, DRAWN = KroneckerDelta(contexts[g, q], x), KroneckerDelta(shared[g, r], x)
MISSED = 1 - sigma(score(at_center, contexts[g, q]))
TAKEN = 1 - sigma(-score(at_center, shared[g, r]))
PULL = total(AT_PLACE * band[g, p, q] * MISSED, q)
UNMASKED = total(AT_PLACE * MISSED, q)
PUSH = total(DRAWN * TAKEN, r)

PART_SPANS = (
    Claim(
        "slip.spans.unmasked",
        "spans",
        "not printed",
        "every place of the block pulled, in the window or not",
        BY_U,
        scalar(total(total((share(g, p) * PUSH - UNMASKED) * V[at_center, i], p), g)),
    ),
    Claim(
        "slip.spans.unweighted",
        "spans",
        "not printed",
        "each shared sample counted once, whatever pairs it stands for",
        BY_U,
        scalar(total(total((PUSH - PULL) * V[at_center, i], p), g)),
    ),
    Claim(
        "slip.spans.mean-forgotten",
        "spans",
        "not printed",
        "shared samples weighted by the pairs, but not divided by how many are shared",
        BY_U,
        scalar(total(total((K * pairs(g, p) * PUSH - PULL) * V[at_center, i], p), g)),
    ),
    Claim(
        "slip.spans.samples-forgotten",
        "spans",
        "not printed",
        "only the rows of the text's words",
        BY_U,
        scalar(-total(total(PULL * V[at_center, i], p), g)),
    ),
    Claim(
        "slip.spans.every-row",
        "spans",
        "not printed",
        "each center's gradient given to every row of V",
        BY_V,
        scalar(total(total(by_center(g, p, i), p), g)),
    ),
    Claim(
        "slip.spans.swapped",
        "spans",
        "not printed",
        "the gradient by U written where that by V belongs",
        BY_V,
        scalar(by_row_of_U(x, i)),
    ),
    Claim(
        "slip.spans.uphill",
        "spans",
        "not printed",
        "the sign of the gradient reversed: a step uphill",
        BY_V,
        scalar(-by_row_of_V(x, i)),
    ),
    Claim(
        "slip.spans.expected-once",
        "spans",
        "not printed",
        "shared samples taken to cost what fresh ones of a single pair do",
        scalar(share(g, p) * total(mean_push(at_center), r)),
        scalar(total(mean_push(at_center), sample)),
    ),
)
