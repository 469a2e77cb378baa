"""Chains of equalities as lines, read in passes.

What a chain means: the conditions among its remarks, what each of its statements introduces, and
what its sides mean (`statement_scope.py`); then a claim for each sign, with what may be meant
otherwise, what the text beside may suppose, and which names it introduces and uses.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial

from derivations.claim import Claim, Condition
from derivations.language.traversal import free_in, parts
from derivations.language.tree import (
    Entry,
    Misfit,
    Negative,
    Number,
    Offset,
    Reference,
    Row,
    Slice,
    Term,
    Transpose,
    Variable,
)
from derivations.reader.declare.block import Known
from derivations.reader.declare.definitions import Beside, Introductions
from derivations.reader.declare.recurrences import (
    Trees,
    any_values,
    at_first_members,
    by_induction,
)
from derivations.reader.display import Side, Statement, split, statements
from derivations.reader.elaborate import Environment
from derivations.reader.elaborate.indexing import alone, conditions
from derivations.reader.elaborate.operators import PAIRS, is_sum, letters_of, pieces_below
from derivations.reader.environment import (
    UNKNOWN,
    Scope,
    as_word,
    letter_of,
    read_by,
    with_compound_letters,
)
from derivations.reader.equal_up_to_constant import Apart, apart
from derivations.reader.equation import (
    NOTHING,
    Again,
    Equality,
    Line,
    Made,
    Meaning,
    NotRead,
    Printed,
    Standing,
    Stated,
    Supposal,
    Value,
    assumed_of_inverses,
    elaborated,
    equated,
    fits_as_rows,
    meant,
    notes,
    question,
)
from derivations.reader.premises import (
    SIGNS,
    announces_definition,
    conditioned,
    gives_reason,
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
from derivations.reader.segmentation import Remark, remark
from derivations.reader.source import (
    AnyValues,
    Attempts,
    Chain,
    Display,
    Question,
    Saying,
    Span,
    Supposed,
    Unreadable,
    place_of,
)
from derivations.reader.statement_scope import (
    Introducing,
    PrintedSide,
    SideContext,
    Sides,
    both,
    introduces,
    introducing,
    meanings,
    question_of_density,
    tree_of,
)
from derivations.reader.syntax import (
    Leaf,
    Node,
    Product,
    Relation,
    Script,
    inner,
    listing,
    rebuilt,
    written,
)

Instances = Callable[[Claim, Trees, Scope], Iterator[tuple[str, Trees, Scope]]]


@dataclass
class OfFile:
    """What is known of a file so far: what stands ``beside`` its displays, names of its parts."""

    attempts: Attempts
    beside: Beside = field(default_factory=Beside)
    introduced: dict[str, Elsewhere] = field(default_factory=dict)  # names of parts so far
    suppositions: Suppositions = field(default_factory=Suppositions)
    stated: Remembered[Stated | None] = field(default_factory=Remembered)
    untold: Remembered[bool] = field(default_factory=Remembered)
    chains: int = 0  # so far


@dataclass(frozen=True)
class Context:
    """What is known where a chain stands, and what it assumes, by its remarks as well.

    ``doubt`` is what may be assumed and could not be read, ``notes`` are those of all its lines.
    """

    file: OfFile
    chain: Chain
    part: str
    known: Known
    scope: Scope
    assumed: tuple[Condition, ...]
    doubt: Unreadable | None
    notes: tuple[str, ...]

    @property
    def sides(self) -> SideContext:
        """What its sides are read in."""
        return SideContext(self.file.attempts, self.known, self.scope, self._explained)

    def _explained(self, problem: Unreadable) -> Unreadable:
        """What cannot be read, where a name was introduced in another part told with that."""
        found = self.file.introduced.get(problem.token)
        if problem.what != UNKNOWN or found is None or found.part == self.part:
            return problem
        what = f"{UNKNOWN} here: it was introduced in part {found.part}, for that part"
        return Unreadable(problem.place, problem.token, what, "declare it")

    def claim(
        self, name: str, place: str, title: str, sides: Sides, assumed: tuple[Condition, ...]
    ) -> Claim:
        """Two sides equated."""
        claim = Claim(name, self.part, place, title, *NOTHING, assumed, self.scope.names)
        return equated(claim, *sides)

    def doubt_of(self, claim: Claim) -> Unreadable | None:
        """What the text beside may suppose of what a claim depends on, and is not read."""
        beside = self._beside(claim)
        if not beside:
            return None
        return self.file.suppositions.doubt_of(
            claim.well_typed, beside, self.scope, self._is_stated
        )

    def supposals(self, claim: Claim) -> tuple[Supposal, ...]:
        """What formulas of the text may assume, whatever that is of."""
        found: dict[Span, Supposal] = {}
        for each in self._beside(claim):
            plain = replace(each, plainly=True)
            names = self.file.suppositions.restricted(plain, self.scope)
            plainly = self._is_plain(each)
            names -= set() if plainly else ranges(self.scope)
            if names:
                doubt, said = doubt_about(each), self._stated(each.span)
                found[each.span] = Supposal(frozenset(names), doubt, said, plainly)
        return tuple(found.values())

    def _beside(self, claim: Claim) -> list[Supposed]:
        """The formulas of the text that may suppose something of what a claim depends on."""
        unwritten = assumed_of_inverses(claim, self.scope)
        written = len(claim.conditions) - len(unwritten) > len(self.scope.conditions)
        beside = () if written else map(Supposed, self.chain.beside)
        return [*beside, *self.chain.supposed]

    def _is_plain(self, supposed: Supposed) -> bool:
        """Whether words say that a formula assumes something, or is a reason."""
        beside = supposed.span in self.chain.beside
        return supposed.plainly or (beside and gives_reason(self.chain.words))

    def _is_stated(self, supposed: Supposed) -> bool:
        """Whether it can be read what a formula states, and its words say that it does."""
        return self._is_plain(supposed) and self._stated(supposed.span) is not None

    def _stated(self, span: Span) -> Stated | None:
        """What a formula of the text states."""
        known, scope = self.known, self.scope

        def piece() -> Stated | None:
            return stated(span, scope, lambda node: known.require_kept([node], scope))

        def find() -> Stated | None:
            with suppress(Unreadable):
                return read_by(self.file.attempts, piece, span.place, span.text)
            return None

        return self.file.stated(span, scope, known.lost, find, None)


class ChainReading:
    """One chain, ``here`` as far as it is read; ``problems`` are those of its remarks."""

    def __init__(self, file: OfFile, chain: Chain, part: str, before: int, known: Known) -> None:
        self.file, self.before = file, before
        self.problems: list[Unreadable] = []
        conditions_, doubt = known.scope.conditions, known.condition
        self.here = Context(
            file, chain, part, known, known.scope, conditions_, doubt, tuple(chain.notes)
        )

    def lines(self) -> list[Line | NotRead]:
        """All lines, with what the remarks say of them."""
        here, attempts = self.here, self.file.attempts
        chain = here.chain
        if not chain.series:
            others = [*chain.supposed, *map(Supposed, chain.beside)]
            if chain.told or others:
                self._know(
                    with_prose_definitions(
                        chain.told, others, here.known, attempts, self.file.untold
                    )
                )
            self._note_introduced()
        found_statements = self._statements()
        if any(each.may_be_condition for each in found_statements):
            found_statements = conditioned(found_statements, self.here.scope)
        for each in found_statements:
            self._spell(each)
        ids = self._ids(found_statements)
        remarks = _Remarks(self.here)
        self.here = remarks.read(ids)
        found: list[Line | NotRead] = []
        lefts: list[PrintedSide] = []
        steps: dict[int, str] = {}  # of statements that recurrences are made of
        for number, each in enumerate(found_statements):
            names = ids[len(found) : len(found) + len(each.sides) - 1]
            if number not in steps:
                steps |= self._recurring(found_statements, number)
            if number in steps:
                introduced = introduces(steps[number], each, self.here.known, attempts)
                self._take_introduced(introduced)
            else:
                introduced = self._introducing(each, names[0])
            doubt = self.here.doubt or each.doubt
            printed, scope = meanings(each, introduced.refused, self.here.sides)
            of_statement = replace(self.here, scope=scope, doubt=doubt)
            run = Lines(of_statement, each, number, introduced, printed)
            found += run.lines(names)
            lefts += printed[:-1]
            self._know(run.known)
        found = [replace(line, words=chain.words) for line in found]
        remarks.annotate(found, lefts, self.here)
        self.problems = remarks.problems
        return found

    def _know(self, known: Known, scope: Scope | None = None) -> None:
        self.here = replace(self.here, known=known, scope=scope or known.scope)

    def _ids(self, found: Iterable[Statement]) -> list[str]:
        """A name for the line of each side but the first ones."""
        sides = [side for each in found for side in each.sides[1:]]
        part, series = self.here.part, self.here.chain.series
        return [
            f"{part}.{side.name or f'{series}{self.before + number}'}"
            for number, side in enumerate(sides, 1)
        ]

    def _spell(self, statement: Statement) -> None:
        """Take names that are declared as one letter for that, sums over two letters for those."""
        attempts, scope, sides = self.file.attempts, self.here.scope, statement.sides
        if any("_" in name for name in scope.letters):
            for side in sides:
                tree = tree_of(side, attempts)
                side.tree = tree and with_compound_letters(tree, scope)
        if not any(r"\ne" in side.latex or "≠" in side.latex for side in sides):
            return
        trees = [tree_of(side, attempts) for side in sides]
        read = [tree for tree in trees if tree is not None]
        if len(read) == len(trees):
            said = {token.value for side in sides for one in side.remarks for token in one}
            for side, tree in zip(sides, over_pairs(read, said, scope), strict=True):
                side.tree = tree

    def _introducing(self, statement: Statement, name: str) -> Introducing:
        """What a statement introduces; its sides are read in the scope with it."""
        text = self._text()
        if text is not None and self.file.introduced:
            trees = [tree_of(side, self.file.attempts) for side in statement.sides]
            others = self.file.introduced
            known = with_other_parts(trees, self.here.part, others, self.here.known)
            self.here = replace(self.here, known=known)
        found = introducing(statement, name, self.here.known, self.file.attempts, text)
        self._take_introduced(found)
        return found

    def _text(self) -> Beside | None:
        """What stands beside the displays; None where no statement introduces names."""
        inline = bool(self.here.chain.series)
        conditional = self.here.assumed != self.here.known.scope.conditions
        if inline or conditional:
            return None
        words = self.here.chain.words
        announced = words and announces_definition(words)
        return replace(self.file.beside, announced=True) if announced else self.file.beside

    def _take_introduced(self, found: Introducing) -> None:
        self._know(found.known, found.scope)
        if found.name:
            self._note_introduced()

    def _note_introduced(self) -> None:
        """Tell later parts what this one has introduced."""
        made = self.here.known.introductions.made.values()
        mine = [each for each in made if each.part in ("", self.here.part)]
        if mine:
            self.file.introduced |= with_introduced(mine, self.here.part, self.file.introduced)

    def _recurring(self, among: Sequence[Statement], number: int) -> Mapping[int, str]:
        """The names that statements from this one on say by one another, or use before."""
        beside = self._text()
        if beside is None:
            return {}
        head, found = tree_of(among[number].sides[0], self.file.attempts), None
        if head is not None and isinstance(as_word(head), Script):
            found = recurring(among, number, self.here.known, self.file.attempts, beside)
        if found is None and number == 0 and len(among) > 1:
            found = said_ahead(among, self.here.known, self.file.attempts, beside)
        if found is None:
            return {}
        self._know(found.known)
        return found.names

    def _statements(self) -> list[Statement]:
        displays = self.here.chain.displays
        first = displays[0].span.stripped
        try:
            attempts = self.file.attempts
            return read_by(attempts, lambda: statements(displays), first.place, first.text)
        except Unreadable as problem:
            return statements(Display(display.span, problem) for display in displays)


class _Remarks:
    """The remarks under a chain: conditions, and what is said of its lines."""

    def __init__(self, here: Context) -> None:
        self.here = here
        self.said: list[Remark] = []
        self.problems: list[Unreadable] = []

    def read(self, ids: Sequence[str]) -> Context:
        """What is assumed with those that can be read; what may be a condition is a doubt."""
        for span in self.here.chain.remarks:
            if not self._tried(span, partial(self._take, span)):
                words = span.text.split(maxsplit=1)
                if not words or words[0] not in ids:
                    self.here = replace(self.here, doubt=self.here.doubt or self.problems[-1])
        return self.here

    def annotate(
        self, lines: list[Line | NotRead], lefts: Sequence[PrintedSide], here: Context
    ) -> None:
        """Put what remarks say to the lines that they are about; ``lefts`` are their left sides."""
        self.here = here
        for said in self.said:
            if said.line:
                self._tried(said.span, partial(self._annotate, lines, said, lefts))

    def _tried(self, span: Span, piece: Callable[[], None]) -> bool:
        """Whether a remark was read; where not, it costs what it says."""
        try:
            read_by(self.here.file.attempts, piece, span.place, span.text)
        except Unreadable as problem:
            self.problems.append(problem)
            return False
        return True

    def _take(self, span: Span) -> None:
        """Read a remark; where it is a condition, it holds from here on."""
        said = remark(span)
        if said.condition is not None:
            there = Environment(self.here.scope)
            content = listing(said.condition)
            self.here.known.require_kept(content.items, self.here.scope)
            assumed = (*self.here.assumed, *conditions(alone(content), there))
            notes_ = (*self.here.notes, *there.notes)
            self.here = replace(self.here, assumed=assumed, notes=notes_)
        self.said.append(said)

    def _annotate(
        self, lines: list[Line | NotRead], said: Remark, lefts: Sequence[PrintedSide]
    ) -> None:
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

    def _corrected(self, line: Line | NotRead, span: Span, left: PrintedSide) -> Claim:
        """A correction as a claim: an equality, or a right side for the line's ``left`` one."""
        first, *others = split(span)
        if others or len(first.sides) > 2:
            raise Unreadable(span.place, span.text[:40], "a correction is one equality")
        *before, right = map(self._correct_side, first.sides)
        left = before[0] if before else left
        sides = both(left, right)
        if sides is None:
            what, advice = "the left side could not be read", "write the correction as an equality"
            raise Unreadable(span.place, span.text[:40], what, advice, follows=True)
        given = line.claim.conditions if isinstance(line, Line) else self.here.assumed
        name, title = f"{line.id} corrected", title_of(left, right)
        return self.here.claim(name, span.place.row, title, sides, given)

    def _correct_side(self, side: Side) -> PrintedSide:
        problem = side.problem or side.sign
        if problem is not None:
            raise problem
        return self.here.sides.elaborated(side)


