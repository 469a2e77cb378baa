"""The checker as a function: a text or a file in, a report with typed fields out.

Every text is judged in a process of its own, which ends with it: whatever a text does (hang, use up
memory, crash) costs that text, as with the command ``python -m derivations.verify``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import current_process
from os import PathLike, cpu_count, unlink
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, ParamSpec, Protocol, TypeVar

from derivations.report.stdio import ALL_WELL

if TYPE_CHECKING:
    from derivations.report.as_json import FileEntry, LineEntry, RequiredEntry, WitnessEntry

P = ParamSpec("P")
T = TypeVar("T")
SECONDS = 10.0
DAEMONIC = (
    "each text is judged in a process of its own, which a daemonic process may not start: let the "
    "workers be none (in Dask, distributed.worker.daemon is False)"
)


@dataclass(frozen=True)
class LineResult:
    """One equality of a text: where it stands, what it says, and what was found out about it.

    ``verdict`` is "proved", "refuted", "ill-typed", "undecided" or "not read"; ``expected`` is what
    the text itself says it expects. ``defines`` is the name that it introduces. ``role`` is
    "claim", or "definition" or "condition" where it claims nothing: then it is "undecided", and
    ``is_as_expected`` as another line uses it.
    ``difference`` is the left side less the right one, simplified,
    where that is short. ``witness`` has the sizes, words and values at which the sides differ, and
    both sides there as intervals. ``suggestions`` are proved lines near a wrong one, as LaTeX.
    """

    id: str
    part: str
    line: int
    column: int
    latex: str
    verdict: str
    expected: str
    reason: str = ""
    defines: str = ""
    role: str = "claim"
    is_as_expected: bool = False
    difference: str = ""
    witness: WitnessEntry | None = None
    notes: tuple[str, ...] = ()
    suggestions: tuple[str, ...] = ()
    seconds: float = field(default=0.0, compare=False)

    @property
    def is_proved(self) -> bool:
        """Whether it was proved, equal for all sizes."""
        return self.verdict == "proved"

    @property
    def is_claim(self) -> bool:
        """Whether it claims something; else it says what a name is, or is a condition."""
        return self.role == "claim"


@dataclass(frozen=True)
class RequiredResult:
    """A required equality: whether proved steps of the text show it, which, or why not.

    ``part`` is the part of the exercise that asks for it; empty where that is all of it.
    """

    id: str
    part: str
    latex: str
    shown: bool
    by: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True)
class Report:
    """The lines of a text with their verdicts, in reading order.

    ``code`` is the exit code that the command has for the text: 0 where every line is proved or has
    the verdict expected, 1 where not, 2 where it is no derivation (``error`` says why), 3 where two
    arguments contradict each other. ``proposal`` are declarations for a text that has none.
    ``required`` are the equalities that the declarations ask for, each shown or not.
    """

    name: str
    code: int
    lines: tuple[LineResult, ...] = ()
    error: str = ""
    proposal: str = ""
    not_judged: int = 0
    seconds: float = field(default=0.0, compare=False)
    required: tuple[RequiredResult, ...] = ()

    def __iter__(self) -> Iterator[LineResult]:
        return iter(self.lines)

    def __len__(self) -> int:
        return len(self.lines)

    def __getitem__(self, name: str) -> LineResult:
        """The line with this id; raises KeyError where there is none."""
        for line in self.lines:
            if line.id == name:
                return line
        raise KeyError(name)

    @property
    def passed(self) -> bool:
        """Whether every line has the verdict expected, and all that is required is shown."""
        return self.code == ALL_WELL

    @property
    def all_proved(self) -> bool:
        """Whether some line is proved, so is every claim, and all is shown.

        What the text says it expects does not count, and neither do definitions and conditions:
        these alone are nothing proved.
        """
        claims = [line for line in self.lines if line.is_claim]
        proved = any(line.is_proved and not line.defines for line in claims)
        proved = proved and all(line.is_proved for line in claims)
        return proved and not self.error and all(each.shown for each in self.required)

    def _repr_markdown_(self) -> str:
        head = [("line", "", "verdict", ""), ("---",) * 4]
        rows = [
            (name, f"${_cell(latex)}$", verdict, _sentence(why))
            for name, latex, verdict, why in self._rows
        ]
        table = "\n".join(f"| {' | '.join(row)} |" for row in (*head, *rows))
        return self.error or table

    def _repr_html_(self) -> str:
        from derivations.report.page import notebook_table, sentence

        return sentence("p", self.error) if self.error else notebook_table(self._rows)

    @property
    def _rows(self) -> list[tuple[str, str, str, str]]:
        lines = [(each.id, each.latex, each.verdict, _why(each)) for each in self]
        required = [(each.id, each.latex, _shown(each), each.reason) for each in self.required]
        return lines + required


def _cell(latex: str) -> str:
    return " ".join(latex.split()).replace("|", "\\vert ")


def _sentence(text: str) -> str:
    """A sentence as Markdown, the formulas in it between dollar signs."""
    from derivations.report.page import pieces

    return "".join(
        f"${_cell(each.text)}$"
        if each.is_formula
        else _cell(f"`{each.text}`")
        if each.is_quoted
        else each.text.replace("\n", " ").replace("|", "\\|")
        for each in pieces(text)
    )


def _shown(required: RequiredResult) -> str:
    return "shown" if required.shown else "not shown"


def _why(line: LineResult) -> str:
    if not line.is_claim:
        return f"{line.role} of {line.defines}" if line.defines else line.role
    if line.difference:
        return f"the sides differ by {line.difference}"
    return line.reason


def check(
    text_or_path: str | PathLike[str],
    given: str | PathLike[str] | None = None,
    *,
    seconds: float = SECONDS,
    memory: int = 1024,
    suggest: bool = False,
) -> Report:
    """Judge every line of a derivation.

    Args:
        text_or_path: a path, or the text itself (Markdown; LaTeX from ``\\documentclass`` on). A
          string is a path if a file of that name exists.
        given: declarations that win over those of the text: a path, or the declarations.
        seconds: what reading a line and judging it may each take of the processor.
        memory: what they may need, in MiB, where the system can bound it.
        suggest: whether small edits are sought that make a wrong line true.

    Returns a Report with a LineResult for each equality, whatever the text is: what is no
    derivation has none, and says why in ``error``.

    Raises ValueError for limits out of range, FileNotFoundError for a path that is none, and
    RuntimeError in a daemonic process, which may not start one of its own.
    """
    from derivations.report.verify_options import LEAST_MEMORY, LONGEST, MOST_MEMORY, parse
    from derivations.verify import answered

    if not 0 < seconds < LONGEST:
        raise ValueError(f"seconds is {seconds}: between 0 and {LONGEST:,} is expected")
    if not LEAST_MEMORY <= memory < MOST_MEMORY:
        raise ValueError(f"memory is {memory}: {LEAST_MEMORY} to {MOST_MEMORY:,} MiB is expected")
    if current_process().daemon:
        raise RuntimeError(DAEMONIC)
    path = _path(text_or_path)
    arguments = ["--format", "json", "--repairs", "unexpected" if suggest else "none"]
    arguments += ["--budget", str(seconds), "--memory", str(memory)]
    with _file_of(given) as declarations:
        arguments += ["--given", declarations] if declarations else []
        options = parse([*arguments, "--", str(path) if path else "-"])
        found = answered(options, b"" if path else str(text_or_path).encode())
    return _report(str(path or "text"), found.code, found.page, "; ".join(found.complaints))


def _path(text_or_path: str | PathLike[str]) -> Path | None:
    """The file that is meant; None where the text itself is given."""
    if not isinstance(text_or_path, str):
        path = Path(text_or_path)
        if not path.exists():
            raise FileNotFoundError(f"{path}: no such file")
        return path
    try:
        return Path(text_or_path) if Path(text_or_path).is_file() else None
    except (OSError, ValueError):
        return None  # too long, or with a NUL, for a name


@contextmanager
def _file_of(given: str | PathLike[str] | None) -> Iterator[str]:
    """The name of a file with the declarations, for as long as it is needed."""
    path = _path(given) if given is not None else None
    if given is None or path is not None:
        yield str(path or "")
        return
    with NamedTemporaryFile("w", suffix=".md", encoding="utf-8", delete=False) as file:
        text = str(given)
        file.write(text if "```" in text or "~~~" in text else f"```given\n{text}\n```\n")
    try:
        yield file.name
    finally:
        unlink(file.name)


def _report(name: str, code: int, page: str, complaint: str) -> Report:
    if not page:
        return Report(name, code, error=complaint)
    content = json.loads(page)
    if "files" in content:  # one that declares nothing
        (content,) = content["files"]
        if content["error"]:
            return Report(name, code, error=content["error"], proposal=content["proposal"] or "")
    entry: FileEntry = content
    lines = tuple(map(_line, entry["lines"]))
    left_out = sum(each["count"] for each in entry["elsewhere"])
    required = tuple(map(_required, entry["required"]))
    return Report(name, code, lines, "", "", left_out, entry["summary"]["seconds"], required)


def _required(entry: RequiredEntry) -> RequiredResult:
    return RequiredResult(
        id=entry["id"],
        part=entry["part"],
        latex=entry["latex"],
        shown=entry["shown"],
        by=tuple(entry["by"]),
        reason=entry["reason"],
    )


def _line(entry: LineEntry) -> LineResult:
    return LineResult(
        id=entry["id"],
        part=entry["part"],
        line=entry["line"],
        column=entry["column"],
        latex=entry["latex"],
        verdict=entry["verdict"],
        expected=entry["expected"],
        reason=entry["reason"],
        defines=entry["defines"],
        role=entry["role"],
        is_as_expected=entry["as_expected"],
        difference=entry["difference"],
        witness=entry["witness"],
        notes=tuple(entry["notes"]),
        suggestions=tuple(each["latex"] for each in entry["suggestions"] or ()),
        seconds=entry["seconds"],
    )


class Executor(Protocol):
    """What is asked of an engine that runs things elsewhere: the shape of concurrent.futures."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """A future of ``fn`` applied to the arguments."""
        ...


def check_many(
    texts: Iterable[str | PathLike[str]],
    given: str | PathLike[str] | None = None,
    *,
    jobs: int | None = None,
    seconds: float = SECONDS,
    memory: int = 1024,
    executor: Executor | None = None,
) -> Iterator[Report]:
    """The reports on many texts, in their order, as they come.

    Args:
        texts: paths or texts, as in `check`; none costs another its verdicts.
        given: declarations that win over those of each text, and what each has to show.
        jobs: how many are judged at a time, in processes of this machine; by default as many as
          there are cores.
        seconds, memory: limits on each line of each text, as in `check`.
        executor: anything of the shape of concurrent.futures, instead of processes of this machine.
          Its workers start a process for each text, so that they may not be daemonic ones.

    Yields a Report for each text. Raises what `check` raises, at the text that it is raised for.
    """
    wanted: Sequence[str | PathLike[str]] = list(texts)

    def submitted(to: Executor) -> list[Future[Report]]:
        return [to.submit(check, text, given, seconds=seconds, memory=memory) for text in wanted]

    if executor is not None:
        yield from (future.result() for future in submitted(executor))
        return
    with ProcessPoolExecutor(jobs or cpu_count() or 1, initializer=_import_all) as pool:
        yield from (future.result() for future in submitted(pool))


def _import_all() -> None:
    """Import what every run needs once, so that the processes forked for each text have it."""
    from derivations.report import as_json, judging, results, subject  # noqa: F401


# The cell magic: ``%load_ext derivations``, then ``%%derivations`` above a derivation.
#
# What the letters mean stands in a block in the cell, or in one before it: declarations of the last
# cell that had some hold for cells without.


_BLOCK = re.compile(r"^(```|~~~)\s*\{?given\}?\s*$.*?^\1\s*$", re.MULTILINE | re.DOTALL)
NAME = "derivations"


class Shell(Protocol):
    """What is asked of IPython."""

    def register_magic_function(
        self, func: Callable[[str, str], Report], magic_kind: str, magic_name: str
    ) -> None:
        """Have cells that begin with ``%%magic_name`` handed to a function."""
        ...


def register(shell: Shell) -> None:
    """Make the magic known."""
    shell.register_magic_function(Cells(), "cell", NAME)


class Cells:
    """Judges one cell after the other."""

    def __init__(self) -> None:
        self.declared = ""

    def __call__(self, line: str, cell: str) -> Report:
        """Judge a cell; behind the magic may stand a file with declarations.

        Raises FileNotFoundError where there is no such file.
        """
        own = [found.group() for found in _BLOCK.finditer(cell)]
        self.declared = "\n".join(own) or self.declared
        given = _existing(line.strip()) or ("" if own else self.declared)
        return check(cell, given or None)


def _existing(name: str) -> str:
    if name and not Path(name).is_file():
        raise FileNotFoundError(f"{name}: no such file")
    return name
