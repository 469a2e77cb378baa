"""A chain of equalities as lines: one for each sign, with what is said under the chain."""

from __future__ import annotations

from dataclasses import dataclass, replace

from lark import Token

from derivations.claim import Claim, Condition
from derivations.reader.chains import Side, sides, split
from derivations.reader.document import Chain
from derivations.reader.elaborate import Environment
from derivations.reader.elaborate.members import alone, conditions, space_named
from derivations.reader.equality import NOTHING, Equality, equated, notes, side
from derivations.reader.equality import Side as Meaning
from derivations.reader.formula import bracketed, listing
from derivations.reader.line import Line
from derivations.reader.parse import parsed
from derivations.reader.problem import Unreadable
from derivations.reader.remarks import Remark, remark
from derivations.reader.scope import Scope
from derivations.reader.source import Span
from derivations.reader.syntax import Node, Relation
from derivations.reader.vocabulary import CONDITION_WORDS, QUANTIFYING_WORDS
from derivations.reader.written import written


@dataclass(frozen=True)
class _Printed:
    """A side as it stands there, and what it means with the words behind it."""

    side: Side
    meaning: Meaning


def lines_of(chain: Chain, part: str, before: int, scope: Scope) -> list[Line]:
    """The lines of a chain; ``before`` lines of the part come before it.

    A line is numbered within its part, or called by its label.
    """
    here = Environment(scope)
    remarks = list(map(remark, chain.remarks))
    assumed = scope.conditions
    for each in remarks:
        if each.condition is not None:
            assumed += conditions(alone(listing(each.condition)), here)
    printed = [_printed(each, scope) for each in sides(chain.displays)]
    found = [
        _line(
            f"{part}.{printed[end].side.name or before + end}",
            part,
            printed[: end + 1],
            scope,
            assumed,
        )
        for end in range(1, len(printed))
    ]
    found = [
        replace(
            line,
            notes=(*here.notes, *line.notes),
            ends_chain=line is found[-1],
            words=chain.words,
        )
        for line in found
    ]
    for each in remarks:
        if each.line:
            at = _named(each, found)
            found[at] = _annotated(found[at], each, printed[at])
    return found


def _line(
    name: str, part: str, printed: list[_Printed], scope: Scope, assumed: tuple[Condition, ...]
) -> Line:
    first, (left, right) = printed[0], printed[-2:]
    place = right.side.place
    claim = Claim(
        name,
        part,
        f"line {place.line}",
        f"{left.side.latex} = {right.side.latex}",
        *NOTHING,
        assumed,
        scope.names,
    )
    from_start = None
    if len(printed) > 2:
        between = [condition for each in printed for condition in each.meaning.conditions]
        whole = replace(
            claim,
            id=f"{name} from the start",
            title=f"{first.side.latex} = {right.side.latex}",
            conditions=tuple(dict.fromkeys((*assumed, *between))),
        )
        from_start = equated(whole, first.meaning, right.meaning)
    claim = equated(claim, left.meaning, right.meaning)
    loose = (left.meaning.loose, right.meaning.loose)
    equality = Equality(claim.left, claim.right, scope, claim.conditions, loose)
    return Line(
        name,
        part,
        place,
        left.side.latex,
        right.side.latex,
        equality,
        claim,
        from_start,
        notes=notes(left.meaning, right.meaning),
    )


def _printed(printed: Side, scope: Scope) -> _Printed:
    here = Environment(scope)
    said: tuple[Condition, ...] = ()
    for words in printed.remarks:
        said += _said(words, printed.span, here)
    found = side(parsed(printed.tokens, printed.place), scope)
    everything = replace(
        found, conditions=(*said, *found.conditions), notes=(*here.notes, *found.notes)
    )
    return _Printed(printed, everything)


def _said(words: list[Token], span: Span, here: Environment) -> tuple[Condition, ...]:
    """A remark in words: a condition where it begins as one, else a note that it is not read."""
    first, *rest = words
    known = CONDITION_WORDS | QUANTIFYING_WORDS
    if not rest or not set(first.value.lower().split()) <= known:
        here.note(f"the remark {first.value!r} is not read")
        return ()
    content = bracketed(rest, span)
    if all(_says_nothing(item, here) for item in content.items):
        return ()
    try:
        return conditions(alone(content), here)
    except Unreadable as problem:
        advice = "conditions are like w \\ne o; what a letter means is declared in a ```given block"
        raise Unreadable(problem.place, problem.token, problem.what, advice) from None


def _says_nothing(item: Node, here: Environment) -> bool:
    """Whether ``for all w``, or ``for w \\in Vocab``, only says again what w was declared as."""
    letter = item.parts[0] if isinstance(item, Relation) else item
    index = here.scope.letter(written(letter))
    if index is None or not isinstance(item, Relation):
        return index is not None
    return item.signs == (r"\in",) and space_named(item.parts[1], here) == index.space


def _named(said: Remark, lines: list[Line]) -> int:
    """Which line a remark is about."""
    ids = [line.id for line in lines]
    if said.line not in ids:
        what = "no line above has this id"
        raise Unreadable(said.span.place, said.line, what, f"above are {', '.join(ids)}")
    return ids.index(said.line)


def _annotated(line: Line, said: Remark, left: _Printed) -> Line:
    if (line.expected and said.expected) or (line.correction and said.correction):
        what = f"{line.id} is remarked on before"
        raise Unreadable(said.span.place, said.span.text[:60], what, "keep one of the two")
    line = replace(line, expected=said.expected or line.expected)
    if said.correction is None:
        return line
    return replace(line, correction=_corrected(line, said.correction, left))


def _corrected(line: Line, span: Span, left: _Printed) -> Claim:
    """A correction as a claim: an equality, or a right side for the line's ``left`` one."""
    scope = line.equality.scope
    *before, right = (_printed(each, scope) for each in split(span))
    if len(before) > 1:
        raise Unreadable(span.place, span.text[:40], "a correction is one equality")
    left = before[0] if before else left
    claim = replace(
        line.claim,
        id=f"{line.id} corrected",
        place=f"line {span.place.line}",
        title=f"{left.side.latex} = {right.side.latex}",
    )
    return equated(claim, left.meaning, right.meaning)
