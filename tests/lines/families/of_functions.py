"""Families of functions: defined, elementary and arbitrary ones, products, values by size."""

from __future__ import annotations

from fractions import Fraction
from random import Random

from tests.lines.algebra import (
    Context,
    Derive,
    Unfit,
    context_after,
    inside,
    mul,
    neg,
    prime_unfolded,
    reachable,
    total,
    unfolded,
    variable_of,
)
from tests.lines.random_terms import (
    Equality,
    Family,
    Grow,
    any_of,
    any_two_of,
    some,
)
from tests.lines.rewritings_of_terms import (
    DEFINITIONS,
    MATRICES,
    NUMBERS,
    PRODUCTS,
    RULES,
    SUMS,
    Site,
)
from tests.lines.tree import (
    ONE,
    TWO,
    ZERO,
    Add,
    Apply,
    Arbitrary,
    Block,
    Call,
    Comparison,
    Declaration,
    Define,
    Deriv,
    Div,
    Dot,
    Either,
    Entry,
    Holds,
    Index,
    Item,
    Letter,
    Matmul,
    Matrix,
    Mul,
    Name,
    Neg,
    NormSquared,
    Num,
    Parameter,
    Pow,
    Prime,
    Prod,
    Scalar,
    Size,
    Sum,
    Term,
    Transpose,
    Vector,
    Whole,
    names_in,
)

PARAMETERS = ("t", "z", "s", "x", "y", r"\tau")


def _function_setting(random: Random) -> tuple[Item, ...]:
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


def _function_term(random: Random, context: Context) -> Term:
    """A term with applications in it."""
    calls = _calls(random, context)
    return Grow(context, random, more=calls * 2).of_one(2)


def _function_value(random: Random, context: Context) -> Equality:
    calls = _calls(random, context)
    if not calls:
        raise Unfit
    call = random.choice(calls)
    return Equality("value", call, unfolded(call, context, set()))


def _function_derivative(random: Random, context: Context) -> Equality:
    term = _function_term(random, context)
    by = _function_variable(term, random, context)
    return Equality("derivative", Deriv(term, by), Derive(by, context, set(), random).of(term))


def _function_variable(term: Term, random: Random, context: Context) -> Name:
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
    term = _function_term(random, context)
    first, second = (_function_variable(term, random, context) for _ in range(2))
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
    _function_setting,
    any_of(
        {_function_value: 1, _function_derivative: 3, _prime: 2, _entry: 1, _nested: 1, _logs: 1}
    ),
    (*NUMBERS, *DEFINITIONS),
)


ELEMENTARY_SMOOTH = ("tanh", "sinh", "cosh", "sigmoid", "softplus", "exp")
HALF = Num(Fraction(1, 2))


def _elementary_setting(random: Random) -> tuple[Item, ...]:
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
            return Apply("exp", Div(inner, _above(_elementary_leaf(random, context, more), random)))
        case 2:
            return Apply(
                random.choice(ELEMENTARY_SMOOTH), Apply(random.choice(ELEMENTARY_SMOOTH), inner)
            )
        case 3:
            return Div(
                inner, Apply("sqrt", _above(_elementary_leaf(random, context, more), random))
            )
        case 4:
            return Apply(random.choice(("abs", "relu")), inner)
    return Apply(random.choice(ELEMENTARY_SMOOTH), inner)


def _elementary_leaf(random: Random, context: Context, more: tuple[Term, ...]) -> Term:
    return Grow(context, random, more=more).of_one(0)


def _above(term: Term, random: Random) -> Term:
    """What is above zero."""
    return Add((random.choice((ONE, TWO)), random.choice((Pow(term, 2), Apply("exp", term)))))


def _elementary_term(random: Random, context: Context) -> Term:
    """A number with functions in it, one of them maybe defined, or summed over entries."""
    term = _function(random, context)
    if "f" in context.defined and random.random() < 0.5:
        term = Call("f", (random.choice((term, _elementary_leaf(random, context, ()))),))
    if random.random() < 0.25:
        entry = Entry(Name(random.choice(sorted(context.vectors))), (Letter("i"),))
        term = Sum("i", Whole("n"), (), Apply(random.choice((*ELEMENTARY_SMOOTH, "abs")), entry))
    if random.random() < 0.3:
        term = Mul((_elementary_leaf(random, context, ()), term))
    return term


