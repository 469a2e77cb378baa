"""Letters that are hidden and used again: bound ones called like free ones, twice in a sum, like
the argument of a definition, like a name of another kind, and names declared anew.
"""

from __future__ import annotations

from random import Random

from tests.lines.algebra import mul
from tests.lines.context import Context, Unfit, context_after
from tests.lines.derive import Derive, inside, unfolded
from tests.lines.family import Equality, Family, first_fitting, some
from tests.lines.grow import Grow
from tests.lines.rewritings import NUMBERS, SUMS
from tests.lines.tree import (
    Block,
    Call,
    Declaration,
    Define,
    Deriv,
    Entry,
    Index,
    Item,
    Letter,
    Line,
    Matrix,
    Mul,
    Name,
    Parameter,
    Part,
    Scalar,
    Size,
    Sum,
    Term,
    Vector,
    Whole,
)

REUSE = 0.6


def _setting(random: Random) -> tuple[Item, ...]:
    given: list[Declaration] = [Size("n", 1)]
    given += [Index(each, "n") for each in some(random, "i j k", 2, 3)]
    given += [Scalar(each) for each in some(random, "a b x", 1, 2)]
    given += [Vector(each, "n") for each in some(random, "u v y", 1, 3)]
    given.append(Matrix(random.choice("AB"), "n", "n"))
    for name in random.sample(["f", "g", "q", "h"], random.randint(1, 2)):
        given.append(_definition(random, context_after((Block(tuple(given)),)), name))
    items: tuple[Item, ...] = (Block(tuple(given)),)
    if random.random() < 0.35:
        new = Block(_anew(random, context_after(items)))
        between: tuple[Item, ...] = (Part("b"),) if random.random() < 0.5 else ()
        if random.random() < 0.7:
            between = (_before(random, context_after(items)), *between)
        items = (*items, *between, new)
    return items


def _before(random: Random, context: Context) -> Line:
    """A line between two blocks, as true as can be."""
    term = Grow(context, random).leaf()
    return Line(term, term)


def _definition(random: Random, context: Context, name: str) -> Define:
    """A definition with sums in it, whose letters are those that are used outside, too."""
    grow = Grow(context, random, reuse=REUSE, elementary=0, deltas=False, free=False)
    letters = context.letters_of("n")
    match random.randrange(4):
        case 0:
            letter = random.choice(letters)
            inner = grow.under(letter, "n")
            return Define(name, (), (letter,), ("n",), inner.number(2))
        case 1:
            letter = random.choice(letters)
            inner = grow.under(letter, "n")
            return Define(name, (Parameter("index", letter, "n"),), (), (), inner.number(2))
        case 2:
            letter = random.choice(["t", *context.scalars])
            held = inside(context, letter)
            body = Grow(
                held, random, reuse=REUSE, elementary=0, free=False, more=(Name(letter),) * 3
            ).number(2)
            return Define(name, (Parameter("number", letter),), (), (), body)
    return Define(name, (), (), (), grow.number(2))


def _anew(random: Random, context: Context) -> tuple[Declaration, ...]:
    """Names that get another meaning; what was defined before keeps the old one."""
    scalars, vectors = context.scalars, sorted(context.vectors)
    match random.randrange(5):
        case 0:
            return (Vector(random.choice(scalars), "n"),)
        case 1 if len(vectors) > 1:
            return (Scalar(random.choice(vectors)),)
        case 2:
            return (Scalar(random.choice(context.letters_of("n")[1:])),)
        case 3:
            return (Matrix(random.choice(vectors), "n", "n"),)
    letters = context.letters_of("n")
    return (Size("m", 1), Index(random.choice(letters[1:]), "m"), Vector("w", "m"))


def _uses(random: Random, context: Context, grow: Grow) -> list[Term]:
    """Uses of the definitions, at letters that may be bound."""
    found: list[Term] = []
    for name, closure in context.defined.items():
        if name in grow.bound:
            continue
        definition = closure.definition
        member = grow.member("n")
        match definition.parameters:
            case (Parameter("index", _, _),) if member is not None:
                found.append(Call(name, (member,)))
            case (Parameter("number", _, _),):
                found.append(Call(name, (grow.leaf(),)))
            case () if definition.letters and member is not None:
                found.append(Entry(Name(name), (member,)))
            case () if not definition.letters:
                found.append(Name(name))
    return found


def _equality(random: Random, context: Context) -> Equality:
    ways = [_rewritten, _rewritten, _unfolded, _unfolded, _summed, _derivative, _moved]
    return first_fitting(ways, _rewritten, random, context)


def _grow(random: Random, context: Context) -> Grow:
    grow = Grow(context, random, reuse=REUSE, elementary=0.03)
    return Grow(
        context, random, reuse=REUSE, elementary=0.03, more=tuple(_uses(random, context, grow))
    )


def _rewritten(random: Random, context: Context) -> Equality:
    term = _grow(random, context).number(3)
    return Equality("letters used again", term, term)


def _unfolded(random: Random, context: Context) -> Equality:
    """A definition at an argument that is called like a letter inside it."""
    uses = _uses(random, context, Grow(context, random))
    if not uses:
        raise Unfit
    term = random.choice(uses)
    right = unfolded(term, context, set())
    factor = Grow(context, random).leaf()
    return Equality("definition at a letter", mul(factor, term), mul(factor, right))


def _summed(random: Random, context: Context) -> Equality:
    """A definition under a sum over a letter that it uses."""
    letter = random.choice(context.letters_of("n"))
    grow = Grow(context, random, reuse=REUSE).under(letter, "n")
    uses = _uses(random, context, grow)
    if not uses:
        raise Unfit
    term = random.choice(uses)
    right = unfolded(term, context, {letter})
    factor = grow.leaf()
    return Equality(
        "definition under a sum",
        Sum(letter, Whole("n"), (), mul(factor, term)),
        Sum(letter, Whole("n"), (), mul(factor, right)),
    )


def _derivative(random: Random, context: Context) -> Equality:
    """A derivative by an entry, or under a sum by the entry at its letter."""
    vectors = [name for name, axis in context.vectors.items() if axis == "n"]
    if not vectors:
        raise Unfit
    letter = random.choice(context.letters_of("n"))
    by = Entry(Name(random.choice(vectors)), (Letter(letter),))
    term = _grow(random, context).number(2)
    if random.random() < 0.4:
        found = Derive(by, context, {letter}, random).of(term)
        factor = Entry(by.of, (Letter(letter),))
        return Equality(
            "derivative by a bound letter",
            Sum(letter, Whole("n"), (), Mul((factor, Deriv(term, by)))),
            Sum(letter, Whole("n"), (), Mul((factor, found))),
        )
    found = Derive(by, context, set(), random).of(term)
    return Equality("derivative by an entry", Deriv(term, by), found)


def _moved(random: Random, context: Context) -> Equality:
    """A product of sums over one letter as sums over two."""
    letter = random.choice(context.letters_of("n"))
    grow = Grow(context, random, reuse=REUSE, elementary=0).under(letter, "n")
    one, other = grow.number(1), grow.number(1)
    left = Mul(tuple(Sum(letter, Whole("n"), (), each) for each in (one, other)))
    nested = Sum(letter, Whole("n"), (), Mul((one, Sum(letter, Whole("n"), (), other))))
    return Equality("one letter twice", left, nested)


SHADOWED_LETTERS = Family(
    "shadowed letters",
    _setting,
    _equality,
    (*NUMBERS, *SUMS, "unfold", "differentiate"),
    (
        "lost_sum",
        "joined_product",
        "wrong_index",
        "wrong_name",
    ),
)
