"""The names that can be used where a line stands, by what they are; and shapes of terms."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

from tests.lines.tree import (
    ZERO,
    Add,
    Arbitrary,
    Call,
    Cell,
    Closure,
    Define,
    Deriv,
    Det,
    Div,
    Dot,
    Env,
    Family,
    Index,
    Inv,
    Item,
    Labels,
    Line,
    Matmul,
    Matrix,
    Mul,
    Name,
    Neg,
    Odot,
    Picked,
    Prod,
    Scalar,
    Size,
    Subset,
    Sum,
    Term,
    Trace,
    Transpose,
    Vector,
    WholeOf,
    scoped_lines,
)

Shape = tuple[str | None, str | None] | tuple[()]
SPARE = "lpqrhsgm"  # letters for sums that nobody declared


class Unfit(Exception):
    """A rewriting or expansion that cannot be made here."""


class Context:
    """Declared names at the end of a file, each by its kind."""

    def __init__(self, env: Env) -> None:
        self.env = env
        self._names = {binding: name for name, binding in env.items()}
        self.sizes: list[str] = []
        self.scalars: list[str] = []
        self.letters: dict[str, str] = {}
        self.labels: dict[str, str] = {}  # the set of labels 1..n, by n
        self.vectors: dict[str, str] = {}
        self.matrices: dict[str, tuple[str, str]] = {}
        self.families: dict[str, tuple[str, str]] = {}
        self.wholes: dict[str, str] = {}  # the matrix of a family, and the family
        self.lists: dict[str, tuple[str, str]] = {}
        self.defined: dict[str, Closure] = {}
        self.arbitrary: dict[str, Arbitrary] = {}
        self.subsets: dict[str, tuple[str, str]] = {}  # what it is of, and of which labels
        self.positive: set[str] = set()
        self.symmetric: set[str] = set()
        self.totals: dict[str, int] = {}  # what the entries of a vector add up to
        self.row_totals: dict[str, int] = {}  # and those of each row of a matrix
        self.least: dict[str, int] = {}
        self.numbers: dict[str, str] = {}  # of which set a number or entry is, if that is said
        for name, binding in env.items():
            self._sort(name, binding)

    def _sort(self, name: str, binding: Cell | WholeOf | Closure) -> None:
        if isinstance(binding, Closure):
            self.defined[name] = binding
            return
        if isinstance(binding, WholeOf):
            family = self._names.get(binding.cell)
            if family is not None:
                self.wholes[name] = family
            return
        declaration = binding.declaration
        found = [self._names.get(axis, "") for axis in binding.axes]
        if isinstance(declaration, Subset) and declaration.list:
            found = found[:1]
        if not all(found) and not isinstance(declaration, Arbitrary):
            return  # its size is hidden
        match declaration:
            case Size(_, least):
                self.sizes.append(name)
                self.least[name] = least
            case Scalar(_, positive, numbers):
                self.scalars.append(name)
                self.numbers[name] = numbers
                self.positive |= {name} if positive else set()
            case Index(_, _, named):
                self.letters[name] = found[0]
                if named:
                    self.labels[found[0]] = named
            case Vector(_, _, positive, total, numbers):
                self.numbers[name] = numbers
                self.vectors[name] = found[0]
                self.positive |= {name} if positive else set()
                if total is not None:
                    self.totals[name] = total
            case Matrix(symmetric=symmetric, total=total):
                self.matrices[name] = (found[0], found[1])
                if total is not None:
                    self.row_totals[name] = total
                self.symmetric |= {name} if symmetric else set()
            case Family():
                self.families[name] = (found[0], found[1])
            case Labels():
                self.lists[name] = (found[0], found[1])
            case Arbitrary():
                self.arbitrary[name] = declaration
            case Subset(_, axis, labels):
                self.subsets[name] = axis, labels

    def letters_of(self, axis: str) -> list[str]:
        """The letters declared for the members of 1..n."""
        return [name for name, known in self.letters.items() if known == axis]

    def axes(self) -> list[str]:
        """Sizes that something runs over."""
        return [size for size in self.sizes if self.letters_of(size)]

    # Shapes

    def shape(self, term: Term, holes: Mapping[str, Shape] | None = None) -> Shape:
        """Rows and columns of a term, nothing for a number; raises Unfit where they clash."""
        holes = holes or {}
        match term:
            case Name(name):
                return self._shape_of_name(name, holes)
            case Picked(family, _):
                return (self.families[family][1], None)
            case Prod():
                return ()
            case Sum(_, _, _, inner) | Neg(inner) | Div(inner, _):
                return self.shape(inner, holes)
            case Deriv(_, by):
                return self.shape(by, holes)
            case Transpose(of):
                found = self.shape(of, holes)
                return (found[1], found[0]) if found else ()
            case Add(parts):
                shapes = {self.shape(part, holes) for part in parts}
                if len(shapes) != 1:
                    raise Unfit
                return shapes.pop()
            case Mul(parts):
                arrays = [found for part in parts if (found := self.shape(part, holes))]
                if len(arrays) > 1:
                    raise Unfit
                return arrays[0] if arrays else ()
            case Matmul(left, right):
                one, other = self.shape(left, holes), self.shape(right, holes)
                if not one or not other or one[1] != other[0]:
                    raise Unfit
                outer = (one[0], other[1])
                return () if outer == (None, None) else outer
            case Odot(left, right) | Dot(left, right):
                found = self.shape(left, holes)
                if not found or self.shape(right, holes) != found:
                    raise Unfit
                return found if isinstance(term, Odot) else ()
            case Trace(of) | Det(of) | Inv(of):
                found = self.shape(of, holes)
                if not found or found[0] is None or found[0] != found[1]:
                    raise Unfit
                return found if isinstance(term, Inv) else ()
            case Call(name, _) if name in self.defined:
                return self.shape(self.defined[name].definition.body, holes)
        return ()

    def _shape_of_name(self, name: str, holes: Mapping[str, Shape]) -> Shape:
        if name in holes:
            return holes[name]
        if name in self.vectors:
            return (self.vectors[name], None)
        if name in self.matrices:
            return self.matrices[name]
        if name in self.wholes:
            members, axis = self.families[self.wholes[name]]
            binding = self.env[name]
            columns = isinstance(binding, WholeOf) and binding.columns
            return (axis, members) if columns else (members, axis)
        if name in self.defined:
            definition: Define = self.defined[name].definition
            if definition.letters:
                axes = definition.axes
                return (axes[0], axes[1] if len(axes) > 1 else None)
            return self.shape(definition.body, holes)
        return ()

    # Letters

    def fresh(self, axis: str, avoid: set[str], random: Random | None = None) -> str:
        """A letter for a new sum over 1..n that is not among those to avoid."""
        known = [name for name in self.letters_of(axis) if name not in avoid]
        spare = [name for name in SPARE if name not in avoid and name not in self.env]
        if random is not None and known and random.random() < 0.8:
            return random.choice(known)
        found = next(iter([*known, *spare]), "")
        if not found:
            raise Unfit
        return found


def context_after(items: tuple[Item, ...]) -> Context:
    """What can be used behind these items."""
    return Context(scoped_lines((*items, Line(ZERO, ZERO)))[-1].env)
