"""The entries of lists of words that a claim can read, whatever its indices are.

An entry counts at every member of the sums and of the index sets that its place depends on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sympy import Basic, Derivative, Expr, Indexed, Sum, Symbol

from derivations.indices import Index, IndexSet, WordArray
from derivations.proof.evaluate import Places
from tests.certify.claimed.point import Place, Point

Limit = tuple[Symbol, Expr, Expr]


@dataclass(frozen=True)
class Entry:
    """An entry, and the ranges of what its place depends on, outermost first."""

    node: Indexed
    limits: tuple[Limit, ...]

    @property
    def spelled(self) -> str:
        """The same for entries that differ in names of bound indices only."""
        names = {index: Symbol(f"_{n}") for n, (index, *_) in enumerate(self.limits)}
        parts = (self.node, *(part for limit in self.limits for part in limit))
        return str([part.xreplace(names) for part in parts])


def entries_of(nodes: Iterable[Basic]) -> list[Entry]:
    """All entries in expressions whose definitions are opened."""
    found = (_with_ranges(*pair) for node in nodes for pair in _entries(node, ()))
    return list({entry.spelled: entry for entry in found}.values())


def read(entries: Iterable[Entry], point: Point) -> dict[Place, IndexSet]:
    """The places of entries at some sizes, with the set that each is a member of."""
    reader = Places(point.instance)
    found: dict[Place, IndexSet] = {}
    for entry in entries:
        base = entry.node.base
        for scope in _scopes(entry.limits, {}, reader):
            found[base.name, reader.places(entry.node.indices, scope)] = base.space
    return found


def free_in(node: Basic, bound: frozenset[Basic] = frozenset()) -> Iterator[Symbol]:
    """The symbols of a tree that no sum binds; the names of families are none."""
    if isinstance(node, Symbol):
        if node not in bound:
            yield node
    elif isinstance(node, Sum):
        for index, *ends in reversed(node.limits):  # the last one is outermost
            for end in ends:
                yield from free_in(end, bound)
            bound |= {index}
        yield from free_in(node.function, bound)
    else:
        for part in _parts(node):
            yield from free_in(part, bound)


def _parts(node: Basic) -> tuple[Basic, ...]:
    if isinstance(node, Indexed):
        return tuple(node.indices)
    if isinstance(node, Derivative):
        return (node.expr, *node.variables)
    return tuple(node.args)


def _entries(node: Basic, around: tuple[Limit, ...]) -> Iterator[tuple[Indexed, tuple[Limit, ...]]]:
    """The entries in a tree, each with the limits of the sums around it, innermost first."""
    if isinstance(node, Indexed) and isinstance(node.base, WordArray):
        yield node, around
    if isinstance(node, Sum):
        for index, *ends in reversed(node.limits):
            for end in ends:
                yield from _entries(end, around)
            around = ((index, *ends), *around)
        yield from _entries(node.function, around)
        return
    for part in _parts(node):
        yield from _entries(part, around)


def _with_ranges(node: Indexed, around: tuple[Limit, ...]) -> Entry:
    wanted = set(free_in(node))
    limits: list[Limit] = []
    for index, *ends in around:
        if index in wanted:
            limits.append((index, *ends))
            wanted = (wanted - {index}).union(*map(free_in, ends))
    free = sorted((each for each in wanted if isinstance(each, Index)), key=str)
    limits += [(index, index.space.lower, index.space.upper) for index in free]
    return Entry(node, tuple(reversed(limits)))


def _scopes(
    limits: Sequence[Limit], scope: dict[Basic, int], reader: Places
) -> Iterator[dict[Basic, int]]:
    """Every choice of members; the first limit is outermost."""
    if not limits:
        yield scope
        return
    (index, lower, upper), *others = limits
    for member in reader.members(lower, upper, scope):
        yield from _scopes(others, {**scope, index: member}, reader)
