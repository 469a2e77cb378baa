"""Functions and abbreviations: with arguments and without, given entry by entry, and derivatives
inside and outside of them, nested, by parameters, by letters that were free, at any argument.
"""

from __future__ import annotations

from random import Random

from tests.lines.algebra import mul, reachable
from tests.lines.context import Context, Unfit, context_after
from tests.lines.derive import Derive, inside, prime_unfolded, unfolded
from tests.lines.family import Equality, Family, first_fitting, some
from tests.lines.grow import Grow
from tests.lines.rewritings import DEFINITIONS, NUMBERS, RULES, Site
from tests.lines.tree import (
    ONE,
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
    Matrix,
    Mul,
    Name,
    Parameter,
    Pow,
    Prime,
    Scalar,
    Size,
    Sum,
    Term,
    Vector,
    Whole,
)

PARAMETERS = ("t", "z", "s", "x", "y", r"\tau")


def _setting(random: Random) -> tuple[Item, ...]:
    given: list[Declaration] = []
    arrays = random.random() < 0.45
    if arrays:
        given += [Size("n", 1), *(Index(each, "n") for each in some(random, "i j k", 2, 3))]
    given += [Scalar(each) for each in some(random, "a b x y t", 2, 4)]
    if arrays:
        given += [Vector(each, "n") for each in some(random, "u v w", 1, 2)]
        if random.random() < 0.4:
            given.append(Matrix("A", "n", "n"))
    names = random.sample(["f", "g", "h", "F", "G", "r", r"\phi", r"\psi", r"\sigma"], 4)
    for name in names[: random.randint(1, 3)]:
        context = context_after((Block(tuple(given)),))
        given.append(_definition(random, context, name))
    if arrays and random.random() < 0.5:
        context = context_after((Block(tuple(given)),))
        given.append(_by_entries(random, context, random.choice(("q", "p", r"\hat{y}", "H"))))
    if random.random() < 0.5:
        context = context_after((Block(tuple(given)),))
        given.append(_plain(random, context, random.choice(("J", "L", "E"))))
    return (Block(tuple(given)),)


def _definition(random: Random, context: Context, name: str) -> Define:
    count = 1 if random.random() < 0.8 else 2
    parameters = random.sample(PARAMETERS, count)
    inner = inside(context, *parameters)
    more = tuple(map(Name, parameters))
    grow = Grow(inner, random, more=more)
    body = _body(random, inner, grow, parameters)
    held = tuple(Parameter("number", each) for each in parameters)
    return Define(name, held, (), (), body)


def _body(random: Random, context: Context, grow: Grow, parameters: list[str]) -> Term:
    """A formula in the parameters; one in three has a derivative in it."""
    plain = grow.of_one(random.choice((1, 2, 2)))
    known = _of_one_number(context)
    match random.randrange(9):
        case 0 | 1:
            by = random.choice([*parameters, *context.scalars])
            return Deriv(Mul((plain, Name(random.choice(parameters)))), Name(by))
        case 2 if known:
            argument = grow.of_one(1)
            return mul(Prime(random.choice(known), argument), Name(random.choice(parameters)))
        case 3 if known:
            return Add((Call(random.choice(known), (grow.of_one(1),)), plain))
        case 4 if known:
            by = random.choice(parameters)
            return Deriv(Call(random.choice(known), (grow.of_one(1),)), Name(by))
        case 5 if context.vectors:
            letter = random.choice(sorted(context.letters))
            entry = Entry(Name(random.choice(sorted(context.vectors))), (Letter(letter),))
            return Sum(letter, Whole("n"), (), mul(entry, plain))
    return plain


def _of_one_number(context: Context) -> list[str]:
    found = context.defined.items()
    return [n for n, c in found if [p.kind for p in c.definition.parameters] == ["number"]]


def _by_entries(random: Random, context: Context, name: str) -> Define:
    letters = random.sample(context.letters_of("n"), 2 if name == "H" else 1)
    bound = dict.fromkeys(letters, "n")
    grow = Grow(context, random, bound=bound, free=False, deltas=False)
    return Define(name, (), tuple(letters), ("n",) * len(letters), grow.number(2))


def _plain(random: Random, context: Context, name: str) -> Define:
    grow = Grow(context, random, free=False, deltas=False, more=_calls(random, context))
    body = grow.number(2) if context.vectors else grow.of_one(2)
    of = [name for name in context.vectors if name in reachable(body, context)]
    fixed = tuple(Parameter("fixed", each, "n") for each in of)
    return Define(name, fixed if random.random() < 0.5 else (), (), (), body)


