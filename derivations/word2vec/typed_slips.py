"""False claims that the file format cannot express yet; all others stand in `slips.md`.

It has no lists with two subscripts (the samples of each pair or place, all words of blocks), no
numbers with three (the window's mask, the weights of a list), no sum that ends at an index, and
neither max nor absolute values nor cases.
"""

from sympy import Abs, Integer, KroneckerDelta, Max, Piecewise, Sum, exp, log

from derivations.claim import Claim
from derivations.indices import total
from derivations.word2vec import losses
from derivations.word2vec import losses as gradient
from derivations.word2vec.losses import (
    BATCH_NEG,
    ONE,
    WINDOW_NEG,
    K,
    U,
    V,
    at_center,
    at_centers,
    at_places,
    b,
    band,
    c,
    centers,
    contexts,
    draw,
    ell,
    entry,
    g,
    i,
    k,
    lists,
    other_draw,
    outsides,
    p,
    q,
    r,
    scalar,
    score,
    share,
    shared,
    sigma,
    sign,
    window_sum,
    word_error,
    word_weight,
    x,
    z,
)

# The loss of K draws of which the first l are the word x
OF_OTHER, OF_X = log(sigma(-score(c, draw[k]))), log(sigma(-score(c, x)))
FIRST = Sum(OF_X, (k, ONE, other_draw))

# Pairs of a batch, each with its own samples
IS_CENTER, IS_OUTSIDE = KroneckerDelta(centers[b], x), KroneckerDelta(outsides[b], x)
SAMPLING_BY_ROW = gradient.sampling_by_row(centers[b], outsides[b], x, i, gradient.at(b))

# Stretches of text
SPANS_BY_V, SPANS_BY_U = entry(losses.spans(), V[x, i]), entry(losses.spans(), U[x, i])
AT_PLACE, DRAWN = KroneckerDelta(contexts[g, q], x), KroneckerDelta(shared[g, r], x)
MISSED = 1 - sigma(score(at_center, contexts[g, q]))
TAKEN = 1 - sigma(-score(at_center, shared[g, r]))
PULL = total(AT_PLACE * band[g, p, q] * MISSED, q)
UNMASKED = total(AT_PLACE * MISSED, q)
PUSH = total(DRAWN * TAKEN, r)

# Lists of words with weights and signs
LISTED_BY_V, LISTED_BY_U = entry(losses.blocks(), V[x, i]), entry(losses.blocks(), U[x, i])
LISTED_MISSED = 1 - sigma(-sign[ell] * score(at_center, lists[g, ell]))
ROW_OF_U = U[lists[g, ell], i]

