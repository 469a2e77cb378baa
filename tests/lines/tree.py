"""Terms, declarations and files as data: what is written, by name, before any spelling is chosen.

Nothing here is shared with the project that is tested. Names are looked up from the inside out:
a letter that a sum binds hides what was called so before, and a definition keeps the meaning that
its names have where it stands.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

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
