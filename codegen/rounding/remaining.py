"""The sum of the weights of a row less one of them, which cancels only if that is the leader's."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, NoReturn

from numpy.lib.mixins import NDArrayOperatorsMixin

from codegen.rounding.count import Uncounted
from codegen.rounding.counted import Counted
from codegen.rounding.leaders import Agreement, Leaders


@dataclass(frozen=True, eq=False)
class Remaining(NDArrayOperatorsMixin):
    """A difference that is counted for rows whose leader is not at ``place``.

    Nothing can be done with it but to take it where that is so (`elsewhere`).
    """

    value: Counted
    leaders: Leaders
    place: Any

    def elsewhere(self, condition: Any) -> Counted:
        """The difference, taken where the condition is false: that the leader is at the place."""
        if isinstance(condition, Agreement) and condition.is_of(self.leaders, self.place):
            return self.value
        raise Uncounted("a sum less one of its terms cancels where that is the leader's")

    def __array_ufunc__(self, *_: Any, **__: Any) -> NoReturn:
        raise Uncounted("a sum less one of its terms cancels where that is the leader's")

    __array_function__ = __array_ufunc__


def remaining(total: Counted, entry: Counted) -> Remaining:
    """x - y of a sum x of all weights of a row and one of them, y, not the leader's.

    Lemma: let r be the sum of the others. All weights are at least 0, none is above 1, and the
    leader's, which is 1, is in r: y <= 1 <= r and x = r + y. If the computed x and y are off by
    at most n x u and m y u, their difference is off by at most

        n x u + m y u = (n r + (n + m) y) u <= (2 n + m) r u,

    and by one rounding more: 2 n + m + 1 roundings of a result that is positive.
    """
    assert total.known is not None
    assert entry.known is not None
    together = total.count.after(0, entry.count, sign=1)
    roundings = 2 * total.count.roundings + entry.count.roundings + 1
    numbers = total.numbers - entry.numbers
    value = Counted(numbers, abs(numbers), replace(together, roundings=roundings), total.h)
    return Remaining(value, total.known.leaders, entry.known.place)
