"""What the equations leave open, decided by the habits of writers: each a question."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from derivations.reader.problem import Place
from derivations.reader.propose.axes import MANY, ONE, Name, Shape
from derivations.reader.propose.equations import is_capital
from derivations.reader.propose.shapes import Asked, Habit, Shapes
from derivations.reader.propose.sketch import Identity, Times, Use, within
from derivations.reader.syntax import Leaf


class Habits:
    """Decides one thing after the other; each may settle more."""

    def __init__(self, shapes: Shapes) -> None:
        self.shapes = shapes

    def settle(self) -> None:
        """All that is open, the surest first."""
        self.shapes.link = (-1, 0)
        raised = self.shapes.letters.raised
        self._links(name for name in self.shapes.entries if name[1] not in raised)
        self._numbers()
        self._families(guess=False)
        self._follow(Habit.STRONG)
        self._follow(Habit.WEAK)
        self._links(name for name in self.shapes.entries if name[1] in raised)
        self._families(guess=True)
        waiting = [name for name in self.shapes.whole if name not in self.shapes.entries]
        for name in [each for each in waiting if is_capital(each[1])]:
            if self._in_a_product(name):
                waiting.remove(name)
                self._by_habit(name)
        self._follow(Habit.LAST)
        for name, (_, entry) in self.shapes.entries.items():
            if not self.shapes.is_some(entry) and name[1] not in self.shapes.bold:
                self._decide(name, entry, ("numbers", "vectors"), ONE)
            else:
                self.shapes.column(entry)
        while waiting:
            # what stands in products that are open comes first
            name = next(filter(self._in_a_product, waiting), waiting[0])
            waiting.remove(name)
            self._by_habit(name)
        self.shapes.progress()
        for shape in self.shapes.whole.values():
            for axis in shape:
                if not self.shapes.state(axis):
                    self.shapes.axes.mark(axis, ONE, Place())

    def _follow(self, kind: Habit) -> None:
        for decide, link in self.shapes.habits[kind]:
            self.shapes.link = link
            decide()
            self.shapes.progress()
        self.shapes.link = (-1, 0)

    def _numbers(self) -> None:
        """A capital letter is the matrix of the numbers r_{ui} that its small letter names."""
        indexed = self.shapes.letters.indexed
        for name in list(self.shapes.whole):
            whole = (name[0], name[1].upper())
            numbers = (name[1], 2) in indexed and name not in self.shapes.bare
            alone = whole in self.shapes.bare and (whole[1], 2) not in indexed
            if whole != name and numbers and alone and name not in self.shapes.entries:
                term = self._alone(whole)
                self.shapes.same(self.shapes.whole[name], self.shapes.whole[whole], term)
                self.shapes.numbers[whole[1]] = name[1]
        self.shapes.progress()

    def _families(self, *, guess: bool) -> None:
        """A capital letter is the matrix of the vectors that its small letter names."""
        open_ = {name: whole for name in self.shapes.entries if (whole := self._matrix_of(name))}
        for whole in open_.values():
            term = self._alone(whole)
            for each in self.shapes.whole[whole]:
                self.shapes.mark(each, MANY, term)
        self.shapes.progress()
        while open_:
            told = next((name for name in open_ if self._laid(name, open_[name])), None)
            if told is None and not guess:
                break
            name = told or next(iter(open_))
            whole = open_.pop(name)
            if told is None:
                choices = (f"columns of {whole[1]}", f"rows of {whole[1]}")
                self.shapes.asked[name] = Asked(name, self.shapes.first[whole], choices)
            laid = self._laid(name, whole) or "columns"
            axis, entry = self.shapes.entries[name]
            order = (axis, entry[0]) if laid == "rows" else (entry[0], axis)
            self.shapes.same(self.shapes.whole[whole], order, self._alone(whole))
            self.shapes.matrices[name] = (whole[1], laid)
            self.shapes.progress()

    def _matrix_of(self, name: Name) -> Name | None:
        """The capital letter of a family that has no matrix yet."""
        whole = (name[0], name[1].upper())
        if name in self.shapes.matrices or whole not in self.shapes.whole or whole == name:
            return None
        alone = name in self.shapes.bare and name[1] not in self.shapes.letters.raised
        vectors = self.shapes.is_some(self.shapes.entries[name][1])
        return None if alone or whole in self.shapes.entries or not vectors else whole

    def _laid(self, name: Name, whole: Name) -> str:
        """Whether vectors are the rows or the columns, as the axes say; empty where both fit."""
        axis, entry = self.shapes.entries[name]
        root, high, wide = self.shapes.axes.root, *self.shapes.whole[whole]
        rows = root(high) == root(axis) or root(wide) == root(entry[0])
        columns = root(wide) == root(axis) or root(high) == root(entry[0])
        return "" if rows == columns else "rows" if rows else "columns"

    def _alone(self, name: Name) -> Use:
        return Use(Leaf(self.shapes.first[name], "LETTER", name[1]), name[1])

    def _links(self, names: Iterable[Name]) -> None:
        for name in names:
            if name in self.shapes.bare or self.shapes.is_some(self.shapes.whole[name]):
                self._link(name, *self.shapes.entries[name])
        self.shapes.progress()

    def _link(self, name: Name, axis: int, entry: Shape) -> None:
        """Where x and x_i both stand, x_i is an entry of x; x^{(i)} may be one of the x as well."""
        term = self._alone(name)
        if name[1] in self.shapes.letters.raised and self.shapes.is_some(entry):
            self.shapes.same(self.shapes.whole[name], entry, term)
            return
        self.shapes.attempt(
            lambda: self.shapes.axes.join(axis, self.shapes.whole[name][0], term.node.at), term
        )
        self.shapes.mark(self.shapes.whole[name][1], ONE, term)
        self.shapes.number(entry, term)

    def _decide(self, name: Name, shape: Shape, choices: tuple[str, ...], state: str) -> None:
        open_ = [axis for axis in shape if not self.shapes.state(axis)]
        if open_:
            self.shapes.asked[name] = Asked(name, self.shapes.first[name], choices)
            for axis in open_:
                self.shapes.axes.mark(axis, state, self.shapes.first[name])
            self.shapes.progress()

    def _by_habit(self, name: Name) -> None:
        shape = self.shapes.whole[name]
        if all(self.shapes.state(axis) for axis in shape):
            return
        capital = is_capital(name[1])
        if self.shapes.is_some(shape):
            # one axis is no unit: a column, unless it is written like a matrix
            if self.shapes.state(shape[0]) == MANY and not capital:
                self._decide(name, shape, ("vector", "matrix"), ONE)
            else:
                self._decide(name, shape, ("matrix", "vector"), MANY)
        elif name[1] in self.shapes.bold or (not capital and self._behind_a_matrix(name)):
            self.shapes.column(shape)
            self.shapes.asked[name] = Asked(name, self.shapes.first[name], ("vector", "scalar"))
        elif capital and self._in_a_product(name):
            self._decide(name, shape, ("matrix", "scalar", "vector"), MANY)
        else:
            self._decide(name, shape, ("scalar", "vector"), ONE)

    def _behind_a_matrix(self, name: Name) -> bool:
        """Whether it stands right behind a matrix, in a product that is still open."""
        for _, term, _ in self.shapes.open:
            factors = term.factors if isinstance(term, Times) else ()
            for before, behind in pairwise(factors):
                matrix = isinstance(before, Use) and is_capital(before.name) and not before.sub
                matrix = matrix or any(isinstance(each, Identity) for each in within(before))
                if matrix and isinstance(behind, Use) and behind.name == name[1]:
                    return True
        return False

    def _in_a_product(self, name: Name) -> bool:
        """Whether it stands in a product that is still open."""
        return any(
            isinstance(each, Use) and each.name == name[1]
            for _, term, _ in self.shapes.open
            for each in within(term)
        )
