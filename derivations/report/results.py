"""Results: judgements beside what they are about, whether each is as expected, what is required.

What is required is shown where a chain of proved lines leads from its one side to the other. Sides
are told apart by their keys (`language/arrangement.py`), so that how terms are ordered and what
abbreviations are called does not matter; that the equality is true does not count. From a line that
holds only under something that the exercise does not say nothing follows. A derivative that proved
lines lead from to an answer may be put in where it stands in another line, as in a chain rule: the
lines say so for all values of what is in them.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from itertools import islice, product

from derivations.claim import FALLEN, Claim, Condition, Judgement, OfData, Verdict
from derivations.language.arrangement import Key, Untaken, key, left_to_take
from derivations.language.traversal import free_in, parts, with_members
from derivations.language.tree import Derivative, Negative, Number, Term
from derivations.reader.equation import Line, Made, NotRead, is_zero_alone
from derivations.reader.premises import Required
from derivations.reader.segmentation import Elsewhere
from derivations.reader.source import MOST_DIGITS, AnyValues, Question, Unreadable
from derivations.report.statement import in_short
from derivations.report.subject import Subject

Judged = tuple[Line | NotRead, Judgement | None]
TOO_DEEP = "it is nested too deep to be compared"
MOST_RENAMINGS = 30
UNSAID, ASSUMED = "holds under what the exercise does not say", "follows from what is assumed"


@dataclass(frozen=True)
class Shown:
    """A required equality: the ids of the lines that show it, or why it is not shown."""

    id: str
    required: Required
    by: tuple[str, ...] = ()
    reason: str = ""

    @property
    def is_shown(self) -> bool:
        """Whether proved steps lead from the one side to the other."""
        return not self.reason

    @property
    def verdict(self) -> str:
        """``shown`` or ``not shown``."""
        return "shown" if self.is_shown else "not shown"

    @property
    def said(self) -> str:
        """The same with by what, or why not."""
        by = f" by {', '.join(self.by)}" if self.by else ""
        return f"{self.verdict}{by}" if self.is_shown else f"{self.verdict}: {self.reason}"


def named(number: int) -> str:
    """The id of a required equality."""
    return f"required.{number}"


def showing(required: Sequence[Required], lines: Sequence[Judged]) -> tuple[Shown, ...]:
    """What came of each required equality, in their order."""
    known: dict[tuple[Condition, ...], _Steps] = {}
    found: list[Shown] = []
    for number, each in enumerate(required, 1):
        name = named(number)
        try:
            if each.conditions not in known:
                known[each.conditions] = _Steps(lines, each.conditions)
            found.append(known[each.conditions].shown(name, each))
        except RecursionError:
            found.append(Shown(name, each, reason=TOO_DEEP))
    return tuple(found)


@dataclass(frozen=True)
class _Side:
    """One side of a line: the term, what is printed, and the derivatives that stand in it."""

    term: Term
    latex: str
    untaken: Sequence[Untaken]


@dataclass(frozen=True)
class _Step:
    """A line that was read, and why it does not count, if it does not."""

    id: str
    left: _Side
    right: _Side
    missing: str


Path = list[_Step]


def _steps(lines: Sequence[Judged], conditions: tuple[Condition, ...]) -> Iterator[_Step]:
    for line, judgement in lines:
        if not isinstance(line, Line) or line.claim.misfit is not None or judgement is None:
            continue
        missing = ""
        if judgement.verdict is not Verdict.PROVED:
            missing = f"is {judgement.verdict.value}"
        elif not set(line.claim.conditions) <= set(conditions):
            missing = UNSAID
        elif judgement.shown or judgement.premises:
            missing = ASSUMED
        left, right = (
            _Side(term, latex, left_to_take(term))
            for term, latex in zip(line.claim.terms, (line.left, line.right), strict=True)
        )
        yield _Step(line.id, left, right, missing)


class _Steps:
    """The lines of a solution as steps between terms, under some conditions.

    ``values`` are the derivatives that are known, by their keys, and ``paths`` the steps that lead
    to what each of them is.
    """

    def __init__(self, lines: Sequence[Judged], conditions: tuple[Condition, ...]) -> None:
        self.unread = [line.id for line, _ in lines if line.unread]
        self.steps = list(_steps(lines, conditions))
        self.proved = [each for each in self.steps if not each.missing]
        self.values: dict[Key, Key] = {}
        self.paths: dict[Key, Path] = {}
        self.keys: dict[int, Key] = {}  # of terms, by their identity
        self.kept: list[Term] = []
        while self._answer():
            pass

    def shown(self, name: str, required: Required) -> Shown:
        """Whether some proved steps show what is required."""
        variants = list(islice(self._renamed(required), MOST_RENAMINGS))
        for each in variants:
            path = self._path(self.proved, each)
            if path is not None:
                return Shown(name, required, by=tuple(dict.fromkeys(step.id for step in path)))
        begun = next((each for each in variants if self._is_begun(each)), required)
        return Shown(name, required, reason=self._why_not(begun))

    def _renamed(self, required: Required) -> Iterator[Required]:
        """What is required, and the same with other letters for its free indices.

        It is said for all of them, unless a condition tells them apart.
        """
        yield required
        terms = [each for each in (required.left, required.right) if each is not None]
        letters = list(free_in(*terms).indices)
        if not letters or any(not isinstance(each, OfData) for each in required.conditions):
            return
        there = {
            (each.space, each.name): each
            for step in self.steps
            for each in free_in(step.left.term, step.right.term).indices
        }
        choices = [[each for each in there.values() if each.space == old.space] for old in letters]
        for chosen in product(*choices):
            if len({each.name for each in chosen}) == len(chosen):
                members = dict(zip(letters, chosen, strict=True))
                left, *right = (with_members(term, members) for term in terms)
                new = replace(required, left=left, right=right[0] if right else None)
                self.kept += [left, *right]  # so that no other term has their identity
                yield new

    def _key(self, term: Term) -> Key:
        if id(term) not in self.keys:
            self.keys[id(term)] = key(term, self.values)
        return self.keys[id(term)]

    def _path(self, steps: Sequence[_Step], required: Required) -> Path | None:
        """The steps from one side of what is required to the other; None where there are none."""
        start = key(required.left)
        if required.right is None:
            if start in self.paths:
                return self.paths[start]
            return self._walk(steps, required.left, self._answers(steps, required.left))
        if start == key(required.right):
            return next(([each] for each in steps if _both(each, start)), None)
        before = self.paths.get(start, [])
        path = self._walk(steps, required.left, {self._key(required.right)})
        return None if path is None else [*before, *path]

    def _answers(self, steps: Sequence[_Step], term: Term) -> set[Key]:
        """What an answer to a term may be: another one in which no derivative is left open."""
        asked = {each.by for each in left_to_take(term)}
        sides = (side for each in steps for side in (each.left, each.right))
        found = {
            self._key(side.term)
            for side in sides
            if all(
                each.key in self.values or (each.of_unknown and each.by not in asked)
                for each in side.untaken
            )
        }
        return found - {self._key(term)}

    def _answer(self) -> bool:
        """Note derivatives that proved steps lead from to an answer; whether there are new ones."""
        new = False
        for side in (side for each in self.proved for side in (each.left, each.right)):
            name = key(side.term)
            if name[0] != Derivative.__name__ or name in self.values:
                continue
            path = self._walk(self.proved, side.term, self._answers(self.proved, side.term))
            if path is not None:
                value = self._reached(side.term, path)
                self.values |= {name: value, self._key(side.term): value}
                self.paths[name] = path
                new = True
        self.keys.clear()
        return new

    def _reached(self, term: Term, path: Path) -> Key:
        at = self._key(term)
        for each in path:
            left, right = self._key(each.left.term), self._key(each.right.term)
            at = right if at == left else left
        return at

    def _walk(self, steps: Sequence[_Step], start: Term, ends: Iterable[Key]) -> Path | None:
        """The shortest way along the steps to one of the ends."""
        wanted, begin = set(ends), self._key(start)
        ways: dict[Key, Path] = {begin: []}
        waiting = deque([begin])
        next_to: dict[Key, list[tuple[Key, _Step]]] = {}
        for each in steps:
            left, right = self._key(each.left.term), self._key(each.right.term)
            next_to.setdefault(left, []).append((right, each))
            next_to.setdefault(right, []).append((left, each))
        while waiting:
            at = waiting.popleft()
            if at in wanted:
                return ways[at]
            for other, step in next_to.get(at, ()):
                if other not in ways:
                    ways[other] = [*ways[at], step]
                    waiting.append(other)
        return None

    # Why something is not shown

    def _is_begun(self, required: Required) -> bool:
        """Whether the left side stands in a line."""
        start = key(required.left)
        sides = (side.term for each in self.steps for side in (each.left, each.right))
        return any(key(term) == start for term in sides)

    def _why_not(self, required: Required) -> str:
        also = f"; {', '.join(self.unread)} could not be read" if self.unread else ""
        through = self._path(self.steps, required)
        broken = next((each for each in through or () if each.missing), None)
        if broken is not None:
            return f"its chain breaks at {broken.id}, which {broken.missing}{also}"
        sides = [side for each in self.proved for side in (each.left, each.right)]
        start = self._key(required.left)
        ends = [
            side
            for side in sides
            if key(side.term) != key(required.left)
            and self._walk(self.proved, required.left, [self._key(side.term)]) is not None
        ]
        if ends:
            return f"its chain of proved steps ends with {ends[-1].latex}{also}"
        if any(self._key(side.term) == start for side in sides):
            return f"no proved step leads from {required.begins} to an answer{also}"
        return f"no proved line has {required.begins} on a side{also}"


def _both(step: _Step, wanted: Key) -> bool:
    return key(step.left.term) == wanted == key(step.right.term)


# What a line does in a text: most claim something, some only say what a name is or set up.
#
# A condition (``\nabla_w J = 0``) claims nothing, so it can be neither right nor wrong. It passes
# as one where two things hold, or a wrong step could hide in it: what vanishes is a derivative,
# or was shown to be one by a line before, and another line goes on from it.


UNFOUNDED = "no line judged before it shows what is zero to be a derivative; write that in front"
UNUSED = "no other line uses it"


class Role(StrEnum):
    """What a line does: only a claim can be proved."""

    CLAIM = "claim"
    DEFINITION = "definition"
    CONDITION = "condition"


MARKS: dict[Role, str] = {Role.DEFINITION: "≔", Role.CONDITION: "⇒"}


def conditions(lines: Sequence[Judged], beside: Sequence[Line | NotRead]) -> dict[str, str]:
    """The ids of the conditions among the lines, and why each does not pass as one, or empty.

    ``beside`` are lines that are not judged, and may use a condition.
    """
    lines_and_others = (*(line for line, _ in lines), *beside)
    used = frozenset(name for line in lines_and_others for name in _premises(line))
    parts = {line.part for line, judgement in lines if _is_condition(line, judgement)}
    found: dict[str, str] = {}
    known: set[tuple[str, Key]] = set()  # what is shown to be a derivative, in which part
    for line, judgement in lines:
        if line.part not in parts or not isinstance(line, Line) or line.claim.misfit is not None:
            continue
        sides = [term for term in line.claim.terms if not is_zero_alone(term)]
        keys = {(line.part, each) for each in map(_key, sides) if each is not None}
        is_one = any(isinstance(term, Derivative) for term in sides) or bool(keys & known)
        if _is_condition(line, judgement):
            reasons = ("" if is_one else UNFOUNDED, "" if line.id in used else UNUSED)
            found[line.id] = ", and ".join(filter(None, reasons))
        elif is_one and judgement is not None and _is_shown(judgement):
            known |= keys
    return found


def _is_condition(line: Line | NotRead, judgement: Judgement | None) -> bool:
    """Whether a line says what determines something, and is not true by itself."""
    if not isinstance(line, Line) or not line.claim.determines or judgement is None:
        return False
    return judgement.verdict is Verdict.UNDECIDED and not judgement.disagreement


def _is_shown(judgement: Judgement) -> bool:
    """Whether it is proved under nothing that lines before it say."""
    return judgement.verdict is Verdict.PROVED and not judgement.premises


def _key(term: Term) -> Key | None:
    """What tells a term apart; None where it is nested too deep."""
    try:
        return key(term)
    except RecursionError:
        return None


def _premises(line: Line | NotRead) -> list[str]:
    under = line.claim.under if isinstance(line, Line) else None
    return [each.name for each in under.premises] if under is not None else []


# The judgements of a run beside what they are about, and whether each is as it should be.


def is_proved(judgement: Judgement) -> bool:
    """A claim passes when it is proved, and in no other case."""
    return judgement.verdict is Verdict.PROVED


def has_fallen(judgement: Judgement) -> bool:
    """A false claim passes when it is shown to be false or without meaning."""
    return judgement.verdict in FALLEN


@dataclass(frozen=True)
class Suggested:
    """A line near a wrong one that is proved, and how one comes from the one to the other.

    ``before`` is the id of the line above whose repaired right side it goes on from.
    """

    latex: str
    edits: tuple[str, ...]
    before: str = ""


@dataclass(frozen=True)
class Failure:
    """The id of what did not come out as it should, and how it came out."""

    id: str
    verdict: Verdict


@dataclass(frozen=True)
class JudgedLine:
    """What was found out about a printed line, its chain so far, and its correction.

    ``judgement`` is None where the line is not read. ``chain_recovers`` says that the end of its
    chain does follow from its start. ``suggestions`` are small edits that make the line true; None
    where none were sought, or where the search was given up: then ``unsearched`` says why.
    ``role`` is another than that of a claim where it passes as that, and claims nothing;
    ``unused`` says that it does not pass as no other line uses the name that it introduces.
    """

    line: Line | NotRead
    judgement: Judgement | None
    from_start: Judgement | None = None
    correction: Judgement | None = None
    chain_recovers: bool = False
    suggestions: tuple[Suggested, ...] | None = None
    unsearched: str = ""
    role: Role = Role.CLAIM
    unused: bool = False

    @property
    def verdict(self) -> Verdict:
        """What was found out about the line itself."""
        return self.judgement.verdict if self.judgement else Verdict.NOT_READ

    @property
    def told(self) -> str:
        """Its verdict in a word, or its role where it claims nothing."""
        return self.verdict.value if self.role is Role.CLAIM else self.role.value

    @property
    def kind(self) -> str:
        """The same as the name of a class, of a page or of marks."""
        return self.told.replace(" ", "-")

    @property
    def reason(self) -> str:
        """Why it is not proved, where that is not said by numbers."""
        if self.line.unread:
            return str(self.line.unread)
        if self.unused and self.verdict is Verdict.PROVED:
            return f"this is the definition of {self.defines}; {UNUSED}"
        return self.judgement.reason if self.judgement else ""

    @property
    def notes(self) -> tuple[str, ...]:
        """What was shown where that is not the line by itself, and how it was read."""
        shown = self.judgement.shown if self.judgement else ""
        return (shown, *self.line.notes) if shown else self.line.notes

    @property
    def expected(self) -> Verdict:
        """The verdict that the file says it expects; proved where it says nothing."""
        return self.line.expected or Verdict.PROVED

    @property
    def as_expected(self) -> bool:
        """Whether the line has the verdict expected, or passes as what claims nothing."""
        if self.unused:
            return False
        claims = self.role is Role.CLAIM or self.line.expected is not None
        return self.verdict is self.expected or not claims

    @property
    def defines(self) -> str:
        """The name that it introduces, also with the sign of a definition; or empty."""
        made = self.line.standing.introduces
        return made.name if made else ""

    @property
    def failures(self) -> tuple[Failure, ...]:
        """The line where its verdict is not the expected one, its correction if not proved."""
        failed = () if self.as_expected else (Failure(self.line.id, self.verdict),)
        if self.correction is None or is_proved(self.correction):
            return failed
        return (*failed, _failure(self.correction))

    @property
    def seconds(self) -> float:
        """The time for all that was judged of it."""
        return sum(judgement.seconds for judgement in self.judgements)

    @property
    def judgements(self) -> tuple[Judgement, ...]:
        """All that was judged of it."""
        every = (self.judgement, self.from_start, self.correction)
        return tuple(judgement for judgement in every if judgement)


@dataclass(frozen=True)
class Results:
    """The judgements on claims, false claims and lines, each in the order they are listed.

    ``problems`` and ``elsewhere`` are those of the file, as in a Subject; ``required`` says which
    required equalities are shown.
    """

    claims: tuple[Judgement, ...]
    slips: tuple[Judgement, ...]
    seconds: float
    lines: tuple[JudgedLine, ...] = ()
    problems: tuple[Unreadable, ...] = ()
    elsewhere: tuple[Elsewhere, ...] = ()
    required: tuple[Shown, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether all is as it should be and shown, and nothing of the file was left out."""
        return not (self.failures or self.problems or self.not_shown)

    @property
    def not_shown(self) -> tuple[Shown, ...]:
        """The required equalities that are not shown."""
        return tuple(each for each in self.required if not each.is_shown)

    @property
    def failures(self) -> tuple[Failure, ...]:
        """Claims not proved, false claims that did not fall, lines not as expected."""
        return (
            *(_failure(claim) for claim in self.claims if not is_proved(claim)),
            *(_failure(slip) for slip in self.slips if not has_fallen(slip)),
            *(failure for line in self.lines for failure in line.failures),
        )

    @property
    def left_out(self) -> dict[str, int]:
        """How many equalities stand where none is judged, by what they stand in."""
        counts: Counter[str] = Counter()
        for each in self.elsewhere:
            counts[each.kind] += each.count
        return dict(counts)

    @property
    def disagreements(self) -> tuple[Judgement, ...]:
        """What two arguments contradict each other about: errors of this program."""
        return tuple(each for each in self.judgements if each.disagreement)

    @property
    def judgements(self) -> tuple[Judgement, ...]:
        """All that was judged, of claims, false claims and lines."""
        of_lines = (judgement for line in self.lines for judgement in line.judgements)
        return (*self.claims, *self.slips, *of_lines)

    @property
    def fallen(self) -> dict[str, int]:
        """How many false claims fell with each verdict."""
        counts = Counter(slip.verdict for slip in self.slips)
        return {verdict.value: counts[verdict] for verdict in FALLEN if counts[verdict]}

    @property
    def instances(self) -> int:
        """How many small instances were decided exactly in all."""
        return sum(judgement.instances for judgement in self.judgements)


