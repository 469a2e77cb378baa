"""Numbers between 0 and 1, and numbers that are 0 or 1, or -1 or 1: probabilities, labels, masks.

Every equality needs what is said of its numbers, and is false, or without a value, for others.
"""

from __future__ import annotations

from dataclasses import replace
from random import Random

from tests.lines.algebra import mul, neg, number, total
from tests.lines.context import Context, Unfit
from tests.lines.derive import Derive
from tests.lines.family import Equality, Family, first_fitting, some
from tests.lines.grow import Grow
from tests.lines.rewritings import NUMBERS, SUMS
from tests.lines.tree import (
    ONE,
    TWO,
    Add,
    Apply,
    Block,
    Comparison,
    Declaration,
    Deriv,
    Div,
    Entry,
    Index,
    Indicator,
    Item,
    Letter,
    Mul,
    Name,
    Pow,
    Scalar,
    Size,
    Term,
    Vector,
)

UNIT, BITS, TWO_SIGNS = "(0, 1)", "{0, 1}", "{-1, 1}"


def _setting(random: Random) -> tuple[Item, ...]:
    given: list[Declaration] = [Size("n", 1)]
    given += [Index(each, "n") for each in some(random, "i j k", 2, 3)]
    given += [Scalar(each, numbers=UNIT) for each in some(random, r"\alpha q b", 1, 2)]
    given += [Scalar("t", numbers=random.choice((BITS, TWO_SIGNS)))]
    given += [Scalar(each) for each in some(random, "a c", 0, 1)]
    given += [Vector("x", "n"), Vector("p", "n", numbers=UNIT)]
    given.append(Vector("y", "n", numbers=random.choice((BITS, BITS, TWO_SIGNS))))
    if random.random() < 0.5:
        given.append(Vector("h", "n", total=1, numbers=BITS))
    return (Block(tuple(given)),)


def undeclared(setting: tuple[Item, ...]) -> tuple[Item, ...]:
    """The same where nothing is said of the numbers."""
    return tuple(
        Block(tuple(map(_plain, item.given))) if isinstance(item, Block) else item
        for item in setting
    )


def _plain(given: Declaration) -> Declaration:
    match given:
        case Scalar():
            return replace(given, numbers="")
        case Vector():
            return replace(given, numbers="", total=None)
    return given


def _equality(random: Random, context: Context) -> Equality:
    ways = (_root, _logarithm, _square, _slope, _one_hot, _by_values, _by_values)
    ways += (_root, _logarithm, _square)
    return first_fitting(ways, _square, random, context)


def _of(numbers: str, context: Context, random: Random) -> Term:
    """A number or an entry that is of a set."""
    names = [name for name, said in context.numbers.items() if said == numbers]
    if not names:
        raise Unfit
    name = random.choice(sorted(names))
    letter = Letter(random.choice(sorted(context.letters)))
    return Entry(Name(name), (letter,)) if name in context.vectors else Name(name)


def _probability(random: Random, context: Context, depth: int = 2) -> Term:
    """What is between 0 and 1 because of what is declared."""
    one = _of(UNIT, context, random)
    if depth == 0:
        return one
    other = _probability(random, context, depth - 1)
    match random.randrange(5):
        case 0:
            return Add((ONE, neg(other)))
        case 1:
            return mul(one, other)
        case 2:
            return Add((ONE, neg(mul(one, other))))
        case 3:
            return Div(Add((one, other)), TWO)
    return one


def _root(random: Random, context: Context) -> Equality:
    one, other = _probability(random, context), _probability(random, context)
    rest = Apply("sqrt", Add((ONE, neg(one))))
    found: list[tuple[Term, Term]] = [
        (Apply("sqrt", Pow(one, 2)), one),
        (Apply("sqrt", mul(one, other)), mul(Apply("sqrt", one), Apply("sqrt", other))),
        (Apply("abs", Add((one, neg(ONE)))), Add((ONE, neg(one)))),
        (Div(Add((ONE, neg(one))), rest), rest),
        (Apply("sqrt", Div(one, other)), Div(Apply("sqrt", one), Apply("sqrt", other))),
    ]
    return Equality("root between", *random.choice(found))


