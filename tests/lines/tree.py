"""Terms, declarations and files as data: what is written, by name, before it has a spelling.

Nothing here is shared with the project that is tested. Names are looked up from the inside out:
a letter that a sum binds hides what was called so before, and a definition keeps the meaning that
its names have where it stands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, fields, replace
from fractions import Fraction
from typing import get_args

# Members of index sets: what stands in a subscript ------------------------------------------


@dataclass(frozen=True, slots=True)
class Letter:
    """An index by its letter."""

    name: str


@dataclass(frozen=True, slots=True)
class Moved:
    """The member so many places behind another: ``i + 1``."""

    of: Letter
    by: int


@dataclass(frozen=True, slots=True)
class Nth:
    """A member by its number."""

    number: int


@dataclass(frozen=True, slots=True)
class End:
    """The last member of 1..n, or one ``by`` places from it."""

    size: str
    by: int = 0


@dataclass(frozen=True, slots=True)
class Listed:
    """An entry of a list of labels: ``w_k``."""

    list: str
    at: Letter


@dataclass(frozen=True, slots=True)
class SetName:
    """A subset of an index set, behind the sign of a membership: of one label, where it has one."""

    name: str
    at: Letter | None = None


Member = Letter | Moved | Nth | End | Listed | SetName


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two members compared; ``sign`` is one of ``= != < <=``, or ``in``, ``not in`` a set."""

    left: Member
    sign: str
    right: Member


@dataclass(frozen=True, slots=True)
class Distinct:
    """No label twice in a list."""

    list: str


@dataclass(frozen=True, slots=True)
class NotAmong:
    """A label that a list does not have."""

    label: Letter
    list: str


Assumption = Comparison | Distinct | NotAmong


@dataclass(frozen=True, slots=True)
class Whole:
    """All of 1..n, by the name of the size."""

    axis: str


@dataclass(frozen=True, slots=True)
class Between:
    """The members from ``low`` to ``high`` of 1..n; none where ``high`` is less."""

    axis: str
    low: Member
    high: Member


Range = Whole | Between

# Terms --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Num:
    """A number."""

    value: Fraction


