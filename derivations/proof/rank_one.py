"""A matrix and a product of a column and a row beside it: determinant and inverse of their sum.

det(B + u v^T) = det B (1 + v^T B^{-1} u), and where that is not zero (B + u v^T)^{-1} = B^{-1} -
B^{-1} u v^T B^{-1} / (1 + v^T B^{-1} u), where B has an inverse (matrix determinant lemma, and
Sherman and Morrison: D. A. Harville, Matrix Algebra from a Statistician's Perspective, 1997,
theorem 18.1.1 and corollary 18.2.10). The inverse is written so only where it is asked for. All
sides are rational functions of what they are made of, so where B has an inverse for almost all
data they are one wherever they have a value. That is known
here of c A for a declared matrix A, of which nothing but symmetry, rank and definiteness is given,
of c 1, and of sums of c A and what has no A in it: at t A with t growing, or at c 1, the
determinant is not zero. It is no complete decision: products of more columns and rows, and sums of
several, stay as they are.
"""

from __future__ import annotations

from fractions import Fraction

from derivations.proof.context import Context
from derivations.proof.members import BoundIndex
from derivations.proof.terms import Delta, Parameter, Scalar, Table, Term, Total

Axes = tuple[BoundIndex, BoundIndex]


def taken_apart(of: Table, context: Context) -> tuple[Table, tuple[Term, Fraction]] | None:
    """A matrix as one that has an inverse almost everywhere, and one product beside it."""
    row, column = (binder.index for binder in of.binders)
    products = [pair for pair in of.entry if _is_product(pair[0], (row, column))]
    if len(products) != 1:
        return None
    rest = tuple(pair for pair in of.entry if pair is not products[0])
    if not _is_regular(rest, (row, column), context):
        return None
    return Table(of.binders, rest).renamed(context.fresh, {}), products[0]


def diagonal_of(matrix: Table) -> Total | None:
    """The c of a matrix c 1; None for any other."""
    row, column = (binder.index for binder in matrix.binders)
    found = [(_beside_delta(term, (row, column)), q) for term, q in matrix.entry]
    known = tuple((term, q) for term, q in found if term is not None)
    return known if len(known) == len(found) else None


def _beside_delta(term: Term, axes: Axes) -> Term | None:
    """What a delta of both axes is multiplied by."""
    others = tuple(pair for pair in term.factors if not _is_delta(pair[0], axes))
    return Term(term.binders, others) if len(others) < len(term.factors) else None


def _is_delta(atom: object, axes: Axes) -> bool:
    return isinstance(atom, Delta) and {atom.left, atom.right} == {*axes}


def _is_product(term: Term, axes: Axes) -> bool:
    """Whether a term is something of the row times something of the column."""
    reached = {axes[0].number}
    grown = True
    while grown:
        grown = False
        for atom, _ in term.factors:
            own = {axes[1].number, axes[0].number, *(b.index.number for b in term.binders)}
            touched = own & {*atom.bound}
            if touched & reached and not touched <= reached:
                reached |= touched
                grown = True
    here = {number for atom, _ in term.factors for number in atom.bound}
    return axes[1].number not in reached and {axes[0].number, axes[1].number} <= here


def _is_regular(terms: Total, axes: Axes, context: Context) -> bool:
    """Whether a matrix has an inverse for almost all data."""
    if not terms:
        return False
    numbers = [_scale(term, axes) for term, _ in terms]
    if any(each is None or not _are_any(each, context) for each in numbers):
        return False
    names = [
        atom.base for term, _ in terms for atom, _ in term.factors if isinstance(atom, Parameter)
    ]
    if any(name in context.bits | context.signs | context.sums.keys() for name in names):
        return False
    return len(names) == len({*names}) and (len(names) > 0 or len(terms) == 1)


def _scale(term: Term, axes: Axes) -> tuple[Scalar, ...] | None:
    """The numbers that a declared matrix, or the identity, is multiplied by."""
    if term.binders:
        return None
    numbers: list[Scalar] = []
    matrices = 0
    for atom, q in term.factors:
        match atom:
            case Scalar():
                numbers.append(atom)
            case Parameter(_, (*first, i, j)) if {i, j} == {*axes} and q == 1 and not first:
                matrices += 1
            case Delta() if _is_delta(atom, axes):
                matrices += 1
            case _:
                return None
    return tuple(numbers) if matrices == 1 else None


def _are_any(numbers: tuple[Scalar, ...], context: Context) -> bool:
    """Whether none of these is one of two numbers, of which zero may be one."""
    return all(number.name not in context.bits for number in numbers)
