"""Joint, conditional and marginal probabilities of three variables with finitely many values.

What a line says is worked out with a random table of all three, exactly, at all their values: p of
some of them is the sum over the others, and a conditional one is a quotient. Nothing is declared of
p, so that what is false can be left undecided.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from random import Random

from tests.lines.apart.case import Case

GIVEN = """
size n >= 1
index x in X = 1..n
index y in Y = 0..1
index z in Z = 0..1
"""
NAMES = "xyz"
SIZES = ((2, 2, 2), (3, 2, 2))
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
            left = [each for each in names if each not in of]
            under = tuple(left) if random.random() < 0.5 else ()
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


def case(seed: str) -> Case:
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
    tables = [Table(sizes, Random(f"{seed}/{n}")) for n, sizes in enumerate(SIZES)]
    true = all(
        left.at(table, values) == right.at(table, values)
        for table in tables
        for values in table.places(free)
    )
    return Case(kind, GIVEN, f"{left.text} = {right.text}", true)
