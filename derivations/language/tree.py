"""Abstract syntax of resolved formulas: typed terms in which every name is an object.

A bound variable is compared by identity, so that capture cannot be written down; its name is a
hint for printing. A definition is a node of a graph: what its body mentions was resolved where it
stands (lexical scope), and an application keeps its arguments apart from the body. Every term has
a shape, checked when the node is made: a tree that does not fit raises `IllTyped`.

Two modules give terms a meaning and share nothing but this file: `index_form.py` (index notation
at symbolic sizes) and `direct.py` (values at concrete sizes).

Shapes: ``()`` is a number; ``(rows, columns)`` an array whose axes run over index sets, None for an
axis of length one. Vectors are columns: ``(space, None)``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import TypeVar

from sympy import Expr

from derivations.indices import Index, IndexSet, Names
from derivations.language.functions import Elementary

Axis = IndexSet | None
Shape = tuple[()] | tuple[Axis, Axis]


class IllTyped(TypeError):
    """Two shapes, or a term and what is wanted in its place, that do not fit."""

    def __init__(self, left: str, right: str) -> None:
        super().__init__(f"{left} does not fit {right}")
        self.left, self.right = left, right


def spelled(shape: Shape) -> str:
    """A shape as a reader writes it, for example ``(d, N)``."""
    if not shape:
        return "scalar"
    return "({})".format(", ".join(str(axis.size) if axis else "1" for axis in shape))


def vector_axis(shape: Shape) -> Axis:
    """The one index set that the entries of a row or column run over; None for other shapes."""
    spaces = [axis for axis in shape if axis is not None]
    return spaces[0] if len(spaces) == 1 else None


# Objects that names stand for ------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class IndexVariable:
    """A letter for a member of ``space``: free, bound by a sum or table, or a parameter.

    ``name`` is unique among the free ones of a document; of a bound one it is a hint.
    """

    space: IndexSet
    name: str
    latex: str = ""


@dataclass(frozen=True, eq=False)
class Variable:
    """A real number, vector or matrix that is given, or a parameter of a definition.

    ``name`` is unique among those of a document. ``transposed`` says that ``latex`` names the
    transpose; ``family`` is how one row is written, ``u`` in ``u_w``. Where there is a set
    ``over``, there is one matrix for each of its members, and each is a `Slice`.
    """

    shape: Shape
    name: str
    latex: str = ""
    transposed: bool = False
    family: str = ""
    over: IndexSet | None = None


@dataclass(frozen=True, eq=False)
class WordList:
    """A list of labels: members of ``values`` at the places ``places``.

    ``origin`` is the letter its subscripts start from, t in ``w_{t+j}``.
    """

    name: str
    values: IndexSet
    places: IndexSet
    latex: str = ""
    origin: str = ""


Parameter = IndexVariable | Variable


@dataclass(frozen=True, eq=False)
class Definition:
    """An abbreviation: ``body`` for every value of its parameters.

    ``pattern`` is how an application is written: LaTeX, with the number of a parameter where its
    argument stands. ``names`` has the letters that were declared where it stands.
    """

    name: str
    parameters: tuple[Parameter, ...]
    body: Term
    pattern: tuple[str | int, ...] = ()
    names: Names = field(default_factory=Names)


@dataclass(frozen=True, eq=False)
class Arbitrary:
    """A function of which nothing is known but what it depends on: numbers, arrays, labels."""

    name: str
    parameters: tuple[Parameter, ...]
    pattern: tuple[str | int, ...] = ()


# Members of index sets -------------------------------------------------------------------------


@dataclass(frozen=True)
class Numbered:
    """The member with this number."""

    value: int


@dataclass(frozen=True)
class ListEntry:
    """The label at one place of a list."""

    words: WordList
    at: Member


@dataclass(frozen=True)
class Offset:
    """The member ``by`` further on than another one, or the member with the number ``by``.

    ``by`` is a whole number made of sizes: ``i + 1``, ``n``, ``n - 1``.
    """

    of: IndexVariable | None
    by: Term


Member = IndexVariable | Numbered | ListEntry | Offset


@dataclass(frozen=True)
class Comparison:
    """Whether two members are the same one, or (``negated``) are not."""

    left: Member
    right: Member
    negated: bool = False


# Terms -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Misfit:
    """A piece of matrix algebra without a meaning: which piece, and both shapes."""

    part: str
    left: str
    right: str

    def __str__(self) -> str:
        return f"{self.part}: {self.left} does not fit {self.right}"


def well_typed(*values: Term | Misfit) -> list[Term]:
    """Those that are terms."""
    return [each for each in values if isinstance(each, Term)]


_UNCHECKED: ContextVar[bool] = ContextVar("unchecked", default=False)


@contextmanager
def unchecked() -> Iterator[None]:
    """Nodes made inside may have parts that do not fit; see `unfit.py`, which alone makes some."""
    token = _UNCHECKED.set(True)
    try:
        yield
    finally:
        _UNCHECKED.reset(token)


Looked = TypeVar("Looked")


def remembered(function: Callable[[Term], Looked]) -> Callable[[Term], Looked]:
    """A function of a term that is worked out once for each term object, and kept with it."""
    name = f"{function.__module__}.{function.__qualname__}"

    def looked_up(term: Term) -> Looked:
        known = vars(term)
        if name not in known:
            known[name] = function(term)
        found: Looked = known[name]
        return found

    return looked_up


@dataclass(frozen=True)
class Term:
    """A number, vector or matrix. ``at`` is where it stands in the text: line and column."""

    at: tuple[int, int] | None = field(default=None, compare=False, kw_only=True, repr=False)

    @cached_property
    def shape(self) -> Shape:
        """The index sets of rows and columns."""
        return self._shape()

    def __post_init__(self) -> None:
        if not _UNCHECKED.get():
            _ = self.shape  # what does not fit is refused here

    def _shape(self) -> Shape:
        raise NotImplementedError

    @property
    def T(self) -> Transpose:
        """The transpose."""
        return Transpose(self)

    def __matmul__(self, other: Term | Misfit) -> Term | Misfit:
        """The matrix product; a `Misfit` where the inner axes differ."""
        if isinstance(other, Misfit):
            return other
        try:
            return MatrixProduct(self, other)
        except IllTyped as error:
            part = f"{notation(self)} {notation(other)}"
            return Misfit(part, error.left, error.right)

    def __sub__(self, other: Term | Misfit) -> Term | Misfit:
        """Entry by entry; a `Misfit` where the shapes differ."""
        if isinstance(other, Misfit):
            return other
        try:
            return Plus((self, Negative(other)))
        except IllTyped as error:
            part = f"({notation(self)} − {notation(other)})"
            return Misfit(part, error.left, error.right)


def _require_number(term: Term, wanted: str) -> None:
    if term.shape:
        raise IllTyped(f"shape {spelled(term.shape)}", wanted)


def _require_same(left: Term, right: Term) -> None:
    if left.shape != right.shape:
        raise IllTyped(spelled(left.shape), spelled(right.shape))


@dataclass(frozen=True)
class Array(Term):
    """An array typed in Python by its entry in index notation at row and column ``axes``.

    ``name`` is what it is called where matrices are printed; no axes for a number.
    """

    entry: Expr
    axes: tuple[()] | tuple[Index | None, Index | None] = ()
    name: str = ""

    def _shape(self) -> Shape:
        if not self.axes:
            return ()
        row, column = (axis.space if axis is not None else None for axis in self.axes)
        return (row, column)


def column(entry: Expr, index: Index, name: str = "") -> Array:
    """The column vector with ``entry`` at ``index``."""
    return Array(entry, (index, None), name)


@dataclass(frozen=True)
class Number(Term):
    """A rational number."""

    value: Fraction

    def _shape(self) -> Shape:
        return ()


@dataclass(frozen=True)
class Pi(Term):
    """The number that a circle is longer than its diameter."""

    def _shape(self) -> Shape:
        return ()


@dataclass(frozen=True)
class Size(Term):
    """A size as a number; ``least`` is the least value it may have, 0 or 1."""

    name: str
    least: int = 0

    def _shape(self) -> Shape:
        return ()


@dataclass(frozen=True)
class IndexNumber(Term):
    """A member of a range of numbers, as the number it is."""

    member: Member

    def _shape(self) -> Shape:
        return ()


@dataclass(frozen=True)
class Reference(Term):
    """A variable."""

    variable: Variable

    def _shape(self) -> Shape:
        return self.variable.shape


@dataclass(frozen=True)
class Entry(Term):
    """One entry: a member for each axis that is not of length one."""

    of: Term
    members: tuple[Member, ...]

    def _shape(self) -> Shape:
        axes = sum(axis is not None for axis in self.of.shape)
        if len(self.members) != axes:
            raise IllTyped(f"{len(self.members)} subscripts", f"shape {spelled(self.of.shape)}")
        return ()


@dataclass(frozen=True)
class Row(Term):
    """One row of a matrix, as a column vector: a member of a family of vectors."""

    of: Term
    member: Member

    def _shape(self) -> Shape:
        if len(self.of.shape) != 2 or self.of.shape[0] is None:
            raise IllTyped(f"shape {spelled(self.of.shape)}", "rows")
        return (self.of.shape[1], None)


@dataclass(frozen=True)
class Slice(Term):
    """One matrix of a family."""

    variable: Variable
    member: Member

    def _shape(self) -> Shape:
        if self.variable.over is None:
            raise IllTyped(f"shape {spelled(self.variable.shape)}", "a family of matrices")
        return self.variable.shape


@dataclass(frozen=True)
class Table(Term):
    """An array given entry by entry: ``body`` at each member of the axes, None for length one."""

    axes: tuple[IndexVariable | None, IndexVariable | None]
    body: Term

    def _shape(self) -> Shape:
        _require_number(self.body, "an entry, which is a number")
        row, column = (axis.space if axis is not None else None for axis in self.axes)
        return (row, column)


@dataclass(frozen=True)
class Rows(Term):
    """A matrix given row by row (or column by column): ``body`` is a column vector."""

    over: IndexVariable
    body: Term
    as_columns: bool = False

    def _shape(self) -> Shape:
        if len(self.body.shape) != 2 or self.body.shape[1] is not None:
            raise IllTyped(f"cells of shape {spelled(self.body.shape)}", "a column vector")
        inner = self.body.shape[0]
        return (inner, self.over.space) if self.as_columns else (self.over.space, inner)


@dataclass(frozen=True)
class Zeros(Term):
    """The array of zeros of a shape: a zero that was written where an array belongs."""

    of_shape: Shape

    def _shape(self) -> Shape:
        return self.of_shape


@dataclass(frozen=True)
class Constant(Term):
    """The array with one number in every entry, as 1 in ``1 - h`` with a vector h."""

    of: Term
    of_shape: Shape

    def _shape(self) -> Shape:
        _require_number(self.of, "an entry, which is a number")
        return self.of_shape


@dataclass(frozen=True)
class Identity(Term):
    """The identity matrix over an index set."""

    space: IndexSet

    def _shape(self) -> Shape:
        return (self.space, self.space)


@dataclass(frozen=True)
class Indicator(Term):
    """One where every comparison holds, else zero."""

    comparisons: tuple[Comparison, ...]

    def _shape(self) -> Shape:
        return ()


@dataclass(frozen=True)
class Cases(Term):
    """The first of ``values`` whose comparisons all hold; the last one, which has none, else."""

    conditions: tuple[tuple[Comparison, ...], ...]
    values: tuple[Term, ...]

    def _shape(self) -> Shape:
        if len(self.values) != len(self.conditions) + 1:
            raise IllTyped(f"{len(self.values)} values", f"{len(self.conditions)} conditions")
        for value in self.values[1:]:
            _require_same(self.values[0], value)
        return self.values[0].shape


@dataclass(frozen=True)
class Choice(Term):
    """The first of ``values`` whose test holds; the last one, which has none, where none does.

    ``tests`` are numbers that are one where they hold, else zero. Without a last value there is
    none where no test holds. What is not chosen need not have a value.
    """

    tests: tuple[Term, ...]
    values: tuple[Term, ...]

    def _shape(self) -> Shape:
        if not 0 <= len(self.values) - len(self.tests) <= 1:
            raise IllTyped(f"{len(self.values)} values", f"{len(self.tests)} tests")
        for test in self.tests:
            _require_number(test, "a test, which is a number")
        for value in self.values[1:]:
            _require_same(self.values[0], value)
        return self.values[0].shape


@dataclass(frozen=True)
class Ranged(Term):
    """``body`` at the members of a set that are within bounds and meet conditions.

    ``lower`` and ``upper`` are whole numbers, None for the ends of the set.
    """

    over: IndexVariable
    body: Term
    lower: Term | None = None
    upper: Term | None = None
    where: tuple[Comparison, ...] = ()

    def _shape(self) -> Shape:
        for bound in (self.lower, self.upper):
            if bound is not None:
                _require_number(bound, "a bound of a sum, which is a number")
        return self.body.shape


@dataclass(frozen=True)
class Sum(Ranged):
    """The sum of ``body`` over a range; where that is empty, it is zero."""


@dataclass(frozen=True)
class IndexedProduct(Ranged):
    """The product of numbers over a range; where that is empty, it is one."""

    def _shape(self) -> Shape:
        _require_number(self.body, "a factor of a product over a range, which is a number")
        return super()._shape()


@dataclass(frozen=True)
class ExtremumOver(Ranged):
    """The greatest of some numbers over a range, or the least; of none there is none."""

    least: bool = False

    def _shape(self) -> Shape:
        _require_number(self.body, "one of the numbers of which the greatest is taken")
        return super()._shape()


@dataclass(frozen=True)
class Plus(Term):
    """The sum of terms of one shape."""

    parts: tuple[Term, ...]

    def _shape(self) -> Shape:
        for part in self.parts[1:]:
            _require_same(self.parts[0], part)
        return self.parts[0].shape


@dataclass(frozen=True)
class Negative(Term):
    """Minus a term."""

    of: Term

    def _shape(self) -> Shape:
        return self.of.shape


@dataclass(frozen=True)
class Times(Term):
    """A product of which at most one factor is no number."""

    left: Term
    right: Term

    def _shape(self) -> Shape:
        if self.left.shape and self.right.shape:
            raise IllTyped(spelled(self.left.shape), spelled(self.right.shape))
        return self.left.shape or self.right.shape


@dataclass(frozen=True)
class Entrywise(Term):
    """The product of two arrays entry by entry (Hadamard product)."""

    left: Term
    right: Term

    def _shape(self) -> Shape:
        _require_same(self.left, self.right)
        return self.left.shape


@dataclass(frozen=True)
class MatrixProduct(Term):
    """The matrix product; a number where both outer axes have length one."""

    left: Term
    right: Term

    def _shape(self) -> Shape:
        if len(self.left.shape) != 2 or len(self.right.shape) != 2:
            raise IllTyped(spelled(self.left.shape), spelled(self.right.shape))
        (row, inner), (picked, column) = self.left.shape, self.right.shape
        if inner != picked:
            raise IllTyped(spelled(self.left.shape), spelled(self.right.shape))
        return (row, column) if row is not None or column is not None else ()


@dataclass(frozen=True)
class InnerProduct(Term):
    """The sum of the products of corresponding entries of two arrays of one shape."""

    left: Term
    right: Term

    def _shape(self) -> Shape:
        _require_same(self.left, self.right)
        return ()


@dataclass(frozen=True)
class Quotient(Term):
    """Divided by a number, or entry by entry by an array of the same shape."""

    over: Term
    under: Term

    def _shape(self) -> Shape:
        if self.under.shape:
            _require_same(self.over, self.under)
        return self.over.shape


@dataclass(frozen=True)
class Power(Term):
    """A whole power, of each entry."""

    base: Term
    exponent: int

    def _shape(self) -> Shape:
        return self.base.shape


@dataclass(frozen=True)
class Transpose(Term):
    """The transpose; a number is its own."""

    of: Term

    def _shape(self) -> Shape:
        if not self.of.shape:
            return ()
        row, column = self.of.shape
        return (column, row)


def _require_square(term: Term, wanted: str) -> None:
    rows, columns = term.shape or (None, None)
    if rows is None or rows != columns:
        raise IllTyped(f"shape {spelled(term.shape)}", f"{wanted}, of a square matrix")


@dataclass(frozen=True)
class Inverse(Term):
    """The inverse of a square matrix; where that is singular, it has no value."""

    of: Term

    def _shape(self) -> Shape:
        _require_square(self.of, "an inverse")
        return self.of.shape


@dataclass(frozen=True)
class Trace(Term):
    """The sum of the diagonal entries of a square matrix."""

    of: Term

    def _shape(self) -> Shape:
        _require_square(self.of, "a trace")
        return ()


@dataclass(frozen=True)
class Determinant(Term):
    """The determinant of a square matrix."""

    of: Term

    def _shape(self) -> Shape:
        _require_square(self.of, "a determinant")
        return ()


@dataclass(frozen=True)
class Apply(Term):
    """An elementary function of each entry."""

    function: Elementary
    of: Term

    def _shape(self) -> Shape:
        return self.of.shape


@dataclass(frozen=True)
class Extremum(Term):
    """The greatest of some terms of one shape, or the least, entry by entry."""

    parts: tuple[Term, ...]
    least: bool = False

    def _shape(self) -> Shape:
        for part in self.parts[1:]:
            _require_same(self.parts[0], part)
        return self.parts[0].shape


def notation(term: Term) -> str:
    """Matrix algebra by the names of arrays typed in Python: ``U (ŷ − y)``, ``v_cᵀ``.

    Empty where a part has no name.
    """
    match term:
        case Array(name=name):
            return name
        case Transpose(of):
            return f"{name}ᵀ" if (name := notation(of)) else ""
        case MatrixProduct(left, right):
            names = notation(left), notation(right)
            return " ".join(names) if all(names) else ""
        case Plus((left, Negative(right))):
            names = notation(left), notation(right)
            return f"({names[0]} − {names[1]})" if all(names) else ""
    return ""


Argument = Member | Term


def _require_arguments(parameters: tuple[Parameter, ...], arguments: tuple[Argument, ...]) -> None:
    if len(parameters) != len(arguments):
        raise IllTyped(f"{len(arguments)} arguments", f"a function of {len(parameters)}")
    for parameter, argument in zip(parameters, arguments, strict=True):
        if isinstance(parameter, IndexVariable):
            if isinstance(argument, Term):
                raise IllTyped("a number", "a label")
        elif not isinstance(argument, Term):
            raise IllTyped("a label", "a number")
        elif parameter.shape != argument.shape:
            raise IllTyped(spelled(argument.shape), spelled(parameter.shape))


@dataclass(frozen=True)
class Call(Term):
    """A definition at some arguments, which mean what they mean where the call stands."""

    definition: Definition
    arguments: tuple[Argument, ...] = ()

    def _shape(self) -> Shape:
        _require_arguments(self.definition.parameters, self.arguments)
        return self.definition.body.shape


@dataclass(frozen=True)
class Mapped(Term):
    """A definition of one number, at each entry of an array."""

    definition: Definition
    of: Term

    def _shape(self) -> Shape:
        parameters = self.definition.parameters
        if len(parameters) != 1 or isinstance(parameters[0], IndexVariable) or parameters[0].shape:
            raise IllTyped("entry by entry", "a function of one number")
        _require_number(self.definition.body, "an entry, which is a number")
        return self.of.shape


@dataclass(frozen=True)
class ArbitraryCall(Term):
    """An arbitrary function at some arguments: a number."""

    function: Arbitrary
    arguments: tuple[Argument, ...]

    def _shape(self) -> Shape:
        _require_arguments(self.function.parameters, self.arguments)
        return ()


Target = Reference | Entry | Row | Slice


@dataclass(frozen=True)
class Derivative(Term):
    """The derivative of a number by a variable, or a part of one: in the shape of that.

    Where ``by`` is a parameter of a definition, the parameter varies and nothing else does.
    """

    of: Term
    by: Target

    def _shape(self) -> Shape:
        _require_number(self.of, "a derivative, which is of a number")
        inner = self.by if isinstance(self.by, Reference | Slice) else self.by.of
        if not isinstance(inner, Reference | Slice):
            raise IllTyped("a derivative by what is no variable", "a variable")
        return self.by.shape


def variable_of(by: Target) -> Variable:
    """The variable that a derivative is taken by, whole or in part."""
    inner = by if isinstance(by, Reference | Slice) else by.of
    assert isinstance(inner, Reference | Slice)
    return inner.variable
