"""A wrong file ends with its exit code, says where the fault is and what would settle it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from derivations import verify
from derivations.reader.attempts import Attempts
from derivations.report.workers import Answer, Limits, Run
from tests.reader.wrong_files import HEAD, WRONG


def in_this_process(run: Run, limits: Limits) -> Answer:
    """The run without a process of its own, for speed."""
    return run(Attempts())


def told(text: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    """Exit code and all that is printed of a file."""
    path = folder / "wrong.md"
    path.write_text(HEAD + text + "\n", encoding="utf-8")
    code = verify.main([str(path), "--repairs", "none", "--format", "json"])
    printed = capsys.readouterr()
    found = strings(json.loads(printed.out)) if printed.out else []
    return code, "\n".join([*found, printed.err])


def strings(value: object) -> list[str]:
    """All texts in what a page of JSON holds."""
    if isinstance(value, dict):
        return [text for each in value.values() for text in strings(each)]
    if isinstance(value, list):
        return [text for each in value for text in strings(each)]
    return [str(value)]


@pytest.mark.parametrize("text", WRONG)
def test_a_wrong_file_says_where_and_what_would_settle_it(
    text: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(verify, "answer", in_this_process)
    code, place, remedy = WRONG[text]
    found, page = told(text, tmp_path, capsys)
    assert found == code
    assert place in page or place.replace(":", "\n") in page
    assert remedy in page
    assert "Traceback" not in page


def test_there_are_many_wrong_files_and_a_right_one_passes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert len(WRONG) >= 60
    code, page = told("$$a = a$$", tmp_path, capsys)
    assert code == 0
    assert "proved" in page


def test_a_file_is_told_the_same_in_a_process_of_its_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, page = told(r"$$\frac{a = b$$", tmp_path, capsys)
    assert (code, "11:8" in page) == (1, True)
