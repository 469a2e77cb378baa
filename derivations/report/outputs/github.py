"""Annotations of a pull request: commands that a workflow of GitHub's takes from its log."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from derivations.claim import Verdict
from derivations.report.findings import of_line
from derivations.report.results import FileResult
from derivations.report.streams import escaped

WARNING = (Verdict.UNDECIDED, Verdict.NOT_READ)


def page(files: Sequence[FileResult]) -> str:
    """An error for each line that is wrong, a warning for each that could not be judged."""
    return "".join(f"{escaped(each)}\n" for file in files for each in _annotations(file))


def _annotations(file: FileResult) -> Iterator[str]:
    if file.error:
        yield f"::error file={_property(file.name)}::{_data(file.error)}"
    if file.results is None:
        return
    for judged in file.results.lines:
        if not judged.failures:
            continue
        found = of_line(judged)
        level = "warning" if judged.verdict in WARNING else "error"
        place = f"file={_property(file.name)},line={found.line},col={found.column}"
        title = _property(f"{judged.line.id} is {judged.verdict.value}")
        yield f"::{level} {place},title={title}::{_data(found.message)}"
    for shown in file.results.not_shown:
        title = _property(f"{shown.id} is not shown")
        said = _data(f"{shown.required.latex}: {shown.reason}")
        yield f"::error file={_property(file.name)},title={title}::{said}"
    for problem in file.results.problems:
        place = f"line={problem.place.line},col={problem.place.column}"
        yield f"::warning file={_property(file.name)},{place}::{_data(problem.said)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
