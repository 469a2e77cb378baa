"""What is printed is read back as the same term: random terms, and mistakes of the printer."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from random import Random
from typing import Any

import pytest

from derivations.indices import IndexSet
from derivations.language.functions import (
    ABOVE,
    ABS,
    ARCTAN,
    EXP,
    LOG,
    NOT_BELOW,
    RELU,
    SIGN,
    SQRT,
    TANH,
)
from derivations.language.traversal import parts, same
from derivations.language.tree import (
    Apply,
    ArbitraryCall,
    Axis,
    Call,
    Cases,
    Choice,
    Comparison,
    Constant,
    Definition,
    Derivative,
    Determinant,
    Entry,
    Entrywise,
    Extremum,
    ExtremumOver,
    IndexNumber,
    IndexVariable,
    Indicator,
    InnerProduct,
    Inverse,
    ListEntry,
    Mapped,
    MatrixProduct,
    Member,
    Misfit,
    Negative,
    Number,
    Numbered,
    Pi,
    Plus,
    Power,
    Quotient,
    Reference,
    Row,
    Rows,
    Shape,
    Size,
    Slice,
    Sum,
    Target,
    Term,
    Times,
    Trace,
    Transpose,
    Variable,
)
from derivations.language.unfit import literal
from derivations.reader import unparser
from derivations.reader.declare import declared
from derivations.reader.elaborate.applications import prime
from derivations.reader.elaborate.environment import Environment, IllFormed, resolve
from derivations.reader.equation import Equality
from derivations.reader.scope import Scope
from derivations.reader.source import Source, Unreadable
from derivations.reader.syntax import formula
from derivations.reader.unparser import latex
from tests.planting import Mutant, Replaced
from tests.reader.meaning import written_lines

# Random terms in declared names, built without the grammar, in the forms that the reader makes.


GIVEN = r"""size N, d >= 1
size K, m >= 0
index c, o, w, x in Vocab = 1..N
index k, i in 1..K
index j in -m..m
index r, q in 1..d
scalar z, a
vectors u_w in R^d, columns of U
vectors v_w in R^d, rows of V
vector p in R^d
matrix A in R^{d x d}, invertible
matrices B_w in R^{d x d}
list w_k in Vocab, k in 1..K
list w_{t+j} in Vocab, j in -m..m
read k as w_k
define \sigma(s) = \frac{1}{1 + e^{-s}}
define P(O = o | C = c) = \frac{\exp(u_o^T v_c)}{\sum_w \exp(u_w^T v_c)}
define \hat{y}_w = P(O = w | C = c)
define M_{w,x} = u_w^T v_x
define S(s) = s p
define l = \sum_i \mathbb{1}_{w_i = w_k}
define J_{pair}(v_c, o, U) = -\log P(O = o | C = c)
arbitrary G(v_c, o, U)
arbitrary f(s)
"""
SCOPE = declared([Source(line).whole for line in GIVEN.splitlines()], Scope())
WORDS, TIMES, PLACES, PARTS = (SCOPE.letters[letter].space for letter in "wkjr")
Bound = Mapping[IndexSet, tuple[IndexVariable, ...]]


def thing(name: str) -> Term:
    return SCOPE.things[name].body


def made(name: str) -> Definition:
    found = SCOPE.functions[name].meaning
    assert isinstance(found, Definition)
    return found


@dataclass(frozen=True)
class Maker:
    """Makes terms of a shape; ``bound`` are the letters of the sums around."""

    rng: Random
    bound: Bound

    def letter(self, space: IndexSet) -> IndexVariable:
        declared_ = [each for each in SCOPE.letters.values() if each.space == space]
        inside = self.bound.get(space, ())
        return self.rng.choice(inside if inside and self.rng.random() < 0.7 else declared_)

    def member(self, space: IndexSet) -> Member:
        kind = self.rng.random()
        if space == WORDS and kind < 0.3:
            words = self.rng.choice(SCOPE.lists["w"])
            if words.origin and kind < 0.05:
                return ListEntry(words, Numbered(0))
            return ListEntry(words, self.letter(words.places))
        return Numbered(1) if space in (WORDS, PARTS) and kind < 0.35 else self.letter(space)

    def comparison(self, space: IndexSet) -> Comparison:
        left, right = self.letter(space), self.member(space)
        return Comparison(left, right, self.rng.random() < 0.5)

    def term(self, shape: Shape, depth: int) -> Term:
        if not shape:
            return self.number(depth)
        row, column = shape
        if row is None:
            return Transpose(self.vector(column, depth))
        return self.vector(row, depth) if column is None else self.matrix(row, column, depth)

    def number(self, depth: int) -> Term:
        choose = self.rng.choice
        if depth == 0:
            return choose(self._leaves())()
        inner = depth - 1
        return choose(
            [
                lambda: self.sum_of((), inner),
                lambda: Negative(self.number(inner)),
                lambda: Times(self.number(inner), self.number(inner)),
                lambda: Quotient(
                    self.number(inner), Plus((self.number(inner), self.number(inner)))
                ),
                lambda: self.power(self.number(inner), choose([-2, -1, 2, 3, 12])),
                lambda: Apply(choose([EXP, LOG]), Times(thing("z"), self.number(inner))),
                lambda: Apply(
                    choose([SQRT, ABS, SIGN, TANH, RELU, ARCTAN]),
                    Times(thing("z"), self.number(inner)),
                ),
                lambda: Extremum((self.number(inner), self.number(inner)), choose([True, False])),
                lambda: Call(made(r"\sigma"), (self.number(inner),)),
                lambda: Call(prime(made(r"\sigma")), (Times(thing("z"), self.number(inner)),)),
                lambda: self.over((), inner),
                lambda: self.over((), inner),
                lambda: self._inner(inner),
                lambda: Derivative(self.number(inner), self.target(())),
                lambda: Entry(self.vector(PARTS, inner), (self.member(PARTS),)),
                lambda: self.cases((), inner),
                lambda: Trace(self.matrix(WORDS, WORDS, inner)),
                lambda: Determinant(Inverse(thing("A"))),
                lambda: self.choice((), inner),
                lambda: self.furthest(inner),
            ]
        )()

    def _leaves(self) -> list[Callable[[], Term]]:
        word = lambda: self.member(WORDS)  # noqa: E731
        return [
            lambda: Number(Fraction(self.rng.randint(1, 4))),
            lambda: thing("z"),
            lambda: thing("a"),
            lambda: thing("l"),
            lambda: Times(Number(Fraction(2)), Pi()),
            lambda: Size("N", 1),
            lambda: IndexNumber(self.letter(self.rng.choice([TIMES, PLACES]))),
            lambda: Indicator((self.comparison(self.rng.choice([WORDS, TIMES])),)),
            lambda: Entry(thing(r"\hat{y}"), (word(),)),
            lambda: Entry(thing("M"), (word(), word())),
            lambda: Call(made("P"), (word(), word())),
            lambda: Call(made("J_{pair}"), (word(), word())),
            lambda: self._arbitrary(),
            lambda: self.entry(),
        ]

    def _arbitrary(self) -> Term:
        function = SCOPE.functions["G"].meaning
        arguments = (Row(Reference(self.rows("v")), self.member(WORDS)), self.member(WORDS))
        assert not isinstance(function, Definition)
        return ArbitraryCall(function, (*arguments, thing("U")))

    def rows(self, family: str) -> Variable:
        body = SCOPE.things[family].body
        assert isinstance(body, Row)
        assert isinstance(body.of, Reference)
        return body.of.variable

    def family(self) -> Variable:
        body = SCOPE.things["B"].body
        assert isinstance(body, Slice)
        return body.variable

    def entry(self) -> Entry:
        if self.rng.random() < 0.5:
            return Entry(thing("A"), (self.member(PARTS), self.member(PARTS)))
        return Entry(thing("p"), (self.member(PARTS),))

    def _inner(self, depth: int) -> Term:
        axis = self.rng.choice([PARTS, WORDS])
        left, right = self.vector(axis, depth), self.vector(axis, depth)
        return self.rng.choice(
            [lambda: MatrixProduct(Transpose(left), right), lambda: InnerProduct(left, right)]
        )()

    def vector(self, axis: Axis, depth: int) -> Term:
        if depth == 0:
            row = lambda name: Row(Reference(self.rows(name)), self.member(WORDS))  # noqa: E731
            if axis == WORDS:
                return thing(r"\hat{y}")
            return self.rng.choice([lambda: thing("p"), lambda: row("u"), lambda: row("v")])()
        inner, shape = depth - 1, (axis, None)
        other, choose = self.rng.choice([PARTS, WORDS]), self.rng.choice
        return self.rng.choice(
            [
                lambda: self.sum_of(shape, inner),
                lambda: Negative(self.vector(axis, inner)),
                lambda: Times(self.number(inner), self.vector(axis, inner)),
                lambda: Times(self.vector(axis, inner), self.number(inner)),
                lambda: Entrywise(self.vector(axis, inner), self.vector(axis, inner)),
                lambda: Quotient(self.vector(axis, inner), self.number(inner)),
                lambda: Mapped(made(r"\sigma"), self.vector(axis, inner)),
                lambda: Apply(EXP, self.vector(axis, inner)),
                lambda: Apply(choose([SQRT, TANH]), self.vector(axis, inner)),
                lambda: Extremum((self.vector(axis, inner), Constant(self.literal(), shape))),
                lambda: Power(self.vector(axis, inner), choose([-1, 2, 3])),
                lambda: Plus((self.vector(axis, inner), Constant(self.literal(), shape))),
                lambda: (
                    Call(made("S"), (self.number(inner),)) if axis == PARTS else thing(r"\hat{y}")
                ),
                lambda: self.over(shape, inner),
                lambda: self.cases(shape, inner),
                lambda: self.choice(shape, inner),
                lambda: MatrixProduct(self.matrix(axis, other, inner), self.vector(other, inner)),
                lambda: (
                    Derivative(self.number(inner), self.target(shape))
                    if axis == PARTS
                    else thing(r"\hat{y}")
                ),
            ]
        )()

    def matrix(self, row: Axis, column: Axis, depth: int) -> Term:
        if depth == 0 or self.rng.random() < 0.3:
            if row == column == PARTS:
                return self.inverse(thing("A"))
            if row == column:
                return thing("M")
            columns = thing("U")
            return columns if row == PARTS else self.rng.choice([Transpose(columns), thing("V")])
        inner = depth - 1
        middle = self.rng.choice([PARTS, WORDS])
        return self.rng.choice(
            [
                lambda: MatrixProduct(
                    self.matrix(row, middle, inner), self.matrix(middle, column, inner)
                ),
                lambda: MatrixProduct(
                    self.vector(row, inner), Transpose(self.vector(column, inner))
                ),
                lambda: Transpose(self.matrix(column, row, inner)),
                lambda: Times(self.number(inner), self.matrix(row, column, inner)),
                lambda: self.sum_of((row, column), inner),
                lambda: self.rows_of(row, column, inner),
            ]
        )()

    def inverse(self, matrix: Term) -> Term:
        """A matrix that has an inverse, or that inverse, turned or not; one of a family."""
        if self.rng.random() < 0.2:
            return Slice(self.family(), self.member(WORDS))
        found = self.rng.choice([matrix, matrix, Inverse(matrix), Inverse(Transpose(matrix))])
        return found if self.rng.random() < 0.7 else Inverse(MatrixProduct(matrix, found))

    def literal(self) -> Term:
        return self.rng.choice([Number(Fraction(2)), Negative(Number(Fraction(1)))])

    def rows_of(self, row: Axis, column: Axis, depth: int) -> Term:
        """A matrix written cell by cell, or what stands for one over two sets."""
        if row == PARTS and column == WORDS:
            over = IndexVariable(WORDS, "")
            return Rows(over, Times(self.number(depth), Row(Reference(self.rows("v")), over)), True)
        return self.matrix(row, column, depth)

    def target(self, shape: Shape) -> Target:
        if shape:
            return self.rng.choice([thing("p"), Row(Reference(self.rows("u")), self.member(WORDS))])
        member = self.member(PARTS), self.member(PARTS)
        of_family = Entry(Slice(self.family(), self.member(WORDS)), member)
        return self.rng.choice([thing("z"), self.entry(), of_family])

    def sum_of(self, shape: Shape, depth: int) -> Term:
        return Plus(tuple(self.term(shape, depth) for _ in range(self.rng.randint(2, 3))))

    def cases(self, shape: Shape, depth: int) -> Term:
        """Two or three cases that exclude one another."""
        space = self.rng.choice([WORDS, TIMES])
        first = self.comparison(space)
        values = tuple(self.term(shape, depth) for _ in range(self.rng.randint(2, 3)))
        if len(values) == 2:
            return Cases(((first,),), values)
        opposite = Comparison(first.left, first.right, not first.negated)
        return Cases(((first,), (opposite, self.comparison(space))), values)

    def furthest(self, depth: int) -> Term:
        """The greatest or least over a set."""
        space = self.rng.choice([WORDS, PARTS])
        name = {WORDS: "w", PARTS: "r"}[space]
        over = IndexVariable(space, name, name)
        inside = Maker(self.rng, {**self.bound, space: (*self.bound.get(space, ()), over)})
        return ExtremumOver(over, inside.number(depth), least=self.rng.choice([True, False]))

    def power(self, base: Term, exponent: int) -> Term:
        """An entry is not inverted: that would be read as one of the inverse."""
        return Power(base, 2 if isinstance(base, Entry) and exponent == -1 else exponent)

    def choice(self, shape: Shape, depth: int) -> Term:
        """Cases by the size of a number; what is compared is not zero itself."""
        compared = Plus((thing("z"), self.literal()))
        values = (self.term(shape, depth), self.term(shape, depth))
        return Choice((Apply(self.rng.choice([ABOVE, NOT_BELOW]), compared),), values)

    def over(self, shape: Shape, depth: int) -> Term:
        """A sum over some set, whole or in part."""
        space = self.rng.choice([WORDS, TIMES, PLACES, PARTS])
        name = self.rng.choice({WORDS: "wxs", TIMES: "ki", PLACES: "j", PARTS: "rq"}[space])
        variable = IndexVariable(space, name, name)
        inside = Maker(self.rng, {**self.bound, space: (*self.bound.get(space, ()), variable)})
        lower = Number(Fraction(2)) if space == TIMES and self.rng.random() < 0.3 else None
        upper = Size("K") if lower is not None else None
        where = (Comparison(variable, self.member(space), True),) if self.rng.random() < 0.3 else ()
        return Sum(variable, inside.term(shape, depth), lower, upper, where)


def random_term(seed: int) -> Term:
    """A term that a seed makes."""
    rng = Random(seed)
    shape: Shape = rng.choice([(), (PARTS, None), (WORDS, None), (None, PARTS), (PARTS, WORDS)])
    return Maker(rng, {}).term(shape, rng.randint(1, 4))


# Mistakes that a printer of terms can have, planted in ours one at a time.


def _mistake(
    meant: str, owner: object, name: str, wrong: Callable[[Callable[..., Any]], object]
) -> Mutant:
    """``wrong`` makes another function of the right one that ``owner`` has."""
    return Mutant(meant, (Replaced(owner, name, wrong),))


def _printer(meant: str, name: str, wrong: Callable[..., Any]) -> Mutant:
    return _mistake(meant, unparser._Printer, name, wrong)


def _reversed(right: Callable[..., Any]) -> Callable[..., Any]:
    def wrong(printer: Any, term: Any) -> Any:
        turned = isinstance(term, Entry) and len(term.members) == 2
        return right(printer, replace(term, members=term.members[::-1]) if turned else term)

    return wrong


MISTAKES = (
    _mistake(
        "no bracket around an operand", unparser.Piece, "above", lambda right: lambda p, level: p
    ),
    _mistake(
        "the signs of terms are lost", unparser, "_signed", lambda f: lambda t: (False, f(t)[1])
    ),
    _mistake(
        "an exponent too high",
        unparser,
        "_superscript",
        lambda right: lambda base, up: right(base, f"{up}1" if up.isdigit() else up),
    ),
    _printer(
        "a bound letter that captures",
        "_binding",
        lambda right: lambda p, *given, **how: right(replace(p, taken=frozenset()), *given, **how),
    ),
    _printer(
        "restrictions are lost",
        "_sign",
        lambda right: (
            lambda p, space, letter, ends, where, *how: right(p, space, letter, ends, [], *how)
        ),
    ),
    _printer(
        "bounds are lost",
        "_sign",
        lambda right: (
            lambda p, space, letter, ends, where, whole, declared: right(
                p, space, letter, ends, where, True, declared
            )
        ),
    ),
    _printer(
        "unequal is printed as equal",
        "comparison",
        lambda right: lambda p, each: right(p, Comparison(each.left, each.right)),
    ),
    _printer("upside down", "_fraction", lambda right: lambda p, a, b: right(p, b, a)),
    _printer("subscripts in the wrong order", "_subscripted", _reversed),
    _printer(
        "the place in a window is lost",
        "_place",
        lambda right: lambda p, words, at: words.origin or right(p, words, at),
    ),
    _printer("a transpose is lost", "_transposed", lambda right: lambda p, of: p.piece(of)),
    _printer(
        "what follows a sum is drawn into it",
        "_sum",
        lambda right: lambda p, term: replace(right(p, term), open=False),
    ),
    _printer(
        "an application is drawn into what follows a name",
        "_call",
        lambda right: lambda p, *given: replace(right(p, *given), hungry=False),
    ),
)


LONG = os.environ.get("HYPOTHESIS_PROFILE") == "long"
COUNT = 20_000 if LONG else 300
KINDS = """
    Apply ArbitraryCall Call Cases Choice Constant Derivative Determinant Entry Entrywise Extremum
    ExtremumOver IndexNumber Indicator InnerProduct Inverse Mapped MatrixProduct Negative Number
    Pi Plus Power Quotient Reference Row Rows Size Slice Sum Times Trace Transpose
