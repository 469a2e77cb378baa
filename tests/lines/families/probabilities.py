"""Families of lines written as texts: means, probabilities, and classes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from random import Random

from tests.lines.random_terms import Text

PROBABILITY_GIVEN = """
size n >= 1
index x in X = 1..n
index y in Y = 0..1
index z in Z = 0..1
"""
NAMES = "xyz"
PROBABILITY_SIZES = ((2, 2, 2), (3, 2, 2))
Values = dict[str, int]


class Table:
    """A probability of each value of x, y and z."""

    def __init__(self, sizes: tuple[int, ...], random: Random) -> None:
        places = list(product(*map(range, sizes)))
        raw = {place: Fraction(random.randint(1, 9)) for place in places}
        self.sizes = dict(zip(NAMES, sizes, strict=True))
        self.of = {place: q / sum(raw.values()) for place, q in raw.items()}

    def joint(self, names: frozenset[str], at: Values) -> Fraction:
        return sum(
            (
                q
                for place, q in self.of.items()
                if all(place[NAMES.index(name)] == at[name] for name in names)
            ),
            Fraction(0),
        )

    def places(self, names: str) -> Iterator[Values]:
        for found in product(*(range(self.sizes[name]) for name in names)):
            yield dict(zip(names, found, strict=True))


@dataclass(frozen=True)
class Probability:
    """p of some variables under others."""

    of: tuple[str, ...]
    under: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        bar = rf" \\mid {', '.join(self.under)}" if self.under else ""
        return f"p({', '.join(self.of)}{bar})".replace("\\\\", "\\")

    def at(self, table: Table, values: Values) -> Fraction:
        found = table.joint(frozenset((*self.of, *self.under)), values)
        return found / table.joint(frozenset(self.under), values)


@dataclass(frozen=True)
class Side:
    """A product of probabilities over others, perhaps summed over a variable."""

    above: tuple[Probability, ...]
    below: tuple[Probability, ...] = ()
    over: str = ""

    @property
    def text(self) -> str:
        top = " ".join(each.text for each in self.above) or "1"
        if self.below:
            top = rf"\frac{{{top}}}{{{' '.join(each.text for each in self.below)}}}"
        return rf"\sum_{self.over} {top}" if self.over else top

    def at(self, table: Table, values: Values) -> Fraction:
        members = range(table.sizes[self.over]) if self.over else (0,)
        found = Fraction(0)
        for member in members:
            inside = {**values, self.over: member} if self.over else values
            term = Fraction(1)
            for each in self.above:
                term *= each.at(table, inside)
            for each in self.below:
                term /= each.at(table, inside)
            found += term
        return found


def _part(random: Random, names: list[str], least: int = 1) -> tuple[str, ...]:
    count = random.randint(least, len(names))
    return tuple(sorted(random.sample(names, count)))


def _split(random: Random, names: tuple[str, ...], under: tuple[str, ...]) -> Side:
    """A joint probability by the chain rule, or by Bayes' rule."""
    order = random.sample(names, len(names))
    if len(names) == 2 and random.random() < 0.4 and not under:
        first, second = order
        return Side((Probability((first,), (second,)), Probability((second,))))
    found: list[Probability] = []
    known = list(under)
    for name in order:
        found.append(Probability((name,), tuple(sorted(known))))
        known.append(name)
    return Side(tuple(random.sample(found, len(found))))


def _equal(random: Random) -> tuple[str, Side, Side]:
    names = list(NAMES)
    match random.randrange(5):
        case 4:
            one, other, third = random.sample(names, 3)
            more = (third,) if random.random() < 0.4 else ()
            left = Side((Probability((one,), tuple(sorted((other, *more)))),))
            return "dependence", left, Side((Probability((one,), more),))
        case 0:
            of = _part(random, names, 2)
            rest = tuple(each for each in names if each not in of)
            under: tuple[str, ...] = rest if random.random() < 0.5 else ()
            return "chain rule", Side((Probability(of, under),)), _split(random, of, under)
        case 1:
            one, other, third = random.sample(names, 3)
            more = (third,) if random.random() < 0.4 else ()
            right = Side(
                (Probability((other,), tuple(sorted((one, *more)))), Probability((one,), more)),
                (Probability((other,), more),),
            )
            left = Side((Probability((one,), tuple(sorted((other, *more)))),))
            return "Bayes", left, right
        case 2:
            over = random.choice(names)
            of = _part(random, [each for each in names if each != over])
            inside = _split(random, tuple(sorted((*of, over))), ())
            return "total", Side((Probability(of),)), Side(inside.above, (), over)
    over, other = random.sample(names, 2)
    under = (other,) if random.random() < 0.6 else ()
    return "adds up", Side((Probability((over,), under),), (), over), Side(())


