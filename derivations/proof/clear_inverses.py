"""Inverses cleared: an equality multiplied by the matrices that it has inverses of.

Three steps lead from a difference D to another one, and each is zero only where D is:

- ``D -> A D`` and ``D -> D A`` for a matrix A of which the inverse stands at that end somewhere in
  D. Where D has a value that inverse exists, and A D = 0 gives D = A^{-1} A D = 0.
- ``D -> dD/dy`` for an array y in which D is homogeneous of a degree m above zero. By Euler's
  theorem m D is the sum over all entries of y times these derivatives, so that D is zero where
  they are, whatever y is.

So ``(X^T X + c I)^{-1} X^T = X^T (X X^T + c I)^{-1}`` comes to ``X^T (X X^T + c I) = (X^T X + c I)
X^T``, times any vector as well. It is enough for identities of rational expressions in matrices
whose inverses come to the ends one after the other; which are all true is the word problem of the
free skew field (P. M. Cohn, Skew Fields, 1995, chapter 7), and is not decided here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import count

from sympy import Add, Expr, Indexed, Integer, KroneckerDelta, Mul, Pow, Sum, preorder_traversal

from derivations.claim import Condition
from derivations.indices import Entries, Index, IndexSet, WordArray, free_symbols, total
from derivations.language.index_nodes import (
    InverseEntry,
    derivative,
    differentiated,
    substitute,
    symbol_names,
)
from derivations.proof.fragment import OutsideFragment
from derivations.proof.normal_form import difference
from derivations.proof.terms import InverseEntry as Inverted

MOST_TRIED = 24
MOST_MULTIPLIED = 6
FAR = 1000


@dataclass(frozen=True)
class _Difference:
    """Both sides, and the indices that they are an array over."""

    left: Expr
    right: Expr
    axes: tuple[Index, ...]
    multiplied: int = 0

    @property
    def sides(self) -> tuple[Expr, Expr]:
        return self.left, self.right


def equal_when_cleared(
    left: Expr, right: Expr, axes: tuple[Index, ...], conditions: tuple[Condition, ...]
) -> bool:
    """Whether the sides are equal for all sizes, as multiplying by what is inverted shows."""
    first = _Difference(differentiated(left), differentiated(right), axes)
    if not any(side.has(InverseEntry) for side in first.sides):
        return False
    waiting: list[tuple[int, int, _Difference]] = []
    found = iter((_without_outer_arrays(first),))
    for number in count():
        now = next(found, None)
        if now is None:
            if not waiting or number > MOST_TRIED:
                return False
            found = _multiplied(heappop(waiting)[-1])
            continue
        left_over = _inverses_left(now, conditions)
        if left_over == 0:
            return True
        if now.multiplied < MOST_MULTIPLIED:
            heappush(waiting, (left_over, number, now))
    return False


def _inverses_left(now: _Difference, conditions: tuple[Condition, ...]) -> int:
    """How far a difference is from zero: the terms of its normal form, and the inverses in them."""
    try:
        found = difference(now.left, now.right, conditions)
    except OutsideFragment:
        return FAR
    inverses = (isinstance(atom, Inverted) for term, _ in found for atom, _ in term.factors)
    return len(found) + sum(inverses)


def _multiplied(now: _Difference) -> Iterator[_Difference]:
    """The difference times each matrix of which an inverse stands at one of its ends."""
    bound = _bound_in(now)
    seen: set[tuple[Index, int, Entries]] = set()
    for side in now.sides:
        for node in preorder_traversal(side):
            if not isinstance(node, InverseEntry) or not bound.isdisjoint(node.of.free_symbols):
                continue
            for place, axis in enumerate(node.at):
                if axis not in now.axes or (axis, place, node.of) in seen:
                    continue
                seen.add((axis, place, node.of))
                whole = all(each.space == axis.space for each in node.of.indices)
                if whole and axis not in node.of.free_symbols:
                    yield _times(now, node.of, axis, place)


def _times(now: _Difference, matrix: Entries, axis: Index, place: int) -> _Difference:
    """A D for an inverse that begins with the axis, D A for one that ends with it."""
    new = _fresh(axis.space, now)
    row, column = matrix.indices
    at = {row: new, column: axis} if place == 0 else {row: axis, column: new}
    entry = substitute(matrix.entry, at)
    left, right = (_Product(matrix, entry, axis, new, place).of(side) for side in now.sides)
    axes = tuple(new if each is axis else each for each in now.axes)
    return _Difference(left, right, axes, now.multiplied + 1)


@dataclass(frozen=True)
class _Product:
    """A matrix, its ``entry`` at an axis and a new index, times what has this axis."""

    matrix: Entries
    entry: Expr
    axis: Index
    new: Index
    place: int

    def of(self, node: Expr) -> Expr:
        """The sum over the axis; where the inverse itself stands there, Kronecker's delta."""
        match node:
            case Add():
                return Add(*map(self.of, node.args))
            case Sum() if free_symbols(self.entry).isdisjoint(limit[0] for limit in node.limits):
                return node.func(self.of(node.function), *node.limits)
            case Mul():
                apart = [each for each in node.args if self.axis not in free_symbols(each)]
                (one, *others) = [each for each in node.args if each not in apart] or [node]
                if not others and one is not node:
                    return Mul(*apart, self.of(one))
            case InverseEntry() if node.of == self.matrix and node.at[self.place] == self.axis:
                if node.at[1 - self.place] != self.axis:
                    return KroneckerDelta(self.new, node.at[1 - self.place])
        return total(self.entry * node, self.axis)


