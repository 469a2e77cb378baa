"""Slips in the forms that floating-point evaluation uses."""

from sympy import Abs, Integer, KroneckerDelta, Max, Piecewise, exp, log

from derivations.claim import Claim
from derivations.indices import total
from derivations.word2vec.losses import naive_softmax, score, sigma, y, yhat
from derivations.word2vec.sides import scalar
from derivations.word2vec.stable import sum_at_once, weight, weight_of_others, weight_sum
from derivations.word2vec.symbols import a, c, o, shift, w, z

LOG_SUM_EXP = log(total(exp(score(c, w)), w))
SHIFTED = log(total(exp(score(c, w) - shift), w))
LAG = score(c, a) - score(c, o)

PART_STABLE = (
    Claim(
        "slip.stable.not-added-back",
        "stable",
        "not printed",
        "the shift of log-sum-exp not added back",
        scalar(LOG_SUM_EXP),
        scalar(SHIFTED),
    ),
    Claim(
        "slip.stable.taken-off-twice",
        "stable",
        "not printed",
        "the shift of log-sum-exp taken off again instead of added back",
        scalar(LOG_SUM_EXP),
        scalar(-shift + SHIFTED),
    ),
    Claim(
        "slip.stable.all-words",
        "stable",
        "not printed",
        "the leading word counted twice: all words instead of the others",
        scalar(naive_softmax(c, o)),
        scalar(LAG + log(1 + weight_sum(c, a))),
    ),
    Claim(
        "slip.stable.others-than-o",
        "stable",
        "not printed",
        "the words other than the outside word instead of other than the leading word",
        scalar(naive_softmax(c, o)),
        scalar(LAG + log(1 + weight_of_others(c, a, o))),
    ),
    Claim(
        "slip.stable.lead-forgotten",
        "stable",
        "not printed",
        "the leading word's own one forgotten",
        scalar(naive_softmax(c, o)),
        scalar(LAG + log(weight_of_others(c, a, a))),
    ),
    Claim(
        "slip.stable.lag-sign",
        "stable",
        "not printed",
        "the lag behind the leading word with the wrong sign",
        scalar(naive_softmax(c, o)),
        scalar(-LAG + log(1 + weight_of_others(c, a, a))),
    ),
    Claim(
        "slip.stable.softplus",
        "stable",
        "not printed",
        "the softplus of z in place of −z",
        scalar(-log(sigma(z))),
        scalar(log(1 + exp(z))),
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
    Claim(
        "slip.stable.error-share",
        "stable",
        "not printed",
        "ŷ_o − 1 as minus the share of all words, which is −1",
        scalar(yhat(c, w) - y(o, w)),
        scalar(
            (1 - KroneckerDelta(w, o)) * weight(c, a, w) / weight_sum(c, a) - KroneckerDelta(w, o)
        ),
    ),
    Claim(
        "slip.stable.left-out-twice",
        "stable",
        "not printed",
        "the weights of the others as the sum less that of o, where the sum already left out a",
        scalar(weight_of_others(c, a, o)),
        scalar(weight_of_others(c, a, a) - weight(c, a, o)),
    ),
    Claim(
        "slip.stable.sum-of-others",
        "stable",
        "not printed",
        "the weight of a forgotten in the sum of all",
        scalar(weight_sum(c, a)),
        scalar(sum_at_once(c, a) - 1),
    ),
)
