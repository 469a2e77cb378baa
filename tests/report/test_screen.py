"""The first screen shows what needs looking at: where, why, with numbers, and no more."""

from __future__ import annotations

import os
import subprocess
import sys
import termios
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from derivations.report.stdio import ERASE, progress
from derivations.verify import main

ROOT = Path(__file__).parents[2]
Tell = Callable[..., list[str]]
GIVEN = """\
```given
size n >= 1
index i in 1..n
vector w, x in R^n
scalar \\lambda
```
"""
RIGHT = "$$w^T w = \\sum_i w_i^2$$\n"
WRONG = "$$\\lambda w^T x = \\sum_i w_i x_i$$\n"


@pytest.fixture
def told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Tell:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.chdir(tmp_path)

    def tell(text: str, *options: str) -> list[str]:
        Path("own.md").write_text(GIVEN + text, encoding="utf-8")
        main(["own.md", "--repairs", "none", *options])
        return capsys.readouterr().out.splitlines()

    return tell


def test_a_file_that_is_right_is_one_line(told: Tell) -> None:
    (line,) = told(RIGHT)
    assert line.startswith("✓ own.md: 1 step · 1 proved · ")


def test_a_wrong_line_has_its_place_a_caret_the_difference_and_numbers(told: Tell) -> None:
    page = told(RIGHT + WRONG)
    assert page[0].startswith("✗ own.md: 2 steps · 1 proved · 1 to look at · ")
    assert page[1] == "start with line.2; everything before it is proved"
    assert page[3:8] == [
        "own.md:8:19  line.2  refuted",
        "    \\lambda w^T x = \\sum_i w_i x_i",
        "                  ^",
        "  the sides differ by (λ − 1) Σ_i w[i] x[i]",
        "  at n = 1; λ = 0; w = [1]; x = [1]: left 0, right 1",
    ]


def test_the_caret_stands_below_what_cannot_be_read(told: Tell) -> None:
    page = told("$$\\sum_i w_i + \\foo = 1$$\n")
    at = page.index("    \\sum_i w_i + \\foo = 1")
    assert page[at + 1] == "                 ^^^^"
    assert page[at - 1] == "own.md:7:16  line.1  not read"


def test_the_caret_stands_below_the_first_of_what_cannot_be_read(told: Tell) -> None:
    page = told("$$w^T x = q + q$$\n")
    assert page[page.index("    w^T x = q + q") + 1] == "            ^"


def test_the_caret_stands_below_what_has_no_meaning(told: Tell) -> None:
    page = told("$$1 + (w w^T) x = x + w x$$\n")
    caret = next(line for line in page if set(line) == {" ", "^"})
    below = page[page.index(caret) - 1]
    assert below[caret.index("^") :].startswith(("= x", "w x"))


def test_a_long_line_is_folded_and_keeps_its_caret(told: Tell) -> None:
    left = " + ".join(["\\sum_i w_i x_i"] * 8)
    page = told(f"$${left} = 7 \\sum_i w_i x_i$$\n")
    caret = next(line for line in page if line.strip() == "^")
    above = page[page.index(caret) - 1]
    assert above[caret.index("^")] == "="
    assert max(map(len, page[2:8])) <= 80


def test_all_lines_are_shown_on_demand(told: Tell) -> None:
    assert not any("w^T w" in line for line in told(RIGHT + WRONG))
    assert "✓ line.1  w^T w = \\sum_i w_i^2  proved" in told(RIGHT + WRONG, "-v")


def test_what_the_file_says_is_wrong_is_counted_and_not_shown(told: Tell) -> None:
    page = " ".join(told(WRONG + "- line.1 refuted, should be $\\sum_i \\lambda w_i x_i$\n"))
    assert "1 wrong, as the file says · 1 of 1 correction proved" in " ".join(page.split())
    assert "\\lambda" not in page


def on_a_terminal(name: str, folder: Path) -> str:
    """What a run writes to a terminal of 60 columns on standard error."""
    ours, theirs = os.openpty()
    termios.tcsetwinsize(theirs, (24, 60))
    command = [sys.executable, "-m", "derivations.verify", name, "--repairs", "none"]
    kept = {k: v for k, v in os.environ.items() if k not in ("COLUMNS", "LINES")}
    environment = {**kept, "PYTHONPATH": str(ROOT), "COLUMNS": "60"}
    done = subprocess.run(
        command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=theirs, check=False
    )
    assert done.returncode == 0
    os.close(theirs)
    written = b""
    with suppress(OSError):  # nobody writes to it any more
        while piece := os.read(ours, 65536):
            written += piece
    os.close(ours)
    return written.decode()


@pytest.mark.skipif(sys.platform == "win32", reason="a terminal of POSIX")
def test_progress_moves_with_what_is_read_and_judged_and_is_erased(tmp_path: Path) -> None:
    for name in ("a.md", "b.md"):
        (tmp_path / name).write_text(GIVEN + 3 * RIGHT, encoding="utf-8")
    shown = on_a_terminal(".", tmp_path).split(ERASE)
    assert "╌" * 30 + " 0/2 read" in shown
    assert "╌" * 30 + " 0/6" in [each.rstrip() for each in shown]
    assert shown[-1] == ""
    assert all(len(each) < 60 for each in shown)
    assert "\x1b" not in "".join(shown)


def test_progress_counts_in_the_order_in_which_work_is_done(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    monkeypatch.setattr("derivations.report.stdio.REFRESH_SECONDS", -1)
    monkeypatch.setenv("COLUMNS", "48")
    with progress(3, "judging") as on_judged:
        for name in ("line.2", "line.1", "a line of which the name is long"):
            on_judged(name)
    with progress(None, "reading own.md") as on_read:
        on_read("")
    shown = capsys.readouterr().err.split(ERASE)
    assert shown == [
        "",
        "╌" * 30 + " 0/3 judging",
        "━" * 10 + "╌" * 20 + " 1/3 judging line",
        "━" * 20 + "╌" * 10 + " 2/3 judging line",
        "━" * 30 + " 3/3 judging a li",
        "",
        "reading own.md",
        "reading own.md · 1",
        "",
    ]


def test_where_a_declaration_is_not_read_that_comes_first(told: Tell) -> None:
    page = told(f"```given\nvektor z\n```\n{WRONG}")
    assert page[1] == "start with own.md:8:1, which is not read"
    at = page.index("not read:")
    assert page[at + 1].startswith("  own.md:8:1: at 'vektor': no keyword of a declaration")
    assert page[-3:-1] != ["", ""]
