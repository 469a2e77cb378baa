"""What is to be certified: the judgements of each subject, and what is not covered and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from derivations.certify.certificate import Certificate, certificate
from derivations.certify.writer import NotCovered
from derivations.claim import Judgement, Verdict
from derivations.reader.line import NotRead
from derivations.report.judging import Judge, judge_all
from derivations.report.subject import Subject


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