def _logarithm(random: Random, context: Context) -> Equality:
    one, other = _probability(random, context), _probability(random, context)
    inner = random.choice((Mul((one, other)), Div(one, other), Pow(one, 2)))
    match inner:
        case Div():
            right: Term = Add((Apply("log", one), neg(Apply("log", other))))
        case Pow():
            right = mul(TWO, Apply("log", one))
        case _:
            right = Add((Apply("log", one), Apply("log", other)))
    left: Term = Apply("log", inner)
    letter = random.choice(sorted(context.letters))
    if random.random() < 0.4:
        left, right = total(letter, "n", left), total(letter, "n", right)
    return Equality("logarithm between", left, right)


def _square(random: Random, context: Context) -> Equality:
    """A power of what is one of two, with something beside it."""
    numbers = random.choice((BITS, TWO_SIGNS))
    one, power = _of(numbers, context, random), random.choice((2, 2, 3, 4))
    least: Term = one if numbers == BITS or power % 2 else ONE
    rest = Grow(context, random, deltas=False).number(1)
    left, right = mul(rest, Pow(one, power)), mul(rest, least)
    if random.random() < 0.4:
        x = _of("", context, random)
        crossed = mul(mul(TWO, one), x)
        left = Pow(Add((one, neg(x))), 2)
        right = Add((one if numbers == BITS else ONE, neg(crossed), Pow(x, 2)))
    if random.random() < 0.5:
        letter = random.choice(sorted(context.letters))
        left, right = total(letter, "n", left), total(letter, "n", right)
    return Equality("one of two", left, right)


def _by_values(random: Random, context: Context) -> Equality:
    """A function of what is one of two, by both of its values."""
    numbers = random.choice((BITS, TWO_SIGNS))
    one, x = _of(numbers, context, random), _of("", context, random)
    low = 0 if numbers == BITS else -1
    kind = random.randrange(3)

    def function(value: Term) -> Term:
        if kind == 0:
            return Apply("exp", mul(value, x))
        if kind == 1:
            return Apply("log", Add((ONE, Apply("exp", mul(value, x)))))
        return Div(ONE, Add((number(3), value)))

    first, second = (function(number(n)) for n in (low, 1))
    parts = Add((mul(Add((ONE, neg(one))), first), mul(Add((one, number(-low))), second)))
    right = parts if numbers == BITS else Div(parts, TWO)
    return Equality("by values", function(one), right)


def _one_hot(random: Random, context: Context) -> Equality:
    """Products of sums with one entry that is 1."""
    if "h" not in context.vectors:
        raise Unfit
    one, other = random.sample(context.letters_of("n"), 2)
    h, x = Name("h"), Name(random.choice(("x", "p")))
    here, there = Entry(h, (Letter(one),)), Entry(h, (Letter(other),))
    if random.random() < 0.4:
        same = Indicator(Comparison(Letter(one), "=", Letter(other)))
        return Equality("one hot", Mul((here, there)), Mul((same, here)))
    inner = mul(here, Entry(x, (Letter(one),)))
    square = mul(here, Pow(Entry(x, (Letter(one),)), 2))
    return Equality("one hot", Pow(total(one, "n", inner), 2), total(one, "n", square))


def _slope(random: Random, context: Context) -> Equality:
    """The derivative of a log-likelihood of labels by a probability."""
    names = [name for name in context.scalars if context.numbers[name] == UNIT]
    by = Name(random.choice(names))
    labels = _of(BITS, context, random)
    share = random.choice((by, mul(number(1), by)))
    log_p = mul(labels, Apply("log", share))
    log_q = mul(Add((ONE, neg(labels))), Apply("log", Add((ONE, neg(share)))))
    term: Term = Add((log_p, log_q))
    if isinstance(labels, Entry) and isinstance(labels.at[0], Letter):
        term = total(labels.at[0].name, "n", term)
    return Equality("likelihood", Deriv(term, by), Derive(by, context, set(), random).of(term))


RESTRICTED_NUMBERS = Family(
    "restricted numbers",
    _setting,
    _equality,
    (*NUMBERS, *SUMS),
    ("lost_factor", "wrong_sign", "wrong_number", "lost_power", "wrong_index", "wrong_function"),
    undeclared,
)
