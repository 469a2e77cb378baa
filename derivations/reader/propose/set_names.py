"""Names for sets, sizes and spaces that the text does not name itself."""

from __future__ import annotations

from collections.abc import Iterable

from derivations.reader.propose.index_letters import Letter, Letters
from derivations.reader.propose.shapes import Shapes

_FOR_SETS = ("N", "M", "L", "K", "n", "m", "p", "q")
_FOR_SPACES = ("d", "n", "m", "p", "q", "r", "D", "H")
_FOR_WORDS = ("Words", "Labels", "Members")


class SetNames:
    """The name and the bounds of each set, and the size of each space."""

    def __init__(self, letters: Letters, shapes: Shapes, taken: set[str]) -> None:
        self.letters, self.shapes, self.taken = letters, shapes, taken
        self.sizes: dict[str, str] = {}  # each size with its least value
        self.names: dict[Letter, tuple[str, str, str]] = {}  # a set: name, lower, upper
        self.spaces: dict[int, str] = {}

    def fresh(self, wanted: Iterable[str]) -> str:
        """The first name that is free."""
        for name in (*wanted, *(f"{a}{b}" for a in "NMLKDPQR" for b in "abcdefgh")):
            if name not in self.taken:
                self.taken.add(name)
                return name
        raise ValueError("no name is left")

    def set_of(self, letter: Letter) -> tuple[str, str, str]:
        """The name and the bounds of the set of a letter."""
        first = self.letters.set_of(letter)
        if first not in self.names:
            said = self.letters.range_of(first)
            bounds = next((each for each in said if not each.name), None)
            name = next((each.name for each in said if each.name), "")
            lower, upper = (bounds.lower, bounds.upper) if bounds else ("1", self.fresh(_FOR_SETS))
            for end in (lower, upper):
                if end.strip("-").isalpha():
                    least = "0" if lower.startswith("-") else "1"
                    self.sizes.setdefault(end.strip("-"), least)
            self.names[first] = name, lower, upper
        return self.names[first]

    def named(self, letter: Letter) -> None:
        """The set of a letter needs a name: lists have their labels from it."""
        first = self.letters.set_of(letter)
        name, lower, upper = self.set_of(first)
        self.names[first] = name or self.fresh(_FOR_WORDS), lower, upper

    def space(self, axis: int) -> str:
        """What stands in R^{...}."""
        root = self.shapes.axes.root(axis)
        known = self.shapes.axes.known(root)
        if known.set is not None:
            name, lower, upper = self.set_of(known.set)
            return name or (upper if lower == "1" else f"{lower}..{upper}")
        if root not in self.spaces:
            self.spaces[root] = self.fresh(_FOR_SPACES)
            self.sizes.setdefault(self.spaces[root], "1")
        return self.spaces[root]

    @property
    def said(self) -> list[str]:
        """The sizes, as declarations write them."""
        by_least = {
            least: ", ".join(size for size, each in self.sizes.items() if each == least)
            for least in sorted({*self.sizes.values()}, reverse=True)
        }
        return [f"size {names} >= {least}" for least, names in by_least.items()]
