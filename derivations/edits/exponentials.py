"""Exponentials and logarithms forgotten, or put where there was none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from derivations.edits.operator import Change, Surroundings
from derivations.edits.zipper import Position
from derivations.language.functions import EXP, LOG, Elementary
from derivations.language.tree import Apply, Call, InnerProduct, Reference, Sum, Term
from derivations.language.unfit import factors, multiplied, product


def exp_dropped(position: Position, around: Surroundings) -> Iterator[Change]:
    """``\\exp(x)`` as ``x``."""
    yield from _dropped(EXP, position, around)


def log_dropped(position: Position, around: Surroundings) -> Iterator[Change]:
    """``\\log(x)`` as ``x``."""
    yield from _dropped(LOG, position, around)


def _dropped(function: Elementary, position: Position, around: Surroundings) -> Iterator[Change]:
    term = position.term
    if isinstance(term, Apply) and term.function is function:
        yield f"{function.name} dropped from {around.latex(term)}", term.of


def exp_around(position: Position, around: Surroundings) -> Iterator[Change]:
    """An exponential around a score, a summand or a number that has none."""
    term = position.term
    match term:
        case Sum() if not term.body.shape and not any(map(_is_exp, factors(term.body))):
            yield f"exp around {around.latex(term.body)}", replace(term, body=Apply(EXP, term.body))
        case Reference() if not term.shape and not position.in_sign:
            yield f"exp around {around.latex(term)}", Apply(EXP, term)
        case InnerProduct() if not isinstance(position.parent, Apply):
            yield f"exp around {around.latex(term)}", Apply(EXP, position.held)
    if position.is_product:
        yield from _around_score(position, around)


def _around_score(position: Position, around: Surroundings) -> Iterator[Change]:
    every = factors(position.term)
    for n, (first, second) in enumerate(pairwise(every)):
        score = product(first, second)
        turned = len(first.shape) == 2 and first.shape[0] is None
        if not turned or score.shape:
            continue
        if len(every) == 2 and isinstance(position.parent, Apply):
            continue
        yield (
            f"exp around {around.latex(score)}",
            multiplied((*every[:n], Apply(EXP, score), *every[n + 2 :])),
        )


def _is_exp(term: Term) -> bool:
    return isinstance(term, Apply) and term.function is EXP


def log_around(position: Position, around: Surroundings) -> Iterator[Change]:
    """``\\sigma(x)`` as ``\\log(\\sigma(x))``."""
    term = position.term
    parent = position.parent
    inside = isinstance(parent, Apply) and parent.function is LOG
    if isinstance(term, Call) and around.takes_no_vector(term) and not inside:
        yield f"log around {around.latex(term)}", Apply(LOG, position.held)
