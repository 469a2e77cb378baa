"""Every derivation file says of each of its lines what the judge says of it."""

from functools import cache
from importlib.resources import files
from pathlib import Path

import pytest

from derivations.claim import Verdict
from derivations.proof.judge import judge
from derivations.reader.derivation import derivation
from derivations.reader.line import Derivation, Line

FOLDER = Path(str(files("derivations")))
SUBJECTS = sorted(path.parent.name for path in FOLDER.glob("*/written.md"))
LONG = {"attention_head", "logistic_regression", "softmax_regression", "two_layer_network"}
JUDGED = [
    pytest.param(subject, marks=[pytest.mark.slow] if subject in LONG else [])
    for subject in SUBJECTS
]
FAULTY = (Verdict.REFUTED, Verdict.ILL_TYPED)


@cache
def document(subject: str) -> Derivation:
    path = FOLDER / subject / "written.md"
    return derivation(path.read_text(encoding="utf-8"), path.name)


def expected(line: Line) -> Verdict:
    return line.expected or Verdict.PROVED


def test_the_subjects_are_there() -> None:
    assert {"cbow", "contrastive", "glove", "hierarchical_softmax", "word2vec"} <= {*SUBJECTS}
    assert LONG | {"layer_normalisation", "variational_autoencoder"} <= {*SUBJECTS}


@pytest.mark.parametrize("subject", JUDGED)
def test_each_line_has_the_verdict_that_its_document_expects(subject: str) -> None:
    judged = {line.id: judge(line.claim) for line in document(subject).lines}
    wrong = {
        line.id: (judged[line.id].verdict, judged[line.id].reason)
        for line in document(subject).lines
        if judged[line.id].verdict is not expected(line)
    }
    assert wrong == {}
    assert all(each.witness for each in judged.values() if each.verdict is Verdict.REFUTED)


@pytest.mark.parametrize("subject", JUDGED)
def test_each_faulty_line_has_a_correction_that_is_proved(subject: str) -> None:
    faulty = [line for line in document(subject).lines if expected(line) in FAULTY]
    for line in faulty:
        assert line.correction is not None, line.id
        assert judge(line.correction).verdict is Verdict.PROVED, line.id
    assert len(faulty) >= 2


@pytest.mark.parametrize("subject", SUBJECTS)
def test_most_lines_are_proved_and_none_is_expected_to_be_undecided(subject: str) -> None:
    verdicts = [expected(line) for line in document(subject).lines]
    assert verdicts.count(Verdict.PROVED) >= 8
    assert Verdict.UNDECIDED not in verdicts


@pytest.mark.parametrize("subject", SUBJECTS)
def test_a_document_names_its_source_and_says_nothing_of_what_reads_it(subject: str) -> None:
    text = (FOLDER / subject / "written.md").read_text(encoding="utf-8")
    assert text.startswith("# ")
    assert "python" not in text.lower()
