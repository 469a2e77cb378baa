"""Consistency of a file: what only all of its lines together tell.

Letters that are meant to be different, vectors that are rows or columns, and lines that are
definitions and show nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from derivations.claim import Claim, Consequence, Unequal
from derivations.language.index_form import letter
from derivations.language.traversal import free_in, parts, same, with_members, with_variables
from derivations.language.tree import (
    Call,
    IndexVariable,
    InnerProduct,
    MatrixProduct,
    Reference,
    Term,
    Variable,
    vector_axis,
)
from derivations.reader.equation import AS_ROWS, Line, NotRead, has_columns
from derivations.reader.source import Question, Unreadable

# A line that only says what its left side was defined to be: it is true, and shows nothing.
#
# Where declarations are taken from the displays, a slip of the text becomes the definition. Such a
# line is marked, so that nobody takes it for checked.


def marked(line: Line | NotRead) -> Line | NotRead:
    """The line with a note, where it is its own definition."""
    if not isinstance(line, Line):
        return line
    left, right = line.claim.left, line.claim.right
    if not isinstance(left, Call) or not isinstance(right, Term) or not _says(left, right):
        return line
    note = (
        f"this is the definition of {left.definition.name} itself: nothing shows that it is right"
    )
    return replace(line, notes=(*line.notes, note))


def _says(left: Call, right: Term) -> bool:
    """Whether the right side is what the call stands for."""
    variables: dict[Variable, Variable] = {}
    indices: dict[IndexVariable, IndexVariable] = {}
    for parameter, argument in zip(left.definition.parameters, left.arguments, strict=True):
        if isinstance(parameter, IndexVariable) and isinstance(argument, IndexVariable):
            indices[parameter] = argument
        elif isinstance(parameter, Variable) and isinstance(argument, Reference):
            variables[parameter] = argument.variable
        else:
            return False
    return same(with_variables(left.definition.body, variables), right, indices)


# Two letters that are meant to be different: where the same line of one letter stands as well.
#
# Who writes the derivative of s_i by x_i in one line and that of s_i by x_j in another one thinks
# of i and j as different in the second. Nothing else says so there: such a line is judged under
# that, with a note, and can be proved, not refuted.


def letters_distinct(entries: list[Line | NotRead]) -> list[Line | NotRead]:
    """The lines, those of two letters under the condition that they are different."""
    return [_with_distinct(each, entries) if isinstance(each, Line) else each for each in entries]


def _with_distinct(line: Line, entries: list[Line | NotRead]) -> Line:
    others = [each for each in entries if isinstance(each, Line) and each.part == line.part]
    from_start = line.from_start and _distinct(line.from_start, line.doubt_from_start, others)
    return replace(line, claim=_distinct(line.claim, line.doubt, others), from_start=from_start)


def _distinct(claim: Claim, doubt: Unreadable | None, others: list[Line]) -> Claim:
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
    return isinstance(side, Term) and any(
        same(side, each) for each in _with_one_letter(left, letters)
    )


def _with_one_letter(left: Term, letters: list[IndexVariable]) -> Iterator[Term]:
    first, second = letters
    yield with_members(left, {second: first})
    yield with_members(left, {first: second})


# Whether vectors are rows or columns: one or the other in all lines that say something of them.
#
# A line that fits only where vectors are rows is read so, with a note, where a line of another
# chain fits only so as well: one alone may have a transpose in the wrong place. Where another
# line fits only where one of these vectors is a column, the text contradicts that: the line is
# not read, as nobody knows what it means. Lines that fit either way may be meant as the others
# are: they can be proved as they were read, and not refuted.


def rows_or_columns(entries: list[Line | NotRead]) -> list[Line | NotRead]:
    """The lines, where they agree on what vectors are; else with what is not known."""
    lines = [each for each in entries if isinstance(each, Line)]
    rows = [each for each in lines if each.is_of_rows]
    plain = [each for each in lines if each.equality.reading is None]
    columns = [each for each in plain if any(map(has_columns, each.claim.well_typed))]
    fixed = [each for each in columns if not each.equality.fits_as_rows()]
    multiply = [each for each in plain if any(map(_multiplies, each.claim.well_typed))]
    open_ = [each for each in multiply if each not in fixed]
    chains = _chain_numbers(entries)
    found: list[Line | NotRead] = []
    for entry in entries:
        if isinstance(entry, Line) and entry in rows:
            others = [each for each in rows if chains[each.id] != chains[entry.id]]
            against = [each for each in fixed if _common_vectors(each, entry)]
            alone = not any(_common_vectors(each, entry) for each in others)
            found.append(_not_read_alone(entry) if alone else _contradicted(entry, against))
        elif isinstance(entry, Line) and entry in open_:
            found.append(
                _asked_for_rows(entry, [each for each in rows if _common_vectors(each, entry)])
            )
        else:
            found.append(entry)
    return found


def _contradicted(line: Line, others: list[Line]) -> Line | NotRead:
    """A line that fits only where vectors are rows, beside those where they are columns."""
    if not others:
        return line
    what = f"this fits only where vectors are rows, and {others[0].id} where they are columns"
    return _not_read(line, what)


def _not_read_alone(line: Line) -> NotRead:
    """The only line that fits only where vectors are rows."""
    return _not_read(line, AS_ROWS.what)


def _not_read(line: Line, what: str) -> NotRead:
    problem = Unreadable(line.place, line.latex[:40], what, AS_ROWS.advice)
    unread = replace(line, from_start=None, doubt_from_start=None).not_read(problem)
    return replace(
        unread,
        ends_chain=line.ends_chain,
        expected=line.expected,
        correction=line.correction,
        words=line.words,
    )


def _chain_numbers(entries: list[Line | NotRead]) -> dict[str, int]:
    """The number of its chain for each line."""
    found, number = {}, 0
    for entry in entries:
        found[entry.id] = number
        number += entry.ends_chain
    return found


def _asked_for_rows(line: Line, others: list[Line]) -> Line:
    """A line that fits either way, beside those where vectors are rows."""
    if not others or line.doubt is not None:
        return line
    what = f"{others[0].id} fits only where vectors are rows: are they here?"
    question = Question(line.place, line.latex[:40], what, AS_ROWS.advice)
    return replace(line, doubt=question, doubt_from_start=line.doubt_from_start or question)


def _multiplies(term: Term) -> bool:
    """Whether a vector is a factor of a matrix product, or of an inner one."""
    if isinstance(term, MatrixProduct | InnerProduct) and any(
        vector_axis(each.shape) is not None for each in (term.left, term.right)
    ):
        return True
    inside = (term.definition.body,) if isinstance(term, Call) else ()
    return any(map(_multiplies, (*inside, *parts(term))))


def _common_vectors(one: Line, other: Line) -> set[Variable]:
    """The vectors that both lines are of."""
    return _free_vectors(one.claim.well_typed) & _free_vectors(other.claim.well_typed)


def _free_vectors(terms: Iterable[Term]) -> set[Variable]:
    free = free_in(*terms).variables
    return {each for each in free if vector_axis(each.shape) is not None}