class _Names:
    """What displays have introduced, as far as a statement uses it, or introduces it."""

    def __init__(
        self, introductions: Introductions, statement: Statement, introduces: Introducing
    ) -> None:
        self.all, self.statement, self.introduces = introductions, statement, introduces

    def defined(self, end: int) -> str:
        """The name that a line is taken to say what it is of, where its sign does not say so."""
        return self.introduces.name if end == 1 and not self.introduces.plainly else ""

    def notes(self, claim: Claim, own: str) -> tuple[str, ...]:
        """What is taken for the meaning of names that a display has introduced."""
        found = self.all.used_in(*claim.well_typed)
        said = (
            f"this is taken as the definition of {each.name}, which is not declared"
            if each.name == own
            else f"{each.name} is not declared: it is read as what {each.place} says"
            for each in found
        )
        return (*said, *(each.note for each in found if each.note))

    def own(self, defines: str) -> str:
        """The name that a line introduces."""
        return self.introduces.name if defines or self.introduces.plainly else ""

    def made(self, claim: Claim, own: str) -> tuple[Made | None, frozenset[Made]]:
        """The name that a claim introduces, and those that it uses."""
        made = [Made(each.name, each.place) for each in self.all.used_in(*claim.well_typed)]
        mine = next((each for each in made if each.name == own), None)
        return mine, frozenset(each for each in made if each != mine)

    def asked(self, claim: Claim, scope: Scope) -> Question | None:
        """What is asked of the names of a claim."""
        if claim.misfit is not None:
            trees = [side.tree for side in self.statement.sides if side.tree is not None]
            asked_of_family = next(self.all.families_alone(trees), None)
            if asked_of_family is not None:
                return asked_of_family
        misfits = [each for each in (claim.left, claim.right) if isinstance(each, Misfit)]
        if misfits:
            return next(self.all.misfitting(misfits), None)
        terms = claim.well_typed
        found = self.all.used_in(*terms)
        asked = (each.asked or question_of_density(each, terms, scope) for each in found)
        return next(filter(None, asked), None)

    def again(self, *claims: Claim | None) -> tuple[Again, ...]:
        """The lines that say once more what a name of these claims is."""
        terms = [term for claim in claims if claim is not None for term in claim.well_typed]
        return tuple(
            Again(each.name, each.place, line)
            for each in self.all.used_in(*terms)
            for line in self.all.again.get(each.name, ())
        )


