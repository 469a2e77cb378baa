"""Every input once: results of the right shape, dtype and value."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from derivations.implementation.call import Kernel, WrongResult, read
from derivations.implementation.case import Case
from derivations.implementation.compare import Compared, compared
from derivations.implementation.diagnose import common, reason
from derivations.implementation.exact import Expected
from derivations.implementation.finding import Finding, Kind
from derivations.implementation.patterns import looks, lost, overflown
from derivations.implementation.question import Output

COINCIDENCES = (Kind.DUPLICATE, Kind.SHARED)
GIVEN_UP = 6  # inputs of one dtype that may raise before the rest is left out


_Wrong = tuple[Case, Compared]


@dataclass
class Seen:
    """What one result was at each input: errors by input, and findings by what shows at once."""

    output: str
    found: list[tuple[Case, Compared]] = field(default_factory=list)
    worst: float = 0.0


@dataclass
class Values:
    """Gathers what the results are; findings are made of it at the end."""

    kernel: Kernel
    limit: float
    seen: dict[str, Seen] = field(default_factory=dict)
    faults: list[tuple[Case, Finding]] = field(default_factory=list)

    def look(self, case: Case, right: dict[str, Expected], results: list[Any]) -> None:
        """Compare the results at one input."""
        for output, result in zip(self.kernel.problem.outputs, results, strict=True):
            if output is not None:
                self._look_at(output, case, right[output.name], result)

    def raised(self, case: Case, error: Exception) -> None:
        """An input on which the kernel raised."""
        kind = Kind.WRONG_SHAPE if isinstance(error, WrongResult) else Kind.RAISES
        name = "" if isinstance(error, WrongResult) else f"{type(error).__name__}: "
        text = " ".join(str(error).split())[:160]
        self.faults.append((case, Finding("", kind, f"{name}{text}", case.values)))

    def _look_at(self, output: Output, case: Case, right: Expected, result: Any) -> None:
        seen = self.seen.setdefault(output.name, Seen(output.name))
        try:
            got = read(result, output, case)
        except Exception as error:  # reading runs the user's own code, such as dense()
            text = f"{type(error).__name__}: {error}"
            self._fault(case, output, Kind.WRONG_SHAPE, text, "", "")
            return
        if got.shape != right.shape:
            if got.size == 1 and not right.shape:
                got = got.reshape(())
            else:
                self._fault(case, output, *_shaped(got.shape, right.shape))
                return
        if got.ndim and got.dtype != case.dtype:
            text = f"{got.dtype} for {case.dtype} input"
            self._fault(case, output, Kind.WRONG_DTYPE, text, str(case.dtype), str(got.dtype))
        if hasattr(result, "rows") and len(set(np.asarray(result.rows).tolist())) < len(
            result.rows
        ):
            text = "a row is listed twice: U[rows] -= values would take one of them"
            self._fault(case, output, Kind.REPEATED_ROWS, text, "", "")
        u = float(np.finfo(case.dtype).eps) / 2
        found = compared(got, right, u, self.limit)
        seen.found.append((case, found))
        seen.worst = max(seen.worst, found.worst)

    def _fault(self, case: Case, output: Output, kind: Kind, text: str, *numbers: str) -> None:
        want, got = numbers
        finding = Finding(output.name, kind, text, case.values, want=want, got=got)
        self.faults.append((case, finding))

    def findings(self) -> Iterator[Finding]:
        """One finding for each result and kind of mistake, with the simplest input."""
        yield from grouped(self.faults)
        for seen in self.seen.values():
            yield from self._of(seen)

    def _of(self, seen: Seen) -> Iterator[Finding]:
        wrong = [(c, found) for c, found in seen.found if not found.worst <= self.limit]
        right = [c.traits for c, found in seen.found if found.worst <= self.limit]
        over: list[_Wrong] = []
        less: list[_Wrong] = []
        plain: list[_Wrong] = []
        for case, found in wrong:
            finite = not overflown(found)
            group = plain if finite and not lost(found, self.limit) else less if finite else over
            group.append((case, found))
        if plain:
            why = reason([case.traits for case, _ in plain], right)
            kind, detail = common([[*looks(f, c.sizes, self.limit)] for c, f in plain])
            if kind is Kind.VALUE or why.kind in COINCIDENCES:
                kind, detail = why.kind, ""
            yield self._finding(seen.output, kind, [detail, why.words], plain)
            # the same mistake at a small number is not another one
            less = [(c, found) for c, found in less if why.trait and why.trait not in c.traits]
        if over:
            why = reason([case.traits for case, _ in over], right)
            detail = overflown(over[0][1])
            yield self._finding(seen.output, Kind.NOT_FINITE, [detail, why.words], over)
        if less:
            why = reason([case.traits for case, _ in less], right)
            detail = lost(less[0][1], self.limit)
            yield self._finding(seen.output, Kind.CANCELLATION, [detail, why.words], less)

    def _finding(self, output: str, kind: Kind, words: list[str], group: list[_Wrong]) -> Finding:
        case, found = min(group, key=lambda each: each[0].weight)
        at = found.where(self.limit)
        return Finding(
            output,
            kind,
            ", ".join(filter(None, words)),
            case.values,
            where=f"{output}[{', '.join(map(str, at))}]" if at else output,
            **_apart(found.want[at], found.got[at]),
            error=max(each.worst for _, each in group),
            count=len(group),
        )


def grouped(faults: Iterable[tuple[Case, Finding]]) -> Iterator[Finding]:
    """The simplest of those that are alike, and how many there are."""
    groups: dict[tuple[str, Kind, str], list[tuple[Case, Finding]]] = {}
    for case, finding in faults:
        groups.setdefault((finding.output, finding.kind, finding.layout), []).append(
            (case, finding)
        )
    for group in groups.values():
        _, finding = min(group, key=lambda each: each[0].weight)
        yield replace(finding, count=len(group))


def _shaped(got: tuple[int, ...], want: tuple[int, ...]) -> tuple[Kind, str, str, str]:
    turned = got == want[::-1] and len(got) > 1
    kind = Kind.TRANSPOSED if turned else Kind.WRONG_SHAPE
    text = f"shape {got}, should be {want}"
    return kind, text, str(want), str(got)


def _apart(want: Any, got: Any) -> dict[str, str]:
    """Both numbers with few digits, or with all where few do not tell them apart."""
    short, other = f"{float(want):.6g}", f"{float(got):.6g}"
    if short == other:
        short, other = repr(float(want)), repr(float(got))
    return {"want": short, "got": other}
