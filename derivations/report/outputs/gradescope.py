"""Gradescope's results.json: a point for each required equality that is shown, or line proved."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from derivations.claim import Verdict
from derivations.report.findings import of_line
from derivations.report.results import FileResult, Role
from derivations.report.stdio import escaped


def page(files: Sequence[FileResult]) -> str:
    """All lines of all files; a file that cannot be read is a test that needs a person to look.

    Where an exercise requires something, only that has points: lines are told, and earn none.
    """
    tests = [test for file in files for test in _tests(file, several=len(files) > 1)]
    unread = sum(file.results is None and not file.taken_in_by for file in files)
    said = f"{unread} to be read by a person" if unread else ""
    content = {"output": said, "tests": tests}
    return escaped(json.dumps(content, ensure_ascii=False, indent=2)) + "\n"


def _tests(file: FileResult, *, several: bool) -> Iterator[dict[str, object]]:
    if file.error:
        yield {"name": file.name, "output": file.error, "status": "failed", "max_score": 0}
    alone = file.results is not None and not file.results.required
    for judged in file.results.lines if file.results else ():
        found = of_line(judged)
        proved = judged.verdict is Verdict.PROVED
        points = int(alone and judged.role is Role.CLAIM)
        name = f"{file.name}: {judged.line.id}" if several else judged.line.id
        yield {
            "name": name,
            "score": points if proved else 0,
            "max_score": points,
            "status": "passed" if proved or judged.role is not Role.CLAIM else "failed",
            "output": f"line {found.line}: {judged.line.latex}\n{found.message}",
        }
    for shown in file.results.required if file.results else ():
        yield {
            "name": f"{file.name}: {shown.id}" if several else shown.id,
            "score": int(shown.is_shown),
            "max_score": 1,
            "status": "passed" if shown.is_shown else "failed",
            "output": f"required: {shown.required.latex}\n{shown.said}",
        }
