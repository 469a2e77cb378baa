"""Shape equations: what each term says of the shapes in it.

The terms of a sum have one shape, the inner axes of a product meet, both sides of an equality have
one shape. A product is decided as soon as enough is known of its factors.
"""

from __future__ import annotations

from functools import partial

from derivations.reader.propose import open_products
from derivations.reader.propose.axes import MANY, ONE, Name, Shape
from derivations.reader.propose.displays import Displayed
from derivations.reader.propose.index_letters import Letter
from derivations.reader.propose.shapes import Habit, Link, Shapes
from derivations.reader.propose.sketch import (
    ENTRYWISE,
    Applied,
    Constant,
    Elementary,
    Identity,
    Layout,
    Opaque,
    Over,
    Picked,
    Plus,
    Power,
    Scalar,
    Slope,
    Summed,
    Term,
    Times,
    Turned,
    Use,
    within,
)
from derivations.reader.propose.sketching import Reading
from derivations.reader.vocabulary import DIAGONAL, MATRIX_FUNCTIONS


class Equations:
    """The equations of one file, side by side and term by term."""

    def __init__(self, shapes: Shapes) -> None:
        self.shapes = shapes
        self.heads: dict[Name, tuple[Shape, Shape]] = {}  # argument and value of a function
        self.equal: list[tuple[Shape, Shape, Term, Link, bool]] = []  # loosely, if derivatives

    def of(self, chains: list[Displayed]) -> None:
        """Those within each side in the order of the text, then those between sides."""
        for number, chain in enumerate(chains):
            self.add(number, chain)
        for one, other, term, link, loose in self.equal:
            self.shapes.link = link
            self.shapes.same(one, self._laid(one, other) if loose else other, term)
            self.shapes.progress()

    def _laid(self, one: Shape, other: Shape) -> Shape:
        """Derivatives are laid out as columns or as rows: in the way that fits."""
        turned = other[1], other[0]
        may = self.shapes.axes.may_join
        fits, other_way = (all(map(may, one, each)) for each in (other, turned))
        return turned if other_way and not fits else other

    def add(self, chain: int, shown: Displayed) -> None:
        """The equations within each side; those between sides come after all of these."""
        self.shapes.part = shown.part
        reading = Reading(self.shapes.letters, self.shapes.functions, shown.part)
        before: tuple[Term, Shape] | None = None
        loose = False
        for number, side in enumerate(shown.sides):
            self.shapes.link = (chain, number)
            if side.node is None:
                before = None
                continue
            term = reading.term(side.node)
            here = term, self.shape(term)
            loose = (loose and side.joined) or any(isinstance(t, Slope) for t in within(term))
            if (
                side.joined
                and before is not None
                and not (_is_number(before[0]) or _is_number(term))
            ):
                self.equal.append((before[1], here[1], term, self.shapes.link, loose))
            before = here
        self.shapes.progress()

    def shape(self, term: Term) -> Shape:
        """The shape of a term, with all that is said within it."""
        match term:
            case Use():
                return self._use(term)
            case Applied():
                return self._applied(term)
            case Elementary(name=name, of=of):
                shape = self.shape(of)
                if name == "softmax":
                    self.shapes.mark(shape[0], MANY, term)
                    self.shapes.mark(shape[1], ONE, term)
                elif name in DIAGONAL:
                    self.shapes.mark(shape[0], MANY, term)
                    self.shapes.mark(shape[1], ONE, term)
                    return shape[0], shape[0]
                elif name in MATRIX_FUNCTIONS:
                    self.shapes.same(shape, shape[::-1], term)
                    is_matrix = MATRIX_FUNCTIONS[name] in ("adj", "inv")
                    return shape if is_matrix else self.shapes.scalar
                else:
                    self.shapes.habit(Habit.STRONG, lambda: self.shapes.number_if_open(shape, of))
                return shape
            case Plus(terms=terms):
                return self._sum(term, terms)
            case Times(factors=factors, joins=joins):
                return self._times(term, factors, joins)
            case Over(over=over, under=under):
                above, below = self.shape(over), self.shape(under)
                self.shapes.habit(Habit.STRONG, lambda: self.shapes.number_if_open(below, under))
                result = self.shapes.fresh()
                self.shapes.defer(
                    lambda: open_products.quotient(self.shapes, above, below, result, term), term
                )
                return result
            case Power(of=of, exponent=exponent):
                self.shapes.number(self.shape(exponent), exponent)
                shape = self.shape(of)
                self.shapes.habit(Habit.STRONG, lambda: self.shapes.number_if_open(shape, of))
                return shape
            case Turned(of=of):
                rows, columns = self.shape(of)
                self.shapes.defer(
                    lambda: open_products.not_a_number(self.shapes, (rows, columns), term), term
                )
                if isinstance(of, Use) and not is_capital(of.name):
                    self.shapes.habit(
                        Habit.STRONG, lambda: self.shapes.column_if_open((rows, columns))
                    )
                return columns, rows
            case Summed(over=over, of=of):
                for letter in over:
                    self.shapes.axes.over(letter, term.node.at)
                return self.shape(of)
            case Slope(of=of, by=by):
                return self._slope(term, of, by)
            case Scalar(of=parts):
                shapes = [self.shape(part) for part in parts]
                for shape in shapes[1:]:
                    self.shapes.same(shapes[0], shape, term)
                return self.shapes.scalar
            case Picked(of=of, sub=sub):
                self._subscripts(self.shape(of), sub, term)
                return self.shapes.scalar
            case Identity():
                side = self.shapes.axes.new(MANY, term.node.at)
                return side, side
            case Layout():
                return self._layout(term)
            case Constant():
                return self.shapes.scalar
        for part in term.parts:
            self.shape(part)
        return self.shapes.fresh()

    def _use(self, term: Use) -> Shape:
        name = self.shapes.key(term.name)
        self.shapes.first.setdefault(name, term.node.at)
        if name not in self.shapes.whole:
            self.shapes.whole[name] = self.shapes.fresh()
            self.shapes.owned(name, self.shapes.whole[name])
        if not term.sub:
            self.shapes.bare.add(name)
            return self.shapes.whole[name]
        if len(term.sub) == 2 and not self.shapes.is_family(term.name):
            self._subscripts(self.shapes.whole[name], term.sub, term)
            return self.shapes.scalar
        if name not in self.shapes.entries:
            axis, entry = self.shapes.axes.new(MANY, term.node.at), self.shapes.fresh()
            self.shapes.entries[name] = axis, entry
            self.shapes.owned(name, (axis, *entry))
        axis, entry = self.shapes.entries[name]
        letter = term.sub[0]
        if isinstance(letter, tuple):
            stand_in = self.shapes.letters.stand_ins.get(letter)
            if stand_in is None or stand_in[0] != term.name:
                self.shapes.attempt(
                    lambda: self.shapes.axes.join(
                        axis, self.shapes.axes.over(letter, term.node.at), term.node.at
                    ),
                    term,
                )
        if len(term.sub) == 2:
            self._subscripts(entry, term.sub[1:], term)
            return self.shapes.scalar
        return entry

    def _subscripts(self, shape: Shape, sub: tuple[Letter | str, ...], term: Term) -> None:
        for axis, letter in zip(shape, sub, strict=False):
            if isinstance(letter, tuple):
                over = self.shapes.axes.over(letter, term.node.at)
                self.shapes.attempt(partial(self.shapes.axes.join, axis, over, term.node.at), term)
            else:
                self.shapes.mark(axis, MANY, term)
        if len(sub) == 1:
            self.shapes.mark(shape[1], ONE, term)

    def _applied(self, term: Applied) -> Shape:
        shapes = [self.shape(argument) for argument in term.arguments]
        name = self.shapes.key(term.name)
        self.shapes.first.setdefault(name, term.node.at)
        if len(shapes) == 1 and term.name in ENTRYWISE:
            habit = partial(self.shapes.number_if_open, shapes[0], term)
            self.shapes.habit(Habit.LAST, habit)
            return shapes[0]
        if len(shapes) == 1 and not term.keywords[0]:
            value = self.shapes.fresh()
            self.shapes.defer(lambda: self._entrywise(shapes[0], value, term), term)
            habit = partial(self.shapes.number_if_open, value, term)
            self.shapes.habit(Habit.WEAK, habit)
            head, its = self.heads.setdefault(name, (shapes[0], value))
            if head is not shapes[0]:
                self.shapes.defer(lambda: self._alike(head, its, shapes[0], term), term)
            return value
        return self.shapes.values.setdefault(name, self.shapes.scalar)

    def _alike(self, head: Shape, its: Shape, argument: Shape, term: Term) -> bool:
        """A function that makes a number of a vector does so wherever it stands."""
        if self.shapes.is_number(its) and self.shapes.is_some(head):
            self.shapes.same(head, argument, term)
            return True
        return False

    def _entrywise(self, argument: Shape, value: Shape, term: Term) -> bool:
        """A function of a number is of a number; of anything else it is open what it is."""
        if self.shapes.is_number(argument):
            self.shapes.number(value, term)
            return True
        return False

    def _sum(self, term: Plus, terms: tuple[Term, ...]) -> Shape:
        shapes = [(each, self.shape(each)) for each in terms]
        counted = [(each, shape) for each, shape in shapes if not _is_number(each)]
        if not counted:
            return self.shapes.scalar
        first = counted[0][1]
        for each, shape in counted[1:]:
            self.shapes.same(first, shape, each)
        return first

    def _times(self, term: Term, factors: tuple[Term, ...], joins: tuple[str, ...]) -> Shape:
        result = self.shape(factors[0])
        for join, factor in zip(joins, factors[1:], strict=True):
            left, right, product = result, self.shape(factor), self.shapes.fresh()
            whole = Times(term.node, factors, joins)
            if join == "/":
                self.shapes.habit(Habit.STRONG, partial(self.shapes.number_if_open, right, factor))
                self.shapes.defer(
                    partial(open_products.quotient, self.shapes, left, right, product, whole), whole
                )
            elif join == r"\odot":
                self.shapes.same(left, right, factor)
                product = left
            else:
                if join == r"\cdot" and _of_one_family(factors):
                    self.shapes.habit(Habit.STRONG, partial(self.shapes.column_if_open, left))
                    self.shapes.habit(Habit.STRONG, partial(self.shapes.column_if_open, right))
                self.shapes.defer(
                    partial(
                        open_products.product_of, self.shapes, left, right, product, join, whole
                    ),
                    whole,
                )
            result = product
        return result

    def _slope(self, term: Slope, of: Term, by: Term) -> Shape:
        above, below, result = self.shape(of), self.shape(by), self.shapes.fresh()
        self.shapes.habit(Habit.WEAK, lambda: self.shapes.number_if_open(above, of))

        def settled() -> bool:
            if self.shapes.is_number(above):
                self.shapes.same(result, below, by)
                return True
            if self.shapes.is_number(below):
                self.shapes.same(result, above, of)
                return True
            return self.shapes.is_some(above) and self.shapes.is_some(below)

        self.shapes.defer(settled, term)
        return result

    def _layout(self, term: Layout) -> Shape:
        for part in term.parts:
            self.shape(part)
        rows, columns = self.shapes.fresh()
        if len(term.rows) == 1 and len(term.rows[0]) > 1:
            self.shapes.mark(columns, MANY, term)
        return rows, columns


def _of_one_family(factors: tuple[Term, ...]) -> bool:
    """``z_i \\cdot z_j``: two members of one family, which are vectors as a rule."""
    names = [each.name for each in factors if isinstance(each, Use) and each.sub]
    return len(names) > len(set(names))


def is_capital(name: str) -> bool:
    """Whether a name is written as matrices are: ``X``, ``\\tilde{X}``, ``\\Theta``."""
    for accent in (r"\tilde{", r"\hat{", r"\bar{"):
        name = name.removeprefix(accent)
    return name.removeprefix("\\")[:1].isupper()


def _is_number(term: Term) -> bool:
    """A numeral, which fits any shape beside it: ``1 - h``, ``= 0``."""
    if isinstance(term, Plus) and len(term.terms) == 1:
        return _is_number(term.terms[0])
    return (isinstance(term, Constant) and term.text.isdigit()) or isinstance(term, Opaque)
