"""Slips of part (h): the three derivatives of the window."""

from sympy import Integer, KroneckerDelta, Sum

from derivations.claim import Claim
from derivations.indices import total
from derivations.word2vec import gradients as g
from derivations.word2vec.losses import pair_loss, window_sum, yhat
from derivations.word2vec.sides import WINDOW, WINDOW_NAIVE, WINDOW_NEG, D, entry, scalar
from derivations.word2vec.symbols import ONE, U, V, c, i, j, m, near, w, x

BY_U = D(pair_loss(c, near[j]), U[x, i])
BY_V_C = D(pair_loss(c, near[j]), V[c, i])

PART_H = (
    Claim(
        "slip.h.center-in-window",
        "h",
        "(h), (ii), second printing",
        "j = 0 included: the center word taken for one of its outside words",
        entry(WINDOW, V[c, i]),
        scalar(total(BY_V_C, j)),
    ),
    Claim(
        "slip.h.U-center-in-window",
        "h",
        "not printed",
        "j = 0 included in the derivative by U",
        entry(WINDOW, U[x, i]),
        scalar(total(BY_U, j)),
    ),
    Claim(
        "slip.h.right-half",
        "h",
        "not printed",
        "only the words after the center word",
        entry(WINDOW, U[x, i]),
        scalar(Sum(BY_U, (j, ONE, m))),
    ),
    Claim(
        "slip.h.last-place",
        "h",
        "not printed",
        "the last place of the window left out: the sum ends at m − 1",
        entry(WINDOW_NAIVE, V[c, i]),
        scalar(
            Sum(
                (1 - KroneckerDelta(j, 0)) * g.naive_softmax_by_center(c, near[j], i),
                (j, -m, m - 1),
            )
        ),
    ),
    Claim(
        "slip.h.mean",
        "h",
        "not printed",
        "a mean over the window in place of the sum",
        entry(WINDOW, V[c, i]),
        scalar(window_sum(lambda o, j: D(pair_loss(c, o), V[c, i])) / (2 * m)),
    ),
    Claim(
        "slip.h.outside-for-center",
        "h",
        "not printed",
        "the derivative by the outside words' center vectors in place of v_c",
        entry(WINDOW, V[c, i]),
        scalar(window_sum(lambda o, j: D(pair_loss(c, o), V[o, i]))),
    ),
    Claim(
        "slip.h.other-is-c",
        "h",
        "not printed",
        "the condition w ≠ c dropped: zero for every center vector",
        entry(WINDOW, V[x, i]),
        scalar(Integer(0)),
    ),
    Claim(
        "slip.h.naive-expected-once",
        "h",
        "not printed",
        "the expected outside vector counted once for the whole window",
        entry(WINDOW_NAIVE, V[c, i]),
        scalar(total(yhat(c, w) * U[w, i], w) - window_sum(lambda o, j: U[o, i])),
    ),
    Claim(
        "slip.h.naive-own-word",
        "h",
        "not printed",
        "the center word as its own outside word at every place",
        entry(WINDOW_NAIVE, U[x, i]),
        scalar(window_sum(lambda o, j: g.naive_softmax_by_row(c, c, x, i))),
    ),
    Claim(
        "slip.h.neg-shared-samples",
        "h",
        "not printed",
        "one list of samples used at every place that drew its own",
        entry(WINDOW_NEG, V[c, i]),
        scalar(window_sum(lambda o, j: g.sampling_by_center(c, o, i))),
    ),
    Claim(
        "slip.h.neg-samples-forgotten",
        "h",
        "not printed",
        "only the outside words' rows of U, the samples' rows forgotten",
        entry(WINDOW_NEG, U[x, i]),
        scalar(
            window_sum(lambda o, j: KroneckerDelta(x, o) * g.sampling_by_row(c, o, x, i, g.at(j)))
        ),
    ),
)
