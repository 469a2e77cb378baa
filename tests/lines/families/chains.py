"""Families of lines about chain rules, recurrences, powers and products up to an index.

A name varies with what is made of it, all else held fixed. What a derivative is, is worked out on
pairs of a fraction and its slope, with the value of the name it is taken by put in, and varied.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import prod
from random import Random

from tests.lines.random_terms import Text

NUMBERS = "x w b y"
TIMES = 4


Monomial = tuple[str, ...]


@dataclass(frozen=True)
class Pair:
    """A number, and how fast it changes."""

    value: Fraction
    slope: Fraction = Fraction(0)

    def __add__(self, other: Pair) -> Pair:
        return Pair(self.value + other.value, self.slope + other.slope)

    def __mul__(self, other: Pair) -> Pair:
        slope = self.slope * other.value + self.value * other.slope
        return Pair(self.value * other.value, slope)


@dataclass(frozen=True)
class Polynomial:
    """Whole numbers by monomials in names."""

    terms: tuple[tuple[int, Monomial], ...]

    @classmethod
    def of(cls, terms: Iterable[tuple[int, Monomial]]) -> Polynomial:
        """The sum of these, each monomial once."""
        found: Counter[Monomial] = Counter()
        for q, names in terms:
            found[tuple(sorted(names))] += q
        return cls(tuple((q, names) for names, q in sorted(found.items()) if q))

    def at(self, values: Mapping[str, Pair]) -> Pair:
        found = Pair(Fraction(0))
        for q, names in self.terms:
            found = found + prod((values[name] for name in names), start=Pair(Fraction(q)))
        return found

    def by(self, name: str) -> Polynomial:
        """The partial derivative."""
        rest = ((q * m.count(name), [*m]) for q, m in self.terms if name in m)
        return Polynomial.of((q, (*m[: m.index(name)], *m[m.index(name) + 1 :])) for q, m in rest)

    def written(self, spelled: Mapping[str, str] | None = None) -> str:
        """As text, with the names as they are spelled."""
        text = ""
        for q, names in self.terms:
            factors = [] if abs(q) == 1 and names else [str(abs(q))]
            for name, times in Counter(names).items():
                one = (spelled or {}).get(name, name)
                factors.append(f"{one}^{times}" if times > 1 else one)
            text += f" {'-' if q < 0 else '+'} {' '.join(factors)}"
        return text.removeprefix(" + ").lstrip() or "0"

    def slipped(self, random: Random, names: str) -> Polynomial:
        """The same with one mistake, which may make no difference."""
        terms = list(self.terms) or [(1, ())]
        at = random.randrange(len(terms))
        q, factors = terms[at]
        other = (random.choice(names), *factors[1:]) if factors else factors
        wrong = ((-q, factors), (q + random.choice((1, -2)), factors), (q, other))
        terms[at] = random.choice(wrong)
        return Polynomial.of(terms)


def chain_polynomial(random: Random, of: str, others: str) -> Polynomial:
    """One that depends on one name, and perhaps on others."""
    square = random.random() < 0.4
    first: Monomial = (of, of) if square else (of, random.choice(others))
    terms = [(random.choice((1, 1, 2, -1)), first)]
    for _ in range(random.randint(0, 2)):
        names = tuple(sorted(random.choices(others, k=random.randint(1, 2))))
        if names not in [each for _, each in terms]:
            terms.append((random.choice((1, 3, -2)), names))
    return Polynomial(tuple(terms))


@dataclass(frozen=True)
class Graph:
    """Names in the order in which each is made of those before."""

    made: Mapping[str, Polynomial]

    def given(self) -> str:
        lines = (f"define {name} = {of.written()}" for name, of in self.made.items())
        return f"scalar {', '.join(NUMBERS.split())}\n" + "\n".join(lines)

    def slope(self, of: str, by: str, at: Mapping[str, Fraction]) -> Fraction:
        """The derivative of a name by another, which is cut out of the graph and varied."""
        values = {name: Pair(q, Fraction(int(name == by))) for name, q in at.items()}
        for name, made in self.made.items():
            found = made.at(values)
            values[name] = Pair(found.value, Fraction(1)) if name == by else found
        return values[of].slope


def graph(random: Random) -> Graph:
    """z of numbers, u of z, L of u; with numbers beside them, and now and then a second path."""
    made = {"z": chain_polynomial(random, "w", "xwb"), "u": chain_polynomial(random, "z", "zxb")}
    others = "uzy" if random.random() < 0.3 else "uy"
    made["L"] = chain_polynomial(random, "u", others)
    return Graph(made)


def by(of: str, name: str) -> str:
    return rf"\frac{{\partial {of}}}{{\partial {name}}}"


Value = Callable[[Mapping[str, Fraction]], Fraction]


def _path(random: Random, of: Graph) -> tuple[str, Value, Value]:
    """A derivative as the product of those along the one path, or along a part of it."""
    route = random.choice((["L", "u", "z", "w"], ["L", "u", "z"], ["u", "z", "w"], ["L", "z", "w"]))
    steps = list(pairwise(route))
    if random.random() < 0.4:
        at = random.randrange(len(steps))
        (first, second) = steps[at]
        wrong = [n for n in ("x", "b", "w", "z", "y") if n != second and n < first != "w"]
        steps[at] = (first, random.choice(wrong or ["x"]))
        if random.random() < 0.3 and len(steps) > 1:
            del steps[at]

    def left(at: Mapping[str, Fraction]) -> Fraction:
        return of.slope(route[0], route[-1], at)

    def right(at: Mapping[str, Fraction]) -> Fraction:
        found = Fraction(1)
        for one, other in steps:
            found *= of.slope(one, other, at)
        return found

    text = " ".join(by(*step) for step in steps)
    return f"{by(route[0], route[-1])} = {text}", left, right


def _worked_out(random: Random, of: Graph) -> tuple[str, Value, Value]:
    """A derivative by a name as a polynomial in names."""
    one, other = random.choice((("L", "u"), ("u", "z"), ("z", "w")))
    right_side = of.made[one].by(other)
    if random.random() < 0.5:
        right_side = right_side.slipped(random, NUMBERS.replace(" ", ""))

    def left_value(at: Mapping[str, Fraction]) -> Fraction:
        return of.slope(one, other, at)

    def right(at: Mapping[str, Fraction]) -> Fraction:
        values = {name: Pair(q) for name, q in at.items()}
        for name, made in of.made.items():
            values[name] = Pair(made.at(values).value)
        return right_side.at(values).value

    return f"{by(one, other)} = {right_side.written()}", left_value, right


def _numbers(seed: str) -> Text:
    random = Random(seed)
    of = graph(random)
    way = random.choice((_path, _worked_out))
    line, left, right = way(random, of)
    points = [
        {name: Fraction(random.randint(-7, 7), random.randint(1, 3)) for name in NUMBERS.split()}
        for _ in range(TIMES)
    ]
    true = all(left(at) == right(at) for at in points)
    kind = "path" if way is _path else "worked out"
    return Text(kind, of.given(), line, true)


# Of vectors: z = W x + b, h = z^2 entry by entry, L = |h - y|^2 / 2 ------------------------------

VECTORS = r"""
size n, d >= 1
index i, j in 1..n
index k in 1..d
matrix W in R^{n x d}
vector x in R^d
vector b, y in R^n
define z = W x + b
define h_i = z_i^2
define L = \frac{1}{2} \sum_i (h_i - y_i)^2
"""


@dataclass(frozen=True)
class Arrays:
    """Numbers for everything that is declared."""

    w: tuple[tuple[Fraction, ...], ...]
    x: tuple[Fraction, ...]
    b: tuple[Fraction, ...]
    y: tuple[Fraction, ...]

    @property
    def z(self) -> tuple[Fraction, ...]:
        rows = zip(self.w, self.b, strict=True)
        return tuple(sum((p * q for p, q in zip(row, self.x, strict=True)), b) for row, b in rows)

    @property
    def by_h(self) -> tuple[Fraction, ...]:
        return tuple(z * z - y for z, y in zip(self.z, self.y, strict=True))

    @property
    def by_z(self) -> tuple[Fraction, ...]:
        return tuple(2 * z * h for z, h in zip(self.z, self.by_h, strict=True))


Grid = tuple[tuple[Fraction, ...], ...]


def _column(of: tuple[Fraction, ...]) -> Grid:
    return tuple((each,) for each in of)


def _outer(of: tuple[Fraction, ...], with_: tuple[Fraction, ...]) -> Grid:
    return tuple(tuple(p * q for q in with_) for p in of)


def _back(at: Arrays) -> Grid:
    columns = range(len(at.x))
    return _column(
        tuple(
            sum((row[c] * g for row, g in zip(at.w, at.by_z, strict=True)), Fraction(0))
            for c in columns
        )
    )


LEFT: dict[str, Callable[[Arrays], Grid]] = {
    r"\frac{\partial L}{\partial h}": lambda at: _column(at.by_h),
    r"\frac{\partial L}{\partial z}": lambda at: _column(at.by_z),
    r"\frac{\partial L}{\partial b}": lambda at: _column(at.by_z),
    r"\frac{\partial L}{\partial W}": lambda at: _outer(at.by_z, at.x),
    r"\frac{\partial L}{\partial x}": _back,
}
RIGHT: dict[str, Callable[[Arrays], Grid]] = {
    **LEFT,
    "h - y": lambda at: _column(at.by_h),
    "y - h": lambda at: _column(tuple(-each for each in at.by_h)),
    r"2 z \odot (h - y)": lambda at: _column(at.by_z),
    r"z \odot (h - y)": lambda at: _column(tuple(each / 2 for each in at.by_z)),
    r"2 \frac{\partial L}{\partial h} \odot z": lambda at: _column(at.by_z),
    r"\frac{\partial L}{\partial z} x^T": lambda at: _outer(at.by_z, at.x),
    r"\frac{\partial L}{\partial b} x^T": lambda at: _outer(at.by_z, at.x),
    r"\frac{\partial L}{\partial h} x^T": lambda at: _outer(at.by_h, at.x),
    r"W^T \frac{\partial L}{\partial z}": _back,
    r"2 W^T (z \odot (h - y))": _back,
}
SHAPES = ((1, 1), (2, 1), (2, 3))


def _vectors(seed: str) -> Text:
    random = Random(seed)

    def drawn(count: int) -> tuple[Fraction, ...]:
        return tuple(Fraction(random.randint(-5, 5), random.randint(1, 2)) for _ in range(count))

    worlds = [
        Arrays(tuple(drawn(d) for _ in range(n)), drawn(d), drawn(n), drawn(n))
        for n, d in SHAPES * 2
    ]
    left = random.choice(sorted(LEFT))

    def equal(right: str) -> bool:
        return all(LEFT[left](at) == RIGHT[right](at) for at in worlds)

    def fits(right: str) -> bool:
        sizes = [(len(LEFT[left](at)), len(LEFT[left](at)[0])) for at in worlds]
        return sizes == [(len(RIGHT[right](at)), len(RIGHT[right](at)[0])) for at in worlds]

    others = [each for each in sorted(RIGHT) if each != left and fits(each)]
    good = [each for each in others if equal(each)]
    right = random.choice(good if random.random() < 0.5 and good else others)
    return Text("vectors", VECTORS, f"{left} = {right}", equal(right))


def chain_case(seed: str) -> Text:
    """A line about a chain rule, true or with a slip."""
    return _vectors(seed) if Random(f"{seed}/kind").random() < 0.3 else _numbers(seed)


RECURRENCE_GIVEN = """
size T >= 3
index t, s in 1..T
scalar w, u, h_0
vector x in R^T
"""
MEMBERS = (3, 4)
NAMES = "pxwu"


def recurrence_polynomial(random: Random) -> Polynomial:
    """One that depends on what was before."""
    terms: list[tuple[int, Monomial]] = [(4, ("p", random.choice("wup")))]  # nothing cancels it
    for _ in range(random.randint(2, 3)):
        names = tuple(random.choices(NAMES, k=random.randint(1, 2)))
        terms.append((random.choice((1, 1, 2, -1, -3)), names))
    return Polynomial.of(terms)


def _drawn(random: Random) -> Fraction:
    return Fraction(random.randint(-5, 5), random.randint(1, 3))


class Run:
    """The members of one recurrence at some numbers; one may be varied."""

    def __init__(self, of: Polynomial, members: int, random: Random) -> None:
        self.of, self.members = of, members
        self.x = [_drawn(random) for _ in range(members + 1)]
        self.given = {name: _drawn(random) for name in ("w", "u", "h")}

    def values(self, *, by: str = "", member: int = 0) -> list[Pair]:
        """All members, varied by a parameter, or by the member with this number."""
        found = [Pair(self.given["h"], Fraction(int(by == "h" and member == 0)))]
        for t in range(1, self.members + 1):
            pair = self.of.at(self.inputs(t, found[-1], by))
            if by == "h":
                pair = Pair(pair.value, Fraction(1) if t == member else pair.slope)
            found.append(pair)
        return found

    def inputs(self, t: int, before: Pair, by: str = "") -> dict[str, Pair]:
        """What a polynomial is of, at one member."""
        named = {n: Pair(self.given[n], Fraction(int(n == by))) for n in ("w", "u")}
        return {"p": before, "x": Pair(self.x[t]), **named}


def _spelled(by: int) -> dict[str, str]:
    """The names so many members on."""
    below = {n: f"t{n:+}" if n else "t" for n in (by - 1, by)}
    return {"p": f"h_{{{below[by - 1]}}}", "x": f"x_{{{below[by]}}}", "w": "w", "u": "u"}


Holds = Callable[[Run], Iterator[bool]]


def _value(f: Polynomial, g: Polynomial) -> tuple[str, Holds]:
    def holds(run: Run) -> Iterator[bool]:
        values = run.values()
        for t in range(1, run.members + 1):
            yield values[t].value == g.at(run.inputs(t, values[t - 1])).value

    return f"h_t = {g.written(_spelled(0))}", holds


def _next(f: Polynomial, g: Polynomial) -> tuple[str, Holds]:
    return f"h_{{t+1}} = {g.written(_spelled(1))}", _from_second(_value(f, g)[1])


def _from_second(holds: Holds) -> Holds:
    def later(run: Run) -> Iterator[bool]:
        yield from list(holds(run))[1:]

    return later


def _by_before(f: Polynomial, g: Polynomial) -> tuple[str, Holds]:
    def holds(run: Run) -> Iterator[bool]:
        values = run.values()
        for t in range(1, run.members + 1):
            slope = run.values(by="h", member=t - 1)[t].slope
            yield slope == g.at(run.inputs(t, values[t - 1])).value

    right = g.written(_spelled(0))
    return rf"\frac{{\partial h_t}}{{\partial h_{{t-1}}}} = {right}", holds


def _by_two_before(f: Polynomial, g: Polynomial) -> tuple[str, Holds]:
    def holds(run: Run) -> Iterator[bool]:
        values = run.values()
        for t in range(2, run.members + 1):
            slope = run.values(by="h", member=t - 2)[t].slope
            one, other = (g.at(run.inputs(n, values[n - 1])).value for n in (t, t - 1))
            yield slope == one * other

    right = rf"({g.written(_spelled(0))}) ({g.written(_spelled(-1))})"
    return rf"\frac{{\partial h_t}}{{\partial h_{{t-2}}}} = {right}", holds


def _by_parameter(f: Polynomial, g: Polynomial) -> tuple[str, Holds]:
    """What a parameter changes here, and what it has changed before."""

    def holds(run: Run) -> Iterator[bool]:
        values, slopes = run.values(), run.values(by="w")
        for t in range(1, run.members + 1):
            inputs = run.inputs(t, values[t - 1])
            more = f.by("p").at(inputs).value * slopes[t - 1].slope
            yield slopes[t].slope == g.at(inputs).value + more

    before = rf"({f.by('p').written(_spelled(0))}) \frac{{\partial h_{{t-1}}}}{{\partial w}}"
    return rf"\frac{{\partial h_t}}{{\partial w}} = {g.written(_spelled(0))} + {before}", holds


KINDS: dict[str, tuple[Callable[[Polynomial, Polynomial], tuple[str, Holds]], str]] = {
    "value": (_value, ""),
    "next": (_next, ""),
    "by the one before": (_by_before, "p"),
    "by the second before": (_by_two_before, "p"),
    "by a parameter": (_by_parameter, "w"),
}


def recurrence_case(seed: str) -> Text:
    """A line of one kind, true or with a slip."""
    random = Random(seed)
    kind = random.choice(sorted(KINDS))
    make, by = KINDS[kind]
    f = recurrence_polynomial(random)
    g = f.by(by) if by else f
    if random.random() < 0.5:
        g = g.slipped(random, NAMES)
    line, holds = make(f, g)
    runs = [Run(f, members, Random(f"{seed}/{n}")) for n, members in enumerate(MEMBERS * 3)]
    given = f"{RECURRENCE_GIVEN}define h_t = {f.written(_spelled(0))}\n"
    return Text(kind, given, line, all(each for run in runs for each in holds(run)))


SQUARE_GIVEN = r"""
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


