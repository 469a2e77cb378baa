"""What is certified where nothing is picked: word2vec and the other documents, or all subjects."""

from __future__ import annotations

from pathlib import Path

from derivations.certify.coq_names import identifier
from derivations.report.subject import Subject, of_file, word2vec

ROOT = Path(__file__).parents[1]
DOCUMENTS = ("cbow", "glove", "contrastive", "hierarchical_softmax")
WORD2VEC = "word2vec"
# what takes minutes: certified where the file is named, or all are asked for
FURTHER = (
    "attention_head",
    "layer_normalisation",
    "logistic_regression",
    "softmax_regression",
    "two_layer_network",
    "variational_autoencoder",
)


def all_subjects(*, further: bool = False) -> dict[str, Subject]:
    """The subjects of this project by name, those that take longer where they are asked for."""
    names = (*DOCUMENTS, *FURTHER) if further else DOCUMENTS
    return {WORD2VEC: word2vec(), **{name: of_file(document(name)) for name in names}}


def document(name: str) -> str:
    """The file of a subject that is one."""
    return str(ROOT / name / "written.md")


def subject_name(file: str) -> str:
    """What the subject of a derivation file is called."""
    path = Path(file).resolve()
    stem = path.parent.name if path.name == "written.md" else path.stem
    return identifier(stem.replace("-", "_"))
