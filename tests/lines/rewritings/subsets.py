"""Rewritings of sums over subsets."""

from __future__ import annotations

from tests.lines.algebra import add, free_names, mul, neg
from tests.lines.context import Unfit
from tests.lines.rewritings.site import Site, require, rule
from tests.lines.tree import (
    ONE,
    Card,
    Comparison,
    Indicator,
    Letter,
    Mul,
    SetName,
    Sum,
    Term,
    Whole,
)


@rule
def the_rest(term: Term, site: Site) -> Term:
    """A sum over a subset as the sum over all less that over the others."""
    match term:
        case Sum(letter, Whole() as over, (Comparison(Letter(own), sign, SetName() as of),), body):
            require(own == letter)
            other = Comparison(Letter(own), "in" if sign == "not in" else "not in", of)
            return add(Sum(letter, over, (), body), neg(Sum(letter, over, (other,), body)))
    raise Unfit


@rule
def membership_inside(term: Term, site: Site) -> Term:
    """Whether a letter is in a subset as a factor of the summand, and back."""
    match term:
        case Sum(letter, over, (Comparison(_, _, SetName()) as only,), body):
            return Sum(letter, over, (), mul(Indicator(only), body))
        case Sum(letter, over, (), Mul(parts)):
            for n, part in enumerate(parts):
                if isinstance(part, Indicator) and isinstance(part.of.right, SetName):
                    require(part.of.left == Letter(letter))
                    return Sum(letter, over, (part.of,), mul(*parts[:n], *parts[n + 1 :]))
    raise Unfit


@rule
def counted(term: Term, site: Site) -> Term:
    """A summand that is the same for all members of a subset, times how many there are."""
    match term:
        case Sum(letter, Whole(), (Comparison(Letter(own), "in", SetName() as of),), body):
            require(own == letter and letter not in free_names(body))
            return mul(Card(of), body)
        case Card(of):
            axis, _ = site.context.subsets[of.name]
            letter = site.fresh(axis, term)
            return Sum(letter, Whole(axis), (Comparison(Letter(letter), "in", of),), ONE)
    raise Unfit