def _slipped(side: Side, random: Random) -> Side:
    """The side with a mistake, which may make no difference."""
    above = list(side.above)
    if not above:
        return Side((Probability((random.choice(NAMES),)),))
    at = random.randrange(len(above))
    one = above[at]
    match random.randrange(5):
        case 0 if one.under:
            above[at] = Probability(one.of, one.under[1:])
        case 1 | 3 if one.under and len(one.of) == 1:
            above[at] = Probability(one.under, one.of)
        case 2 if len(above) > 1:
            del above[at]
        case _:
            left = [each for each in NAMES if each not in (*one.of, *one.under)]
            if not left:
                return Side(side.above, (), side.over) if side.below else side
            above[at] = Probability(one.of, tuple(sorted((*one.under, random.choice(left)))))
    return Side(tuple(above), side.below, side.over)


def _variables(side: Side) -> set[str]:
    found = {name for p in (*side.above, *side.below) for name in (*p.of, *p.under)}
    return found - {side.over}


def probability_case(seed: str) -> Text:
    """A line about probabilities, true or with a slip."""
    random = Random(seed)
    kind, left, right = _equal(random)
    if random.random() < 0.5:
        if kind == "adds up":
            left = _slipped(left, random)
        else:
            right = _slipped(right, random)
    if random.random() < 0.3:
        left, right = right, left
    free = "".join(sorted(_variables(left) | _variables(right)))
    tables = [Table(sizes, Random(f"{seed}/{n}")) for n, sizes in enumerate(PROBABILITY_SIZES)]
    true = all(
        left.at(table, values) == right.at(table, values)
        for table in tables
        for values in table.places(free)
    )
    return Text(kind, PROBABILITY_GIVEN, f"{left.text} = {right.text}", true)


MEAN_GIVEN = r"""
size n >= 1
index i, j in 1..n
vector x, y in R^n
vector p in R^n, p_i > 0
if \sum_i p_i = 1
scalar a, b
define m = \mathbb{E}_{i \sim p}[x_i]
define \bar{y} = \frac{1}{n} \sum_i y_i
"""
MEAN_SIZES = (1, 2, 3)
Moment = tuple[int, int]  # the powers of x and of y


@dataclass(frozen=True)
class MeanWorld:
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


def mean_world(random: Random, size: int) -> MeanWorld:
    def drawn() -> Fraction:
        return Fraction(random.randint(-6, 6), random.randint(1, 3))

    raw = [Fraction(random.randint(1, 7)) for _ in range(size)]
    weights = tuple(each / sum(raw) for each in raw)
    x, y = (tuple(drawn() for _ in range(size)) for _ in range(2))
    return MeanWorld(x, y, weights, drawn(), drawn())


@dataclass(frozen=True)
class Number:
    """A number as it is written, and its value."""

    text: str
    at: Callable[[MeanWorld], Fraction]


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


def value(terms: list[tuple[list[Number], Moment]], at: MeanWorld, mean: str) -> Fraction:
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


def _moments(random: Random) -> Text:
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
    return Text(mean, MEAN_GIVEN, line, true)


def _worlds(random: Random) -> list[MeanWorld]:
    return [mean_world(random, size) for size in MEAN_SIZES * 3]


def _variance(random: Random) -> Text:
    """Mean squares about a centre, with the square of the centre off."""
    mean = random.choice(("expectation", "mean"))
    (axis, name) = random.choice((("x", (1, 0)), ("y", (0, 1))))
    centre = numbers(random)
    if random.random() < 0.5:
        own = {"expectationx": "m", "meany": r"\bar{y}"}.get(mean + axis)
        centre = next((each for each in _named() if each.text == own), centre)
    times = random.choice((1, 1, 2, -1, 0))
    square = (2 * name[0], 2 * name[1])

    def left(w: MeanWorld) -> Fraction:
        weights = w.p if mean == "expectation" else w.even
        c = centre.at(w)
        return w.mean(square, weights) - 2 * c * w.mean(name, weights) + c * c

    def right(w: MeanWorld) -> Fraction:
        weights = w.p if mean == "expectation" else w.even
        return w.mean(square, weights) - times * centre.at(w) ** 2

    inside = under(mean, f"({axis}_i - {_factor(centre.text)})^2")
    off = "" if times == 0 else f" - {_factor(str(times))} {_factor(centre.text)}^2"
    line = f"{inside} = {under(mean, f'{axis}_i^2')}{off}"
    return Text("variance", MEAN_GIVEN, line, all(left(w) == right(w) for w in _worlds(random)))


