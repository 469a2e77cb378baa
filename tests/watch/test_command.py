"""The command that watches: it says what it lacks, and tells of a save, a new file, one gone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from derivations.watch import main

ROOT = Path(__file__).parents[2]
TEXT = "```given\nscalar a, b\n```\n$$a + b = b + a$$\n"
PATIENCE = 60.0


def test_without_the_library_it_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "watchfiles", None)
    assert main(["own.md"]) == 2
    said = "watch needs watchfiles, which is not installed: pip install watchfiles"
    assert capsys.readouterr().err == f"derivations watch: {said}\n"
    monkeypatch.setattr(sys, "prefix", "/home/me/pipx/venvs/proved-kernels")
    assert main(["own.md"]) == 2
    assert "pipx inject proved-kernels watchfiles" in capsys.readouterr().err


def test_a_file_that_is_none_is_wrong_usage(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("watchfiles")
    assert main([str(tmp_path / "none.md")]) == 2
    assert "none.md: no such file" in capsys.readouterr().err
    assert main(["-"]) == 2


def _can_be_interrupted() -> None:
    """Where tests run in the background, what they start would ignore this signal."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class Watching:
    """The command at work on a folder."""

    def __init__(self, folder: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "derivations.watch", str(folder)],
            env={**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "200"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            preexec_fn=_can_be_interrupted,
        )
        assert self.process.stdout is not None
        os.set_blocking(self.process.stdout.fileno(), False)
        self.told = ""

    def until(self, words: str) -> str:
        """All that is said until it says this; each thing is heard once."""
        assert self.process.stdout is not None
        late = time.monotonic() + PATIENCE
        while words not in self.told and time.monotonic() < late:
            self.told += (self.process.stdout.read() or b"").decode()
            time.sleep(0.01)
        assert words in self.told, self.told
        heard, self.told = self.told, ""
        return heard

    def end(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(PATIENCE)


@pytest.fixture
def watching(tmp_path: Path) -> Iterator[Watching]:
    pytest.importorskip("watchfiles")
    (tmp_path / "own.md").write_text(TEXT, encoding="utf-8")
    found = Watching(tmp_path)
    yield found
    found.process.kill()
    found.process.wait()


def test_a_save_a_new_file_and_one_that_is_gone_are_told(
    watching: Watching, tmp_path: Path
) -> None:
    assert "own.md: 1 step · 1 proved" in watching.until("watching 1 file")
    own, other = tmp_path / "own.md", tmp_path / "other.md"
    own.write_text(TEXT.replace("= b + a", "= b - a"), encoding="utf-8")
    watching.until("✗ line.1  newly wrong: refuted")
    other.write_text(TEXT, encoding="utf-8")
    watching.until("other.md: 1 step · 1 proved")
    other.unlink()
    watching.until("other.md is gone")
    swapped = tmp_path / "swapped"  # as editors save
    swapped.write_text(TEXT, encoding="utf-8")
    swapped.replace(own)
    watching.until("✓ line.1  a + b = b + a  newly proved")
    assert watching.end() == 0
