"""Whether vectors are rows or columns: one or the other in all lines that say something of them.

A line that fits only where vectors are rows is read so, with a note, where a line of another chain
fits only so as well: one alone may have a transpose in the wrong place. Where another line fits
only where one of these vectors is a column, the text contradicts that: the line is not read, as
nobody knows what it means. Lines that fit either way may be meant as the others are: they can be
proved as they were read, and not refuted.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from derivations.language.traversal import free_in, parts
from derivations.language.tree import (
    Call,
    InnerProduct,
    MatrixProduct,
    Term,
    Variable,
    vector_axis,
)
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
    multiply = [each for each in plain if any(map(_multiplies, _sides(each)))]
    open_ = [each for each in multiply if each not in fixed]
    chains = _chains(entries)
    found: list[Line | NotRead] = []
    for entry in entries:
        if isinstance(entry, Line) and entry in rows:
            others = [each for each in rows if chains[each.id] != chains[entry.id]]
            against = [each for each in fixed if _vectors(each, entry)]
            alone = not any(_vectors(each, entry) for each in others)
            found.append(_asked_alone(entry) if alone else _against(entry, against))
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
    return _not_read(line, what)


def _asked_alone(line: Line) -> NotRead:
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


def _chains(entries: list[Line | NotRead]) -> dict[str, int]:
    """The number of its chain for each line."""
    found, number = {}, 0
    for entry in entries:
        found[entry.id] = number
        number += entry.ends_chain
    return found


def _asked(line: Line, others: list[Line]) -> Line:
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


def _vectors(one: Line, other: Line) -> set[Variable]:
    """The vectors that both lines are of."""
    return _found(_sides(one)) & _found(_sides(other))


def _found(terms: Iterable[Term]) -> set[Variable]:
    free = free_in(*terms).variables
    return {each for each in free if vector_axis(each.shape) is not None}


def _sides(line: Line) -> list[Term]:
    return [each for each in (line.claim.left, line.claim.right) if isinstance(each, Term)]