@dataclass(frozen=True, slots=True)
class Name:
    """Whatever a name stands for: a number, an array, an index as a number, a definition."""

    name: str


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a vector or matrix."""

    of: Term
    at: tuple[Member, ...]


@dataclass(frozen=True, slots=True)
class Picked:
    """A vector of a family: ``u_w``."""

    family: str
    at: Member


@dataclass(frozen=True, slots=True)
class Sum:
    """A sum over one letter, where the conditions hold."""

    letter: str
    over: Range
    conditions: tuple[Comparison, ...]
    body: Term


@dataclass(frozen=True, slots=True)
class Prod:
    """A product of numbers over one letter, where the conditions hold."""

    letter: str
    over: Range
    conditions: tuple[Comparison, ...]
    body: Term


Ranged = Sum | Prod


@dataclass(frozen=True, slots=True)
class Card:
    """How many members a subset has."""

    of: SetName


@dataclass(frozen=True, slots=True)
class Indicator:
    """One where it holds, else zero."""

    of: Comparison


@dataclass(frozen=True, slots=True)
class Holds:
    """One where a number is below another one (``<``), or not above it (``<=``), else zero."""

    left: Term
    sign: str
    right: Term


@dataclass(frozen=True, slots=True)
class Either:
    """A number where an inequality holds, and another one where it does not."""

    left: Term
    sign: str
    right: Term
    then: Term
    otherwise: Term


@dataclass(frozen=True, slots=True)
class Add:
    """A sum of terms."""

    parts: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Neg:
    """The negative."""

    of: Term


@dataclass(frozen=True, slots=True)
class Mul:
    """A product of numbers; at most one factor is an array, which they multiply."""

    parts: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Div:
    """Divided by a number."""

    over: Term
    under: Term


@dataclass(frozen=True, slots=True)
class Pow:
    """A number to a whole power."""

    base: Term
    exponent: int


@dataclass(frozen=True, slots=True)
class Apply:
    """An elementary function of a number, by its name: ``exp``, ``sqrt``, ``tanh``."""

    function: str
    of: Term


@dataclass(frozen=True, slots=True)
class Call:
    """A defined or arbitrary function of arguments."""

    name: str
    arguments: tuple[Term | Member, ...]


@dataclass(frozen=True, slots=True)
class Prime:
    """The derivative of a function of one number, at an argument."""

    name: str
    argument: Term


@dataclass(frozen=True, slots=True)
class Matmul:
    """The product of two matrices; a number where both outer sides are one long."""

    left: Term
    right: Term


@dataclass(frozen=True, slots=True)
class Transpose:
    """The transpose."""

    of: Term


@dataclass(frozen=True, slots=True)
class Dot:
    """The inner product of two vectors."""

    left: Term
    right: Term


@dataclass(frozen=True, slots=True)
class NormSquared:
    """The inner product of a vector with itself."""

    of: Term


@dataclass(frozen=True, slots=True)
class Odot:
    """The product entry by entry."""

    left: Term
    right: Term


@dataclass(frozen=True, slots=True)
class Trace:
    """The sum of the diagonal entries."""

    of: Term


@dataclass(frozen=True, slots=True)
class Det:
    """The determinant."""

    of: Term


@dataclass(frozen=True, slots=True)
class Inv:
    """The inverse of a matrix."""

    of: Term


@dataclass(frozen=True, slots=True)
class Unit:
    """The identity matrix of a size."""

    axis: str


@dataclass(frozen=True, slots=True)
class Deriv:
    """The derivative of a number, in the shape of what it is taken by."""

    of: Term
    by: Name | Entry | Picked


Term = (
    Num
    | Name
    | Entry
    | Picked
    | Sum
    | Prod
    | Indicator
    | Holds
    | Either
    | Card
    | Add
    | Neg
    | Mul
    | Div
    | Pow
    | Apply
    | Call
    | Prime
    | Matmul
    | Transpose
    | Dot
    | NormSquared
    | Odot
    | Trace
    | Det
    | Inv
    | Unit
    | Deriv
)
ZERO, ONE, TWO = (Num(Fraction(n)) for n in range(3))

# Declarations and files ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Size:
    """A whole number from ``least`` on."""

    name: str
    least: int = 1


@dataclass(frozen=True, slots=True)
class Index:
    """A letter for any member of 1..n; of a named set they are labels, and no numbers."""

    name: str
    axis: str
    set: str = ""


@dataclass(frozen=True, slots=True)
class Scalar:
    """A real number; where ``positive``, above zero; of a set of ``numbers``, as it is written."""

    name: str
    positive: bool = False
    numbers: str = ""


@dataclass(frozen=True, slots=True)
class Vector:
    """A column; ``total`` is what its entries add up to, where that is said."""

    name: str
    axis: str
    positive: bool = False
    total: int | None = None
    numbers: str = ""


@dataclass(frozen=True, slots=True)
class Matrix:
    """A matrix; a symmetric one is its transpose. ``said`` may be more: that it is invertible, or
    positive definite. ``total`` is what each row adds up to, where that is said.
    """

    name: str
    rows: str
    columns: str
    symmetric: bool = False
    said: str = ""
    total: int | None = None


@dataclass(frozen=True, slots=True)
class Family:
    """A vector for each label, and the matrix of them if ``whole`` names it."""

    name: str
    letter: str
    axis: str
    members: str
    whole: str = ""
    columns: bool = True


@dataclass(frozen=True, slots=True)
class Labels:
    """A list of labels: ``w_k`` in a set of ``values``, k in 1..``places``."""

    name: str
    letter: str
    values: str
    set: str
    places: str


@dataclass(frozen=True, slots=True)
class Subset:
    """Any members of 1..n; with a ``list``, the places of a label in it: ``{i : y_i = c}``."""

    name: str
    axis: str
    list: str = ""
    letter: str = ""
    places: str = ""


@dataclass(frozen=True, slots=True)
class Parameter:
    """An argument: a ``number``, an ``index``, or ``fixed``, a declared vector itself."""

    kind: str
    name: str
    axis: str = ""


@dataclass(frozen=True, slots=True)
class Define:
    """An abbreviation: of parameters, or entry by entry for ``letters``, or of neither."""

    name: str
    parameters: tuple[Parameter, ...]
    letters: tuple[str, ...]
    axes: tuple[str, ...]
    body: Term


@dataclass(frozen=True, slots=True)
class Arbitrary:
    """Any function of these."""

    name: str
    parameters: tuple[Parameter, ...]


@dataclass(frozen=True, slots=True)
class Assume:
    """What is assumed from here on."""

    what: Assumption


Declaration = (
    Size | Index | Scalar | Vector | Matrix | Family | Labels | Subset | Define | Arbitrary | Assume
)


@dataclass(frozen=True, slots=True)
class Block:
    """A block of declarations."""

    given: tuple[Declaration, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A heading: only what was declared before the first one still holds."""

    name: str


