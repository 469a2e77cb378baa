"""One file judged line by line for pytest: an item for each equality."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path

import pytest
from rich.console import Group

from derivations.reader.source import Attempts
from derivations.report.findings import looked_at
from derivations.report.judging import judge_all
from derivations.report.results import JudgedLine, named, results_of
from derivations.report.stdio import ALL_WELL, PROGRAM_ERROR, WRONG_USAGE
from derivations.report.style import rendered
from derivations.report.subject import (
    BadSubject,
    HowToRead,
    NothingToJudge,
    Subject,
    instead,
    of_file,
)
from derivations.report.verify_options import as_typed, is_about, is_derivation
from derivations.report.workers import Answer, Limits, answer

# One file judged, and told line by line: for programs that run tests.


WIDTH = 100
OF_FILE = "file"  # the name of what is told of no line


@dataclass(frozen=True)
class Told:
    """A line: its id, its row in the file, and what is wrong with it; nothing where it is well."""

    name: str
    row: int = 1
    wrong: str = ""


@dataclass(frozen=True)
class ByLine(Answer):
    """The lines of a file, each with what is said of it; at first what is said of none."""

    lines: tuple[Told, ...] = ()


def listed(file: str, limits: Limits | None = None) -> tuple[Told, ...]:
    """The lines that there are to judge; where the file is none, only why."""
    return _lines(file, _listed, limits or Limits())


def judged(file: str, limits: Limits | None = None) -> tuple[Told, ...]:
    """The lines, judged."""
    limits = limits or Limits()
    return _lines(file, partial(_judged, file, limits), limits)


def _lines(
    file: str, lines: Callable[[Subject], Iterable[Told]], limits: Limits
) -> tuple[Told, ...]:
    found = answer(partial(_told, file, lines=lines), limits)
    if isinstance(found, ByLine):
        return found.lines
    said = "\n".join((*found.complaints, found.page)) if found.code == PROGRAM_ERROR else found.page
    return (Told(OF_FILE, wrong="\n".join((*found.complaints, said)).strip() or file),)


def _told(file: str, attempts: Attempts, lines: Callable[[Subject], Iterable[Told]]) -> Answer:
    """The lines of a file as they are told, or why it is none."""
    how = HowToRead()
    said = instead(file, how, attempts)
    if said is not None:
        return Answer(said.code, said.page, (said.complaint,))
    try:
        subject = of_file(file, attempts, how)
    except BadSubject as error:
        if isinstance(error, NothingToJudge) and is_about(file):
            return ByLine(ALL_WELL)
        return Answer(WRONG_USAGE, "", (str(error),))
    attempts.require_sound()
    return ByLine(ALL_WELL, lines=(*_problems(file, subject), *lines(subject)))


def _listed(subject: Subject) -> Iterator[Told]:
    for line in subject.lines:
        yield Told(line.id, line.place.line)
    for number, required in enumerate(subject.required, 1):
        yield Told(named(number), required.place.line)


def _judged(file: str, limits: Limits, subject: Subject) -> Iterator[Told]:
    judgements = judge_all(subject.everything, None, "default", lambda _: None, limits)
    results = results_of(subject, judgements, 0.0)
    for each in results.lines:
        yield Told(each.line.id, each.line.place.line, _said(each, file))
    for shown in results.required:
        wrong = shown.reason and f"{shown.required.latex}: {shown.said}"
        yield Told(shown.id, shown.required.place.line, wrong)


def _problems(file: str, subject: Subject) -> tuple[Told, ...]:
    """What else of the file is not read: a declaration, a remark."""
    said = "\n".join(f"{file}:{each}" for each in subject.problems)
    return (Told(OF_FILE, subject.problems[0].place.line, said),) if said else ()


def _said(judged: JudgedLine, file: str) -> str:
    if not judged.failures:
        return ""
    return rendered(Group(*looked_at(judged, file, WIDTH))).rstrip()


# Each equality of a derivation file as a test of pytest: what ``--derivations`` collects.
#
# The plugin itself is ``proved_kernels.pytest_plugin``; nothing else is imported before a file is
# collected.


def collected(file_path: Path, parent: pytest.Collector) -> DerivationFile | None:
    """A derivation file, if it is one."""
    if not is_derivation(file_path.name):
        return None
    return DerivationFile.from_parent(parent, path=file_path)


class DerivationFile(pytest.File):
    """A file: it is read when it is collected, and judged when the first of its lines is run."""

    def collect(self) -> Iterator[Equality]:
        """Its lines; where it is none, that as a test."""

        for line in listed(self._name):
            yield Equality.from_parent(self, name=line.name, row=line.row)

    @cached_property
    def found(self) -> dict[str, Told]:
        """What is told of each line."""

        return {line.name: line for line in judged(self._name)}

    @property
    def _name(self) -> str:
        return as_typed(self.path)


class Equality(pytest.Item):
    """One equality."""

    parent: DerivationFile

    def __init__(self, name: str, parent: DerivationFile, row: int) -> None:
        super().__init__(name, parent)
        self.row = row

    def runtest(self) -> None:
        """It is as it should be."""
        told = self.parent.found.get(self.name)
        if told is None:
            raise _Wrong(f"{self.path}: {self.name} is gone: the file has been changed")
        if told.wrong:
            raise _Wrong(told.wrong)

    def repr_failure(
        self, excinfo: pytest.ExceptionInfo[BaseException], style: object = None
    ) -> str:
        """What the first screen says of it."""
        if isinstance(excinfo.value, _Wrong):
            return str(excinfo.value)
        return str(super().repr_failure(excinfo))

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where it stands."""
        return self.path, self.row - 1, f"{self.path.name} {self.name}"


class _Wrong(Exception):
    """A line is not as it should be; the message says all of it."""
