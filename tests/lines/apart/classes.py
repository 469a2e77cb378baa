"""Conditions on numbers that are one of two, below sums, in indicators and in cases.

The other side has a polynomial in these numbers; it is worked out at random ones, exactly.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from random import Random

from tests.lines.apart.case import Case

GIVEN = r"""
size n >= 1
index i in 1..n
vector y in \{0, 1\}^n
vector t in \{-1, 1\}^n
vector x, z in R^n
"""
WORLDS = 12


@dataclass(frozen=True)
class World:
    """Numbers for everything that is declared."""

    y: tuple[int, ...]
    t: tuple[int, ...]
    x: tuple[Fraction, ...]
    z: tuple[Fraction, ...]


def world(random: Random) -> World:
    places = range(random.randint(1, 3))
    y, t = (tuple(random.choice(two) for _ in places) for two in ((0, 1), (-1, 1)))
    x, z = (tuple(Fraction(random.randint(-6, 6)) for _ in places) for _ in range(2))
    return World(y, t, x, z)


@dataclass(frozen=True)
class Condition:
    """What is said of an entry, the polynomial that is one where it holds, and its truth."""

    said: str
    weight: str
    holds: Callable[[World, int], bool]


CONDITIONS = (
    Condition("y_i = 1", "y_i", lambda w, i: w.y[i] == 1),
    Condition("y_i = 0", "(1 - y_i)", lambda w, i: w.y[i] == 0),
    Condition(r"y_i \ne 1", "(1 - y_i)", lambda w, i: w.y[i] != 1),
    Condition(r"y_i \ne 0", "y_i", lambda w, i: w.y[i] != 0),
    Condition("t_i = 1", r"\frac{1 + t_i}{2}", lambda w, i: w.t[i] == 1),
    Condition("t_i = -1", r"\frac{1 - t_i}{2}", lambda w, i: w.t[i] == -1),
    Condition(r"t_i \ne 1", r"\frac{1 - t_i}{2}", lambda w, i: w.t[i] != 1),
)
VALUES: tuple[tuple[str, Callable[[World, int], Fraction]], ...] = (
    ("x_i", lambda w, i: w.x[i]),
    ("x_i z_i", lambda w, i: w.x[i] * w.z[i]),
    ("(x_i - 2 z_i)", lambda w, i: w.x[i] - 2 * w.z[i]),
    ("x_i^2", lambda w, i: w.x[i] ** 2),
)


def case(seed: str) -> Case:
    """A line about such conditions, true or with a slip."""
    random = Random(seed)
    one = random.choice(CONDITIONS)
    other = one if random.random() < 0.5 else random.choice(CONDITIONS)
    (text, value), (rest, beside) = random.sample(VALUES, 2)
    kind = random.choice(("sum", "indicator", "cases"))
    worlds = [world(random) for _ in range(WORLDS)]
    weight = other.weight
    if kind == "cases":
        both = rf"{text} & {one.said} \\ {rest} & \text{{otherwise}}"
        left = rf"\sum_i \begin{{cases}} {both} \end{{cases}}"
        right = rf"\sum_i ({weight} {text} + (1 - {weight}) {rest})"

        def at(w: World, said: Condition) -> Fraction:
            found = (value(w, i) if said.holds(w, i) else beside(w, i) for i in range(len(w.x)))
            return sum(found, Fraction(0))

    else:
        left = rf"\sum_{{i : {one.said}}} {text}"
        if kind == "indicator":
            left = rf"\sum_i \mathbb{{1}}\{{{one.said}\}} {text}"
        right = rf"\sum_i {weight} {text}"

        def at(w: World, said: Condition) -> Fraction:
            found = (value(w, i) for i in range(len(w.x)) if said.holds(w, i))
            return sum(found, Fraction(0))

    true = all(at(w, one) == at(w, other) for w in worlds)
    return Case(kind, GIVEN, f"{left} = {right}", true)
