"""Chains of equalities as lines, a claim for each sign; incremental reading of a file.

A chain means what it does by its own text and place, what is known where it stands, and what the
text beside the displays says; a block of declarations by its text, place and what is known. All of
that is the key here: two things known are the same if every name stands for the same object, which
is so where what declared it was itself kept. Whatever differs is read anew, and so is everything
that depends on it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Generic, TypeVar

from lark import Token

from derivations.claim import Claim, Condition
from derivations.language.traversal import free_in
from derivations.language.tree import Misfit, Term
from derivations.reader.declare.block import Known
from derivations.reader.declare.introduction import SIDES, Beside
from derivations.reader.declare.recurrences import (
    Trees,
    any_values,
    at_first_members,
    by_induction,
    entries_apart,
    in_steps,
    within,
)
from derivations.reader.display import Side, Statement, split, statements
from derivations.reader.elaborate import Environment
from derivations.reader.elaborate.derivatives import varied_along
from derivations.reader.elaborate.environment import UNKNOWN, read_by
from derivations.reader.elaborate.indexing import NO_MEMBER, alone, conditions
from derivations.reader.elaborate.operators import over_pairs
from derivations.reader.equal_up_to_constant import Apart, apart
from derivations.reader.equation import (
    NOTHING,
    Again,
    Equality,
    Line,
    Made,
    NotRead,
    Printed,
    Standing,
    Stated,
    Supposal,
    assumed_of_inverses,
    elaborated,
    equated,
    fits_as_rows,
    meant,
    notes,
    question,
    says_step,
    says_what_is,
)
from derivations.reader.equation import Side as Meaning
from derivations.reader.premises import (
    SIGNS,
    announces_definition,
    conditioned,
    gives_reason,
    said_by,
    stated,
)
from derivations.reader.references import (
    Elsewhere,
    Remembered,
    Suppositions,
    doubt_about,
    ranges,
    recurring,
    said_ahead,
    with_introduced,
    with_other_parts,
    with_prose_definitions,
)
from derivations.reader.scope import Scope, as_word, with_compound_letters
from derivations.reader.segmentation import Chain, Display, Remark, Supposed, remark
from derivations.reader.source import AnyValues, Attempts, Question, Span, Unreadable, place_of
from derivations.reader.statement_scope import (
    Introducing,
    introduces,
    introducing,
    question_of_density,
    tree_of,
)
from derivations.reader.syntax import Node, Script, listing, parsed, written

T = TypeVar("T")


@dataclass(frozen=True)
class ReadChain:
    """The lines of a chain, what is known behind it, and what else its reading came to."""

    lines: tuple[Line | NotRead, ...]
    known: Known
    problems: tuple[Unreadable, ...]
    introduced: tuple[tuple[str, Elsewhere], ...]
    passes: bool  # the equality that is shown behind it is the one that was shown before it


@dataclass
class Kept(Generic[T]):
    """What was read under a key and what was known there; of two readings ago nothing is kept."""

    earlier: dict[Hashable, tuple[Known, T]] = field(default_factory=dict)
    current: dict[Hashable, tuple[Known, T]] = field(default_factory=dict)

    def __call__(self, key: Hashable, known: Known, read: Callable[[], T]) -> T:
        """What was read before, or is read now."""
        before = self.earlier.get(key)
        found = before[1] if before is not None and before[0] == known else read()
        self.current[key] = (known, found)
        return found

    def begin(self) -> None:
        """The file is read once more."""
        self.earlier, self.current = self.current, {}


@dataclass
class Readings:
    """What one file was read as, piece by piece."""

    blocks: Kept[tuple[Known, list[Unreadable]]] = field(default_factory=Kept)
    winning: Kept[Known | Unreadable] = field(default_factory=Kept)
    chains: Kept[ReadChain] = field(default_factory=Kept)

    def begin(self) -> None:
        """The file is read once more."""
        for kept in (self.blocks, self.winning, self.chains):
            kept.begin()


def key_of_span(span: Span) -> Hashable:
    """What stands there and where: of a text that was made, where each of its signs comes from."""
    author = span.source.author
    if author is None:
        return (span.text, span.place)
    at = span.source.at[span.start : span.end + 1]
    if author.author is not None:
        return (span.text, tuple(map(author.place, at)))
    starts = [n for n in range(len(at)) if n == 0 or at[n] != at[n - 1] + 1]
    runs = zip(starts, [*starts[1:], len(at)], strict=True)
    return (
        span.text,
        tuple((author.place(at[a]), author.text[at[a] : at[b - 1]]) for a, b in runs),
    )


def key_of_spans(spans: Iterable[Span]) -> Hashable:
    """The same of several."""
    return tuple(map(key_of_span, spans))


def key_of_problem(problem: Unreadable | None) -> Hashable:
    """All that is told of what cannot be read."""
    if problem is None:
        return None
    return (type(problem).__name__, *sorted(vars(problem).items()))


def _of_display(display: Display) -> Hashable:
    return (key_of_span(display.span), key_of_problem(display.problem))


def key_of_chain(chain: Chain) -> Hashable:
    """All that a chain is, beside what is known where it stands."""
    return (
        tuple(map(_of_display, chain.displays)),
        key_of_spans(chain.remarks),
        chain.words,
        chain.series,
        tuple(chain.notes),
        key_of_problem(chain.perhaps),
        tuple((key_of_span(each.span), each.plainly) for each in chain.supposed),
        key_of_spans(chain.beside),
        tuple((key_of_span(each.span), each.plainly) for each in chain.told),
    )


Instances = Callable[[Claim, Trees, Scope], Iterator[tuple[str, Trees, Scope]]]


@dataclass(frozen=True)
class _Printed:
    """A side as it stands there, and what it means with the words behind it, or why not."""

    side: Side
    meaning: Meaning | Unreadable
    doubt: Unreadable | None = None  # what may be a condition of it, and is not read


@dataclass(frozen=True)
class _Meant:
    """What a side means, and what may be a condition of it."""

    value: Meaning
    doubt: Unreadable | None


@dataclass
class ChainReader:
    """The chains of one file, read one after the other; ``problems`` are those of remarks.

    ``readings`` has those that were read before.
    """

    attempts: Attempts
    beside: Beside = field(default_factory=Beside)
    readings: Readings = field(default_factory=Readings)
    introduced: dict[str, Elsewhere] = field(default_factory=dict)  # names of parts so far
    problems: list[Unreadable] = field(default_factory=list)
    suppositions: Suppositions = field(default_factory=Suppositions)
    stated: Remembered[Stated | None] = field(default_factory=Remembered)
    untold: Remembered[bool] = field(default_factory=Remembered)
    chains: int = 0  # so far

    def lines_of(
        self, chain: Chain, part: str, before: int, known: Known
    ) -> tuple[list[Line | NotRead], Known]:
        """The lines of a chain, and what is known behind it.

        ``before`` lines of the part come before it.
        """
        self.chains += 1
        introduced = tuple((name, each.key) for name, each in self.introduced.items())
        shown = known.introductions.shown
        text = "".join(display.span.text for display in chain.displays)
        spoken_of = shown if any(name in text for name in SIDES) else None
        key = (key_of_chain(chain), part, before, self.chains, introduced, self.beside, spoken_of)
        found = self.readings.chains(key, known, lambda: self._read(chain, part, before, known))
        self.introduced |= found.introduced
        self.problems += found.problems
        after = found.known
        if found.passes:
            after = replace(after, introductions=replace(after.introductions, shown=shown))
        return list(found.lines), after

    def _read(self, chain: Chain, part: str, before: int, known: Known) -> ReadChain:
        earlier = len(self.problems)
        reading = _Chain(self, chain, part, before, known)
        lines = tuple(reading.lines())
        problems = tuple(self.problems[earlier:])
        del self.problems[earlier:]
        after = reading.known
        passes = after.introductions.shown is known.introductions.shown
        return ReadChain(lines, after, problems, tuple(self.introduced.items()), passes)


class _Chain:
    """One chain."""

    def __init__(
        self, reader: ChainReader, chain: Chain, part: str, before: int, known: Known
    ) -> None:
        self.attempts, self.problems, self.reader = reader.attempts, reader.problems, reader
        self.chain, self.part, self.before, self.known = chain, part, before, known
        self.scope = known.scope
        self.assumed = known.scope.conditions
        self.doubt = known.condition
        self.notes: list[str] = list(chain.notes)

    def lines(self) -> list[Line | NotRead]:
        """All lines, with what the remarks say of them."""
        if not self.chain.series:
            others = [*self.chain.supposed, *map(Supposed, self.chain.beside)]
            if self.chain.told or others:
                self.known = with_prose_definitions(
                    self.chain.told, others, self.known, self.attempts, self.reader.untold
                )
            self.scope = self.known.scope
            self._note_introduced()
        found_statements = self._statements()
        if any(each.may_be_condition for each in found_statements):
            found_statements = conditioned(found_statements, self.scope)
        for each in found_statements:
            self._spell(each)
        sides = [side for each in found_statements for side in each.sides[1:]]
        ids = [
            f"{self.part}.{side.name or f'{self.chain.series}{self.before + number}'}"
            for number, side in enumerate(sides, 1)
        ]
        remarks = self._remarks(ids)
        found: list[Line | NotRead] = []
        lefts: list[_Printed] = []
        steps: dict[int, str] = {}  # of statements that recurrences are made of
        for number, each in enumerate(found_statements):
            names = ids[len(found) : len(found) + len(each.sides) - 1]
            if number not in steps:
                steps |= self._recurring(found_statements, number)
            if number in steps:
                introduced = introduces(steps[number], each, self.known, self.attempts)
                self._take_introduced(introduced)
            else:
                introduced = self._introducing(each, names[0])
            run = _Run(self, each, number, introduced)
            found += run.lines(names)
            lefts += run.printed[:-1]
            self.scope = self.known.scope
        found = [replace(line, words=self.chain.words) for line in found]
        for said in remarks:
            if said.line:
                self._noted(said.span, partial(self._annotate, found, said, lefts))
        return found

    def _spell(self, statement: Statement) -> None:
        """Take names that are declared as one letter for that, sums over two letters for those."""
        if any("_" in name for name in self.scope.letters):
            for side in statement.sides:
                tree = tree_of(side, self.attempts)
                side.tree = tree and with_compound_letters(tree, self.scope)
        if not any(r"\ne" in side.latex or "≠" in side.latex for side in statement.sides):
            return
        trees = [tree_of(side, self.attempts) for side in statement.sides]
        read = [tree for tree in trees if tree is not None]
        if len(read) == len(trees):
            said = {
                token.value for side in statement.sides for one in side.remarks for token in one
            }
            for side, tree in zip(statement.sides, over_pairs(read, said, self.scope), strict=True):
                side.tree = tree

    def _introducing(self, statement: Statement, name: str) -> Introducing:
        """What a statement introduces; its sides are read in the scope with it."""
        text = self._text()
        if text is not None and self.reader.introduced:
            trees = [tree_of(side, self.attempts) for side in statement.sides]
            self.known = with_other_parts(trees, self.part, self.reader.introduced, self.known)
        found = introducing(statement, name, self.known, self.attempts, text)
        self._take_introduced(found)
        return found

    def _text(self) -> Beside | None:
        """What stands beside the displays; None where no statement introduces names."""
        inline = bool(self.chain.series)
        conditional = self.assumed != self.known.scope.conditions
        if inline or conditional:
            return None
        announced = self.chain.words and announces_definition(self.chain.words)
        return replace(self.reader.beside, announced=True) if announced else self.reader.beside

    def _take_introduced(self, found: Introducing) -> None:
        self.known, self.scope = found.known, found.scope
        if found.name:
            self._note_introduced()

    def _note_introduced(self) -> None:
        """Tell later parts what this one has introduced."""
        made = self.known.introductions.made.values()
        mine = [each for each in made if each.part in ("", self.part)]
        if mine:
            self.reader.introduced |= with_introduced(mine, self.part, self.reader.introduced)

    def _recurring(self, among: Sequence[Statement], number: int) -> Mapping[int, str]:
        """The names that statements from this one on say by one another, or use before."""
        beside = self._text()
        if beside is None:
            return {}
        head, found = tree_of(among[number].sides[0], self.attempts), None
        if head is not None and isinstance(as_word(head), Script):
            found = recurring(among, number, self.known, self.attempts, beside)
        if found is None and number == 0 and len(among) > 1:
            found = said_ahead(among, self.known, self.attempts, beside)
        if found is None:
            return {}
        self.known, self.scope = found.known, found.known.scope
        return found.names

    def explained(self, problem: Unreadable) -> Unreadable:
        """What cannot be read, where a name was introduced in another part told with that."""
        found = self.reader.introduced.get(problem.token)
        if problem.what != UNKNOWN or found is None or found.part == self.part:
            return problem
        what = f"{UNKNOWN} here: it was introduced in part {found.part}, for that part"
        return Unreadable(problem.place, problem.token, what, "declare it")

    def _statements(self) -> list[Statement]:
        first = self.chain.displays[0].span.stripped
        try:
            return read_by(
                self.attempts, lambda: statements(self.chain.displays), first.place, first.text
            )
        except Unreadable as problem:
            displays = (Display(display.span, problem) for display in self.chain.displays)
            return statements(displays)

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
            self.known.require_kept(content.items, self.scope)
            self.assumed += conditions(alone(content), here)
            self.notes += here.notes
        found.append(said)

    def elaborated(
        self, side: Side, remarks: list[list[Token]], chain: tuple[Node, ...] = ()
    ) -> _Meant:
        here = Environment(self.scope)
        said: tuple[Condition, ...] = ()
        doubt: Unreadable | None = None
        for words in (*remarks, *side.remarks):
            self.known.require_kept_in(words)
            found = said_by(words, side.span, here)
            said += found.conditions
            doubt = doubt or found.doubt
        node = side.tree or parsed(side.tokens, side.place)
        self.known.require_kept([node], self.scope)
        value = elaborated(node, self.scope, chain)
        notes_ = (*side.notes, *here.notes, *value.notes)
        return _Meant(replace(value, conditions=(*said, *value.conditions), notes=notes_), doubt)

    def stated(self, span: Span) -> Stated | None:
        """What a formula of the text states."""
        known, scope = self.known, self.scope

        def piece() -> Stated | None:
            return stated(span, scope, lambda node: known.require_kept([node], scope))

        def find() -> Stated | None:
            with suppress(Unreadable):
                return read_by(self.attempts, piece, span.place, span.text)
            return None

        return self.reader.stated(span, scope, known.lost, find, None)

    def claim(
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

    def _annotate(
        self, lines: list[Line | NotRead], said: Remark, lefts: Sequence[_Printed]
    ) -> None:
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
            correction = self._corrected(line, said.correction, lefts[at])
        lines[at] = replace(line, expected=said.expected or line.expected, correction=correction)

    def _corrected(self, line: Line | NotRead, span: Span, left: _Printed) -> Claim:
        """A correction as a claim: an equality, or a right side for the line's ``left`` one."""
        first, *others = split(span)
        if others or len(first.sides) > 2:
            raise Unreadable(span.place, span.text[:40], "a correction is one equality")
        *before, right = (self._correct_side(side) for side in first.sides)
        left = before[0] if before else left
        if isinstance(left.meaning, Unreadable):
            what, advice = "the left side could not be read", "write the correction as an equality"
            raise Unreadable(span.place, span.text[:40], what, advice, follows=True)
        given = line.claim.conditions if isinstance(line, Line) else self.assumed
        return self.claim(f"{line.id} corrected", span.place.row, left, right, given)

    def _correct_side(self, side: Side) -> _Printed:
        problem = side.problem or side.sign
        if problem is not None:
            raise problem
        return _Printed(side, self.elaborated(side, []).value)


