"""Every claimed identity and gradient of parts (a) to (h), and what the kernels add to them.

Kernels rest on claims beyond the document's: batches, stretches of text, stable forms.
"""

from sympy import Abs, Integer, KroneckerDelta, Max, Piecewise, Sum, exp, log

from derivations.claim import Claim, NotAmong, Unequal
from derivations.indices import total
from derivations.language.tree import column
from derivations.word2vec import losses
from derivations.word2vec import losses as gradient
from derivations.word2vec.losses import (
    BATCH_NAIVE,
    BATCH_NEG,
    DRAWS_DISTINCT,
    NAIVE,
    NEG,
    O_NOT_DRAWN,
    ONE,
    WINDOW,
    WINDOW_NAIVE,
    WINDOW_NEG,
    D,
    K,
    P,
    U,
    U_columns,
    U_rows,
    V,
    a,
    at_center,
    at_centers,
    at_places,
    b,
    band,
    by_row_of_U,
    by_row_of_V,
    c,
    centers,
    contexts,
    cross_entropy,
    draw,
    drawn_word,
    ell,
    entry,
    error,
    error_at_once,
    g,
    i,
    k,
    lagging_loss,
    lists,
    log_sigma_by_sign,
    matrix,
    mean_push,
    naive_softmax,
    o,
    other_draw,
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
    shared,
    shift,
    sigma,
    sigma_by_sign,
    sign,
    spans,
    v_c,
    w,
    window_sum,
    word_error,
    word_weight,
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


# False claims that the file format cannot express yet; all others stand in `slips.md`.
#
# It has no lists with two subscripts (the samples of each pair or place, all words of blocks), no
# numbers with three (the window's mask, the weights of a list), no sum that ends at an index, and
# neither max nor absolute values nor cases.


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
