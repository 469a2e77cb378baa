"""Random lines about recurrences, each with a truth of its own, by exact numbers.

A recurrence is a polynomial in the value before, an input and two parameters. What a line says is
worked out with pairs of a fraction and its derivative, from the first member on, at several numbers
of members: nothing here knows how a statement is read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from random import Random

from tests.lines.apart.case import Case, Pair

GIVEN = """
size T >= 3
index t, s in 1..T
scalar w, u, h_0
vector x in R^T
"""
MEMBERS = (3, 4)
NAMES = ("p", "x", "w", "u")


Monomial = tuple[str, ...]  # names, sorted


@dataclass(frozen=True)
class Polynomial:
    """Whole numbers by monomials."""

    terms: tuple[tuple[Monomial, int], ...]

    def at(self, values: Mapping[str, Pair]) -> Pair:
        found = Pair(Fraction(0))
        for names, q in self.terms:
            term = Pair(Fraction(q))
            for name in names:
                term = term * values[name]
            found = found + term
        return found

    def by(self, name: str) -> Polynomial:
        """The partial derivative."""
        found: Counter[Monomial] = Counter()
        for names, q in self.terms:
            if times := names.count(name):
                left = list(names)
                left.remove(name)
                found[tuple(left)] += q * times
        return Polynomial(tuple(sorted((m, q) for m, q in found.items() if q)))

    def written(self, names: Mapping[str, str]) -> str:
        parts = []
        for monomial, q in self.terms:
            number = [str(abs(q))] if abs(q) != 1 or not monomial else []
            parts.append(
                ("-" if q < 0 else "+", " ".join([*number, *(names[n] for n in monomial)]))
            )
        text = " ".join(f"{sign} {part}" for sign, part in parts) or "0"
        return text.removeprefix("+ ")


def polynomial(random: Random) -> Polynomial:
    """One that depends on what was before."""
    found: Counter[Monomial] = Counter()
    for _ in range(random.randint(2, 3)):
        names = tuple(sorted(random.choices(NAMES, k=random.randint(1, 2))))
        found[names] += random.choice((1, 1, 2, -1, -3))
    found[tuple(sorted(("p", random.choice(("w", "u", "p")))))] += 4  # which nothing cancels
    return Polynomial(tuple(sorted((m, q) for m, q in found.items() if q)))


def slip(random: Random, given: Polynomial) -> Polynomial:
    """The same with one mistake, which may make no difference."""
    terms = list(given.terms) or [((), 1)]
    at = random.randrange(len(terms))
    names, q = terms[at]
    match random.randrange(3):
        case 0:
            terms[at] = (names, -q)
        case 1:
            terms[at] = (names, q + random.choice((1, -2)))
        case 2 if names:
            left = [random.choice(NAMES), *names[1:]]
            terms[at] = (tuple(sorted(left)), q)
    found: Counter[Monomial] = Counter()
    for monomial, number in terms:
        found[monomial] += number
    return Polynomial(tuple(sorted((m, q) for m, q in found.items() if q)))


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


def case(seed: str) -> Case:
    """A line of one kind, true or with a slip."""
    random = Random(seed)
    kind = random.choice(sorted(KINDS))
    make, by = KINDS[kind]
    f = polynomial(random)
    g = f.by(by) if by else f
    if random.random() < 0.5:
        g = slip(random, g)
    line, holds = make(f, g)
    runs = [Run(f, members, Random(f"{seed}/{n}")) for n, members in enumerate(MEMBERS * 3)]
    given = f"{GIVEN}define h_t = {f.written(_spelled(0))}\n"
    return Case(kind, given, line, all(each for run in runs for each in holds(run)))
