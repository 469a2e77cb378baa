"""A chain of equalities as lines: one for each sign, with what is said under the chain.

A side that cannot be read costs the two lines that it stands in, a remark that cannot be read costs
what it says.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from lark import Token

from derivations.claim import Claim, Condition
from derivations.reader.attempts import Attempts
from derivations.reader.chains import Side, sides, split
from derivations.reader.declare.block import Known
from derivations.reader.document import Chain, Display
from derivations.reader.elaborate import Environment
from derivations.reader.elaborate.indexing import alone, conditions, space_named
from derivations.reader.equality import NOTHING, Equality, equated, notes, question
from derivations.reader.equality import Side as Meaning
from derivations.reader.equality import side as meaning
from derivations.reader.formula import bracketed, listing
from derivations.reader.line import Line, NotRead, Printed
from derivations.reader.parse import parsed
from derivations.reader.problem import Unreadable
from derivations.reader.refusal import read_by
from derivations.reader.remarks import Remark, remark
from derivations.reader.source import Span
from derivations.reader.syntax import Node, Relation
from derivations.reader.vocabulary import CONDITION_WORDS, QUANTIFYING_WORDS
from derivations.reader.written import written


@dataclass(frozen=True)
class _Printed:
    """A side as it stands there, and what it means with the words behind it, or why not."""

    side: Side
    meaning: Meaning | Unreadable


@dataclass
class Links:
    """The chains of one file, read one after the other; ``problems`` are those of remarks."""

    attempts: Attempts
    problems: list[Unreadable] = field(default_factory=list)

    def lines_of(self, chain: Chain, part: str, before: int, known: Known) -> list[Line | NotRead]:
        """The lines of a chain; ``before`` lines of the part come before it."""
        return _Chain(self, chain, part, before, known).lines()


class _Chain:
    """One chain."""

    def __init__(self, links: Links, chain: Chain, part: str, before: int, known: Known) -> None:
        self.attempts, self.problems = links.attempts, links.problems
        self.chain, self.part, self.before, self.known = chain, part, before, known
        self.scope = known.scope
        self.assumed = known.scope.conditions
        self.doubt = known.condition
        self.notes: list[str] = list(chain.notes)
        self.printed: list[_Printed] = []
        # of the chain so far
        self.said: list[Condition] = []
        self.doubt_so_far: Unreadable | None = None
        self.broken = False

    def lines(self) -> list[Line | NotRead]:
        """All lines, with what the remarks say of them."""
        found_sides, chain = self._sides(), self.chain
        ids = [
            f"{self.part}.{found_sides[number].name or f'{chain.series}{self.before + number}'}"
            for number in range(1, len(found_sides))
        ]
        remarks = self._remarks(ids)
        self.printed = [self._printed(side) for side in found_sides]
        self.said, self.doubt_so_far = list(self.assumed), self.doubt
        found = [self._line(name, number) for number, name in enumerate(ids, 1)]
        words = self.chain.words
        found = [replace(line, ends_chain=line is found[-1], words=words) for line in found]
        for each in remarks:
            if each.line:
                self._noted(each.span, partial(self._annotate, found, each))
        return found

    def _sides(self) -> list[Side]:
        first = self.chain.displays[0].span.stripped
        try:
            return read_by(
                self.attempts, lambda: sides(self.chain.displays), first.place, first.text
            )
        except Unreadable as problem:
            return sides(Display(display.span, problem) for display in self.chain.displays)

    def _noted(self, span: Span, piece: Callable[[], None]) -> bool:
        """Whether a remark was read; where not, it costs what it says."""
        try:
            read_by(self.attempts, piece, span.place, span.text)
        except Unreadable as problem:
            self.problems.append(problem)
            return False
        return True

    def _remarks(self, ids: Sequence[str]) -> list[Remark]:
        """The remarks that can be read; what may be a condition and cannot is a doubt."""
        found: list[Remark] = []
        for span in self.chain.remarks:
            if not self._noted(span, partial(self._take, span, found)):
                words = span.text.split(maxsplit=1)
                if not words or words[0] not in ids:
                    self.doubt = self.doubt or self.problems[-1]
        return found

    def _take(self, span: Span, found: list[Remark]) -> None:
        """Read a remark; where it is a condition, it holds from here on."""
        said = remark(span)
        if said.condition is not None:
            here = Environment(self.scope)
            content = listing(said.condition)
            self.known.lost.require_none(content.items, self.scope)
            self.assumed += conditions(alone(content), here)
            self.notes += here.notes
        found.append(said)

    def _printed(self, side: Side) -> _Printed:
        if side.problem is not None:
            return _Printed(side, side.problem)
        try:
            found = read_by(self.attempts, lambda: self._meaning(side), side.place, side.latex)
        except Unreadable as problem:
            return _Printed(side, problem)
        return _Printed(side, found)

    def _meaning(self, side: Side) -> Meaning:
        here = Environment(self.scope)
        said: tuple[Condition, ...] = ()
        for words in side.remarks:
            self.known.lost.require_no_token(words)
            said += _said(words, side.span, here)
        node = parsed(side.tokens, side.place)
        self.known.lost.require_none([node], self.scope)
        found = meaning(node, self.scope)
        return replace(
            found, conditions=(*said, *found.conditions), notes=(*here.notes, *found.notes)
        )

    def _line(self, name: str, end: int) -> Line | NotRead:
        left, right = self.printed[end - 1], self.printed[end]
        place = right.side.place
        from_start, doubt_from_start = self._from_start(name, end)
        printed = Printed(
            id=name,
            part=self.part,
            place=place,
            left=left.side.latex,
            right=right.side.latex,
            from_start=from_start,
            doubt=self.doubt,
            doubt_from_start=doubt_from_start,
        )
        if right.side.sign is not None:
            return printed.not_read(right.side.sign)
        for side in (left, right):
            if isinstance(side.meaning, Unreadable):
                return printed.not_read(side.meaning)
        try:
            return read_by(
                self.attempts, lambda: self._read_line(printed, left, right), place, printed.latex
            )
        except Unreadable as problem:
            return printed.not_read(problem)

    def _read_line(self, printed: Printed, left: _Printed, right: _Printed) -> Line:
        assert isinstance(left.meaning, Meaning)
        assert isinstance(right.meaning, Meaning)
        claim = self._claim(printed.id, printed.place.row, left, right, self.assumed)
        loose = (left.meaning.loose, right.meaning.loose)
        equality = Equality(claim.left, claim.right, self.scope, claim.conditions, loose)
        said = (*self.notes, *notes(left.meaning, right.meaning))
        doubt = printed.doubt or question(left.meaning, right.meaning, claim.conditions)
        return replace(printed, doubt=doubt).read(equality, claim, said)

    def _from_start(self, name: str, end: int) -> tuple[Claim | None, Unreadable | None]:
        """The start of the chain equated with a side, and what may be a condition of that.

        None where one of the two cannot be read, or a sign between them is no equality.
        """
        first, right = self.printed[0], self.printed[end]
        if end == 1:
            self._pass(first)
        self._pass(right)
        if end == 1 or self.broken or not (_is_read(first) and _is_read(right)):
            return None, None
        place, title = right.side.place, f"{first.side.latex} = {right.side.latex}"
        given = tuple(dict.fromkeys(self.said))
        whole = (f"{name} from the start", place.row, first, right, given)
        try:
            claim = read_by(self.attempts, lambda: self._claim(*whole), place, title)
        except Unreadable:
            return None, None
        assert isinstance(first.meaning, Meaning)
        assert isinstance(right.meaning, Meaning)
        asked = question(first.meaning, right.meaning, claim.conditions)
        return claim, self.doubt_so_far or asked

    def _pass(self, printed: _Printed) -> None:
        """Go on along the chain, and note what has been said on the way."""
        self.broken = self.broken or printed.side.sign is not None
        if isinstance(printed.meaning, Meaning):
            self.said += printed.meaning.conditions
        elif printed.side.may_have_condition:
            self.doubt_so_far = self.doubt_so_far or printed.meaning

    def _claim(
        self,
        name: str,
        place: str,
        left: _Printed,
        right: _Printed,
        assumed: tuple[Condition, ...],
    ) -> Claim:
        assert isinstance(left.meaning, Meaning)
        assert isinstance(right.meaning, Meaning)
        title = f"{left.side.latex} = {right.side.latex}"
        claim = Claim(name, self.part, place, title, *NOTHING, assumed, self.scope.names)
        return equated(claim, left.meaning, right.meaning)

    def _annotate(self, lines: list[Line | NotRead], said: Remark) -> None:
        """Put what a remark says to the line that it is about."""
        ids = [line.id for line in lines]
        if said.line not in ids:
            what = "no line above has this id"
            raise Unreadable(said.span.place, said.line, what, f"above are {', '.join(ids)}")
        at = ids.index(said.line)
        line = lines[at]
        if (line.expected and said.expected) or (line.correction and said.correction):
            what = f"{line.id} is remarked on before"
            raise Unreadable(said.span.place, said.span.text[:60], what, "keep one of the two")
        correction = line.correction
        if said.correction is not None:
            correction = self._corrected(line, said.correction, self.printed[at])
        lines[at] = replace(line, expected=said.expected or line.expected, correction=correction)

    def _corrected(self, line: Line | NotRead, span: Span, left: _Printed) -> Claim:
        """A correction as a claim: an equality, or a right side for the line's ``left`` one."""
        *before, right = (self._correct_side(side) for side in split(span))
        if len(before) > 1:
            raise Unreadable(span.place, span.text[:40], "a correction is one equality")
        left = before[0] if before else left
        if isinstance(left.meaning, Unreadable):
            what, advice = "the left side could not be read", "write the correction as an equality"
            raise Unreadable(span.place, span.text[:40], what, advice, follows=True)
        given = line.claim.conditions if isinstance(line, Line) else self.assumed
        return self._claim(f"{line.id} corrected", span.place.row, left, right, given)

    def _correct_side(self, side: Side) -> _Printed:
        problem = side.problem or side.sign
        if problem is not None:
            raise problem
        return _Printed(side, self._meaning(side))


def _is_read(printed: _Printed) -> bool:
    return isinstance(printed.meaning, Meaning)


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
