"""One file judged again and again: what a line claims is judged once, for as long as it is watched.

Each time is in a process of its own, with the limits of every run, which begins with all that is
known: what the file was read as, and the judgements by what they are on. It gives back what it has
found in addition, as plain data; then this process reads the file as well, to know next time what
it was read as.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from time import perf_counter
from typing import Any

from derivations.claim import Claim, Judgement
from derivations.proof.judge import judge
from derivations.reader.attempts import Attempts
from derivations.reader.incremental import Readings
from derivations.report.claim_key import Keys
from derivations.report.judging import evidence_of, judge_all
from derivations.report.moved import Moved, Seen, difference, moves, seen
from derivations.report.progress import progress
from derivations.report.proposing import instead
from derivations.report.results import Results, results_of
from derivations.report.screen import screen
from derivations.report.session import Answer, answer
from derivations.report.subject import BadSubject, HowToRead, of_file
from derivations.report.terminal import rendered, width
from derivations.report.workers import Limits

ALL_WELL, FAILED, NO_SUBJECT = 0, 1, 2
QUICK = 2.0  # seconds that a claim has taken which is judged once more where nobody waits
Evidence = dict[str, Any]  # a judgement without its claim
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
        return key in self.known and self.known[key]["seconds"] < QUICK

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
        return Look(NO_SUBJECT, complaints=(str(error),))
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
    judgements = [Judgement(claim, **known[keys[claim.id]]) for claim in subject.everything]
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
