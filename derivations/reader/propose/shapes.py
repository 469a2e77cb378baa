"""Shape equations over all displays, solved by joining axes that are one.

Every term has two axes, rows and columns; an axis is of length one, or runs over a set. The terms
of a sum have one shape, the inner axes of a product meet, both sides of an equality have one
shape. A product is decided as soon as enough is known of its factors; what is open at the end is
decided one by one by the habits of writers, each a question. Equations come in the order of the
text: one that contradicts what was there before changes nothing and is reported, with both places.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

from derivations.reader.problem import Place
from derivations.reader.propose.axes import MANY, ONE, Axes, Clash, Name, Shape
from derivations.reader.propose.displays import Displayed
from derivations.reader.propose.letters import Letter, Letters
from derivations.reader.propose.sketch import (
    Applied,
    Constant,
    Elementary,
    Layout,
    Opaque,
    Over,
    Picked,
    Plus,
    Power,
    Reading,
    Scalar,
    Slope,
    Summed,
    Term,
    Times,
    Turned,
    Use,
    within,
)
from derivations.reader.syntax import Leaf

Link = tuple[int, int]  # a side: the number of its chain, and its own


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
        chains: list[Displayed],
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
        self.contradictions: list[Contradiction] = []
        self.asked: dict[Name, Asked] = {}
        self._open: list[tuple[Callable[[], bool], Term, Link]] = []
        self._soft: list[tuple[Term, Callable[[], None], Link]] = []
        self._equal: list[tuple[Shape, Shape, Term, Link]] = []
        self._seen = -1  # how much was known when the open ones were last looked at
        self.part = ""
        for number, chain in enumerate(chains):
            self._chain(number, chain)
        for one, other, term, link in self._equal:
            self.link = link
            self._same(one, other, term)
            self._progress()
        self._settle()

    def key(self, name: str) -> Name:
        """A name in the part that is being read: one for all parts, unless it is told apart."""
        return (self.part if name in self.apart else "", name)

    # the equations

    def _chain(self, chain: int, shown: Displayed) -> None:
        """The equations within each side; those between sides come after all of these."""
        self.part = shown.part
        reading = Reading(self.letters, self.functions, shown.part)
        before: tuple[Term, Shape] | None = None
        for number, side in enumerate(shown.sides):
            self.link = (chain, number)
            if side.node is None:
                before = None
                continue
            term = reading.term(side.node)
            here = term, self._shape(term)
            if (
                side.joined
                and before is not None
                and not (_is_number(before[0]) or _is_number(term))
            ):
                self._equal.append((before[1], here[1], term, self.link))
            before = here
        self._progress()

    def _same(self, one: Shape, other: Shape, term: Term) -> None:
        """Two shapes are one, as a term says."""
        for ours, theirs in zip(one, other, strict=True):
            self._try(partial(self.axes.join, ours, theirs, term.node.at), term)

    def _mark(self, axis: int, state: str, term: Term) -> None:
        self._try(partial(self.axes.mark, axis, state, term.node.at), term)

    def _number(self, shape: Shape, term: Term) -> None:
        for axis in shape:
            self._mark(axis, ONE, term)

    def _try(self, equation: Callable[[], None], term: Term) -> None:
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

    def _fresh(self) -> Shape:
        return self.axes.new(), self.axes.new()

    @property
    def scalar(self) -> Shape:
        """The shape of a number."""
        return self.axes.unit, self.axes.unit

    def _shape(self, term: Term) -> Shape:
        match term:
            case Use():
                return self._use(term)
            case Applied():
                return self._applied(term)
            case Elementary(name=name, of=of):
                shape = self._shape(of)
                if name == "softmax":
                    self._mark(shape[0], MANY, term)
                    self._mark(shape[1], ONE, term)
                else:
                    self._habit(of, lambda: self._number_if_open(shape, of))
                return shape
            case Plus(terms=terms):
                return self._sum(term, terms)
            case Times(factors=factors, joins=joins):
                return self._times(term, factors, joins)
            case Over(over=over, under=under):
                above, below = self._shape(over), self._shape(under)
                self._habit(under, lambda: self._number_if_open(below, under))
                result = self._fresh()
                self._defer(lambda: self._quotient(above, below, result, term), term)
                return result
            case Power(of=of, exponent=exponent):
                self._number(self._shape(exponent), exponent)
                shape = self._shape(of)
                self._habit(of, lambda: self._number_if_open(shape, of))
                return shape
            case Turned(of=of):
                rows, columns = self._shape(of)
                self._defer(lambda: self._not_a_number((rows, columns), term), term)
                if isinstance(of, Use) and not is_capital(of.name):
                    self._habit(of, lambda: self._column_if_open((rows, columns)))
                return columns, rows
            case Summed(over=over, of=of):
                for letter in over:
                    self.axes.over(letter, term.node.at)
                return self._shape(of)
            case Slope(of=of, by=by):
                return self._slope(term, of, by)
            case Scalar(of=parts):
                shapes = [self._shape(part) for part in parts]
                for shape in shapes[1:]:
                    self._same(shapes[0], shape, term)
                return self.scalar
            case Picked(of=of, sub=sub):
                self._subscripts(self._shape(of), sub, term)
                return self.scalar
            case Layout():
                return self._layout(term)
            case Constant():
                return self.scalar
        for part in term.parts:
            self._shape(part)
        return self._fresh()

    def _use(self, term: Use) -> Shape:
        name = self.key(term.name)
        self.first.setdefault(name, term.node.at)
        if name not in self.whole:
            self.whole[name] = self._fresh()
            self._owned(name, self.whole[name])
        if not term.sub:
            self.bare.add(name)
            return self.whole[name]
        if len(term.sub) == 2:
            self._subscripts(self.whole[name], term.sub, term)
            return self.scalar
        if name not in self.entries:
            axis, entry = self.axes.new(MANY, term.node.at), self._fresh()
            self.entries[name] = axis, entry
            self._owned(name, (axis, *entry))
        axis, entry = self.entries[name]
        letter = term.sub[0]
        if isinstance(letter, tuple):
            stand_in = self.letters.stand_ins.get(letter)
            if stand_in is None or stand_in[0] != term.name:
                self._try(
                    lambda: self.axes.join(
                        axis, self.axes.over(letter, term.node.at), term.node.at
                    ),
                    term,
                )
        return entry

    def _owned(self, name: Name, axes: Iterable[int]) -> None:
        for axis in axes:
            self.axes.known(axis).names.setdefault(name)

    def _subscripts(self, shape: Shape, sub: tuple[Letter | str, ...], term: Term) -> None:
        for axis, letter in zip(shape, sub, strict=False):
            if isinstance(letter, tuple):
                over = self.axes.over(letter, term.node.at)
                self._try(partial(self.axes.join, axis, over, term.node.at), term)
            else:
                self._mark(axis, MANY, term)
        if len(sub) == 1:
            self._mark(shape[1], ONE, term)

    def _applied(self, term: Applied) -> Shape:
        shapes = [self._shape(argument) for argument in term.arguments]
        name = self.key(term.name)
        self.first.setdefault(name, term.node.at)
        if len(shapes) == 1 and not term.keywords[0]:
            value = self._fresh()
            self._defer(lambda: self._entrywise(shapes[0], value, term), term)
            self._habit(term, lambda: self._number_if_open(value, term))
            return value
        return self.values.setdefault(name, self.scalar)

    def _entrywise(self, argument: Shape, value: Shape, term: Term) -> bool:
        """A function of a number is of a number; of anything else it is open what it is."""
        if self._is_number(argument):
            self._number(value, term)
            return True
        return False

    def _sum(self, term: Plus, terms: tuple[Term, ...]) -> Shape:
        shapes = [(each, self._shape(each)) for each in terms]
        counted = [(each, shape) for each, shape in shapes if not _is_number(each)]
        if not counted:
            return self.scalar
        first = counted[0][1]
        for each, shape in counted[1:]:
            self._same(first, shape, each)
        return first

    def _times(self, term: Term, factors: tuple[Term, ...], joins: tuple[str, ...]) -> Shape:
        result = self._shape(factors[0])
        for join, factor in zip(joins, factors[1:], strict=True):
            left, right, product = result, self._shape(factor), self._fresh()
            whole = Times(term.node, factors, joins)
            if join == "/":
                self._habit(factor, partial(self._number_if_open, right, factor))
                self._defer(partial(self._quotient, left, right, product, whole), whole)
            elif join == r"\odot":
                self._same(left, right, factor)
                product = left
            else:
                if join == r"\cdot" and _of_one_family(factors):
                    self._habit(factor, partial(self._column_if_open, left))
                    self._habit(factor, partial(self._column_if_open, right))
                self._defer(partial(self._product, left, right, product, join, whole), whole)
            result = product
        return result

    def _slope(self, term: Slope, of: Term, by: Term) -> Shape:
        above, below, result = self._shape(of), self._shape(by), self._fresh()
        self._habit(of, lambda: self._number_if_open(above, of))

        def settled() -> bool:
            if self._is_number(above):
                self._same(result, below, by)
                return True
            if self._is_number(below):
                self._same(result, above, of)
                return True
            return self._is_some(above) and self._is_some(below)

        self._defer(settled, term)
        return result

    def _layout(self, term: Layout) -> Shape:
        for part in term.parts:
            self._shape(part)
        rows, columns = self._fresh()
        if len(term.rows) == 1 and len(term.rows[0]) > 1:
            self._mark(columns, MANY, term)
        return rows, columns

    # what is decided when enough is known

    def _defer(self, equation: Callable[[], bool], term: Term) -> None:
        if self.link not in self.left_out:
            self._seen = -1
            self._open.append((equation, term, self.link))

    def _habit(self, term: Term, decide: Callable[[], None]) -> None:
        if self.link not in self.left_out:
            self._soft.append((term, decide, self.link))

    def _progress(self) -> None:
        """Whatever can be decided, until nothing more can be."""
        while self.axes.changes != self._seen:
            self._seen = self.axes.changes
            waiting, self._open = self._open, []
            outer = self.link
            for equation, term, link in waiting:
                self.link = link
                if not equation():
                    self._open.append((equation, term, link))
            self.link = outer

    def _state(self, axis: int) -> str:
        return self.axes.known(axis).state

    def _is_number(self, shape: Shape) -> bool:
        return all(self._state(axis) == ONE for axis in shape)

    def _is_some(self, shape: Shape) -> bool:
        """Whether it is known to be no number."""
        return any(self._state(axis) == MANY for axis in shape)

    def _not_a_number(self, shape: Shape, term: Term) -> bool:
        """Of what is transposed one axis at least is no unit."""
        for axis, other in (shape, shape[::-1]):
            if self._state(axis) == ONE and not self._state(other):
                self._mark(other, MANY, term)
        return self._is_some(shape)

    def _quotient(self, above: Shape, below: Shape, result: Shape, term: Term) -> bool:
        if self._is_number(below):
            self._same(result, above, term)
            return True
        return self._is_some(below)

    def _product(self, a: Shape, b: Shape, result: Shape, join: str, term: Term) -> bool:
        if self._is_number(a):
            self._same(result, b, term)
            return True
        if self._is_number(b):
            self._same(result, a, term)
            return True
        if self._is_some(a) and self._is_some(b):
            if self._both_columns(a, b) and join == r"\cdot":
                self._same(a, b, term)
                self._number(result, term)
                return True
            if self._both_columns(a, b):
                return True  # no product: that is for the verdict
            self._meet(a, b, result, term)
            return True
        state = self._state
        # a matrix before something whose product is one column, a row whose product is a number
        if state(a[1]) == MANY and state(result[1]) == ONE:
            self._meet(a, b, result, term)
            return True
        if state(b[0]) == MANY and state(result[0]) == ONE and state(b[1]) == ONE:
            self._meet(a, b, result, term)
            return True
        if state(b[0]) == MANY and state(b[1]) == ONE and self._is_number(result):
            if join == r"\cdot":
                self._same(a, b, term)
            else:
                self._meet(a, b, result, term)
            return True
        return False

    def _both_columns(self, a: Shape, b: Shape) -> bool:
        return all(self._state(s[0]) == MANY and self._state(s[1]) == ONE for s in (a, b))

    def _meet(self, a: Shape, b: Shape, result: Shape, term: Term) -> None:
        for one, other in ((a[1], b[0]), (a[0], result[0]), (b[1], result[1])):
            self._try(partial(self.axes.join, one, other, term.node.at), term)

    # what is left is decided by habit

    def _number_if_open(self, shape: Shape, term: Term) -> None:
        if not self._is_some(shape):
            self._number(shape, term)

    def _column_if_open(self, shape: Shape) -> None:
        if all(not self._state(axis) for axis in shape):
            self._column(shape)

    def _families(self) -> None:
        """A capital letter is the matrix of the vectors that its small letter names."""
        for name, (axis, entry) in self.entries.items():
            whole = (name[0], name[1].upper())
            if whole not in self.whole or whole == name or not self._is_some(entry):
                continue
            if (name[0], name[1]) in self.bare or whole in self.entries:
                continue
            term = Use(Leaf(self.first[whole], "LETTER", whole[1]), whole[1])
            for each in self.whole[whole]:
                self._mark(each, MANY, term)
            self._progress()
            root, high, wide = self.axes.root, *self.whole[whole]
            rows = root(high) == root(axis) or root(wide) == root(entry[0])
            columns = root(wide) == root(axis) or root(high) == root(entry[0])
            order = (axis, entry[0]) if rows and not columns else (entry[0], axis)
            self._same(self.whole[whole], order, term)
            self.matrices[name] = (whole[1], "rows" if rows and not columns else "columns")
            if not rows and not columns:
                choices = (f"columns of {whole[1]}", f"rows of {whole[1]}")
                self.asked[name] = Asked(name, self.first[whole], choices)

    def _settle(self) -> None:
        self.link = (-1, 0)
        for name, (axis, entry) in self.entries.items():
            if name in self.bare or self._is_some(self.whole[name]):
                self._link(name, axis, entry)
        self._progress()
        for _, decide, link in self._soft:
            self.link = link
            decide()
            self._progress()
        self.link = (-1, 0)
        self._families()
        self._progress()
        for name, (_, entry) in self.entries.items():
            if not self._is_some(entry) and name[1] not in self.bold:
                self._decide(name, entry, ("numbers", "vectors"), ONE)
            else:
                self._column(entry)
        waiting = [name for name in self.whole if name not in self.entries]
        while waiting:
            # what stands in products that are open comes first
            name = next(filter(self._in_a_product, waiting), waiting[0])
            waiting.remove(name)
            self._by_habit(name)
        self._progress()
        for shape in self.whole.values():
            for axis in shape:
                if not self._state(axis):
                    self.axes.mark(axis, ONE, Place())

    def _link(self, name: Name, axis: int, entry: Shape) -> None:
        """Where x and x_i both stand, x_i is an entry of x."""
        term = Use(Leaf(self.first[name], "LETTER", name[1]), name[1])
        self._try(lambda: self.axes.join(axis, self.whole[name][0], term.node.at), term)
        self._mark(self.whole[name][1], ONE, term)
        self._number(entry, term)

    def _column(self, shape: Shape) -> None:
        for axis, state in zip(shape, (MANY, ONE), strict=True):
            if not self._state(axis):
                self.axes.mark(axis, state, Place())
        self._progress()

    def _decide(self, name: Name, shape: Shape, choices: tuple[str, ...], state: str) -> None:
        open_ = [axis for axis in shape if not self._state(axis)]
        if open_:
            self.asked[name] = Asked(name, self.first[name], choices)
            for axis in open_:
                self.axes.mark(axis, state, self.first[name])
            self._progress()

    def _by_habit(self, name: Name) -> None:
        shape = self.whole[name]
        if all(self._state(axis) for axis in shape):
            return
        capital = is_capital(name[1])
        if self._is_some(shape):
            # one axis is no unit: a column, unless it is written like a matrix
            if self._state(shape[0]) == MANY and not capital:
                self._decide(name, shape, ("vector", "matrix"), ONE)
            else:
                self._decide(name, shape, ("matrix", "vector"), MANY)
        elif name[1] in self.bold or (not capital and self._behind_a_matrix(name)):
            self._column(shape)
            self.asked[name] = Asked(name, self.first[name], ("vector", "scalar"))
        elif capital and self._in_a_product(name):
            self._decide(name, shape, ("matrix", "scalar", "vector"), MANY)
        else:
            self._decide(name, shape, ("scalar", "vector"), ONE)

    def _behind_a_matrix(self, name: Name) -> bool:
        """Whether it stands right behind a matrix, in a product that is still open."""
        for _, term, _ in self._open:
            factors = term.factors if isinstance(term, Times) else ()
            for before, behind in pairwise(factors):
                matrix = isinstance(before, Use) and is_capital(before.name) and not before.sub
                if matrix and isinstance(behind, Use) and behind.name == name[1]:
                    return True
        return False

    def _in_a_product(self, name: Name) -> bool:
        """Whether it stands in a product that is still open."""
        return any(
            isinstance(each, Use) and each.name == name[1]
            for _, term, _ in self._open
            for each in within(term)
        )


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
