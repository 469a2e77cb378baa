"""What is declared of data: above zero, symmetric, adding up to a number, a size that is not small.

Every equality needs it, and is false, or without a value, for data of which it is not said.
"""

from __future__ import annotations

from dataclasses import replace
from random import Random

from tests.lines.algebra import add, mul, neg, number, substitute, total
from tests.lines.context import Context, Unfit
from tests.lines.derive import Derive, gradient
from tests.lines.family import Equality, Family, first_fitting, some
from tests.lines.grow import Grow
from tests.lines.rewritings import DECLARED, MATRICES, NUMBERS, RANGES, RULES, SUMS, Site
from tests.lines.tree import (
    ONE,
    TWO,
    Add,
    Apply,
    Between,
    Block,
    Declaration,
    Deriv,
    Div,
    End,
    Entry,
    Index,
    Item,
    Letter,
    Matmul,
    Matrix,
    Mul,
    Name,
    Neg,
    Nth,
    Pow,
    Scalar,
    Size,
    Sum,
    Term,
    Transpose,
    Vector,
    children,
    subterms,
    with_children,
)


def _setting(random: Random) -> tuple[Item, ...]:
    size = random.choice(("n", "K", "m"))
    given: list[Declaration] = [Size(size, random.choice((1, 2, 2, 3)))]
    given += [Index(each, size) for each in some(random, "i j k l", 2, 3)]
    given += [Scalar(each, positive=True) for each in some(random, r"s \sigma \tau", 1, 2)]
    given += [Scalar(each) for each in some(random, "a b", 0, 1)]
    given += [Vector(each, size) for each in some(random, r"x u \theta", 1, 2)]
    given.append(Vector("y", size, total=random.choice((1, 1, 1, 0, 2))))
    if random.random() < 0.7:
        given.append(Vector("p", size, positive=True, total=random.choice((None, 1, 1))))
    if random.random() < 0.6:
        given.append(Matrix("A", size, size, symmetric=True))
        given += [Matrix("B", size, size)] if random.random() < 0.5 else []
    if random.random() < 0.4:
        rows = [Size("N", 1), Index("q", "N")]
        given += [*rows, Matrix("G", "N", size, total=random.choice((1, 1, 0, 2)))]
    return (Block(tuple(given)),)


def undeclared(setting: tuple[Item, ...]) -> tuple[Item, ...]:
    """The same where nothing is said of the data."""
    return tuple(
        Block(tuple(map(_plain, item.given))) if isinstance(item, Block) else item
        for item in setting
    )


def _plain(given: Declaration) -> Declaration:
    match given:
        case Scalar():
            return replace(given, positive=False)
        case Vector():
            return replace(given, positive=False, total=None)
        case Matrix():
            return replace(given, symmetric=False, total=None)
        case Size(_, least) if least > 1:
            return replace(given, least=1)
    return given


def _equality(random: Random, context: Context) -> Equality:
    ways = [_logarithm] * 3 + [_symmetric] * 3 + [_gradient] + [_added_up] * 4 + [_cross_entropy]
    ways += [_not_small] * 3 + [_variance]
    ways += [_rows_added_up] * 6 if context.row_totals else []
    return first_fitting(ways, _added_up, random, context)


def _axis(context: Context) -> str:
    return context.sizes[0]


# Above zero ---------------------------------------------------------------------------------


def _logarithm(random: Random, context: Context) -> Equality:
    """The logarithm of a product, quotient or power of what is above zero."""
    one, other = _positive(random, context, 1), _positive(random, context, 2)
    inner = random.choice((Mul((one, other)), Div(one, other), Pow(one, 2), Pow(other, 3)))
    term = Apply("log", inner)
    if random.random() < 0.3:
        term = Apply("exp", Apply("log", inner))
    return Equality("logarithm", term, RULES["logarithm"](term, Site(context, {}, random)))


