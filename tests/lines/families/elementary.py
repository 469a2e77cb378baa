"""Elementary functions: their derivatives, the identities between them, and exponentials of
quotients and of exponentials, with roots and absolute values.
"""

from __future__ import annotations

from fractions import Fraction
from random import Random

from tests.lines.algebra import mul, neg, reachable
from tests.lines.context import Context, context_after
from tests.lines.derive import Derive, inside
from tests.lines.family import Equality, Family, first_fitting, nothing, of_two_sides, some
from tests.lines.grow import Grow
from tests.lines.rewritings import DEFINITIONS, NUMBERS
from tests.lines.tree import (
    ONE,
    TWO,
    Add,
    Apply,
    Block,
    Call,
    Declaration,
    Define,
    Deriv,
    Div,
    Entry,
    Index,
    Item,
    Letter,
    Mul,
    Name,
    NormSquared,
    Num,
    Parameter,
    Pow,
    Scalar,
    Size,
    Sum,
    Term,
    Vector,
    Whole,
)

SMOOTH = ("tanh", "sinh", "cosh", "sigmoid", "softplus", "exp")
HALF = Num(Fraction(1, 2))


def _setting(random: Random) -> tuple[Item, ...]:
    given: list[Declaration] = [Size("n", 1), Index("i", "n"), Index("j", "n")]
    given += [Scalar(each) for each in some(random, "a b x y t", 2, 4)]
    given += [Vector(each, "n") for each in some(random, "u v", 1, 2)]
    if random.random() < 0.6:
        context = context_after((Block(tuple(given)),))
        body = _function(random, inside(context, "z"), (Name("z"),))
        given.append(Define("f", (Parameter("number", "z"),), (), (), body))
    return (Block(tuple(given)),)


def _function(random: Random, context: Context, more: tuple[Term, ...] = ()) -> Term:
    """A function of a number, maybe of another one, and maybe below a fraction bar."""
    inner = Grow(context, random, more=more).of_one(random.choice((0, 0, 1)))
    match random.randrange(7):
        case 0:
            return Apply("sqrt", _above(inner, random))
        case 1:
            return Apply("exp", Div(inner, _above(_leaf(random, context, more), random)))
        case 2:
            return Apply(random.choice(SMOOTH), Apply(random.choice(SMOOTH), inner))
        case 3:
            return Div(inner, Apply("sqrt", _above(_leaf(random, context, more), random)))
        case 4:
            return Apply(random.choice(("abs", "relu")), inner)
    return Apply(random.choice(SMOOTH), inner)


def _leaf(random: Random, context: Context, more: tuple[Term, ...]) -> Term:
    return Grow(context, random, more=more).of_one(0)


def _above(term: Term, random: Random) -> Term:
    """What is above zero."""
    return Add((random.choice((ONE, TWO)), random.choice((Pow(term, 2), Apply("exp", term)))))


def _term(random: Random, context: Context) -> Term:
    """A number with functions in it, one of them maybe defined, or summed over entries."""
    term = _function(random, context)
    if "f" in context.defined and random.random() < 0.5:
        term = Call("f", (random.choice((term, _leaf(random, context, ()))),))
    if random.random() < 0.25:
        entry = Entry(Name(random.choice(sorted(context.vectors))), (Letter("i"),))
        term = Sum("i", Whole("n"), (), Apply(random.choice((*SMOOTH, "abs")), entry))
    if random.random() < 0.3:
        term = Mul((_leaf(random, context, ()), term))
    return term


def _derivative(random: Random, context: Context) -> Equality:
    term = _term(random, context)
    found = [name for name in context.scalars if name in reachable(term, context)]
    by = Name(random.choice(found or list(context.scalars)))
    return Equality("derivative", Deriv(term, by), Derive(by, context, set(), random).of(term))


def _of_entries(random: Random, context: Context) -> Equality:
    """The derivative of a norm, or of a sum of functions of entries, by an entry."""
    name = Name(random.choice(sorted(context.vectors)))
    by = Entry(name, (Letter("j"),))
    square = Sum("i", Whole("n"), (), Pow(Entry(name, (Letter("i"),)), 2))
    above = Add((ONE, random.choice((square, NormSquared(name)))))
    root = Apply("sqrt", random.choice((above, square)))
    term = random.choice((root, Apply("exp", Div(ONE, above)), Apply("log", root)))
    return Equality("of entries", Deriv(term, by), Derive(by, context, set(), random).of(term))


def _same(random: Random, context: Context) -> Equality:
    return Equality("value", *(2 * (_term(random, context),)))


def _identity(random: Random, context: Context) -> Equality:
    """Two sides of an identity, at arguments drawn."""
    grow = Grow(context, random)
    one, other = grow.of_one(random.randrange(2)), grow.of_one(0)
    above, further = _above(other, random), _above(one, random)
    found: list[tuple[Term, Term]] = [
        (Apply("sqrt", Pow(one, 2)), Apply("abs", one)),
        (Apply("sqrt", Mul((above, further))), Mul((Apply("sqrt", above), Apply("sqrt", further)))),
        (Pow(Apply("sqrt", above), 2), above),
        (Div(above, Apply("sqrt", above)), Apply("sqrt", above)),
        (Apply("log", Apply("sqrt", above)), mul(HALF, Apply("log", above))),
        (Apply("tanh", one), Div(Apply("sinh", one), Apply("cosh", one))),
        (Add((ONE, neg(Pow(Apply("tanh", one), 2)))), Div(ONE, Pow(Apply("cosh", one), 2))),
        (Add((Pow(Apply("cosh", one), 2), neg(Pow(Apply("sinh", one), 2)))), ONE),
        (
            Apply("tanh", one),
            Add((mul(TWO, Apply("sigmoid", mul(TWO, one))), neg(ONE))),
        ),
        (Apply("sigmoid", neg(one)), Add((ONE, neg(Apply("sigmoid", one))))),
        (Add((Apply("softplus", one), neg(Apply("softplus", neg(one))))), one),
        (Apply("log", Apply("sigmoid", one)), neg(Apply("softplus", neg(one)))),
        (Add((Apply("relu", one), neg(Apply("relu", neg(one))))), one),
        (Add((Apply("relu", one), Apply("relu", neg(one)))), Apply("abs", one)),
        (Apply("abs", Mul((one, other))), Mul((Apply("abs", one), Apply("abs", other)))),
        (Pow(Apply("abs", one), 2), Pow(one, 2)),
        (
            Mul((Apply("exp", Div(one, above)), Apply("exp", Div(other, above)))),
            Apply("exp", Div(Add((one, other)), above)),
        ),
        (
            Apply("exp", Add((Apply("exp", one), other))),
            Mul((Apply("exp", Apply("exp", one)), Apply("exp", other))),
        ),
        (
            Mul((Apply("exp", Apply("sigmoid", one)), Apply("exp", Apply("sigmoid", neg(one))))),
            Apply("exp", ONE),
        ),
    ]
    return Equality("identity", *random.choice(found))


def _equality(random: Random, context: Context) -> Equality:
    ways = (_derivative, _derivative, _of_entries, _identity, _identity, _same)
    return first_fitting(tuple(map(of_two_sides, ways)), nothing, random, context)


ELEMENTARY = Family(
    "elementary functions",
    _setting,
    _equality,
    (*NUMBERS, *DEFINITIONS),
    (
        "wrong_function",
        "lost_power",
        "wrong_number",
        "function_of_terms",
        "wrong_sign",
        "lost_factor",
    ),
)
