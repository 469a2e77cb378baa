"""Linear inequalities: whether numbers may have given signs at once (Fourier and Motzkin).

A number is a linear form in unknowns, which may be anything: products and functions among them
are taken as unknowns of their own. Unknowns are eliminated one after the other (J. Fourier 1827,
T. Motzkin 1936): what follows from two inequalities by adding multiples above zero holds wherever
they do. So a choice of signs that is called impossible is so, whatever the unknowns depend on; for
linear forms of independent unknowns the converse holds as well.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

# coefficients by unknown: products, keys of terms, whatever is hashed
Form = Mapping[Hashable, Fraction]
MOST = 200  # inequalities; where there are more, any signs are called possible


@dataclass(frozen=True)
class Signed:
    """A linear form and its sign: 1, 0 or -1; with ``or_zero`` it may be zero as well."""

    form: Form
    number: Fraction
    sign: int
    or_zero: bool = False


@dataclass(frozen=True)
class _Row:
    """What is above zero; or, unless it is ``strict``, not below."""

    form: Form
    number: Fraction
    strict: bool


def possible(given: Iterable[Signed]) -> bool:
    """Whether the forms may have these signs at once, as far as linear arithmetic tells."""
    above: list[_Row] = []
    zero: list[_Row] = []
    for each in given:
        if each.sign:
            form = {key: q * each.sign for key, q in each.form.items() if q}
            above.append(_Row(form, each.number * each.sign, not each.or_zero))
        else:
            zero.append(_Row({key: q for key, q in each.form.items() if q}, each.number, False))
    while zero:
        equation = zero.pop()
        unknown = next(iter(equation.form), None)
        if unknown is None:
            if equation.number:
                return False
            continue
        zero = [_without(unknown, equation, row) for row in zero]
        above = [_without(unknown, equation, row) for row in above]
    return _possible(above)


def _possible(above: list[_Row]) -> bool:
    while True:
        for row in above:
            if not row.form and (row.number < 0 or (row.strict and not row.number)):
                return False
        above = [row for row in above if row.form]
        if not above:
            return True
        unknown = next(iter(above[0].form))
        up = [row for row in above if row.form.get(unknown, 0) > 0]
        down = [row for row in above if row.form.get(unknown, 0) < 0]
        if len(up) * len(down) > MOST:
            return True
        rest = [row for row in above if unknown not in row.form]
        above = [*rest, *(_without(unknown, one, other) for one in up for other in down)]


def _without(unknown: Hashable, one: _Row, other: _Row) -> _Row:
    """The second row with a multiple of the first one added, so that the unknown is gone.

    The first is zero, or the multiple is above zero.
    """
    by = -other.form.get(unknown, Fraction(0)) / one.form[unknown]
    keys = one.form.keys() | other.form.keys()
    form = {
        key: found
        for key in keys
        if (found := other.form.get(key, Fraction(0)) + by * one.form.get(key, Fraction(0)))
    }
    strict = other.strict or (one.strict and by != 0)
    return _Row(form, other.number + by * one.number, strict)
