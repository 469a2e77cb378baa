"""Coverage of judgements by certificates: what is to be certified, what Coq accepted, a record."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from derivations.certify.certificate import Certificate, certificate
from derivations.certify.coqc import Checked
from derivations.certify.writer import NotCovered
from derivations.claim import Judgement, Verdict
from derivations.reader.line import NotRead
from derivations.report.judging import Judge, judge_all
from derivations.report.subject import Subject

# What is to be certified: the judgements of each subject, and what is not covered and why.


class Disagreed(Exception):
    """Two arguments about one claim came to different ends: an error of this project."""


@dataclass
class Plan:
    """All judgements by subject and id, their certificates, and why there is none of the others.

    ``unread`` are the lines that are not read, with the reasons.
    """

    certificates: list[Certificate] = field(default_factory=list)
    judgements: dict[str, Judgement] = field(default_factory=dict)
    uncovered: dict[str, str] = field(default_factory=dict)
    unread: dict[str, str] = field(default_factory=dict)


def plan_of(subjects: Mapping[str, Subject], judge: Judge | None = None) -> Plan:
    """Judge everything and write its certificates; raises Disagreed."""
    plan = Plan()
    for name, subject in subjects.items():
        for line in subject.lines:
            if isinstance(line, NotRead):
                plan.unread[f"{name}/{line.id}"] = str(line.problem)
        for judgement in judge_all(subject.everything, judge, "default", lambda _: None):
            if judgement.disagreement:
                raise Disagreed(f"about {judgement.claim.id}:\n  {judgement.reason}")
            key = f"{name}/{judgement.claim.id}"
            plan.judgements[key] = judgement
            try:
                plan.certificates.append(certificate(name, judgement))
            except NotCovered as reason:
                plan.uncovered[key] = str(reason)
    return plan


def is_expected(judgement: Judgement) -> bool:
    """Whether there has to be a certificate: the claim was found true or false."""
    return judgement.verdict in (Verdict.PROVED, Verdict.REFUTED)


# What a run came to: every judgement with its certificate, or why it has none.


def subject_of(key: str) -> str:
    """The subject that an id stands under."""
    return key.partition("/")[0]


@dataclass(frozen=True)
class Entry:
    """One judgement: its subject and id, the verdict, and what became of its certificate."""

    key: str
    verdict: str
    theorem: str
    accepted: bool
    expected: bool
    reason: str


@dataclass(frozen=True)
class Outcome:
    """A plan and what Coq said of its certificates."""

    plan: Plan
    checked: dict[str, Checked]

    @property
    def entries(self) -> Iterator[Entry]:
        """Every judgement in order, then the lines that are not read."""
        for key, judgement in self.plan.judgements.items():
            checked = self.checked.get(key)
            yield Entry(
                key,
                judgement.verdict.value,
                checked.certificate.theorem if checked else "",
                bool(checked and checked.accepted),
                is_expected(judgement),
                self._reason(key, checked),
            )
        for key, reason in self.plan.unread.items():
            yield Entry(
                key, Verdict.NOT_READ.value, "", accepted=False, expected=False, reason=reason
            )

    def _reason(self, key: str, checked: Checked | None) -> str:
        if checked is None:
            return self.plan.uncovered[key]
        return "" if checked.accepted else checked.reason

    @property
    def subjects(self) -> frozenset[str]:
        """What the run was of."""
        return frozenset(map(subject_of, self.plan.judgements))

    @property
    def failures(self) -> list[Entry]:
        """What is proved or refuted, and stated in Coq, and not accepted there."""
        return [entry for entry in self.entries if entry.theorem and not entry.accepted]

    @property
    def not_reached(self) -> list[Entry]:
        """What is proved or refuted, and not stated in Coq; the reason says why."""
        return [entry for entry in self.entries if entry.expected and not entry.theorem]


# The committed list of what Coq accepted: by id, the theorem and the digest of what was checked.
#
# Written by ``python -m derivations.certify --record`` after Coq accepted it, and by nothing
# else; of subjects that were not run, what was written before stays. A digest is of the
# statement, its proof and the library; where it is the one that the claim has now, the claim is
# the one that was checked, and this can be said without Coq.


CHECKED = Path(__file__).with_name("checked.json")
COMMAND = "python -m derivations.certify"

Recorded = dict[str, dict[str, str]]


def record(outcome: Outcome, file: Path = CHECKED) -> None:
    """Write down what was accepted."""
    known = {
        key: {"theorem": checked.certificate.theorem, "digest": checked.certificate.digest}
        for key, checked in outcome.checked.items()
        if checked.accepted
    }
    others = {key: entry for key, entry in recorded(file).items() if not _was_run(key, outcome)}
    recorded.cache_clear()
    text = json.dumps(dict(sorted({**others, **known}.items())), indent=1, ensure_ascii=False)
    file.write_text(text + "\n", encoding="utf-8")


def _was_run(key: str, outcome: Outcome) -> bool:
    return subject_of(key) in outcome.subjects


@cache
def recorded(file: Path = CHECKED) -> Recorded:
    """What was written down; nothing where there is no such file."""
    if not file.exists():
        return {}
    known: Recorded = json.loads(file.read_text(encoding="utf-8"))
    return known


def out_of_date(outcome: Outcome, file: Path = CHECKED) -> list[str]:
    """The ids of which the record says something else than what was just checked."""
    now = {key: each.certificate.digest for key, each in outcome.checked.items() if each.accepted}
    then = {key: entry["digest"] for key, entry in recorded(file).items() if _was_run(key, outcome)}
    return sorted(key for key in now.keys() | then.keys() if now.get(key) != then.get(key))


def standing(subject: str, judgements: Iterable[Judgement]) -> Iterator[str]:
    """For each judgement its theorem, and whether what Coq accepted is what is claimed now."""
    for judgement in judgements:
        key = f"{subject}/{judgement.claim.id}"
        try:
            now = certificate(subject, judgement)
        except NotCovered as reason:
            yield f"{key}: no theorem ({reason})"
            continue
        known = recorded().get(key)
        if known is None:
            said = f"not checked; {COMMAND} does"
        elif known["digest"] == now.digest:
            said = "checked by Coq; the digest is current"
        else:
            said = f"what Coq checked was something else; check it anew with {COMMAND}"
        yield f"{now.theorem} in {now.file}.v: {said}"
