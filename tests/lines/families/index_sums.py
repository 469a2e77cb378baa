"""Sums in index notation: lists of labels that repeat, deltas, conditions on the line."""

from __future__ import annotations

from random import Random

from tests.lines.algebra import total
from tests.lines.context import Context, Unfit
from tests.lines.derive import Derive
from tests.lines.family import Equality, Family, first_fitting, some
from tests.lines.grow import Grow
from tests.lines.rewritings import NUMBERS, SUMS
from tests.lines.tree import (
    ONE,
    Add,
    Assume,
    Block,
    Comparison,
    Declaration,
    Deriv,
    Distinct,
    Entry,
    Index,
    Indicator,
    Item,
    Labels,
    Letter,
    Listed,
    Member,
    Mul,
    Name,
    Neg,
    NotAmong,
    Scalar,
    Size,
    Sum,
    Term,
    Vector,
    Whole,
)
from tests.lines.tree import Family as Vectors


def _setting(random: Random) -> tuple[Item, ...]:
    size, places = random.choice((("N", "K"), ("M", "L"), ("V", "m")))
    least = 0 if random.random() < 0.15 else 1
    given: list[Declaration] = [Size(size, 1), Size(places, least)]
    labels = random.random() < 0.75
    named = random.choice(("Vocab", "Words", "S")) if labels else ""
    given += [Index(each, size, named) for each in some(random, "c o w x", 2, 3)]
    given += [Index(each, places) for each in some(random, "i j k l", 2, 3)]
    given += [Scalar(each) for each in some(random, r"a b \alpha", 1, 2)]
    given += [Vector(each, size) for each in some(random, r"y p q \theta", 1, 2)]
    if random.random() < 0.5:
        given.append(Vector(random.choice(("g", "z", r"\beta")), places))
    if labels and random.random() < 0.8:
        letters = [each.name for each in given if isinstance(each, Index) and each.axis == places]
        name = random.choice(("s", "r", "t"))
        given.append(Labels(name, random.choice(letters), size, named, places))
        if random.random() < 0.3:
            given.append(Assume(_assumed(random, name, given, size)))
    if random.random() < 0.4:
        given.append(Size("d", 1))
        letter = next(each.name for each in given if isinstance(each, Index))
        given.append(
            Vectors("u", letter, "d", size, random.choice(("", "U")), random.random() < 0.5)
        )
        if random.random() < 0.5:
            given.append(Vectors("v", letter, "d", size))
        given.append(Index("h", "d"))
    return (Block(tuple(given)),)


def _assumed(random: Random, name: str, given: list[Declaration], size: str) -> Distinct | NotAmong:
    letters = [each.name for each in given if isinstance(each, Index) and each.axis == size]
    if random.random() < 0.5:
        return Distinct(name)
    return NotAmong(Letter(random.choice(letters)), name)


def _equality(random: Random, context: Context) -> Equality:
    ways = (
        [_rewritten] * 4
        + [_derivative] * 3
        + [_picked] * 2
        + [_conditions] * 3
        + [_lists] * 2
        + [_joined]
    )
    return first_fitting(ways, _rewritten, random, context)


def _rewritten(random: Random, context: Context) -> Equality:
    term = Grow(context, random).number(3)
    return Equality("rewritten", term, term)


def _derivative(random: Random, context: Context) -> Equality:
    grow = Grow(context, random)
    term = grow.number(3)
    by = grow.entry()
    if not isinstance(by, Entry):
        raise Unfit
    found = Derive(by, context, set(), random).of(term)
    return Equality("derivative by an entry", Deriv(term, by), found)


def _picked(random: Random, context: Context) -> Equality:
    """A delta picks out one summand."""
    axis = random.choice(context.axes())
    grow = Grow(context, random)
    member = grow.member(axis)
    if member is None:
        raise Unfit
    letter = context.fresh(axis, {getattr(member, "name", "")})
    body = grow.under(letter, axis).number(1)
    delta = Indicator(Comparison(Letter(letter), "=", member))
    left = total(letter, axis, Mul((delta, body)))
    return Equality("delta", left, left)


def _joined(random: Random, context: Context) -> Equality:
    """Two sums over one set as one."""
    axis = random.choice(context.axes())
    letter = random.choice(context.letters_of(axis))
    grow = Grow(context, random).under(letter, axis)
    one, other = grow.number(1), grow.number(1)
    apart = Add((total(letter, axis, one), total(letter, axis, other)))
    return Equality("two sums", apart, total(letter, axis, Add((one, other))))


def _conditions(random: Random, context: Context) -> Equality:
    """A delta is nought, or one, under a condition on the line."""
    axis = random.choice(context.axes())
    letters = context.letters_of(axis)
    if len(letters) < 2:
        raise Unfit
    one, other = random.sample(letters, 2)
    sign = random.choice(("=", "!="))
    condition = Comparison(Letter(one), sign, Letter(other))
    body = Grow(context, random).number(1)
    delta = Indicator(Comparison(Letter(one), "=", Letter(other)))
    rest = Grow(context, random, deltas=False).number(1)
    left: Term = Add((Mul((delta, body)), rest))
    right: Term = Add((body, rest)) if sign == "=" else rest
    if sign == "=" and random.random() < 0.5:
        left, right = _both_ways(one, other, context, random)
    return Equality(f"under a condition {sign}", left, right, (condition,))


def _both_ways(one: str, other: str, context: Context, random: Random) -> tuple[Term, Term]:
    axis = context.letters[one]
    vectors = [name for name, own in context.vectors.items() if own == axis]
    if not vectors:
        raise Unfit
    name = random.choice(vectors)
    return Entry(Name(name), (Letter(one),)), Entry(Name(name), (Letter(other),))


def _lists(random: Random, context: Context) -> Equality:
    """A sum over the places of a list as one over labels, with the counts of these."""
    if not context.lists:
        raise Unfit
    name, (values, places) = random.choice(sorted(context.lists.items()))
    vectors = [n for n, own in context.vectors.items() if own == values]
    letters, labels = context.letters_of(places), context.letters_of(values)
    if not vectors or not letters or not labels:
        raise Unfit
    k, w, y = Letter(random.choice(letters)), Letter(random.choice(labels)), random.choice(vectors)
    entry: Member = Listed(name, k)
    drawn = Sum(k.name, Whole(places), (), Entry(Name(y), (entry,)))
    delta = Indicator(Comparison(entry, "=", w))
    count = Sum(k.name, Whole(places), (), delta)
    match random.randrange(4):
        case 0:
            by = Entry(Name(y), (w,))
            return Equality("derivative of a list", Deriv(drawn, by), count)
        case 1:
            counted = total(w.name, values, Mul((count, Entry(Name(y), (w,)))))
            return Equality("counts", drawn, counted)
        case 2:
            among = Sum(
                k.name, Whole(places), (Comparison(entry, "=", w),), Entry(Name(y), (entry,))
            )
            return Equality("counts", among, Mul((count, Entry(Name(y), (w,)))))
    different = Sum(k.name, Whole(places), (Comparison(entry, "!=", w),), ONE)
    return Equality("counts", different, Add((Name(places), Neg(count))))


INDEX_SUMS = Family(
    "index sums",
    _setting,
    _equality,
    (*NUMBERS, *SUMS),
    (
        "lost_sum",
        "joined_product",
        "wrong_index",
        "lost_condition",
        "wrong_condition",
    ),
)
