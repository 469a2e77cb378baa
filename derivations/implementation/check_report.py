"""Findings, what was tried, and the report of a check: as a table, HTML, and lines to paste."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from xml.etree.ElementTree import Element, SubElement, tostring

import numpy as np
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from derivations.implementation.inputs import Case
from derivations.implementation.question import Array, Value
from derivations.report.style import rendered

# The same numbers, lying in memory in other ways, and how to write each one down.


def plain(array: Array) -> Array:
    """A fresh array in C order."""
    return np.array(array, order="C")


def _fortran(array: Array) -> Array:
    return np.array(array, order="F")


def _strided(array: Array) -> Array:
    return np.repeat(array, 2, axis=-1)[..., ::2]


def _backward(array: Array) -> Array:
    return array[::-1].copy()[::-1]


def _read_only(array: Array) -> Array:
    fresh = plain(array)
    fresh.setflags(write=False)
    return fresh


LAYOUTS: Mapping[str, Callable[[Array], Array]] = {
    "Fortran order": _fortran,
    "strided": _strided,
    "negative strides": _backward,
    "read-only": _read_only,
}
WRITTEN: Mapping[str, str] = {
    "": "{}",
    "Fortran order": "np.asfortranarray({})",
    "strided": "np.repeat({}, 2, axis=-1)[..., ::2]",
    "negative strides": "{}[::-1].copy()[::-1]",
    "read-only": "np.broadcast_to({}, {shape})",
}


def written(value: Value, layout: str = "", made_by: str = "") -> str:
    """An argument as it is typed in a program that has NumPy as np; a text may make it."""
    if made_by:
        return WRITTEN[layout].format(made_by, shape=np.shape(value)) if np.ndim(value) else made_by
    if not isinstance(value, np.ndarray):
        return repr(float(value)) if isinstance(value, np.floating) else repr(int(value))
    # the shortest digits that give this very number in its own precision
    digits = _nested(value)
    kind = "" if value.dtype == np.float64 and value.size else f", dtype=np.{value.dtype.name}"
    text = f"np.array({digits}{kind})"
    if 0 in value.shape and value.ndim > 1:
        text = f"np.zeros({value.shape}{kind})"
    return WRITTEN[layout].format(text, shape=value.shape)


def _nested(value: Array) -> str:
    if value.ndim:
        return f"[{', '.join(_nested(row) for row in value)}]"
    number = value[()]
    if not isinstance(number, np.floating):
        return str(int(number))
    if not np.isfinite(number):
        return f"np.{'nan' if np.isnan(number) else 'inf'}"
    return repr(float(str(number)))


# What is wrong, where, and what it looks like. Data.


class Kind(Enum):
    """What kind of mistake it looks like."""

    RAISES = "raises"
    WRONG_SHAPE = "wrong shape"
    WRONG_DTYPE = "wrong dtype"
    INFINITE = "infinity"
    NAN = "NaN"
    SWALLOWED = "NaN swallowed"
    TRANSPOSED = "transposed"
    SIGN = "wrong sign"
    FACTOR = "wrong factor"
    ZERO = "zero"
    CLIPPED = "clipped"
    THRESHOLD = "clipped or tabulated score"
    EPSILON = "epsilon in a logarithm"
    SEQUENCE = "update in sequence"
    PRECISION = "too few digits"
    CANCELLATION = "cancellation"
    DUPLICATE = "dropped duplicate"
    SHARED = "shared word mishandled"
    EDGE = "wrong at an edge"
    SIZE = "wrong at some sizes"
    SPECIAL = "wrong at special values"
    SATURATED = "wrong where scores are large"
    VALUE = "wrong value"
    REPEATED_ROWS = "repeated rows"
    MUTATED = "mutates its input"
    ALIASED = "result aliases an input"
    REUSED = "workspace reused"
    STATE = "state kept between calls"
    LAYOUT = "non-contiguous read"


@dataclass(frozen=True)
class Finding:
    """One mistake; ``count`` inputs show it, and the simplest one is kept.

    ``error`` is the largest error over all of them in units of u B, None where there is none
    to measure. ``values`` are the arguments, ``layout`` how their arrays lie in memory,
    ``texts`` short ones that make large arguments; ``converted`` whether arrays are
    handed to the function by what the user passed as ``convert``.
    """

    output: str
    kind: Kind
    detail: str
    values: Mapping[str, Value]
    where: str = ""
    want: str = ""
    got: str = ""
    error: float | None = None
    count: int = 1
    layout: str = ""
    texts: Mapping[str, str] = field(default_factory=dict)
    converted: bool = False

    def saying(self, text: str) -> Finding:
        """The same with a text in front of its detail."""
        return replace(self, detail=f"{text}: {self.detail}" if self.detail else text)

    @property
    def reproduce(self) -> str:
        """Python statements that set the arguments; to be pasted where NumPy is np."""
        lines = [
            f"{name} = {written(v, self.layout, self.texts.get(name, ''))}"
            for name, v in self.values.items()
        ]
        return "\n".join(lines)

    @property
    def call(self) -> str:
        """The arguments of the call that goes with `reproduce`."""
        made = {
            name: f"convert({name})" if self.converted and np.ndim(value) else name
            for name, value in self.values.items()
        }
        return ", ".join(f"{name}={text}" for name, text in made.items())


# What was tried: sizes, values, orders, and how many calls. Data, and how it is told.


@dataclass
class Tried:
    """Gathered while a kernel is called."""

    sizes: dict[str, set[int]] = field(default_factory=dict)
    values: dict[str, None] = field(default_factory=dict)
    words: dict[str, None] = field(default_factory=dict)
    layouts: dict[str, None] = field(default_factory=dict)
    orders: dict[str, None] = field(default_factory=dict)
    domains: dict[str, str] = field(default_factory=dict)
    dtypes: dict[str, None] = field(default_factory=dict)
    left_out: dict[str, None] = field(default_factory=dict)
    calls: int = 0

    def case(self, case: Case) -> None:
        """One more input."""
        for name, size in case.sizes.items():
            self.sizes.setdefault(name, set()).add(size)
        self.dtypes[str(case.dtype)] = None
        for trait in sorted(case.traits):
            if trait.endswith(" words"):
                self.words[trait.removesuffix(" words")] = None
            elif trait in ("plain", "integers", "saturated", "large") or " is " in trait:
                self.values["plain" if trait == "large" else trait] = None

    @property
    def lines(self) -> tuple[str, ...]:
        """In words, one line each."""
        found = [("sizes", ", ".join(f"{n} {_ranges(each)}" for n, each in self.sizes.items()))]
        found.append(("values", ", ".join(_grouped(self.values))))
        for name, said in (
            ("words", self.words), ("memory", self.layouts), ("orders", self.orders)
        ):  # fmt: skip
            found.append((name, ", ".join(said)))
        found.append(("domains", "; ".join(f"{n} {said}" for n, said in self.domains.items())))
        found.append(("calls", f"{self.calls}, {' and '.join(self.dtypes)}"))
        found.append(("left out", "; ".join(self.left_out)))
        return tuple(f"{name}: {said}" for name, said in found if said)


def _ranges(sizes: Iterable[int]) -> str:
    """1 to 9, 15 to 17, 64."""
    runs: list[list[int]] = []
    for n in sorted(sizes):
        if runs and n == runs[-1][-1] + 1:
            runs[-1].append(n)
        else:
            runs.append([n])
    return ", ".join(
        f"{run[0]}–{run[-1]}" if len(run) > 2 else ", ".join(map(str, run)) for run in runs
    )


def _grouped(values: Mapping[str, None]) -> list[str]:
    """What is said of several arrays once: zero (V, U)."""
    plain = [value for value in values if " is " not in value]
    of: dict[str, list[str]] = {}
    for value in values:
        if " is " in value:
            name, said = value.split(" is ")
            of.setdefault(said, []).append(name)
    return plain + [f"{said} ({', '.join(names)})" for said, names in of.items()]


# A report as a notebook shows it: a table, and lines to paste behind each finding.


HEADINGS = ("what it looks like", "where", "should be", "is", "error/(u B)", "inputs")


def as_html(
    headline: str,
    findings: Sequence[Finding],
    cells: Callable[[Finding], Sequence[str]],
    call: Callable[[Finding], str],
    tried: Sequence[str],
) -> str:
    """The whole as an element."""
    whole = Element("div")
    SubElement(SubElement(whole, "p"), "strong").text = headline
    if findings:
        table = SubElement(whole, "table")
        head = SubElement(SubElement(table, "thead"), "tr")
        for heading in HEADINGS:
            SubElement(head, "th").text = heading
        body = SubElement(table, "tbody")
        for finding in findings:
            row = SubElement(body, "tr")
            for cell in cells(finding):
                SubElement(row, "td", {"style": "text-align: left"}).text = cell
    for finding in findings:
        _folded(whole, f"{finding.kind.value}, to try", f"{finding.reproduce}\n{call(finding)}")
    _folded(whole, "what was tried", "\n".join(tried))
    return tostring(whole, encoding="unicode", method="html")


def _folded(whole: Element, title: str, text: str) -> None:
    part = SubElement(whole, "details")
    SubElement(part, "summary").text = title
    SubElement(part, "pre", {"style": "white-space: pre-wrap"}).text = text


# The report of a check: prints as a table, and as lines to paste for every finding.


SHOWN = 6  # inputs that are written out


class KernelWrong(AssertionError):
    """A kernel is not what it is claimed to be; the message is the report."""


@dataclass(frozen=True)
class CheckReport:
    """What was found of a function; ``worst`` is the largest error of each result, in u B."""

    function: str
    claim: str
    findings: tuple[Finding, ...]
    worst: Mapping[str, float]
    limit: float
    inputs: int
    seconds: float
    tried: Tried
    more: str = ""  # arguments of every call beside those that are shown

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.findings

    def raise_if_wrong(self) -> None:
        """Raise KernelWrong, an AssertionError, with the report as its message."""
        if self.findings:
            raise KernelWrong(f"\n{self}")

    def __str__(self) -> str:
        return rendered(self.__rich__())

    def _repr_html_(self) -> str:
        return as_html(
            self._headline().plain, self.findings, self._cells, self._call, self.tried.lines
        )

    def __rich__(self) -> RenderableType:
        parts: list[RenderableType] = [self._headline()]
        parts += [Padding(Text(line, style="dim"), (0, 0, 0, 4)) for line in self.tried.lines]
        if self.findings:
            parts.append(self._table())
        for number, finding in enumerate(self.findings[:SHOWN], start=1):
            parts.append(Text(f"\n{number}. {finding.kind.value}, to try:"))
            parts.append(Padding(Text(finding.reproduce), (0, 0, 0, 4)))
            parts.append(Padding(Text(self._call(finding)), (0, 0, 0, 4)))
        return Group(*parts)

    def _call(self, finding: Finding) -> str:
        return f"{self.function}({finding.call}{self.more})"

    def _headline(self) -> Text:
        errors = ", ".join(f"{name} {worst:.2g}" for name, worst in self.worst.items())
        verdict = "✓ agrees with" if self.ok else "✗ is not"
        return Text(
            f"{self.function} {verdict} {self.claim} · {self.inputs} inputs · "
            f"largest error in u B: {errors or 'none measured'} (limit {self.limit:g})",
            style="green" if self.ok else "red",
        )

    def _table(self) -> Table:
        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
        for name in ("", *HEADINGS):
            table.add_column(name, overflow="fold")
        for number, each in enumerate(self.findings, start=1):
            table.add_row(*map(Text, (str(number), *self._cells(each))))
        return table

    def _cells(self, each: Finding) -> tuple[str, ...]:
        what = f"{each.kind.value}: {each.detail}" if each.detail else each.kind.value
        error = "" if each.error is None else f"{each.error:.2g}"
        where = each.output if "," in each.output else each.where or each.output
        return what, where, each.want, each.got, error, str(each.count)
