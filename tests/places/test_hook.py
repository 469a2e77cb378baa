"""The hook for pre-commit: its entry, run on files as pre-commit runs it."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

import pytest

from derivations.console import COMMANDS, main

ROOT = Path(__file__).parents[2]
MANIFEST = (ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")
HOOK = dict(
    line.lstrip("- ").split(": ", 1) for line in MANIFEST.splitlines() if not line.startswith("#")
)
TRUE = "```given\nscalar a, b\n```\n$$a + b = b + a$$\n"


def test_the_manifest_says_what_pre_commit_asks() -> None:
    assert {"id", "name", "entry", "language", "types_or"} <= HOOK.keys()
    assert HOOK["language"] == "python"
    script, command = shlex.split(HOOK["entry"])
    assert (script, command) == ("derivations", "verify")
    assert command in COMMANDS


def test_the_hook_passes_and_fails_with_the_files_that_it_is_handed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.md").write_text(TRUE)
    Path("b.md").write_text(TRUE.replace("b + a", "b - a"))
    script, *entry = shlex.split(HOOK["entry"])
    monkeypatch.setattr(sys, "argv", [script])
    assert main([*entry, "a.md"]) == 0
    assert main([*entry, "a.md", "b.md"]) == 1
    told = capsys.readouterr().out
    assert "b.md:4:11  line.1  refuted" in told
    assert "in full: derivations verify b.md --explain line.1" in told
