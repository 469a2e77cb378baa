"""Rewritings of products of matrices: transposes, brackets, inner products, entries."""

from __future__ import annotations

from tests.lines.algebra import add, entry_of, mul, neg
from tests.lines.context import Unfit
from tests.lines.rewritings.site import Site, require, rule, signed
from tests.lines.tree import (
    TWO,
    Add,
    Dot,
    Entry,
    Matmul,
    Mul,
    Name,
    Neg,
    NormSquared,
    Term,
    Transpose,
)


@rule
def transpose_in(term: Term, site: Site) -> Term:
    """(A B)^T = B^T A^T, (A + B)^T, (A^T)^T = A."""
    match term:
        case Transpose(Matmul(left, right)):
            return Matmul(Transpose(right), Transpose(left))
        case Transpose(Add(parts)):
            return Add(tuple(signed(part, Transpose) for part in parts))
        case Transpose(Transpose(of)):
            return of
        case Transpose(Mul(parts)):
            return mul(*(Transpose(part) if site.shape(part) else part for part in parts))
        case Transpose(Neg(of)):
            return Neg(Transpose(of))
    raise Unfit


@rule
def transpose_out(term: Term, site: Site) -> Term:
    """B^T A^T = (A B)^T; x^T y = y^T x; A = (A^T)^T."""
    match term:
        case Matmul(Transpose(left), Transpose(right)):
            return Transpose(Matmul(right, left))
        case Matmul(left, right) if site.shape(term) == ():
            return Matmul(Transpose(right), Transpose(left))
        case Matmul(left, right) if site.random.random() < 0.3:
            return Transpose(Matmul(Transpose(right), Transpose(left)))
        case Name() | Matmul() if site.shape(term) and site.random.random() < 0.2:
            return Transpose(Transpose(term))
    raise Unfit


@rule
def associate(term: Term, site: Site) -> Term:
    """(A B) C = A (B C), and back."""
    match term:
        case Matmul(Matmul(left, middle), right) if site.shape(Matmul(left, middle)):
            require(site.shape(middle)[1:] == site.shape(right)[:1])
            return Matmul(left, Matmul(middle, right))
        case Matmul(left, Matmul(middle, right)) if site.shape(Matmul(middle, right)):
            return Matmul(Matmul(left, middle), right)
    raise Unfit


@rule
def distribute_matrices(term: Term, site: Site) -> Term:
    """(A + B) C = A C + B C, A (B + C), (a A) B = a (A B)."""
    match term:
        case Matmul(Add(parts), right):
            return add(*(signed(part, lambda p: Matmul(p, right)) for part in parts))
        case Matmul(left, Add(parts)):
            return add(*(signed(part, lambda p: Matmul(left, p)) for part in parts))
        case Matmul(Mul(parts), right):
            arrays = [part for part in parts if site.shape(part)]
            numbers = [part for part in parts if not site.shape(part)]
            return mul(*numbers, Matmul(arrays[0], right))
        case Matmul(left, Mul(parts)):
            arrays = [part for part in parts if site.shape(part)]
            numbers = [part for part in parts if not site.shape(part)]
            return mul(*numbers, Matmul(left, arrays[0]))
        case Matmul(left, Neg(of)):
            return neg(Matmul(left, of))
    raise Unfit


@rule
def inner_product(term: Term, site: Site) -> Term:
    """x^T y = x . y = y . x, and |x|^2 = x^T x."""
    match term:
        case Dot(left, right):
            return Matmul(Transpose(left), right)
        case NormSquared(of):
            return Dot(of, of) if site.random.random() < 0.5 else Matmul(Transpose(of), of)
        case Matmul(Transpose(left), right) if site.shape(term) == ():
            if left == right and site.random.random() < 0.7:
                return NormSquared(left)
            return Dot(left, right) if site.random.random() < 0.5 else Dot(right, left)
    raise Unfit


@rule
def expand_norm(term: Term, site: Site) -> Term:
    """|x + y|^2 = |x|^2 + 2 x^T y + |y|^2."""
    match term:
        case NormSquared(Add((first, second))):
            sign = neg if isinstance(second, Neg) else (lambda x: x)
            other = second.of if isinstance(second, Neg) else second
            cross = sign(mul(TWO, Matmul(Transpose(first), other)))
            return add(NormSquared(first), cross, NormSquared(other))
    raise Unfit


@rule
def into_entries(term: Term, site: Site) -> Term:
    """An inner product, or an entry of a product, as a sum over entries."""
    bound = set(site.bound) | site.taken
    match term:
        case Matmul() | Dot() | NormSquared() if site.shape(term) == ():
            return entry_of(term, None, None, site.context, bound)
        case Entry(of, at) if not isinstance(of, Name):
            shape = site.shape(of)
            row, column = (at[0], at[1]) if len(at) == 2 else (at[0], None)
            require(len(at) == 2 or (shape and shape[1] is None))
            return entry_of(of, row, column, site.context, bound)
    raise Unfit