@dataclass(frozen=True)
class FileResult:
    """What came of one of many files: its exit code, and its results or why there are none.

    ``proposal`` are the declarations that are proposed for it.
    ``taken_in_by`` is the file in which it is judged.
    """

    name: str
    code: int
    results: Results | None = None
    error: str = ""
    proposal: str = ""
    taken_in_by: str = ""


def results_of(subject: Subject, judgements: Sequence[Judgement], seconds: float) -> Results:
    """The results of a run; ``judgements`` are in the order of ``subject.everything``."""
    found = iter(judgements)
    claims = tuple(islice(found, len(subject.claims)))
    slips = tuple(islice(found, len(subject.slips)))
    judged = [_judged(line, found) for line in subject.lines]
    lines = _recovered(_settled(judged, subject.beside, strict=subject.strict))
    shown = showing(subject.required, [(each.line, each.judgement) for each in lines])
    return Results(claims, slips, seconds, lines, subject.problems, subject.elsewhere, shown)


def _judged(line: Line | NotRead, found: Iterator[Judgement]) -> JudgedLine:
    def judgement_of(claim: Claim | None, doubt: Unreadable | None) -> Judgement | None:
        return doubted(_exact(next(found)), doubt) if claim is not None else None

    judgement = judgement_of(line.claim, line.doubt) if isinstance(line, Line) else None
    from_start = judgement_of(line.from_start, line.doubt_from_start)
    correction = judgement_of(line.correction, line.doubt)
    if isinstance(line, Line) and judgement is not None:
        judgement = _by_instances(judgement, line, [next(found) for _ in line.instances])
        judgement = _by_induction(judgement, line, [next(found) for _ in line.induction])
    return JudgedLine(line, judgement, from_start, correction)


