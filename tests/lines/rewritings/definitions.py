"""Rewritings of definitions and derivatives: written out, taken, or taken one step."""

from __future__ import annotations

from tests.lines.algebra import add, mul
from tests.lines.context import Unfit
from tests.lines.derive import Derive, gradient, prime_unfolded, unfolded
from tests.lines.rewritings.site import Site, require, rule, signed
from tests.lines.traverse import names_in
from tests.lines.tree import Add, Call, Deriv, Entry, Mul, Name, Prime, Sum, Term


@rule
def unfold(term: Term, site: Site) -> Term:
    """A definition, or f'(z), written out."""
    match term:
        case Name() | Call() | Entry(Name(), _):
            return unfolded(term, site.context, set(site.bound))
        case Prime():
            return prime_unfolded(term, site.context, set(site.bound), site.random)
    raise Unfit


@rule
def differentiate(term: Term, site: Site) -> Term:
    """A derivative taken by the rules of calculus."""
    if not isinstance(term, Deriv):
        raise Unfit
    by = term.by
    if isinstance(by, Name) and site.shape(by):
        return gradient(term.of, by, site.context, set(site.bound), site.random)
    if isinstance(by, Name | Entry):
        found = Derive(by, site.context, set(site.bound), site.random).of(term.of)
        require(found != term)
        return found
    raise Unfit


@rule
def derive_terms(term: Term, site: Site) -> Term:
    """A derivative of a sum or product taken one step; two derivatives in the other order."""
    match term:
        case Deriv(Add(parts), by):
            return add(*(signed(part, lambda p: Deriv(p, by)) for part in parts))
        case Deriv(Mul((first, second)), by) if not site.shape(by):
            return add(mul(Deriv(first, by), second), mul(first, Deriv(second, by)))
        case Deriv(Sum(letter, over, conditions, body), by) if letter not in names_in(by):
            return Sum(letter, over, conditions, Deriv(body, by))
        case Deriv(Deriv(of, inner), outer) if not site.shape(inner) and not site.shape(outer):
            return Deriv(Deriv(of, outer), inner)
    raise Unfit