class Lines:
    """The lines of one statement, from its first side to its last; ``known`` is behind them."""

    def __init__(
        self,
        here: Context,
        statement: Statement,
        number: int,
        introduces: Introducing,
        printed: Sequence[PrintedSide],
    ) -> None:
        self.here, self.statement, self.number, self.printed = here, statement, number, printed
        self.known, self.solves = here.known, introduces.solves
        self.names = _Names(here.known.introductions, statement, introduces)
        # of the chain so far
        self.said, self.doubt_so_far = list(here.assumed), here.doubt
        self.broken = False

    def lines(self, ids: Sequence[str]) -> list[Line | NotRead]:
        """A line for each sign."""
        found = [self._line(name, number) for number, name in enumerate(ids, 1)]
        return [replace(line, ends_chain=line is found[-1]) for line in found]

    def _line(self, name: str, end: int) -> Line | NotRead:
        left, right = self.printed[end - 1], self.printed[end]
        place, sign = right.side.place, right.side.sign_token
        from_start, doubt_from_start = self._from_start(name, end)
        doubt = self.here.doubt or left.doubt or right.doubt
        sides = both(left, right)
        if sides is not None:
            doubt = doubt or self._condition_beside((*self.here.assumed, *_conditions(sides)))
        line = Printed(
            id=name,
            part=self.here.part,
            place=place,
            left=left.side.latex,
            right=right.side.latex,
            from_start=from_start,
            doubt=doubt,
            doubt_from_start=doubt_from_start,
            defines=self.names.defined(end),
            standing=self._standing(end),
            sign=place_of(sign) if sign is not None else None,
        )
        problem = right.side.sign or left.problem or right.problem
        if problem is not None or sides is None:
            assert problem is not None
            return line.not_read(problem)
        try:
            return read_by(
                self.here.file.attempts,
                lambda: self._read_line(line, sides, end),
                place,
                line.latex,
            )
        except Unreadable as error:
            return line.not_read(error)

    def _read_line(self, line: Printed, sides: Sides, end: int) -> Line:
        one, other, reading = meant(*sides)
        title = title_of(*self.printed[end - 1 : end + 1])
        claim = self.here.claim(line.id, line.place.row, title, (one, other), self.here.assumed)
        claim, apart_ = self._up_to(claim, end - 1, end)
        equality = Equality(
            claim.left,
            claim.right,
            self.here.scope,
            claim.conditions,
            (one.loose, other.loose),
            reading,
            fits_as_rows=partial(fits_as_rows, one, other),
        )
        own = self.names.own(line.defines)
        said = (*self.here.notes, *self.statement.notes, *notes(one, other))
        said += self.names.notes(claim, own)
        said += (apart_.note,) if apart_ else ()
        # a question first: it is one of lines without a meaning as well
        doubt = self._asked((one, other), claim) or (apart_ and apart_.doubt) or line.doubt
        doubt = doubt or self.here.doubt_of(claim)
        if end == 1:
            doubt = doubt or says_what_is(one, other)
        doubt = self._of_recurrence(doubt, (one, other), claim)
        mine, used = self.names.made(claim, own)
        supposed = self.here.supposals(claim)
        found = replace(
            line,
            doubt=doubt,
            again=self.names.again(claim, line.from_start),
            standing=replace(line.standing, introduces=mine, uses=used, supposed=supposed),
        )
        if isinstance(doubt, AnyValues) and claim.misfit is None:
            instances = self._instances(claim, (one, other), at_first_members)
            induction = self._instances(claim, (one, other), by_induction)
            found = replace(found, instances=instances, induction=induction)
        return found.read(equality, claim, tuple(dict.fromkeys(said)))

    def _from_start(self, name: str, end: int) -> tuple[Claim | None, Unreadable | None]:
        """The start of the chain equated with a side, and what may be a condition of that.

        None where one of the two cannot be read, or a sign between them is no equality.
        """
        first, right = self.printed[0], self.printed[end]
        for each in (first, right) if end == 1 else (right,):
            self._pass(each)
        sides = both(first, right)
        if end == 1 or self.broken or sides is None:
            return None, None
        given = tuple(dict.fromkeys(self.said))
        place, title = right.side.place, title_of(first, right)
        whole = (f"{name} from the start", place.row, title, sides, given)
        try:
            claim = read_by(self.here.file.attempts, lambda: self.here.claim(*whole), place, title)
            claim, apart_ = self._up_to(claim, 0, end)
        except Unreadable:
            return None, None
        doubt = (apart_ and apart_.doubt) or self.doubt_so_far or self._condition_beside(given)
        doubt = self._asked(sides, claim) or doubt or self.here.doubt_of(claim)
        return claim, self._of_recurrence(doubt, sides, claim)

    def _pass(self, printed: PrintedSide) -> None:
        """Go on along the chain, and note what has been said on the way."""
        self.broken = self.broken or printed.side.sign is not None
        self.doubt_so_far = self.doubt_so_far or printed.doubt
        self.said += printed.conditions
        if printed.problem is not None and printed.side.may_have_condition:
            self.doubt_so_far = self.doubt_so_far or printed.problem

    def _up_to(self, claim: Claim, start: int, end: int) -> tuple[Claim, Apart | None]:
        """The claim of two sides, where they are equal up to a constant."""
        between = self.printed[start : end + 1]
        factor = any(each.side.proportional for each in between[1:])
        sides = [each.meaning for each in between if each.meaning is not None]
        left_out = [each.without for each in sides if each.without is not None]
        if not factor and not left_out:
            return claim, None
        head = self.statement.sides[0].tree
        return apart(claim, head, self.here.scope, left_out, factor=factor)

    def _condition_beside(self, own: tuple[Condition, ...]) -> Unreadable | None:
        """A condition in another row of the statement, or one that the words above may say.

        It may be one of this line as well, which has its ``own``.
        """
        for each in self.printed:
            if any(condition not in own for condition in each.conditions):
                what = "is the condition in this row one of the other rows?"
                advice = "write it in each row, or under the display as - if $...$"
                return Unreadable(each.side.place, each.side.latex[:40], what, advice)
        said = len(own) > len(self.here.scope.conditions)
        return None if said else self.here.chain.perhaps

    def _asked(self, sides: Sides, claim: Claim) -> Question | None:
        """What the sides may be meant otherwise for, or the names in them."""
        asked = question(*sides, claim.conditions)
        return asked or self.names.asked(claim, self.here.scope)

    def _of_recurrence(
        self, doubt: Unreadable | None, sides: Sides, claim: Claim
    ) -> Unreadable | None:
        """A doubt, or what is asked of arrays and families whose members say one another."""
        if doubt is not None:
            return doubt
        found = says_step(*sides)
        if found is not None:
            self.known = self.known.saying_in_steps(found, claim.id)
        said = self.known.in_steps
        met = next((each for each in free_in(*claim.well_typed).variables if each in said), None)
        if met is not None:
            what = f"does {said[met]} say what {met.name} is?"
            advice = "write it as define h_t = f(h_{t-1}, x_t), with h_0 declared above"
            return Question(sides[0].node.at, written(sides[0].node)[:40], what, advice)
        scope, left, right = self.here.scope, claim.left, claim.right
        if not scope.steps or not isinstance(left, Term) or not isinstance(right, Term):
            return None
        return any_values(sides[0].node, left, right, scope)

    def _instances(self, claim: Claim, sides: Sides, of: Instances) -> tuple[Claim, ...]:
        """What a line says at some members of a recurrence; none where one is not read."""
        found: list[Claim] = []
        left, right = sides
        try:
            for said, (one, other), scope in of(claim, (left.node, right.node), self.here.scope):
                name = f"{claim.id} at {said}"
                plain = replace(claim, id=name, conditions=scope.conditions, names=scope.names)
                found.append(equated(plain, elaborated(one, scope), elaborated(other, scope)))
        except Unreadable:
            return ()
        return tuple(found)

    def _standing(self, end: int) -> Standing:
        """How a line stands among others."""
        statement, right = self.statement, self.printed[end].side
        sign = right.sign_token.value if right.sign_token is not None else ""
        return Standing(
            chain=self.here.file.chains,
            statement=self.number,
            premise=statement.leads and end == len(self.printed) - 1,
            follows=statement.follows,
            to_be=sign.startswith("= ") and sign[2:].strip() in SIGNS,
            solves=self.solves if end == 1 else None,
        )


