"""The committed list of what Coq accepted: by id, the theorem and the digest of what was checked.

Written by ``python -m derivations.certify --record`` after Coq accepted it, and by nothing else; of
subjects that were not run, what was written before stays. A
digest is of the statement, its proof and the library; where it is the one that the claim has now,
the claim is the one that was checked, and this can be said without Coq.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from derivations.certify.certificate import certificate
from derivations.certify.outcome import Outcome, subject_of
from derivations.certify.writer import NotCovered
from derivations.claim import Judgement

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
