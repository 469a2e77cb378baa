"""Values by the size of numbers, indicators of inequalities, and their derivatives."""

from __future__ import annotations

from random import Random

from tests.lines.algebra import mul, neg, reachable
from tests.lines.context import Context, Unfit, context_after
from tests.lines.derive import Derive, inside
from tests.lines.family import Equality, Family, some
from tests.lines.grow import Grow
from tests.lines.rewritings import DEFINITIONS, NUMBERS
from tests.lines.tree import (
    ONE,
    TWO,
    ZERO,
    Add,
    Apply,
    Block,
    Call,
    Declaration,
    Define,
    Deriv,
    Either,
    Entry,
    Holds,
    Index,
    Item,
    Letter,
    Mul,
    Name,
    Parameter,
    Pow,
    Scalar,
    Size,
    Sum,
    Term,
    Vector,
    Whole,
)

SIGNS = ("<", "<=")
SMOOTH = ("exp", "tanh", "softplus")


def _setting(random: Random) -> tuple[Item, ...]:
    given: list[Declaration] = [Size("n", 1), Index("i", "n"), Index("j", "n")]
    given += [Scalar(each) for each in some(random, "a b x t", 2, 3)]
    given += [Scalar(each, positive=True) for each in some(random, "r s", 1, 1)]
    given += [Vector(each, "n") for each in some(random, "u v", 1, 2)]
    context = context_after((Block(tuple(given)),))
    body = _branch(random, inside(context, "z"), Name("z"))
    given.append(Define("f", (Parameter("number", "z"),), (), (), body))
    return (Block(tuple(given)),)


def _leaf(random: Random, context: Context) -> Term:
    return Grow(context, random).of_one(0)


def _value(random: Random, context: Context, of: Term) -> Term:
    """A value of a case: of what is compared, or of something else."""
    found = (of, Pow(of, 2), mul(_leaf(random, context), of), Apply(random.choice(SMOOTH), of))
    return random.choice((*found, _leaf(random, context), ZERO, ONE))


def _branch(random: Random, context: Context, of: Term) -> Term:
    """A value by the size of a number, maybe within another one, or by two of its thresholds."""
    sign, at = random.choice(SIGNS), random.choice((ZERO, ONE, _positive(context)))
    then, otherwise = (_value(random, context, of) for _ in range(2))
    match random.randrange(5):
        case 0:
            return Mul((Holds(at, sign, of), then))
        case 1:
            inner = Either(of, sign, neg(_positive(context)), then, otherwise)
            return Either(_positive(context), sign, of, _value(random, context, of), inner)
        case 2:
            return Either(Apply("abs", of), sign, _positive(context), then, otherwise)
    return Either(of, sign, at, then, otherwise)


def _positive(context: Context) -> Term:
    return Name(next(name for name in context.scalars if name in ("r", "s")))


def _term(random: Random, context: Context) -> Term:
    """A branch, of a number or of entries that are summed over, or a defined one."""
    of = random.choice((_leaf(random, context), Grow(context, random).of_one(1)))
    if random.random() < 0.35:
        entry = Entry(Name(random.choice(sorted(context.vectors))), (Letter("i"),))
        of = random.choice((entry, Add((entry, neg(_leaf(random, context))))))
        body = Call("f", (of,)) if random.random() < 0.4 else _branch(random, context, of)
        return Sum("i", Whole("n"), (), body)
    return Call("f", (of,)) if random.random() < 0.4 else _branch(random, context, of)


def _derivative(random: Random, context: Context) -> Equality:
    term = _term(random, context)
    found = [name for name in context.scalars if name in reachable(term, context)]
    by = Name(random.choice(found or list(context.scalars)))
    return Equality("derivative", Deriv(term, by), Derive(by, context, set(), random).of(term))


def _same(random: Random, context: Context) -> Equality:
    return Equality("value", *(2 * (_term(random, context),)))


def _identity(random: Random, context: Context) -> Equality:
    """Two ways to write a branch."""
    one = Grow(context, random).of_one(random.randrange(2))
    other, rate = _leaf(random, context), _positive(context)
    sign = random.choice(SIGNS)
    turned = SIGNS[1 - SIGNS.index(sign)]
    then, otherwise = (_value(random, context, one) for _ in range(2))
    clipped = Add((Apply("abs", one), neg(rate)))
    shrunk = Either(
        rate,
        sign,
        one,
        Add((one, neg(rate))),
        Either(one, sign, neg(rate), Add((one, rate)), ZERO),
    )
    by_sign = Either(ZERO, sign, one, Apply("relu", clipped), neg(Apply("relu", clipped)))
    found: list[tuple[Term, Term]] = [
        (Apply("relu", one), Either(ZERO, sign, one, one, ZERO)),
        (Apply("abs", one), Either(one, sign, ZERO, neg(one), one)),
        (Holds(one, sign, other), Add((ONE, neg(Holds(other, turned, one))))),
        (
            Either(one, sign, other, then, otherwise),
            Either(other, turned, one, otherwise, then),
        ),
        (
            Either(one, sign, other, then, otherwise),
            Add((mul(Holds(one, sign, other), then), mul(Holds(other, turned, one), otherwise))),
        ),
        (Holds(ZERO, sign, mul(rate, one)), Holds(ZERO, sign, one)),
        (mul(Holds(ZERO, sign, one), Holds(neg(rate), sign, one)), Holds(ZERO, sign, one)),
        (mul(Holds(rate, "<", one), Holds(one, "<", ZERO)), ZERO),
        (Apply("relu", clipped), Either(rate, sign, Apply("abs", one), clipped, ZERO)),
        (shrunk, by_sign),
        (Holds(TWO, sign, one), Holds(ZERO, sign, Add((one, neg(TWO))))),
    ]
    return Equality("identity", *random.choice(found))


def _equality(random: Random, context: Context) -> Equality:
    ways = (_derivative, _derivative, _derivative, _identity, _identity, _same)
    for _ in range(30):
        try:
            found = random.choice(ways)(random, context)
        except Unfit:
            continue
        if found.left != found.right or found.kind == "value":
            return found
    return Equality("identity", ZERO, ZERO)


BRANCHES = Family(
    "cases by size",
    _setting,
    _equality,
    (*NUMBERS, *DEFINITIONS),
    ("wrong_side", "wrong_side", "wrong_sign", "lost_factor", "wrong_number", "lost_power"),
)
