"""Factors and terms: dropped, added, exchanged."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from derivations.edits.operator import Change, Surroundings
from derivations.edits.zipper import Position
from derivations.language.tree import Plus, Quotient
from derivations.language.unfit import factors, made, multiplied, plus, product


def dropped(position: Position, around: Surroundings) -> Iterator[Change]:
    """``a b`` as ``a``."""
    if not position.is_product or position.in_sign:
        return
    every = factors(position.term)
    for n, factor in enumerate(every):
        rest = multiplied((*every[:n], *every[n + 1 :]))
        yield f"the factor {around.latex(factor)} dropped", rest


def added(position: Position, around: Surroundings) -> Iterator[Change]:
    """``a`` as ``a b``, for every name ``b`` in the line."""
    if not position.is_term:
        return
    for factor in around.factors(position):
        words = f"the factor {around.latex(factor)} put to {around.latex(position.term)}"
        yield words, product(position.held, factor)


def exchanged(position: Position, around: Surroundings) -> Iterator[Change]:
    """``a b`` as ``b a``, for vectors and matrices; numbers may stand anywhere."""
    if not position.is_product or position.in_sign:
        return
    every = factors(position.term)
    for n, (first, second) in enumerate(pairwise(every)):
        if first.shape and second.shape:
            words = f"{around.latex(first)} and {around.latex(second)} exchanged"
            yield words, multiplied((*every[:n], second, first, *every[n + 2 :]))


def term_dropped(position: Position, around: Surroundings) -> Iterator[Change]:
    """``a - b`` as ``a``."""
    term = position.term
    if not isinstance(term, Plus) or position.in_sign:
        return
    for n, part in enumerate(term.parts):
        yield (
            f"the term {around.latex(part)} dropped",
            plus((*term.parts[:n], *term.parts[n + 1 :])),
        )


def turned_over(position: Position, around: Surroundings) -> Iterator[Change]:
    """``\\frac{a}{b}`` as ``\\frac{b}{a}``."""
    term = position.term
    if isinstance(term, Quotient):
        over, under = term.over, term.under
        yield f"{around.latex(term)} turned over", made(lambda: Quotient(under, over))


def denominator_dropped(position: Position, around: Surroundings) -> Iterator[Change]:
    """``\\frac{a}{b}`` as ``a``."""
    term = position.term
    if isinstance(term, Quotient):
        yield f"the denominator {around.latex(term.under)} dropped", term.over