def _positive(random: Random, context: Context, depth: int) -> Term:
    """A number that is above zero because of what is declared."""
    known: list[Term] = [Name(name) for name in context.scalars if name in context.positive]
    letter = Letter(random.choice(sorted(context.letters)))
    known += [Entry(Name(v), (letter,)) for v in context.vectors if v in context.positive] * 2
    if not known:
        raise Unfit
    if depth <= 0:
        return random.choice(known)
    one, other = (_positive(random, context, depth - random.choice((1, 2))) for _ in range(2))
    match random.randrange(6):
        case 0:
            return Add((one, other))
        case 1:
            return mul(one, other)
        case 2:
            return Div(one, other)
        case 3:
            return Pow(one, random.choice((2, 3)))
        case 4:
            return total(letter.name, _axis(context), one)
    return one


# Symmetric ----------------------------------------------------------------------------------


def _symmetric(random: Random, context: Context) -> Equality:
    """A product of matrices, symmetric ones turned over here and there."""
    if not context.symmetric:
        raise Unfit
    axis = _axis(context)
    shape = random.choice(((), (axis, None), (axis, axis)))
    term = Grow(context, random).array(shape, 3)
    if random.random() < 0.3:
        term = Grow(context, random, elementary=0, deltas=False).number(3)
    elif random.random() < 0.3:
        one, other = (Name(random.choice(sorted(context.vectors))) for _ in range(2))
        form = Matmul(Matmul(Transpose(one), Name("A")), other)
        rest = Grow(context, random).bilinear(2)
        return Equality("symmetric form", Add((form, rest)), Add((form, rest)))
    other = _turned(term, context, random)
    if other == term:
        raise Unfit
    return Equality("symmetric", term, other)


def _turned(term: Term, context: Context, random: Random) -> Term:
    """Some symmetric matrices turned over."""
    found = term
    for name in sorted(context.symmetric):
        if random.random() < 0.8:
            found = _with(found, name, random)
    return found


def _with(term: Term, name: str, random: Random) -> Term:
    match term:
        case Name(own) if own == name and random.random() < 0.7:
            return Transpose(term)
        case Entry(Name(own), (first, second)) if own == name and random.random() < 0.7:
            return Entry(term.of, (second, first))
    return with_children(term, tuple(_with(each, name, random) for each in children(term)))


def _gradient(random: Random, context: Context) -> Equality:
    """The gradient of a quadratic form: 2 A x."""
    if not context.symmetric:
        raise Unfit
    matrix, by = Name("A"), Name(random.choice([v for v in context.vectors if v not in "yp"]))
    form = Matmul(Matmul(Transpose(by), matrix), by)
    others = [Name(v) for v in context.vectors if v != by.name]
    linear = Matmul(Transpose(random.choice(others)), by)
    term = random.choice((form, Add((form, linear)), Add((form, neg(linear)))))
    slope: Term = Mul((TWO, Matmul(matrix, by)))
    if isinstance(term, Add):
        slope = add(slope, gradient(term.parts[1], by, context, set(), random))
    return Equality("gradient of a form", Deriv(term, by), slope)


# Adding up ----------------------------------------------------------------------------------


def _added_up(random: Random, context: Context) -> Equality:
    """All entries, all but one, or each with a factor that is the same for all."""
    vector = Name(random.choice(sorted(context.totals)))
    value, axis = number(context.totals[vector.name]), _axis(context)
    one, other = (Letter(each) for each in random.sample(context.letters_of(axis), 2))
    entry = Entry(vector, (one,))
    grow = Grow(context, random, deltas=False)
    match random.randrange(4):
        case 0:
            there = Entry(vector, (other,))
            rule = RULES["the_others"](there, Site(context, {}, random))
            return Equality("all but one", there, rule)
        case 1:
            body = grow.under(other.name, axis).number(1)
            inside = substitute(body, {one.name: other}, context)
            left = total(one.name, axis, total(other.name, axis, Mul((entry, inside))))
            return Equality("adding up", left, mul(value, total(other.name, axis, inside)))
        case 2:
            last = Entry(vector, (End(axis),))
            front = Sum(one.name, Between(axis, Nth(1), End(axis, -1)), (), entry)
            return Equality("all but the last", front, Add((value, Neg(last))))
    body = substitute(grow.number(1), {one.name: other}, context)
    return Equality("adding up", total(one.name, axis, Mul((entry, body))), mul(value, body))


