"""Each shell completes commands, options and files."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from derivations.completion import PARSERS, SHELLS
from derivations.console import COMMANDS, main


def completion(shell: str, capsys: pytest.CaptureFixture[str]) -> str:
    pytest.importorskip("shtab")
    assert main(["completion", shell]) == 0
    return capsys.readouterr().out


def in_shell(shell: str, script: str, folder: Path) -> str:
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    done = subprocess.run(
        [shell, "-c", script], cwd=folder, capture_output=True, text=True, check=True
    )
    return done.stdout


def test_every_command_has_its_parser() -> None:
    assert {*PARSERS, "completion"} == COMMANDS.keys()


@pytest.mark.parametrize("shell", SHELLS)
def test_a_shell_gets_all_commands_and_options(
    shell: str, capsys: pytest.CaptureFixture[str]
) -> None:
    script = completion(shell, capsys)
    options = ("format", "given", "html", "emit", "version")
    assert all(word in script for word in (*COMMANDS, *options))


def test_bash_completes_commands_options_and_files(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "completion").write_text(completion("bash", capsys))
    (tmp_path / "homework.md").touch()
    script = """
    source completion
    function=$(complete -p derivations | sed 's/.*-F //; s/ .*//')
    for words in "derivations ver" "derivations verify --htm" "derivations watch home"; do
        COMP_WORDS=($words); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); COMPREPLY=()
        $function; echo "${COMPREPLY[@]}"
    done
    """
    assert in_shell("bash", script, tmp_path).split() == ["verify", "--html", "homework.md"]


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_the_others_can_be_parsed(
    shell: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "completion").write_text(completion(shell, capsys))
    assert in_shell(shell, f"{shell} -n completion && echo well", tmp_path) == "well\n"


def test_without_the_library_it_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "shtab", None)
    assert main(["completion", "bash"]) == 2
    assert "pip install shtab" in capsys.readouterr().err
