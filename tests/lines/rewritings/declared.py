"""Rewritings that hold of what is declared: symmetric matrices, entries that add up to a number."""

from __future__ import annotations

from tests.lines.algebra import free_names, is_label, mul, number
from tests.lines.context import Unfit
from tests.lines.rewritings.site import Site, require, rule
from tests.lines.tree import (
    ONE,
    Add,
    Comparison,
    Entry,
    Letter,
    Matmul,
    Mul,
    Name,
    Neg,
    Sum,
    Term,
    Transpose,
    Whole,
)


@rule
def turned(term: Term, site: Site) -> Term:
    """A = A^T, A_{ij} = A_{ji} and x^T A y = y^T A x of a symmetric matrix."""
    match term:
        case Matmul(Matmul(Transpose(left), Name(name)), right) if _is_symmetric(name, site):
            return Matmul(Matmul(Transpose(right), Name(name)), left)
        case Transpose(Name(name)) if _is_symmetric(name, site):
            return Name(name)
        case Name(name) if _is_symmetric(name, site):
            return Transpose(term)
        case Entry(Name(name), (first, second)) if _is_symmetric(name, site):
            return Entry(term.of, (second, first))
    raise Unfit


def _is_symmetric(name: str, site: Site) -> bool:
    return name in site.context.symmetric and name not in site.bound


@rule
def added_up(term: Term, site: Site) -> Term:
    """The sum of all entries of a vector as what it is said to be."""
    match term:
        case Sum(letter, Whole(axis), (), Entry(Name(name), (Letter(own),))):
            total = _total(name, site)
            require(own == letter and site.context.vectors[name] == axis)
            return number(total)
        case Sum(letter, Whole(axis), (), Mul(parts)):
            for n, part in enumerate(parts):
                match part:
                    case Entry(Name(name), (Letter(own),)) if own == letter:
                        rest = mul(*parts[:n], *parts[n + 1 :])
                        require(letter not in free_names(rest))
                        require(site.context.vectors.get(name) == axis)
                        return mul(number(_total(name, site)), rest)
    raise Unfit


@rule
def one_as_a_sum(term: Term, site: Site) -> Term:
    """A factor of one as the sum of all entries of a vector, in front or inside."""
    require(not isinstance(term, Add | Neg) and site.shape(term) == ())
    name, axis = _of_one(site)
    letter = site.fresh(axis, term)
    entry = Entry(Name(name), (Letter(letter),))
    if term == ONE:
        return Sum(letter, Whole(axis), (), entry)
    if site.random.random() < 0.5:
        return mul(Sum(letter, Whole(axis), (), entry), term)
    return Sum(letter, Whole(axis), (), mul(entry, term))


@rule
def the_others(term: Term, site: Site) -> Term:
    """1 - y_i as the sum of all other entries, and y_i as 1 less that."""
    match term:
        case Entry(Name(name), (Letter(own) as place,)):
            total, axis = _total(name, site), site.context.vectors[name]
            require(not is_label(own, site.context))
            letter = site.fresh(axis, term)
            rest = (Comparison(Letter(letter), "!=", place),)
            others = Sum(letter, Whole(axis), rest, Entry(term.of, (Letter(letter),)))
            return Add((number(total), Neg(others)))
    raise Unfit


def _total(name: str, site: Site) -> int:
    require(name not in site.bound and name in site.context.totals)
    return site.context.totals[name]


def _of_one(site: Site) -> tuple[str, str]:
    totals = site.context.totals.items()
    known = [name for name, total in totals if total == 1 and name not in site.bound]
    require(known)
    name = site.random.choice(known)
    return name, site.context.vectors[name]