def _rows_added_up(random: Random, context: Context) -> Equality:
    """Each row of a matrix, or all of them, with a factor that is the same along a row."""
    ((name, value),) = context.row_totals.items()
    axis, rows = _axis(context), context.matrices[name][0]
    along, other = random.sample(context.letters_of(axis), 2)
    row = context.letters_of(rows)[0]
    entry = Entry(Name(name), (Letter(row), Letter(along)))
    grown = Grow(context, random, deltas=False).number(1)
    body = substitute(grown, {along: Letter(other)}, context)
    left: Term = total(along, axis, Mul((entry, body)))
    right = mul(number(value), body)
    match random.randrange(3):
        case 0:
            left, right = total(row, rows, left), total(row, rows, right)
        case 1:
            left = total(along, axis, total(row, rows, entry))
            right = mul(number(value), Name(rows))
    return Equality("rows adding up", left, right)


def _cross_entropy(random: Random, context: Context) -> Equality:
    """The derivative of a cross entropy by a score: softmax less the target."""
    vector = Name(random.choice(sorted(context.totals)))
    scores = [v for v in context.vectors if v not in context.totals and v not in context.positive]
    axis, theta = _axis(context), Name(random.choice(sorted(scores)))
    one, other = random.sample(context.letters_of(axis), 2)
    weight = total(one, axis, Apply("exp", Entry(theta, (Letter(one),))))
    log_p = Add((Entry(theta, (Letter(other),)), Neg(Apply("log", weight))))
    loss = Neg(total(other, axis, Mul((Entry(vector, (Letter(other),)), log_p))))
    by = Entry(theta, (Letter(random.choice((one, other))),))
    value = context.totals[vector.name]
    share = mul(number(value), Div(Apply("exp", by), weight))
    if random.random() < 0.3:
        return Equality(
            "cross entropy", Deriv(loss, by), Derive(by, context, set(), random).of(loss)
        )
    return Equality("cross entropy", Deriv(loss, by), add(share, neg(Entry(vector, by.at))))


# Sizes that are not small -------------------------------------------------------------------


def _not_small(random: Random, context: Context) -> Equality:
    """The first two, or three, of a sum apart, which are there."""
    axis = _axis(context)
    least = context.least[axis]
    if least < 2:
        raise Unfit
    letter = random.choice(context.letters_of(axis))
    body = Grow(context, random, elementary=0.05, deltas=False).under(letter, axis).number(1)
    if not any(isinstance(each, Entry) for _, each in subterms(body)):
        raise Unfit
    apart = random.randint(2, least)
    first = [substitute(body, {letter: Nth(n + 1)}, context) for n in range(apart)]
    rest = Sum(letter, Between(axis, Nth(apart + 1), End(axis)), (), body)
    if random.random() < 0.3:
        last = substitute(body, {letter: End(axis)}, context)
        before = substitute(body, {letter: End(axis, -1)}, context)
        front = Sum(letter, Between(axis, Nth(1), End(axis, -2)), (), body)
        return Equality("last two apart", total(letter, axis, body), Add((front, before, last)))
    return Equality("first apart", total(letter, axis, body), Add((*first, rest)))


def _variance(random: Random, context: Context) -> Equality:
    """Divided by one less than a size."""
    axis = _axis(context)
    if context.least[axis] < 2:
        raise Unfit
    letter = random.choice(context.letters_of(axis))
    entry = Entry(Name(random.choice(sorted(context.vectors))), (Letter(letter),))
    less, size = Add((Name(axis), Neg(ONE))), Name(axis)
    mean = Div(total(letter, axis, entry), size)
    other = next(each for each in context.letters_of(axis) if each != letter)
    apart = Add((Entry(entry.of, (Letter(other),)), Neg(mean)))
    left = Div(total(other, axis, Pow(apart, 2)), less)
    squares = total(letter, axis, Pow(entry, 2))
    return Equality("variance", left, Div(Add((squares, Neg(Mul((size, Pow(mean, 2)))))), less))


DECLARED_CONDITIONS = Family(
    "declared conditions",
    _setting,
    _equality,
    (*NUMBERS, *SUMS, *RANGES[:2], *MATRICES, *DECLARED, *DECLARED),
    ("needless_transpose", "wrong_index", "lost_factor", "wrong_sign", "lost_sum", "wrong_number"),
    undeclared,
)
