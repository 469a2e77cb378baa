"""Sums under conditions, and over parts of a range: first and last apart, shifted, in order."""

from __future__ import annotations

from random import Random

from tests.lines.algebra import substitute
from tests.lines.context import Context
from tests.lines.family import Equality, Family, first_fitting, some
from tests.lines.grow import Grow
from tests.lines.rewritings import NUMBERS, RANGES, RULES, SUMS, Site
from tests.lines.tree import (
    ONE,
    TWO,
    Add,
    Between,
    Block,
    Comparison,
    Declaration,
    Div,
    End,
    Entry,
    Index,
    Item,
    Letter,
    Matrix,
    Moved,
    Mul,
    Name,
    Neg,
    Nth,
    Pow,
    Scalar,
    Size,
    Sum,
    Term,
    Vector,
    Whole,
)


def _setting(random: Random) -> tuple[Item, ...]:
    size = random.choice(("n", "m", "T"))
    given: list[Declaration] = [Size(size, 1)]
    given += [Index(each, size) for each in some(random, "i j k s", 2, 3)]
    given += [Scalar(each) for each in some(random, r"a b \gamma", 1, 2)]
    given += [Vector(each, size) for each in some(random, "u x y", 1, 2)]
    if random.random() < 0.4:
        given.append(Matrix("A", size, size))
    return (Block(tuple(given)),)


def _equality(random: Random, context: Context) -> Equality:
    ways = [_condition] * 4 + [_order] + [_apart] * 3 + [_telescope] + [_shifted] * 2
    ways += [_pairs, _unequal] + [_triangle] * 4
    return first_fitting(ways, _condition, random, context)


def _summand(random: Random, context: Context, letter: str, depth: int = 1) -> Term:
    (axis,) = set(context.letters.values())
    grow = Grow(context, random, elementary=0.05, deltas=False).under(letter, axis)
    return grow.number(depth)


def _letters(random: Random, context: Context) -> tuple[str, str, str]:
    (axis,) = set(context.letters.values())
    one, other = random.sample(context.letters_of(axis), 2)
    return axis, one, other


def _condition(random: Random, context: Context) -> Equality:
    """All but one: the sum less its summand there."""
    axis, i, j = _letters(random, context)
    condition = Comparison(Letter(i), "!=", Letter(j))
    left: Term = Sum(i, Whole(axis), (condition,), _summand(random, context, i))
    if random.random() < 0.4:
        left = Sum(j, Whole(axis), (), Mul((Entry(_vector(random, context), (Letter(j),)), left)))
    return Equality("all but one", left, left)


def _order(random: Random, context: Context) -> Equality:
    """Below, at and above one letter."""
    axis, i, j = _letters(random, context)
    body, over = _summand(random, context, i), Whole(axis)
    below = Sum(i, over, (Comparison(Letter(i), "<", Letter(j)),), body)
    least = Sum(i, over, (Comparison(Letter(i), "<=", Letter(j)),), body)
    above = Sum(i, over, (Comparison(Letter(j), "<", Letter(i)),), body)
    at = Sum(i, over, (Comparison(Letter(i), "=", Letter(j)),), body)
    match random.randrange(3):
        case 0:
            return Equality("in order", Sum(i, over, (), body), Add((least, above)))
        case 1:
            return Equality("in order", least, Add((below, at)))
    return Equality("in order", Sum(i, over, (), body), Add((below, at, above)))


def _apart(random: Random, context: Context) -> Equality:
    """The first, or the last, apart."""
    axis, i, _ = _letters(random, context)
    term = Sum(i, Whole(axis), (), _summand(random, context, i))
    site = Site(context, {}, random)
    rule = random.choice(("last_apart", "first_apart"))
    return Equality("first or last apart", term, RULES[rule](term, site))


def _shifted(random: Random, context: Context) -> Equality:
    """A sum over 2..n as one over 1..n-1."""
    axis, i, _ = _letters(random, context)
    body = _summand(random, context, i)
    term = Sum(i, Between(axis, Nth(2), End(axis)), (), body)
    return Equality("shifted", term, RULES["shifted"](term, Site(context, {}, random)))


