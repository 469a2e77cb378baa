"""What is known of index letters: the set that each runs over, its bounds, and lists of labels."""

from __future__ import annotations

from dataclasses import dataclass, field

from derivations.reader.problem import Place

Letter = tuple[str, str]  # the part that it stands in, and its name
Slot = tuple[str, int, int]  # a name, at which of how many subscripts

SIZES = frozenset("dmnpqD")  # letters that are sizes by habit
USUAL = frozenset("ijkl")  # letters that are indices by habit


@dataclass(frozen=True)
class Range:
    """What is said of a set: its name, its bounds, or both; and where."""

    name: str
    lower: str
    upper: str
    at: Place

    @property
    def said(self) -> str:
        """As a declaration writes it."""
        return self.name or f"{self.lower}..{self.upper}"


@dataclass(frozen=True)
class Stood:
    """A list of labels, ``w_{t+j}`` or ``w_{w_k}``'s inner one, and the letter of its places."""

    base: str
    origin: str
    letter: Letter
    values: Slot | None
    like: Letter | None = None  # a letter that its entries are compared with


@dataclass
class Letters:
    """All index letters, each with its set; sets that are one share their first letter."""

    ranges: dict[Letter, list[Range]] = field(default_factory=dict)
    uses: dict[tuple[str, int], list[tuple[Letter, ...]]] = field(default_factory=dict)
    indexed: dict[tuple[str, int], None] = field(default_factory=dict)
    sizes: set[str] = field(default_factory=set)
    lists: list[Stood] = field(default_factory=list)
    stand_ins: dict[Letter, Slot] = field(default_factory=dict)
    places: dict[Letter, Place] = field(default_factory=dict)
    known: dict[Letter, None] = field(default_factory=dict)
    bound: set[Letter] = field(default_factory=set)
    arguments: dict[tuple[str, int], list[Letter]] = field(default_factory=dict)
    numbered: set[str] = field(default_factory=set)  # names with a first member, x_1
    bare: set[str] = field(default_factory=set)  # names without a subscript
    raised: frozenset[str] = frozenset()  # names with an index in brackets above them
    named: frozenset[str] = frozenset()  # letters that run over a named set somewhere
    _first: dict[Letter, Letter] = field(default_factory=dict)

    def set_of(self, letter: Letter) -> Letter:
        """The first letter of the set that a letter runs over."""
        while letter in self._first:
            letter = self._first[letter]
        return letter

    def join(self, one: Letter, other: Letter) -> None:
        """Two letters run over one set."""
        first, second = self.set_of(one), self.set_of(other)
        if first != second:
            self._first[second] = first

    def is_index(self, part: str, name: str) -> bool:
        """Whether a letter is an index in a part."""
        return (part, name) in self.known

    def of_set(self, first: Letter) -> list[Letter]:
        """The letters of a set."""
        return [letter for letter in self.known if self.set_of(letter) == first]

    def know(self, letter: Letter, at: Place) -> None:
        """A letter is an index, unless it is the end of a range."""
        if letter[1] in self.sizes:
            return
        self.known.setdefault(letter)
        self.places.setdefault(letter, at)

    def sets(self) -> list[Letter]:
        """The first letter of each set."""
        return list(dict.fromkeys(self.set_of(letter) for letter in self.known))

    def range_of(self, first: Letter) -> list[Range]:
        """What is said of a set, once each."""
        found: dict[str, Range] = {}
        for letter in self.of_set(first):
            for each in self.ranges.get(letter, ()):
                found.setdefault(each.said, each)
        return list(found.values())
