"""Judgements put back beside the claims, false claims and lines they are about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

from derivations.claim import Claim, Judgement
from derivations.reader.line import Line
from derivations.report.results import JudgedLine, Results, is_proved
from derivations.report.subject import Subject


def results_of(subject: Subject, judgements: Sequence[Judgement], seconds: float) -> Results:
    """The results of a run; ``judgements`` are in the order of ``subject.everything``."""
    found = iter(judgements)
    claims = tuple(islice(found, len(subject.claims)))
    slips = tuple(islice(found, len(subject.slips)))
    lines = tuple(_judged(line, found) for line in subject.lines)
    return Results(claims, slips, seconds, _recovered(lines))


def _judged(line: Line, found: Iterator[Judgement]) -> JudgedLine:
    def judgement_of(claim: Claim | None) -> Judgement | None:
        return next(found) if claim is not None else None

    judgement = next(found)
    return JudgedLine(line, judgement, judgement_of(line.from_start), judgement_of(line.correction))


def _recovered(lines: tuple[JudgedLine, ...]) -> tuple[JudgedLine, ...]:
    """The lines, those that went wrong in a chain whose end follows from its start marked so."""
    marked: list[JudgedLine] = []
    recovers = False
    for line in reversed(lines):
        if line.line.ends_chain:
            recovers = line.from_start is not None and is_proved(line.from_start)
        wrong = not is_proved(line.judgement)
        marked.append(replace(line, chain_recovers=recovers and wrong))
    return tuple(reversed(marked))