def _without_outer_arrays(now: _Difference) -> _Difference:
    """The derivatives by arrays in which both sides are homogeneous, again and again."""
    while True:
        entry = next(_homogeneous(now), None)
        if entry is None:
            return now
        left, right = (_without_deltas(derivative(side, entry)) for side in now.sides)
        now = _Difference(left, right, (*now.axes, *entry.indices))


def _without_deltas(node: Expr) -> Expr:
    """Sums over whole sets with Kronecker's delta in them as what stands at its other index."""
    if isinstance(node, Add | Mul):
        return node.func(*map(_without_deltas, node.args))
    if not isinstance(node, Sum):
        return node
    inside, ((over, *ends), *others) = _without_deltas(node.function), node.limits
    if others or ends != [over.space.lower, over.space.upper]:
        return node.func(inside, *node.limits)
    parts: list[Expr] = []
    for term in Add.make_args(inside):
        factors = Mul.make_args(term)
        delta = next((each for each in factors if _is_delta_of(over, each)), None)
        if delta is None:
            parts.append(node.func(term, *node.limits))
            continue
        (other,) = set(delta.args) - {over}
        rest = Mul(*(each for each in factors if each is not delta))
        parts.append(substitute(rest, {over: other}))
    return Add(*parts)


def _is_delta_of(over: Index, factor: Expr) -> bool:
    """Whether a factor is Kronecker's delta of an index and another one of its set."""
    if not isinstance(factor, KroneckerDelta) or over not in factor.args:
        return False
    return all(isinstance(each, Index) and each.space == over.space for each in factor.args)


def _homogeneous(now: _Difference) -> Iterator[Indexed]:
    """An entry, at new indices, of each array that both sides are homogeneous in."""
    spaces: dict[Expr, list[tuple[IndexSet | None, ...]]] = {}
    for side in now.sides:
        for node in preorder_traversal(side):
            if isinstance(node, Indexed) and not isinstance(node.base, WordArray):
                own = tuple(getattr(index, "space", None) for index in node.indices)
                spaces.setdefault(node.base, []).append(own)
    for base, found in sorted(spaces.items(), key=lambda pair: str(pair[0])):
        (first, *others) = found
        degree = _degree(now.left, base)
        alike = all(each == first for each in others)
        if alike and degree and None not in first and _degree(now.right, base) == degree:
            new: list[Index] = []
            for space in first:
                assert space is not None
                new.append(_fresh(space, now, *new))
            yield base[tuple(new)]


def _degree(node: Expr, base: Expr) -> int | None:
    """The degree of a homogeneous polynomial in the entries of an array; None for anything else."""
    if not node.has(base):
        return 0
    match node:
        case Indexed():
            return 1
        case Sum():
            return _degree(node.function, base)
        case Add():
            degrees = {_degree(part, base) for part in node.args}
            return degrees.pop() if len(degrees) == 1 else None
        case Mul():
            found = [_degree(part, base) for part in node.args]
            return sum(each for each in found if each) if None not in found else None
        case Pow(exp=Integer() as power) if power > 0:
            inside = _degree(node.base, base)
            return None if inside is None else inside * int(power)
    return None


def _bound_in(now: _Difference) -> set[Expr]:
    """What sums bind, and matrices that are inverted."""
    found: set[Expr] = set()
    for side in now.sides:
        for node in preorder_traversal(side):
            if isinstance(node, Sum):
                found.update(limit[0] for limit in node.limits)
            if isinstance(node, Entries):
                found.update(node.indices)
    return found


def _fresh(space: IndexSet, now: _Difference, *others: Index) -> Index:
    """An index that stands nowhere in a difference."""
    taken = symbol_names(now.left) | symbol_names(now.right) | {each.name for each in others}
    taken |= {each.name for each in now.axes}
    return next(Index(name, space) for n in count(1) if (name := f"e{n}") not in taken)
