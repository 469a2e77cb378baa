"""Random terms of every kind of node (a Hypothesis strategy), well typed by construction.

Exponentials are of polynomials and logarithms of what has one, so that most terms lie in the
fragment that the exact field decides.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, TypeVar

from hypothesis import strategies as st

from derivations.indices import IndexSet
from derivations.language import tree
from derivations.language.functions import EXP, LOG
from derivations.language.tree import Definition, IndexVariable, Member, Shape, Term, Variable
from tests.language.vocabulary import (
    ARBITRARY,
    AXES,
    COLUMNS,
    DRAWN,
    DRAWS,
    LETTERS,
    NEAR,
    OFFSETS,
    ROWS,
    SHAPES,
    SIZES,
    TYPED,
    VARIABLES,
    WORDS,
)

T = TypeVar("T")
NUMBER, NUMBER_SHAPE = "t", ()
DEPTH = 4


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


class _Making:
    """Draws one term; every method makes one kind of node."""

    def __init__(self, draw: Callable[[st.SearchStrategy[Any]], Any]) -> None:
        self.draw = draw
        self.made = 0

    def pick(self, options: Sequence[T]) -> T:
        found: T = self.draw(st.sampled_from(options))
        return found

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
        if depth <= 0:
            return self.leaf(shape, here)
        kinds = self.numbers(depth, here) if not shape else self.arrays(shape, depth, here)
        return self.pick(kinds)()

    def leaf(self, shape: Shape, here: Around) -> Term:
        parameters = [tree.Reference(each) for each in here.parameters if each.shape == shape]
        if not shape:
            ready: list[Term] = [tree.Reference(each) for each in here.variables if not each.shape]
            ready += parameters * 3
            ready.append(tree.Number(Fraction(self.pick((0, 1, 2, -1, Fraction(1, 2))))))
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

    def entry_of(self, variable: Variable, here: Around) -> Term:
        spaces = [axis for axis in variable.shape if axis is not None]
        members = tuple(self.member(space, here) for space in spaces)
        return tree.Entry(tree.Reference(variable), members)

    def numbers(self, depth: int, here: Around) -> list[Callable[[], Term]]:
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

        kinds = [
            lambda: self.leaf((), here),
            lambda: tree.Plus((inner(), inner())),
            lambda: tree.Times(inner(), inner()),
            lambda: tree.Times(tree.Indicator((self.comparison(here, WORDS),)), inner()),
            lambda: tree.Negative(inner()),
            lambda: tree.Power(inner(), self.pick((2, 3))),
            lambda: tree.Transpose(inner()),
            lambda: tree.Indicator(
                tuple(
                    self.comparison(here, self.pick((ROWS, WORDS))) for _ in self.pick(("1", "12"))
                )
            ),
            lambda: tree.Size(*self.pick(tuple(SIZES.items()))),
            lambda: tree.IndexNumber(self.member(ROWS, here)),
            entry,
            lambda: self.total((), depth, here),
            lambda: self.total((), depth, here),
            inner_product,
            matrix_product,
            *[lambda: self.derivative((), depth, here)] * 4,
        ]
        if here.calls:
            kinds += [lambda: self.call((), depth, here)] * 4
            kinds.append(lambda: self.mapped((), depth, here))
        if not here.plain:
            kinds += [
                lambda: tree.Apply(EXP, inner(plain=True)),
                lambda: tree.Apply(LOG, self.positive(inner(plain=True))),
                lambda: tree.Quotient(inner(), self.positive(inner(plain=True))),
                lambda: self.arbitrary(depth, here),
                lambda: TYPED[0],
            ]
        return kinds

    def positive(self, of: Term) -> Term:
        """What has a logarithm and can be divided by."""
        return tree.Plus((whole(1), tree.Power(of, 2)))

    def arrays(self, shape: Shape, depth: int, here: Around) -> list[Callable[[], Term]]:
        row, column = shape  # type: ignore[misc]  # a number has no arrays

        def inner(of: Shape = shape, plain: bool | None = None) -> Term:
            around = here if plain is None else replace(here, plain=plain)
            return self.term(of, depth - 1, around)

        def table() -> Term:
            letters = tuple(None if axis is None else self.letter(axis) for axis in (row, column))
            around = here
            for each in letters:
                around = around if each is None else around.under(each)
            return tree.Table((letters[0], letters[1]), self.term((), depth - 1, around))

        def matrix_product() -> Term:
            axis = self.pick((*AXES, None))
            return tree.MatrixProduct(inner((row, axis)), inner((axis, column)))

        def one_below(under: Term) -> Term:
            return tree.Plus((tree.Constant(whole(1), shape), tree.Power(under, 2)))

        kinds = [
            lambda: self.leaf(shape, here),
            lambda: tree.Plus((inner(), inner())),
            lambda: tree.Negative(inner()),
            lambda: tree.Times(inner(()), inner()),
            lambda: tree.Times(inner(), inner(())),
            lambda: tree.Entrywise(inner(), inner()),
            lambda: tree.Power(inner(), 2),
            lambda: tree.Transpose(inner(shape[::-1])),
            table,
            lambda: tree.Zeros(shape),
            lambda: tree.Constant(inner(()), shape),
            lambda: self.total(shape, depth, here),
            *[lambda: self.derivative(shape, depth, here)] * 2,
        ]
        if shape != (None, None):  # one row times one column is a number
            kinds += [matrix_product] * 3
        if row is not None:
            kinds += [lambda: self.rows(shape, depth, here)] * 2
        if column is None and row is not None:
            kinds.append(lambda: tree.Row(inner((WORDS, row)), self.member(WORDS, here)))
        if row == column and row is not None:
            kinds.append(lambda: tree.Identity(row))
        if here.calls:
            kinds += [
                *[lambda: self.call(shape, depth, here)] * 2,
                lambda: self.mapped(shape, depth, here),
            ]
        if not here.plain:
            kinds += [
                lambda: tree.Apply(EXP, inner(plain=True)),
                lambda: tree.Apply(LOG, one_below(inner(plain=True))),
                lambda: tree.Quotient(inner(), one_below(inner(plain=True))),
                lambda: tree.Quotient(inner(), self.positive(inner((), plain=True))),
            ]
            kinds += [lambda each=each: each for each in TYPED if each.shape == shape]
        return kinds

    def rows(self, shape: Shape, depth: int, here: Around) -> Term:
        row, column = shape  # type: ignore[misc]  # only of matrices
        if column is not None and self.pick((True, False, False)):
            over = self.letter(row)
            return tree.Rows(over, self.term((column, None), depth - 1, here.under(over)))
        if column is None:
            return self.leaf(shape, here)
        over = self.letter(column)
        body = self.term((row, None), depth - 1, here.under(over))
        return tree.Rows(over, body, as_columns=True)

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

    # Definitions, arbitrary functions, derivatives

    def definition(
        self, shape: Shape, of: Sequence[object], depth: int, here: Around
    ) -> Definition:
        """A definition with parameters of these kinds: shapes, or index sets for labels."""
        parameters: list[IndexVariable | Variable] = []
        for kind in of:
            self.made += 1
            if isinstance(kind, IndexSet):
                parameters.append(self.letter(kind))
            else:
                parameters.append(Variable(kind, f"{NUMBER}{self.made}"))  # type: ignore[arg-type]
        around = Around(
            letters=tuple(each for each in parameters if isinstance(each, IndexVariable)),
            variables=tuple(self.pick(VARIABLES) for _ in range(2)),
            parameters=tuple(each for each in parameters if isinstance(each, Variable)),
            plain=here.plain,
            calls=here.calls - 1,
        )
        body = self.term(shape, depth - 1, around)
        return Definition(self.pick("FGH"), tuple(parameters), body)

    def call(self, shape: Shape, depth: int, here: Around) -> Term:
        kinds: list[tuple[object, ...]] = [
            (),
            ((),),
            ((), ()),
            (WORDS,),
            (WORDS, ()),
            ((ROWS, None),),
            ((), (WORDS, ROWS)),
        ]
        definition = self.definition(shape, self.pick(kinds), depth, here)
        arguments = tuple(
            self.member(each.space, here)
            if isinstance(each, IndexVariable)
            else self.term(each.shape, depth - 2, here)
            for each in definition.parameters
        )
        return tree.Call(definition, arguments)

    def mapped(self, shape: Shape, depth: int, here: Around) -> Term:
        definition = self.definition((), ((),), depth - 1, here)
        return tree.Mapped(definition, self.term(shape, depth - 1, here))

    def arbitrary(self, depth: int, here: Around) -> Term:
        function = self.pick(ARBITRARY)
        arguments = tuple(
            self.member(each.space, here)
            if isinstance(each, IndexVariable)
            else self.term(each.shape, depth - 2, here)
            for each in function.parameters
        )
        return tree.ArbitraryCall(function, arguments)

    def derivative(self, shape: Shape, depth: int, here: Around) -> Term:
        """By a variable, a parameter, or a part of one, that fits the shape."""
        known = (*here.variables, *here.parameters * 4)
        targets: list[Callable[[], tree.Target]] = [
            lambda each=each: tree.Reference(each) for each in known if each.shape == shape
        ]
        if not shape:
            arrays = [each for each in known if each.shape]
            targets += [lambda each=each: self.entry_of(each, here) for each in arrays]
        elif shape == (ROWS, None):
            matrices = [each for each in known if each.shape == (WORDS, ROWS)]
            targets += [
                lambda each=each: tree.Row(tree.Reference(each), self.member(WORDS, here))
                for each in matrices
            ] * 3
        if not targets:
            return self.leaf(shape, here)
        by = self.pick(targets)()
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


@st.composite
def terms(draw: Callable[[st.SearchStrategy[Any]], Any], depth: int = DEPTH) -> Term:
    """A term of any shape."""
    making = _Making(draw)
    return making.term(making.pick(SHAPES), draw(st.integers(2, depth)), Around())
