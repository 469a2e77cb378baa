"""The results as JSON, for machines.

The keys are stable, and `results.schema.json` beside this file is their schema. Top level:
``version`` (of this program), ``file`` (null where none was named), ``claims``, ``slips`` (the
false claims), ``lines``, ``problems``, ``elsewhere``, ``required`` and ``summary``.
An entry: ``id``, ``part``, ``place``, ``title``, ``statement``, ``verdict``, ``reason``,
``proofs``, ``instances``, ``witness``, ``seconds``. A proof: ``name``, ``holds``, ``detail``,
``instances``. A witness is null, or ``sizes``, ``words``, ``values`` and the two intervals
``left`` and ``right``, each a pair of decimal strings. The summary: ``passed``, the number of
``claims`` and how many are ``proved``, the number of ``slips`` and how many have ``fallen``, the
ids of ``failures``, ``disagreements`` (ids about which two arguments contradict each other),
``instances`` and ``seconds``; and of ``lines``, how many there are, are proved (``lines_proved``),
are not read (``lines_not_read``) and have the verdict expected (``lines_as_expected``), and of
required equalities, how many there are and are shown (``required_shown``).

A line: ``id``, ``part``, ``within`` (the cell of a notebook or the file taken in where it stands;
empty for the file itself), ``line`` and ``column`` (of that), ``latex``, ``verdict``, ``expected``,
``reason``, ``defines`` (the name that it introduces, or empty), ``role`` (``claim``; what passes as
a ``definition`` or a ``condition`` alone is ``undecided``, and is used by another line),
``as_expected``,
``witness``, ``difference`` (the left side less the right one, simplified, where that is short;
empty otherwise), ``notes``, ``correction`` (LaTeX, or null), ``correction_verdict``,
``chain_end_verdict`` (the start of its chain against its right side; null where that cannot be
read), ``chain_recovers`` (it is wrong, and the last right side of its chain does follow from the
start), ``suggestions`` (null where none were sought; each ``latex`` and ``edits``, in words),
``unsearched`` (why the search for them was given up, or empty), ``problem`` and ``seconds``.

``problem`` is null, or why the line is not read; ``problems`` are the same of declarations and
remarks: ``line`` and ``column`` of the file, what was ``seen`` there, ``what`` is wrong and
``advice`` that would settle it. ``elsewhere`` are the equalities outside of displays, which are
not judged: ``line``, ``column``, ``kind`` (what they stand in), ``latex`` and ``count``. Both say
``within`` what, as lines do. ``required`` are the equalities that are to be shown: ``id``,
``part``, the place of the declaration, ``latex``, ``shown``, ``by`` (the ids of the lines that show
it) and ``reason`` (why it is not shown).

Many files, or a folder: ``version`` and ``files``, each with ``file``, its exit ``code``, ``error``
(why it cannot be read at all, or null), ``taken_in_by`` (the file of this run which takes it in,
and in which it is judged, or null) and, where it can be read, all of the above; and a ``summary``
with ``passed``, the number of ``files``, how many have passed (``files_passed``) and the worst
``code``.

Characters that control a terminal are escaped, as in every JSON string.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TypedDict

from derivations.claim import Claim, Judgement, Proof, Verdict, Witness
from derivations.reader.equation import Line, NotRead
from derivations.reader.segmentation import Elsewhere
from derivations.reader.source import Unreadable
from derivations.report.results import (
    FileResult,
    JudgedLine,
    Results,
    Shown,
    has_fallen,
    is_proved,
)
from derivations.report.statement import statement
from derivations.report.stdio import escaped, version
from derivations.report.subject import Read, Subject


class ClaimEntry(TypedDict):
    """A claim that there is to judge."""

    id: str
    part: str
    place: str
    title: str
    statement: str


class ProofEntry(TypedDict):
    """An argument that was carried out."""

    name: str
    holds: bool
    detail: str
    instances: int


class WitnessEntry(TypedDict):
    """Sizes, words and numbers at which two sides differ."""

    sizes: dict[str, int]
    words: dict[str, int]
    values: dict[str, str]
    left: Sequence[str]
    right: Sequence[str]


class JudgedEntry(ClaimEntry):
    """A claim with its verdict."""

    verdict: str
    reason: str
    proofs: list[ProofEntry]
    instances: int
    witness: WitnessEntry | None
    seconds: float


class PrintedEntry(TypedDict):
    """A line that there is to judge."""

    id: str
    part: str
    within: str
    line: int
    column: int
    latex: str


class ProblemEntry(TypedDict):
    """Why something is not read."""

    within: str
    line: int
    column: int
    seen: str
    what: str
    advice: str


class SuggestionEntry(TypedDict):
    """A line that is proved, near one that is wrong."""

    latex: str
    edits: list[str]


class LineEntry(PrintedEntry):
    """A line with its verdict."""

    verdict: str
    expected: str
    reason: str
    defines: str
    role: str
    as_expected: bool
    witness: WitnessEntry | None
    difference: str
    notes: list[str]
    correction: str | None
    correction_verdict: str | None
    chain_end_verdict: str | None
    chain_recovers: bool
    suggestions: list[SuggestionEntry] | None
    unsearched: str
    problem: ProblemEntry | None
    seconds: float


class ElsewhereEntry(TypedDict):
    """Equalities outside of displays."""

    within: str
    line: int
    column: int
    kind: str
    latex: str
    count: int


class RequiredEntry(PrintedEntry):
    """An equality that is to be shown."""

    shown: bool
    by: list[str]
    reason: str


class Summary(TypedDict):
    """Of all entries of a file."""

    passed: bool
    claims: int
    proved: int
    slips: int
    fallen: int
    lines: int
    lines_proved: int
    lines_not_read: int
    lines_as_expected: int
    failures: list[str]
    disagreements: list[str]
    required: int
    required_shown: int
    instances: int
    seconds: float


class FileEntry(TypedDict):
    """What is told of one file."""

    claims: list[JudgedEntry]
    slips: list[JudgedEntry]
    lines: list[LineEntry]
    problems: list[ProblemEntry]
    elsewhere: list[ElsewhereEntry]
    required: list[RequiredEntry]
    summary: Summary


def as_json(results: Results, file: str = "") -> str:
    """The results as one JSON object."""
    return _text({"version": version(), "file": file or None, **content(results)})


def files_as_json(files: Sequence[FileResult]) -> str:
    """The results of many files as one JSON object."""
    codes = [each.code for each in files]
    return _text(
        {
            "version": version(),
            "files": [
                {
                    "file": each.name,
                    "code": each.code,
                    "error": each.error or None,
                    "proposal": each.proposal or None,
                    "taken_in_by": each.taken_in_by or None,
                    **(content(each.results) if each.results else {}),
                }
                for each in files
            ],
            "summary": {
                "passed": not any(codes),
                "files": len(files),
                "files_passed": codes.count(0),
                "code": max(codes, default=0),
            },
        }
    )


def content(results: Results) -> FileEntry:
    """What is told of one file, or of the claims."""
    summary: Summary = {
        "passed": results.passed,
        "claims": len(results.claims),
        "proved": sum(map(is_proved, results.claims)),
        "slips": len(results.slips),
        "fallen": sum(map(has_fallen, results.slips)),
        "lines": len(results.lines),
        "lines_proved": sum(line.verdict is Verdict.PROVED for line in results.lines),
        "lines_not_read": sum(line.verdict is Verdict.NOT_READ for line in results.lines),
        "lines_as_expected": sum(line.as_expected for line in results.lines),
        "failures": [failure.id for failure in results.failures],
        "disagreements": [judgement.claim.id for judgement in results.disagreements],
        "required": len(results.required),
        "required_shown": len(results.required) - len(results.not_shown),
        "instances": results.instances,
        "seconds": round(results.seconds, 6),
    }
    return {
        "claims": list(map(_judged, results.claims)),
        "slips": list(map(_judged, results.slips)),
        "lines": list(map(_judged_line, results.lines)),
        "problems": list(map(_problem, results.problems)),
        "elsewhere": list(map(_elsewhere, results.elsewhere)),
        "required": list(map(_required, results.required)),
        "summary": summary,
    }


def list_as_json(subject: Subject) -> str:
    """What there is to judge, before anything is judged."""
    return _text(_list_of(subject))


def list_of_files_as_json(read: Sequence[Read]) -> str:
    """What there is to judge in many files; for one that is none, why."""
    return _text(
        {
            "files": [
                {"file": each.file, "error": None, **_list_of(each.subject)}
                if each.subject
                else {"file": each.file, "error": each.error}
                for each in read
            ]
        }
    )


def _list_of(subject: Subject) -> dict[str, object]:
    return {
        "claims": list(map(_listed, subject.claims)),
        "slips": list(map(_listed, subject.slips)),
        "lines": list(map(_printed, subject.lines)),
        "problems": list(map(_problem, subject.problems)),
        "elsewhere": list(map(_elsewhere, subject.elsewhere)),
    }


def _listed(claim: Claim) -> ClaimEntry:
    return {
        "id": claim.id,
        "part": claim.part,
        "place": claim.place,
        "title": claim.title,
        "statement": statement(claim),
    }


def _printed(line: Line | NotRead) -> PrintedEntry:
    return {
        "id": line.id,
        "part": line.part,
        "within": line.place.within,
        "line": line.place.line,
        "column": line.place.column,
        "latex": line.latex,
    }


def _judged_line(judged: JudgedLine) -> LineEntry:
    line, judgement, correction = judged.line, judged.judgement, judged.correction
    from_start = judged.from_start or judgement
    witness = judgement.witness if judgement else None
    return {
        **_printed(line),
        "verdict": judged.verdict.value,
        "expected": judged.expected.value,
        "reason": judged.reason,
        "defines": judged.defines,
        "role": judged.role.value,
        "as_expected": judged.as_expected,
        "witness": _witness(witness),
        "difference": judgement.difference if judgement else "",
        "notes": list(judged.notes),
        "correction": correction.claim.title if correction else None,
        "correction_verdict": correction.verdict.value if correction else None,
        "chain_end_verdict": from_start.verdict.value if from_start else None,
        "chain_recovers": judged.chain_recovers,
        "suggestions": _suggestions(judged),
        "unsearched": judged.unsearched,
        "problem": _problem(line.unread) if line.unread else None,
        "seconds": round(judged.seconds, 6),
    }


def _problem(problem: Unreadable) -> ProblemEntry:
    return {
        "within": problem.place.within,
        "line": problem.place.line,
        "column": problem.place.column,
        "seen": problem.token,
        "what": problem.what,
        "advice": problem.advice,
    }


def _elsewhere(each: Elsewhere) -> ElsewhereEntry:
    return {
        "within": each.place.within,
        "line": each.place.line,
        "column": each.place.column,
        "kind": each.kind,
        "latex": each.text,
        "count": each.count,
    }


def _required(shown: Shown) -> RequiredEntry:
    required = shown.required
    return {
        "id": shown.id,
        "part": required.part,
        "within": required.place.within,
        "line": required.place.line,
        "column": required.place.column,
        "latex": required.latex,
        "shown": shown.is_shown,
        "by": list(shown.by),
        "reason": shown.reason,
    }


def _suggestions(judged: JudgedLine) -> list[SuggestionEntry] | None:
    if judged.suggestions is None:
        return None
    return [{"latex": each.latex, "edits": list(each.edits)} for each in judged.suggestions]


def _judged(judgement: Judgement) -> JudgedEntry:
    return {
        **_listed(judgement.claim),
        "verdict": judgement.verdict.value,
        "reason": judgement.reason,
        "proofs": list(map(_proof, judgement.proofs)),
        "instances": judgement.instances,
        "witness": _witness(judgement.witness),
        "seconds": round(judgement.seconds, 6),
    }


def _proof(proof: Proof) -> ProofEntry:
    return {
        "name": proof.name,
        "holds": proof.holds,
        "detail": proof.detail,
        "instances": proof.instances,
    }


def _witness(witness: Witness | None) -> WitnessEntry | None:
    if witness is None:
        return None
    return {
        "sizes": witness.sizes,
        "words": witness.words,
        "values": witness.values,
        "left": witness.left,
        "right": witness.right,
    }


def _text(content: Mapping[str, object]) -> str:
    return escaped(json.dumps(content, ensure_ascii=False, indent=2)) + "\n"
