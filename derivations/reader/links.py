"""A chain of equalities as lines: one for each sign, with what is said under the chain."""

from __future__ import annotations

from dataclasses import dataclass, replace

from lark import Token

from derivations.claim import Claim, Condition
from derivations.reader.chains import Side, sides, split
from derivations.reader.document import Chain
from derivations.reader.elaborate import Here
from derivations.reader.elaborate.condition import alone, conditions
from derivations.reader.equality import Equality, claimed, claimed_with_notes, side_conditions
from derivations.reader.formula import bracketed, listing
from derivations.reader.line import Line
from derivations.reader.meaning import Scope
from derivations.reader.parse import parsed
from derivations.reader.problem import Unreadable
from derivations.reader.remarks import Remark, remark
from derivations.reader.source import Span
from derivations.reader.syntax import Node
from derivations.reader.vocabulary import CONDITION_WORDS


@dataclass(frozen=True)
class _Printed:
    """A side as a tree, with the conditions and notes of the words behind it."""

    side: Side
    node: Node
    conditions: tuple[Condition, ...]
    notes: tuple[str, ...]


def lines_of(chain: Chain, part: str, before: int, scope: Scope) -> list[Line]:
    """The lines of a chain; ``before`` lines of the part come before it."""
    here = Here(scope)
    remarks = list(map(remark, chain.remarks))
    assumed = scope.conditions
    for each in remarks:
        if each.condition is not None:
            assumed += conditions(alone(listing(each.condition)), here)
    printed = [_printed(side, scope) for side in sides(chain.displays)]
    found = [
        _line(f"{part}.{before + end}", part, printed[: end + 1], scope, assumed)
        for end in range(1, len(printed))
    ]
    found = [
        replace(line, notes=(*here.notes, *line.notes), ends_chain=line is found[-1])
        for line in found
    ]
    for each in remarks:
        if each.line:
            at = _named(each, found)
            found[at] = _annotated(found[at], each)
    return found


def _line(
    name: str, part: str, printed: list[_Printed], scope: Scope, assumed: tuple[Condition, ...]
) -> Line:
    left, right = printed[-2:]
    place = right.side.place
    mine = (*assumed, *left.conditions, *right.conditions)
    equality = Equality(left.node, right.node, scope, tuple(dict.fromkeys(mine)))
    latex = f"{left.side.latex} = {right.side.latex}"
    claim, notes = claimed_with_notes(equality, name, part, f"line {place.line}", latex)
    from_start = None
    if len(printed) > 2:
        between = [c for each in printed for c in each.conditions]
        between += [c for each in printed for c in side_conditions(each.node, scope)]
        whole = Equality(
            printed[0].node, right.node, scope, tuple(dict.fromkeys((*assumed, *between)))
        )
        from_start = claimed(whole, f"{name} from the start", part, claim.place)
    everything = tuple(dict.fromkeys((*left.notes, *right.notes, *notes)))
    return Line(
        name,
        part,
        place,
        left.side.latex,
        right.side.latex,
        equality,
        claim,
        from_start,
        notes=everything,
    )


def _printed(side: Side, scope: Scope) -> _Printed:
    here = Here(scope)
    node = parsed(side.tokens, side.place)
    assumed: tuple[Condition, ...] = ()
    for words in side.remarks:
        assumed += _said(words, side.span, here)
    return _Printed(side, node, assumed, tuple(here.notes))


def _said(words: list[Token], span: Span, here: Here) -> tuple[Condition, ...]:
    """A remark in words: a condition where it is one, else a note that it is not read."""
    first, *rest = words
    if first.value.split(" ")[0].lower() in CONDITION_WORDS and rest:
        try:
            return conditions(alone(bracketed(rest, span)), here)
        except Unreadable:
            pass
    here.note(f"the remark {first.value!r} is not read")
    return ()


def _named(said: Remark, lines: list[Line]) -> int:
    """Which line a remark is about."""
    ids = [line.id for line in lines]
    if said.line not in ids:
        what = "no line above has this id"
        raise Unreadable(said.span.place, said.line, what, f"above are {', '.join(ids)}")
    return ids.index(said.line)


def _annotated(line: Line, said: Remark) -> Line:
    line = replace(line, expected=said.expected or line.expected)
    if said.correction is None:
        return line
    return replace(line, correction=_corrected(line, said.correction))


def _corrected(line: Line, span: Span) -> Claim:
    """A correction as a claim: an equality, or a right side for the line's left one."""
    printed = [_printed(side, line.equality.scope) for side in split(span)]
    if len(printed) > 2:
        raise Unreadable(span.place, span.text[:40], "a correction is one equality")
    equality = replace(line.equality, right=printed[-1].node)
    latex = printed[-1].side.latex
    left = line.left
    if len(printed) == 2:
        equality = replace(equality, left=printed[0].node)
        left = printed[0].side.latex
    name = f"{line.id} corrected"
    return claimed(equality, name, line.part, f"line {span.place.line}", f"{left} = {latex}")
