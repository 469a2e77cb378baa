"""SARIF 2.1.0 (OASIS), as code scanning takes it: a result a line that is not as it should be."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from derivations.claim import Verdict
from derivations.report.findings import of_line
from derivations.report.results import FileResult
from derivations.report.streams import escaped

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
LEVELS = {Verdict.UNDECIDED: "warning", Verdict.NOT_READ: "warning"}
RULES = {
    Verdict.PROVED: "A line is proved that was expected not to be.",
    Verdict.REFUTED: "The two sides differ.",
    Verdict.ILL_TYPED: "The line has no meaning: its shapes do not fit.",
    Verdict.UNDECIDED: "It could not be decided whether the line holds.",
    Verdict.NOT_READ: "The line could not be read.",
}


def page(files: Sequence[FileResult]) -> str:
    """One run of the checker."""
    try:
        number = version("proved-kernels")
    except PackageNotFoundError:
        number = "0"
    rules = [{"id": v.value, "shortDescription": {"text": text}} for v, text in RULES.items()]
    driver = {"name": "derivations", "version": number, "rules": rules}
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


def _results(file: FileResult) -> Iterator[dict[str, Any]]:
    for judged in file.results.lines if file.results else ():
        if not judged.failures:
            continue
        found = of_line(judged)
        region = {"startLine": found.line, "startColumn": found.column}
        region["endColumn"] = found.column + 1
        location = {"artifactLocation": {"uri": file.name}, "region": region}
        yield {
            "ruleId": judged.verdict.value,
            "level": LEVELS.get(judged.verdict, "error"),
            "message": {"text": f"{judged.line.id} {found.message}"},
            "locations": [{"physicalLocation": location}],
            "properties": {"latex": judged.line.latex},
        }