def title_of(left: PrintedSide, right: PrintedSide) -> str:
    return f"{left.side.latex} = {right.side.latex}"


def _conditions(sides: Sides) -> tuple[Condition, ...]:
    return (*sides[0].conditions, *sides[1].conditions)


def says_what_is(name: Meaning, said: Meaning) -> Saying | None:
    """What a line asks that has a variable alone on its left, and more than a name on its right.

    For all values of the variable that is never true: it is meant as what the variable is, or holds
    under something that is not written.
    """
    variable = _variable_of(name.value)
    if variable is None or not isinstance(said.value, Term):
        return None
    value = said.value.of if isinstance(said.value, Negative) else said.value
    if _variable_of(value) or isinstance(value, Number) or variable in free_in(value).variables:
        return None
    what = f"does this say what {written(name.node)} is?"
    advice = "it is declared to be any; define it there to have this judged"
    return Saying(name.node.at, written(name.node), what, advice)


def says_step(name: Meaning, said: Meaning) -> Variable | None:
    """The array of which a line says how one entry is made of others, so many before or behind.

    It is no claim on an array that may be any, and what follows is said of one that is made so.
    """
    variable = _variable_of(name.value)
    if variable is None or not isinstance(said.value, Term):
        return None
    return variable if any(_is_step(each, variable) for each in _all_parts(said.value)) else None