def _telescope(random: Random, context: Context) -> Equality:
    axis, i, _ = _letters(random, context)
    vector = _vector(random, context)
    front = Between(axis, Nth(1), End(axis, -1))
    ahead, here = Entry(vector, (Moved(Letter(i), 1),)), Entry(vector, (Letter(i),))
    left = Sum(i, front, (), Add((ahead, Neg(here))))
    ends = Add((Entry(vector, (End(axis),)), Neg(Entry(vector, (Nth(1),)))))
    return Equality("telescope", left, ends)


def _pairs(random: Random, context: Context) -> Equality:
    """A sum over pairs by their order."""
    axis, i, j = _letters(random, context)
    over, vector = Whole(axis), _vector(random, context)
    body = Mul((Entry(vector, (Letter(i),)), Entry(vector, (Letter(j),))))
    both = Sum(i, over, (), Sum(j, over, (), body))
    lower = Sum(i, over, (), Sum(j, over, (Comparison(Letter(j), "<", Letter(i)),), body))
    entry = Entry(vector, (Letter(i),))
    equal = Sum(i, over, (), Mul((entry, entry)))
    return Equality("pairs", both, Add((Mul((TWO, lower)), equal)))


def _triangle(random: Random, context: Context) -> Equality:
    """A sum over pairs in order: by rows and by columns, with its counterpart, or counted."""
    axis, i, j = _letters(random, context)
    over, below = Whole(axis), Comparison(Letter(i), "<", Letter(j))
    body = _summand(random, context, i, 0)
    if random.random() < 0.7:
        body = Mul((body, _summand(random, context, j, 0)))
    sign = random.choice(("<", "<="))
    rows = Sum(i, over, (), Sum(j, over, (Comparison(Letter(i), sign, Letter(j)),), body))
    columns = Sum(j, over, (), Sum(i, over, (Comparison(Letter(i), sign, Letter(j)),), body))
    match random.randrange(4):
        case 0:
            above = Comparison(Letter(j), "<", Letter(i))
            first, second = (Sum(i, over, (), Sum(j, over, (c,), body)) for c in (below, above))
            at = Sum(i, over, (), substitute(body, {j: Letter(i)}, context))
            both = Sum(i, over, (), Sum(j, over, (), body))
            return Equality("triangles", both, Add((first, second, at)))
        case 1:
            size = Name(axis)
            count = Div(Mul((size, Add((size, Neg(ONE) if sign == "<" else ONE)))), TWO)
            ones = Sum(i, over, (), Sum(j, over, (Comparison(Letter(i), sign, Letter(j)),), ONE))
            return Equality("pairs counted", ones, count)
        case 2:
            less = Name(j) if sign == "<=" else Add((Name(j), Neg(ONE)))
            column = Sum(j, over, (), Sum(i, over, (Comparison(Letter(i), sign, Letter(j)),), ONE))
            return Equality("members counted", column, Sum(j, over, (), less))
    return Equality("rows and columns", rows, columns)


def _unequal(random: Random, context: Context) -> Equality:
    """A sum over all pairs of different members."""
    axis, i, j = _letters(random, context)
    over, vector = Whole(axis), _vector(random, context)
    one, other = Entry(vector, (Letter(i),)), Entry(vector, (Letter(j),))
    apart = (Comparison(Letter(j), "!=", Letter(i)),)
    left = Sum(i, over, (), Sum(j, over, apart, Mul((one, other))))
    squares = Sum(i, over, (), Pow(one, 2))
    return Equality("unequal pairs", left, Add((Pow(Sum(i, over, (), one), 2), Neg(squares))))


def _vector(random: Random, context: Context) -> Name:
    return Name(random.choice(sorted(context.vectors)))


CONDITIONS_AND_RANGES = Family(
    "conditions and ranges",
    _setting,
    _equality,
    (*NUMBERS, *SUMS, *RANGES),
    (
        "wrong_bound",
        "wrong_shift",
        "lost_condition",
        "wrong_condition",
        "lost_sum",
    ),
)