"""
EQUALITIES = {name: line.equality for name, line in written_lines().items()}


def read(text: str, scope: Scope) -> Term:
    return resolve(formula(Source(text).whole), Environment(scope))


def lost(term: Term, scope: Scope, *, full: bool) -> str:
    """How a term differs from what its text is read as; empty if it is the same."""
    text = latex(term, scope, fully_parenthesised=full)
    try:
        found = read(text, scope)
    except (Unreadable, IllFormed) as error:
        return f"{text} is not read: {error}"
    return "" if same(found, term) else f"{text} is read as {latex(found, scope)}"


def nodes(term: Term) -> set[str]:
    return {type(term).__name__}.union(*map(nodes, parts(term)))


@pytest.mark.parametrize("full", [False, True], ids=["plain", "fully parenthesised"])
def test_a_random_term_comes_back(full: bool) -> None:
    for seed in range(COUNT):
        assert not lost(random_term(seed), SCOPE, full=full), seed


def test_random_terms_hold_nodes_of_every_kind() -> None:
    seen = set().union(*(nodes(random_term(seed)) for seed in range(300)))
    assert set(KINDS.split()) == seen


@pytest.mark.parametrize("equality", EQUALITIES.values(), ids=EQUALITIES)
def test_a_side_of_the_written_derivation_comes_back(equality: Equality) -> None:
    for side in (equality.left, equality.right):
        if not isinstance(side, Misfit):
            assert not lost(literal(side), equality.scope, full=False)
            assert not lost(literal(side), equality.scope, full=True)


SELDOM = [
    r"\begin{pmatrix} p_1 & p_2 & \dots & p_d \end{pmatrix}",
    r"\begin{pmatrix} A_{1,1} \\ A_{2,1} \\ \dots \\ A_{d,1} \end{pmatrix}",
    r"\mathrm{softmax}(U^T p)",
    r"p p^T + I",
    r"f'(z a)",
    r"\frac{\partial}{\partial U} J_{pair}(v_c, o, U)",
    r"(\frac{\partial}{\partial U} J_{pair}(v_c, o, U))^T",
    r"M [G(v_c, o, U) \hat{y}]",
    r"2 \begin{cases} u_w & w = o \\ 0 & \text{otherwise} \end{cases}",
]


@pytest.mark.parametrize("text", SELDOM)
def test_what_is_seldom_written_comes_back(text: str) -> None:
    term = read(text, SCOPE)
    assert latex(term, SCOPE) == text
    assert not lost(term, SCOPE, full=True)


@pytest.mark.parametrize("mistake", MISTAKES, ids=str)
def test_a_planted_mistake_of_the_printer_is_seen(mistake: Mutant) -> None:
    seldom = (read(text, SCOPE) for text in SELDOM)
    terms = [*seldom, *map(random_term, range(COUNT))]
    with mistake.planted():
        assert any(lost(term, SCOPE, full=False) for term in terms)


def test_only_the_names_of_bound_letters_are_forgotten() -> None:
    one, other, another = (
        read(text, SCOPE) for text in (r"\sum_w u_w", r"\sum_x u_x", r"\sum_w u_o")
    )
    assert same(one, other)
    assert not same(one, another)
    assert not same(read(r"\sum_w M_{w,x}", SCOPE), read(r"\sum_x M_{w,x}", SCOPE))