def _square_written(terms: Terms, *, logarithms: bool) -> str:
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


def square_case(seed: str) -> Text:
    """A derivative by a power, true or with a slip."""
    random = Random(seed)
    by = random.choice((2, 2, 2, 3, 4))
    terms: Terms = {}
    for factor in random.sample(FACTORS, random.choice((1, 2, 3))):
        power = random.choice((-4, -2, -1, 1, 2, 3, 4, LOGARITHM))
        terms[factor, power] = Fraction(random.choice((-3, -1, 1, 2, 5)), random.choice((1, 2)))
    right = _by_power(terms, by)
    said = right if random.random() < 0.5 else _slipped(right, random)
    left = _square_written(terms, logarithms=True)
    line = rf"\frac{{\partial}}{{\partial s^{by}}} \left( {left} \right) = "
    return Text(
        f"by s^{by}", SQUARE_GIVEN, line + _square_written(said, logarithms=False), said == right
    )


PREFIX_GIVEN = r"""
size T >= 2
index t, s in 1..T
vector a in R^T, a_t > 0
vector b in (0, 1)^T
define A_t = \prod_{s=1}^t a_s
"""
PIECES: tuple[tuple[str, str, int, int], ...] = (  # text, array, first, last place beside t
    ("A_t", "a", -9, 0),
    ("A_{t-1}", "a", -9, -1),
    ("a_t", "a", 0, 0),
    ("b_t", "b", 0, 0),
    (r"\left(\prod_{s=1}^t b_s\right)", "b", -9, 0),
    (r"\left(\prod_{s=1}^{t-1} b_s\right)", "b", -9, -1),
    (r"\left(\prod_{s=t}^T a_s\right)", "a", 0, 9),
    (r"\left(\prod_{s=t+1}^T a_s\right)", "a", 1, 9),
)
SAME = (  # a piece, and the two that it is the product of
    (0, (1, 2)),
    (4, (5, 3)),
    (6, (2, 7)),
)
Exponents = dict[tuple[str, int], int]