def _calls(random: Random, context: Context) -> tuple[Term, ...]:
    """Applications of the functions of numbers, to small arguments."""
    found: list[Term] = []
    grow = Grow(context, random)
    for name, closure in context.defined.items():
        parameters = closure.definition.parameters
        if parameters:
            arguments = [
                Name(p.name) if p.kind == "fixed" else grow.of_one(random.randrange(2))
                for p in parameters
            ]
            found.append(Call(name, tuple(arguments)))
        elif not closure.definition.letters:
            found.append(Name(name))
    return tuple(found)


def _equality(random: Random, context: Context) -> Equality:
    ways = [_value, _derivative, _derivative, _derivative, _prime, _prime, _entry, _nested, _logs]
    return first_fitting(ways, _value, random, context)


def _term(random: Random, context: Context) -> Term:
    """A term with applications in it."""
    calls = _calls(random, context)
    return Grow(context, random, more=calls * 2).of_one(2)


def _value(random: Random, context: Context) -> Equality:
    calls = _calls(random, context)
    if not calls:
        raise Unfit
    call = random.choice(calls)
    return Equality("value", call, unfolded(call, context, set()))


def _derivative(random: Random, context: Context) -> Equality:
    term = _term(random, context)
    by = _variable(term, random, context)
    return Equality("derivative", Deriv(term, by), Derive(by, context, set(), random).of(term))


def _variable(term: Term, random: Random, context: Context) -> Name:
    """Mostly one that the term depends on."""
    found = [name for name in context.scalars if name in reachable(term, context)]
    return Name(random.choice(found if found and random.random() < 0.9 else context.scalars))


def _prime(random: Random, context: Context) -> Equality:
    known = _of_one_number(context)
    if not known:
        raise Unfit
    prime = Prime(random.choice(known), Grow(context, random).of_one(random.randrange(2)))
    return Equality("prime", prime, prime_unfolded(prime, context, set(), random))


def _nested(random: Random, context: Context) -> Equality:
    """A derivative of a derivative, or of a product with one."""
    term = _term(random, context)
    first, second = (_variable(term, random, context) for _ in range(2))
    inner: Term = Deriv(term, first)
    if random.random() < 0.5:
        inner = Mul((second, inner))
    found = Derive(second, context, set(), random).of(inner)
    return Equality("derivative of a derivative", Deriv(inner, second), found)


def _logs(random: Random, context: Context) -> Equality:
    """The logarithm of a product, a quotient or a power of what is positive."""
    grow = Grow(context, random, more=_calls(random, context))
    one, other = Apply("exp", grow.of_one(1)), Add((ONE, Apply("exp", grow.of_one(1))))
    inner = random.choice((Mul((one, other)), Div(one, other), Div(ONE, other), Pow(other, 2)))
    term = Apply("log", inner)
    rule = RULES["logarithm"]
    return Equality("logarithm", term, rule(term, Site(context, {}, random)))


def _entry(random: Random, context: Context) -> Equality:
    """A derivative by an entry, of abbreviations without arguments or of their entries."""
    if not context.vectors:
        raise Unfit
    letters = context.letters_of("n")
    by = Entry(Name(random.choice(sorted(context.vectors))), (Letter(random.choice(letters)),))
    terms: list[Term] = []
    for name, closure in context.defined.items():
        parameters = closure.definition.parameters
        if closure.definition.letters:
            places = [Letter(random.choice(letters)) for _ in closure.definition.letters]
            terms.append(Entry(Name(name), tuple(places)))
        elif all(each.kind == "fixed" for each in parameters):
            fixed = tuple(Name(each.name) for each in parameters)
            terms.append(Call(name, fixed) if fixed else Name(name))
        elif len(parameters) == 1:
            other = Entry(by.of, (Letter(letters[0]),))
            terms.append(Sum(letters[0], Whole("n"), (), Call(name, (other,))))
    if not terms:
        raise Unfit
    term = random.choice(terms)
    found = Derive(by, context, set(), random).of(term)
    if random.random() < 0.3 and isinstance(by.of, Name):
        return Equality("entry of a gradient", Entry(Deriv(term, by.of), by.at), found)
    return Equality("derivative by an entry", Deriv(term, by), found)


FUNCTIONS = Family(
    "functions",
    _setting,
    _equality,
    (*NUMBERS, *DEFINITIONS),
    (
        "inner_derivative_lost",
        "derivative_lost",
        "wrong_variable",
        "product_of_derivatives",
        "function_of_terms",
        "wrong_name",
    ),
)
