"""The cell magic judges a cell, with the declarations of the cells before it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from derivations.python import Report, register

GIVEN = "```given\nscalar a, b\n```\n"


@pytest.fixture
def shell() -> Any:
    testing = pytest.importorskip("IPython.testing.globalipapp")
    found = testing.start_ipython() or testing.get_ipython()
    found.run_line_magic("load_ext", "derivations")
    register(found)  # once more, as nothing of a test before is to be known
    return found


def verdicts(report: Report) -> list[str]:
    return [line.verdict for line in report]


def test_a_cell_is_judged_and_its_declarations_hold_for_those_after_it(shell: Any) -> None:
    first = shell.run_cell_magic("derivations", "", f"{GIVEN}\n$$a + b = b + a = 0$$\n")
    assert verdicts(first) == ["proved", "refuted"]
    assert "<table>" in first._repr_html_()
    second = shell.run_cell_magic("derivations", "", "Words.\n\n$$a - b = 0$$\n")
    assert verdicts(second) == ["refuted"]
    assert second["line.1"].line == 3
    anew = shell.run_cell_magic("derivations", "", "```given\nscalar c\n```\n$$c = a$$\n")
    assert verdicts(anew) == ["not read"]


def test_declarations_may_stand_in_a_file(shell: Any, tmp_path: Path) -> None:
    (tmp_path / "given.md").write_text(GIVEN)
    found = shell.run_cell_magic("derivations", str(tmp_path / "given.md"), "$$a = a$$\n")
    assert verdicts(found) == ["proved"]
    with pytest.raises(FileNotFoundError, match=r"none\.md: no such file"):
        shell.run_cell_magic("derivations", "none.md", "$$a = a$$\n")


def test_without_declarations_some_are_proposed(shell: Any) -> None:
    found = shell.run_cell_magic("derivations", "", "$$x^T y = y^T x$$\n")
    assert found.error
    assert "vector x" in found.proposal