def _exponents(pieces: list[int], last: int, at: int) -> Exponents:
    """How often each entry is a factor, where the index is ``at`` of ``last``."""
    found: Exponents = {}
    for number in pieces:
        _, array, low, high = PIECES[number]
        for place in range(max(1, at + low), min(last, at + high) + 1):
            found[array, place] = found.get((array, place), 0) + 1
    return found


def _prefix_written(pieces: list[int], *, logarithms: bool) -> str:
    texts = [PIECES[number][0] for number in pieces]
    if logarithms:
        return " + ".join(rf"\log {each}" for each in texts) or "0"
    return " ".join(texts) or "1"


def prefix_case(seed: str) -> Text:
    """A product of such pieces in two ways."""
    random = Random(seed)
    left = [random.randrange(len(PIECES)) for _ in range(random.choice((1, 2)))]
    right: list[int] = []
    for number in left:
        parts = dict(SAME).get(number)
        right += [number] if parts is None else [*parts]
    random.shuffle(right)
    if random.random() < 0.5:
        right[random.randrange(len(right))] = random.randrange(len(PIECES))
    logarithms = random.random() < 0.3
    sides = (_prefix_written(each, logarithms=logarithms) for each in (left, right))
    true = all(
        _exponents(left, last, at) == _exponents(right, last, at)
        for last in range(2, 5)
        for at in range(1, last + 1)
    )
    return Text("logarithms" if logarithms else "products", PREFIX_GIVEN, " = ".join(sides), true)
