"""Derivatives by a power of a number above zero: by ``s^2``, of powers and logarithms of s.

A term ``c s^a`` has the derivative ``(a / k) c s^{a-k}`` by ``s^k``, and ``c log s`` has
``c / (k s^k)``: the truth of a line is that of its coefficients.
"""

from __future__ import annotations

from fractions import Fraction
from random import Random

from tests.lines.apart.case import Case

GIVEN = r"""
scalar s, u > 0
scalar x, b
"""
FACTORS = ("x", "b", "b x", "u", "u^2", "x^2")
LOGARITHM = 0  # the power that stands for a logarithm
Terms = dict[tuple[str, int], Fraction]  # a factor and a power of s, each with its coefficient


def _number(value: Fraction) -> str:
    size = abs(value)
    over, under = size.numerator, size.denominator
    text = str(size) if under == 1 else rf"\frac{{{over}}}{{{under}}}"
    return f"{'-' if value < 0 else '+'} {text}"


def _written(terms: Terms, *, logarithms: bool) -> str:
    pieces = []
    for (factor, power), value in terms.items():
        root = r"\log s" if logarithms and power == LOGARITHM else f"s^{{{power}}}"
        root = f"{factor} {root}"
        pieces.append(f"{_number(value)} {root}")
    return " ".join(pieces).removeprefix("+ ") or "0"


def _by_power(terms: Terms, by: int) -> Terms:
    found: Terms = {}
    for (factor, power), value in terms.items():
        slope = value if power == LOGARITHM else value * power
        found[factor, power - by] = slope / by
    return found


def _slipped(terms: Terms, random: Random) -> Terms:
    (key, value) = random.choice(sorted(terms.items()))
    rest = {each: one for each, one in terms.items() if each != key}
    match random.randrange(3):
        case 0:
            return {**rest, key: 2 * value}
        case 1:
            return {**rest, key: -value}
    factor, power = key
    return {**rest, (factor, power + 1): value}


def case(seed: str) -> Case:
    """A derivative by a power, true or with a slip."""
    random = Random(seed)
    by = random.choice((2, 2, 2, 3, 4))
    terms: Terms = {}
    for factor in random.sample(FACTORS, random.choice((1, 2, 3))):
        power = random.choice((-4, -2, -1, 1, 2, 3, 4, LOGARITHM))
        terms[factor, power] = Fraction(random.choice((-3, -1, 1, 2, 5)), random.choice((1, 2)))
    right = _by_power(terms, by)
    said = right if random.random() < 0.5 else _slipped(right, random)
    left = _written(terms, logarithms=True)
    line = rf"\frac{{\partial}}{{\partial s^{by}}} \left( {left} \right) = "
    return Case(f"by s^{by}", GIVEN, line + _written(said, logarithms=False), said == right)
