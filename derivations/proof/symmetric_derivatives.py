"""Derivatives by a symmetric matrix, under the conventions that are in use for them.

Nobody can vary one entry of a symmetric matrix alone, and texts mean one of three things by its
gradient. With G the gradient of what is written as a function of any matrix, its entries varied as
if they were independent, at the symmetric one, they mean

- G itself, as most texts do: then log det A has the gradient A^{-1};
- G + G^T - diag(G), each entry varied together with the one across the diagonal
  (K. B. Petersen and M. S. Pedersen, The Matrix Cookbook, 2012, section 2.8);
- (G + G^T) / 2, the gradient in the space of symmetric matrices under the trace inner product
  (S. Srinivasan and N. Panda, What is the gradient of a scalar function of a symmetric matrix?,
  Indian J. Pure Appl. Math. 54 (2023) 907-919).

A line is proved as the first of them, and its note says so. It is refuted only where it is false
under all three.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Set
from dataclasses import replace
from fractions import Fraction

from derivations.claim import Claim
from derivations.indices import IndexSet
from derivations.language.free import free_in
from derivations.language.rewrite import parts, with_parts
from derivations.language.tree import (
    Comparison,
    Derivative,
    Entry,
    IllTyped,
    IndexVariable,
    Indicator,
    Misfit,
    Negative,
    Number,
    Plus,
    Reference,
    Slice,
    Table,
    Term,
    Times,
    Transpose,
    Variable,
    variable_of,
)

Convention = Callable[[Derivative], Term]


def otherwise_meant(claim: Claim, names: Set[str]) -> Iterator[Claim]:
    """The claim under the other two conventions of derivatives by the matrices of these names.

    Raises IllTyped where it has derivatives by these that have no other reading: by a row, or in
    a definition.
    """
    for convention in (_together, _among_symmetric):
        left, right = (_read(side, names, convention) for side in (claim.left, claim.right))
        yield replace(claim, left=left, right=right)


def _read(side: Term | Misfit, names: Set[str], convention: Convention) -> Term | Misfit:
    if isinstance(side, Misfit):
        return side
    _require_all_seen(side, names)
    return _changed(side, names, convention)


def _require_all_seen(side: Term, names: Set[str]) -> None:
    varied = {each for each in free_in(side).varied if each.name in names}
    if varied - {variable_of(each.by) for each in _derivatives(side)}:
        raise IllTyped("a derivative in a definition", "a convention for symmetric matrices")


def _derivatives(term: Term) -> Iterator[Derivative]:
    if isinstance(term, Derivative):
        yield term
    for part in parts(term):
        yield from _derivatives(part)


def _changed(term: Term, names: Set[str], convention: Convention) -> Term:
    if isinstance(term, Derivative):
        inside = Derivative(_changed(term.of, names, convention), term.by)
        return convention(inside) if variable_of(term.by).name in names else inside
    return with_parts(term, [_changed(part, names, convention) for part in parts(term)])


def _together(found: Derivative) -> Term:
    """G + G^T - diag(G)."""
    match found.by:
        case Reference(Variable(shape=(IndexSet() as space, _))) | Slice(
            Variable(shape=(IndexSet() as space, _))
        ):
            row, column = IndexVariable(space, ""), IndexVariable(space, "")
            same = Indicator((Comparison(row, column),))
            diagonal = Table((row, column), Times(same, Entry(found, (row, row))))
            return Plus((found, Transpose(found), Negative(diagonal)))
        case Entry(of, (row, column)):
            same = Indicator((Comparison(row, column),))
            across = Derivative(found.of, Entry(of, (column, row)))
            return Plus((found, across, Negative(Times(same, found))))
    raise IllTyped("a derivative by a row", "a convention for symmetric matrices")


def _among_symmetric(found: Derivative) -> Term:
    """(G + G^T) / 2."""
    half = Number(Fraction(1, 2))
    match found.by:
        case Reference() | Slice():
            return Times(half, Plus((found, Transpose(found))))
        case Entry(of, (row, column)):
            across = Derivative(found.of, Entry(of, (column, row)))
            return Times(half, Plus((found, across)))
    raise IllTyped("a derivative by a row", "a convention for symmetric matrices")
