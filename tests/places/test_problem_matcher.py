"""The tasks for VS Code in examples/ find what the first screen and watching print."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from derivations.report.watching import Watched
from derivations.verify import main

ROOT = Path(__file__).parents[2]
TASKS = json.loads((ROOT / "examples" / "vscode_tasks.json").read_text(encoding="utf-8"))["tasks"]
VERIFY, WATCH = (task["problemMatcher"] for task in TASKS)
TEXT = """\
```given
scalar a, b
```
$$a + b = b - a$$

$$a + q = a$$

$$a = a$$
"""


def found(matcher: dict[str, Any], told: str) -> list[tuple[str, ...]]:
    pattern = matcher["pattern"]
    names = ("file", "line", "column", "code", "message")
    matches = (re.match(pattern["regexp"], line) for line in told.splitlines())
    return [tuple(match[pattern[name]] for name in names) for match in matches if match]


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "40")
    path = Path("some notes") / "own.md"
    path.parent.mkdir()
    path.write_text(TEXT, encoding="utf-8")
    return path


def test_each_line_to_look_at_is_a_problem_with_file_line_and_column(
    own: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(own), "--repairs", "none"]) == 1
    assert found(VERIFY, capsys.readouterr().out) == [
        ("some notes/own.md", "4", "11", "line.1", "refuted"),
        ("some notes/own.md", "6", "7", "line.2", "not read"),
    ]


def test_while_watching_a_look_begins_and_has_all_problems_that_there_are(own: Path) -> None:
    watched = Watched(str(own))
    watched.remember(watched.look())
    own.write_text(TEXT.replace("a = a$$", "a = b$$"), encoding="utf-8")
    page = watched.look().page
    assert re.search(WATCH["background"]["beginsPattern"], page, re.MULTILINE)
    assert {each[3] for each in found(WATCH, page)} == {"line.1", "line.2", "line.3"}