def _by_instances(judgement: Judgement, line: Line, instances: list[Judgement]) -> Judgement:
    """The judgement on a line that falls where one of its instances does.

    That is so if nothing but these says of which values of a recurrence it holds.
    """
    fallen = next((each for each in instances if each.verdict is Verdict.REFUTED), None)
    if fallen is None or judgement.disagreement or not isinstance(line.doubt, AnyValues):
        return judgement
    if judgement.verdict is Verdict.PROVED:
        reason = f"proved, but false at a member: {fallen.claim.id}"
        return replace(_undecided(judgement, reason), disagreement=True)
    return replace(fallen, claim=judgement.claim, seconds=judgement.seconds + fallen.seconds)


def _by_induction(judgement: Judgement, line: Line, steps: list[Judgement]) -> Judgement:
    """The judgement on a line that holds of what a recurrence starts from, and of each step."""
    if not steps or not all(map(is_proved, steps)) or judgement.disagreement:
        return judgement
    if judgement.verdict in FALLEN:
        reason = f"false, but proved by induction: {line.induction[-1].id}"
        return replace(_undecided(judgement, reason), disagreement=True)
    seconds = judgement.seconds + sum(each.seconds for each in steps)
    return replace(
        steps[-1], claim=judgement.claim, seconds=seconds, shown="it follows by induction"
    )


