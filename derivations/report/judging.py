"""Claims judged, and repairs sought, in processes that can be ended: of one file or of many.

A file that is watched is judged again and again: keys of claims say what is judged only once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import Field, dataclass, field, fields, is_dataclass, replace
from enum import Enum
from fractions import Fraction
from functools import partial
from hashlib import sha256
from time import perf_counter

from rich.console import Group, RenderableType
from rich.text import Text
from sympy import Basic, IndexedBase

from derivations.claim import FALLEN, Claim, Evidence, Judgement, Verdict
from derivations.proof.judge import Disagreement, judge
from derivations.reader.derivation import Readings
from derivations.reader.equation import Line
from derivations.reader.source import Attempts
from derivations.repair import Before, Budget, ending, suggestions
from derivations.report import workers
from derivations.report.findings import headline, in_a_sentence, looked_at, screen, where
from derivations.report.results import JudgedLine, Results, Suggested, results_of
from derivations.report.stdio import ALL_WELL, FAILED, WRONG_USAGE, progress
from derivations.report.style import GOOD, QUIET, Folded, rendered, width
from derivations.report.subject import BadSubject, HowToRead, Subject, instead, of_file
from derivations.report.verify_options import may_take_in
from derivations.report.workers import FORKS, Answer, Limits, Stopped, Work, answer

# Judging many claims at once, one process a core, each claim within limits.
#
# A claim stays where it is: worker processes are forked with all claims at hand, are told an id
# and answer with plain evidence, so that no expression is ever sent between processes. Where
# processes cannot be forked, each comes by the claims anew.


Judge = Callable[[Claim, str], Judgement]
Claims = Callable[[], Iterable[Claim]]
MOST_PROCESSES = 8


def judge_all(
    claims: Sequence[Claim],
    by: Judge | None,
    sizes: str,
    on_judged: Callable[[str], None],
    limits: Limits | None = None,
    again: Claims | None = None,
) -> list[Judgement]:
    """The judgements in the order of ``claims``; ``on_judged`` hears of each as it is judged.

    Whatever happens while one is judged, it is undecided with the reason, and the others are
    judged. ``by`` stands in for the judge where the command itself is tested. ``again`` is how a
    process that is not forked comes by the claims; without it they are judged in this one, where
    no limit is enforced.
    """
    limits = limits or Limits()
    work = _Judging({claim.id: claim for claim in claims}, by or judge, sizes, again)
    found: dict[str, Judgement] = {}

    def done(name: str, outcome: object) -> None:
        found[name] = _judgement(work.claims[name], outcome)
        on_judged(name)

    if workers.FORKS or again is not None:
        shares = _shares(claims, sizes)
        processes = min(workers.cores(), len(shares), MOST_PROCESSES)
        workers.run(work, shares, limits, processes, done)
    else:
        judge_one = work()
        for claim in claims:
            done(claim.id, workers.outcome_of(judge_one, claim.id, limits))
    return [found[claim.id] for claim in claims]


@dataclass
class _Judging:
    """What every process has at hand; one that is not forked comes by the claims again."""

    claims: dict[str, Claim]
    judge: Judge
    sizes: str
    again: Claims | None

    def __call__(self) -> Work:
        if not self.claims and self.again is not None:
            self.claims = {claim.id: claim for claim in self.again()}
        return partial(_evidence, self.claims, self.judge, self.sizes)

    def __getstate__(self) -> dict[str, object]:
        return {**vars(self), "claims": {}}


def _shares(claims: Sequence[Claim], sizes: str) -> list[list[str]]:
    """What one process is given at a time, the largest share first.

    The claims and slips of a part are about the same derivatives, which are then taken once.
    At full sizes derivatives are the least of the work, and each claim is a share of its own.
    """
    shares: dict[str, list[str]] = {}
    for claim in claims:
        shares.setdefault(claim.id if sizes == "full" else claim.part, []).append(claim.id)
    return sorted(shares.values(), key=len, reverse=True)


def _evidence(claims: dict[str, Claim], by: Judge, sizes: str, name: str) -> Evidence:
    """What is found out about a claim."""
    try:
        judgement = by(claims[name], sizes)
    except Disagreement as error:
        reason = f"two arguments contradict each other: {error}"
        return partial(Judgement, verdict=Verdict.UNDECIDED, reason=reason, disagreement=True)
    return evidence_of(judgement)


def evidence_of(judgement: Judgement) -> Evidence:
    """All of a judgement but its claim: plain data."""
    names = [field.name for field in fields(Judgement) if field.name != "claim"]
    return partial(Judgement, **{name: getattr(judgement, name) for name in names})


def _judgement(claim: Claim, outcome: object) -> Judgement:
    if isinstance(outcome, Stopped):
        undecided = Verdict.UNDECIDED
        return Judgement(claim, undecided, reason=outcome.reason, seconds=outcome.seconds)
    assert isinstance(outcome, partial)
    judgement: Judgement = outcome(claim)
    return judgement


# Many files judged while they are read: a number of claims at a time, of one file or of several.
#
# What has been judged is told to the process that watches this one. If this one is replaced, as a
# later file comes to no end, the new one reads all of them again but judges none of these twice.


ENOUGH = 24  # claims for which processes are started


@dataclass
class AsRead:
    """Files that wait to be judged, and the judgements on those that have been.

    ``found`` are the files that nobody named: one of them is not judged where another takes it in,
    which is known when all are read. Where processes are not forked, none is judged here.
    """

    judge: Judge | None
    sizes: str
    limits: Limits
    attempts: Attempts
    found: frozenset[str]
    files: int
    read: int = 0
    waiting: dict[str, Subject] = field(default_factory=dict)
    judgements: dict[str, list[Judgement]] = field(default_factory=dict)

    def add(self, file: str, subject: Subject) -> None:
        """One file more; those that wait are judged where they are enough."""
        self.waiting[file] = subject
        ready = {name: each for name, each in self.waiting.items() if not self._may_be_taken(name)}
        if sum(len(each.everything) for each in ready.values()) >= ENOUGH:
            self._judge(ready)

    def finish(self) -> None:
        """Judge those that still wait."""
        self._judge(self.waiting)

    def _may_be_taken(self, file: str) -> bool:
        return file in self.found and may_take_in(file)

    def _judge(self, files: dict[str, Subject]) -> None:
        self.attempts.require_sound()
        if not FORKS:
            return
        named = {
            f"{file}: {claim.id}": replace(
                claim, id=f"{file}: {claim.id}", part=f"{file}: {claim.part}"
            )
            for file, subject in files.items()
            for claim in subject.everything
        }
        new = [claim for name, claim in named.items() if name not in self.attempts.known]
        with progress(len(new), self._said) as on_judged:
            for each in judge_all(new, self.judge, self.sizes, on_judged, self.limits):
                self.attempts.tell(each.claim.id, evidence_of(each))
        known = self.attempts.known
        for file, subject in files.items():
            self.judgements[file] = [
                known[f"{file}: {claim.id}"](claim) for claim in subject.everything
            ]
        self.waiting = {name: each for name, each in self.waiting.items() if name not in files}

    @property
    def _said(self) -> str:
        return f"{self.read} of {self.files} read" if self.read < self.files else ""


# Suggestions for the lines that do not hold, sought in processes that can be ended.


UNEXPECTED, ALL, NONE = "unexpected", "all", "none"


def with_suggestions(results: Results, which: str, limits: Limits) -> Results:
    """The results with suggestions for wrong lines: the unexpected ones, all, or none.

    A search ends after twice the budget of a line; it is ended from outside after three times.
    """
    shares = list(_runs(results, which))
    if not shares:
        return results
    searches = _Searches(2 * limits.seconds, shares)
    found: dict[str, object] = {}
    with progress(sum(map(len, shares))) as on_searched:

        def done(name: str, outcome: object) -> None:
            found[name] = outcome
            on_searched(f"repairs of {name}")

        names = [[line.id for line in share] for share in shares]
        allowed = replace(limits, seconds=3 * limits.seconds)
        if workers.FORKS:
            processes = min(workers.cores(), len(shares))
            workers.run(lambda: searches.search, names, allowed, processes, done)
        else:
            for name in (name for share in names for name in share):
                done(name, workers.outcome_of(searches.search, name, allowed))
    return replace(results, lines=tuple(_with(each, found) for each in results.lines))


def _runs(results: Results, which: str) -> Iterator[list[Line]]:
    """The wrong lines, those together of which each goes on from the one before it."""
    run: list[Line] = []
    for judged in results.lines:
        sought = judged.verdict in FALLEN and (which == ALL or not judged.as_expected)
        line = judged.line if sought and which != NONE else None
        if run and not (isinstance(line, Line) and _goes_on(run[-1], line)):
            yield run
            run = []
        if isinstance(line, Line):
            run.append(line)
    if run:
        yield run


def _goes_on(before: Line, line: Line) -> bool:
    return line.from_start is not None and before.equality.right == line.equality.left


@dataclass
class _Searches:
    """One search after the other; each knows the repair of the line that it goes on from."""

    seconds: float
    runs: list[list[Line]]
    repaired: Before | None = None

    def search(self, name: str) -> tuple[Suggested, ...]:
        """What is suggested for a line, as plain data."""
        line, first = next(
            (line, line is run[0]) for run in self.runs for line in run if line.id == name
        )
        before = None if first else self.repaired
        self.repaired = None
        found = suggestions(line, Budget(seconds=self.seconds), before)
        self.repaired = ending(line, found)
        return tuple(Suggested(each.latex, each.edits, each.before) for each in found)


def _with(judged: JudgedLine, found: dict[str, object]) -> JudgedLine:
    outcome = found.get(judged.line.id)
    if isinstance(outcome, Stopped):
        return replace(judged, unsearched=outcome.reason)
    if isinstance(outcome, tuple):
        return replace(judged, suggestions=outcome)
    return judged


# What a claim says, as a key: two claims with the same key have the same judgement.
#
# A claim is a tree whose names are objects. Here each object is named by its turn, so that a
# claim that was read a second time, with objects of its own, has the key that it had; everything
# that an object says of itself (shape, conditions, the body of a definition) belongs to the key,
# and so does everything that a claim may follow from. Only where it stands does not.


# of a claim itself: what it is called and where it stands
_APART = ("id", "part", "place", "title")
_ATOMS = (str, int, bool, Fraction, type(None))


class Unkeyed(TypeError):
    """A claim has something in it that this module does not know."""


@dataclass
class Keys:
    """The keys of claims; that of an object that was seen before is kept with it."""

    known: dict[int, tuple[Claim, str]] = field(default_factory=dict)

    def __call__(self, claim: Claim) -> str:
        """The key of a claim."""
        found = self.known.get(id(claim))
        if found is None:
            found = self.known[id(claim)] = (claim, key_of(claim))
        return found[1]

    def keep(self, claims: tuple[Claim, ...]) -> None:
        """Forget all others."""
        kept = (self.known.get(id(claim)) for claim in claims)
        self.known = {id(each[0]): each for each in kept if each is not None}


def key_of(claim: Claim) -> str:
    """A digest of all that a claim says."""
    digest = sha256()
    for piece in _Spelling().claim(claim):
        digest.update(piece.encode("utf-8", "surrogatepass"))
        digest.update(b"\0")
    return digest.hexdigest()


class _Spelling:
    def __init__(self) -> None:
        self.seen: dict[int, int] = {}
        self.held: list[object] = []  # so that no object has the number of one that is gone

    def claim(self, claim: Claim) -> Iterator[str]:
        for each in fields(claim):
            if each.name not in _APART:
                yield from self._of(getattr(claim, each.name))

    def _of(self, value: object) -> Iterator[str]:
        if isinstance(value, _ATOMS):
            yield f"{type(value).__name__} {value!r}"
        elif isinstance(value, Enum):
            yield f"{type(value).__name__}.{value.name}"
        elif isinstance(value, Basic):
            yield from self._of_expression(value)
        elif isinstance(value, tuple | list):
            yield f"({len(value)}"
            for each in value:
                yield from self._of(each)
        elif isinstance(value, frozenset | set):
            yield f"{{{len(value)}"
            yield from sorted("\1".join(self._of(each)) for each in value)
        elif isinstance(value, Mapping):
            yield f"[{len(value)}"
            for name, each in value.items():
                yield from self._of(name)
                yield from self._of(each)
        elif is_dataclass(value) and not isinstance(value, type):
            yield from self._of_object(value, fields(value))
        elif callable(value):
            yield f"function {value.__module__}.{getattr(value, '__qualname__', '')}"
        else:
            raise Unkeyed(f"no key for {type(value).__name__}")

    def _of_object(self, value: object, names: tuple[Field[object], ...]) -> Iterator[str]:
        number = self.seen.get(id(value))
        if number is not None:
            yield f"#{number}"
            return
        self.seen[id(value)] = len(self.seen)
        self.held.append(value)
        yield f"{type(value).__name__} {len(names)}"
        for each in names:
            if each.compare:
                yield each.name
                yield from self._of(getattr(value, each.name))

    def _of_expression(self, value: Basic) -> Iterator[str]:
        yield f"{type(value).__name__} {len(value.args)}"
        if not value.args or isinstance(value, IndexedBase):
            yield repr(value._hashable_content())
        for each in value.args:
            yield from self._of(each)


# What has changed between two judgings of one file: newly proved, newly wrong, new, gone.


NOTHING_MOVED = "no verdict has moved"


@dataclass(frozen=True)
class Seen:
    """A line as it was told: ``says`` is a key of what it claims, ``told`` all that was said."""

    id: str
    latex: str
    says: str
    verdict: Verdict
    well: bool
    told: str


@dataclass(frozen=True)
class Moved:
    """A line, and what has become of it; ``judged`` is None where it is gone."""

    how: str
    line: Seen
    judged: JudgedLine | None = None


def seen(results: Results, keys: Keys) -> tuple[Seen, ...]:
    """The lines of a file as they are told, to be compared with what they are later."""
    return tuple(
        Seen(
            each.line.id,
            each.line.latex,
            _says(each, keys),
            each.verdict,
            not each.failures,
            in_a_sentence(each),
        )
        for each in results.lines
    )


def _says(judged: JudgedLine, keys: Keys) -> str:
    line = judged.line
    if line.unread:
        return f"not read: {line.latex}"
    return " ".join(map(keys, line.claims))


def moves(before: Sequence[Seen], results: Results, after: Sequence[Seen]) -> Iterator[Moved]:
    """What has become of each line that is not as it was; what is gone comes last."""
    partners = _partners(before, after)
    for judged, line in zip(results.lines, after, strict=True):
        was = partners.get(line.id)
        how = _how(was, line)
        if how:
            yield Moved(how, line, judged)
    kept = {was.id for was in partners.values()}
    yield from (Moved("gone", was) for was in before if was.id not in kept)


def _partners(before: Sequence[Seen], after: Sequence[Seen]) -> dict[str, Seen]:
    """What each line was before: the one that said the same, else the one of the same name."""
    waiting: dict[str, list[Seen]] = {}
    for was in before:
        waiting.setdefault(was.says, []).append(was)
    found: dict[str, Seen] = {}
    for line in after:
        same = waiting.get(line.says, [])
        if same:
            found[line.id] = same.pop(0)
    left = {was.id: was for each in waiting.values() for was in each}
    return {line.id: left[line.id] for line in after if line.id in left} | found


def _how(was: Seen | None, line: Seen) -> str:
    if was is None:
        return f"new, {line.verdict.value}"
    if (was.verdict, was.well) == (line.verdict, line.well):
        return "" if was.well or was.told == line.told else f"still {line.verdict.value}"
    if line.verdict is Verdict.PROVED:
        return "newly proved"
    if line.well:
        return f"now {line.verdict.value}, as the file says"
    return f"newly wrong: {line.verdict.value}" if was.well else f"now {line.verdict.value}"


def difference(
    file: str, results: Results, found: Sequence[Moved], width: int, *, judged: int
) -> RenderableType:
    """The headline, and each line that has moved; ``judged`` claims were not known before."""
    parts: list[RenderableType] = [headline(results, file)]
    if not found:
        parts.append(Text(f"  {NOTHING_MOVED} ({judged} judged)", QUIET))
    for each in found:
        if each.judged is None:
            parts.append(Folded([f"- {each.line.id}  {each.line.latex}  gone"], QUIET))
        elif each.line.well:
            parts.append(Folded([f"✓ {each.line.id}  {each.line.latex}  {each.how}"], GOOD))
        else:
            parts.append(Text(f"✗ {each.line.id}  {each.how}"))
            parts += looked_at(each.judged, file, width)
    told = {each.line.id for each in found}
    still = [line for line in results.lines if line.failures and line.line.id not in told]
    parts += [Text("still to look at:", QUIET)] if still else []
    parts += (where(line, file) for line in still)
    return Group(*parts)


# One file judged again and again: what a line claims is judged once, for as long as it is watched.
#
# Each time is in a process of its own, with the limits of every run, which begins with all that
# is known: what the file was read as, and the judgements by what they are on. It gives back what
# it has found in addition, as plain data; then this process reads the file as well, to know next
# time what it was read as.


QUICK = 2.0  # seconds that a claim has taken which is judged once more where nobody waits
READ_ANEW = "read anew as a whole, this is what it says:"


@dataclass(frozen=True)
class Look(Answer):
    """What one look at a file came to: the lines as told, and the judgements that are new.

    ``whole`` says that nothing of it was given up.
    """

    lines: tuple[Seen, ...] | None = None
    found: Mapping[str, Evidence] = field(default_factory=dict)
    moved: int = 0
    whole: bool = False


@dataclass
class Watched:
    """One file with what is known of it; ``known`` has judgements by what they are on."""

    file: str
    how: HowToRead = field(default_factory=HowToRead)
    limits: Limits = field(default_factory=Limits)
    known: dict[str, Evidence] = field(default_factory=dict)
    readings: Readings = field(default_factory=Readings)
    keys: Keys = field(default_factory=Keys)
    lines: tuple[Seen, ...] | None = None
    sure: bool = True  # whether it has been read as a whole since it was read in pieces
    waiting: list[Claim] = field(default_factory=list)
    warmed: set[str] = field(default_factory=set)

    def look(self) -> Look:
        """Judge what is new, and tell what has moved; all of it the first time."""
        found = self._answer(partial(_look, self, self.readings))
        if found.lines is not None:
            self.known |= found.found
            self.sure = self.lines is None
            self.lines = found.lines
        return found

    def remember(self, found: Look) -> None:
        """Read the file in this process, which is known to come to an end: for the next look."""
        if found.whole:
            self._read()

    def look_anew(self) -> Look | None:
        """Read all of it once more; what that tells otherwise than the pieces did, if anything."""
        self.sure = True
        found = self._answer(partial(_look, self, Readings()))
        if found.lines is None or found.lines == self.lines:
            return None
        self.readings, self.lines = Readings(), found.lines
        self.known |= found.found
        return replace(found, page=f"{READ_ANEW}\n{found.page}")

    def _answer(self, run: Callable[[Attempts], Answer]) -> Look:
        found = answer(run, self.limits)
        return found if isinstance(found, Look) else Look(found.code, found.page, found.complaints)

    def _read(self) -> None:
        try:
            subject = of_file(self.file, None, self.how, self.readings)
        except BadSubject:
            return  # it has been changed meanwhile
        keys = [self.keys(claim) for claim in subject.everything]
        self.keys.keep(subject.everything)
        self.waiting = [
            claim
            for key, claim in zip(keys, subject.everything, strict=True)
            if key not in self.warmed and self._is_quick(key)
        ]

    def _is_quick(self, key: str) -> bool:
        return key in self.known and self.known[key].keywords["seconds"] < QUICK

    def warm(self) -> bool:
        """Judge one more claim in this process; whether there was one left to judge.

        What comes of it is known. But derivatives and normal forms are remembered by this process
        and by those that it forks, so that a line near this one is judged in half the time.
        """
        if not self.waiting:
            return False
        claim = self.waiting.pop(0)
        self.warmed.add(self.keys(claim))
        with suppress(Exception):  # it was told already
            judge(claim)
        return True


def _look(watched: Watched, readings: Readings, attempts: Attempts) -> Look:
    started = perf_counter()
    file, how = watched.file, watched.how
    try:
        subject = of_file(file, attempts, how, readings)
    except BadSubject as error:
        return Look(WRONG_USAGE, complaints=(str(error),))
    attempts.require_sound()
    if not (how.given or subject.everything):
        said = instead(file, how, attempts)
        if said is not None:
            return Look(said.code, said.page, (said.complaint,))
    keys = {claim.id: watched.keys(claim) for claim in subject.everything}
    new = {keys[claim.id]: claim for claim in subject.everything}
    claims = [claim for key, claim in new.items() if key not in watched.known]
    found = _judged(claims, keys, watched.limits)
    known = {**watched.known, **found}
    judgements = [known[keys[claim.id]](claim) for claim in subject.everything]
    results = replace(results_of(subject, judgements, 0.0), seconds=perf_counter() - started)
    lines = seen(results, watched.keys)
    moved = list(moves(watched.lines or (), results, lines))
    page = _page(watched, results, moved, len(claims))
    code = ALL_WELL if results.passed else FAILED
    return Look(code, page, (), lines, found, len(moved), not attempts.given_up)


def _judged(claims: list[Claim], keys: Mapping[str, str], limits: Limits) -> dict[str, Evidence]:
    """The judgements by what they are on; each claim may go to a process of its own."""
    apart = [replace(claim, part=claim.id) for claim in claims]
    with progress(len(apart)) as on_judged:
        found = judge_all(apart, None, "default", on_judged, limits)
    return {keys[each.claim.id]: evidence_of(each) for each in found}


def _page(watched: Watched, results: Results, moved: list[Moved], judged: int) -> str:
    if watched.lines is None:
        return rendered(screen(results, width(), watched.file, everything=False))
    return rendered(difference(watched.file, results, moved, width(), judged=judged))
