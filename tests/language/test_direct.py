"""The second meaning of every kind of node is what a hand computes with NumPy."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from sympy import Integer, Symbol

from derivations.indices import IndexSet
from derivations.language import tree
from derivations.language.direct import Direct
from derivations.language.functions import ABOVE, EXP, LOG, NOT_BELOW, SQRT, TANH
from derivations.language.tree import Definition, IndexVariable, Term, Variable
from derivations.proof.evaluate import Instance
from derivations.proof.field import Field
from derivations.proof.fragment import NoValue, OutsideFragment
from tests.language.terms import (
    AT,
    COLUMNS,
    DRAWN,
    DRAWS,
    FAMILY,
    LETTERS,
    NEAR,
    OF_ALL,
    OF_NUMBER,
    OF_VECTOR,
    OFFSETS,
    ROWS,
    TYPED,
    WORDS,
    Floats,
    given,
    named,
    value,
    whole,
)

GIVEN = given()
a, b, x, y, z, r, A, B, C, U, t = (tree.Reference(named(name)) for name in "abxyzrABCUt")
s, o, c, q, _ = LETTERS
i, j = IndexVariable(ROWS, "i"), IndexVariable(ROWS, "j")
k, w, f = IndexVariable(COLUMNS, "k"), IndexVariable(WORDS, "w"), IndexVariable(OFFSETS, "f")
d = IndexVariable(DRAWS, "d")


def n(name: str) -> Floats:
    """A variable by hand; vectors as columns, but r, which is a row."""
    array = GIVEN[name]
    if array.ndim == 1:
        return array[None, :] if name == "r" else array[:, None]
    return array


def entry(of: Term, *members: tree.Member) -> tree.Entry:
    return tree.Entry(of, members)


def different(left: tree.Member, right: tree.Member) -> tree.Comparison:
    return tree.Comparison(left, right, negated=True)


def same(left: tree.Member, right: tree.Member) -> tree.Comparison:
    return tree.Comparison(left, right)


def numbered(value: int) -> tree.Numbered:
    return tree.Numbered(value)


SIZE = tree.Size("n", 1)
p, v, u = Variable((), "p"), Variable((ROWS, None), "v"), Variable((), "u")
P, V = tree.Reference(p), tree.Reference(v)
CUBE = Definition("F", (p,), tree.Power(P, 3))
SLOPE = Definition("r", (p,), tree.Derivative(tree.Call(CUBE, (P,)), P))
SQUARES = Definition("S", (v,), tree.MatrixProduct(V.T, V))
GRADIENT = Definition("G", (v,), tree.Derivative(tree.Call(SQUARES, (V,)), V))
SCORE = Definition("score", (w,), entry(tree.MatrixProduct(U, x), w))
OF_FREE = Definition("h", (u,), tree.Derivative(tree.Times(tree.Reference(u), a), a))

HOLDS, FAILS = tree.Apply(ABOVE, whole(1)), tree.Apply(NOT_BELOW, whole(-1))

BY_HAND: dict[str, tuple[Term, object]] = {
    "a number": (tree.Number(Fraction(3, 4)), 0.75),
    "a size": (tree.Size("m"), 3),
    "the number of a circle": (tree.Pi(), np.pi),
    "the greatest": (tree.Extremum((a, tree.Plus((a, whole(1))))), n("a") + 1),
    "the least, entry by entry": (
        tree.Extremum((x, tree.Plus((x, tree.Constant(whole(1), x.shape)))), least=True),
        n("x"),
    ),
    "a root of each entry": (
        tree.Apply(SQRT, tree.Plus((tree.Constant(whole(1), x.shape), tree.Power(x, 2)))),
        np.sqrt(1 + n("x") ** 2),
    ),
    "a hyperbolic tangent": (tree.Apply(TANH, a), np.tanh(n("a"))),
    "a member as a number": (tree.IndexNumber(s), 2),
    "an inverse": (tree.Inverse(A), np.linalg.inv(n("A"))),
    "an inverse of a product": (
        tree.Inverse(tree.MatrixProduct(A, B)),
        np.linalg.inv(n("A") @ n("B")),
    ),
    "an inverse of three rows": (
        tree.Inverse(tree.Plus((tree.Identity(COLUMNS), tree.MatrixProduct(z, z.T)))),
        np.linalg.inv(np.eye(3) + n("z") @ n("z").T),
    ),
    "the derivative of a form of an inverse": (
        tree.Derivative(tree.MatrixProduct(x.T, tree.MatrixProduct(tree.Inverse(A), y)), A),
        -np.linalg.inv(n("A")).T @ n("x") @ n("y").T @ np.linalg.inv(n("A")).T,
    ),
    "a trace": (tree.Trace(tree.MatrixProduct(A, B)), np.trace(n("A") @ n("B"))),
    "a determinant": (tree.Determinant(A), np.linalg.det(n("A"))),
    "a determinant of three rows": (
        tree.Determinant(tree.Plus((tree.Identity(COLUMNS), tree.MatrixProduct(z, z.T)))),
        np.linalg.det(np.eye(3) + n("z") @ n("z").T),
    ),
    "the derivative of a determinant": (
        tree.Derivative(tree.Determinant(A), A),
        np.linalg.det(n("A")) * np.linalg.inv(n("A")).T,
    ),
    "the derivative of a trace": (
        tree.Derivative(tree.Trace(tree.MatrixProduct(A, B)), A),
        n("B").T,
    ),
    "a scalar": (a, n("a")),
    "a vector is a column": (x, n("x")),
    "a row": (r, n("r")),
    "a matrix": (C, n("C")),
    "an entry": (entry(C, s, numbered(3)), n("C")[1, 2]),
    "an entry of a product": (
        entry(tree.MatrixProduct(A, C), s, numbered(1)),
        (n("A") @ n("C"))[1, 0],
    ),
    "an entry at a listed word": (entry(t, tree.ListEntry(DRAWN, q)), n("t")[0, 0]),
    "an entry further on": (entry(x, tree.Offset(s, whole(-1))), n("x")[0, 0]),
    "the last entry": (entry(x, tree.Offset(None, SIZE)), n("x")[1, 0]),
    "one row as a column": (tree.Row(U, tree.ListEntry(NEAR, numbered(1))), n("U")[1:2].T),
    "one matrix of a family": (tree.Slice(FAMILY, tree.ListEntry(DRAWN, q)), n("S")[0]),
    "an entry of one matrix of a family": (
        entry(tree.Slice(FAMILY, tree.ListEntry(NEAR, numbered(1))), s, numbered(1)),
        n("S")[1, 1, 0],
    ),
    "the derivative by one matrix of a family": (
        tree.Derivative(
            tree.Sum(w, tree.MatrixProduct(x.T, tree.MatrixProduct(tree.Slice(FAMILY, w), y))),
            tree.Slice(FAMILY, tree.Numbered(1)),
        ),
        n("x") @ n("y").T,
    ),
    "a table": (
        tree.Table((i, k), tree.Times(entry(x, i), entry(z, k))),
        n("x") @ n("z").T,
    ),
    "a table of one row": (tree.Table((None, k), entry(z, k)), n("z").T),
    "rows below each other": (tree.Rows(w, tree.Times(entry(t, w), x)), n("t") @ n("x").T),
    "columns beside each other": (
        tree.Rows(w, tree.Times(entry(t, w), x), as_columns=True),
        n("x") @ n("t").T,
    ),
    "zeros": (tree.Zeros((ROWS, COLUMNS)), np.zeros((2, 3))),
    "a constant": (tree.Constant(a, (COLUMNS, None)), np.full((3, 1), GIVEN["a"])),
    "the identity": (tree.Identity(COLUMNS), np.eye(3)),
    "an indicator that holds": (tree.Indicator((same(s, numbered(2)), different(o, c))), 1),
    "an indicator that fails": (tree.Indicator((same(s, numbered(2)), same(o, c))), 0),
    "the first of two cases that hold": (
        tree.Cases(((same(s, numbered(2)),), (different(o, c),)), (a, b, whole(7))),
        n("a"),
    ),
    "the second of three cases": (
        tree.Cases(((same(s, numbered(1)),), (different(o, c),)), (a, b, whole(7))),
        n("b"),
    ),
    "a case under two conditions, of which one fails": (
        tree.Cases(((same(s, numbered(2)), same(o, c)),), (a, b)),
        n("b"),
    ),
    "the other cases of an array": (tree.Cases(((same(o, c),),), (x, y)), n("y")),
    "a case that is not looked at, and has no value": (
        tree.Sum(
            f,
            tree.Cases(((same(f, numbered(0)),),), (whole(0), entry(t, tree.ListEntry(NEAR, f)))),
        ),
        n("t").sum(),
    ),
    "the first value whose test holds": (
        tree.Choice((HOLDS, HOLDS), (a, tree.Apply(LOG, whole(-1)), b)),
        n("a"),
    ),
    "the value whose test holds, and no other has one": (
        tree.Choice((FAILS, HOLDS), (tree.Constant(tree.Apply(LOG, whole(-1)), x.shape), x)),
        n("x"),
    ),
    "the last value where no test holds": (tree.Choice((FAILS, FAILS), (a, a, b)), n("b")),
    "a sum": (tree.Sum(k, entry(z, k)), n("z").sum()),
    "a sum of arrays": (tree.Sum(w, tree.Row(U, w)), n("U").sum(axis=0)[:, None]),
    "a sum from two on": (tree.Sum(k, entry(z, k), lower=whole(2)), n("z")[1:].sum()),
    "a sum up to one less": (
        tree.Sum(k, entry(z, k), upper=tree.Plus((tree.Size("m"), whole(-1)))),
        n("z")[:2].sum(),
    ),
    "the greatest over a range": (tree.ExtremumOver(k, tree.IndexNumber(k)), 3),
    "the least over all members but one": (
        tree.ExtremumOver(k, tree.IndexNumber(k), where=(different(k, numbered(1)),), least=True),
        2,
    ),
    "a product over a range": (tree.IndexedProduct(k, entry(z, k)), n("z").prod()),
    "a product over nothing": (
        tree.IndexedProduct(k, entry(z, k), lower=whole(2), upper=whole(1)),
        1,
    ),
    "a product from two on": (
        tree.IndexedProduct(k, entry(z, k), lower=whole(2)),
        n("z")[1:].prod(),
    ),
    "a product with a condition": (
        tree.IndexedProduct(k, entry(z, k), where=(different(k, numbered(2)),)),
        n("z")[0] * n("z")[2],
    ),
    "a sum over nothing": (tree.Sum(k, entry(z, k), lower=whole(2), upper=whole(1)), 0),
    "a sum with a condition": (tree.Sum(w, entry(t, w), where=(different(w, o),)), n("t")[1, 0]),
    "a sum around the center, which has no word": (
        tree.Sum(f, entry(t, tree.ListEntry(NEAR, f)), where=(different(f, numbered(0)),)),
        n("t").sum(),
    ),
    "a condition on what has no word there": (
        tree.Sum(
            f,
            whole(1),
            where=(different(tree.ListEntry(NEAR, f), o), different(f, numbered(0))),
        ),
        1,
    ),
    "a factor of zero is looked at first": (
        tree.Sum(
            f,
            tree.Times(
                entry(t, tree.ListEntry(NEAR, f)),
                tree.Plus((whole(1), tree.Negative(tree.Indicator((same(f, numbered(0)),))))),
            ),
        ),
        n("t").sum(),
    ),
    "a factor of zero beside an array": (
        tree.Sum(
            f,
            tree.Times(
                tree.Indicator((different(f, numbered(0)),)),
                tree.Row(U, tree.ListEntry(NEAR, f)),
            ),
        ),
        n("U").sum(axis=0)[:, None],
    ),
    "plus": (tree.Plus((x, y, x)), 2 * n("x") + n("y")),
    "minus": (tree.Negative(C), -n("C")),
    "a number times an array": (tree.Times(a, C), n("a") * n("C")),
    "an array times a number": (tree.Times(C, a), n("a") * n("C")),
    "entry by entry": (tree.Entrywise(A, B), n("A") * n("B")),
    "a matrix product": (tree.MatrixProduct(A, C), n("A") @ n("C")),
    "an outer product": (tree.MatrixProduct(x, z.T), n("x") @ n("z").T),
    "a bilinear form": (
        tree.MatrixProduct(tree.MatrixProduct(x.T, A.T), y),
        n("x").T @ n("A").T @ n("y"),
    ),
    "an inner product of matrices": (tree.InnerProduct(A, B), (n("A") * n("B")).sum()),
    "a quotient": (tree.Quotient(a, b), n("a") / n("b")),
    "an array over a number": (tree.Quotient(C, b), n("C") / n("b")),
    "an array over an array": (tree.Quotient(A, B), n("A") / n("B")),
    "a power": (tree.Power(C, 3), n("C") ** 3),
    "a negative power": (tree.Power(a, -2), n("a") ** -2.0),
    "a transpose": (tree.MatrixProduct(C.T, A), n("C").T @ n("A")),
    "a function of each entry": (tree.Apply(EXP, C), np.exp(n("C"))),
    "a logarithm": (tree.Apply(LOG, entry(A, s, s)), np.log(n("A")[1, 1])),
    "a definition": (tree.Call(CUBE, (tree.Plus((a, b)),)), (n("a") + n("b")) ** 3),
    "a definition of a vector": (tree.Call(SQUARES, (y,)), n("y").T @ n("y")),
    "a definition of a label": (tree.Call(SCORE, (o,)), n("U")[0] @ n("x")),
    "a definition, at each entry": (tree.Mapped(CUBE, C), n("C") ** 3),
    "typed in index notation": (TYPED[0], n("A")[:, 1] @ n("x")),
    "a column typed in index notation": (TYPED[1], n("A")[:, 1:2] + np.exp(n("x"))),
    "a matrix typed in index notation": (TYPED[2], n("A") * n("x")[1, 0] - n("A").T),
    "a derivative": (tree.Derivative(tree.Power(a, 3), a), 3 * n("a") ** 2),
    "a derivative by an entry": (
        tree.Derivative(
            tree.MatrixProduct(tree.MatrixProduct(x.T, A), y), entry(A, s, numbered(1))
        ),
        n("x")[1, 0] * n("y")[0, 0],
    ),
    "a gradient": (
        tree.Derivative(tree.MatrixProduct(tree.MatrixProduct(x.T, A), x), x),
        (n("A") + n("A").T) @ n("x"),
    ),
    "a gradient by a matrix": (
        tree.Derivative(tree.MatrixProduct(tree.MatrixProduct(x.T, C), z), C),
        n("x") @ n("z").T,
    ),
    "a gradient by a row": (
        tree.Derivative(tree.InnerProduct(U, tree.Entrywise(U, U)), tree.Row(U, o)),
        3 * n("U")[0:1].T ** 2,
    ),
    "a second derivative": (
        tree.Derivative(tree.Derivative(tree.Apply(EXP, tree.Times(a, b)), a), b),
        (1 + n("a") * n("b")) * np.exp(n("a") * n("b")),
    ),
    "a derivative by a parameter": (
        tree.Call(SLOPE, (tree.Times(whole(2), b),)),
        3 * (2 * n("b")) ** 2,
    ),
    "a gradient by a parameter": (
        tree.Call(GRADIENT, (tree.MatrixProduct(A, x),)),
        2 * n("A") @ n("x"),
    ),
    "an argument does not vary inside": (tree.Call(OF_FREE, (a,)), n("a")),
    "but it does outside": (
        tree.Derivative(tree.Times(b, tree.Call(OF_FREE, (b,))), b),
        2 * n("b"),
    ),
}


@pytest.mark.parametrize("name", BY_HAND)
def test_the_value_is_the_one_by_hand(name: str) -> None:
    term, expected = BY_HAND[name]
    got = value(term)
    wanted = np.atleast_2d(np.asarray(expected, dtype=np.float64))
    assert got.shape == wanted.shape
    np.testing.assert_allclose(got, wanted, rtol=1e-12)


def test_there_is_no_greatest_of_none() -> None:
    with pytest.raises(NoValue):
        value(tree.ExtremumOver(k, entry(z, k), lower=whole(2), upper=whole(1)))


def test_there_is_no_value_where_no_test_holds() -> None:
    with pytest.raises(NoValue):
        value(tree.Choice((FAILS,), (a,)))


def test_every_kind_of_node_is_looked_at() -> None:
    """Arbitrary functions have tests of their own."""
    seen = {type(node) for term, _ in BY_HAND.values() for node in _nodes(term)}
    assert seen == {kind for kind in _all_kinds(Term) if kind is not tree.ArbitraryCall}


def _nodes(value: object) -> list[Term]:
    if isinstance(value, tuple):
        return [node for part in value for node in _nodes(part)]
    if isinstance(value, Definition):
        return _nodes(value.body)
    if not isinstance(value, Term):
        return []
    inner = (getattr(value, name) for name in value.__dataclass_fields__ if name != "at")
    return [value, *(node for part in inner for node in _nodes(part))]


def _all_kinds(kind: type[Term]) -> list[type[Term]]:
    own = [sub for sub in kind.__subclasses__() if sub.__module__ == tree.__name__]
    return [each for sub in own for each in _all_kinds(sub)] if own else [kind]


# Entries by themselves


@pytest.mark.parametrize("name", BY_HAND)
def test_an_entry_by_itself_is_the_same(name: str) -> None:
    term, _ = BY_HAND[name]
    exact = Field(40)
    evaluator = Direct(AT, exact)
    rows = evaluator.value(term)
    if not term.shape:
        assert exact.equal(evaluator.entry(term, ()), rows[0][0])
        return
    for row, i_ in zip(rows, evaluator.sets.places(term.shape[0]), strict=True):
        for element, j_ in zip(row, evaluator.sets.places(term.shape[1]), strict=True):
            assert exact.equal(evaluator.entry(term, (*i_, *j_)), element)


# What has no value


@pytest.mark.parametrize(
    "term",
    [
        entry(x, tree.Offset(s, whole(1))),
        entry(x, numbered(3)),
        entry(tree.Plus((x, y)), numbered(0)),
        tree.Row(U, numbered(3)),
        entry(t, tree.ListEntry(NEAR, numbered(0))),
        tree.Sum(k, whole(1), upper=tree.Plus((tree.Size("m"), whole(1)))),
        tree.Sum(f, entry(t, tree.ListEntry(NEAR, f))),
        tree.Derivative(a, entry(x, numbered(3))),
    ],
)
def test_what_does_not_exist_has_no_value(term: Term) -> None:
    with pytest.raises(NoValue):
        Direct(AT, Field(40)).value(term)


def test_a_division_by_zero_has_no_value() -> None:
    with pytest.raises(ZeroDivisionError):
        Direct(AT, Field(40)).value(tree.Quotient(a, tree.Plus((b, tree.Negative(b)))))


@pytest.mark.parametrize(
    "term",
    [
        tree.Size("unknown"),
        entry(x, IndexVariable(ROWS, "unknown")),
        tree.Sum(k, whole(1), upper=a),
    ],
)
def test_what_an_instance_does_not_say_is_refused(term: Term) -> None:
    with pytest.raises(OutsideFragment):
        Direct(AT, Field(40)).value(term)


def test_an_unknown_node_is_an_error() -> None:
    class Unknown(Term):
        def _shape(self) -> tree.Shape:
            return ()

    with pytest.raises(TypeError, match="Unknown"):
        Direct(AT, Field(40)).value(Unknown())


# Index sets


def test_empty_sets_make_empty_arrays_and_sums_of_zero() -> None:
    nothing = Instance({"n": 2, "m": 0, "N": 1, "K": 0, "p": 0}, {}, {})
    exact = Field(40)
    evaluator = Direct(nothing, exact)
    assert evaluator.value(C) == [[], []]
    assert evaluator.value(C.T) == []
    product = evaluator.value(tree.MatrixProduct(C, C.T))
    assert [len(row) for row in product] == [2, 2]
    assert all(exact.is_zero(element) for row in product for element in row)
    assert exact.is_zero(evaluator.entry(tree.Sum(k, entry(z, k)), ()))


def test_a_window_has_its_places_and_others_can_take_their_place() -> None:
    window = tree.Sum(f, tree.IndexNumber(f))
    squares = tree.Sum(f, tree.Power(tree.IndexNumber(f), 2))
    several: dict[tuple[str, str], tuple[int, ...]] = {("-p", "p"): (0, 1, 5)}
    for extents, total, squared in (({}, 0, 2), (several, 6, 26)):
        there = Instance(dict(AT.sizes), {}, {}, extents)
        exact = Field(4)
        evaluator = Direct(there, exact)
        assert exact.equal(evaluator.entry(window, ()), exact.constant(total))
        assert exact.equal(evaluator.entry(squares, ()), exact.constant(squared))


def test_bounds_of_index_sets_are_counted_out() -> None:
    size = Symbol("n", integer=True, positive=True)
    space = IndexSet("half", Integer(2) - size, 2 * size - 1)
    letter = IndexVariable(space, "h")
    exact = Field(4)
    found = Direct(AT, exact).entry(tree.Sum(letter, tree.IndexNumber(letter)), ())
    assert exact.equal(found, exact.constant(0 + 1 + 2 + 3))


# Arbitrary functions


def applied(function: tree.Arbitrary, *arguments: tree.Argument) -> Term:
    return tree.ArbitraryCall(function, arguments)


def equal(left: Term, right: Term) -> bool:
    exact = Field(120)
    evaluator = Direct(AT, exact)
    return exact.equal(evaluator.entry(left, ()), evaluator.entry(right, ()))


def test_an_arbitrary_function_has_one_value_at_equal_arguments() -> None:
    assert equal(applied(OF_NUMBER, tree.Times(a, b)), applied(OF_NUMBER, tree.Times(b, a)))
    assert not equal(applied(OF_NUMBER, a), applied(OF_NUMBER, b))
    assert equal(
        applied(OF_VECTOR, tree.MatrixProduct(tree.Identity(ROWS), x)), applied(OF_VECTOR, x)
    )
    assert not equal(applied(OF_VECTOR, x), applied(OF_VECTOR, tree.MatrixProduct(A, x)))
    row = tree.Row(U, o)
    assert equal(
        applied(OF_ALL, row, o, U), applied(OF_ALL, tree.Row(U, numbered(1)), numbered(1), U)
    )
    assert not equal(applied(OF_ALL, row, o, U), applied(OF_ALL, row, c, U))


def slope(of: Term, by: tree.Target) -> Term:
    return tree.Derivative(of, by)


def test_the_chain_rule_runs_through_the_arguments() -> None:
    outer = Definition("d", (p,), slope(applied(OF_NUMBER, P), P))
    inside = tree.Times(a, b)
    chained = slope(applied(OF_NUMBER, inside), a)
    assert equal(chained, tree.Times(b, tree.Call(outer, (inside,))))
    assert not equal(chained, tree.Call(outer, (inside,)))
    assert not equal(chained, whole(0))
    assert equal(slope(applied(OF_NUMBER, a), b), whole(0))


def test_second_derivatives_are_symmetric_and_not_zero() -> None:
    first, second = entry(x, numbered(1)), entry(x, numbered(2))
    value = applied(OF_VECTOR, x)
    mixed = slope(slope(value, first), second)
    assert equal(mixed, slope(slope(value, second), first))
    for other in (whole(0), slope(slope(value, first), first), slope(value, first)):
        assert not equal(mixed, other)


def test_a_function_of_a_function_is_differentiated_twice_inside() -> None:
    """(f(f(a)))'' = f''(f(a)) f'(a)^2 + f'(f(a)) f''(a)."""
    f0 = Definition("f0", (p,), applied(OF_NUMBER, P))
    f1 = Definition("f1", (p,), slope(tree.Call(f0, (P,)), P))
    f2 = Definition("f2", (p,), slope(tree.Call(f1, (P,)), P))

    def at(definition: Definition, argument: Term) -> Term:
        return tree.Call(definition, (argument,))

    twice = slope(slope(at(f0, at(f0, a)), a), a)
    inner = at(f0, a)
    expected = tree.Plus(
        (
            tree.Times(at(f2, inner), tree.Power(at(f1, a), 2)),
            tree.Times(at(f1, inner), at(f2, a)),
        )
    )
    assert equal(twice, expected)


def test_labels_do_not_vary_and_all_entries_of_arrays_do() -> None:
    value = applied(OF_ALL, tree.Row(U, o), o, U)
    by_row = slope(value, entry(U, o, numbered(1)))  # by the first argument and the last
    by_other = slope(value, entry(U, c, numbered(1)))  # by the last one alone
    assert not equal(by_row, whole(0))
    assert not equal(by_other, whole(0))
    assert not equal(by_row, by_other)
