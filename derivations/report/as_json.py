"""The results as JSON, for machines.

The keys are stable. Top level: ``claims``, ``slips`` (the false claims) and ``summary``.
An entry: ``id``, ``part``, ``place``, ``title``, ``statement``, ``verdict``, ``reason``,
``proofs``, ``instances``, ``witness``, ``seconds``. A proof: ``name``, ``holds``, ``detail``,
``instances``. A witness is null, or ``sizes``, ``words``, ``values`` and the two intervals
``left`` and ``right``, each a pair of decimal strings. The summary: ``passed``, the number of
``claims`` and how many are ``proved``, the number of ``slips`` and how many have ``fallen``, the
ids of ``failures``, ``instances`` and ``seconds``.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from derivations.claim import Claim, Judgement
from derivations.report.results import Results, has_fallen, is_proved
from derivations.report.statement import statement


def as_json(results: Results) -> str:
    """The results as one JSON object."""
    summary = {
        "passed": not results.failures,
        "claims": len(results.claims),
        "proved": sum(map(is_proved, results.claims)),
        "slips": len(results.slips),
        "fallen": sum(map(has_fallen, results.slips)),
        "failures": [judgement.claim.id for judgement in results.failures],
        "instances": results.instances,
        "seconds": round(results.seconds, 6),
    }
    return _text(
        {
            "claims": list(map(_judged, results.claims)),
            "slips": list(map(_judged, results.slips)),
            "summary": summary,
        }
    )


def list_as_json(claims: tuple[Claim, ...], slips: tuple[Claim, ...]) -> str:
    """The claims alone, before anything is judged."""
    return _text({"claims": list(map(_listed, claims)), "slips": list(map(_listed, slips))})


def _listed(claim: Claim) -> dict[str, Any]:
    return {
        "id": claim.id,
        "part": claim.part,
        "place": claim.place,
        "title": claim.title,
        "statement": statement(claim),
    }


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
