"""With the plugin each equality of a file is a test, whose failure says what the screen says."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEXT = """\
```given
scalar a, b
```
$$a + b = b + a$$

$$(a + b)^2 = a^2 + b^2$$

$$a b = b$$
- line.3 refuted

$$a = q$$
"""


def run(folder: Path, *arguments: str) -> str:
    # whether or not the plugin is installed, it is loaded once
    plugin = (
        "-p",
        "no:derivations",
        "-p",
        "proved_kernels.pytest_plugin",
        "-p",
        "no:cacheprovider",
    )
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *plugin, *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "120"},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    notes = tmp_path / "notes"
    notes.mkdir()
    (notes / "own.md").write_text(TEXT, encoding="utf-8")
    return tmp_path


def test_a_line_is_an_item_and_a_failure_says_what_the_first_screen_says(folder: Path) -> None:
    (folder / "notes" / "lost.md").write_text("$$x^T y = y^T x$$\n")
    (folder / "notes" / "README.md").write_text("Notes.\n")
    told = run(folder, "--derivations", "notes", "-v")
    outcomes = re.findall(r"^(notes/\S+::\S+) (PASSED|FAILED)", told, re.MULTILINE)
    assert outcomes == [
        ("notes/lost.md::file", "FAILED"),
        ("notes/own.md::line.1", "PASSED"),
        ("notes/own.md::line.2", "FAILED"),
        ("notes/own.md::line.3", "PASSED"),
        ("notes/own.md::line.4", "FAILED"),
    ]
    assert "declares nothing" in told
    assert "vector x" in told
    assert "notes/own.md:6:15  line.2  refuted" in told
    assert "the sides differ by 2 a b" in told
    assert "at 'q': nothing has this name" in told
    assert "Traceback" not in told


def test_without_the_option_nothing_is_collected(folder: Path) -> None:
    assert "no tests ran" in run(folder, "notes")


def test_being_loaded_imports_neither_sympy_nor_the_reader() -> None:
    probe = (
        "import sys, proved_kernels.pytest_plugin; "
        "print({'sympy', 'numpy', 'rich', 'derivations.reader'} & {*sys.modules})"
    )
    done = subprocess.run([sys.executable, "-c", probe], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout == "set()\n"
