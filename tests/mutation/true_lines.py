"""The lines to make slips in: everything in the written derivation that holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from derivations.claim import Claim
from derivations.reader.derivation import derivation
from derivations.reader.equation import Equality
from derivations.reader.line import Line

WRITTEN = Path(__file__).parents[2] / "derivations" / "word2vec" / "written.md"


@dataclass(frozen=True)
class TrueLine:
    """A line that is proved: as printed, or as it should have been."""

    id: str
    part: str
    equality: Equality
    claim: Claim


@cache
def true_lines() -> tuple[TrueLine, ...]:
    """Every line without a recorded fault, and every recorded correction."""
    text = WRITTEN.read_text(encoding="utf-8")
    return tuple(_true(derivation(text, WRITTEN.name).lines))


def _true(lines: tuple[Line, ...]) -> Iterator[TrueLine]:
    for line in lines:
        if line.correction is not None:
            equality = corrected(line)
            yield TrueLine(f"{line.id}*", line.part, equality, line.correction)
        elif line.expected is None:
            yield TrueLine(line.id, line.part, line.equality, line.claim)


def corrected(line: Line) -> Equality:
    """The recorded correction of a line."""
    found = line.correction
    assert found is not None
    terms = {"left": found.left, "right": found.right, "assumed": found.conditions}
    return replace(line.equality, **terms, loose=(None, None))
