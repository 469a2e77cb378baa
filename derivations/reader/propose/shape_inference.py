"""Shape inference by unification: what each term says of the shapes in it, and what contradicts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import Enum
from functools import partial
from itertools import pairwise

from derivations.reader.latex_commands import DIAGONAL, MATRIX_FUNCTIONS
from derivations.reader.propose.index_analysis import Displayed, Letter, Letters
from derivations.reader.propose.sketch import (
    ENTRYWISE,
    Applied,
    Constant,
    Elementary,
    Identity,
    Layout,
    Ones,
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
from derivations.reader.propose.stated import Stated
from derivations.reader.source import Place
from derivations.reader.syntax import Leaf

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


class _Clash(Exception):
    """Two axes that cannot be one."""

    def __init__(self, one: Axis, other: Axis, what: str) -> None:
        super().__init__(what)
        self.one, self.other, self.what = one, other, what


class _Axes:
    """All axes; those that are one share what is known."""

    def __init__(self, letters: Letters) -> None:
        self.letters = letters
        self._parent: list[int] = []
        self._axes: list[Axis] = []
        self.of_set: dict[Letter, int] = {}
        self.of_size: dict[str, int] = {}  # those of which prose names the size
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

    def sized(self, axis: int, size: str, at: Place) -> None:
        """An axis is as long as prose says: one, of a size that has a name, or only longer."""
        if size == "1":
            self.mark(axis, ONE, at)
            return
        self.mark(axis, MANY, at)
        if size:
            self.join(self.of_size.setdefault(size, axis), axis)

    def size_of(self, axis: int) -> str:
        """The size that prose names; empty where it names none."""
        root = self.root(axis)
        return next((size for size, one in self.of_size.items() if self.root(one) == root), "")

    def mark(self, axis: int, state: str, at: Place) -> None:
        """An axis is of length one, or of any length."""
        known = self.known(axis)
        if known.state and known.state != state:
            raise _Clash(known, Axis(state, None, at), _number_or_vector(known.state, state))
        if not known.state:
            self.changes += 1
            known.state, known.at = state, at

    def join(self, one: int, other: int) -> None:
        """Two axes are one."""
        first, second = self.root(one), self.root(other)
        if first == second:
            return
        a, b = self._axes[first], self._axes[second]
        if a.state and b.state and a.state != b.state:
            raise _Clash(a, b, _number_or_vector(a.state, b.state))
        sizes = {size for size in map(self.size_of, (first, second)) if size}
        if len(sizes) > 1:
            raise _Clash(a, b, " or ".join(sorted(sizes)))
        if a.set is not None and b.set is not None:
            ours, theirs = (self.letters.set_of(each) for each in (a.set, b.set))
            if ours != theirs and not self._agree(ours, theirs):
                said = [self.letters.range_of(each)[0].said for each in (ours, theirs)]
                raise _Clash(a, b, f"{said[0]} or {said[1]}")
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


# What is known of the shapes of all names of a file, and what contradicts it.
#
# Every term has two axes, rows and columns; an axis is of length one, or runs over a set. An
# equation that contradicts what was there before changes nothing and is reported, with both
# places.


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
        self.axes = _Axes(letters)
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
            self.attempt(partial(self.axes.join, ours, theirs), term)

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
        except _Clash as clash:
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

    def square_if_open(self, shape: Shape, term: Term) -> None:
        """A square matrix, unless it is known to be a number."""
        if not any(self.state(axis) == ONE for axis in shape):
            self.same(shape, shape[::-1], term)
            for axis in shape:
                self.mark(axis, MANY, term)

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


def not_a_number(shapes: Shapes, shape: Shape, term: Term) -> bool:
    """Of what is transposed one axis at least is no unit."""
    for axis, other in (shape, shape[::-1]):
        if shapes.state(axis) == ONE and not shapes.state(other):
            shapes.mark(other, MANY, term)
    return shapes.is_some(shape)


def quotient(shapes: Shapes, above: Shape, below: Shape, result: Shape, term: Term) -> bool:
    if shapes.is_number(below):
        shapes.same(result, above, term)
        return True
    return shapes.is_some(below)


def product_of(shapes: Shapes, a: Shape, b: Shape, result: Shape, join: str, term: Term) -> bool:
    if shapes.is_number(a):
        shapes.same(result, b, term)
        return True
    if shapes.is_number(b):
        shapes.same(result, a, term)
        return True
    if shapes.is_some(a) and shapes.is_some(b):
        if _both_columns(shapes, a, b) and join == r"\cdot":
            shapes.same(a, b, term)
            shapes.number(result, term)
            return True
        if _both_columns(shapes, a, b):
            return True  # no product: that is for the verdict
        _meet(shapes, a, b, result, term)
        return True
    state = shapes.state
    # a matrix before something whose product is one column, a row whose product is a number
    if state(a[1]) == MANY and state(result[1]) == ONE:
        _meet(shapes, a, b, result, term)
        return True
    if state(b[0]) == MANY and state(result[0]) == ONE and state(b[1]) == ONE:
        _meet(shapes, a, b, result, term)
        return True
    if state(b[0]) == MANY and state(b[1]) == ONE and shapes.is_number(result):
        if join == r"\cdot":
            shapes.same(a, b, term)
        else:
            _meet(shapes, a, b, result, term)
        return True
    return False


def _both_columns(shapes: Shapes, a: Shape, b: Shape) -> bool:
    return all(shapes.state(s[0]) == MANY and shapes.state(s[1]) == ONE for s in (a, b))


def _meet(shapes: Shapes, a: Shape, b: Shape, result: Shape, term: Term) -> None:
    for one, other in ((a[1], b[0]), (a[0], result[0]), (b[1], result[1])):
        shapes.attempt(partial(shapes.axes.join, one, other), term)


# Shape equations: what each term says of the shapes in it.
#
# The terms of a sum have one shape, the inner axes of a product meet, both sides of an equality
# have one shape. A product is decided as soon as enough is known of its factors.


class Equations:
    """The equations of one file, side by side and term by term."""

    def __init__(self, shapes: Shapes) -> None:
        self.shapes = shapes
        self.heads: dict[Name, tuple[Shape, Shape]] = {}  # argument and value of a function
        self.of_arrays: set[str] = set()  # functions whose values are written out cell by cell
        self.equal: list[tuple[Shape, Shape, Term, Link, bool]] = []  # loosely, if derivatives

    def of(self, chains: list[Displayed]) -> None:
        """Those within each side in the order of the text, then those between sides."""
        for number, chain in enumerate(chains):
            self.add(number, chain)
        for one, other, term, link, loose in self.equal:
            self.shapes.link = link
            self.shapes.same(one, self._laid(one, other) if loose else other, term)
            self.shapes.progress()

    def state(self, facts: Iterable[Stated]) -> None:
        """What prose says of shapes: before all equations, so that these are what contradicts."""
        for number, fact in enumerate(facts):
            if fact.sizes is None:
                continue
            self.shapes.part, self.shapes.link = fact.part, (-2, number)
            term = Reading(self.shapes.letters, self.shapes.functions, fact.part).term(fact.node)
            if not isinstance(term, Use):
                continue
            for axis, size in zip(self.shape(term), (*fact.sizes, "1", "1"), strict=False):
                sized = partial(self.shapes.axes.sized, axis, size, term.node.at)
                self.shapes.attempt(sized, term)
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
        terms = [None if side.node is None else reading.term(side.node) for side in shown.sides]
        laid_out = any(isinstance(each, Layout) for each in terms)
        for number, (side, term) in enumerate(zip(shown.sides, terms, strict=True)):
            self.shapes.link = (chain, number)
            if term is None:
                before = None
                continue
            if laid_out and isinstance(term, Applied):
                self.of_arrays.add(term.name)
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
                self.shapes.defer(lambda: quotient(self.shapes, above, below, result, term), term)
                return result
            case Power(of=of, exponent=exponent):
                self.shapes.number(self.shape(exponent), exponent)
                shape = self.shape(of)
                decide = partial(self.shapes.number_if_open, shape, of)
                if _is_inverted_matrix(of, exponent):
                    decide = partial(self.shapes.square_if_open, shape, of)
                self.shapes.habit(Habit.STRONG, decide)
                return shape
            case Turned(of=of):
                rows, columns = self.shape(of)
                self.shapes.defer(lambda: not_a_number(self.shapes, (rows, columns), term), term)
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
            case Ones():
                return self.shapes.axes.new(MANY, term.node.at), self.shapes.axes.new(
                    ONE, term.node.at
                )
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
                        axis, self.shapes.axes.over(letter, term.node.at)
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
                self.shapes.attempt(partial(self.shapes.axes.join, axis, over), term)
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
            if term.name not in self.of_arrays:
                self.shapes.defer(lambda: self._entrywise(shapes[0], value, term), term)
            habit = partial(self.shapes.number_if_open, value, term)
            self.shapes.habit(Habit.WEAK, habit)
            head, its = self.heads.setdefault(name, (shapes[0], value))
            if head is not shapes[0] and term.name in self.of_arrays:
                self.shapes.same(its, value, term)
            elif head is not shapes[0]:
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
                    partial(quotient, self.shapes, left, right, product, whole), whole
                )
            elif join == r"\odot":
                self.shapes.same(left, right, factor)
                product = left
            else:
                if join == r"\cdot" and _of_one_family(factors):
                    self.shapes.habit(Habit.STRONG, partial(self.shapes.column_if_open, left))
                    self.shapes.habit(Habit.STRONG, partial(self.shapes.column_if_open, right))
                self.shapes.defer(
                    partial(product_of, self.shapes, left, right, product, join, whole),
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
        if term.is_of_numbers:
            for axis, count in ((rows, len(term.rows)), (columns, len(term.rows[0]))):
                self.shapes.axes.sized(axis, str(count), term.node.at)
        elif len(term.rows) == 1 and len(term.rows[0]) > 1:
            self.shapes.mark(columns, MANY, term)
        return rows, columns


def _of_one_family(factors: tuple[Term, ...]) -> bool:
    """``z_i \\cdot z_j``: two members of one family, which are vectors as a rule."""
    names = [each.name for each in factors if isinstance(each, Use) and each.sub]
    return len(names) > len(set(names))


def _is_inverted_matrix(of: Term, exponent: Term) -> bool:
    """``A^{-1}`` and ``(X^T X)^{-1}``: of capital letters, the inverse of a matrix as a rule."""
    match exponent:
        case Plus(signs=("-",), terms=(Constant(text="1"),)):
            names = [each for each in within(of) if isinstance(each, Use) and not each.sub]
            return any(is_capital(each.name) for each in names)
    return False


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
        if self.shapes.is_some(entry):
            self.shapes.same(self.shapes.whole[name], entry, term)
            return
        self.shapes.attempt(lambda: self.shapes.axes.join(axis, self.shapes.whole[name][0]), term)
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
                while isinstance(before, Turned | Power):
                    before = before.of
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
