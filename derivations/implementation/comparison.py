"""Comparison of a result with what is right of it, entry by entry, in units of u B."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from derivations.implementation.calling import Kernel
from derivations.implementation.inputs import Case
from derivations.implementation.question import Array, Floats, Value


class Right(Protocol):
    """Of one result: what is right in floats, and how far off one may be."""

    @property
    def shape(self) -> tuple[int, ...]:
        """Its shape."""
        ...

    @property
    def apart(self) -> tuple[Floats, Floats]:
        """The values as sums of two floats."""
        ...

    @property
    def reach(self) -> float:
        """The largest score, zero where it is not known."""
        ...

    @property
    def scales(self) -> Floats:
        """The scale B of each entry."""
        ...

    @property
    def floors(self) -> Floats:
        """What underflow may cost."""
        ...

    @property
    def naives(self) -> Floats:
        """What naive sums cost, in roundings."""
        ...


@dataclass(frozen=True, eq=False)
class Compared:
    """``errors`` in u B, what underflow may cost taken off; infinite where it is not finite.

    ``small`` are the errors in units of u times the sums as they are typed: a few where digits
    were lost by cancellation and nothing else is wrong.
    """

    got: Array
    want: Floats
    errors: Floats
    small: Floats
    reach: float = 0.0  # the largest score, where it is known

    @property
    def worst(self) -> float:
        return float(self.errors.max(initial=0))

    def where(self) -> tuple[int, ...]:
        """The entry of the largest error, the first of them."""
        at = np.unravel_index(int(self.errors.argmax()), self.errors.shape)
        return tuple(int(n) for n in at)


def compared(got: Array, right: Right, u: float, limit: float) -> Compared:
    """The errors of an array of the right shape.

    A value is known as the sum of two floats: the error is theirs to 2^-50 of itself. Where it is
    zero and nothing is rounded, what is u^2 of the other entries is no error.
    """
    known, rest = right.apart
    numbers = got.astype(np.float64)
    with np.errstate(all="ignore"):
        error = abs((numbers - known) - rest)
        unit = u * right.scales + right.floors / limit
        top = float(np.max(right.scales, initial=0.0, where=np.isfinite(right.scales)))
        unit = np.where((known == 0) & (rest == 0), np.maximum(unit, u * u * top), unit)
        inside = (error < right.floors) | (error == 0)
        errors = np.where(inside, 0.0, np.where(unit > 0, error / unit, np.inf))
        small = np.where(inside, 0.0, error / (u * right.naives))
    bad = ~np.isfinite(numbers)
    errors = np.where(bad | np.isnan(errors), np.inf, errors)
    small = np.where(bad | np.isnan(small), np.inf, small)
    return Compared(got, known, errors, small, right.reach)


# Steps in place: what is right of the difference of an argument before and after.


ROUNDINGS = 2.0  # of the argument: the step itself, and the difference here


@dataclass(frozen=True, eq=False)
class Stepped:
    """A gradient that was subtracted from an argument: the sum is rounded as well."""

    of: Right
    before: Value

    @property
    def shape(self) -> tuple[int, ...]:
        """Its shape."""
        return self.of.shape

    @property
    def apart(self) -> tuple[Floats, Floats]:
        """The values as sums of two floats."""
        return self.of.apart

    @property
    def reach(self) -> float:
        """The largest score."""
        return self.of.reach

    @property
    def scales(self) -> Floats:
        """The scale, and the sizes of what is added."""
        return self.of.scales + self._added

    @property
    def floors(self) -> Floats:
        """What underflow may cost."""
        return self.of.floors

    @property
    def naives(self) -> Floats:
        """What naive sums cost."""
        return self.of.naives + self._added

    @property
    def _added(self) -> Floats:
        sizes = abs(np.asarray(self.before, dtype=np.float64)) + abs(self.of.apart[0])
        return np.asarray(ROUNDINGS * sizes)


def stepped(kernel: Kernel, case: Case, right: Mapping[str, Right]) -> Mapping[str, Right]:
    """What is right, of results that are steps where they are."""
    if not kernel.stepped:
        return right
    pairs = zip(kernel.problem.judged, kernel.stepped, strict=True)
    return {out.name: Stepped(right[out.name], case.values[name]) for out, name in pairs}
