"""What floating-point evaluation rests on: the generator rewrites by these."""

from sympy import exp, log

from derivations.claim import Claim
from derivations.indices import total
from derivations.word2vec.losses import naive_softmax, score, sigma, y, yhat
from derivations.word2vec.sides import scalar
from derivations.word2vec.stable import (
    error,
    error_at_once,
    lagging_loss,
    log_sigma_by_sign,
    sigma_by_sign,
)
from derivations.word2vec.symbols import a, c, o, shift, w, z

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
