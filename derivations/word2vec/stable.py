"""The forms that floating-point evaluation uses: equal to the losses, and kind to rounding.

Each is claimed in `claims/stable.py` and proved like any other line; the generator rewrites by
those claims. `a` is any word: the equalities hold for all of them, and the generated code takes
the one with the largest score.
"""

from sympy import Abs, Integer, KroneckerDelta, Min, Piecewise, exp, log

from derivations.definition import define
from derivations.indices import total
from derivations.word2vec.losses import score
from derivations.word2vec.symbols import a, c, o, w, z

weight = define("weight", "e[{w}]", (c, a, w), exp(score(c, w) - score(c, a)))
weight_sum = define("weight_sum", "Σe", (c, a), total(weight(c, a, w), w))
weight_of_others = define(
    "weight_of_others",
    "Σe≠{o}",
    (c, a, o),
    total((1 - KroneckerDelta(w, o)) * weight(c, a, w), w),
)

# yhat_w - y_w without subtracting: yhat_o - 1 is minus the share of all other words
error = define(
    "error",
    "error[{w}]",
    (c, o, a, w),
    (1 - KroneckerDelta(w, o)) * weight(c, a, w) / weight_sum(c, a)
    - KroneckerDelta(w, o) * weight_of_others(c, a, o) / weight_sum(c, a),
)

# The loss as the outside word's lag behind the leader, plus the log of what the others add
lagging_loss = define(
    "lagging_loss",
    "lag",
    (c, o, a),
    (score(c, a) - score(c, o)) + log(1 + weight_of_others(c, a, a)),
)

# exp is only ever taken of a number that is not positive
sigma_by_sign = define(
    "sigma_by_sign",
    "σ±({z})",
    (z,),
    Piecewise((Integer(1), z >= 0), (exp(-Abs(z)), True)) / (1 + exp(-Abs(z))),
)
log_sigma_by_sign = define(
    "log_sigma_by_sign", "logσ±({z})", (z,), Min(z, 0) - log(1 + exp(-Abs(z)))
)
