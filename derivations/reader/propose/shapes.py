"""What is known of the shapes of all names of a file, and what contradicts it.

Every term has two axes, rows and columns; an axis is of length one, or runs over a set. An equation
that contradicts what was there before changes nothing and is reported, with both places.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum
from functools import partial

from derivations.reader.problem import Place
from derivations.reader.propose.axes import MANY, ONE, Axes, Clash, Name, Shape
from derivations.reader.propose.index_letters import Letters
from derivations.reader.propose.sketch import Term, Use, within

Link = tuple[int, int]  # a side: the number of its chain, and its own


class Habit(Enum):
    """How sure a habit of writers is; they are followed in this order."""

    STRONG = 1  # what is transposed is a column, an exponent is a number
    WEAK = 2  # what is differentiated is a number
    LAST = 3  # what an entrywise function is applied to is a number


@dataclass(frozen=True)
class Contradiction:
    """Two places that cannot both be right, and the names that they are about."""

    names: tuple[Name, ...]
    first: Place
    second: Place
    what: str
    link: Link


@dataclass(frozen=True)
class Asked:
    """What was decided by habit: a question with its choices, the first of which is in force."""

    name: Name
    at: Place
    choices: tuple[str, ...]


class Shapes:
    """The shapes of all names of a file."""

    def __init__(
        self,
        letters: Letters,
        functions: set[str],
        apart: set[str],
        bold: set[str],
        left_out: frozenset[Link] = frozenset(),
    ) -> None:
        self.letters, self.functions, self.apart, self.bold = letters, functions, apart, bold
        self.left_out = left_out
        self.link: Link = (0, 0)
        self.axes = Axes(letters)
        self.whole: dict[Name, Shape] = {}
        self.entries: dict[Name, tuple[int, Shape]] = {}
        self.values: dict[Name, Shape] = {}  # of functions
        self.first: dict[Name, Place] = {}
        self.bare: set[Name] = set()
        self.matrices: dict[Name, tuple[str, str]] = {}
        self.numbers: dict[str, str] = {}  # each matrix, and the name of its entries
        self.contradictions: list[Contradiction] = []
        self.asked: dict[Name, Asked] = {}
        self.open: list[tuple[Callable[[], bool], Term, Link]] = []
        self.habits: dict[Habit, list[tuple[Callable[[], None], Link]]] = {h: [] for h in Habit}
        self._seen = -1  # how much was known when the open ones were last looked at
        self.part = ""

    def key(self, name: str) -> Name:
        """A name in the part that is being read: one for all parts, unless it is told apart."""
        return (self.part if name in self.apart else "", name)

    def same(self, one: Shape, other: Shape, term: Term) -> None:
        """Two shapes are one, as a term says."""
        for ours, theirs in zip(one, other, strict=True):
            self.attempt(partial(self.axes.join, ours, theirs, term.node.at), term)

    def mark(self, axis: int, state: str, term: Term) -> None:
        """An axis is of length one, or of any length."""
        self.attempt(partial(self.axes.mark, axis, state, term.node.at), term)

    def number(self, shape: Shape, term: Term) -> None:
        """A shape is that of a number."""
        for axis in shape:
            self.mark(axis, ONE, term)

    def attempt(self, equation: Callable[[], None], term: Term) -> None:
        """An equation, unless it contradicts what is known: that is kept."""
        if self.link in self.left_out:
            return
        try:
            equation()
        except Clash as clash:
            used = {self.key(each.name): None for each in within(term) if isinstance(each, Use)}
            concerned = {**clash.one.names, **clash.other.names}
            names = [name for name in concerned if name in used] or list(concerned) or list(used)
            places = [
                clash.one.at,
                clash.other.at,
                *(self.first[n] for n in names if n in self.first),
            ]
            known = [at for at in places if at not in (Place(), term.node.at)]
            first = known[0] if known else term.node.at
            found = Contradiction(tuple(names), first, term.node.at, clash.what, self.link)
            if found not in self.contradictions:
                self.contradictions.append(found)

    def is_family(self, name: str) -> bool:
        """Whether a name is that of vectors, whose entries have two indices: x_i and x_{ij}."""
        return (name, 1) in self.letters.indexed and (name, 2) in self.letters.indexed

    @property
    def families(self) -> dict[str, str]:
        """Each matrix made of the vectors, or of the entries, that another name has, and that."""
        found = {matrix: name for (_, name), (matrix, _) in self.matrices.items()}
        return found | self.numbers

    def fresh(self) -> Shape:
        """A shape of which nothing is known."""
        return self.axes.new(), self.axes.new()

    @property
    def scalar(self) -> Shape:
        """The shape of a number."""
        return self.axes.unit, self.axes.unit

    def owned(self, name: Name, axes: Iterable[int]) -> None:
        """The name that axes belong to."""
        for axis in axes:
            self.axes.known(axis).names.setdefault(name)

    def state(self, axis: int) -> str:
        """Whether an axis is one, or many; empty where that is open."""
        return self.axes.known(axis).state

    def is_number(self, shape: Shape) -> bool:
        """Whether it is known to be a number."""
        return all(self.state(axis) == ONE for axis in shape)

    def is_some(self, shape: Shape) -> bool:
        """Whether it is known to be no number."""
        return any(self.state(axis) == MANY for axis in shape)

    def defer(self, equation: Callable[[], bool], term: Term) -> None:
        """An equation for when enough is known."""
        if self.link not in self.left_out:
            self._seen = -1
            self.open.append((equation, term, self.link))

    def habit(self, kind: Habit, decide: Callable[[], None]) -> None:
        """What is decided in the end, where it is still open."""
        if self.link not in self.left_out:
            self.habits[kind].append((decide, self.link))

    def progress(self) -> None:
        """Whatever can be decided, until nothing more can be."""
        while self.axes.changes != self._seen:
            self._seen = self.axes.changes
            waiting, self.open = self.open, []
            outer = self.link
            for equation, term, link in waiting:
                self.link = link
                if not equation():
                    self.open.append((equation, term, link))
            self.link = outer

    def number_if_open(self, shape: Shape, term: Term) -> None:
        """A number, unless it is known to be none."""
        if not self.is_some(shape):
            self.number(shape, term)

    def column_if_open(self, shape: Shape) -> None:
        """A column, where nothing is known of it."""
        if all(not self.state(axis) for axis in shape):
            self.column(shape)

    def column(self, shape: Shape) -> None:
        """A column, as far as nothing else is known."""
        for axis, state in zip(shape, (MANY, ONE), strict=True):
            if not self.state(axis):
                self.axes.mark(axis, state, Place())
        self.progress()
