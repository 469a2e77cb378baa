"""Everything that is certified where nothing is picked: word2vec and the other documents."""

from __future__ import annotations

from pathlib import Path

from derivations.certify.coq_names import identifier
from derivations.report.subject import Subject, of_file, word2vec

ROOT = Path(__file__).parents[1]
DOCUMENTS = ("cbow", "glove", "contrastive", "hierarchical_softmax")
WORD2VEC = "word2vec"
# what takes longer: certified where the file is named
BY_FILE = (
    "attention_head",
    "layer_normalisation",
    "logistic_regression",
    "softmax_regression",
    "two_layer_network",
    "variational_autoencoder",
)


def all_subjects() -> dict[str, Subject]:
    """Every subject of this project by name."""
    documents = {name: of_file(str(ROOT / name / "written.md")) for name in DOCUMENTS}
    return {WORD2VEC: word2vec(), **documents}


def subject_name(file: str) -> str:
    """What the subject of a derivation file is called."""
    path = Path(file).resolve()
    stem = path.parent.name if path.name == "written.md" else path.stem
    return identifier(stem.replace("-", "_"))
