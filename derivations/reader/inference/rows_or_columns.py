"""Whether vectors are rows or columns: one or the other in all lines that say something of them.

A line that fits only where vectors are rows is read so, with a note. Where another line fits only
where one of these vectors is a column, the text contradicts that: the line is not read, as nobody
knows what it means. Lines that fit either way may be meant as the others are: they can be proved
as they were read, and not refuted.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from derivations.language.free import free_in
from derivations.language.tree import Term, Variable, vector_axis
from derivations.reader.equality import AS_ROWS, has_columns
from derivations.reader.line import Line, NotRead
from derivations.reader.problem import Question, Unreadable


def rows_or_columns(entries: list[Line | NotRead]) -> list[Line | NotRead]:
    """The lines, where they agree on what vectors are; else with what is not known."""
    lines = [each for each in entries if isinstance(each, Line)]
    rows = [each for each in lines if each.equality.reading is AS_ROWS]
    if not rows:
        return entries
    plain = [each for each in lines if each.equality.reading is None]
    columns = [each for each in plain if any(map(has_columns, _sides(each)))]
    fixed = [each for each in columns if not each.equality.fits_as_rows()]
    open_ = [each for each in columns if each not in fixed]
    found: list[Line | NotRead] = []
    for entry in entries:
        if isinstance(entry, Line) and entry in rows:
            found.append(_against(entry, [each for each in fixed if _vectors(each, entry)]))
        elif isinstance(entry, Line) and entry in open_:
            found.append(_asked(entry, [each for each in rows if _vectors(each, entry)]))
        else:
            found.append(entry)
    return found


def _against(line: Line, others: list[Line]) -> Line | NotRead:
    """A line that fits only where vectors are rows, beside those where they are columns."""
    if not others:
        return line
    what = f"this fits only where vectors are rows, and {others[0].id} where they are columns"
    problem = Unreadable(line.place, line.latex[:40], what, AS_ROWS.advice)
    unread = replace(line, from_start=None, doubt_from_start=None).not_read(problem)
    return replace(
        unread,
        ends_chain=line.ends_chain,
        expected=line.expected,
        correction=line.correction,
        words=line.words,
    )


def _asked(line: Line, others: list[Line]) -> Line:
    """A line that fits either way, beside those where vectors are rows."""
    if not others or line.doubt is not None:
        return line
    what = f"{others[0].id} fits only where vectors are rows: are they here?"
    question = Question(line.place, line.latex[:40], what, AS_ROWS.advice)
    return replace(line, doubt=question, doubt_from_start=line.doubt_from_start or question)


def _vectors(one: Line, other: Line) -> set[Variable]:
    """The vectors that both lines are of."""
    return _found(_sides(one)) & _found(_sides(other))


def _found(terms: Iterable[Term]) -> set[Variable]:
    free = free_in(*terms).variables
    return {each for each in free if vector_axis(each.shape) is not None}


def _sides(line: Line) -> list[Term]:
    return [each for each in (line.claim.left, line.claim.right) if isinstance(each, Term)]
