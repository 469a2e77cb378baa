"""Annotations of a pull request: commands that a workflow of GitHub's takes from its log."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from derivations.claim import Verdict
from derivations.reader.source import Place
from derivations.report.findings import as_they_should_be, in_a_sentence, located, place_of
from derivations.report.results import FileResult
from derivations.report.stdio import escaped

WARNING = (Verdict.UNDECIDED, Verdict.NOT_READ)


def page(files: Sequence[FileResult]) -> str:
    """An error for each line that is wrong, a warning for each that could not be judged.

    The last line is for who reads the log: a workflow takes no notice of it.
    """
    notes = "".join(f"{escaped(each)}\n" for file in files for each in _annotations(file))
    return f"{notes}{as_they_should_be(files)}\n"


def _annotations(file: FileResult) -> Iterator[str]:
    if file.error:
        yield f"::error file={_property(file.name)}::{_data(file.error)}"
    if file.results is None:
        return
    for judged in file.results.lines:
        if not judged.failures:
            continue
        level = "warning" if judged.verdict in WARNING else "error"
        place = _place(file.name, place_of(judged))
        title = _property(f"{judged.line.id} is {judged.verdict.value}")
        yield f"::{level} {place},title={title}::{_data(in_a_sentence(judged))}"
    for shown in file.results.not_shown:
        title = _property(f"{shown.id} is not shown")
        said = _data(f"{shown.required.latex}: {shown.reason}")
        yield f"::error file={_property(file.name)},title={title}::{said}"
    for problem in file.results.problems:
        yield f"::warning {_place(file.name, problem.place)}::{_data(problem.said)}"


def _place(file: str, place: Place) -> str:
    """Where a note is put: in a notebook, whose lines are not those of its cells, at the file."""
    at = located(file, place)
    name = f"file={_property(at.file)}"
    return name if at.cell else f"{name},line={at.line},col={at.column}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
