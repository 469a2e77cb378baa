"""Large inputs: results of all entries at once, with a bound on error (running error analysis).

Every part of an expression is worked out at a list of places, which are arrays of members, one for
each index that is free in it; equal places once. Numbers have the widest format that NumPy has
here. With each value goes a bound on what rounding can cost it, in units of one rounding and to
first order (running error analysis: Higham, Accuracy and Stability of Numerical Algorithms, 2nd
ed., section 3.3): a sum of n terms may lose n roundings of each, in whatever order it is taken, an
exponential of x as much as x is off. Times the unit of the wide format it is how far the value
may be off here; times the unit of a kernel it is what a kernel may lose that computes the formula
as it is typed, at scores of ordinary size. So what is beyond a multiple of both is wrong. It is
coarser than the scale of `exact.py`: a dropped term is seen, lost digits are not.

Where the sign of a number that decides is not certain, or an argument is outside a domain, the
bound is infinite. What else cannot be worked out so raises OutsideFragment.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray
from sympy import (
    Abs,
    Add,
    Basic,
    Expr,
    Indexed,
    KroneckerDelta,
    Max,
    Min,
    Mul,
    Pow,
    Rational,
    Sum,
    Symbol,
    Tuple,
    exp,
    log,
)
from sympy import sign as sign_of

from derivations.claim import Condition, Equal, Unequal
from derivations.implementation.exact import NotCovered
from derivations.implementation.inputs import Case, instance_of, members
from derivations.implementation.question import Floats, Output, Piece, Problem, Value, indices_of
from derivations.indices import WordArray, free_symbols
from derivations.language.functions import Above, Signum
from derivations.language.index_nodes import ByKind, unfold
from derivations.proof.evaluate import Instance, Places, delta_factors
from derivations.proof.fragment import NoValue, OutsideFragment

Wide = NDArray[np.longdouble]
Truths = NDArray[np.bool_]
Table = Wide | NDArray[np.number]
At = Mapping[Symbol, NDArray[np.int64]]
MOST_PLACES = 3_000_000  # places that one sum is worked out at
ROUGH = 0.05  # of a number, beyond which a bound to first order says nothing
FORMAT = np.longdouble
UNIT = float(np.finfo(FORMAT).eps) / 2


class TooMany(OutsideFragment):
    """More places than there is room for: at other sizes there may be fewer."""


@dataclass(frozen=True, eq=False)
class Bounded:
    """Values and, of each, how many units it may be off."""

    value: Wide
    off: Wide

    def at(self, places: NDArray[np.int64]) -> Bounded:
        """Some of them."""
        return Bounded(self.value[places], self.off[places])


class Everywhere:
    """Values at one instance; ``unit`` is a rounding of the kernel."""

    def __init__(self, instance: Instance, numbers: Mapping[str, Value], unit: float) -> None:
        self.instance, self.unit = instance, unit
        self.numbers = numbers  # by letter: arrays that have the members from 1 on along each axis
        self.places = Places(instance)
        self.words: dict[str, NDArray[np.int64]] = {}
        self.closed: dict[Basic, Bounded] = {}

    def value(self, node: Expr, at: At, count: int) -> Bounded:
        """The value of an expression without derivatives at ``count`` places."""
        return self._value(_open(node), at, count)

    def _value(self, node: Expr, at: At, count: int) -> Bounded:
        if isinstance(node, Indexed | Symbol | Rational):
            return _CASES[type(node)](self, node, at, count)
        used = [index for index in at if index in free_symbols(node)]
        if not used:
            if node not in self.closed:
                self.closed[node] = _CASES[type(node)](self, node, {}, 1)
            return self.closed[node].at(np.zeros(count, dtype=np.int64))
        rows = np.stack([at[index] for index in used])
        key = np.ravel_multi_index(tuple(rows), tuple(int(r.max(initial=0)) + 1 for r in rows))
        _, first, back = np.unique(key, return_index=True, return_inverse=True)
        if len(first) == count:
            return _CASES[type(node)](self, node, at, count)
        once = {index: row[first] for index, row in zip(used, rows, strict=True)}
        return _CASES[type(node)](self, node, once, len(first)).at(back.reshape(-1))

    # integers

    def whole(self, node: Expr, at: At, count: int) -> NDArray[np.int64]:
        """What an index, a word, a size or a number of them is at each place."""
        if isinstance(node, Symbol) and node in at:
            return at[node]
        if isinstance(node, Indexed) and isinstance(node.base, WordArray):
            return self._words(node, at, count)
        if isinstance(node, Add | Mul):
            parts = [self.whole(part, at, count) for part in node.args]
            join = np.sum if isinstance(node, Add) else np.prod
            return np.array(join(np.stack(parts), axis=0), dtype=np.int64)
        if isinstance(node, KroneckerDelta):
            left, right = (self.whole(part, at, count) for part in node.args)
            return np.array(left == right, dtype=np.int64)
        return np.full(count, self.places.place(node, {}), dtype=np.int64)

    def _words(self, node: Indexed, at: At, count: int) -> NDArray[np.int64]:
        name = node.base.name
        if name not in self.words:
            keys = [key for key in self.instance.words if key[0] == name]
            depth = len(node.indices)
            ends = [max((key[1][n] for key in keys), default=0) + 1 for n in range(depth)]
            table = np.zeros(ends, dtype=np.int64)
            for key in keys:
                table[key[1]] = self.instance.words[key]
            self.words[name] = table
        where = tuple(self.whole(index, at, count) for index in node.indices)
        return np.array(self.words[name][where], dtype=np.int64)

    # numbers

    def _constant(self, node: Rational, at: At, count: int) -> Bounded:
        value = FORMAT(int(node.p)) / FORMAT(int(node.q))
        exact = int(node.q) & (int(node.q) - 1) == 0
        return _full(value, 0 if exact else abs(value), count)

    def _symbol(self, node: Symbol, at: At, count: int) -> Bounded:
        if node in at or node.is_integer:
            value = self.whole(node, at, count).astype(FORMAT)
            return Bounded(value, np.zeros(count, dtype=FORMAT))
        if node.name not in self.numbers:
            raise OutsideFragment(f"no value for {node}")
        return _full(FORMAT(self.numbers[node.name]), 0, count)

    def _entry(self, node: Indexed, at: At, count: int) -> Bounded:
        if isinstance(node.base, WordArray) or node.base.name not in self.numbers:
            raise OutsideFragment(f"no value for {node}")
        array = np.asarray(self.numbers[node.base.name])
        where = tuple(self.whole(index, at, count) - 1 for index in node.indices)
        if any((each < 0).any() or (each >= n).any() for each, n in zip(where, array.shape)):  # noqa: B905
            raise OutsideFragment(f"{node} outside its range")
        return Bounded(array[where].astype(FORMAT), np.zeros(count, dtype=FORMAT))

    def _delta(self, node: KroneckerDelta, at: At, count: int) -> Bounded:
        return Bounded(self.whole(node, at, count).astype(FORMAT), np.zeros(count, dtype=FORMAT))

    def _add(self, node: Add, at: At, count: int) -> Bounded:
        parts = [self._value(part, at, count) for part in node.args]
        values, offs = (np.stack(each) for each in zip(*((p.value, p.off) for p in parts)))  # noqa: B905
        size = (len(parts) - 1) * abs(values).sum(axis=0)
        return Bounded(values.sum(axis=0), offs.sum(axis=0) + size)

    def _mul(self, node: Mul, at: At, count: int) -> Bounded:
        """Factors that are counts first: what they exclude is never read."""
        counts = delta_factors(node)
        if not counts:
            return self._times(node.args, at, count)
        times = np.ones(count, dtype=np.int64)
        for part in counts:
            times = times * self.whole(part, at, count)
        (there,) = np.nonzero(times)
        found = _full(FORMAT(0), 0, count)
        if len(there):
            rest = tuple(part for part in node.args if part not in counts)
            inside = {index: places[there] for index, places in at.items()}
            by = times[there].astype(FORMAT)
            some = self._times(rest, inside, len(there))
            found.value[there] = by * some.value
            found.off[there] = abs(by) * some.off
        return found

    def _times(self, parts: tuple[Expr, ...], at: At, count: int) -> Bounded:
        result = _full(FORMAT(1), 0, count)
        for part in parts:
            each = self._value(part, at, count)
            value = result.value * each.value
            off = abs(result.value) * each.off + abs(each.value) * result.off + abs(value)
            result = Bounded(value, off + self.unit * result.off * each.off)
        return result

    def _pow(self, node: Pow, at: At, count: int) -> Bounded:
        base = self._value(node.base, at, count)
        if not node.exp.is_Rational:
            raise OutsideFragment(f"the power {node}")
        power, whole = FORMAT(int(node.exp.p)) / FORMAT(int(node.exp.q)), node.exp.is_Integer
        if whole and node.exp > 0:
            return self._times((node.base,) * int(node.exp), at, count)
        known = abs(base.value) if whole else base.value
        lost = self._rough(base.off, known)
        value = np.where(lost, FORMAT(1), base.value) ** (int(node.exp) if whole else power)
        off = 1.2 * abs(power * value) * base.off / np.where(lost, 1, known) + 4 * abs(value)
        return Bounded(value, np.where(lost, FORMAT(np.inf), off))

    def _exp(self, node: exp, at: At, count: int) -> Bounded:
        inner = self._value(node.args[0], at, count)
        with np.errstate(all="ignore"):
            value = np.exp(inner.value)
        off = value * (1.2 * inner.off + 4)
        bad = ~np.isfinite(value) | ~(self.unit * inner.off < ROUGH)
        return Bounded(np.where(bad, FORMAT(0), value), np.where(bad, FORMAT(np.inf), off))

    def _log(self, node: log, at: At, count: int) -> Bounded:
        inner = self._value(node.args[0], at, count)
        lost = self._rough(inner.off, inner.value)
        known = np.where(lost, FORMAT(1), inner.value)
        value = np.log(known)
        off = 1.2 * inner.off / known + 4 * abs(value)
        return Bounded(value, np.where(lost, FORMAT(np.inf), off))

    def _rough(self, off: Wide, value: Wide) -> Truths:
        """Where a number may be zero, or below, for all that is known."""
        return ~(self.unit * off < ROUGH * value)

    def _signs(self, inner: Bounded) -> tuple[Wide, Truths]:
        """The sign of each, and where it is not certain."""
        return np.sign(inner.value), ~(abs(inner.value) > 64 * self.unit * inner.off)

    def _abs(self, node: Abs, at: At, count: int) -> Bounded:
        inner = self._value(node.args[0], at, count)
        return Bounded(abs(inner.value), inner.off)

    def _sign(self, node: Expr, at: At, count: int) -> Bounded:
        signs, unsure = self._signs(self._value(node.args[0], at, count))
        value = np.maximum(signs, 0) if isinstance(node, Above) else signs
        return Bounded(value, np.where(unsure, FORMAT(np.inf), FORMAT(0)))

    def _extremum(self, node: Max | Min, at: At, count: int) -> Bounded:
        best, *others = (self._value(part, at, count) for part in node.args)
        take = np.maximum if isinstance(node, Max) else np.minimum
        for other in others:
            best = Bounded(take(best.value, other.value), np.maximum(best.off, other.off))
        return best

    def _sum(self, node: Sum, at: At, count: int) -> Bounded:
        """Over the last index of all, which is outermost; each term of the summand by itself."""
        (*inner, (index, lower, upper)) = node.limits
        body = node.func(node.function, *inner) if inner else node.function
        taken = _taken_out(body, index, node.limits[-1], node.func)
        if taken is not None:
            return self._value(taken, at, count)
        members = np.array(self.places.members(lower, upper, {}), dtype=np.int64)
        if count * len(members) > MOST_PLACES:
            raise TooMany(f"a sum at {count * len(members):,} places")
        if not len(members) or not count:
            return _full(FORMAT(0), 0, count)
        wide = {name: np.repeat(places, len(members)) for name, places in at.items()}
        wide[index] = np.tile(members, count)
        terms = body.args if isinstance(body, Add) else (body,)
        value, off = np.zeros(count, dtype=FORMAT), np.zeros(count, dtype=FORMAT)
        for term in terms:
            found = self._value(term, wide, count * len(members))
            each = found.value.reshape(count, -1)
            value = value + each.sum(axis=1)
            size = abs(each).sum(axis=1) * (np.count_nonzero(each, axis=1) + len(terms))
            off = off + found.off.reshape(count, -1).sum(axis=1) + size
        return Bounded(value, off)

    def _refused(self, node: Expr, at: At, count: int) -> Bounded:
        raise OutsideFragment(f"{type(node).__name__} at many places")


@lru_cache(maxsize=4096)
def _taken_out(body: Expr, index: Symbol, limit: Tuple, kind: type[Expr]) -> Expr | None:
    """The sum with the factors in front that do not depend on its index; None if there are none.

    What is left depends on fewer indices, and is worked out at fewer places.
    """
    terms = body.args if isinstance(body, Add) else (body,)
    found, moved = [], False
    for term in terms:
        parts = term.args if isinstance(term, Mul) else (term,)
        outer = [part for part in parts if index not in free_symbols(part)]
        inside = [part for part in parts if index in free_symbols(part)]
        if not outer or not inside:
            found.append(kind(term, limit))
            continue
        moved = True
        found.append(Mul(*outer, kind(Mul(*inside), limit), evaluate=False))
    if not moved:
        return None
    return Add(*found, evaluate=False) if len(found) > 1 else found[0]


@lru_cache(maxsize=256)
def _open(node: Expr) -> Expr:
    """Without definitions."""
    return unfold(node)


def _full(value: np.longdouble, off: np.longdouble | int, count: int) -> Bounded:
    return Bounded(np.full(count, value, dtype=FORMAT), np.full(count, off, dtype=FORMAT))


How = Callable[..., Bounded]  # of Everywhere, a node of the kind, places, and how many
_CASES: ByKind[How] = ByKind(
    (
        (Rational, Everywhere._constant),
        (Symbol, Everywhere._symbol),
        (Indexed, Everywhere._entry),
        (KroneckerDelta, Everywhere._delta),
        (Add, Everywhere._add),
        (Mul, Everywhere._mul),
        (Pow, Everywhere._pow),
        (exp, Everywhere._exp),
        (log, Everywhere._log),
        (Abs, Everywhere._abs),
        (sign_of, Everywhere._sign),
        (Signum, Everywhere._sign),
        (Above, Everywhere._sign),
        (Max, Everywhere._extremum),
        (Min, Everywhere._extremum),
        (Sum, Everywhere._sum),
    ),
    Everywhere._refused,
)


# What is right of large inputs: claims at all entries of the results at once.


MOST_ENTRIES = 100_000  # entries of one result
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
            if np.prod(shape, dtype=float) > MOST_ENTRIES:
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


def _numbers(problem: Problem, case: Case, instance: Instance) -> Mapping[str, Value]:
    """The arrays by letter, with the members of their sets along each axis."""
    found: dict[str, Value] = {
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
) -> tuple[dict[Symbol, NDArray[np.int64]], Truths]:
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


def _meets(conditions: tuple[Condition, ...], at: At, count: int, reader: Everywhere) -> Truths:
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


def _same(left: Expr, right: Expr, at: At, count: int, reader: Everywhere) -> Truths:
    delta = KroneckerDelta(left, right)
    if not isinstance(delta, KroneckerDelta):
        return np.full(count, bool(delta))
    return np.asarray(reader.whole(delta, at, count) == 1)
