"""A softmax in the forms that floating-point evaluation uses: equal, and kind to rounding.

For scores z of any kind the probability of o is exp(z_o) / sum_w exp(z_w). Scores are taken
relative to a member a, and the forms are equal to it whichever a is; the generated code takes
the one with the largest score. Each subject states them of its own scores, and each statement
is proved like any other line.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sympy import Expr, KroneckerDelta, exp, log

from derivations.indices import Index, total
from derivations.language.index_nodes import Defined, define


@dataclass(frozen=True)
class Softmax:
    """The forms, each a named function: of the given indices, then of those it says.

    ``weight`` (a, w), ``weight_sum`` (a), ``weight_of_others`` (a, o) leaves o out; ``error``
    (o, a, w) is the probability of w less one where w is o, ``excess`` (o, a, w) the same times
    the weight sum; ``lag`` (o, a) is minus the logarithm of the probability of o.
    """

    weight: type[Defined]
    weight_sum: type[Defined]
    weight_of_others: type[Defined]
    excess: type[Defined]
    error: type[Defined]
    lag: type[Defined]


def softmax(
    score: Callable[[Expr], Expr],
    given: tuple[Index, ...],
    w: Index,
    o: Index,
    a: Index,
    e: str = "e",
) -> Softmax:
    """The forms for the scores of members w, o and a of one set, beside the ``given`` indices.

    ``e`` is the letter that the weights are printed as.
    """
    weight = define("weight", f"{e}[{{{w}}}]", (*given, a, w), exp(score(w) - score(a)))
    weight_sum = define("weight_sum", f"Σ{e}", (*given, a), total(weight(*given, a, w), w))
    weight_of_others = define(
        "weight_of_others",
        f"Σ{e}≠{{{o}}}",
        (*given, a, o),
        total((1 - KroneckerDelta(w, o)) * weight(*given, a, w), w),
    )
    # the probability less one, without subtracting: minus the share of all others
    excess = define(
        "excess",
        f"excess[{{{w}}}]",
        (*given, o, a, w),
        (1 - KroneckerDelta(w, o)) * weight(*given, a, w)
        - KroneckerDelta(w, o) * weight_of_others(*given, a, o),
    )
    error = define(
        "error",
        f"error[{{{w}}}]",
        (*given, o, a, w),
        excess(*given, o, a, w) / weight_sum(*given, a),
    )
    # how far o lags behind the leader, plus the logarithm of what the others add
    lag = define(
        "lagging_loss",
        "lag",
        (*given, o, a),
        (score(a) - score(o)) + log(1 + weight_of_others(*given, a, a)),
    )
    return Softmax(weight, weight_sum, weight_of_others, excess, error, lag)
