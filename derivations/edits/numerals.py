"""Numbers, squares and complements."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from derivations.edits.operator import Change, Surroundings
from derivations.edits.zipper import Position
from derivations.language.tree import (
    Call,
    Constant,
    MatrixProduct,
    Negative,
    Number,
    Plus,
    Power,
    Quotient,
    Reference,
    Size,
    Times,
    Zeros,
)
from derivations.language.unfit import factors, literal, multiplied

ONE = Number(Fraction(1))


def changed(position: Position, around: Surroundings) -> Iterator[Change]:
    """``1`` as ``2`` and as ``0``, but not in bounds of sums."""
    term = position.term
    match term:
        case Number(value) if value.denominator == 1 and not position.in_sign:
            for other in (value + 1, value - 1):
                if other >= 0:
                    yield f"{other} for {value}", Number(other)
        case Zeros(shape) if position.parent is not None:
            yield "1 for 0", Constant(ONE, shape)
        case Power(_, exponent):
            for power in (exponent + 1, exponent - 1):
                if power > 1:
                    words = f"the exponent {power} for {exponent} in {around.latex(term)}"
                    yield words, replace(term, exponent=power)


def doubled(position: Position, around: Surroundings) -> Iterator[Change]:
    """``a`` as ``2 a``."""
    leaf = Number | Size | Reference | Zeros | Constant
    if position.is_term and not isinstance(position.term, leaf):
        yield (
            f"2 times {around.latex(position.term)}",
            multiplied((Number(Fraction(2)), *factors(position.held))),
        )


def square_dropped(position: Position, around: Surroundings) -> Iterator[Change]:
    """``a^2`` as ``a``."""
    term = position.term
    if isinstance(term, Power) and term.exponent == 2:
        yield f"the square dropped from {around.latex(term)}", term.base


def square_added(position: Position, around: Surroundings) -> Iterator[Change]:
    """``a`` as ``a^2``, for applications, for brackets and for denominators."""
    term, parent = position.term, position.parent
    if position.held.shape or position.in_sign or isinstance(term, Number | Size | Reference):
        return
    below = isinstance(parent, Quotient) and position.path[-1] == 1
    in_brackets = isinstance(term, Plus) and isinstance(parent, Times | MatrixProduct)
    if below or in_brackets or isinstance(term, Call):
        yield f"{around.latex(term)} squared", Power(position.held, 2)


def complement_dropped(position: Position, around: Surroundings) -> Iterator[Change]:
    """``1 - s`` as ``s``."""
    match position.term:
        case Plus((first, Negative(inside))) if literal(first) == ONE:
            yield f"1 - dropped before {around.latex(inside)}", inside


def complement_added(position: Position, around: Surroundings) -> Iterator[Change]:
    """``\\sigma(x)`` as ``1 - \\sigma(x)``."""
    term = position.term
    if isinstance(term, Call) and not position.held.shape and around.takes_no_vector(term):
        yield f"1 - put before {around.latex(term)}", Plus((ONE, Negative(position.held)))
