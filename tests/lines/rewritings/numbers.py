"""Rewritings of sums, products, quotients, powers, exponentials and logarithms of numbers."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from tests.lines.algebra import add, mul, neg, number
from tests.lines.context import Unfit
from tests.lines.rewritings.site import Site, require, require_sum, rule, signed, signed_like
from tests.lines.traverse import children
from tests.lines.tree import (
    ONE,
    TWO,
    Add,
    Apply,
    Div,
    Entry,
    Mul,
    Name,
    Neg,
    NormSquared,
    Num,
    Pow,
    Sum,
    Term,
    Whole,
)


@rule
def reorder_sum(term: Term, site: Site) -> Term:
    """a + b = b + a."""
    require_sum(term)
    parts = list(children(term))
    site.random.shuffle(parts)
    return Add(tuple(parts))


@rule
def reorder_product(term: Term, site: Site) -> Term:
    """a b = b a, for numbers."""
    require(isinstance(term, Mul))
    parts = list(children(term))
    site.random.shuffle(parts)
    parts.sort(key=lambda part: bool(site.shape(part)))
    return Mul(tuple(parts))


@rule
def distribute(term: Term, site: Site) -> Term:
    """a (b + c) = a b + a c."""
    if not isinstance(term, Mul):
        raise Unfit
    sums = [n for n, part in enumerate(term.parts) if isinstance(part, Add)]
    require(sums)
    at = site.random.choice(sums)
    inner = term.parts[at]
    before, behind = term.parts[:at], term.parts[at + 1 :]
    return add(*(signed(p, lambda q: mul(*before, q, *behind)) for p in children(inner)))


@rule
def factor_out(term: Term, site: Site) -> Term:
    """a b + a c = a (b + c)."""
    require_sum(term)
    factors = [_factors(part) for part in children(term)]
    common = [each for each in factors[0] if all(each in other for other in factors[1:])]
    common = [each for each in common if each != ONE]
    require(common)
    out = site.random.choice(common)
    rest = []
    for part, mine in zip(children(term), factors, strict=True):
        left = list(mine)
        left.remove(out)
        rest.append(signed_like(part, mul(*left)))
    return mul(out, add(*rest))


@rule
def double(term: Term, site: Site) -> Term:
    """2 a = a + a."""
    if isinstance(term, Mul) and TWO in term.parts:
        rest = list(term.parts)
        rest.remove(TWO)
        return Add((mul(*rest), mul(*rest)))
    raise Unfit


@rule
def square(term: Term, site: Site) -> Term:
    """a^2 = a a, a^3 = a a^2, and a a = a^2."""
    match term:
        case Pow(base, 2):
            return Mul((base, base))
        case Pow(base, exponent) if exponent > 2:
            return Mul((base, Pow(base, exponent - 1)))
        case Mul(parts) if (twice := [p for p in parts if parts.count(p) == 2]) and not any(
            map(site.shape, twice)
        ):
            rest = [part for part in parts if part != twice[0]]
            return mul(Pow(twice[0], 2), *rest)
    raise Unfit


@rule
def sign_out(term: Term, site: Site) -> Term:
    """a - b = -(b - a), a (-b) = -a b, and back."""
    match term:
        case Add(parts):
            return Neg(add(*(neg(part) for part in parts)))
        case Neg(Add(parts)):
            return add(*(neg(part) for part in parts))
        case Neg(Mul((first, *rest))):
            return mul(neg(first), *rest)
        case Mul(parts) if any(isinstance(part, Neg) for part in parts):
            at = next(n for n, part in enumerate(parts) if isinstance(part, Neg))
            return neg(mul(*parts[:at], neg(parts[at]), *parts[at + 1 :]))
    raise Unfit


@rule
def add_nothing(term: Term, site: Site) -> Term:
    """a = a + b - b."""
    require(site.context.scalars and not site.shape(term) and not isinstance(term, Num))
    more = _leaf(site)
    return Add((term, more, Neg(more)))


@rule
def fraction(term: Term, site: Site) -> Term:
    """a / b = (1/b) a, (a + b) / c = a / c + b / c, a (b / c) = a b / c."""
    match term:
        case Div(Add(parts), under):
            return add(*(signed(part, lambda p: Div(p, under)) for part in parts))
        case Div(over, under) if over != ONE:
            return mul(Div(ONE, under), over)
        case Mul(parts) if any(isinstance(part, Div) for part in parts):
            at = next(n for n, part in enumerate(parts) if isinstance(part, Div))
            below = parts[at]
            assert isinstance(below, Div)
            return Div(mul(*parts[:at], below.over, *parts[at + 1 :]), below.under)
        case Num(value) if value.denominator != 1:
            return Div(Num(Fraction(value.numerator)), Num(Fraction(value.denominator)))
    raise Unfit


@rule
def flatten(term: Term, site: Site) -> Term:
    """a + (b + c) = a + b + c, a (b c) = a b c, and back."""
    match term:
        case Add(parts) if any(isinstance(part, Add) for part in parts):
            return add(*parts)
        case Mul(parts) if any(isinstance(part, Mul) for part in parts):
            return mul(*parts)
        case Add((first, *rest)) if len(rest) > 1:
            return Add((first, Add(tuple(rest))))
        case Mul((first, *rest)) if len(rest) > 1:
            return Mul((first, Mul(tuple(rest))))
    raise Unfit


# Elementary functions -----------------------------------------------------------------------


@rule
def exponential(term: Term, site: Site) -> Term:
    """exp(a + b) = exp(a) exp(b), exp(-a) = 1 / exp(a), exp(a)^k = exp(k a), and back."""
    match term:
        case Apply("exp", Add(parts)):
            return mul(*(Apply("exp", part) for part in parts))
        case Apply("exp", Neg(of)):
            return Div(ONE, Apply("exp", of))
        case Mul(parts) if sum(_is_exp(part) for part in parts) > 1:
            raised = [part.of for part in parts if isinstance(part, Apply) and _is_exp(part)]
            return mul(*(p for p in parts if not _is_exp(p)), Apply("exp", add(*raised)))
        case Div(over, Apply("exp", of)) if over == ONE:
            return Apply("exp", neg(of))
        case Pow(Apply("exp", of), exponent):
            return Apply("exp", mul(number(exponent), of))
    raise Unfit


@rule
def logarithm(term: Term, site: Site) -> Term:
    """log(a b) = log a + log b, log(a / b), log(a^k), of what is positive; log(exp a) = a."""

    def known(inner: Term) -> bool:
        return positive(inner, site)

    def is_log(part: Term) -> bool:
        return isinstance(part, Apply) and part.function == "log" and known(part.of)

    match term:
        case Apply("log", Apply("exp", of)):
            return of
        case Apply("exp", Apply("log", of)) if known(of):
            return of
        case Apply("log", Mul(parts)) if all(map(known, parts)):
            return add(*(Apply("log", part) for part in parts))
        case Apply("log", Div(over, under)) if known(over) and known(under):
            if over == ONE:
                return neg(Apply("log", under))
            return add(Apply("log", over), neg(Apply("log", under)))
        case Apply("log", Pow(base, exponent)) if known(base):
            return mul(number(exponent), Apply("log", base))
        case Add(parts) if sum(map(is_log, parts)) > 1:
            logs = [part.of for part in parts if isinstance(part, Apply) and is_log(part)]
            return add(*(p for p in parts if not is_log(p)), Apply("log", mul(*logs)))
    raise Unfit


def positive(term: Term, site: Site) -> bool:
    """Whether it can be seen, or is declared, that a number is above zero."""

    def known(inner: Term) -> bool:
        return positive(inner, site)

    match term:
        case Apply("exp" | "cosh" | "sigmoid" | "softplus", _):
            return True
        case Num(value):
            return value > 0
        case Name(name) | Entry(Name(name), _):
            return name in site.context.positive and name not in site.bound
        case Sum(letter, Whole(axis), (), body):
            inner = replace(site, bound={**site.bound, letter: axis})
            return positive(body, inner)
        case Add(parts):
            return all(known(p) or _is_square(p) for p in parts) and any(map(known, parts))
        case Mul(parts):
            return all(map(known, parts))
        case Div(over, under):
            return known(over) and known(under)
        case Pow(base, _):
            return known(base)
    return False


def _is_square(term: Term) -> bool:
    return isinstance(term, NormSquared) or (isinstance(term, Pow) and term.exponent % 2 == 0)


def _is_exp(term: Term) -> bool:
    return isinstance(term, Apply) and term.function == "exp"


def _factors(part: Term) -> list[Term]:
    inner = part.of if isinstance(part, Neg) else part
    return list(inner.parts) if isinstance(inner, Mul) else [inner]


def _leaf(site: Site) -> Term:
    scalars: list[Term] = [Name(n) for n in site.context.scalars if n not in site.bound]
    require(scalars)
    return site.random.choice(scalars)
