"""What about a claim depends on sizes: what its small instances have to choose."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from sympy import Expr, Symbol

from derivations.claim import Claim, Condition, Distinct, Equal, NotAmong, Unequal
from derivations.indices import Index, IndexSet
from derivations.language.free import free_in
from derivations.proof.found import Found, Listed, found_among, found_in
from derivations.proof.merge import Merged
from derivations.proof.numbered import told_apart


@dataclass(frozen=True)
class Shape:
    """The sides of a claim and what they and its conditions mention.

    ``merged`` are the indices that were written as another word, see `merge.py`; the other
    fields are those of `Found`.
    """

    sides: tuple[Expr, Expr]
    conditions: tuple[Condition, ...]
    sizes: tuple[str, ...]
    summed: frozenset[str]
    positive: frozenset[str]
    indices: tuple[Index, ...]
    spaces: tuple[IndexSet, ...]
    lists: Mapping[tuple[str, int], Listed]
    numbered: bool
    pinned: bool
    told_apart: frozenset[IndexSet]
    clash: str
    merged: Merged = ()

    @cached_property
    def positions(self) -> frozenset[IndexSet]:
        """The index sets that run over the places of a list."""
        listed = (space for known in self.lists.values() for space in known.spaces)
        return frozenset(listed)

    @cached_property
    def labels(self) -> frozenset[IndexSet]:
        """The sets of which only the pattern of equal members matters: 1 to a size, no places."""
        valued = {space for known in self.lists.values() for space in known.values}
        return frozenset(
            space
            for space in self.spaces
            if (space.labels or space in valued)
            and space.lower == 1
            and isinstance(space.upper, Symbol)
            and space not in self.positions
        )

    @cached_property
    def coordinates(self) -> frozenset[IndexSet]:
        """The sets that are neither labels nor places of a list: tried up to renaming."""
        return frozenset(
            space
            for space in self.spaces
            if not space.labels and space.lower == 1 and space not in self.positions | self.labels
        )

    @cached_property
    def uncounted(self) -> frozenset[str]:
        """The sizes of label sets that neither count nor are summed over."""
        others = {name for s in self.spaces if s not in self.labels for name in size_names(s)}
        names = {str(space.upper) for space in self.labels}
        return frozenset(names - others - self.summed)

    def renamable(self, space: IndexSet) -> bool:
        """Whether nothing said here changes when the members of a set are renamed."""
        return not self.pinned and space not in self.told_apart


def shape_of(claim: Claim, merged: Merged = ()) -> Shape:
    """The shape of a well-typed claim."""
    sides = (claim.sides.left, claim.sides.right)
    whole = found_in(sides[0]).joined(found_in(sides[1])).joined(_written(claim))
    for condition in claim.conditions:
        whole = whole.joined(_found_in_condition(condition))
    for _, word in merged:
        whole = whole.joined(found_among((word,)))
    spaces = whole.spaces | set(free_in(*claim.terms).spaces)
    extents = {name for space in spaces for name in size_names(space)}
    return Shape(
        sides=sides,
        conditions=claim.conditions,
        sizes=tuple(sorted(extents | whole.sizes)),
        summed=whole.sizes,
        positive=whole.positive.union(*map(size_names, filter(_from_one, spaces))),
        indices=tuple(sorted(whole.indices, key=str)),
        spaces=tuple(sorted(whole.spaces, key=str)),
        lists=dict(sorted(whole.lists.items())),
        numbered=whole.numbered,
        pinned=whole.pinned,
        told_apart=whole.all_told_apart(),
        clash=_clash(whole, merged),
        merged=merged,
    )


def _written(claim: Claim) -> Found:
    """What terms have also where it cancels in index notation: indices, members told apart."""
    indices = frozenset((*claim.sides.axes, *claim.sides.letters))
    spaces = frozenset(index.space for index in indices)
    return Found(indices=indices, spaces=spaces, told_apart=told_apart(*claim.terms))


def _from_one(space: IndexSet) -> bool:
    """Whether a set has the member one at every size, so that its size is never zero."""
    return space.inhabited and bool(space.lower == 1)


def size_names(space: IndexSet) -> frozenset[str]:
    """The sizes that say how many members a set has."""
    return frozenset(str(symbol) for symbol in space.size.free_symbols)


def _found_in_condition(condition: Condition) -> Found:
    match condition:
        case NotAmong(word, words):
            return found_among((word,), words)
        case Distinct():
            return Found()
        case Equal(left, right) | Unequal(left, right):
            return found_among((left, right))


def _clash(found: Found, merged: Merged) -> str:
    """A name that stands for two things, which no argument could tell apart; mostly none."""
    meanings: dict[str, set[object]] = {}
    for index in (*found.indices, *(gone for gone, _ in merged)):
        meanings.setdefault(index.name, set()).add(index.space)
    for name in found.sizes | {n for space in found.spaces for n in size_names(space)}:
        meanings.setdefault(name, set()).add("a size")
    for (name, _), listed in found.lists.items():
        meanings.setdefault(f"{name}[…]", set()).update(listed.values)
    clashing = sorted(name for name, meant in meanings.items() if len(meant) > 1)
    return clashing[0] if clashing else ""
