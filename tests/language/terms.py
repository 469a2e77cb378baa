"""Random terms of a small vocabulary, and both meanings of a term compared at its instances.

Terms have every kind of node and are well typed by construction. Exponentials are of polynomials
and logarithms of what has one, so that most terms lie in the fragment that the exact field decides.
A term is made of few kinds of nodes (swarm testing), so that those it has meet one another.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from fractions import Fraction
from functools import partial
from itertools import product
from types import ModuleType
from typing import Any, Protocol, TypeVar

import numpy as np
from flint import arb
from hypothesis import strategies as st
from numpy.typing import NDArray
from sympy import Expr, IndexedBase, Integer, Symbol, exp

from derivations.indices import Index, IndexSet, total
from derivations.language import direct, index_form, tree
from derivations.language.functions import (
    ABOVE,
    ARCTAN,
    EXP,
    LOG,
    NOT_BELOW,
    SIGMOID,
    SINH,
    SOFTPLUS,
    SQRT,
    TANH,
    Elementary,
)
from derivations.language.index_nodes import differentiated
from derivations.language.tree import (
    Arbitrary,
    Array,
    Definition,
    IndexVariable,
    Member,
    Shape,
    Term,
    Variable,
    WordList,
)
from derivations.proof.decide import Balls
from derivations.proof.evaluate import Instance, Interpreter
from derivations.proof.field import Branch, Field, TooManyVariables
from derivations.proof.fragment import NoValue, OutsideFragment

# Index sets, variables, lists and functions of random terms, and instances of these.


ONE = Integer(1)
n = Symbol("n", integer=True, positive=True)
m = Symbol("m", integer=True, nonnegative=True)
N = Symbol("N", integer=True, positive=True)
K = Symbol("K", integer=True, nonnegative=True)
p = Symbol("p", integer=True, nonnegative=True)

SIZES = {"n": 1, "m": 0, "N": 1, "K": 0, "p": 0}  # with the least value of each
ROWS = IndexSet("row", ONE, n)
COLUMNS = IndexSet("column", ONE, m, inhabited=False)
WORDS = IndexSet("word", ONE, N, labels=True)
DRAWS = IndexSet("draw", ONE, K, inhabited=False)
OFFSETS = IndexSet("offset", -p, p)
SPACES = (ROWS, COLUMNS, WORDS, DRAWS, OFFSETS)
AXES = (ROWS, COLUMNS, WORDS)

LETTERS = tuple(
    IndexVariable(space, name)
    for space, name in ((ROWS, "s"), (WORDS, "o"), (WORDS, "c"), (DRAWS, "q"), (OFFSETS, "l"))
)
SHAPES: tuple[Shape, ...] = (
    (),
    (),
    (),
    (ROWS, None),
    (COLUMNS, None),
    (None, ROWS),
    (ROWS, ROWS),
    (ROWS, COLUMNS),
    (WORDS, ROWS),
    (WORDS, None),
)
VARIABLES = (
    Variable((), "a"),
    Variable((), "b"),
    Variable((ROWS, None), "x"),
    Variable((ROWS, None), "y"),
    Variable((COLUMNS, None), "z"),
    Variable((None, ROWS), "r"),
    Variable((ROWS, ROWS), "A"),
    Variable((ROWS, ROWS), "B"),
    Variable((ROWS, COLUMNS), "C"),
    Variable((WORDS, ROWS), "U"),
    Variable((WORDS, None), "t"),
)
FAMILY = Variable((ROWS, ROWS), "S", over=WORDS)  # a matrix for each word
DRAWN = WordList("w", WORDS, DRAWS)
NEAR = WordList("near", WORDS, OFFSETS)

OF_NUMBER = Arbitrary("f", (Variable((), "f1"),))
OF_VECTOR = Arbitrary("g", (Variable((ROWS, None), "g1"),))
OF_ALL = Arbitrary(
    "J", (Variable((ROWS, None), "J1"), IndexVariable(WORDS, "J2"), Variable((WORDS, ROWS), "J3"))
)
OF_TURNED = Arbitrary("L", (Variable((ROWS, WORDS), "L1"),))
ARBITRARY = (OF_NUMBER, OF_VECTOR, OF_ALL, OF_TURNED)

_s, _i, _h = Index("s", ROWS), Index("i", ROWS), Index("h", ROWS)
_A, _x = IndexedBase("A"), IndexedBase("x")
TYPED = (
    Array(total(_A[_h, _s] * _x[_h], _h), (), "typed"),
    Array(_A[_i, _s] + exp(_x[_i]), (_i, None), "column"),
    Array(_A[_i, _h] * _x[_s] - _A[_h, _i], (_i, _h), "square"),
)

INSTANCES = tuple(
    Instance(
        dict(zip(SIZES, sizes, strict=True)),
        {
            **{("w", (k,)): word for k, word in enumerate(drawn, start=1)},
            **{("near", (j,)): word for j, word in near.items()},
        },
        dict(zip(("s", "o", "c", "q", "l"), letters, strict=True)),
    )
    for sizes, drawn, near, letters in (
        ((2, 3, 2, 2, 1), (2, 1), {-1: 1, 1: 2}, (2, 1, 2, 2, 1)),
        ((2, 1, 3, 2, 1), (3, 2), {-1: 3, 1: 3}, (1, 3, 3, 2, -1)),
        ((1, 2, 2, 1, 0), (1,), {}, (1, 2, 1, 1, 0)),
        ((3, 2, 1, 2, 1), (1, 1), {-1: 1, 1: 1}, (2, 1, 1, 2, 0)),
        ((1, 0, 1, 0, 0), (), {}, (1, 1, 1, 1, 0)),
    )
)


# Numbers for the variables of `vocabulary.py`, and values of terms at them as NumPy arrays.


AT = INSTANCES[0]  # two rows, three columns, two words, two draws, a window of one
Floats = NDArray[np.float64]


def given(instance: Instance = AT) -> dict[str, Floats]:
    """An array for each variable; a number has no axes, a vector one."""
    rng = np.random.default_rng(1)
    found: dict[str, Floats] = {}
    for variable in (*VARIABLES, FAMILY):
        axes = [axis for axis in (variable.over, *variable.shape) if axis is not None]
        lengths = [instance.sizes[str(axis.upper)] for axis in axes]
        found[variable.name] = rng.integers(1, 9, size=lengths) / 4
    return found


def balls(instance: Instance = AT) -> Balls:
    """The same numbers, exactly."""
    values: dict[Hashable, Fraction] = {
        (name, tuple(n + 1 for n in place)): Fraction(float(array[place]))
        for name, array in given(instance).items()
        for place in product(*map(range, array.shape))
    }
    return Balls(values)


def value(term: Term, instance: Instance = AT, two: ModuleType = direct) -> Floats:
    """The value of a term, of the shape (rows, columns); of a number, one by one."""
    rows: list[list[arb]] = two.Direct(instance, balls(instance)).value(term)
    return np.array([[float(entry) for entry in row] for row in rows])


def named(name: str) -> Variable:
    """A variable of the vocabulary."""
    return next(variable for variable in VARIABLES if variable.name == name)


# The two meanings of a term compared exactly, entry by entry, at one instance.


ROOM = (16, 40, 120)


class Outcome(Enum):
    """What a comparison shows; ``OUTSIDE`` where one of the meanings says nothing."""

    AGREE = "agree"
    DIFFER = "differ"
    OUTSIDE = "outside the fragment"
    NO_VALUE = "no value"


Form = tuple[Expr, tuple[Index, ...]]


def form_of(term: Term, one: ModuleType = index_form) -> Form | None:
    """The entry in index notation with derivatives taken, and its axes, where it has one."""
    try:
        entry, axes = one.entry_of(term)
        return differentiated(entry), axes
    except OutsideFragment:
        return None


def compared(
    term: Term, instance: Instance, two: ModuleType = direct, one: ModuleType = index_form
) -> Outcome:
    """How meaning two of a term compares with meaning one; modules with faults can be given."""
    return compared_with(form_of(term, one), term, instance, two)


def compared_with(form: Form | None, term: Term, instance: Instance, two: ModuleType) -> Outcome:
    """The same where the index notation is known."""
    if form is None:
        return Outcome.OUTSIDE
    for room in ROOM:
        try:
            return _compared(term, *form, instance, Field(room), two)
        except TooManyVariables:
            continue
        except (OutsideFragment, Branch):
            return Outcome.OUTSIDE
        except (NoValue, ZeroDivisionError):
            return Outcome.NO_VALUE
    return Outcome.OUTSIDE


def _compared(
    term: Term,
    taken: Expr,
    axes: tuple[Index, ...],
    instance: Instance,
    exact: Field,
    two: ModuleType,
) -> Outcome:
    evaluator: Any = two.Direct(instance, exact)
    rows = evaluator.value(term)
    index_notation = Interpreter(instance, exact)
    places = (
        [()]
        if not term.shape
        else [
            (*i, *j)
            for i in evaluator.sets.places(term.shape[0])
            for j in evaluator.sets.places(term.shape[1])
        ]
    )
    entries = [entry for row in rows for entry in row]
    if len(entries) != len(places):
        return Outcome.DIFFER
    for place, entry in zip(places, entries, strict=True):
        scope = dict(zip(axes, place, strict=True))
        if not exact.equal(entry, index_notation.value(taken, scope)):
            return Outcome.DIFFER
        if not exact.equal(entry, evaluator.entry(term, place)):
            return Outcome.DIFFER
    return Outcome.AGREE


T = TypeVar("T")
NUMBER = "t"
DEPTH = 5
PLAIN = "plain"  # in every term
FEATURES = (
    "products",
    "transposes",
    "entries",
    "sums",
    "products over ranges",
    "conditions",
    "sizes",
    "powers",
    "inverses",
    "traces",
    "slices",
    "determinants",
    "functions",
    "further functions",
    "arbitrary functions",
    "tables",
    "rows",
    "constants",
    "typed",
    "definitions",
    "definitions of words",
    "definitions at each entry",
    "derivatives",
    "derivatives inside",
)


@dataclass(frozen=True)
class Around:
    """What may be mentioned: letters bound around here, and variables, parameters among them.

    In a ``plain`` place stand polynomials alone; ``closed`` is the inside of a definition, where
    free letters are left out; ``calls`` is how deep definitions may still nest.
    """

    letters: tuple[IndexVariable, ...] = LETTERS
    variables: tuple[Variable, ...] = VARIABLES
    parameters: tuple[Variable, ...] = ()
    plain: bool = False
    calls: int = 2

    def under(self, letter: IndexVariable) -> Around:
        return replace(self, letters=(*self.letters, letter))


Kind = Shape | IndexSet  # of a parameter: a shape, or the index set of a label
Kinds = list[tuple[str, Callable[[], Term]]]


def _typed(array: Array) -> Callable[[], Term]:
    return lambda: array


class Choose(Protocol):
    """Picks one of some options."""

    def __call__(self, options: Sequence[T], /) -> T: ...


class _Making:
    """Makes one term; every method makes one kind of node."""

    def __init__(self, choose: Choose) -> None:
        self.pick = choose
        self.made = 0
        self.features = {self.pick(FEATURES) for _ in range(6)}

    def invertible(self, axis: IndexSet, depth: int, here: Around) -> Term:
        """A square matrix that has an inverse at most numbers, of few terms."""
        variables = [each for each in here.variables if each.shape == (axis, axis)]
        if not variables:
            return tree.Identity(axis)
        matrix = tree.Reference(self.pick(variables))
        inner = matrix if depth == 0 else self.invertible(axis, depth - 1, here)
        return self.pick(
            (
                matrix,
                tree.Transpose(inner),
                tree.MatrixProduct(matrix, inner),
                tree.MatrixProduct(tree.Transpose(matrix), matrix),
                tree.Plus((tree.MatrixProduct(tree.Transpose(matrix), matrix), inner)),
                tree.Times(whole(2), inner),
                tree.Negative(inner),
                tree.Inverse(inner),
            )
        )

    def letter(self, space: IndexSet) -> IndexVariable:
        """A new bound letter; names repeat on purpose."""
        return IndexVariable(space, self.pick(("i", "j", "s", "o", "")))

    # Members

    def member(self, space: IndexSet, here: Around) -> Member:
        known: list[Callable[[], Member]] = []
        letters = [each for each in here.letters if each.space == space]
        if letters:
            known += [lambda: self.pick(letters)] * 4
        if space in (ROWS, WORDS):
            known.append(lambda: tree.Numbered(1))
        if space == OFFSETS:
            known.append(lambda: tree.Numbered(0))
        if space == WORDS:
            known.append(lambda: tree.ListEntry(DRAWN, self.member(DRAWS, here)))
            known.append(lambda: tree.ListEntry(NEAR, self.member(OFFSETS, here)))
        if space == ROWS:
            known.append(lambda: tree.Offset(None, tree.Size("n", 1)))
            if letters:
                known.append(lambda: tree.Offset(self.pick(letters), self.step()))
        return self.pick(known)() if known else tree.Numbered(1)

    def step(self) -> Term:
        return self.pick((whole(1), tree.Negative(whole(1)), whole(0)))

    def comparison(self, here: Around, space: IndexSet) -> tree.Comparison:
        left, right = self.member(space, here), self.member(space, here)
        return tree.Comparison(left, right, negated=self.pick((True, False)))

    # Terms

    def term(self, shape: Shape, depth: int, here: Around) -> Term:
        if depth <= 0 or self.pick(range(9)) == 4:
            return self.leaf(shape, here)
        kinds = self.numbers(depth, here) if not shape else self.arrays(shape, depth, here)
        fitting = [make for feature, make in kinds if feature in self.features]
        plain = [make for feature, make in kinds if feature == PLAIN]
        return self.pick([*fitting * 3, *plain])()

    def leaf(self, shape: Shape, here: Around) -> Term:
        parameters = [tree.Reference(each) for each in here.parameters if each.shape == shape]
        if not shape:
            ready: list[Term] = [tree.Reference(each) for each in here.variables if not each.shape]
            ready += parameters * 3
            ready.append(tree.Number(Fraction(self.pick((0, 1, 2, -1, 0.5)))))
            arrays = [each for each in (*here.variables, *here.parameters * 2) if each.shape]
            if arrays:
                ready += [self.entry_of(self.pick(arrays), here)] * 2
            return self.pick(ready)
        return self.pick(
            [*self.arrays_of(shape, here.variables), *parameters * 3]
            or self.arrays_of(shape, VARIABLES)
            or [tree.Zeros(shape)]
        )

    def arrays_of(self, shape: Shape, variables: Sequence[Variable]) -> list[Term]:
        """References of a shape, turned ones among them."""
        same: list[Term] = [tree.Reference(each) for each in variables if each.shape == shape]
        return same + [tree.Reference(each).T for each in variables if each.shape == shape[::-1]]

    def entry_of(self, variable: Variable, here: Around) -> tree.Entry:
        spaces = [axis for axis in variable.shape if axis is not None]
        members = tuple(self.member(space, here) for space in spaces)
        return tree.Entry(tree.Reference(variable), members)

    def row_of(self, variable: Variable, here: Around) -> tree.Row:
        return tree.Row(tree.Reference(variable), self.member(WORDS, here))

    def numbers(self, depth: int, here: Around) -> Kinds:
        def inner(shape: Shape = (), plain: bool | None = None) -> Term:
            around = here if plain is None else replace(here, plain=plain)
            return self.term(shape, depth - 1, around)

        def entry() -> Term:
            of = inner(self.pick([shape for shape in SHAPES if shape]))
            spaces = [axis for axis in of.shape if axis is not None]
            return tree.Entry(of, tuple(self.member(space, here) for space in spaces))

        def inner_product() -> Term:
            shape = self.pick([shape for shape in SHAPES if shape])
            return tree.InnerProduct(inner(shape), inner(shape))

        def matrix_product() -> Term:
            axis = self.pick((*AXES, None))
            return tree.MatrixProduct(inner((None, axis)), inner((axis, None)))

        def square() -> Shape:
            axis = self.pick(AXES)
            return (axis, axis)

        def determinant() -> Term:
            return tree.Determinant(self.invertible(self.pick(AXES), min(depth, 2), here))

        def indicator(spaces: Sequence[IndexSet]) -> Term:
            return tree.Indicator(tuple(self.comparison(here, space) for space in spaces))

        def cases() -> Term:
            said = (self.comparison(here, WORDS), self.comparison(here, self.pick((ROWS, WORDS))))
            return tree.Cases(((said[0],), (said[1],)), (inner(), inner(), inner()))

        kinds: Kinds = [
            (PLAIN, lambda: tree.Plus((inner(), inner()))),
            (PLAIN, lambda: tree.Times(inner(), inner())),
            ("conditions", cases),
            ("powers", lambda: tree.Negative(inner())),
            ("powers", lambda: tree.Power(inner(), self.pick((2, 3)))),
            ("transposes", lambda: tree.Transpose(inner())),
            ("conditions", lambda: tree.Times(indicator((WORDS,)), inner())),
            ("conditions", lambda: indicator(self.pick(((ROWS,), (WORDS,), (ROWS, WORDS))))),
            ("sizes", lambda: tree.Size(*self.pick(tuple(SIZES.items())))),
            ("sizes", lambda: tree.IndexNumber(self.member(ROWS, here))),
            ("entries", entry),
            ("sums", lambda: self.total((), depth, here)),
            ("products over ranges", lambda: self.product_over(depth, here)),
            ("products", inner_product),
            ("products", matrix_product),
            ("traces", lambda: tree.Trace(inner(square()))),
            ("derivatives", lambda: self.derivative((), depth, here)),
        ]
        if here.calls:
            kinds += [
                ("definitions", lambda: self.call((), depth, here)),
                ("definitions of words", lambda: self.call_at_each_word((), depth, here)),
                ("definitions at each entry", lambda: self.mapped((), depth, here)),
                ("derivatives inside", lambda: self.derivative_inside((), depth, here)),
            ]
        if not here.plain:
            kinds += [
                ("functions", lambda: tree.Apply(EXP, inner(plain=True))),
                ("functions", lambda: tree.Apply(LOG, self.positive(inner(plain=True)))),
                ("functions", lambda: tree.Quotient(inner(), self.positive(inner(plain=True)))),
                ("further functions", lambda: tree.Apply(self.further(), inner(plain=True))),
                ("further functions", lambda: tree.Apply(SQRT, self.positive(inner(plain=True)))),
                ("further functions", lambda: self.extremum(inner(plain=True))),
                ("further functions", lambda: self.furthest(depth, here)),
                ("further functions", lambda: self.choice(inner(plain=True), inner(), inner())),
                ("further functions", lambda: tree.Pi()),
                ("arbitrary functions", lambda: self.arbitrary(depth, here)),
                ("typed", lambda: TYPED[0]),
                ("determinants", determinant),
            ]
        return kinds

    def further(self) -> Elementary:
        """A function that has a value everywhere."""
        return self.pick((TANH, SINH, SIGMOID, SOFTPLUS, ARCTAN))

    def extremum(self, of: Term) -> Term:
        """The greater or less of two numbers of which it is known which is which."""
        parts = (of, tree.Plus((of, whole(1))))
        return tree.Extremum(self.pick((parts, parts[::-1])), self.pick((True, False)))

    def furthest(self, depth: int, here: Around) -> Term:
        """The greatest or least over words of something more, by one, at each word."""
        over = self.letter(WORDS)
        number = tree.Plus((self.term((), 0, here), tree.IndexNumber(over)))
        return tree.ExtremumOver(over, number, least=self.pick((True, False)))

    def choice(self, of: Term, value: Term, other: Term) -> Term:
        """One of two values by the sign of a number of which that is known."""
        above = self.positive(of)
        number = self.pick((above, tree.Negative(above)))
        return tree.Choice((tree.Apply(self.pick((ABOVE, NOT_BELOW)), number),), (value, other))

    def positive(self, of: Term) -> Term:
        """What has a logarithm and can be divided by."""
        return tree.Plus((whole(1), tree.Power(of, 2)))

    def arrays(self, shape: Shape, depth: int, here: Around) -> Kinds:
        assert shape
        row, column = shape

        def inner(of: Shape = shape, plain: bool | None = None) -> Term:
            around = here if plain is None else replace(here, plain=plain)
            return self.term(of, depth - 1, around)

        def table() -> Term:
            letters = tuple(None if axis is None else self.letter(axis) for axis in (row, column))
            around = here
            for each in letters:
                around = around if each is None else around.under(each)
            return tree.Table((letters[0], letters[1]), self.term((), depth - 1, around))

        def cases() -> Term:
            return tree.Cases(((self.comparison(here, WORDS),),), (inner(), inner()))

        def matrix_product() -> Term:
            axis = self.pick((*AXES, None))
            return tree.MatrixProduct(inner((row, axis)), inner((axis, column)))

        def one_below(under: Term) -> Term:
            return tree.Plus((tree.Constant(whole(1), shape), tree.Power(under, 2)))

        def divisor(of: Shape) -> Term:
            under = inner(of, plain=True)
            return one_below(under) if of else self.positive(under)

        kinds: Kinds = [
            (PLAIN, lambda: tree.Plus((inner(), inner()))),
            (PLAIN, lambda: tree.Times(inner(()), inner())),
            ("powers", lambda: tree.Times(inner(), inner(()))),
            ("powers", lambda: tree.Negative(inner())),
            ("powers", lambda: tree.Power(inner(), 2)),
            ("products", lambda: tree.Entrywise(inner(), inner())),
            ("transposes", lambda: tree.Transpose(inner(shape[::-1]))),
            ("tables", table),
            ("constants", lambda: tree.Zeros(shape)),
            ("constants", lambda: tree.Constant(inner(()), shape)),
            ("conditions", cases),
            ("sums", lambda: self.total(shape, depth, here)),
            ("derivatives", lambda: self.derivative(shape, depth, here)),
        ]
        if shape != (None, None):  # one row times one column is a number
            kinds += [("products", matrix_product)] * 2
        if row is not None and column is not None:
            kinds.append(("rows", lambda: self.rows(row, column, depth, here)))
        if column is None and row is not None:
            one = (WORDS, row)
            kinds.append(("rows", lambda: tree.Row(inner(one), self.member(WORDS, here))))
        if row == column == ROWS:
            kinds.append(("slices", lambda: self.slice(here)))
        if row == column and row is not None:
            kinds.append(("constants", lambda: tree.Identity(row)))
            if not here.plain:
                kinds += [
                    ("inverses", lambda: tree.Inverse(self.invertible(row, min(depth, 2), here)))
                ]
        if here.calls:
            kinds += [
                ("definitions", lambda: self.call(shape, depth, here)),
                ("definitions of words", lambda: self.call_at_each_word(shape, depth, here)),
                ("definitions at each entry", lambda: self.mapped(shape, depth, here)),
                ("derivatives inside", lambda: self.derivative_inside(shape, depth, here)),
            ]
        if not here.plain:
            either: tuple[Shape, ...] = (shape, ())
            one_of_it = self.pick(either)
            kinds += [
                ("functions", lambda: tree.Apply(EXP, inner(plain=True))),
                ("functions", lambda: tree.Apply(LOG, one_below(inner(plain=True)))),
                ("functions", lambda: tree.Quotient(inner(), divisor(one_of_it))),
                ("further functions", lambda: tree.Apply(self.further(), inner(plain=True))),
                ("further functions", lambda: tree.Apply(SQRT, one_below(inner(plain=True)))),
            ]
            kinds += [("typed", _typed(each)) for each in TYPED if each.shape == shape]
        return kinds

    def slice(self, here: Around) -> tree.Slice:
        """One matrix of a family."""
        return tree.Slice(FAMILY, self.member(WORDS, here))

    def rows(self, row: IndexSet, column: IndexSet, depth: int, here: Around) -> Term:
        """A matrix by its rows, or by its columns."""
        as_columns = self.pick((True, False))
        run, along = (column, row) if as_columns else (row, column)
        over = self.letter(run)
        body = self.term((along, None), depth - 1, here.under(over))
        return tree.Rows(over, body, as_columns)

    def total(self, shape: Shape, depth: int, here: Around) -> Term:
        space = self.pick((ROWS, COLUMNS, WORDS, DRAWS, OFFSETS))
        over = self.letter(space)
        around = here.under(over)
        lower: Term | None = None
        upper: Term | None = None
        if space == ROWS:
            size = tree.Size("n", 1)
            lower = self.pick((None, None, whole(1), whole(2)))
            upper = self.pick((None, None, size, tree.Plus((size, tree.Negative(whole(1))))))
            if upper is None and here.letters and self.pick((True, False, False)):
                upper = tree.IndexNumber(self.member(ROWS, here))
        where: tuple[tree.Comparison, ...] = ()
        if space == OFFSETS:
            where = (tree.Comparison(over, tree.Numbered(0), negated=True),)
        elif self.pick((True, False, False)):
            where = (
                tree.Comparison(over, self.member(space, here), negated=self.pick((True, False))),
            )
        body = self.term(shape, depth - 1, around)
        return tree.Sum(over, body, lower, upper, where)

    def product_over(self, depth: int, here: Around) -> Term:
        """A product with small factors: its degree is theirs, times how many there are."""
        found = self.total((), min(depth, 2), here)
        assert isinstance(found, tree.Sum)
        given = (found.over, found.body, found.lower, found.upper, found.where)
        return tree.IndexedProduct(*given)

    # Definitions, arbitrary functions, derivatives

    def definition(self, shape: Shape, of: Sequence[Kind], depth: int, here: Around) -> Definition:
        """A definition with parameters of these kinds: shapes, or index sets for labels."""
        parameters: list[IndexVariable | Variable] = []
        for kind in of:
            self.made += 1
            if isinstance(kind, IndexSet):
                parameters.append(self.letter(kind))
            else:
                parameters.append(Variable(kind, f"{NUMBER}{self.made}"))
        around = Around(
            letters=tuple(each for each in parameters if isinstance(each, IndexVariable)),
            variables=self.beside(parameters),
            parameters=tuple(each for each in parameters if isinstance(each, Variable)),
            plain=here.plain,
            calls=here.calls - 1,
        )
        body = self.term(shape, depth - 1, around)
        return Definition(self.pick("FGH"), tuple(parameters), body)

    def call(self, shape: Shape, depth: int, here: Around) -> Term:
        kinds: list[tuple[Kind, ...]] = [
            (),
            ((),),
            ((), ()),
            (WORDS,),
            (WORDS, ()),
            ((ROWS, None),),
            ((ROWS, None),),
            ((ROWS, ROWS), (ROWS, None)),
            ((), (WORDS, ROWS)),
        ]
        definition = self.definition(shape, self.pick(kinds), depth, here)
        arguments = tuple(
            self.member(each.space, here)
            if isinstance(each, IndexVariable)
            else self.term(each.shape, depth - 1, here)
            for each in definition.parameters
        )
        return tree.Call(definition, arguments)

    def beside(self, parameters: Sequence[IndexVariable | Variable]) -> tuple[Variable, ...]:
        """Two variables for the body of a definition: of words, where one is a parameter."""
        of_words = [each for each in VARIABLES if each.shape and each.shape[0] == WORDS]
        some = any(isinstance(each, IndexVariable) for each in parameters)
        return tuple(self.pick(of_words if some else VARIABLES) for _ in range(2))

    def call_at_each_word(self, shape: Shape, depth: int, here: Around) -> Term:
        """A definition of a word under a sum over words."""
        over = self.letter(WORDS)
        definition = self.definition(shape, (WORDS,), depth, here)
        words: tuple[Member, ...] = (over, over, tree.ListEntry(DRAWN, tree.Numbered(1)))
        word = self.pick(words)
        return tree.Sum(over, tree.Call(definition, (word,)))

    def derivative_inside(self, shape: Shape, depth: int, here: Around) -> Term:
        """A definition whose body is a derivative by its parameter, or by an entry of that."""
        some: tuple[Shape, ...] = ((), (ROWS, None), (ROWS, ROWS), (WORDS, ROWS))
        inner: Shape = shape or self.pick(some)
        self.made += 1
        parameter = Variable(inner, f"{NUMBER}{self.made}")
        around = Around((), self.beside(()), (parameter,), here.plain, here.calls - 1)
        by: tree.Target = tree.Reference(parameter)
        if inner != shape:
            by = self.entry_of(parameter, around)
        body = tree.Derivative(self.power_of(self.term((), depth - 1, around)), by)
        definition = Definition(self.pick("FGH"), (parameter,), body)
        return tree.Call(definition, (self.term(inner, depth - 2, here),))

    def mapped(self, shape: Shape, depth: int, here: Around) -> Term:
        definition = self.definition((), ((),), depth - 1, here)
        return tree.Mapped(definition, self.term(shape, depth - 1, here))

    def arbitrary(self, depth: int, here: Around) -> Term:
        function = self.pick(ARBITRARY)
        arguments = tuple(
            self.member(each.space, here)
            if isinstance(each, IndexVariable)
            else self.term(each.shape, self.pick((0, depth - 2)), here)
            for each in function.parameters
        )
        return tree.ArbitraryCall(function, arguments)

    def derivative(self, shape: Shape, depth: int, here: Around) -> Term:
        """By a variable, a parameter, or a part of one, that fits the shape."""
        known = (*here.variables, *here.parameters * 4)
        targets: list[Callable[[], tree.Target]] = [
            partial(tree.Reference, each) for each in known if each.shape == shape
        ]
        if not shape:
            arrays = [each for each in known if each.shape]
            targets += [partial(self.entry_of, each, here) for each in arrays]
        elif shape == (ROWS, None):
            matrices = [each for each in known if each.shape == (WORDS, ROWS)]
            targets += [partial(self.row_of, each, here) for each in matrices] * 3
        if shape == (ROWS, ROWS):
            targets.append(lambda: self.slice(here))
        if not shape:
            row, column = self.member(ROWS, here), self.member(ROWS, here)
            targets.append(lambda: tree.Entry(self.slice(here), (row, column)))
        if not targets:
            return self.leaf(shape, here)
        by = self.pick(targets)()
        if tree.variable_of(by) is FAMILY:
            of = tree.Entrywise(self.slice(here), self.term((ROWS, ROWS), depth - 1, here))
            return tree.Derivative(self.power_of(tree.Trace(of)), by)
        inside = self.about(tree.variable_of(by), here)
        return tree.Derivative(self.power_of(self.term((), depth - 1, inside)), by)

    def about(self, variable: Variable, here: Around) -> Around:
        """Where a variable is mentioned often."""
        beside = tuple(self.pick(here.variables) for _ in range(2)) if here.variables else ()
        if variable in here.parameters:
            return replace(here, variables=beside)
        return replace(here, variables=(variable, variable, *beside))

    def power_of(self, term: Term) -> Term:
        """A square in one of three cases: its derivative depends on the variable."""
        return tree.Power(term, 2) if self.pick((True, False, False)) else term


def whole(value: int) -> tree.Number:
    return tree.Number(Fraction(value))


def made(choose: Choose, depth: int = DEPTH) -> Term:
    """A term of any shape, whatever chooses."""
    making = _Making(choose)
    return making.term(choose(SHAPES), depth, Around())


@st.composite
def terms(draw: Callable[[st.SearchStrategy[Any]], Any], depth: int = DEPTH) -> Term:
    """A term of any shape, as Hypothesis draws it: one that fails is made small."""
    return made(lambda options: draw(st.sampled_from(options)), depth)
