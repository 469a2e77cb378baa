"""Chain rules through named intermediates, of numbers and of vectors, each with a slip or none.

A name varies with what is made of it, all else held fixed. What a derivative is, is worked out on
pairs of a fraction and its slope, with the value of the name it is taken by put in, and varied.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from random import Random

from tests.lines.apart.case import Case, Pair

NUMBERS = "x w b y"
TIMES = 4


Monomial = tuple[str, ...]


@dataclass(frozen=True)
class Polynomial:
    """Whole numbers by monomials in names."""

    terms: tuple[tuple[int, Monomial], ...]

    @property
    def text(self) -> str:
        parts: list[str] = []
        for q, names in self.terms:
            number = "" if abs(q) == 1 and names else str(abs(q))
            powers = (
                f"{name}^{names.count(name)}" if names.count(name) > 1 else name
                for name in dict.fromkeys(names)
            )
            parts += ["-" if q < 0 else "+", " ".join(filter(None, (number, *powers)))]
        return " ".join(parts).removeprefix("+ ")

    def at(self, values: Mapping[str, Pair]) -> Pair:
        found = Pair(Fraction(0))
        for q, names in self.terms:
            term = Pair(Fraction(q))
            for name in names:
                term = term * values[name]
            found = found + term
        return found


def polynomial(random: Random, of: str, others: str) -> Polynomial:
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
        lines = (f"define {name} = {of.text}" for name, of in self.made.items())
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
    made = {"z": polynomial(random, "w", "xwb"), "u": polynomial(random, "z", "zxb")}
    others = "uzy" if random.random() < 0.3 else "uy"
    made["L"] = polynomial(random, "u", others)
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
    terms: list[tuple[int, Monomial]] = []
    for q, names in of.made[one].terms:
        if times := names.count(other):
            left = list(names)
            left.remove(other)
            terms.append((q * times, tuple(left)))
    if random.random() < 0.5:
        at = random.randrange(len(terms))
        q, names = terms[at]
        terms[at] = random.choice(((-q, names), (q + 1, names), (q, names[1:]), (q, (*names, "x"))))
    right_side = Polynomial(tuple((q, names) for q, names in terms if q) or ((0, ()),))

    def left_value(at: Mapping[str, Fraction]) -> Fraction:
        return of.slope(one, other, at)

    def right(at: Mapping[str, Fraction]) -> Fraction:
        values = {name: Pair(q) for name, q in at.items()}
        for name, made in of.made.items():
            values[name] = Pair(made.at(values).value)
        return right_side.at(values).value

    return f"{by(one, other)} = {right_side.text}", left_value, right


def _numbers(seed: str) -> Case:
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
    return Case(kind, of.given(), line, true)


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


def _vectors(seed: str) -> Case:
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
    return Case("vectors", VECTORS, f"{left} = {right}", equal(right))


def case(seed: str) -> Case:
    """A line about a chain rule, true or with a slip."""
    return _vectors(seed) if Random(f"{seed}/kind").random() < 0.3 else _numbers(seed)
