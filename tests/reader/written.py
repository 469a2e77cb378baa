"""The first derivation file, read once, and its lines by id."""

from functools import lru_cache
from pathlib import Path

from derivations.reader.derivation import derivation
from derivations.reader.line import Line

FILE = Path(__file__).parents[2] / "derivations" / "word2vec" / "written.md"


@lru_cache(maxsize=1)
def lines() -> dict[str, Line]:
    """Every line of the file, in reading order."""
    found = derivation(FILE.read_text(encoding="utf-8"), FILE.name).lines
    return {line.id: line for line in found}