def _exact(judgement: Judgement) -> Judgement:
    """The judgement on what is false of numbers alone, unless they agree as far as decimals go.

    A decimal by itself is the other side to half a unit of its last place; where there are several,
    or one within a formula, the sides may differ by a unit.
    """
    claim, witness = judgement.claim, judgement.witness
    sides = [each for each in (claim.left, claim.right) if isinstance(each, Term)]
    free = free_in(*sides)
    varied = (free.variables, free.indices, free.functions, free.sizes, free.lists)
    if judgement.verdict is not Verdict.REFUTED or witness is None or any(varied):
        return judgement
    places = [each for side in sides for each in _decimal_places(side)]
    if not places:
        return judgement
    alone = len(places) == 1 and any(isinstance(_bare(side), Number) for side in sides)
    unit = Fraction(1, 10 ** min(places)) / (2 if alone else 1)
    (low, high), (least, most) = (map(Fraction, each) for each in (witness.left, witness.right))
    if max(most - low, high - least) > unit:
        return judgement
    said = f"false as it stands ({in_short(witness)}), but true as far as its decimals go"
    return _undecided(judgement, f"{said}: are they rounded?; write \\approx, or exact numbers")


def _decimal_places(term: Term) -> Iterator[int]:
    """How many places behind the point each decimal in a term has: no other number has any."""
    if isinstance(term, Number) and term.value.denominator > 1:
        yield next(n for n in range(1, MOST_DIGITS + 1) if 10**n % term.value.denominator == 0)
    for part in parts(term):
        yield from _decimal_places(part)