def _all_parts(term: Term) -> Iterator[Term]:
    yield term
    for part in parts(term):
        yield from _all_parts(part)


def _is_step(term: Term, variable: Variable) -> bool:
    match term:
        case Entry(of, members):
            return _variable_of(of) is variable and any(isinstance(m, Offset) for m in members)
        case Row(of, Offset()) | Slice(of, Offset()):
            return (of if isinstance(of, Variable) else _variable_of(of)) is variable
    return False


def _variable_of(value: Value) -> Variable | None:
    """The variable that a side is, or is an entry, row or member of."""
    match value:
        case Reference(variable) | Slice(variable, _):
            return variable
        case Entry(of, _) | Row(of, _) | Transpose(of):
            return _variable_of(of)
    return None


def over_pairs(trees: Sequence[Node], said: set[str], scope: Scope) -> list[Node]:
    """The sides of a statement, sums below whose sign ``i \\ne j`` stands made ones over pairs.

    That is where both letters stand in the summand, and nothing fixes the second one: it is free
    nowhere else, neither on the other side nor in what is ``said`` beside.
    """
    free = said.union(*map(_free_letters, trees))

    def is_over_pairs(sign: Node, behind: tuple[Node, ...]) -> bool:
        names = _pair_below(sign)
        inside = set[str]().union(*map(letters_of, behind))
        known = set(scope.letters)
        return bool(names) and {*names} <= inside & known and names[1] not in free

    def changed(node: Node) -> Node:
        if not isinstance(node, Product):
            return node
        factors = tuple(
            _run_over_both(each) if is_over_pairs(each, node.factors[place + 1 :]) else each
            for place, each in enumerate(node.factors)
        )
        return node if factors == node.factors else replace(node, factors=factors)

    return [rebuilt(each, changed) for each in trees]


