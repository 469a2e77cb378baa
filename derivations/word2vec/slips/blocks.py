"""Slips with blocks whose lists have weights and signs."""

from sympy import Integer

from derivations.claim import Claim
from derivations.indices import total
from derivations.word2vec import blocks
from derivations.word2vec.blocks import at_centers, at_places, ell, error, lists, sign, weight
from derivations.word2vec.losses import score, sigma
from derivations.word2vec.sides import entry, scalar
from derivations.word2vec.spans import at_center, g, p, share, spans
from derivations.word2vec.symbols import ONE, U, V, i, x

BY_V, BY_U = entry(blocks.blocks(), V[x, i]), entry(blocks.blocks(), U[x, i])
MISSED = 1 - sigma(-sign[ell] * score(at_center, lists[g, ell]))
ROW_OF_U = U[lists[g, ell], i]

PART_BLOCKS = (
    Claim(
        "slip.spans.samples-attract",
        "spans",
        "not printed",
        "the sign of the samples forgotten in the list of a span",
        scalar(spans()),
        scalar(blocks.of_a_span(share(g, p), -ONE)),
    ),
    Claim(
        "slip.spans.listed-once",
        "spans",
        "not printed",
        "samples of the list counted once, whatever they stand for",
        scalar(spans()),
        scalar(blocks.of_a_span(Integer(1), ONE)),
    ),
    Claim(
        "slip.spans.signless",
        "spans",
        "not printed",
        "the inner derivative forgotten: the sign left out before the error",
        BY_V,
        scalar(at_centers(total(weight[g, p, ell] * MISSED * ROW_OF_U, ell), x)),
    ),
    Claim(
        "slip.spans.weightless",
        "spans",
        "not printed",
        "every word of the list counted once for every center",
        BY_V,
        scalar(at_centers(total(sign[ell] * MISSED * ROW_OF_U, ell), x)),
    ),
    Claim(
        "slip.spans.pushed-together",
        "spans",
        "not printed",
        "the sign of the derivative reversed: words of the text pushed away",
        BY_U,
        scalar(-blocks.by_row_of_U(x, i)),
    ),
    Claim(
        "slip.spans.listed-swapped",
        "spans",
        "not printed",
        "each error given to the row of its center where that of its word belongs",
        BY_U,
        scalar(at_centers(total(error(g, p, ell) * V[at_center, i], ell), x)),
    ),
    Claim(
        "slip.spans.other-place",
        "spans",
        "not printed",
        "all errors of a center given to the word at each place",
        BY_U,
        scalar(
            at_places(total(total(error(g, p, ell), ell) * V[at_center, i], p), x),
        ),
    ),
)
