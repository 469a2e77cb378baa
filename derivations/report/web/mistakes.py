"""The same mistake, made more than once: lines that are wrong by the same difference."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from derivations.report.results import FileResult, JudgedLine


@dataclass(frozen=True)
class Mistake:
    """A difference of sides, and who made it: the number of the file, and the line."""

    difference: str
    made: tuple[tuple[int, JudgedLine], ...]


def shared_mistakes(files: Sequence[FileResult]) -> list[Mistake]:
    """Those made in more than one file, the most frequent first."""
    made: dict[str, list[tuple[int, JudgedLine]]] = {}
    for number, file in enumerate(files):
        for line in file.results.lines if file.results else ():
            difference = line.judgement.difference if line.judgement else ""
            if difference and line.failures:
                made.setdefault(difference, []).append((number, line))
    shared = [
        Mistake(difference, tuple(lines))
        for difference, lines in made.items()
        if len({number for number, _ in lines}) > 1
    ]
    return sorted(shared, key=lambda mistake: -len(mistake.made))
