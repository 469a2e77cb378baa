"""Transposes put and dropped, at one factor or all through a side."""

from __future__ import annotations

from collections.abc import Iterator

from derivations.edits.operator import Change, Surroundings
from derivations.edits.zipper import Position
from derivations.language.tree import (
    Constant,
    Derivative,
    MatrixProduct,
    Negative,
    Plus,
    Reference,
    Term,
    Times,
    Transpose,
    Zeros,
)
from derivations.language.unfit import bare, factors, literal, multiplied, plus


def dropped(position: Position, around: Surroundings) -> Iterator[Change]:
    """``a^T`` as ``a``."""
    term = position.term
    if isinstance(term, Transpose) and not _is_plain(term, around):
        yield f"the transpose dropped from {around.latex(term)}", term.of


def added(position: Position, around: Surroundings) -> Iterator[Change]:
    """``a`` as ``a^T``, for the names of vectors and matrices, and for brackets."""
    term = position.term
    if not position.held.shape or position.in_sign or position.in_name:
        return
    if isinstance(position.parent, Transpose):
        return
    in_brackets = isinstance(position.parent, Times | MatrixProduct) and isinstance(term, Plus)
    if in_brackets or around.is_named(term):
        yield f"{around.latex(term)} transposed", Transpose(position.held)


def whole_side(position: Position, around: Surroundings) -> Iterator[Change]:
    """Every product of a side transposed: ``y^T U^T`` as ``U y``."""
    if position.parent is None:
        yield "the whole side transposed", _turned(position.held, around)


def _turned(term: Term, around: Surroundings) -> Term:
    node = bare(term)
    match node:
        case Plus(parts):
            return plus([_turned(part, around) for part in parts])
        case Negative(of):
            return Negative(_turned(of, around))
        case Times() | MatrixProduct() if any(each.shape for each in factors(node)):
            return multiplied([_turned(each, around) for each in reversed(factors(node))])
        case Transpose(of) if not _is_plain(node, around):
            return of
        case Zeros() | Constant():
            return literal(node)
    return Transpose(term) if term.shape else term


def _is_plain(term: Transpose, around: Surroundings) -> bool:
    """Whether it is written without a transpose: a matrix of columns, or a derivative by one."""
    by = term.of.by if isinstance(term.of, Derivative) else None
    turned = isinstance(by, Reference) and by.variable.transposed
    return turned or around.is_named(term)
