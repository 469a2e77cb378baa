"""What a claim is about: its letters, and the entries of lists that it can read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product

from sympy import Basic, Derivative, Expr, Indexed, Sum, Symbol, preorder_traversal

from derivations.array import Array, aligned, same_shape
from derivations.claim import Claim, Distinct, Equal, NotAmong, Unequal
from derivations.definition import unfold
from derivations.indices import Index, IndexSet, WordArray
from derivations.opaque import Opaque
from derivations.proof.places import Places
from tests.certify.claimed.point import Place, Point

Limit = tuple[Basic, Basic, Basic]


@dataclass(frozen=True)
class Subject:
    """The two sides of a well-typed claim, definitions opened, with what they mention."""

    claim: Claim

    @cached_property
    def sides(self) -> tuple[Expr, Expr]:
        left, right = self.claim.left, self.claim.right
        assert isinstance(left, Array)
        assert isinstance(right, Array)
        assert same_shape(left, right)
        return left.entry, aligned(right, left.axes)

    @cached_property
    def mentioned(self) -> tuple[Expr, ...]:
        """All expressions: sides, axes and conditions."""
        assert isinstance(self.claim.left, Array)
        found = [*map(unfold, self.sides), *self.claim.left.indices]
        for condition in self.claim.conditions:
            if isinstance(condition, Equal | Unequal):
                found += [unfold(condition.left), unfold(condition.right)]
            elif isinstance(condition, NotAmong):
                found.append(unfold(condition.word))
        return tuple(found)

    @cached_property
    def free(self) -> set[Symbol]:
        """All symbols that no sum binds, those in bounds of index sets included."""
        found = {symbol for each in self.mentioned for symbol in _free(each, frozenset())}
        spaces = {symbol.space for symbol in found if isinstance(symbol, Index)}
        spaces |= {base.space for base, _ in self.families if isinstance(base, WordArray)}
        return found.union(*(s.lower.free_symbols | s.upper.free_symbols for s in spaces))

    @cached_property
    def families(self) -> set[tuple[Basic, int]]:
        """Families of numbers and lists of words, with how many indices they take."""
        entries = {(each.base, len(each.indices)) for each in self._nodes(Indexed)}
        return entries | {(base, 2) for each in self._nodes(Opaque) for base in each.rows}

    @cached_property
    def functions(self) -> set[type[Opaque]]:
        return {type(each) for each in self._nodes(Opaque)}

    @property
    def sizes(self) -> list[Symbol]:
        found = [s for s in self.free if s.is_integer and not isinstance(s, Index)]
        return sorted(found, key=str)

    @property
    def indices(self) -> list[Index]:
        return sorted((s for s in self.free if isinstance(s, Index)), key=str)

    @property
    def scalars(self) -> list[Symbol]:
        return sorted((s for s in self.free if not s.is_integer), key=str)

    @property
    def lists(self) -> list[WordArray]:
        return sorted({b for b, _ in self.families if isinstance(b, WordArray)}, key=str)

    def read(self, point: Point) -> dict[Place, IndexSet]:
        """The entries that can be read at some indices, with the set each is a member of."""
        reader = Places(point.instance)
        found: dict[Place, IndexSet] = {}
        for entry, limits in self.entries:
            for scope in _scopes(limits[::-1], {}, reader):
                found[entry.base.name, reader.places(entry.indices, scope)] = entry.base.space
        return found

    @cached_property
    def entries(self) -> list[tuple[Indexed, tuple[Limit, ...]]]:
        """Each entry of a list with the ranges of what its place depends on, innermost first."""
        found = {}
        for node in self.mentioned:
            for entry, around in _entries(node, ()):
                limits: list[Limit] = []
                wanted = set(_free(entry, frozenset()))
                for limit in around:  # innermost first
                    if limit[0] in wanted:
                        limits.append(limit)
                        wanted = (wanted - {limit[0]}).union(*(_free(e, frozenset()) for e in limit[1:]))
                free = sorted((i for i in wanted if isinstance(i, Index)), key=str)
                limits += [(i, i.space.lower, i.space.upper) for i in free]
                plain = {old[0]: Symbol(f"_{n}") for n, old in enumerate(limits)}
                found[_renamed(entry, plain), str([_renamed(e, plain) for x in limits for e in x])] = (entry, tuple(limits))
        return list(found.values())

    @property
    def placed_anywhere(self) -> set[str]:
        """Lists with several indices, whose places need not be given by one set each."""
        return {base.name for base, arity in self.families if arity > 1}

    def _nodes(self, kind: type) -> Iterator[Basic]:
        for each in self.mentioned:
            yield from (n for n in preorder_traversal(each) if isinstance(n, kind))


def _parts(node: Basic) -> tuple[Basic, ...]:
    if isinstance(node, Indexed):
        return tuple(node.indices)
    if isinstance(node, Derivative):
        return (node.expr, *node.variables)
    return tuple(node.args)


def _free(node: Basic, bound: frozenset[Basic]) -> Iterator[Symbol]:
    """The symbols of a tree that no sum binds; the names of families are none."""
    if isinstance(node, Symbol):
        if node not in bound:
            yield node
    elif isinstance(node, Sum):
        for index, *ends in reversed(node.limits):
            for end in ends:
                yield from _free(end, bound)
            bound |= {index}
        yield from _free(node.function, bound)
    else:
        for part in _parts(node):
            yield from _free(part, bound)


def _entries(node: Basic, around: tuple[Limit, ...]) -> Iterator[tuple[Indexed, tuple[Limit, ...]]]:
    """The entries of lists in a tree, each with the limits of the sums around it."""
    if isinstance(node, Indexed) and isinstance(node.base, WordArray):
        yield node, around
    if isinstance(node, Sum):
        for index, *ends in reversed(node.limits):  # the last one is outermost
            for end in ends:
                yield from _entries(end, around)
            around = ((index, *ends), *around)
        yield from _entries(node.function, around)
        return
    for part in _parts(node):
        yield from _entries(part, around)


def _renamed(node: Basic, names: dict[Basic, Symbol]) -> str:
    return str(node.xreplace(names))


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