class _Run:
    """The equalities of one statement, from its first side to its last."""

    def __init__(
        self, chain: _Chain, statement: Statement, number: int, introduces: Introducing
    ) -> None:
        self.chain, self.statement, self.introduces = chain, statement, introduces
        self.number = number
        self.doubt = chain.doubt or statement.doubt
        self.problem: Unreadable | None = None  # of what recurrences define
        self._write_out()
        trees = [side.tree for side in statement.sides if side.tree is not None]
        self.varied = varied_along(trees)
        self.printed = [self._printed(side) for side in statement.sides]
        self._within_its_range()
        for row in {side.row for side in statement.sides}:
            self._share(row)
        # of the chain so far
        self.said, self.doubt_so_far = list(chain.assumed), self.doubt
        self.broken = False

    def _write_out(self) -> None:
        """Take what recurrences define as it stands in this statement."""
        letters = {name: step.letter.latex for name, step in self.chain.scope.steps.items()}
        if not letters:
            return
        for side in self.statement.sides:
            if side.tree is not None:
                side.tree = entries_apart(side.tree, letters)
        trees = [side.tree for side in self.statement.sides if side.tree is not None]
        first = self.statement.sides[0]
        try:
            self.chain.scope = read_by(
                self.chain.attempts,
                lambda: in_steps(trees, self.chain.scope),
                first.place,
                first.latex,
            )
        except Unreadable as problem:
            self.problem = problem

    def _within_its_range(self) -> None:
        """Take a letter for the members at which all is there, where it is not at every one."""
        if not any(map(_is_without_member, self.printed)):
            return
        trees = [side.tree for side in self.statement.sides if side.tree is not None]
        before, problem = self.chain.scope, self.problem
        for said, scope in within(trees, before):
            self.problem = None
            try:
                self.chain.scope = in_steps(trees, scope)
            except Unreadable as another:
                self.problem = another
                continue
            found = [self._printed(side) for side in self.statement.sides]
            kept = zip(self.printed, found, strict=True)
            if all(_is_read(new) or _is_otherwise_unread(old) for old, new in kept):
                self.printed = found
                self.statement.notes.append(f"this is claimed of {said}")
                return
        self.chain.scope, self.problem = before, problem

    def lines(self, ids: Sequence[str]) -> list[Line | NotRead]:
        """A line for each sign."""
        found = [self._line(name, number) for number, name in enumerate(ids, 1)]
        return [replace(line, ends_chain=line is found[-1]) for line in found]

    def _printed(self, side: Side) -> _Printed:
        problem = side.problem or self.problem
        if problem is not None:
            return _Printed(side, problem)
        remarks = self.statement.remarks
        try:
            found = read_by(
                self.chain.attempts,
                lambda: self.chain.elaborated(side, remarks, self.varied),
                side.place,
                side.latex,
            )
        except Unreadable as error:
            first = side is self.statement.sides[0] and error.what == UNKNOWN
            refused = self.introduces.refused if first else None
            return _Printed(side, self.chain.explained(refused or error))
        return _Printed(side, found.value, found.doubt)

    def _share(self, row: int) -> None:
        """What stands as a condition in a row is one of all that stands in the row."""
        here = [n for n, each in enumerate(self.printed) if each.side.row == row]
        meant = [self.printed[n].meaning for n in here]
        every = [c for each in meant if isinstance(each, Meaning) for c in each.conditions]
        said = tuple(dict.fromkeys(every))
        doubt = next((self.printed[n].doubt for n in here if self.printed[n].doubt), None)
        for number in here:
            printed = self.printed[number]
            value = printed.meaning
            if isinstance(value, Meaning):
                value = replace(value, conditions=said)
            self.printed[number] = _Printed(printed.side, value, printed.doubt or doubt)

    def _elsewhere(self, own: tuple[Condition, ...]) -> Unreadable | None:
        """A condition in another row of the statement, which may be one of this line as well."""
        for each in self.printed:
            said = each.meaning.conditions if isinstance(each.meaning, Meaning) else ()
            if any(condition not in own for condition in said):
                what = "is the condition in this row one of the other rows?"
                advice = "write it in each row, or under the display as - if $...$"
                return Unreadable(each.side.place, each.side.latex[:40], what, advice)
        return None

    def _above(self, own: tuple[Condition, ...]) -> Unreadable | None:
        """What the words above may say: a condition, where none is written at the line."""
        said = len(own) > len(self.chain.scope.conditions)
        return None if said else self.chain.chain.perhaps

    def _line(self, name: str, end: int) -> Line | NotRead:
        left, right = self.printed[end - 1], self.printed[end]
        place, sign = right.side.place, right.side.sign_token
        from_start, doubt_from_start = self._from_start(name, end)
        doubt = self.doubt or left.doubt or right.doubt
        if isinstance(left.meaning, Meaning) and isinstance(right.meaning, Meaning):
            own = (*self.chain.assumed, *left.meaning.conditions, *right.meaning.conditions)
            doubt = doubt or self._elsewhere(own) or self._above(own)
        printed = Printed(
            id=name,
            part=self.chain.part,
            place=place,
            left=left.side.latex,
            right=right.side.latex,
            from_start=from_start,
            doubt=doubt,
            doubt_from_start=doubt_from_start,
            defines=self._defines(end),
            standing=self._standing(end),
            sign=place_of(sign) if sign is not None else None,
        )
        if right.side.sign is not None:
            return printed.not_read(right.side.sign)
        for side in (left, right):
            if isinstance(side.meaning, Unreadable):
                return printed.not_read(side.meaning)
        try:
            return read_by(
                self.chain.attempts,
                lambda: self._read_line(printed, left, right, end),
                place,
                printed.latex,
            )
        except Unreadable as problem:
            return printed.not_read(problem)

    def _read_line(self, printed: Printed, left: _Printed, right: _Printed, end: int) -> Line:
        assert isinstance(left.meaning, Meaning)
        assert isinstance(right.meaning, Meaning)
        one, other, reading = meant(left.meaning, right.meaning)
        left, right = replace(left, meaning=one), replace(right, meaning=other)
        claim = self.chain.claim(printed.id, printed.place.row, left, right, self.chain.assumed)
        claim, apart_ = self._up_to(claim, end - 1, end)
        loose = (one.loose, other.loose)
        equality = Equality(
            claim.left,
            claim.right,
            self.chain.scope,
            claim.conditions,
            loose,
            reading,
            fits_as_rows=partial(fits_as_rows, one, other),
        )
        said = (*self.chain.notes, *self.statement.notes, *notes(one, other))
        said += self._introduced(printed, claim)
        said += (apart_.note,) if apart_ else ()
        # a question first: it is one of lines without a meaning as well
        asked = question(one, other, claim.conditions) or self._asked(claim)
        doubt = asked or (apart_ and apart_.doubt) or printed.doubt or self._supposed(claim)
        if end == 1:
            doubt = doubt or says_what_is(one, other)
        doubt = doubt or self._said_in_steps(claim, one, other)
        doubt = doubt or self._any_values(one.node, claim)
        again = self._again(claim, printed.from_start)
        standing = self._among_names(printed, claim)
        standing = replace(standing, supposed=self._supposals(claim))
        found = replace(printed, doubt=doubt, again=again, standing=standing)
        if isinstance(doubt, AnyValues) and claim.misfit is None:
            instances = self._instances(claim, left, right, at_first_members)
            induction = self._instances(claim, left, right, by_induction)
            found = replace(found, instances=instances, induction=induction)
        return found.read(equality, claim, tuple(dict.fromkeys(said)))

    def _said_in_steps(self, claim: Claim, left: Meaning, right: Meaning) -> Question | None:
        """What is asked of arrays that lines say the entries of by one another."""
        found = says_step(left, right)
        if found is not None:
            self.chain.known = self.chain.known.saying_in_steps(found, claim.id)
        said = self.chain.known.in_steps
        met = [each for term in _terms(claim) for each in free_in(term).variables if each in said]
        if not met:
            return None
        what = f"does {said[met[0]]} say what {met[0].name} is?"
        advice = "write it as define h_t = f(h_{t-1}, x_t), with h_0 declared above"
        return Question(left.node.at, written(left.node)[:40], what, advice)

    def _instances(
        self, claim: Claim, left: _Printed, right: _Printed, of: Instances
    ) -> tuple[Claim, ...]:
        """What a line says at some members of a recurrence; none where one is not read."""
        assert isinstance(left.meaning, Meaning)
        assert isinstance(right.meaning, Meaning)
        found: list[Claim] = []
        trees = (left.meaning.node, right.meaning.node)
        try:
            for said, (one, other), scope in of(claim, trees, self.chain.scope):
                name = f"{claim.id} at {said}"
                plain = replace(claim, id=name, conditions=scope.conditions, names=scope.names)
                found.append(equated(plain, elaborated(one, scope), elaborated(other, scope)))
        except Unreadable:
            return ()
        return tuple(found)

    def _defines(self, end: int) -> str:
        """The name that a line is taken to say what it is of, where its sign does not say so."""
        plainly = self.introduces.plainly
        return self.introduces.name if end == 1 and not plainly else ""

    def _introduced(self, printed: Printed, claim: Claim) -> tuple[str, ...]:
        """What is taken for the meaning of names that a display has introduced."""
        found = self.chain.known.introductions.used_in(*_terms(claim))
        mine = self._own_name(printed)
        said = (
            f"this is taken as the definition of {each.name}, which is not declared"
            if each.name == mine
            else f"{each.name} is not declared: it is read as what {each.place} says"
            for each in found
        )
        return (*said, *(each.note for each in found if each.note))

    def _own_name(self, printed: Printed) -> str:
        return self.introduces.name if printed.defines or self.introduces.plainly else ""

    def _among_names(self, printed: Printed, claim: Claim) -> Standing:
        """How it stands, with the names that it introduces and uses."""
        used = self.chain.known.introductions.used_in(*_terms(claim))
        made = [Made(each.name, each.place) for each in used]
        mine = next((each for each in made if each.name == self._own_name(printed)), None)
        others = frozenset(each for each in made if each != mine)
        return replace(printed.standing, introduces=mine, uses=others)

    def _standing(self, end: int) -> Standing:
        """How a line stands among others."""
        statement, right = self.statement, self.printed[end].side
        sign = right.sign_token.value if right.sign_token is not None else ""
        last = end == len(self.printed) - 1
        return Standing(
            chain=self.chain.reader.chains,
            statement=self.number,
            premise=statement.leads and last,
            follows=statement.follows,
            to_be=sign.startswith("= ") and sign[2:].strip() in SIGNS,
            solves=self.introduces.solves if end == 1 else None,
        )

    def _beside(self, claim: Claim) -> list[Supposed]:
        """The formulas of the text that may suppose something of what a claim depends on."""
        chain, scope = self.chain.chain, self.chain.scope
        unwritten = assumed_of_inverses(claim, scope)
        written = len(claim.conditions) - len(unwritten) > len(scope.conditions)
        beside = () if written else map(Supposed, chain.beside)
        return [*beside, *chain.supposed]

    def _supposed(self, claim: Claim) -> Unreadable | None:
        """What the text beside may suppose of what a claim depends on, and is not read."""
        reader, scope = self.chain.reader, self.chain.scope
        beside = self._beside(claim)
        if not beside:
            return None
        return reader.suppositions.doubt_of(_terms(claim), beside, scope, self._is_stated)

    def _supposals(self, claim: Claim) -> tuple[Supposal, ...]:
        """What formulas of the text may assume, whatever that is of."""
        reader, scope = self.chain.reader, self.chain.scope
        found: dict[Span, Supposal] = {}
        for each in self._beside(claim):
            names = reader.suppositions.restricted(replace(each, plainly=True), scope)
            plainly = self._is_plain(each)
            names -= set() if plainly else ranges(scope)
            if not names:
                continue
            doubt = doubt_about(each)
            found[each.span] = Supposal(
                frozenset(names), doubt, self.chain.stated(each.span), plainly
            )
        return tuple(found.values())

    def _is_plain(self, supposed: Supposed) -> bool:
        """Whether words say that a formula assumes something, or is a reason."""
        beside = supposed.span in self.chain.chain.beside
        return supposed.plainly or (beside and gives_reason(self.chain.chain.words))

    def _is_stated(self, supposed: Supposed) -> bool:
        """Whether it can be read what a formula states, and its words say that it does."""
        return self._is_plain(supposed) and self.chain.stated(supposed.span) is not None

    def _asked(self, claim: Claim) -> Question | None:
        """What is asked of the names of a claim that displays have introduced."""
        introductions, scope = self.chain.known.introductions, self.chain.scope
        misfits = [each for each in (claim.left, claim.right) if isinstance(each, Misfit)]
        if claim.misfit is not None:
            trees = [side.tree for side in self.statement.sides if side.tree is not None]
            asked_of_family = next(introductions.families_alone(trees), None)
            if asked_of_family is not None:
                return asked_of_family
        if misfits:
            return next(introductions.misfitting(misfits), None)
        terms = _terms(claim)
        found = introductions.used_in(*terms)
        asked = (each.asked or question_of_density(each, terms, scope) for each in found)
        return next(filter(None, asked), None)

    def _again(self, *claims: Claim | None) -> tuple[Again, ...]:
        """The lines that say once more what a name of these claims is."""
        introductions = self.chain.known.introductions
        terms = [term for claim in claims if claim is not None for term in _terms(claim)]
        return tuple(
            Again(each.name, each.place, line)
            for each in introductions.used_in(*terms)
            for line in introductions.again.get(each.name, ())
        )

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
            found = read_by(self.chain.attempts, lambda: self.chain.claim(*whole), place, title)
            found, apart_ = self._up_to(found, 0, end)
        except Unreadable:
            return None, None
        assert isinstance(first.meaning, Meaning)
        assert isinstance(right.meaning, Meaning)
        asked = question(first.meaning, right.meaning, found.conditions)
        doubt = self.doubt_so_far or self._elsewhere(given) or self._above(given)
        doubt = (apart_.doubt if apart_ else None) or doubt
        doubt = asked or self._asked(found) or doubt or self._supposed(found)
        doubt = doubt or self._said_in_steps(found, first.meaning, right.meaning)
        return found, doubt or self._any_values(first.meaning.node, found)

    def _any_values(self, at: Node, claim: Claim) -> Question | None:
        """What is asked of a claim in which members of a recurrence stand that may be any."""
        scope, left, right = self.chain.scope, claim.left, claim.right
        if not scope.steps or not isinstance(left, Term) or not isinstance(right, Term):
            return None
        return any_values(at, left, right, scope)

    def _up_to(self, claim: Claim, start: int, end: int) -> tuple[Claim, Apart | None]:
        """The claim of two sides, where they are equal up to a constant."""
        between = self.printed[start : end + 1]
        factor = any(each.side.proportional for each in between[1:])
        sides = [each.meaning for each in between if isinstance(each.meaning, Meaning)]
        left_out = [each.without for each in sides if each.without is not None]
        if not factor and not left_out:
            return claim, None
        return apart(claim, self.statement.sides[0].tree, self.chain.scope, left_out, factor=factor)

    def _pass(self, printed: _Printed) -> None:
        """Go on along the chain, and note what has been said on the way."""
        self.broken = self.broken or printed.side.sign is not None
        self.doubt_so_far = self.doubt_so_far or printed.doubt
        if isinstance(printed.meaning, Meaning):
            self.said += printed.meaning.conditions
        elif printed.side.may_have_condition:
            self.doubt_so_far = self.doubt_so_far or printed.meaning


def _terms(claim: Claim) -> list[Term]:
    return [side for side in (claim.left, claim.right) if isinstance(side, Term)]


def _is_without_member(printed: _Printed) -> bool:
    """Whether a side is not read because something need not be there."""
    return isinstance(printed.meaning, Unreadable) and printed.meaning.what.endswith(NO_MEMBER)


def _is_otherwise_unread(printed: _Printed) -> bool:
    """Whether a side is not read, for something else than that a member need not be there."""
    return not _is_read(printed) and not _is_without_member(printed)


def _is_read(printed: _Printed) -> bool:
    return isinstance(printed.meaning, Meaning)
