"""What a sum leaves out: restrictions dropped, added and negated."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from derivations.edits.operator import Change, Surroundings
from derivations.edits.summations import is_shifted
from derivations.edits.zipper import Position
from derivations.language.tree import (
    Comparison,
    Indicator,
    ListEntry,
    Member,
    Numbered,
    Ranged,
    Sum,
)
from derivations.reader.unparser import member_latex


def negated(position: Position, around: Surroundings) -> Iterator[Change]:
    """``=`` for ``\\ne``, and the other way, in restrictions and indicators."""
    term = position.term
    match term:
        case Indicator(comparisons):
            for words, changed in _negated(comparisons, around):
                yield words, replace(term, comparisons=changed)
        case Ranged(where=comparisons):
            for words, changed in _negated(comparisons, around):
                yield words, replace(term, where=changed)


def _negated(
    comparisons: tuple[Comparison, ...], around: Surroundings
) -> Iterator[tuple[str, tuple[Comparison, ...]]]:
    for n, each in enumerate(comparisons):
        turned = replace(each, negated=not each.negated)
        words = f"{_said(turned, around)} for {_said(each, around)}"
        yield words, (*comparisons[:n], turned, *comparisons[n + 1 :])


def _said(comparison: Comparison, around: Surroundings) -> str:
    left, right = (member_latex(each, around.scope) for each in (comparison.left, comparison.right))
    sign = r"\ne" if comparison.negated else "="
    return f"{left} {sign} {right}"


def dropped(position: Position, around: Surroundings) -> Iterator[Change]:
    """``\\sum_{w \\ne o}`` as ``\\sum_w``."""
    term = position.term
    for n, each in enumerate(term.where if isinstance(term, Ranged) else ()):
        assert isinstance(term, Ranged)
        words = f"{_said(each, around)} dropped"
        yield words, replace(term, where=(*term.where[:n], *term.where[n + 1 :]))


def added(position: Position, around: Surroundings) -> Iterator[Change]:
    """``\\sum_w`` without the word o, and a window without its center."""
    term = position.term
    if not isinstance(term, Sum):
        return
    space = term.over.space
    letters = position.letters(around.scope)
    others: list[Member] = [
        each for name, each in letters.items() if each.space == space and name != term.over.latex
    ]
    for other in [Numbered(0)] if space.symmetric else others:
        left_out = Comparison(term.over, other, negated=True)
        if left_out not in term.where:
            changed = replace(term, where=(*term.where, left_out))
            yield f"{_said(left_out, around)} put below the sum", changed


def by_words(position: Position, around: Surroundings) -> Iterator[Change]:
    """A range of places as a condition on words: ``\\sum_{j = l}^K`` as those with another word."""
    term = position.term
    words = around.scope.stand_ins.get(term.over.space) if isinstance(term, Sum) else None
    if not isinstance(term, Sum) or words is None or is_shifted(term):
        return
    for name, letter in position.letters(around.scope).items():
        if letter.space != term.over.space or name == term.over.latex:
            continue
        for different in (False, True):
            one, other = ListEntry(words, term.over), ListEntry(words, letter)
            where = (Comparison(one, other, different),)
            yield (
                f"{_said(where[0], around)} for the range of {term.over.latex}",
                replace(term, lower=None, upper=None, where=where),
            )
