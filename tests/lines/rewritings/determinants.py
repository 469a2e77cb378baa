"""Exact rewritings of traces, inverses and determinants."""

from __future__ import annotations

from tests.lines.algebra import add, mul, neg
from tests.lines.context import Unfit
from tests.lines.rewritings.site import Site, rule
from tests.lines.tree import ONE, Add, Det, Div, Inv, Matmul, Neg, Term, Trace, Transpose


@rule
def cycle(term: Term, site: Site) -> Term:
    """tr(A B) = tr(B A), tr(A) = tr(A^T)."""
    match term:
        case Trace(Matmul(left, right)) if site.random.random() < 0.7:
            return Trace(Matmul(right, left))
        case Trace(of):
            return Trace(Transpose(of))
    raise Unfit


@rule
def trace_of_terms(term: Term, site: Site) -> Term:
    """tr(A + B) = tr A + tr B."""
    match term:
        case Trace(Add(parts)):
            return add(*(neg(Trace(p.of)) if isinstance(p, Neg) else Trace(p) for p in parts))
    raise Unfit


@rule
def inverse_of_product(term: Term, site: Site) -> Term:
    """(A B)^{-1} = B^{-1} A^{-1}, (A^T)^{-1} = (A^{-1})^T, (A^{-1})^{-1} = A."""
    match term:
        case Inv(Matmul(left, right)):
            return Matmul(Inv(right), Inv(left))
        case Inv(Transpose(of)):
            return Transpose(Inv(of))
        case Transpose(Inv(of)):
            return Inv(Transpose(of))
        case Inv(Inv(of)):
            return of
    raise Unfit


@rule
def determinant_of_product(term: Term, site: Site) -> Term:
    """det(A B) = det A det B, det A^T = det A, det A^{-1} = 1 / det A."""
    match term:
        case Det(Matmul(left, right)):
            return mul(Det(left), Det(right))
        case Det(Transpose(of)):
            return Det(of)
        case Det(Inv(of)):
            return Div(ONE, Det(of))
        case Det(of):
            return Det(Transpose(of))
    raise Unfit
