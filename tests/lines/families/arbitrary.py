"""Arbitrary functions: the chain rule, second derivatives in either order, never silently zero."""

from __future__ import annotations

from random import Random

from tests.lines.algebra import mul, reachable, variable_of
from tests.lines.context import Context, Unfit
from tests.lines.derive import Derive
from tests.lines.family import Equality, Family, first_fitting, some
from tests.lines.grow import Grow
from tests.lines.rewritings import DEFINITIONS, MATRICES, NUMBERS, SUMS
from tests.lines.tree import (
    ZERO,
    Add,
    Arbitrary,
    Block,
    Call,
    Declaration,
    Deriv,
    Dot,
    Entry,
    Index,
    Item,
    Letter,
    Matmul,
    Mul,
    Name,
    Parameter,
    Prime,
    Scalar,
    Size,
    Sum,
    Term,
    Transpose,
    Vector,
    Whole,
)


def _setting(random: Random) -> tuple[Item, ...]:
    given: list[Declaration] = [Size("n", 1)]
    given += [Index(each, "n") for each in some(random, "i j k", 2, 3)]
    given += [Scalar(each) for each in some(random, "a b t s", 2, 3)]
    vectors = some(random, r"x y w \theta", 2, 3)
    given += [Vector(each, "n") for each in vectors]
    functions: list[Declaration] = []
    names = random.sample(["f", "g", "h", "F", r"\phi", r"\ell"], 2)
    functions.append(Arbitrary(names[0], (Parameter("number", random.choice(("z", "r"))),)))
    if random.random() < 0.7:
        chosen = random.sample(vectors, random.randint(1, 2))
        fixed = tuple(Parameter("fixed", each, "n") for each in chosen)
        functions.append(Arbitrary(names[1], fixed))
    if random.random() < 0.3:
        given += [Size("X", 1), Index("c", "X", "Xs"), Index("o", "X", "Xs")]
        held = (Parameter("index", "c"), Parameter("fixed", vectors[0], "n"))
        functions.append(Arbitrary("p", held))
    random.shuffle(functions)
    return (Block((*given, *functions)),)


def _equality(random: Random, context: Context) -> Equality:
    ways = [_chain] * 4 + [_product, _product, _order, _order, _nought, _rewritten, _gradient]
    return first_fitting(ways, _rewritten, random, context)


def _of_number(context: Context) -> list[str]:
    found = context.arbitrary.items()
    return [n for n, f in found if [p.kind for p in f.parameters] == ["number"]]


def _of_vectors(context: Context) -> list[str]:
    return [name for name in context.arbitrary if name not in _of_number(context)]


def _applied(random: Random, context: Context, name: str) -> Call:
    arguments: list[Term | Letter] = []
    for parameter in context.arbitrary[name].parameters:
        match parameter.kind:
            case "index":
                arguments.append(Letter(random.choice(("c", "o"))))
            case "fixed":
                arguments.append(Name(parameter.name))
            case _:
                arguments.append(_number(random, context))
    return Call(name, tuple(arguments))


def _number(random: Random, context: Context) -> Term:
    """A small number in scalars, entries, or of two vectors."""
    one, other = (random.choice(sorted(context.vectors)) for _ in range(2))
    letter = random.choice(context.letters_of("n"))
    match random.randrange(6):
        case 0:
            return Matmul(Transpose(Name(one)), Name(other))
        case 1:
            return Dot(Name(one), Name(other))
        case 2:
            at = (Letter(letter),)
            body = mul(Entry(Name(one), at), Entry(Name(other), at))
            return Sum(letter, Whole("n"), (), body)
        case 3:
            return mul(Name(random.choice(context.scalars)), Entry(Name(one), (Letter(letter),)))
    return Grow(context, random, elementary=0).of_one(2)


def _variable(random: Random, context: Context) -> Name | Entry:
    if random.random() < 0.5:
        return Name(random.choice(context.scalars))
    letter = random.choice(context.letters_of("n"))
    return Entry(Name(random.choice(sorted(context.vectors))), (Letter(letter),))


def _chain(random: Random, context: Context) -> Equality:
    """The derivative of f(z) for a number z that depends on what it is taken by."""
    name = random.choice(_of_number(context))
    argument, by = _number(random, context), _variable(random, context)
    inner = Derive(by, context, set(), random).of(argument)
    if inner == ZERO and random.random() < 0.8:
        raise Unfit
    call = Call(name, (argument,))
    return Equality("chain rule", Deriv(call, by), mul(Prime(name, argument), inner))


def _product(random: Random, context: Context) -> Equality:
    """The derivative of a product with an arbitrary function."""
    call = _applied(random, context, random.choice(sorted(context.arbitrary)))
    factor, by = _number(random, context), _variable(random, context)
    term = Mul((factor, call))
    if variable_of(by) not in reachable(term, context) and random.random() < 0.8:
        raise Unfit
    return Equality("product rule", Deriv(term, by), Derive(by, context, set(), random).of(term))


def _order(random: Random, context: Context) -> Equality:
    """Second derivatives do not depend on the order."""
    names = _of_vectors(context)
    if not names:
        raise Unfit
    call = _applied(random, context, random.choice(names))
    first, second = _variable(random, context), _variable(random, context)
    if first == second:
        raise Unfit
    left, right = Deriv(Deriv(call, first), second), Deriv(Deriv(call, second), first)
    return Equality("order of derivatives", left, right)


def _nought(random: Random, context: Context) -> Equality:
    """The derivative by what a function does not depend on."""
    names = _of_vectors(context)
    if not names:
        raise Unfit
    call = _applied(random, context, random.choice(names))
    used = {each.name for each in call.arguments if isinstance(each, Name)}
    others = [n for n in (*context.vectors, *context.scalars) if n not in used]
    return Equality("independent", Deriv(call, Name(random.choice(others))), ZERO)


def _gradient(random: Random, context: Context) -> Equality:
    """The gradient of a multiple, or of a sum."""
    names = _of_vectors(context)
    if not names:
        raise Unfit
    call = _applied(random, context, random.choice(names))
    fixed = [each for each in call.arguments if isinstance(each, Name)]
    by, factor = random.choice(fixed), Name(random.choice(context.scalars))
    if random.random() < 0.5:
        left: Term = Deriv(Mul((factor, call)), by)
        return Equality("gradient of a multiple", left, Mul((factor, Deriv(call, by))))
    other = random.choice(sorted(context.vectors))
    left = Deriv(Add((call, Dot(Name(other), by))), by)
    if other == by.name:
        raise Unfit
    return Equality("gradient of a sum", left, Add((Deriv(call, by), Name(other))))


def _rewritten(random: Random, context: Context) -> Equality:
    calls = tuple(_applied(random, context, name) for name in sorted(context.arbitrary))
    primes = tuple(Prime(name, _number(random, context)) for name in _of_number(context))
    term = Grow(context, random, more=(*calls, *primes), elementary=0).of_one(2)
    return Equality("rewritten", term, term)


ARBITRARY = Family(
    "arbitrary functions",
    _setting,
    _equality,
    (*NUMBERS, *DEFINITIONS, *SUMS, *MATRICES),
    (
        "inner_derivative_lost",
        "derivative_lost",
        "wrong_variable",
        "product_of_derivatives",
        "wrong_index",
    ),
)
