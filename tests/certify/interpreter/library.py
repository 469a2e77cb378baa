"""What the library's words mean, from their definitions in ``library/*.v``, Reals and Coquelicot.

Functions take one argument at a time, as in Coq. A proposition about reals is not decided: it
is given back as the two sides that it says are equal.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from typing import Any

from tests.certify.interpreter import values
from tests.certify.interpreter.parse import Arrow, Type
from tests.certify.interpreter.values import NoDerivative, Real

Row = Callable[[int], Real]
Matrix = Callable[[int], Row]


@dataclass(frozen=True)
class Sides:
    """What is said to be equal, or with ``differ`` not to be."""

    left: Real
    right: Real
    differ: bool = False


def function(*types: Type) -> Type:
    """The type of functions of all but the last, with values in the last."""
    return reduce(lambda end, start: Arrow(start, end), reversed(types[:-1]), types[-1])


def updated(row: Row, place: int, value: Real) -> Row:
    """``upd``: a vector with a number in place of one entry."""
    return lambda k: value if k == place else row(k)


def updated_in(matrix: Matrix, row: int, place: int, value: Real) -> Matrix:
    """``upd2``: a matrix with a number in place of one entry."""
    return lambda w: updated(matrix(w), place, value) if w == row else matrix(w)


def slope_by_entry(of: Callable[[Row], Real], row: Row, place: int) -> Real:
    return values.derivative(lambda t: of(updated(row, place, t)), row(place))


def slope_by_entry_of_matrix(of: Callable[[Matrix], Real], at: Matrix, row: int, i: int) -> Real:
    return values.derivative(lambda t: of(updated_in(at, row, i, t)), at(row)(i))


def _exists(slope: Callable[..., Real]) -> Callable[..., bool]:
    def exists(*arguments: Any) -> bool:
        try:
            slope(*arguments)
        except NoDerivative:
            return False
        return True

    return exists


def _is(slope: Callable[..., Real]) -> Callable[..., Sides]:
    return lambda *arguments: Sides(slope(*arguments[:-1]), arguments[-1])


def _second(updated_at: Callable[..., Any], entry: Callable[..., Real]) -> Callable[..., Sides]:
    """``has_second`` and its kin: the slope of what a first derivative is near a point."""

    def second(says: Any, at: Any, *rest: Any) -> Sides:
        *places, slope = rest

        def near(t: Real) -> Real:
            return says(updated_at(at, *places, t))(values.ZERO).left

        return Sides(values.derivative(near, entry(at, *places)), slope)

    return second


def _sum(low: int, high: int, summand: Callable[[int], Real]) -> Real:
    return reduce(values.add, map(summand, range(low, high + 1)), values.ZERO)


def _least(x: Real, y: Real) -> Real:
    return x if values.at_most(x, y) else y


def _greatest(x: Real, y: Real) -> Real:
    return y if values.at_most(x, y) else x


def _absolute(x: Real) -> Real:
    return x if values.at_most(values.ZERO, x) else values.opposite(x)


ROW, MATRIX = function("Z", "R"), function("Z", "Z", "R")
_BY_ENTRY = (Arrow(ROW, "R"), ROW, "Z")
_BY_ENTRY_OF_MATRIX = (Arrow(MATRIX, "R"), MATRIX, "Z", "Z")
_BY_NUMBER = (Arrow("R", "R"), "R")
_FAMILIES = (
    (_BY_ENTRY, slope_by_entry, ("has_partial", "ex_partial", "partial")),
    (_BY_ENTRY_OF_MATRIX, slope_by_entry_of_matrix, ("has_partial2", "ex_partial2", "partial2")),
    (_BY_NUMBER, values.derivative, ("is_derive", "ex_derive", "Derive")),
)

_SECOND = (
    ("has_second", ROW, ("Z",), updated, lambda row, i: row(i)),
    ("has_second2", MATRIX, ("Z", "Z"), updated_in, lambda matrix, x, i: matrix(x)(i)),
    ("has_second_slope", "R", (), lambda _, t: t, lambda at: at),
)

Word = tuple[Type, int, Callable[..., Any]]
# each word: its type, how many arguments it takes, and what it makes of them
LIBRARY: dict[str, Word] = {
    "Sum": (function("Z", "Z", ROW, "R"), 3, _sum),
    "ISum": (
        function("Z", "Z", Arrow("Z", "Z"), "Z"),
        3,
        lambda low, high, summand: sum(map(summand, range(low, high + 1))),
    ),
    "delta": (function("Z", "Z", "R"), 2, lambda a, b: values.ONE if a == b else values.ZERO),
    "idelta": (function("Z", "Z", "Z"), 2, lambda a, b: int(a == b)),
    "exp": (function("R", "R"), 1, values.exponential),
    "ln": (function("R", "R"), 1, values.logarithm),
    "IZR": (function("Z", "R"), 1, values.rational),
    "Rabs": (function("R", "R"), 1, _absolute),
    "PI": ("R", 0, values.pi),
    "sqrt": (function("R", "R"), 1, values.root),
    "sin": (function("R", "R"), 1, values.sine),
    "cos": (function("R", "R"), 1, values.cosine),
    "atan": (function("R", "R"), 1, values.arctangent),
    "Rmin": (function("R", "R", "R"), 2, _least),
    "Rmax": (function("R", "R", "R"), 2, _greatest),
}
for _types, _slope, (_has, _ex, _value) in _FAMILIES:
    _arity = len(_types)
    LIBRARY[_has] = (function(*_types, "R", "Prop"), _arity + 1, _is(_slope))
    LIBRARY[_ex] = (function(*_types, "Prop"), _arity, _exists(_slope))
    LIBRARY[_value] = (function(*_types, "R"), _arity, _slope)
for _has, _of, _places, _updated, _entry in _SECOND:
    _says = Arrow(_of, Arrow("R", "Prop"))
    LIBRARY[_has] = (
        function(_says, _of, *_places, "R", "Prop"),
        len(_places) + 3,
        _second(_updated, _entry),
    )
