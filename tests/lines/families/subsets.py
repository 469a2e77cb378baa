"""Sums over subsets: any one, or the places of a label in a list."""

from __future__ import annotations

from random import Random

from tests.lines.algebra import mul, total
from tests.lines.context import Context, Unfit
from tests.lines.derive import Derive
from tests.lines.family import Equality, Family, first_fitting, some
from tests.lines.grow import Grow
from tests.lines.rewritings import NUMBERS, SUBSETS, SUMS
from tests.lines.tree import (
    ONE,
    TWO,
    Add,
    Block,
    Card,
    Comparison,
    Declaration,
    Deriv,
    Entry,
    Index,
    Item,
    Labels,
    Letter,
    Mul,
    Name,
    Neg,
    Pow,
    Scalar,
    SetName,
    Size,
    Subset,
    Sum,
    Term,
    Vector,
    Whole,
)


def _setting(random: Random) -> tuple[Item, ...]:
    given: list[Declaration] = [Size("n", 1), Size("K", 1)]
    given += [Index(each, "n") for each in some(random, "i j k", 2, 3)]
    given += [Index(each, "K", "Classes") for each in some(random, "c l", 2, 2)]
    given += [Scalar(each) for each in some(random, "a b", 1, 2)]
    given += [Vector(each, "n") for each in some(random, "x u z", 1, 2)]
    given.append(Vector(r"\mu", "K"))
    letter = next(each.name for each in given if isinstance(each, Index))
    given.append(Labels("y", letter, "K", "Classes", "n"))
    given += [Subset(each, "n") for each in some(random, "S T", 1, 2)]
    given.append(Subset("I", "n", "y", "c", letter))
    return (Block(tuple(given)),)


def _equality(random: Random, context: Context) -> Equality:
    ways = [_rewritten] * 3 + [_partition] * 2 + [_derivative] * 2 + [_square] + [_rest] * 2
    return first_fitting(ways, _rest, random, context)


def _set(random: Random, context: Context) -> SetName:
    name = random.choice(sorted(context.subsets))
    labels = [Letter(each) for each in context.letters_of("K")]
    return SetName(name, random.choice(labels) if name == "I" else None)


def _over(letter: str, of: SetName, body: Term, sign: str = "in") -> Sum:
    return Sum(letter, Whole("n"), (Comparison(Letter(letter), sign, of),), body)


def _summand(random: Random, context: Context, letter: str, depth: int = 1) -> Term:
    return Grow(context, random, elementary=0.05).under(letter, "n").number(depth)


def _letter(random: Random, context: Context) -> str:
    return random.choice(context.letters_of("n"))


def _rewritten(random: Random, context: Context) -> Equality:
    letter, of = _letter(random, context), _set(random, context)
    term: Term = _over(letter, of, _summand(random, context, letter, 2))
    match random.randrange(4):
        case 0:
            term = Add((term, _over(letter, of, _summand(random, context, letter))))
        case 1:
            term = Mul((Card(of), term))
        case 2:
            label = random.choice(context.letters_of("K"))
            inner = _over(letter, SetName("I", Letter(label)), _summand(random, context, letter))
            term = total(label, "K", mul(Entry(Name(r"\mu"), (Letter(label),)), inner))
    return Equality("rewritten", term, term)


def _rest(random: Random, context: Context) -> Equality:
    """A subset and all others."""
    letter, of = _letter(random, context), _set(random, context)
    body = _summand(random, context, letter)
    both = Add((_over(letter, of, body), _over(letter, of, body, "not in")))
    return Equality("the rest", both, total(letter, "n", body))


def _partition(random: Random, context: Context) -> Equality:
    """The places of every label are all places."""
    letter, label = _letter(random, context), random.choice(context.letters_of("K"))
    of = SetName("I", Letter(label))
    if random.random() < 0.3:
        return Equality("partition", total(label, "K", Card(of)), Name("n"))
    body = _summand(random, context, letter)
    if label in str(body):
        raise Unfit
    by_label = total(label, "K", _over(letter, of, body))
    return Equality("partition", by_label, total(letter, "n", body))


def _entry(random: Random, context: Context, letter: str) -> Entry:
    names = [name for name, axis in context.vectors.items() if axis == "n"]
    return Entry(Name(random.choice(names)), (Letter(letter),))


def _square(random: Random, context: Context) -> Equality:
    """Squares of distances from one number for a subset, multiplied out."""
    letter, of = _letter(random, context), _set(random, context)
    entry = _entry(random, context, letter)
    center: Term = Name(random.choice(context.scalars))
    if of.at is not None:
        center = Entry(Name(r"\mu"), (of.at,))
    left = _over(letter, of, Pow(Add((entry, Neg(center))), 2))
    squares, sums = _over(letter, of, Pow(entry, 2)), _over(letter, of, entry)
    middle = Neg(Mul((TWO, center, sums)))
    return Equality("squares", left, Add((squares, middle, Mul((Card(of), Pow(center, 2))))))


def _derivative(random: Random, context: Context) -> Equality:
    """By an entry, under the sum."""
    letter, of = _letter(random, context), _set(random, context)
    term: Term = _over(letter, of, _summand(random, context, letter, 2))
    by = _entry(random, context, _letter(random, context))
    if random.random() < 0.3:
        term = Mul((term, term)) if random.random() < 0.5 else Add((term, ONE))
    return Equality("derivative", Deriv(term, by), Derive(by, context, set(), random).of(term))


SUBSET_SUMS = Family(
    "subsets",
    _setting,
    _equality,
    (*NUMBERS, *SUMS, *SUBSETS, *SUBSETS, *SUBSETS),
    ("lost_condition", "wrong_index", "wrong_sign", "lost_factor", "lost_sum", "wrong_number"),
)
