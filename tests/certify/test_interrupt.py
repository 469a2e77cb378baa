"""An interrupted run keeps nothing of what Coq could not finish."""

from pathlib import Path

import pytest

from derivations.certify import coqc
from derivations.certify.certificate import Certificate
from tests.certify.correspondence import as_proved


def test_what_was_interrupted_is_neither_kept_nor_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def interrupted(certificates: list[Certificate], *_: object) -> None:
        asked.append(certificates[0].file)
        raise KeyboardInterrupt

    monkeypatch.setattr(coqc, "version", lambda: "pretended")
    monkeypatch.setattr(coqc, "compile_library", lambda folder: None)
    monkeypatch.setattr(coqc, "check", interrupted)
    parts = [as_proved(id) for id in ("a.softmax", "b.entry", "c.any", "e.forms")]
    with pytest.raises(KeyboardInterrupt):
        coqc.check_all(parts, coqc.Store(tmp_path), 1, lambda _: None)
    assert not (tmp_path / "accepted").exists()
    assert asked[0] == "word2vec_a"


def test_two_answers_of_coq_are_told_apart() -> None:
    text = (
        "Axioms:\nA.one : nat\nB.two\n  : forall x : nat,\n    x = x\n"
        "Closed under the global context\n"
    )
    assert coqc._assumptions(text) == [frozenset({"A.one", "B.two"}), frozenset()]
