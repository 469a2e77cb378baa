"""Axes of arrays, joined where they are one: of length one, or over the members of a set."""

from __future__ import annotations

from dataclasses import dataclass, field

from derivations.reader.problem import Place
from derivations.reader.propose.index_letters import Letter, Letters

Shape = tuple[int, int]  # rows and columns, as numbers of axes
Name = tuple[str, str]  # the part it is of, empty for all, and the name
ONE, MANY = "one", "many"


@dataclass
class Axis:
    """What is known of an axis, and since where."""

    state: str = ""
    set: Letter | None = None
    at: Place = field(default_factory=Place)
    names: dict[Name, None] = field(default_factory=dict)


class Clash(Exception):
    """Two axes that cannot be one."""

    def __init__(self, one: Axis, other: Axis, what: str) -> None:
        super().__init__(what)
        self.one, self.other, self.what = one, other, what


class Axes:
    """All axes; those that are one share what is known."""

    def __init__(self, letters: Letters) -> None:
        self.letters = letters
        self._parent: list[int] = []
        self._axes: list[Axis] = []
        self.of_set: dict[Letter, int] = {}
        self.changes = 0
        self.unit = self.new(ONE)

    def new(self, state: str = "", at: Place | None = None) -> int:
        """An axis more."""
        self._parent.append(len(self._parent))
        self._axes.append(Axis(state, None, at or Place()))
        return len(self._parent) - 1

    def root(self, axis: int) -> int:
        """The number of an axis, the same for all that are one."""
        while self._parent[axis] != axis:
            self._parent[axis] = self._parent[self._parent[axis]]
            axis = self._parent[axis]
        return axis

    def known(self, axis: int) -> Axis:
        """What is known of an axis."""
        return self._axes[self.root(axis)]

    def over(self, letter: Letter, at: Place) -> int:
        """The axis of the set that a letter runs over."""
        first = self.letters.set_of(letter)
        if first not in self.of_set:
            axis = self.new(MANY, at)
            self._axes[axis].set = first
            self.of_set[first] = axis
        return self.of_set[first]

    def mark(self, axis: int, state: str, at: Place) -> None:
        """An axis is of length one, or of any length."""
        known = self.known(axis)
        if known.state and known.state != state:
            raise Clash(known, Axis(state, None, at), _number_or_vector(known.state, state))
        if not known.state:
            self.changes += 1
            known.state, known.at = state, at

    def join(self, one: int, other: int, at: Place) -> None:
        """Two axes are one."""
        first, second = self.root(one), self.root(other)
        if first == second:
            return
        a, b = self._axes[first], self._axes[second]
        if a.state and b.state and a.state != b.state:
            raise Clash(a, b, _number_or_vector(a.state, b.state))
        if a.set is not None and b.set is not None:
            ours, theirs = (self.letters.set_of(each) for each in (a.set, b.set))
            if ours != theirs and not self._agree(ours, theirs):
                said = [self.letters.range_of(each)[0].said for each in (ours, theirs)]
                raise Clash(a, b, f"{said[0]} or {said[1]}")
            self.letters.join(ours, theirs)
        self.changes += 1
        self._parent[second] = first
        if not a.state:
            a.state, a.at = b.state, b.at
        a.set = a.set or b.set
        a.names |= b.names

    def may_join(self, one: int, other: int) -> bool:
        """Whether two axes can be one, as far as is known."""
        a, b = self.known(one), self.known(other)
        if a.set is not None and b.set is not None:
            ours, theirs = (self.letters.set_of(each) for each in (a.set, b.set))
            return ours == theirs or self._agree(ours, theirs)
        return not a.state or not b.state or a.state == b.state

    def _agree(self, one: Letter, other: Letter) -> bool:
        """Whether two sets can be one: not with other bounds, nor where a letter would be two."""
        first, second = self.letters.range_of(one), self.letters.range_of(other)
        bounds = [{each.said for each in found if not each.name} for found in (first, second)]
        if bounds[0] and bounds[1] and not bounds[0] & bounds[1]:
            return False
        named = [{each.said for each in found if each.name} for found in (first, second)]
        return not (named[0] and named[1]) or bool(named[0] & named[1])


def _number_or_vector(first: str, second: str) -> str:
    words = {ONE: "a number, or one column", MANY: "a vector or a matrix"}
    return f"{words[first]}, and {words[second]}"
