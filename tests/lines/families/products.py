"""Products over a range: their logarithms, derivatives, factors apart, likelihoods."""

from __future__ import annotations

from random import Random

from tests.lines.algebra import mul, total
from tests.lines.context import Context, Unfit
from tests.lines.derive import Derive
from tests.lines.family import Equality, Family, first_fitting, some
from tests.lines.grow import Grow
from tests.lines.rewritings import NUMBERS, PRODUCTS, RULES, SUMS, Site
from tests.lines.tree import (
    ONE,
    Add,
    Apply,
    Block,
    Comparison,
    Declaration,
    Deriv,
    Div,
    Entry,
    Index,
    Item,
    Letter,
    Matrix,
    Mul,
    Name,
    Neg,
    Pow,
    Prod,
    Scalar,
    Size,
    Sum,
    Term,
    Vector,
    Whole,
    names_in,
)


def _setting(random: Random) -> tuple[Item, ...]:
    size = random.choice(("n", "m", "K"))
    given: list[Declaration] = [Size(size, 1)]
    given += [Index(each, size) for each in some(random, "i j k l", 2, 3)]
    given += [Scalar(each) for each in some(random, "a b t", 1, 2)]
    given += [Scalar("s", positive=True)] if random.random() < 0.5 else []
    given += [Vector(each, size) for each in some(random, "x u y", 1, 2)]
    given.append(Vector("p", size, positive=True))
    if random.random() < 0.2:
        given.append(Matrix("A", size, size))
    return (Block(tuple(given)),)


def _equality(random: Random, context: Context) -> Equality:
    ways = [_rewritten] * 3 + [_logarithm] * 3 + [_derivative] * 3 + [_apart] * 2
    ways += [_score] * 2 + [_pairs]
    return first_fitting(ways, _apart, random, context)


def _axis(context: Context) -> str:
    return context.sizes[0]


def _factor(random: Random, context: Context, letter: str, depth: int = 1) -> Term:
    """A factor of small degree that mostly depends on the letter."""
    grow = Grow(context, random, elementary=0.1, deltas=False).under(letter, _axis(context))
    for _ in range(10):
        found = grow.number(depth)
        if letter in names_in(found) and not isinstance(found, Sum):
            return found
    raise Unfit


def _product(random: Random, context: Context, depth: int = 1) -> Prod:
    axis = _axis(context)
    one, other = random.sample(context.letters_of(axis), 2)
    apart = (Comparison(Letter(one), "!=", Letter(other)),) if random.random() < 0.2 else ()
    return Prod(one, Whole(axis), apart, _factor(random, context, one, depth))


def _rewritten(random: Random, context: Context) -> Equality:
    product = _product(random, context, 2)
    grow = Grow(context, random, elementary=0.05, deltas=False)
    term: Term = product
    match random.randrange(4):
        case 0:
            term = Mul((_product(random, context), product))
        case 1:
            term = Add((product, grow.leaf()))
        case 2:
            letter = random.choice(context.letters_of(_axis(context)))
            term = total(letter, _axis(context), _product(random, context))
    return Equality("rewritten", term, term)


def _positive(random: Random, context: Context, letter: str) -> Term:
    """A factor that is above zero."""
    entry: Term = Entry(Name("p"), (Letter(letter),))
    score = _factor(random, context, letter, 0)
    known: list[Term] = [entry, entry, Add((entry, ONE)), Apply("exp", score)]
    known += [Div(ONE, Add((ONE, Apply("exp", Neg(score))))), Pow(entry, 2)]
    if "s" in context.scalars:
        known += [Mul((Name("s"), entry)), Div(entry, Name("s")), Add((Name("s"), entry))]
    one, other = random.choice(known), random.choice(known)
    return one if random.random() < 0.6 else Mul((one, other))


def _logarithm(random: Random, context: Context) -> Equality:
    """The logarithm of a product as the sum of logarithms."""
    axis = _axis(context)
    letter = random.choice(context.letters_of(axis))
    term = Apply("log", Prod(letter, Whole(axis), (), _positive(random, context, letter)))
    return Equality("logarithm", term, RULES["logarithm"](term, Site(context, {}, random)))


def _derivative(random: Random, context: Context) -> Equality:
    """By a number or an entry: each factor varied in turn."""
    term: Term = _product(random, context, random.choice((1, 1, 2)))
    by = _variable(term, random, context)
    found = Derive(by, context, set(), random).of(term)
    return Equality("derivative", Deriv(term, by), found)


def _variable(term: Term, random: Random, context: Context) -> Name | Entry:
    letters = context.letters_of(_axis(context))
    used = names_in(term)
    known: list[Name | Entry] = [Name(name) for name in context.scalars if name in used]
    known += [
        Entry(Name(name), (Letter(random.choice(letters)),))
        for name in context.vectors
        if name in used
    ]
    if not known:
        raise Unfit
    return random.choice(known)


def _score(random: Random, context: Context) -> Equality:
    """The derivative of a log-likelihood."""
    axis = _axis(context)
    letter = random.choice(context.letters_of(axis))
    over, factor = Whole(axis), _positive(random, context, letter)
    term: Term = Apply("log", Prod(letter, over, (), factor))
    other = total(letter, axis, Apply("log", factor))
    by = _variable(term, random, context)
    if random.random() < 0.3:
        term, other = Neg(term), Neg(other)
    return Equality("score", Deriv(term, by), Derive(by, context, set(), random).of(other))


def _apart(random: Random, context: Context) -> Equality:
    """One factor apart."""
    axis = _axis(context)
    letter = random.choice(context.letters_of(axis))
    term = Prod(letter, Whole(axis), (), _factor(random, context, letter))
    return Equality("apart", term, RULES["factor_apart"](term, Site(context, {}, random)))


def _pairs(random: Random, context: Context) -> Equality:
    """A product over pairs."""
    axis = _axis(context)
    one, other = random.sample(context.letters_of(axis), 2)
    vectors = sorted(context.vectors)
    first, second = (
        Entry(Name(random.choice(vectors)), (Letter(letter),)) for letter in (one, other)
    )
    body = random.choice((mul(first, second), Add((first, second)), Add((first, Neg(second)))))
    term = Prod(one, Whole(axis), (), Prod(other, Whole(axis), (), body))
    turned = Prod(other, Whole(axis), (), Prod(one, Whole(axis), (), body))
    return Equality("pairs", term, turned)


PRODUCT_LINES = Family(
    "products",
    _setting,
    _equality,
    (*NUMBERS, *SUMS, *PRODUCTS, *PRODUCTS, *PRODUCTS),
    (
        "sum_for_product",
        "factor_out_of_product",
        "lost_condition",
        "wrong_index",
        "lost_factor",
        "wrong_sign",
    ),
)
