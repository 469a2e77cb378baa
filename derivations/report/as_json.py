"""The results as JSON, for machines.

The keys are stable. Top level: ``claims``, ``slips`` (the false claims), ``lines`` and ``summary``.
An entry: ``id``, ``part``, ``place``, ``title``, ``statement``, ``verdict``, ``reason``,
``proofs``, ``instances``, ``witness``, ``seconds``. A proof: ``name``, ``holds``, ``detail``,
``instances``. A witness is null, or ``sizes``, ``words``, ``values`` and the two intervals
``left`` and ``right``, each a pair of decimal strings. The summary: ``passed``, the number of
``claims`` and how many are ``proved``, the number of ``slips`` and how many have ``fallen``, the
ids of ``failures``, ``instances`` and ``seconds``; and of ``lines``, how many there are, are
proved (``lines_proved``) and have the verdict expected (``lines_as_expected``).

A line: ``id``, ``part``, ``line`` (of the file), ``latex``, ``verdict``, ``expected``, ``reason``,
``witness``, ``notes``, ``correction`` (LaTeX, or null), ``correction_verdict``,
``chain_end_verdict`` (the start of its chain against its right side), ``chain_recovers`` (it is
wrong, and the last right side of its chain does follow from the start), ``suggestions`` (null
where none were sought; each ``latex`` and ``edits``, in words) and ``seconds``.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from derivations.claim import Claim, Judgement
from derivations.reader.line import Line
from derivations.report.results import JudgedLine, Results, has_fallen, is_proved
from derivations.report.statement import statement
from derivations.report.subject import Subject


def as_json(results: Results) -> str:
    """The results as one JSON object."""
    summary = {
        "passed": not results.failures,
        "claims": len(results.claims),
        "proved": sum(map(is_proved, results.claims)),
        "slips": len(results.slips),
        "fallen": sum(map(has_fallen, results.slips)),
        "lines": len(results.lines),
        "lines_proved": sum(is_proved(line.judgement) for line in results.lines),
        "lines_as_expected": sum(line.as_expected for line in results.lines),
        "failures": [judgement.claim.id for judgement in results.failures],
        "instances": results.instances,
        "seconds": round(results.seconds, 6),
    }
    return _text(
        {
            "claims": list(map(_judged, results.claims)),
            "slips": list(map(_judged, results.slips)),
            "lines": list(map(_judged_line, results.lines)),
            "summary": summary,
        }
    )


def list_as_json(subject: Subject) -> str:
    """What there is to judge, before anything is judged."""
    return _text(
        {
            "claims": list(map(_listed, subject.claims)),
            "slips": list(map(_listed, subject.slips)),
            "lines": list(map(_printed, subject.lines)),
        }
    )


def _listed(claim: Claim) -> dict[str, Any]:
    return {
        "id": claim.id,
        "part": claim.part,
        "place": claim.place,
        "title": claim.title,
        "statement": statement(claim),
    }


def _printed(line: Line) -> dict[str, Any]:
    return {"id": line.id, "part": line.part, "line": line.place.line, "latex": line.latex}


def _judged_line(judged: JudgedLine) -> dict[str, Any]:
    judgement, correction = judged.judgement, judged.correction
    from_start = judged.from_start or judgement
    return {
        **_printed(judged.line),
        "verdict": judgement.verdict.value,
        "expected": judged.expected.value,
        "reason": judgement.reason,
        "witness": asdict(judgement.witness) if judgement.witness else None,
        "notes": list(judged.line.notes),
        "correction": correction.claim.title if correction else None,
        "correction_verdict": correction.verdict.value if correction else None,
        "chain_end_verdict": from_start.verdict.value,
        "chain_recovers": judged.chain_recovers,
        "suggestions": _suggestions(judged),
        "seconds": round(judged.seconds, 6),
    }


def _suggestions(judged: JudgedLine) -> list[dict[str, Any]] | None:
    if judged.suggestions is None:
        return None
    return [{"latex": each.latex, "edits": list(each.edits)} for each in judged.suggestions]


def _judged(judgement: Judgement) -> dict[str, Any]:
    return {
        **_listed(judgement.claim),
        "verdict": judgement.verdict.value,
        "reason": judgement.reason,
        "proofs": list(map(asdict, judgement.proofs)),
        "instances": judgement.instances,
        "witness": asdict(judgement.witness) if judgement.witness else None,
        "seconds": round(judgement.seconds, 6),
    }


def _text(content: dict[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"
