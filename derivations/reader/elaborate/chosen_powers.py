"""Powers by a number that is 0 or 1, or is -1 or 1: ``a^y`` is 1 or a, which is 1 - y + y a.

That is exact at both values, whatever the base is; where y is -1 or 1 it is a or one over a.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from derivations.language.data_conditions import OneOfTwo
from derivations.language.tree import (
    Entry,
    Indicator,
    Negative,
    Number,
    Plus,
    Quotient,
    Reference,
    Term,
    Times,
)

ONE, TWO = Number(Fraction(1)), Number(Fraction(2))


def chosen_power(base: Term, exponent: Term, conditions: Iterable[object]) -> Term | None:
    """The power; None where the exponent is no number of two values."""
    said = {each.of.name: bool(each.signs) for each in conditions if isinstance(each, OneOfTwo)}
    one = _as_one(exponent, said)
    if one is not None:
        return Plus((Plus((ONE, Negative(one))), Times(one, base)))
    if not _signs(exponent, said):
        return None
    up, down = (Quotient(Plus((ONE, each)), TWO) for each in (exponent, Negative(exponent)))
    return Plus((Times(up, base), Quotient(down, base)))


def _as_one(exponent: Term, said: dict[str, bool]) -> Term | None:
    """The exponent, if it is 0 or 1."""
    match exponent:
        case Indicator():
            return exponent
        case Plus((Number(number), Negative(taken))) if number == 1:
            return exponent if _as_one(taken, said) is not None else None
        case Reference(variable) | Entry(Reference(variable)) if not exponent.shape:
            return exponent if said.get(variable.name) is False else None
    return None


def _signs(exponent: Term, said: dict[str, bool]) -> bool:
    """Whether the exponent is -1 or 1."""
    match exponent:
        case Negative(of):
            return _signs(of, said)
        case Reference(variable) | Entry(Reference(variable)) if not exponent.shape:
            return bool(said.get(variable.name))
    return False