@dataclass(frozen=True, slots=True)
class Line:
    """An equality that is claimed, under conditions of its own."""

    left: Term
    right: Term
    conditions: tuple[Comparison, ...] = ()


Item = Block | Part | Line
File = tuple[Item, ...]


# Ways through terms: what is inside one, paths to it, and the names and members in it.


Path = tuple[int, ...]


def children(term: Term) -> tuple[Term, ...]:
    """The terms right inside a term; members are none, what a derivative is taken by is one."""
    found: list[Term] = []
    for value in _values(term):
        for each in value if isinstance(value, tuple) else (value,):
            if isinstance(each, Term):
                found.append(each)
    return tuple(found)


def with_children(term: Term, new: tuple[Term, ...]) -> Term:
    """The term with other terms right inside it, in the order of ``children``."""
    rest = iter(new)
    changed: dict[str, object] = {}
    for name in _FIELDS[type(term)]:
        value = getattr(term, name)
        if isinstance(value, tuple):
            inside = tuple(next(rest) if isinstance(each, Term) else each for each in value)
            changed[name] = inside
        elif isinstance(value, Term):
            changed[name] = next(rest)
    return replace(term, **changed) if changed else term  # type: ignore[arg-type]


_FIELDS = {kind: tuple(field.name for field in fields(kind)) for kind in get_args(Term)}


def _values(term: Term) -> list[object]:
    return [getattr(term, name) for name in _FIELDS[type(term)]]


def subterms(term: Term, path: Path = ()) -> Iterator[tuple[Path, Term]]:
    """Every term in a term, itself first, with the way to it."""
    yield path, term
    for number, child in enumerate(children(term)):
        yield from subterms(child, (*path, number))


def put(term: Term, path: Path, new: Term) -> Term:
    """The term with another one at the end of a path."""
    if not path:
        return new
    inside = list(children(term))
    inside[path[0]] = put(inside[path[0]], path[1:], new)
    return with_children(term, tuple(inside))


def size_of(term: Term) -> int:
    """How many terms there are in a term."""
    return sum(1 for _ in subterms(term))


def members(term: Term) -> Iterator[Member]:
    """The members written right in a term, outside the terms inside it."""
    for value in _values(term):
        yield from _members(value)


def _members(value: object) -> Iterator[Member]:
    match value:
        case Letter() | Moved() | Nth() | End() | Listed() | SetName():
            yield value
        case Comparison(left, _, right):
            yield from (left, right)
        case Between(_, low, high):
            yield from (low, high)
        case tuple():
            for each in value:
                yield from _members(each)


def map_members(term: Term, change: Callable[[Member], Member]) -> Term:
    """The term with the members written right in it changed."""
    changed: dict[str, object] = {}
    for name in _FIELDS[type(term)]:
        old = getattr(term, name)
        new = _mapped(old, change)
        if new != old:
            changed[name] = new
    return replace(term, **changed) if changed else term  # type: ignore[arg-type]


def _mapped(value: object, change: Callable[[Member], Member]) -> object:
    match value:
        case Letter() | Moved() | Nth() | End() | Listed() | SetName():
            return change(value)
        case Comparison(left, sign, right):
            return Comparison(change(left), sign, change(right))
        case Between(axis, low, high):
            return Between(axis, change(low), change(high))
        case tuple():
            return tuple(_mapped(each, change) for each in value)
    return value


def letter_in(member: Member) -> str:
    """The letter in a member; empty where there is none."""
    match member:
        case Letter(name):
            return name
        case Moved(of, _) | Listed(_, of):
            return of.name
        case SetName(_, at):
            return at.name if at is not None else ""
    return ""


def names_in(term: Term) -> set[str]:
    """Every name and letter that occurs in a term, bound or free."""
    found: set[str] = set()
    for _, each in subterms(term):
        found.update(own_names(each))
    return found