def _spread(random: Random) -> Text:
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

    def mean_of(of: Linear, w: MeanWorld) -> Fraction:
        return value([([q], moment) for moment, q in of.items()], w, "expectation")

    worlds = _worlds(random)
    true = all((times - 1) * mean_of(one, w) * mean_of(other, w) == 0 for w in worlds)
    return Text(kind, MEAN_GIVEN, line, true)


def _constant(random: Random) -> Text:
    """The mean of what does not depend on the member, and of a mean."""
    mean = random.choice(("expectation", "mean"))
    number = numbers(random)
    other = number if random.random() < 0.5 else numbers(random)
    line = f"{under(mean, f'{_factor(number.text)}')} = {other.text}"
    return Text(
        "constant", MEAN_GIVEN, line, all(number.at(w) == other.at(w) for w in _worlds(random))
    )


def mean_case(seed: str) -> Text:
    """A line about means, true or with a slip."""
    random = Random(seed)
    return random.choice((_moments, _moments, _variance, _spread, _constant))(random)


CLASS_GIVEN = r"""
size n >= 1
index i in 1..n
vector y in \{0, 1\}^n
vector t in \{-1, 1\}^n
vector x, z in R^n
"""
WORLDS = 12


@dataclass(frozen=True)
class ClassWorld:
    """Numbers for everything that is declared."""

    y: tuple[int, ...]
    t: tuple[int, ...]
    x: tuple[Fraction, ...]
    z: tuple[Fraction, ...]


def class_world(random: Random) -> ClassWorld:
    places = range(random.randint(1, 3))
    y, t = (tuple(random.choice(two) for _ in places) for two in ((0, 1), (-1, 1)))
    x, z = (tuple(Fraction(random.randint(-6, 6)) for _ in places) for _ in range(2))
    return ClassWorld(y, t, x, z)


@dataclass(frozen=True)
class Condition:
    """What is said of an entry, the polynomial that is one where it holds, and its truth."""

    said: str
    weight: str
    holds: Callable[[ClassWorld, int], bool]


CONDITIONS = (
    Condition("y_i = 1", "y_i", lambda w, i: w.y[i] == 1),
    Condition("y_i = 0", "(1 - y_i)", lambda w, i: w.y[i] == 0),
    Condition(r"y_i \ne 1", "(1 - y_i)", lambda w, i: w.y[i] != 1),
    Condition(r"y_i \ne 0", "y_i", lambda w, i: w.y[i] != 0),
    Condition("t_i = 1", r"\frac{1 + t_i}{2}", lambda w, i: w.t[i] == 1),
    Condition("t_i = -1", r"\frac{1 - t_i}{2}", lambda w, i: w.t[i] == -1),
    Condition(r"t_i \ne 1", r"\frac{1 - t_i}{2}", lambda w, i: w.t[i] != 1),
)
VALUES: tuple[tuple[str, Callable[[ClassWorld, int], Fraction]], ...] = (
    ("x_i", lambda w, i: w.x[i]),
    ("x_i z_i", lambda w, i: w.x[i] * w.z[i]),
    ("(x_i - 2 z_i)", lambda w, i: w.x[i] - 2 * w.z[i]),
    ("x_i^2", lambda w, i: w.x[i] ** 2),
)


def class_case(seed: str) -> Text:
    """A line about such conditions, true or with a slip."""
    random = Random(seed)
    one = random.choice(CONDITIONS)
    other = one if random.random() < 0.5 else random.choice(CONDITIONS)
    (text, value), (rest, beside) = random.sample(VALUES, 2)
    kind = random.choice(("sum", "indicator", "cases"))
    worlds = [class_world(random) for _ in range(WORLDS)]
    weight = other.weight
    if kind == "cases":
        both = rf"{text} & {one.said} \\ {rest} & \text{{otherwise}}"
        left = rf"\sum_i \begin{{cases}} {both} \end{{cases}}"
        right = rf"\sum_i ({weight} {text} + (1 - {weight}) {rest})"

        def at(w: ClassWorld, said: Condition) -> Fraction:
            found = (value(w, i) if said.holds(w, i) else beside(w, i) for i in range(len(w.x)))
            return sum(found, Fraction(0))

    else:
        left = rf"\sum_{{i : {one.said}}} {text}"
        if kind == "indicator":
            left = rf"\sum_i \mathbb{{1}}\{{{one.said}\}} {text}"
        right = rf"\sum_i {weight} {text}"

        def at(w: ClassWorld, said: Condition) -> Fraction:
            found = (value(w, i) for i in range(len(w.x)) if said.holds(w, i))
            return sum(found, Fraction(0))

    true = all(at(w, one) == at(w, other) for w in worlds)
    return Text(kind, CLASS_GIVEN, f"{left} = {right}", true)