def _bare(term: Term) -> Term:
    """A term without the minus in front of it."""
    return term.of if isinstance(term, Negative) else term


def doubted(judgement: Judgement, doubt: Unreadable | None) -> Judgement:
    """What is false is so only as far as its conditions are known."""
    doubted = FALLEN if isinstance(doubt, Question) else (Verdict.REFUTED,)
    if doubt is None or judgement.verdict not in doubted:
        return judgement
    numbers = f" ({in_short(judgement.witness)})" if judgement.witness else ""
    otherwise = "it may be meant otherwise"
    if not isinstance(doubt, Question):
        otherwise = "what is not read may be a condition"
    reason = f"false as it stands{numbers}, but {otherwise}: {doubt}"
    return _undecided(judgement, reason)


def _settled(
    lines: list[JudgedLine], beside: Sequence[Line | NotRead], *, strict: bool
) -> tuple[JudgedLine, ...]:
    """The lines, those undecided that say what a name is, or whose name is said to be two things.

    Conditions are told apart from claims (`roles.py`).

    A name that is introduced a second time means what it is said to mean only if that is the same.
    What says what a name is passes where another line uses the name: by itself it shows nothing,
    and may be the claim that was to be shown.
    """
    every = [*(judged.line for judged in lines), *beside]
    used = frozenset(each for line in every for each in _used(line))
    proved = {each.line.id for each in lines if each.verdict is Verdict.PROVED}
    open_conditions = conditions([(each.line, each.judgement) for each in lines], beside)
    found: list[JudgedLine] = []
    for each in lines:
        if each.line.defines and each.judgement is not None:
            name = each.line.defines
            unused = each.line.standing.introduces not in used
            what = f"this is taken as the definition of {name}: there is nothing to prove"
            also = f", and {UNUSED}" if unused else ""
            reason = f"{what}{also}; declare {name} to have it judged"
            is_well = not (unused or each.judgement.disagreement)
            each = replace(
                each,
                judgement=_undecided(each.judgement, reason),
                role=Role.DEFINITION if is_well else Role.CLAIM,
                unused=unused,
            )
        elif each.line.id in open_conditions and each.judgement is not None:
            why = open_conditions[each.line.id]
            reason = f"{each.judgement.reason}{'; ' if why else ''}{why}"
            each = replace(
                each,
                judgement=replace(each.judgement, reason=reason),
                role=Role.CLAIM if why else Role.CONDITION,
            )
        elif strict and each.defines and each.line.standing.introduces not in used:
            each = replace(each, unused=True)
        open_ = next((again for again in each.line.again if again.line not in proved), None)
        if open_ is not None:
            what = f"{open_.name} is said to be two things, at {open_.first} and in {open_.line}"
            reason = f"{what}; declare it, or give one of them another name"
            each = replace(
                each,
                role=Role.CLAIM,
                judgement=each.judgement and _undecided(each.judgement, reason),
                from_start=each.from_start and _undecided(each.from_start, reason),
                correction=each.correction and _undecided(each.correction, reason),
            )
        found.append(each)
    return tuple(found)


def _used(line: Line | NotRead) -> frozenset[Made]:
    """The names that a line uses, and the one that it introduces where its chain goes on."""
    mine = line.standing.introduces
    goes_on = frozenset([mine]) if mine is not None and not line.ends_chain else frozenset()
    return line.standing.uses | goes_on


def _undecided(judgement: Judgement, reason: str) -> Judgement:
    """The same as undecided, unless it is an error of this program."""
    if judgement.disagreement:
        return judgement
    undecided = Verdict.UNDECIDED
    return replace(judgement, verdict=undecided, reason=reason, witness=None, difference="")


def _recovered(lines: tuple[JudgedLine, ...]) -> tuple[JudgedLine, ...]:
    """The lines, those that went wrong in a chain whose end follows from its start marked so."""
    marked: list[JudgedLine] = []
    recovers = False
    for line in reversed(lines):
        if line.line.ends_chain:
            recovers = line.from_start is not None and is_proved(line.from_start)
        wrong = line.verdict is not Verdict.PROVED and not line.line.defines
        marked.append(replace(line, chain_recovers=recovers and wrong))
    return tuple(reversed(marked))


def _failure(judgement: Judgement) -> Failure:
    return Failure(judgement.claim.id, judgement.verdict)
