"""Sum signs dropped, and sums with other bounds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from derivations.edits.operator import Change, Surroundings
from derivations.edits.zipper import Position, positions
from derivations.language.traversal import members
from derivations.language.tree import Negative, Number, Offset, Plus, Sum, Term
from derivations.language.unfit import relettered
from derivations.reader.elaborate.indexing import size_term

ONE = Number(Fraction(1))


def dropped(position: Position, around: Surroundings) -> Iterator[Change]:
    """``\\sum_w a`` as ``a``, where w is a letter that was declared."""
    term = position.term
    if not isinstance(term, Sum) or is_shifted(term):
        return
    letter = around.scope.letters.get(term.over.latex)
    if letter is not None and letter.space == term.over.space:
        yield f"the sum over {letter.latex} dropped", relettered(term.body, {term.over: letter})


def bound_shifted(position: Position, around: Surroundings) -> Iterator[Change]:
    """``k = 1`` as ``k = 2``, ``K`` as ``K - 1``, below or above a sum sign."""
    term = position.term
    if not isinstance(term, Sum) or term.over.space.labels or is_shifted(term):
        return
    space = term.over.space
    lower = term.lower if term.lower is not None else size_term(space.lower)
    upper = term.upper if term.upper is not None else size_term(space.upper)
    for words, changed in _shifts(lower, size_term(space.lower), inwards=1, around=around):
        yield f"{words} below the sum", replace(term, lower=changed, upper=upper)
    for words, changed in _shifts(upper, size_term(space.upper), inwards=-1, around=around):
        yield f"{words} above the sum", replace(term, lower=lower, upper=changed)


def _shifts(
    given: Term, end: Term, *, inwards: int, around: Surroundings
) -> Iterator[tuple[str, Term]]:
    """A bound one further in; one further out where it is not the end of the set."""
    for step in (inwards, -inwards) if given != end else (inwards,):
        if isinstance(given, Number):
            changed: Term = Number(given.value + step)
        else:
            changed = Plus((given, ONE if step > 0 else Negative(ONE)))
        yield f"{around.latex(changed)} for {around.latex(given)}", changed


def is_shifted(term: Sum) -> bool:
    """Whether a member is counted from the letter of a sum, as in ``x_{i + 1}``."""
    return any(
        isinstance(member, Offset) and member.of is term.over
        for position in positions(term.body)
        for member in members(position.term)
    )