TYPED_SLIPS = (
    Claim(
        "slip.g.split-printed",
        "g",
        "(g), line 2",
        "off by one: after l draws of x the others begin at l instead of l + 1",
        scalar(-FIRST - Sum(OF_OTHER, (k, other_draw + 1, K))),
        scalar(-FIRST - Sum(OF_OTHER, (k, other_draw, K))),
    ),
    Claim(
        "slip.h.neg-shared-samples",
        "h",
        "not printed",
        "one list of samples used at every place that drew its own",
        entry(WINDOW_NEG, V[c, i]),
        scalar(window_sum(lambda o, j: gradient.sampling_by_center(c, o, i))),
    ),
    Claim(
        "slip.h.neg-samples-forgotten",
        "h",
        "not printed",
        "only the outside words' rows of U, the samples' rows forgotten",
        entry(WINDOW_NEG, U[x, i]),
        scalar(
            window_sum(
                lambda o, j: (
                    KroneckerDelta(x, o) * gradient.sampling_by_row(c, o, x, i, gradient.at(j))
                )
            )
        ),
    ),
    Claim(
        "slip.batch.shared-samples",
        "batch",
        "not printed",
        "one list of samples used by every pair of a batch that drew its own",
        entry(BATCH_NEG, V[x, i]),
        scalar(total(IS_CENTER * gradient.sampling_by_center(centers[b], outsides[b], i), b)),
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
    Claim(
        "slip.spans.unmasked",
        "spans",
        "not printed",
        "every place of the block pulled, in the window or not",
        SPANS_BY_U,
        scalar(total(total((share(g, p) * PUSH - UNMASKED) * V[at_center, i], p), g)),
    ),
    Claim(
        "slip.spans.unweighted",
        "spans",
        "not printed",
        "each shared sample counted once, whatever pairs it stands for",
        SPANS_BY_U,
        scalar(total(total((PUSH - PULL) * V[at_center, i], p), g)),
    ),
    Claim(
        "slip.spans.mean-forgotten",
        "spans",
        "not printed",
        "shared samples weighted by the pairs, but not divided by how many are shared",
        SPANS_BY_U,
        scalar(total(total((K * losses.pairs(g, p) * PUSH - PULL) * V[at_center, i], p), g)),
    ),
    Claim(
        "slip.spans.samples-forgotten",
        "spans",
        "not printed",
        "only the rows of the text's words",
        SPANS_BY_U,
        scalar(-total(total(PULL * V[at_center, i], p), g)),
    ),
    Claim(
        "slip.spans.every-row",
        "spans",
        "not printed",
        "each center's gradient given to every row of V",
        SPANS_BY_V,
        scalar(total(total(losses.by_center(g, p, i), p), g)),
    ),
    Claim(
        "slip.spans.swapped",
        "spans",
        "not printed",
        "the gradient by U written where that by V belongs",
        SPANS_BY_V,
        scalar(losses.by_row_of_U(x, i)),
    ),
    Claim(
        "slip.spans.uphill",
        "spans",
        "not printed",
        "the sign of the gradient reversed: a step uphill",
        SPANS_BY_V,
        scalar(-losses.by_row_of_V(x, i)),
    ),
    Claim(
        "slip.spans.samples-attract",
        "spans",
        "not printed",
        "the sign of the samples forgotten in the list of a span",
        scalar(losses.spans()),
        scalar(losses.of_a_span(share(g, p), -ONE)),
    ),
    Claim(
        "slip.spans.listed-once",
        "spans",
        "not printed",
        "samples of the list counted once, whatever they stand for",
        scalar(losses.spans()),
        scalar(losses.of_a_span(Integer(1), ONE)),
    ),
    Claim(
        "slip.spans.signless",
        "spans",
        "not printed",
        "the inner derivative forgotten: the sign left out before the error",
        LISTED_BY_V,
        scalar(at_centers(total(word_weight[g, p, ell] * LISTED_MISSED * ROW_OF_U, ell), x)),
    ),
    Claim(
        "slip.spans.weightless",
        "spans",
        "not printed",
        "every word of the list counted once for every center",
        LISTED_BY_V,
        scalar(at_centers(total(sign[ell] * LISTED_MISSED * ROW_OF_U, ell), x)),
    ),
    Claim(
        "slip.spans.pushed-together",
        "spans",
        "not printed",
        "the sign of the derivative reversed: words of the text pushed away",
        LISTED_BY_U,
        scalar(-losses.block_by_row_of_U(x, i)),
    ),
    Claim(
        "slip.spans.listed-swapped",
        "spans",
        "not printed",
        "each error given to the row of its center where that of its word belongs",
        LISTED_BY_U,
        scalar(at_centers(total(word_error(g, p, ell) * V[at_center, i], ell), x)),
    ),
    Claim(
        "slip.spans.other-place",
        "spans",
        "not printed",
        "all errors of a center given to the word at each place",
        LISTED_BY_U,
        scalar(at_places(total(total(word_error(g, p, ell), ell) * V[at_center, i], p), x)),
    ),
    Claim(
        "slip.stable.max",
        "stable",
        "not printed",
        "max for min in the log-sigmoid",
        scalar(log(sigma(z))),
        scalar(Max(z, 0) - log(1 + exp(-Abs(z)))),
    ),
    Claim(
        "slip.stable.abs-sign",
        "stable",
        "not printed",
        "exp(|z|) for exp(−|z|): what overflows is also wrong",
        scalar(sigma(z)),
        scalar(Piecewise((Integer(1), z >= 0), (exp(Abs(z)), True)) / (1 + exp(Abs(z)))),
    ),
    Claim(
        "slip.stable.branches",
        "stable",
        "not printed",
        "the branches of the sigmoid exchanged",
        scalar(sigma(z)),
        scalar(Piecewise((exp(-Abs(z)), z >= 0), (Integer(1), True)) / (1 + exp(-Abs(z)))),
    ),
)
