"""The command: what it writes, what it says without Coq, and what it refuses."""

import json
from pathlib import Path

import pytest

from derivations.certify.certificate import EVERY_FILE
from derivations.certify.certify_command import main

WRONG_USAGE = 2


@pytest.fixture
def without_coq(monkeypatch: pytest.MonkeyPatch) -> None:
    from derivations.certify import coqc

    coqc.version.cache_clear()
    monkeypatch.setenv("PATH", "")


@pytest.mark.usefixtures("without_coq")
def test_without_coq_it_says_what_to_install(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["e.complement"]) == WRONG_USAGE
    said = capsys.readouterr().err
    assert "apt-get install coq libcoq-coquelicot libcoq-interval" in said
    assert "--emit" in said


@pytest.mark.usefixtures("without_coq")
def test_without_coq_the_files_are_still_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["e.complement", "slip.e.even", "--emit", str(tmp_path)]) == 0
    assert "2 theorems" in capsys.readouterr().out
    text = (tmp_path / "word2vec_e.v").read_text()
    assert "Theorem holds :\n  forall (z : R),\n  (1 - sigma z\n  = sigma (- z))." in text
    assert "Theorem falls :\n  exists (z : R),\n  (1 - sigma z\n  <> sigma z)." in text
    listed = (tmp_path / "_CoqProject").read_text().splitlines()[2:]
    assert sorted(listed) == sorted([*(f"library/{name}.v" for name in EVERY_FILE), "word2vec_e.v"])
    assert all((tmp_path / name).exists() for name in listed)


def test_an_unknown_id_is_refused_with_a_near_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["e.complemen"]) == WRONG_USAGE
    assert "e.complement" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments", [["--jobs", "0"], ["--record", "e"], ["--all", "e"], ["a.md", "b.md"]]
)
def test_wrong_usage_is_refused(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == WRONG_USAGE


def test_a_file_that_cannot_be_read_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["no/such/file.md"]) == WRONG_USAGE
    assert "no/such/file.md" in capsys.readouterr().err


def test_what_was_accepted_before_is_not_asked_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from derivations.certify import certify_command, coqc

    asked: list[str] = []

    def pretend(certificates: list[object], library: Path, file: Path, on_checked: object) -> None:
        for each in certificates:
            asked.append(each.id)  # type: ignore[attr-defined]
            on_checked(coqc.Checked(each, frozenset()))  # type: ignore[operator, arg-type]

    for module in (certify_command, coqc):
        monkeypatch.setattr(module, "version", lambda: "pretended")
    monkeypatch.setattr(coqc, "compile_library", lambda folder: None)
    monkeypatch.setattr(coqc, "check", pretend)
    arguments = ["e.complement", "--cache", str(tmp_path), "--format", "json"]
    for _ in range(2):
        assert main(arguments) == 0
        page = json.loads(capsys.readouterr().out)
        assert page["summary"] == {"accepted": 1, "missing": [], "not_certified": []}
    assert asked == ["e.complement"]
    for kept in (tmp_path / "accepted").iterdir():
        kept.write_text("{")  # cut short by a full disk
    assert main(arguments) == 0
    assert asked == ["e.complement"] * 2
