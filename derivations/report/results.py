"""Results: judgements beside what they are about, roles of lines, whether each is as expected."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import islice

from derivations.claim import FALLEN, Claim, Judgement, Verdict
from derivations.language.arrangement import Key, key
from derivations.language.tree import Derivative, Term
from derivations.reader.line import Line, Made, NotRead
from derivations.reader.premises import is_zero_alone
from derivations.reader.segmentation import Elsewhere
from derivations.reader.source import AnyValues, Question, Unreadable
from derivations.report.required_equalities import Shown, showing
from derivations.report.statement import in_short
from derivations.report.subject import Subject

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

Judged = tuple[Line | NotRead, Judgement | None]


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
        if isinstance(self.line, NotRead):
            return str(self.line.problem)
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
        return doubted(next(found), doubt) if claim is not None else None

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
