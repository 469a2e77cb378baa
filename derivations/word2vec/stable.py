"""The forms that floating-point evaluation uses: equal to the losses, and kind to rounding.

Each is claimed in `claims/about_stability.py` and proved like any other line; the generator
rewrites by those claims. `a` is any word: the equalities hold for all of them, and the generated
code takes the one with the largest score.
"""

from sympy import Abs, KroneckerDelta, Min, exp, log

from derivations.language.index_nodes import define
from derivations.language.stable_softmax import softmax
from derivations.word2vec.losses import score
from derivations.word2vec.symbols import a, c, o, w, z

FORMS = softmax(lambda member: score(c, member), (c,), w, o, a)
weight, weight_sum = FORMS.weight, FORMS.weight_sum
weight_of_others = FORMS.weight_of_others
excess, error = FORMS.excess, FORMS.error  # yhat_w - y_w, times the weight sum or not
lagging_loss = FORMS.lag

# The same from one sum: the weight of a is 1, and a sum in which it stays is at least that, so that
# taking another weight, which is at most 1, off it loses little. Without a nothing is taken off.
sum_at_once = define("sum_at_once", "1+Σe≠{a}", (c, a), 1 + weight_of_others(c, a, a))
others_at_once = define(
    "others_at_once",
    "Σe≠{a}→{o}",
    (c, a, o),
    KroneckerDelta(o, a) * weight_of_others(c, a, a)
    + (1 - KroneckerDelta(o, a)) * (sum_at_once(c, a) - weight(c, a, o)),
)
excess_at_once = define(
    "excess_at_once",
    "excess[{w}]",
    (c, o, a, w),
    (1 - KroneckerDelta(w, o)) * weight(c, a, w) - KroneckerDelta(w, o) * others_at_once(c, a, o),
)
error_at_once = excess_at_once(c, o, a, w) / sum_at_once(c, a)

# exp is only ever taken of a number that is not positive
sigma_by_sign = define(
    "sigma_by_sign",
    "σ±({z})",
    (z,),
    exp(Min(z, 0)) / (1 + exp(-Abs(z))),
)
log_sigma_by_sign = define(
    "log_sigma_by_sign", "logσ±({z})", (z,), Min(z, 0) - log(1 + exp(-Abs(z)))
)
