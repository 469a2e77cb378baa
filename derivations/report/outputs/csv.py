"""Comma-separated values: a row for each line and required equality of each file."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from io import StringIO

from derivations.report.findings import of_line
from derivations.report.results import FileResult
from derivations.report.stdio import escaped

HEADINGS = (
    "file",
    "id",
    "line",
    "column",
    "verdict",
    "expected",
    "as_expected",
    "latex",
    "difference",
    "message",
)
FORMULAS = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would take for one of its own


def page(files: Sequence[FileResult]) -> str:
    """A heading, a row a line and one for each required equality, shown or not.

    A file that cannot be read is a row with what is wrong.
    """
    paper = StringIO()
    rows = csv.writer(paper, lineterminator="\n")
    rows.writerow(HEADINGS)
    for file in files:
        rows.writerows([_cell(each) for each in row] for row in _rows(file))
    return escaped(paper.getvalue())


def _rows(file: FileResult) -> Iterator[list[str]]:
    if file.results is None and not file.taken_in_by:
        yield [file.name, "", "", "", "not read", "", "False", "", "", file.error]
    for judged in file.results.lines if file.results else ():
        found = of_line(judged)
        yield [
            file.name,
            judged.line.id,
            str(found.line),
            str(found.column),
            judged.verdict.value,
            judged.expected.value,
            str(judged.as_expected),
            judged.line.latex,
            judged.judgement.difference if judged.judgement else "",
            found.message,
        ]
    for shown in file.results.required if file.results else ():
        where = [file.name, shown.id, "", ""]
        said = [shown.verdict, "shown", str(shown.is_shown), shown.required.latex, "", shown.said]
        yield [*where, *said]


def _cell(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULAS) else text
