"""The report of a check: prints as a table, and as lines to paste for every finding."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from derivations.implementation.finding import Finding
from derivations.implementation.report_html import HEADINGS, as_html
from derivations.implementation.tried import Tried
from derivations.report.style import rendered

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
