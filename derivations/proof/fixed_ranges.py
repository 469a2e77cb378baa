"""Ranges of a fixed number of members written out: the identity at each of them, term by term.

A sum over 1..3 is three terms, a product three factors. A determinant over 1..n is the sum over all
permutations (Leibniz), an entry of an inverse a cofactor over the determinant (Cramer), for n up
to `MOST_ROWS`. What is free over such a range is put at each member in turn. Sound: each of these
is what the notation abbreviates, so that a difference that is zero in all of them is zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import permutations, product
from math import prod

from sympy import Add, Basic, Expr, Indexed, Integer, Mul, Product, Sum

from derivations.indices import Entries, Index, free_indices
from derivations.language.index_nodes import Determinant, InverseEntry, differentiated, substitute
from derivations.proof.fragment import OutsideFragment

MOST_MEMBERS = 6  # of one range
MOST_PLACES = 36  # of all free indices together
MOST_ROWS = 4  # of a matrix whose determinant is written out
MOST_NODES = 20_000

Sides = tuple[Expr, Expr]


def written_out(left: Expr, right: Expr) -> list[Sides]:
    """Both sides at every member of the fixed ranges that their free indices run over.

    Empty where no range is fixed. Raises OutsideFragment where it is too much to write.
    """
    both = (differentiated(left), differentiated(right))
    free = sorted(free_indices(left) | free_indices(right), key=str)
    places = [(each, members) for each in free if (members := _members(each)) is not None]
    if not places and not any(_has_fixed_range(side) for side in both):
        return []
    if prod(len(members) for _, members in places) > MOST_PLACES:
        raise OutsideFragment("too many members to write out")
    writer = _Writer()
    found: list[Sides] = []
    for chosen in product(*(members for _, members in places)):
        values = dict(zip((each for each, _ in places), map(Integer, chosen), strict=True))
        at = (substitute(side, values) for side in both) if values else both
        one, other = map(writer.write, at)
        found.append((one, other))
    return found


def _has_fixed_range(node: Basic) -> bool:
    if isinstance(node, Sum | Product):
        fixed = (_between(lower, upper) for _, lower, upper in node.limits)
        if any(each is not None for each in fixed):
            return True
    if isinstance(node, Determinant | InverseEntry) and _members(node.of.indices[0]) is not None:
        return True
    return any(map(_has_fixed_range, node.args))


def _members(index: Index) -> range | None:
    return _between(index.space.lower, index.space.upper)


def _between(lower: Expr, upper: Expr) -> range | None:
    """The whole numbers between two; None where these are no numbers, or too far apart."""
    if not (isinstance(lower, Integer) and isinstance(upper, Integer)):
        return None
    found = range(int(lower), int(upper) + 1)
    return found if len(found) <= MOST_MEMBERS else None


class _Writer:
    """Structural recursion, on at most `MOST_NODES` nodes."""

    def __init__(self) -> None:
        self.nodes = 0

    def write(self, node: Expr) -> Expr:
        self.nodes += 1
        if self.nodes > MOST_NODES:
            raise OutsideFragment("too much to write out")
        match node:
            case Sum() | Product():
                return self._over_range(node)
            case Determinant():
                rows = _members(node.of.indices[0])
                if rows is not None and len(rows) <= MOST_ROWS:
                    return self._determinant(node.of, rows, rows)
            case InverseEntry():
                return self._inverse(node)
        if not node.args or isinstance(node, Indexed):
            return node
        return node.func(*map(self.write, node.args))

    def _over_range(self, node: Sum | Product) -> Expr:
        *inner, (index, lower, upper) = node.limits  # the last one is outermost
        body = node.func(node.function, *inner) if inner else node.function
        members = _between(lower, upper)
        if members is None:
            return node.func(self.write(body), (index, lower, upper))
        parts = [self.write(substitute(body, {index: Integer(each)})) for each in members]
        return Add(*parts) if isinstance(node, Sum) else Mul(*parts)

    def _inverse(self, node: InverseEntry) -> Expr:
        of, (row, column) = node.of, node.at
        members = _members(of.indices[0])
        placed = isinstance(row, Integer) and isinstance(column, Integer)
        if members is None or len(members) > MOST_ROWS or not placed:
            return node
        # the entry of the adjugate: the row is left out of the columns, the column of the rows
        rows = [each for each in members if each != column]
        columns = [each for each in members if each != row]
        sign = Integer(-1) ** (int(row) + int(column))
        minor = self._determinant(of, rows, columns)
        return sign * minor / self._determinant(of, members, members)

    def _determinant(self, of: Entries, rows: Sequence[int], columns: Sequence[int]) -> Expr:
        return Add(*self._terms(of, rows, columns))

    def _terms(self, of: Entries, rows: Sequence[int], columns: Sequence[int]) -> Iterator[Expr]:
        for order in permutations(range(len(rows))):
            sign = Integer(-1) ** _inversions(order)
            places = zip(rows, (columns[each] for each in order), strict=True)
            yield Mul(sign, *self._entries(of, places))

    def _entries(self, of: Entries, places: Iterable[tuple[int, int]]) -> Iterator[Expr]:
        for at in places:
            values = zip(of.indices, map(Integer, at), strict=True)
            yield self.write(substitute(of.entry, dict(values)))


def _inversions(order: Sequence[int]) -> int:
    pairs = ((a, b) for number, a in enumerate(order) for b in order[number + 1 :])
    return sum(a > b for a, b in pairs)
