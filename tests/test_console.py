"""The console script runs each command by its name, and says what it has."""

from __future__ import annotations

from pathlib import Path

import pytest

from derivations.console import main

TEXT = "```given\nscalar a, b\n```\n$$a + b = b + a$$\n\n$$a = b$$\n- line.2 refuted\n"


@pytest.fixture
def own(tmp_path: Path) -> str:
    path = tmp_path / "own.md"
    path.write_text(TEXT, encoding="utf-8")
    return str(path)


def test_a_file_is_verified(own: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", own]) == 0
    assert "2 steps · 1 proved · 1 wrong, as the file says" in " ".join(
        capsys.readouterr().out.split()
    )


def test_with_strict_a_file_cannot_say_that_it_expects_to_be_wrong(
    own: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["verify", own, "--strict", "--repairs", "none"]) == 1
    assert "2 steps · 1 proved · 1 to look at" in " ".join(capsys.readouterr().out.split())


def test_declarations_are_proposed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "own.md").write_text("$$x^T y = y^T x$$\n")
    assert main(["new", str(tmp_path / "own.md")]) == 0
    assert "vector x" in capsys.readouterr().out


def test_help_and_version_answer(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == main(["--help"]) == main(["--version"]) == 0
    told = capsys.readouterr().out
    assert told.count("usage: derivations") == 2
    assert "derivations 0" in told


def test_what_is_no_command_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verfy"]) == 2
    assert "'verfy' is no command" in capsys.readouterr().err