def _pair_below(sign: Node) -> tuple[str, ...]:
    """The letters of ``\\sum_{i \\ne j}``; none of anything else."""
    only = sign.sub.only if isinstance(sign, Script) and sign.sub and is_sum(sign) else None
    if not isinstance(only, Relation) or only.signs != (r"\ne",):
        return ()
    names = tuple(map(letter_of, only.parts))
    return names if all(names) else ()


def _free_letters(node: Node) -> set[str]:
    """The letters of a formula that no sum before them binds; of those below sums over two none."""
    found = {node.text} if isinstance(node, Leaf) else {letter_of(node)}
    if not isinstance(node, Product):
        return found.union(*map(_free_letters, inner(node)))
    bound = set[str]()
    for each in node.factors:
        if isinstance(each, Script) and is_sum(each):
            pieces = pieces_below(each.sub) if each.sub is not None else ()
            firsts = (one.parts[0] if isinstance(one, Relation) else one for one in pieces)
            bound = bound.union(_pair_below(each), map(letter_of, firsts))
        found |= _free_letters(each) - bound
    return found


def _run_over_both(sign: Node) -> Node:
    assert isinstance(sign, Script)
    assert sign.sub is not None
    (only,) = sign.sub.items
    assert isinstance(only, Relation)
    return replace(sign, sub=replace(sign.sub, items=(only.parts[1], only), separators=(PAIRS,)))
