"""An errata sheet in Markdown: what is wrong in each file, and what it should be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from derivations.claim import Verdict
from derivations.report.findings import of_line
from derivations.report.results import FileResult, JudgedLine, Role
from derivations.report.stdio import escaped


def page(files: Sequence[FileResult]) -> str:
    """A heading a file, a section for each line that is not proved."""
    return escaped("".join(each for file in files for each in _sheet(file)))


def _sheet(file: FileResult) -> Iterator[str]:
    yield f"# Errata: {file.name or 'word2vec'}\n\n"
    if file.results is None:
        yield f"{file.error or f'judged in {file.taken_in_by}'}\n\n"
        return
    wrong = [each for each in file.results.lines if not _is_well(each)]
    if not wrong:
        yield f"None: all {len(file.results.lines)} lines are proved.\n\n"
    for judged in wrong:
        yield from _erratum(judged)
    for shown in file.results.not_shown:
        yield f"## {shown.id}: not shown\n\n```math\n{shown.required.latex}\n```\n\n"
        yield f"{shown.reason}\n\n"


def _is_well(judged: JudgedLine) -> bool:
    return judged.verdict is Verdict.PROVED or judged.role is not Role.CLAIM


def _erratum(judged: JudgedLine) -> Iterator[str]:
    found = of_line(judged)
    yield f"## {judged.line.id}, line {found.line}: {judged.verdict.value}\n\n"
    yield f"```math\n{judged.line.latex}\n```\n\n"
    yield f"{found.message}\n\n"
    should = judged.correction.claim.title if judged.correction else ""
    if not should and judged.suggestions:
        should = judged.suggestions[0].latex
    if should:
        yield f"Should be, proved:\n\n```math\n{should}\n```\n\n"
