"""Two letters that are meant to be different: where the same line of one letter stands as well.

Who writes the derivative of s_i by x_i in one line and that of s_i by x_j in another one thinks of
i and j as different in the second. Nothing else says so there: such a line is judged under that,
with a note, and can be proved, not refuted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from derivations.claim import Claim, Consequence, Unequal
from derivations.language.index_form import letter
from derivations.language.traversal import free_in, same, with_members
from derivations.language.tree import IndexVariable, Term
from derivations.reader.line import Line, NotRead
from derivations.reader.problem import Question, Unreadable


def letters_apart(entries: list[Line | NotRead]) -> list[Line | NotRead]:
    """The lines, those of two letters under the condition that they are different."""
    return [_apart(each, entries) if isinstance(each, Line) else each for each in entries]


def _apart(line: Line, entries: list[Line | NotRead]) -> Line:
    others = [each for each in entries if isinstance(each, Line) and each.part == line.part]
    from_start = line.from_start and _under(line.from_start, line.doubt_from_start, others)
    return replace(line, claim=_under(line.claim, line.doubt, others), from_start=from_start)


def _under(claim: Claim, doubt: Unreadable | None, others: list[Line]) -> Claim:
    if not isinstance(doubt, Question) or len(doubt.apart) != 2 or claim.under is not None:
        return claim
    left = claim.left
    if not isinstance(left, Term) or claim.misfit is not None:
        return claim
    letters = [each for each in free_in(left).indices if each.name in doubt.apart]
    if len(letters) != 2:
        return claim
    beside = next((each for each in others if _is_of_one(each.claim.left, left, letters)), None)
    if beside is None:
        return claim
    apart = Unequal(*map(letter, letters))
    assumed_at = f"{beside.id}, a line of its own for the case that they are one"
    return replace(claim, under=Consequence(assumed=(apart,), assumed_at=assumed_at))


def _is_of_one(side: object, left: Term, letters: list[IndexVariable]) -> bool:
    """Whether a side is this one with one letter for both."""
    return isinstance(side, Term) and any(same(side, each) for each in _merged(left, letters))


def _merged(left: Term, letters: list[IndexVariable]) -> Iterator[Term]:
    first, second = letters
    yield with_members(left, {second: first})
    yield with_members(left, {first: second})
