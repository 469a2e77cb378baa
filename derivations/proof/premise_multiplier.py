"""A claim's difference as a multiple or a combination of premises', and roots that are not its own.

Both are sought at small instances, where terms of several equalities are numbers.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from itertools import islice, zip_longest
from math import log, prod
from operator import mul
from random import Random

from flint import arb, arb_mat, ctx

from derivations.claim import Assumed, AtLeast, Claim, Condition, Witness, data_assumed
from derivations.language.direct import Direct
from derivations.language.tree import InnerProduct, Number, Plus, Power, Term, Times
from derivations.proof.decide import (
    SELECTIONS,
    Balls,
    admissible,
    differ,
    selected,
    spelled,
    witness_of,
)
from derivations.proof.evaluate import Instance, Places
from derivations.proof.fragment import NoValue
from derivations.proof.instances import least_sizes, signature_of
from derivations.proof.reductions import merged

# Terms of several equalities at one small instance, in numbers.


MOST_INSTANCES = 60


@dataclass(frozen=True)
class Points:
    """The small instances of some terms under conditions, with what is assumed of data there."""

    terms: Sequence[Term]
    conditions: tuple[Condition, ...]

    def instances(self) -> Iterator[tuple[Instance, Assumed]]:
        """At most so many instances, small ones first; raises OutsideFragment."""
        squares = tuple(
            InnerProduct(each, each) if each.shape else Times(each, each) for each in self.terms
        )
        zero = Number(Fraction(0))
        whole = Claim("points", "", "", "", Plus(squares), zero, self.conditions)
        claim, put = merged(whole)
        signature = signature_of(claim, put)
        least = least_sizes(*self.terms)
        for each in self.conditions:
            if isinstance(each, AtLeast):
                least[each.of.name] = max(least.get(each.of.name, 0), int(each.value))
        found = selected(signature, SELECTIONS["default"], least)
        for instance in islice(found, MOST_INSTANCES):
            yield instance, _assumed(self.conditions, instance)


def _assumed(conditions: tuple[Condition, ...], instance: Instance) -> Assumed:
    places = Places(instance)
    return data_assumed(conditions, lambda space: places.members(space.lower, space.upper, {}))


def entries(term: Term, instance: Instance, balls: Balls) -> list[arb]:
    """All entries of a term, in their order."""
    return [each for row in Direct(instance, balls).value(term) for each in row]


class Scattered(Balls):
    """Parameters that are any numbers between 0 and ``most``, the same ones for one seed."""

    def __init__(self, seed: int, most: int, assumed: Assumed) -> None:
        super().__init__({}, assumed)
        self.random, self.most = Random(seed), most

    def otherwise(self) -> Fraction:
        return Fraction(self.random.randint(1, 60), 61) * self.most


class Rooted(Balls):
    """Parameters of which some are values that are known within bounds alone."""

    def __init__(
        self, given: Mapping[Hashable, Fraction], roots: Mapping[Hashable, arb], assumed: Assumed
    ) -> None:
        super().__init__(given, assumed)
        self.roots = roots
        self.asked: set[Hashable] = set()

    def parameter(self, key: Hashable) -> arb:
        key = self.assumed.coordinate(key)
        self.asked.add(key)
        found = self.roots.get(key)
        return super().parameter(key) if found is None else found


# One difference as a multiple of another: what an equality says that follows from a condition.
#
# From ``C = 0`` follows ``D = 0`` where D = m M C for a number m and a matrix M that have values
# wherever both equalities do; where m is not zero there and M has an inverse, the one says as
# much as the other. The number is sought among the products of whole powers of numbers that are
# not zero (`consequence.py`): at some points log |D / C| is a linear combination of the logarithms
# of these. What is found so is a guess; that D is that multiple of C is a claim of its own,
# to be proved for all sizes. Where none is found nothing is said.


MOST_EXPONENT = 8
MOST_DENOMINATOR = 1000
CLOSE, SMALL_PIVOT = 1e-6, 1e-7
SEEDS = 12
SEEDS_OF_ROWS, SPARE = 40, 8  # rows more than there are unknowns
MOST_TERMS, ROWS_TO_TELL_APART = 50, 4
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


# A difference as a linear combination of multiples of others: from ``S w = a w`` and ``w' w = 1``
# follows ``w' S w = a``, as w' S w - a = w' (S w - a w) + a (w' w - 1). Which multiples may be in
# it is for `consequence.py` to say; the numbers they are taken by solve linear equations, a row
# for each entry at some points. That is a guess as well, and a claim to be proved.


@ctx.workprec(128)
def combination(
    wanted: Term, given: Sequence[Term], conditions: tuple[Condition, ...]
) -> list[Fraction] | None:
    """The numbers that ``given`` may add up to ``wanted`` with, to be proved.

    All are of one signature. None where no numbers do; raises OutsideFragment.
    """
    distinct = _distinct(given, conditions)
    terms = (*(given[place] for place in distinct), wanted)
    rows = list(islice(_rows(terms, conditions), len(terms) + SPARE))
    if len(rows) < len(terms):
        return None
    solution = _solved(rows)
    for row in rows:
        summands = [*map(mul, solution, row), -row[-1]]
        if abs(sum(summands)) > CLOSE * (1 + max(map(abs, summands))):
            return None
    found = dict(zip(distinct, solution, strict=True))
    numbers = (found.get(place, 0.0) for place in range(len(given)))
    return [Fraction(each).limit_denominator(MOST_DENOMINATOR) for each in numbers]


def _distinct(terms: Sequence[Term], conditions: tuple[Condition, ...]) -> list[int]:
    """The places of the first terms that differ from those before them, at a few points."""
    rows = list(islice(_rows(terms, conditions), ROWS_TO_TELL_APART))
    found: dict[tuple[str, ...], int] = {}
    for place in range(len(terms)):
        found.setdefault(tuple(f"{row[place]:.9g}" for row in rows), place)
    return list(found.values())[:MOST_TERMS]


def _rows(terms: Sequence[Term], conditions: tuple[Condition, ...]) -> Iterator[list[float]]:
    """The entries of all terms, place by place, at all instances in turn."""
    at_each = [_rows_at(terms, *each) for each in Points(terms, conditions).instances()]
    for found in zip_longest(*at_each):
        yield from (row for rows in found if rows is not None for row in rows)


def _rows_at(
    terms: Sequence[Term], instance: Instance, assumed: Assumed
) -> Iterator[list[list[float]]]:
    for seed in range(SEEDS_OF_ROWS):
        balls = Scattered(seed, RANGES[seed % len(RANGES)], assumed)
        try:
            values = [entries(each, instance, balls) for each in terms]
        except (NoValue, ZeroDivisionError):
            continue
        rows = [list(row) for row in zip(*values, strict=True)]
        yield [
            [float(each.mid()) for each in row]
            for row in rows
            if all(each.is_finite() for each in row)
        ]


# Numbers at which a condition holds, and an equality that was claimed to follow does not.
#
# Where the difference C of the sides of a condition, times numbers that are not zero, is an
# affine function of an unknown (at the midpoint of any two places it is the mean of its values at
# these, which is a claim of its own, to be proved for all sizes; a rational or continuous
# function of which that is true is affine), at numbers for all else the condition is a system of
# linear equations for the entries of the unknown that stand in it. Where that is square and its
# determinant is certainly not zero, there is one solution, and it lies within bounds that are
# certain. If the two sides of the equality differ for sure there, it does not follow from the
# condition.


MOST_INSTANCES_OF_ROOTS, MOST_POINTS = 12, 60
MOST_SMALL_INSTANCES = 4
STARTS = (Fraction(1, 3), Fraction(7, 5))
PRINTED = 10**6


@dataclass(frozen=True)
class Asked:
    """What is asked: whether an equality holds wherever the others do, which determine unknowns.

    ``given`` are differences that are zero, ``cleared`` the same times numbers that are not zero,
    in which they are affine in the variables named ``unknown``.
    """

    left: Term
    right: Term
    given: tuple[Term, ...]
    cleared: tuple[Term, ...]
    unknown: frozenset[str]
    conditions: tuple[Condition, ...]


@ctx.workprec(128)
def counterexample(asked: Asked) -> tuple[Witness, int] | None:
    """Numbers at which the conditions hold and the equality does not, and how many places were
    looked at; raises OutsideFragment.
    """
    terms = (asked.left, asked.right, *asked.given, *asked.cleared)
    tried = 0
    for instance, assumed in islice(
        Points(terms, asked.conditions).instances(), MOST_INSTANCES_OF_ROOTS
    ):
        for given in _numbers(terms, instance, assumed):
            tried += 1
            try:
                found = _root_at(asked, instance, assumed, given)
            except (NoValue, ZeroDivisionError):
                continue
            if found is not None:
                return found, tried
    return None


def _numbers(
    terms: Sequence[Term], instance: Instance, assumed: Assumed
) -> Iterator[Mapping[Hashable, Fraction]]:
    def asked_for(balls: Balls) -> int:
        return sum(len(entries(each, instance, balls)) for each in terms)

    found = admissible(asked_for, assumed)
    return (dict(balls.values) for balls, _ in islice(found, MOST_POINTS))


@ctx.workprec(128)
def small_counterexample(
    left: Term, right: Term, given: Sequence[Term], conditions: tuple[Condition, ...]
) -> tuple[Witness, int] | None:
    """Small numbers above zero at which all of ``given`` are exactly zero and an equality does not
    hold, and how many places were looked at; raises OutsideFragment.

    From ``S w = a w`` much follows where w = 0, and from ``a^2 = 1`` that a = 1 where a > 0:
    nobody need say so.
    """
    terms = (left, right, *given)
    tried = 0
    for instance, assumed in islice(Points(terms, conditions).instances(), MOST_SMALL_INSTANCES):

        def values(balls: Balls, instance: Instance = instance) -> list[list[arb]]:
            return [entries(each, instance, balls) for each in terms]

        for balls, (one, other, *zero) in admissible(values, assumed):
            tried += 1
            if not balls.real or min(balls.values.values(), default=1) <= 0:
                continue
            if not all(each.is_zero() for entry in zero for each in entry):
                continue
            for ours, theirs in zip(one, other, strict=True):
                if differ(ours, theirs):
                    return witness_of(instance, balls.spelled(), ours, theirs), tried
    return None


def _root_at(
    asked: Asked, instance: Instance, assumed: Assumed, given: Mapping[Hashable, Fraction]
) -> Witness | None:
    roots = _roots(asked, instance, assumed, given)
    if roots is None:
        return None
    balls = Rooted(given, roots, assumed)
    holds = [each for term in asked.given for each in entries(term, instance, balls)]
    if not all(each.is_finite() and each.contains(0) for each in holds) or not balls.real:
        return None
    if not all(_is_admitted(key, value, assumed) for key, value in roots.items()):
        return None
    sides = [entries(each, instance, balls) for each in (asked.left, asked.right)]
    if not balls.real or any(_is_of(key, asked.unknown) for key in balls.asked - roots.keys()):
        return None
    for left, right in zip(*sides, strict=True):
        if differ(left, right):
            shown = {spelled(key): _printed(value) for key, value in roots.items()}
            return witness_of(instance, balls.spelled() | shown, left, right)
    return None


def _is_admitted(key: Hashable, value: arb, assumed: Assumed) -> bool:
    """Whether a coordinate may certainly have a value, by what is given of it alone."""
    if assumed.values_of(key) is not None or (assumed.is_positive(key) and not value > 0):
        return False
    ends = assumed.ends_of(key)
    if ends is None:
        return True
    lower, upper = (arb(each.numerator) / each.denominator for each in ends)
    return bool(lower < value) and bool(value < upper)


def _is_of(key: Hashable, names: frozenset[str]) -> bool:
    return isinstance(key, tuple) and key[0] in names


def _roots(
    asked: Asked, instance: Instance, assumed: Assumed, given: Mapping[Hashable, Fraction]
) -> dict[Hashable, arb] | None:
    """The entries of the unknown that solve the conditions; None where there is not one solution.

    The affine function is taken at two places or more: which ones does not matter.
    """

    def values(at: Mapping[Hashable, Fraction]) -> tuple[list[arb], set[Hashable]]:
        balls = Rooted({**given, **at}, {}, assumed)
        found = [each for term in asked.cleared for each in entries(term, instance, balls)]
        return found, {key for key in balls.asked if _is_of(key, asked.unknown)}

    _, keys = values({})
    places = sorted(keys, key=str)
    start = {key: STARTS[0] + Fraction(n, 11) for n, key in enumerate(places)}
    constant, _ = values(start)
    if not places or len(constant) != len(places):
        return None
    columns = [values({**start, key: start[key] + STARTS[1]})[0] for key in places]
    step = arb(STARTS[1].numerator) / STARTS[1].denominator
    slopes = [
        [(column[row] - constant[row]) / step for column in columns] for row in range(len(places))
    ]
    if not all(each.is_finite() for row in (*slopes, constant) for each in row):
        return None
    matrix, right = arb_mat(slopes), arb_mat([[-each] for each in constant])
    if matrix.det().contains(0):
        return None
    solution = matrix.solve(right)
    return {
        key: solution[n, 0] + arb(start[key].numerator) / start[key].denominator
        for n, key in enumerate(places)
    }


def _printed(value: arb) -> str:
    """A number within bounds as a fraction that lies there, or as a decimal that is near."""
    middle = Fraction(float(value.mid())).limit_denominator(PRINTED)
    near = arb(middle.numerator) / middle.denominator
    return str(middle) if value.overlaps(near) else f"about {float(value.mid()):.12g}"