def _elementary_derivative(random: Random, context: Context) -> Equality:
    term = _elementary_term(random, context)
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


def _elementary_same(random: Random, context: Context) -> Equality:
    return Equality("value", *(2 * (_elementary_term(random, context),)))


def _elementary_identity(random: Random, context: Context) -> Equality:
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


ELEMENTARY = Family(
    "elementary functions",
    _elementary_setting,
    any_two_of(
        {_elementary_derivative: 2, _of_entries: 1, _elementary_identity: 2, _elementary_same: 1}
    ),
    (*NUMBERS, *DEFINITIONS),
)


def _arbitrary_setting(random: Random) -> tuple[Item, ...]:
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


def _arbitrary_variable(random: Random, context: Context) -> Name | Entry:
    if random.random() < 0.5:
        return Name(random.choice(context.scalars))
    letter = random.choice(context.letters_of("n"))
    return Entry(Name(random.choice(sorted(context.vectors))), (Letter(letter),))


def _chain(random: Random, context: Context) -> Equality:
    """The derivative of f(z) for a number z that depends on what it is taken by."""
    name = random.choice(_of_number(context))
    argument, by = _number(random, context), _arbitrary_variable(random, context)
    inner = Derive(by, context, set(), random).of(argument)
    if inner == ZERO and random.random() < 0.8:
        raise Unfit
    call = Call(name, (argument,))
    return Equality("chain rule", Deriv(call, by), mul(Prime(name, argument), inner))


def _arbitrary_product(random: Random, context: Context) -> Equality:
    """The derivative of a product with an arbitrary function."""
    call = _applied(random, context, random.choice(sorted(context.arbitrary)))
    factor, by = _number(random, context), _arbitrary_variable(random, context)
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
    first, second = _arbitrary_variable(random, context), _arbitrary_variable(random, context)
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


def _arbitrary_rewritten(random: Random, context: Context) -> Equality:
    calls = tuple(_applied(random, context, name) for name in sorted(context.arbitrary))
    primes = tuple(Prime(name, _number(random, context)) for name in _of_number(context))
    term = Grow(context, random, more=(*calls, *primes), elementary=0).of_one(2)
    return Equality("rewritten", term, term)


ARBITRARY = Family(
    "arbitrary functions",
    _arbitrary_setting,
    any_of(
        {
            _chain: 4,
            _arbitrary_product: 2,
            _order: 2,
            _nought: 1,
            _arbitrary_rewritten: 1,
            _gradient: 1,
        },
        _arbitrary_rewritten,
    ),
    (*NUMBERS, *DEFINITIONS, *SUMS, *MATRICES),
)


def _product_setting(random: Random) -> tuple[Item, ...]:
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


def _product_product(random: Random, context: Context, depth: int = 1) -> Prod:
    axis = _axis(context)
    one, other = random.sample(context.letters_of(axis), 2)
    apart = (Comparison(Letter(one), "!=", Letter(other)),) if random.random() < 0.2 else ()
    return Prod(one, Whole(axis), apart, _factor(random, context, one, depth))


def _product_rewritten(random: Random, context: Context) -> Equality:
    product = _product_product(random, context, 2)
    grow = Grow(context, random, elementary=0.05, deltas=False)
    term: Term = product
    match random.randrange(4):
        case 0:
            term = Mul((_product_product(random, context), product))
        case 1:
            term = Add((product, grow.leaf()))
        case 2:
            letter = random.choice(context.letters_of(_axis(context)))
            term = total(letter, _axis(context), _product_product(random, context))
    return Equality("rewritten", term, term)


def _product_positive(random: Random, context: Context, letter: str) -> Term:
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
    term = Apply("log", Prod(letter, Whole(axis), (), _product_positive(random, context, letter)))
    return Equality("logarithm", term, RULES["logarithm"](term, Site(context, {}, random)))


def _product_derivative(random: Random, context: Context) -> Equality:
    """By a number or an entry: each factor varied in turn."""
    term: Term = _product_product(random, context, random.choice((1, 1, 2)))
    by = _product_variable(term, random, context)
    found = Derive(by, context, set(), random).of(term)
    return Equality("derivative", Deriv(term, by), found)


