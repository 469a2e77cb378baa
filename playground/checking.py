"""One text judged again and again, as it is typed: what the worker behind the page runs.

A process cannot be forked in a browser, so whoever runs this hears of every piece of work before it
begins, and ends all of it where a piece takes too long; the next worker is told to give it up.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from time import perf_counter

from derivations.claim import Claim, Evidence, Judgement, Verdict
from derivations.reader.derivation import Readings
from derivations.reader.source import Attempts, Broken
from derivations.report.findings import of_line
from derivations.report.judging import UNEXPECTED, Keys, evidence_of, judge_all, with_suggestions
from derivations.report.page import mark, page
from derivations.report.results import FileResult, Results, results_of
from derivations.report.subject import BadSubject, HowToRead, instead, of_file
from derivations.report.workers import Limits

FILE = Path("derivation.md")
ALL_WELL, FAILED, NO_SUBJECT = 0, 1, 2
QUICK = Limits(seconds=1)  # for each search for small edits: nobody asked for it


@dataclass
class Checker:
    """What is known of a text that changes: how it was read, and judgements by what they are on.

    ``begun`` hears the name of each piece of work before it begins, and nothing when it has ended.
    """

    begun: Callable[[str], None]
    readings: Readings = field(default_factory=Readings)
    keys: Keys = field(default_factory=Keys)
    known: dict[str, Evidence] = field(default_factory=dict)
    results: Results | None = None

    def check(self, text: str, given_up: Mapping[str, str]) -> str:
        """What there is to show of a text, as JSON: ``code``, ``said``, and what goes with these.

        ``marks`` are the verdicts by their lines, ``page`` the report as a document of its own,
        ``proposal`` the declarations for a text that has none. ``given_up`` says of pieces of work
        why they are not tried; what is told under that name is to be given up by a new worker, as
        memory or the stack ran out in this one.
        """
        FILE.write_text(text, encoding="utf-8")
        start, how = perf_counter(), HowToRead()
        attempts = self._attempts(text, given_up)
        self.results = None
        try:
            subject = of_file(str(FILE), attempts, how, self.readings)
            attempts.require_sound()
        except Broken as broken:
            pieces = {f"{_digest(text)}:{number}": why for number, why in broken.pieces.items()}
            return _told(NO_SUBJECT, "", given_up=pieces)
        except BadSubject as error:
            return _told(NO_SUBJECT, str(error))
        if not subject.everything:
            said = instead(str(FILE), how, attempts)
            if said is not None:
                return _told(NO_SUBJECT, said.complaint, proposal=said.page.strip())
        judgements = [self._judged(claim, given_up) for claim in subject.everything]
        self.keys.keep(subject.everything)
        results = results_of(subject, judgements, 0.0)
        self.results = replace(results, seconds=perf_counter() - start)
        return self._shown(self.results)

    def suggest(self) -> str:
        """The same as before, with small edits that make wrong lines true."""
        if self.results is None:
            return _told(NO_SUBJECT, "")
        self.begun("suggestions")
        self.results = with_suggestions(self.results, UNEXPECTED, QUICK)
        self.begun("")
        return self._shown(self.results)

    def _attempts(self, text: str, given_up: Mapping[str, str]) -> Attempts:
        digest = _digest(text)
        names = (name.partition(":") for name in given_up)
        known = {int(n): given_up[f"{d}:{n}"] for d, _, n in names if d == digest and n}
        return Attempts(
            known,
            begin=lambda number: self.begun(f"{digest}:{number}"),
            end=lambda: self.begun(""),
        )

    def _judged(self, claim: Claim, given_up: Mapping[str, str]) -> Judgement:
        key = self.keys(claim)
        if key in given_up:
            return Judgement(claim, Verdict.UNDECIDED, reason=given_up[key])
        if key not in self.known:
            self.begun(key)
            (found,) = judge_all([claim], None, "default", lambda name: None, Limits())
            self.begun("")
            self.known[key] = evidence_of(found)
        return self.known[key](claim)

    def _shown(self, results: Results) -> str:
        code = ALL_WELL if results.passed else FAILED
        shown = page([FileResult(FILE.name, code, results)], lambda file, line: [])
        return _told(code, "", marks=_marks(results), page=shown)


def _marks(results: Results) -> dict[int, list[tuple[str, str, str, str]]]:
    """By lines of the text: the mark, class and id of each equality, and what is said of it."""
    found: dict[int, list[tuple[str, str, str, str]]] = {}
    for each in results.lines:
        where = of_line(each)
        said = (mark(each), each.kind, each.line.id, where.message)
        found.setdefault(where.line, []).append(said)
    return found


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def _told(code: int, said: str, **more: object) -> str:
    return json.dumps({"code": code, "said": said, **more})
