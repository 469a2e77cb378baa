"""One difference as a multiple of another: what an equality says that follows from a condition.

From ``C = 0`` follows ``D = 0`` where D = m M C for a number m and a matrix M that have values
wherever both equalities do; where m is not zero there and M has an inverse, the one says as much
as the other. The number is sought among the products of whole powers of numbers that are not zero
(`nonzero.py`): at some points log |D / C| is a linear combination of the logarithms of these. What
is found in that way is a guess; that D is that multiple of C is a claim of its own, to be proved
for all sizes. Where none is found nothing is said.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from itertools import islice, zip_longest
from math import log, prod

from flint import arb, ctx

from derivations.claim import Condition
from derivations.data_conditions import Assumed
from derivations.language.tree import Number, Power, Term, Times
from derivations.proof.following.points import Points, Scattered, entries
from derivations.proof.fragment import NoValue
from derivations.proof.places import Instance

MOST_EXPONENT = 8
MOST_DENOMINATOR = 1000
CLOSE, SMALL_PIVOT = 1e-6, 1e-7
SEEDS = 12
RANGES = (1, 1, 3)  # numbers between 0 and these


@dataclass(frozen=True)
class Multiple:
    """Two terms: the first is to D what the second is to C."""

    left: Term
    right: Term


@dataclass(frozen=True)
class _Point:
    """D / C and the factors at some numbers."""

    ratio: float
    factors: list[float]

    @property
    def logarithms(self) -> list[float]:
        """Those of one, of the factors, and of the ratio."""
        return [1.0, *(log(abs(each)) for each in self.factors), log(abs(self.ratio))]


@ctx.workprec(128)
def multiple(
    wanted: Term, given: Term, nonzero: Sequence[Term], conditions: tuple[Condition, ...]
) -> Multiple | None:
    """How ``wanted`` may be a multiple of ``given``, to be proved; raises OutsideFragment."""
    points = list(islice(_points(wanted, given, nonzero, conditions), 3 * len(nonzero) + 12))
    if len(points) < 2:
        return None
    exponents = [round(each) for each in _solved([each.logarithms for each in points])[1:]]
    if any(abs(each) > MOST_EXPONENT for each in exponents):
        return None
    number = _constant(points, exponents)
    if number is None:
        return None
    powers = list(zip(nonzero, exponents, strict=True))
    above = [Power(each, k) for each, k in powers if k > 0]
    below = [Power(each, -k) for each, k in powers if k < 0]
    return Multiple(
        reduce(_product, below, wanted), reduce(_product, above, _product(given, Number(number)))
    )


def _product(term: Term, factor: Term) -> Term:
    return Times(factor, term)


def _constant(points: Sequence[_Point], exponents: Sequence[int]) -> Fraction | None:
    """The number that all ratios are times the powers of the factors."""
    numbers = [
        each.ratio / prod(f**k for f, k in zip(each.factors, exponents, strict=True))
        for each in points
    ]
    if any(abs(each - numbers[0]) > CLOSE * abs(numbers[0]) for each in numbers):
        return None
    return Fraction(numbers[0]).limit_denominator(MOST_DENOMINATOR) or None


def _points(
    wanted: Term, given: Term, nonzero: Sequence[Term], conditions: tuple[Condition, ...]
) -> Iterator[_Point]:
    """Points at all instances in turn, so that sizes vary as well."""
    terms = (wanted, given, *nonzero)
    at_each = [_at(terms, *each) for each in Points(terms, conditions).instances()]
    for found in zip_longest(*at_each):
        yield from (each for each in found if each is not None)


def _at(terms: Sequence[Term], instance: Instance, assumed: Assumed) -> Iterator[_Point | None]:
    for seed in range(SEEDS):
        balls = Scattered(seed, RANGES[seed % len(RANGES)], assumed)
        try:
            wanted, given, *others = (entries(each, instance, balls) for each in terms)
        except (NoValue, ZeroDivisionError):
            yield None
            continue
        yield _point(wanted, given, [each for (each,) in others])


def _point(wanted: list[arb], given: list[arb], factors: list[arb]) -> _Point | None:
    for one, other in zip(wanted, given, strict=True):
        values = (one, other, *factors)
        if not all(each.is_finite() and not each.contains(0) for each in values):
            continue
        return _Point(float((one / other).mid()), [float(each.mid()) for each in factors])
    return None


def _solved(rows: list[list[float]]) -> list[float]:
    """Coefficients of the columns that give the last one; of columns that depend on others zero."""
    width = len(rows[0]) - 1
    rows = [list(row) for row in rows]
    pivots: list[tuple[int, list[float]]] = []
    for column in range(width):
        row = max(rows, key=lambda each: abs(each[column]), default=None)
        if row is None or abs(row[column]) < SMALL_PIVOT:
            continue
        rows.remove(row)
        pivots.append((column, row))
        for other in rows:
            scale = other[column] / row[column]
            for n in range(column, width + 1):
                other[n] -= scale * row[n]
    found = [0.0] * width
    for column, row in reversed(pivots):
        rest = sum(row[n] * found[n] for n in range(column + 1, width))
        found[column] = (row[width] - rest) / row[column]
    return found
