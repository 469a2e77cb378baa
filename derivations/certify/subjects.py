"""What is certified where nothing is picked: word2vec and the other documents, or all subjects."""

from __future__ import annotations

from pathlib import Path

from derivations.certify.coq_names import identifier
from derivations.report.subject import Subject, of_file, word2vec

ROOT = Path(__file__).parents[1]
WORD2VEC = "word2vec"
# said in a subject's file: what takes minutes, so that it is certified where the file is named, or
# all are asked for
FURTHER = "<!-- certified with --all: Coq takes minutes -->"


def documents() -> list[str]:
    """The subjects that are one file, by their folders: those that are quick, then the others."""
    found = {file.parent.name: file for file in ROOT.glob("*/written.md")}
    names = sorted(found.keys() - {WORD2VEC})
    return sorted(names, key=is_further)


def is_further(name: str) -> bool:
    """Whether its certificates take minutes, as its file says."""
    return FURTHER in Path(document(name)).read_text(encoding="utf-8")


def all_subjects(*, further: bool = False) -> dict[str, Subject]:
    """The subjects of this project by name, those that take longer where they are asked for."""
    names = [name for name in documents() if further or not is_further(name)]
    return {WORD2VEC: word2vec(), **{name: of_file(document(name)) for name in names}}


def document(name: str) -> str:
    """The file of a subject that is one."""
    return str(ROOT / name / "written.md")


def subject_name(file: str) -> str:
    """What the subject of a derivation file is called."""
    path = Path(file).resolve()
    stem = path.parent.name if path.name == "written.md" else path.stem
    return identifier(stem.replace("-", "_"))
