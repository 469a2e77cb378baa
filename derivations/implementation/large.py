"""What is right of large inputs, at all entries at once, and of steps in place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sympy import Expr, Indexed, KroneckerDelta, Symbol

from derivations.claim import Condition, Equal, Unequal
from derivations.implementation.calling import Kernel
from derivations.implementation.exact import Floats, NotCovered, Right
from derivations.implementation.inputs import Case, instance_of, members
from derivations.implementation.question import Output, Piece, Problem, indices_of
from derivations.implementation.wide import UNIT, At, Bounded, Everywhere, TooMany, Wide
from derivations.proof.fragment import NoValue, OutsideFragment

# What is right of large inputs: claims at all entries of the results at once.


MOST = 100_000  # entries of one result
SMALL_SHARE = 2.0  # of the reference's own rounding that is added to the tolerance


@dataclass(frozen=True, eq=False)
class Large:
    """Of one result: values, and how many roundings a formula as typed may lose."""

    values: Wide
    off: Wide
    unit: float
    tiny: float
    reach: float = 0.0

    @property
    def shape(self) -> tuple[int, ...]:
        """Its shape."""
        return self.values.shape

    @cached_property
    def apart(self) -> tuple[Floats, Floats]:
        """The values as sums of two floats."""
        known = self.values.astype(np.float64)
        return known, (self.values - known).astype(np.float64)

    @cached_property
    def scales(self) -> Floats:
        """How many units a kernel may be off, and the reference beside it."""
        with np.errstate(all="ignore"):
            return (self.off * (1 + SMALL_SHARE * UNIT / self.unit)).astype(np.float64)

    @cached_property
    def floors(self) -> Floats:
        """What underflow may cost: nothing here comes near it."""
        return np.full(self.shape, self.tiny)

    @cached_property
    def naives(self) -> Floats:
        """Lost digits are not told from other mistakes."""
        return np.zeros(self.shape)


def at_once(problem: Problem, case: Case) -> dict[str, Large] | None:
    """Each result that is looked at; None where the claims do not cover this input.

    Raises OutsideFragment for what cannot be worked out at many places.
    """
    instance = instance_of(problem, case)
    info = np.finfo(case.dtype)
    unit = float(info.eps) / 2
    reader = Everywhere(instance, _numbers(problem, case, instance), unit)
    try:
        found = {}
        for output in problem.judged:
            shape = tuple(len(members(axis.space, case.sizes)) for axis in output.axes)
            if np.prod(shape, dtype=float) > MOST:
                raise TooMany(f"{output.name} has {int(np.prod(shape)):,} entries")
            grid = [axis.ravel() for axis in np.indices(shape)]
            at = {
                axis: np.array(members(axis.space, case.sizes), dtype=np.int64)[row]
                for axis, row in zip(output.axes, grid, strict=True)
            }
            whole = _whole(output, at, int(np.prod(shape)), reader)
            found[output.name] = Large(
                whole.value.reshape(shape), whole.off.reshape(shape), unit, float(info.tiny)
            )
    except (NotCovered, NoValue, ZeroDivisionError):
        return None
    return found


def _numbers(problem: Problem, case: Case, instance: Any) -> Mapping[str, Any]:
    """The arrays by letter, with the members of their sets along each axis."""
    found: dict[str, Any] = {
        each.letter: 1 / np.sqrt(np.longdouble(case.sizes[each.size])) for each in problem.fixed
    }
    for one in problem.arguments:
        if one.is_integer:
            continue
        value = np.asarray(case.values[one.name])
        if one.base is None:
            found[one.letter] = value
            continue
        assert isinstance(one.entry, Indexed)
        order = [one.axes.index(each) if each in one.axes else None for each in one.entry.indices]
        kept = [each for each in order if each is not None]
        turned = np.transpose(value, kept)
        for place, each in enumerate(order):
            if each is None:  # one row by itself: every row is that one
                turned = np.expand_dims(turned, place)
                size = instance.sizes.get(str(one.entry.indices[place].space.upper), 1)
                turned = np.repeat(turned, max(size, 1), axis=place)
        found[one.letter] = turned
    return found


def _whole(output: Output, at: At, count: int, reader: Everywhere) -> Bounded:
    """Each place by the first piece whose conditions it meets."""
    value = np.zeros(count, dtype=np.longdouble)
    off = np.zeros(count, dtype=np.longdouble)
    open_ = np.ones(count, dtype=bool)
    for piece in output.pieces:
        bound, here = _bound(piece, output, at, count, reader)
        named = {**at, **bound}
        meets = open_ & here & _meets(piece.conditions, named, count, reader)
        (there,) = np.nonzero(meets)
        if len(there):
            inside = {index: places[there] for index, places in named.items()}
            some = reader.value(piece.value, inside, len(there))
            value[there], off[there] = some.value, some.off
        open_ &= ~meets
    if open_.any():
        raise NotCovered
    return Bounded(value, off)


def _bound(
    piece: Piece, output: Output, at: At, count: int, reader: Everywhere
) -> tuple[dict[Symbol, NDArray[np.int64]], NDArray[np.bool_]]:
    """Values of the indices that only what the piece is by gives, and where it is by this place."""
    here = np.ones(count, dtype=bool)
    found: dict[Symbol, NDArray[np.int64]] = {}
    by, place = indices_of(piece.by), indices_of(output.place)
    if not by or not place:
        return found, here
    targets = [reader.whole(each, at, count) for each in place]
    for index, target in zip(by, targets, strict=True):
        if index in piece.bound and index not in found:
            found[index] = target
    if len(found) < len(piece.bound):
        raise OutsideFragment("an index that is not told by its place")
    for index, target in zip(by, targets, strict=True):
        here &= reader.whole(index, {**at, **found}, count) == target
    return found, here


def _meets(
    conditions: tuple[Condition, ...], at: At, count: int, reader: Everywhere
) -> NDArray[np.bool_]:
    met = np.ones(count, dtype=bool)
    for condition in conditions:
        match condition:
            case Equal(left, right):
                met &= _same(left, right, at, count, reader)
            case Unequal(left, right):
                met &= ~_same(left, right, at, count, reader)
            case _:
                raise OutsideFragment(f"the condition {condition}")
    return met


def _same(left: Expr, right: Expr, at: At, count: int, reader: Everywhere) -> NDArray[np.bool_]:
    delta = KroneckerDelta(left, right)
    if not isinstance(delta, KroneckerDelta):
        return np.full(count, bool(delta))
    return np.asarray(reader.whole(delta, at, count) == 1)


# Steps in place: what is right of the difference of an argument before and after.


ROUNDINGS = 2.0  # of the argument: the step itself, and the difference here


@dataclass(frozen=True, eq=False)
class Stepped:
    """A gradient that was subtracted from an argument: the sum is rounded as well."""

    of: Right
    before: Any

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