def own_names(term: Term) -> set[str]:
    """The names written right in a term."""
    found = {letter_in(member) for member in members(term)} - {""}
    found |= {member.list for member in members(term) if isinstance(member, Listed)}
    found |= {member.size for member in members(term) if isinstance(member, End)}
    match term:
        case Name(name) | Call(name, _) | Prime(name, _) | Picked(name, _):
            found.add(name)
        case Unit(axis):
            found.add(axis)
        case Sum(letter, Whole(axis) | Between(axis)) | Prod(letter, Whole(axis) | Between(axis)):
            found |= {letter, axis}
    return found


# Lexical scope: what every name of a file stands for where a line stands.


class Cell:
    """One thing that was declared or bound; it is itself and nothing else."""

    __slots__ = ("axes", "declaration")

    def __init__(self, declaration: Declaration | None = None, axes: tuple[Cell, ...] = ()) -> None:
        self.declaration, self.axes = declaration, axes


@dataclass(frozen=True, slots=True, eq=False)
class WholeOf:
    """The matrix of the vectors of a family."""

    cell: Cell
    columns: bool


@dataclass(frozen=True, slots=True, eq=False)
class Closure:
    """A definition with the scope it stands in."""

    definition: Define
    env: Env


Binding = Cell | WholeOf | Closure
Env = dict[str, Binding]


@dataclass
class Scoped:
    """A line, what its names stand for, and what is assumed there with the names of then."""

    line: Line
    env: Env
    assumed: list[tuple[Assumption, Env]]
    cells: list[Cell]


@dataclass
class _State:
    env: Env = field(default_factory=dict)
    assumed: list[tuple[Assumption, Env]] = field(default_factory=list)


def scoped_lines(file: File) -> list[Scoped]:
    """The lines of a file, in order."""
    common, here = _State(), _State()
    cells: list[Cell] = []
    found: list[Scoped] = []
    in_part = False
    for item in file:
        match item:
            case Part():
                if not in_part:
                    common, in_part = here, True
                here = _State(dict(common.env), list(common.assumed))
            case Block(given):
                for declaration in given:
                    _declare(declaration, here, cells)
            case Line():
                assumed = [*here.assumed, *((each, here.env) for each in item.conditions)]
                found.append(Scoped(item, here.env, assumed, list(cells)))
    return found


def _declare(declaration: Declaration, here: _State, cells: list[Cell]) -> None:
    env = dict(here.env)  # what stands before keeps its names

    def cell(*axes: str) -> Cell:
        made = Cell(declaration, tuple(_size(env, axis) for axis in axes))
        cells.append(made)
        return made

    match declaration:
        case Size(name, _) | Scalar(name):
            env[name] = cell()
        case Index(name, axis, _) | Vector(name, axis):
            env[name] = cell(axis)
        case Matrix(name, rows, columns):
            env[name] = cell(rows, columns)
        case Family(name, _, axis, members, whole, columns):
            env[name] = made = cell(members, axis)
            if whole:
                env[whole] = WholeOf(made, columns)
        case Labels(name, letter, values, _, places):
            env[name] = cell(values, places)
            if not _is_index(env.get(letter)):
                made = Cell(Index(letter, places), (_size(env, places),))
                cells.append(made)
                env[letter] = made
        case Subset(name, axis):
            env[name] = made = cell(axis)
            if declaration.list:
                made.axes = (*made.axes, _cell(env, declaration.list))
        case Define(name, _, _, _, _):
            env[name] = Closure(declaration, here.env)
        case Arbitrary(name, parameters):
            fixed = [each.name for each in parameters if each.kind == "fixed"]
            made = cell()
            made.axes = tuple(_cell(env, each) for each in fixed)
            env[name] = made
        case Assume(what):
            here.assumed.append((what, here.env))
            return
    here.env = env


def _is_index(binding: Binding | None) -> bool:
    return isinstance(binding, Cell) and isinstance(binding.declaration, Index)


def _cell(env: Env, name: str) -> Cell:
    found = env[name]
    assert isinstance(found, Cell), name
    return found


def _size(env: Env, axis: str) -> Cell:
    found = _cell(env, axis)
    assert isinstance(found.declaration, Size), axis
    return found
