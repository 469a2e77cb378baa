"""The forms that floating-point evaluation uses: equal to the losses, and kind to rounding.

Each is claimed in `claims/stable.py` and proved like any other line; the generator rewrites by
those claims. `a` is any word: the equalities hold for all of them, and the generated code takes
the one with the largest score.
"""

from sympy import Abs, Min, exp, log

from derivations.definition import define
from derivations.stable import softmax
from derivations.word2vec.losses import score
from derivations.word2vec.symbols import a, c, o, w, z

FORMS = softmax(lambda member: score(c, member), (c,), w, o, a)
weight, weight_sum = FORMS.weight, FORMS.weight_sum
weight_of_others = FORMS.weight_of_others
excess, error = FORMS.excess, FORMS.error  # yhat_w - y_w, times the weight sum or not
lagging_loss = FORMS.lag

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
