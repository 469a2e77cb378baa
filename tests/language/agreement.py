"""Both meanings of a term compared, at the instances of a small vocabulary."""

from __future__ import annotations

from enum import Enum
from fractions import Fraction
from itertools import product
from types import ModuleType
from typing import Any

import numpy as np
from flint import arb
from numpy.typing import NDArray
from sympy import Expr, IndexedBase, Integer, Symbol, exp

from derivations.indices import Index, IndexSet, total
from derivations.language import direct, index_form
from derivations.language.index_nodes import differentiated
from derivations.language.tree import (
    Arbitrary,
    Array,
    IndexVariable,
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
LISTS = (DRAWN, NEAR)

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
    values = {
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
