"""A watched file is judged again where it changed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from derivations.report.watching import NOTHING_MOVED, READ_ANEW, Look, Watched
from derivations.watch import main

# What is judged once is not judged again, and what has moved is told.


TEXT = """\
```given
scalar a, b
```
$$(a + b)^2 = a^2 + 2 a b + b^2$$

$$a - b = b - a$$

$$a + a = 2 a$$
"""
MENDED = TEXT.replace("a - b = b - a", "a - b = - (b - a)")


class Saved:
    """A file that is saved and looked at."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.watched = Watched(str(path))

    def look(self, text: str) -> Look:
        self.path.write_text(text, encoding="utf-8")
        found = self.watched.look()
        self.watched.remember(found)
        return found


@pytest.fixture
def saved(tmp_path: Path) -> Saved:
    return Saved(tmp_path / "own.md")


def test_only_what_is_changed_is_judged(saved: Saved) -> None:
    assert len(saved.look(TEXT).found) == 3
    assert len(saved.look(MENDED).found) == 1
    assert len(saved.look(TEXT).found) == 0


def test_a_line_that_moves_up_or_down_is_not_judged_again_and_has_not_moved(saved: Saved) -> None:
    saved.look(TEXT)
    found = saved.look(TEXT.replace("$$a - b", "Words.\n\n$$b + b = 2 b$$\n\n$$a - b"))
    assert len(found.found) == found.moved == 1
    assert "✓ line.2  b + b = 2 b  new, proved" in found.page
    found = saved.look(TEXT)
    assert len(found.found) == 0
    assert found.moved == 1
    assert "- line.2  b + b = 2 b  gone" in found.page


def test_a_changed_declaration_has_what_depends_on_it_judged(saved: Saved) -> None:
    saved.look(TEXT)
    assert len(saved.look(TEXT.replace("scalar a, b", "scalar a, b > 0")).found) == 3


def test_what_is_newly_proved_and_newly_wrong_is_told(saved: Saved) -> None:
    first = saved.look(TEXT)
    assert "start with line.2" in first.page
    assert first.code == 1
    mended = saved.look(MENDED)
    assert "✓ line.2  a - b = - (b - a)  newly proved" in mended.page
    assert mended.code == 0
    spoilt = saved.look(MENDED.replace("= 2 a$$", "= 3 a$$"))
    assert "✗ line.3  newly wrong: refuted" in spoilt.page
    assert "the sides differ by −a" in spoilt.page
    assert "line.1" not in spoilt.page


def test_a_line_that_is_wrong_otherwise_is_told_once_more(saved: Saved) -> None:
    saved.look(TEXT)
    found = saved.look(TEXT.replace("b - a$$", "b - 2 a$$"))
    assert "✗ line.2  still refuted" in found.page
    assert NOTHING_MOVED in saved.look(TEXT.replace("b - a$$", "b - 2 a $$")).page


def test_what_cannot_be_read_costs_its_line(saved: Saved) -> None:
    saved.look(TEXT)
    found = saved.look(TEXT.replace("$$a + a = 2 a$$", "$$a + a = 2 q$$"))
    assert "✗ line.3  newly wrong: not read" in found.page
    assert "at 'q': nothing has this name" in found.page
    assert saved.look(TEXT).moved == 1


def test_a_file_that_is_no_derivation_for_a_while_is_one_again(saved: Saved) -> None:
    saved.look(TEXT)
    found = saved.look("")
    assert (found.code, found.page) == (2, "")
    assert "there is no line to judge" in found.complaints[0]
    assert len(saved.look(TEXT).found) == 0


def test_a_file_that_declares_nothing_gets_declarations_proposed(saved: Saved) -> None:
    found = saved.look("$$x^T y = y^T x$$\n")
    assert "declares nothing" in found.complaints[0]
    assert "vector x" in found.page
    assert len(saved.look(f"```given\n{declared(found.page)}\n```\n$$x^T y = y^T x$$").found) == 1


def declared(page: str) -> str:
    return "\n".join(line for line in page.splitlines() if not line.startswith("```"))


def test_read_as_a_whole_it_is_the_same_or_that_is_told(saved: Saved) -> None:
    saved.look(TEXT)
    assert saved.watched.sure
    saved.look(MENDED)
    assert not saved.watched.sure
    assert saved.watched.look_anew() is None
    assert saved.watched.sure
    assert saved.watched.lines is not None
    saved.watched.lines = saved.watched.lines[:2]  # as if it had been read wrongly
    found = saved.watched.look_anew()
    assert found is not None
    assert found.page.startswith(READ_ANEW)
    assert "new, proved" in found.page
    assert saved.watched.look_anew() is None


def test_what_was_judged_is_judged_once_more_where_nobody_waits_and_moves_nothing(
    saved: Saved,
) -> None:
    saved.look(TEXT)
    assert [saved.watched.warm() for _ in range(4)] == [True, True, True, False]
    assert saved.look(TEXT).moved == 0
    assert not saved.watched.warm()
    assert len(saved.look(MENDED).found) == 1
    assert [saved.watched.warm(), saved.watched.warm()] == [True, False]


def test_a_key_that_said_too_little_would_be_seen(
    saved: Saved, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("derivations.report.watching.key_of", lambda claim: claim.id)
    saved.look(TEXT)
    assert len(saved.look(MENDED).found) == 0


# The command that watches: it says what it lacks, and tells of a save, a new file, one gone.


ROOT = Path(__file__).parents[2]
TEXT_OF_COMMAND = "```given\nscalar a, b\n```\n$$a + b = b + a$$\n"
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
    (tmp_path / "own.md").write_text(TEXT_OF_COMMAND, encoding="utf-8")
    found = Watching(tmp_path)
    yield found
    found.process.kill()
    found.process.wait()


def test_a_save_a_new_file_and_one_that_is_gone_are_told(
    watching: Watching, tmp_path: Path
) -> None:
    assert "own.md: 1 step · 1 proved" in watching.until("watching 1 file")
    own, other = tmp_path / "own.md", tmp_path / "other.md"
    own.write_text(TEXT_OF_COMMAND.replace("= b + a", "= b - a"), encoding="utf-8")
    watching.until("✗ line.1  newly wrong: refuted")
    other.write_text(TEXT_OF_COMMAND, encoding="utf-8")
    watching.until("other.md: 1 step · 1 proved")
    other.unlink()
    watching.until("other.md is gone")
    swapped = tmp_path / "swapped"  # as editors save
    swapped.write_text(TEXT_OF_COMMAND, encoding="utf-8")
    swapped.replace(own)
    watching.until("✓ line.1  a + b = b + a  newly proved")
    assert watching.end() == 0
