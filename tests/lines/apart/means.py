"""Expectations under weights that add up to one, and empirical means; each with a slip or none.

Products of sums of x, y and numbers are multiplied out into moments. What a line says is worked
out at random weights and entries, exactly.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from random import Random

from tests.lines.apart.case import Case

GIVEN = r"""
size n >= 1
index i, j in 1..n
vector x, y in R^n
vector p in R^n, p_i > 0
if \sum_i p_i = 1
scalar a, b
define m = \mathbb{E}_{i \sim p}[x_i]
define \bar{y} = \frac{1}{n} \sum_i y_i
"""
SIZES = (1, 2, 3)
Moment = tuple[int, int]  # the powers of x and of y


@dataclass(frozen=True)
class World:
    """Numbers for everything that is declared."""

    x: tuple[Fraction, ...]
    y: tuple[Fraction, ...]
    p: tuple[Fraction, ...]
    a: Fraction
    b: Fraction

    def mean(self, of: Moment, weights: tuple[Fraction, ...]) -> Fraction:
        terms = zip(self.x, self.y, weights, strict=True)
        return sum((x ** of[0] * y ** of[1] * w for x, y, w in terms), Fraction(0))

    @property
    def even(self) -> tuple[Fraction, ...]:
        return (Fraction(1, len(self.x)),) * len(self.x)


def world(random: Random, size: int) -> World:
    def drawn() -> Fraction:
        return Fraction(random.randint(-6, 6), random.randint(1, 3))

    raw = [Fraction(random.randint(1, 7)) for _ in range(size)]
    weights = tuple(each / sum(raw) for each in raw)
    x, y = (tuple(drawn() for _ in range(size)) for _ in range(2))
    return World(x, y, weights, drawn(), drawn())


@dataclass(frozen=True)
class Number:
    """A number as it is written, and its value."""

    text: str
    at: Callable[[World], Fraction]


def _named() -> tuple[Number, ...]:
    return (
        Number("a", lambda w: w.a),
        Number("b", lambda w: w.b),
        Number("m", lambda w: w.mean((1, 0), w.p)),
        Number(r"\bar{y}", lambda w: w.mean((0, 1), w.even)),
    )


def numbers(random: Random) -> Number:
    """One that does not depend on the member."""
    whole = random.choice((1, 2, 3, -1, -2))
    return random.choice((*_named(), Number(str(whole), lambda w: Fraction(whole))))


Linear = dict[Moment, Number]  # a number times each of 1, x and y


def linear(random: Random) -> Linear:
    some = random.sample([(0, 0), (1, 0), (0, 1)], random.choice((1, 2, 2, 3)))
    return {each: numbers(random) for each in sorted(some)}


def _factor(text: str) -> str:
    return f"({text})" if text.lstrip("-").isdigit() else text


def spelled(of: Moment) -> str:
    parts = [
        name if power == 1 else f"{name}^{power}"
        for name, power in (("x_i", of[0]), ("y_i", of[1]))
        if power
    ]
    return " ".join(parts)


def written(of: Linear) -> str:
    terms = (f"{_factor(q.text)} {spelled(each)}".strip() for each, q in of.items())
    return " + ".join(terms)


def under(mean: str, inside: str) -> str:
    if mean == "expectation":
        return rf"\mathbb{{E}}_{{i \sim p}}[{inside}]"
    return rf"\frac{{1}}{{n}} \sum_i [{inside}]"


def multiplied(one: Linear, other: Linear) -> list[tuple[list[Number], Moment]]:
    return [
        ([p, q], (left[0] + right[0], left[1] + right[1]))
        for left, p in one.items()
        for right, q in other.items()
    ]


def value(terms: list[tuple[list[Number], Moment]], at: World, mean: str) -> Fraction:
    weights = at.p if mean == "expectation" else at.even
    found = Fraction(0)
    for factors, moment in terms:
        term = at.mean(moment, weights)
        for each in factors:
            term *= each.at(at)
        found += term
    return found


def slipped(terms: list[tuple[list[Number], Moment]], random: Random) -> None:
    """One mistake, which may make no difference."""
    at = random.randrange(len(terms))
    factors, moment = terms[at]
    match random.randrange(4):
        case 0:
            terms[at] = ([*factors, Number("2", lambda w: Fraction(2))], moment)
        case 1:
            terms[at] = (factors[1:], moment)
        case 2:
            terms[at] = (factors, (moment[1], moment[0]))
        case 3 if len(terms) > 1:
            del terms[at]


def _moments(random: Random) -> Case:
    mean = random.choice(("expectation", "mean"))
    one, other = linear(random), linear(random)
    terms = right = multiplied(one, other)
    if random.random() < 0.5:
        right = list(terms)
        slipped(right, random)
    inside = f"({written(one)}) ({written(other)})"
    sides = [
        " ".join([*sorted(_factor(f.text) for f in factors), under(mean, spelled(moment) or "1")])
        for factors, moment in right
    ]
    line = f"{under(mean, inside)} = {' + '.join(sides)}"
    true = all(value(terms, w, mean) == value(right, w, mean) for w in _worlds(random))
    return Case(mean, GIVEN, line, true)


def _worlds(random: Random) -> list[World]:
    return [world(random, size) for size in SIZES * 3]


def _variance(random: Random) -> Case:
    """Mean squares about a centre, with the square of the centre off."""
    mean = random.choice(("expectation", "mean"))
    (axis, name) = random.choice((("x", (1, 0)), ("y", (0, 1))))
    centre = numbers(random)
    if random.random() < 0.5:
        own = {"expectationx": "m", "meany": r"\bar{y}"}.get(mean + axis)
        centre = next((each for each in _named() if each.text == own), centre)
    times = random.choice((1, 1, 2, -1, 0))
    square = (2 * name[0], 2 * name[1])

    def left(w: World) -> Fraction:
        weights = w.p if mean == "expectation" else w.even
        c = centre.at(w)
        return w.mean(square, weights) - 2 * c * w.mean(name, weights) + c * c

    def right(w: World) -> Fraction:
        weights = w.p if mean == "expectation" else w.even
        return w.mean(square, weights) - times * centre.at(w) ** 2

    inside = under(mean, f"({axis}_i - {_factor(centre.text)})^2")
    off = "" if times == 0 else f" - {_factor(str(times))} {_factor(centre.text)}^2"
    line = f"{inside} = {under(mean, f'{axis}_i^2')}{off}"
    return Case("variance", GIVEN, line, all(left(w) == right(w) for w in _worlds(random)))


def _spread(random: Random) -> Case:
    """A variance or a covariance of sums, multiplied out into moments, by its name."""
    one, other = linear(random), linear(random)
    kind = random.choice(("variance by name", "covariance by name"))
    if kind == "variance by name":
        other = one
    below = r"_{i \sim p}"
    left = rf"\operatorname{{Var}}{below}[{written(one)}]"
    if kind != "variance by name":
        left = rf"\operatorname{{Cov}}{below}[{written(one)}, {written(other)}]"
    product = f"({written(one)}) ({written(other)})"
    means = " ".join(under("expectation", written(each)) for each in (one, other))
    times = random.choice((1, 1, 2, 0))
    line = f"{left} = {under('expectation', product)} - {times} {means}"

    def mean_of(of: Linear, w: World) -> Fraction:
        return value([([q], moment) for moment, q in of.items()], w, "expectation")

    worlds = _worlds(random)
    true = all((times - 1) * mean_of(one, w) * mean_of(other, w) == 0 for w in worlds)
    return Case(kind, GIVEN, line, true)


def _constant(random: Random) -> Case:
    """The mean of what does not depend on the member, and of a mean."""
    mean = random.choice(("expectation", "mean"))
    number = numbers(random)
    other = number if random.random() < 0.5 else numbers(random)
    line = f"{under(mean, f'{_factor(number.text)}')} = {other.text}"
    return Case("constant", GIVEN, line, all(number.at(w) == other.at(w) for w in _worlds(random)))


def case(seed: str) -> Case:
    """A line about means, true or with a slip."""
    random = Random(seed)
    return random.choice((_moments, _moments, _variance, _spread, _constant))(random)