def _product_variable(term: Term, random: Random, context: Context) -> Name | Entry:
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
    over, factor = Whole(axis), _product_positive(random, context, letter)
    term: Term = Apply("log", Prod(letter, over, (), factor))
    other = total(letter, axis, Apply("log", factor))
    by = _product_variable(term, random, context)
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
    _product_setting,
    any_of(
        {
            _product_rewritten: 3,
            _logarithm: 3,
            _product_derivative: 3,
            _apart: 2,
            _score: 2,
            _pairs: 1,
        },
        _apart,
    ),
    (*NUMBERS, *SUMS, *PRODUCTS, *PRODUCTS, *PRODUCTS),
)


SIGNS = ("<", "<=")
BRANCH_SMOOTH = ("exp", "tanh", "softplus")


def _branch_setting(random: Random) -> tuple[Item, ...]:
    given: list[Declaration] = [Size("n", 1), Index("i", "n"), Index("j", "n")]
    given += [Scalar(each) for each in some(random, "a b x t", 2, 3)]
    given += [Scalar(each, positive=True) for each in some(random, "r s", 1, 1)]
    given += [Vector(each, "n") for each in some(random, "u v", 1, 2)]
    context = context_after((Block(tuple(given)),))
    body = _branch(random, inside(context, "z"), Name("z"))
    given.append(Define("f", (Parameter("number", "z"),), (), (), body))
    return (Block(tuple(given)),)


def _branch_leaf(random: Random, context: Context) -> Term:
    return Grow(context, random).of_one(0)


def _branch_value(random: Random, context: Context, of: Term) -> Term:
    """A value of a case: of what is compared, or of something else."""
    found = (
        of,
        Pow(of, 2),
        mul(_branch_leaf(random, context), of),
        Apply(random.choice(BRANCH_SMOOTH), of),
    )
    return random.choice((*found, _branch_leaf(random, context), ZERO, ONE))


def _branch(random: Random, context: Context, of: Term) -> Term:
    """A value by the size of a number, maybe within another one, or by two of its thresholds."""
    sign, at = random.choice(SIGNS), random.choice((ZERO, ONE, _branch_positive(context)))
    then, otherwise = (_branch_value(random, context, of) for _ in range(2))
    match random.randrange(5):
        case 0:
            return Mul((Holds(at, sign, of), then))
        case 1:
            inner = Either(of, sign, neg(_branch_positive(context)), then, otherwise)
            return Either(
                _branch_positive(context), sign, of, _branch_value(random, context, of), inner
            )
        case 2:
            return Either(Apply("abs", of), sign, _branch_positive(context), then, otherwise)
    return Either(of, sign, at, then, otherwise)


def _branch_positive(context: Context) -> Term:
    return Name(next(name for name in context.scalars if name in ("r", "s")))


def _branch_term(random: Random, context: Context) -> Term:
    """A branch, of a number or of entries that are summed over, or a defined one."""
    of = random.choice((_branch_leaf(random, context), Grow(context, random).of_one(1)))
    if random.random() < 0.35:
        entry = Entry(Name(random.choice(sorted(context.vectors))), (Letter("i"),))
        of = random.choice((entry, Add((entry, neg(_branch_leaf(random, context))))))
        body = Call("f", (of,)) if random.random() < 0.4 else _branch(random, context, of)
        return Sum("i", Whole("n"), (), body)
    return Call("f", (of,)) if random.random() < 0.4 else _branch(random, context, of)


def _branch_derivative(random: Random, context: Context) -> Equality:
    term = _branch_term(random, context)
    found = [name for name in context.scalars if name in reachable(term, context)]
    by = Name(random.choice(found or list(context.scalars)))
    return Equality("derivative", Deriv(term, by), Derive(by, context, set(), random).of(term))


def _branch_same(random: Random, context: Context) -> Equality:
    return Equality("value", *(2 * (_branch_term(random, context),)))


def _branch_identity(random: Random, context: Context) -> Equality:
    """Two ways to write a branch."""
    one = Grow(context, random).of_one(random.randrange(2))
    other, rate = _branch_leaf(random, context), _branch_positive(context)
    sign = random.choice(SIGNS)
    turned = SIGNS[1 - SIGNS.index(sign)]
    then, otherwise = (_branch_value(random, context, one) for _ in range(2))
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


BRANCHES = Family(
    "cases by size",
    _branch_setting,
    any_two_of({_branch_derivative: 3, _branch_identity: 2, _branch_same: 1}),
    (*NUMBERS, *DEFINITIONS),
)
