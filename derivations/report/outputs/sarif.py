"""SARIF 2.1.0 (OASIS), as code scanning takes it: a result a line that is not as it should be."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import PurePath

from derivations.claim import Verdict
from derivations.reader.source import Place
from derivations.report.findings import in_a_sentence, located, place_of
from derivations.report.results import FileResult
from derivations.report.stdio import escaped, version

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
LEVELS = {Verdict.UNDECIDED: "warning", Verdict.NOT_READ: "warning"}
RULES = {
    Verdict.PROVED: "A line is proved that was expected not to be.",
    Verdict.REFUTED: "The two sides differ.",
    Verdict.ILL_TYPED: "The line has no meaning: its shapes do not fit.",
    Verdict.UNDECIDED: "It could not be decided whether the line holds.",
    Verdict.NOT_READ: "The line could not be read.",
}

NOT_SHOWN = "not shown"
NO_CHAIN = "No proved steps lead from the one side of a required equality to the other."


def page(files: Sequence[FileResult]) -> str:
    """One run of the checker."""
    texts = {**{verdict.value: text for verdict, text in RULES.items()}, NOT_SHOWN: NO_CHAIN}
    rules = [{"id": name, "shortDescription": {"text": text}} for name, text in texts.items()]
    driver = {"name": "derivations", "version": version(), "rules": rules}
    results = [each for file in files for each in _results(file)]
    unread = [
        {"level": "error", "message": {"text": f"{file.name}: {file.error}"}}
        for file in files
        if file.error
    ]
    invocation = {"executionSuccessful": not unread, "toolExecutionNotifications": unread}
    run = {"tool": {"driver": driver}, "invocations": [invocation], "results": results}
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return escaped(json.dumps(log, ensure_ascii=False, indent=2)) + "\n"


def _results(file: FileResult) -> Iterator[dict[str, object]]:
    for judged in file.results.lines if file.results else ():
        if not judged.failures:
            continue
        said = in_a_sentence(judged)
        yield {
            "ruleId": judged.verdict.value,
            "level": LEVELS.get(judged.verdict, "error"),
            "message": {"text": f"{judged.line.id} {said}"},
            "locations": [_location(file.name, place_of(judged))],
            "properties": {"latex": judged.line.latex},
        }
    for problem in file.results.problems if file.results else ():
        yield {
            "ruleId": Verdict.NOT_READ.value,
            "level": LEVELS[Verdict.NOT_READ],
            "message": {"text": str(problem)},
            "locations": [_location(file.name, problem.place)],
        }
    for shown in file.results.not_shown if file.results else ():
        yield {
            "ruleId": NOT_SHOWN,
            "level": "error",
            "message": {"text": f"{shown.id} {shown.said}"},
            "locations": [{"physicalLocation": {"artifactLocation": {"uri": file.name}}}],
            "properties": {"latex": shown.required.latex},
        }


def _location(file: str, place: Place) -> dict[str, object]:
    """Where a result is shown: in a notebook, whose lines are not those of its cells, the file."""
    at = located(file, place)
    found: dict[str, object] = {"artifactLocation": {"uri": PurePath(at.file).as_posix()}}
    if not at.cell:
        region = {"startLine": at.line, "startColumn": at.column, "endColumn": at.column + 1}
        found["region"] = region
    return {"physicalLocation": found}
