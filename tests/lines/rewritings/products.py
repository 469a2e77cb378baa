"""Rewritings of products over letters."""

from __future__ import annotations

from tests.lines.algebra import free_names, mul, relabelled, substitute
from tests.lines.context import Unfit
from tests.lines.rewritings.site import Site, require, rule
from tests.lines.tree import (
    ONE,
    Apply,
    Between,
    Comparison,
    Div,
    End,
    Letter,
    Mul,
    Nth,
    Pow,
    Prod,
    Sum,
    Term,
    Whole,
)


@rule
def split_factors(term: Term, site: Site) -> Term:
    """A product of products or quotients, factor by factor; powers in front."""
    match term:
        case Prod(letter, over, conditions, Mul(parts)):
            return mul(*(Prod(letter, over, conditions, part) for part in parts))
        case Prod(letter, over, conditions, Div(above, under)):
            first, second = (Prod(letter, over, conditions, each) for each in (above, under))
            return Div(first, second)
        case Prod(letter, over, conditions, Pow(base, exponent)):
            return Pow(Prod(letter, over, conditions, base), exponent)
    raise Unfit


@rule
def product_of_powers(term: Term, site: Site) -> Term:
    """The product of exponentials as the exponential of the sum, and back."""
    match term:
        case Prod(letter, over, conditions, Apply("exp", of)):
            return Apply("exp", Sum(letter, over, conditions, of))
        case Apply("exp", Sum(letter, over, conditions, body)) if site.shape(body) == ():
            return Prod(letter, over, conditions, Apply("exp", body))
    raise Unfit


@rule
def factor_apart(term: Term, site: Site) -> Term:
    """One factor apart: the first, the last, or that of a letter."""
    match term:
        case Prod(letter, Whole(axis) as over, (), body) if axis not in site.context.labels:
            known = [name for name, own in site.letters().items() if own == axis != letter]
            known = [name for name in known if name != letter]
            match site.random.randrange(3):
                case 0:
                    last = substitute(body, {letter: End(axis)}, site.context)
                    front = Between(axis, Nth(1), End(axis, -1))
                    return mul(Prod(letter, front, (), body), last)
                case 1:
                    first = substitute(body, {letter: Nth(1)}, site.context)
                    return mul(first, Prod(letter, Between(axis, Nth(2), End(axis)), (), body))
            require(known)
            other = Letter(site.random.choice(known))
            apart = Comparison(Letter(letter), "!=", other)
            here = substitute(body, {letter: other}, site.context)
            return mul(here, Prod(letter, over, (apart,), body))
    raise Unfit


@rule
def product_relabelled(term: Term, site: Site) -> Term:
    """A product over another letter."""
    if not isinstance(term, Prod):
        raise Unfit
    return relabelled(term, site.fresh(term.over.axis, term), site.context)


@rule
def products_exchanged(term: Term, site: Site) -> Term:
    """Two products in the other order."""
    match term:
        case Prod(letter, over, (), Prod(other, inner, (), body)) if letter != other:
            used = free_names(Prod("", over, (), ONE)) | free_names(Prod("", inner, (), ONE))
            require(not used & {letter, other})
            return Prod(other, inner, (), Prod(letter, over, (), body))
    raise Unfit


@rule
def sum_of_logs(term: Term, site: Site) -> Term:
    """The sum of logarithms as the logarithm of the product."""
    match term:
        case Sum(letter, over, conditions, Apply("log", of)):
            return Apply("log", Prod(letter, over, conditions, of))
    raise Unfit
