"""Elementary functions forgotten or taken for another one, and norms for their squares."""

from __future__ import annotations

from collections.abc import Iterator

from derivations.edits.operator import Change, Surroundings
from derivations.edits.zipper import Position
from derivations.language.functions import EVERY, EXP, LOG, SQRT
from derivations.language.tree import Apply, Extremum, InnerProduct
from derivations.language.unfit import made

_NAMED = {row.name: row for row in EVERY}


def dropped(position: Position, around: Surroundings) -> Iterator[Change]:
    """``\\tanh(x)`` as ``x``; exp and log have kinds of their own."""
    term = position.term
    if isinstance(term, Apply) and term.function not in (EXP, LOG):
        yield f"{term.function.name} dropped from {around.latex(term)}", term.of


def exchanged(position: Position, around: Surroundings) -> Iterator[Change]:
    """``\\sinh(x)`` as ``\\cosh(x)``, ``\\max`` as ``\\min``."""
    term = position.term
    match term:
        case Apply(function, of):
            for name in function.mistaken:
                yield f"{name} for {around.latex(term)}", Apply(_NAMED[name], of)
        case Extremum(parts, least):
            yield (
                f"{'max' if least else 'min'} for {around.latex(term)}",
                made(lambda: Extremum(parts, not least)),
            )


def root_put(position: Position, around: Surroundings) -> Iterator[Change]:
    """The square of a norm as the norm."""
    term, parent = position.term, position.parent
    inside = isinstance(parent, Apply) and parent.function is SQRT
    if isinstance(term, InnerProduct) and term.left == term.right and not inside:
        yield f"the norm for {around.latex(term)}", Apply(SQRT, term)
