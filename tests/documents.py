"""The written derivations of the subjects, and the false claims about word2vec, each read once."""

from __future__ import annotations

from functools import cache

from derivations.reader.derivation import Derivation, derivation
from derivations.report.subject import document, false_claims

SLIPS = false_claims()


@cache
def written(subject: str) -> Derivation:
    """The derivation of a subject, as it is written."""
    path = document(subject)
    return derivation(path.read_text(encoding="utf-8"), path.name)
