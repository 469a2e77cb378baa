"""Every input once: results of the right shape, dtype and value."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from derivations.implementation.call import Kernel, WrongKind, WrongResult
from derivations.implementation.case import Case
from derivations.implementation.compare import Compared, compared
from derivations.implementation.exact import Right
from derivations.implementation.explained import explained, told_once
from derivations.implementation.finding import Finding, Kind
from derivations.implementation.question import Output

# what tensors' methods and functions say of arrays
AS_ARRAYS = ("'numpy.ndarray' object has no attribute", "must be Tensor, not numpy.ndarray")
GIVEN_UP = 6  # inputs of one dtype that may raise before the rest is left out


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
    unsteady: bool = False  # what was wrong is right when it is called again

    def look(self, case: Case, right: Mapping[str, Right], results: list[Any]) -> bool:
        """Compare the results at one input: whether all are right."""
        pairs = zip(self.kernel.problem.outputs, results, strict=True)
        well = [self._look_at(o, case, right[o.name], result) for o, result in pairs if o]
        return all(well)

    def raised(self, case: Case, error: Exception) -> None:
        """An input on which the kernel raised."""
        kind = Kind.WRONG_SHAPE if isinstance(error, WrongResult) else Kind.RAISES
        name = "" if isinstance(error, WrongResult) else f"{type(error).__name__}: "
        text = " ".join(str(error).split())[:160]
        if self.kernel.convert is None and any(each in text for each in AS_ARRAYS):
            text += " (it is given NumPy arrays: convert=torch.as_tensor makes tensors of them)"
        self.faults.append((case, Finding("", kind, f"{name}{text}", case.values)))

    def _look_at(self, output: Output, case: Case, right: Right, result: Any) -> bool:
        seen = self.seen.setdefault(output.name, Seen(output.name))
        try:
            got = self.kernel.read(result, output, case)
        except Exception as error:  # reading runs the user's own code, such as dense()
            named = "" if isinstance(error, WrongResult) else f"{type(error).__name__}: "
            text = f"{named}{error}"
            kind = Kind.WRONG_DTYPE if isinstance(error, WrongKind) else Kind.WRONG_SHAPE
            self._fault(case, output, kind, text, "", "")
            return False
        if got.shape != right.shape:
            if got.size == 1 and not right.shape:
                got = got.reshape(())
            else:
                self._fault(case, output, *_shaped(got.shape, right.shape))
                return False
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
        return found.worst <= self.limit

    def _other_precision(self) -> str:
        """The one precision in which it does not raise, where it always does in the other."""
        came = {str(case.dtype) for seen in self.seen.values() for case, _ in seen.found}
        raised = {str(case.dtype) for case, each in self.faults if each.kind is Kind.RAISES}
        return next(iter(came)) if len(came) == 1 and raised and not came & raised else ""

    def _fault(self, case: Case, output: Output, kind: Kind, text: str, *numbers: str) -> None:
        want, got = numbers
        finding = Finding(output.name, kind, text, case.values, want=want, got=got)
        self.faults.append((case, finding))

    def findings(self) -> Iterator[Finding]:
        """One finding for each result and kind of mistake, with the simplest input."""
        for finding in grouped(self.faults):
            only = finding.kind is Kind.RAISES and self._other_precision()
            hint = f" (if it is for {only} alone: dtypes='{only}')" if only else ""
            yield replace(finding, detail=f"{finding.detail}{hint}")
        outputs = {output.name: output for output in self.kernel.problem.judged}
        steps = bool(self.kernel.stepped)
        each = (
            finding
            for name, seen in self.seen.items()
            for finding in explained(
                self.kernel.problem,
                outputs[name],
                seen.found,
                self.limit,
                steps=steps,
                unsteady=self.unsteady,
            )
        )
        yield from told_once(each)


def grouped(faults: Iterable[tuple[Case, Finding]]) -> Iterator[Finding]:
    """The simplest of those that are alike, and how many there are."""
    groups: dict[tuple[str, Kind, str], list[tuple[Case, Finding]]] = {}
    for case, finding in faults:
        groups.setdefault((finding.output, finding.kind, finding.layout), []).append(
            (case, finding)
        )
    for group in groups.values():
        case, finding = min(group, key=lambda each: each[0].weight)
        yield replace(finding, count=len(group), texts=case.texts)


def _shaped(got: tuple[int, ...], want: tuple[int, ...]) -> tuple[Kind, str, str, str]:
    turned = got == want[::-1] and len(got) > 1
    kind = Kind.TRANSPOSED if turned else Kind.WRONG_SHAPE
    text = f"shape {got}, should be {want}"
    return kind, text, str(want), str(got)
