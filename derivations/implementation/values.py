"""Values of results: compared input by input, and the findings that explain what is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from derivations.implementation.calling import Kernel, WrongKind, WrongResult
from derivations.implementation.causes import approximated, epsilon, in_sequence, one_by_one
from derivations.implementation.check_report import Finding, Kind
from derivations.implementation.diagnosis import (
    Compared,
    Reason,
    by_size,
    common,
    compared,
    looks,
    lost,
    overflown,
    reason,
    threshold,
)
from derivations.implementation.exact import Right
from derivations.implementation.inputs import Case
from derivations.implementation.question import Output, Problem

# Findings about the numbers of one result: which inputs go together, and what they show.


COINCIDENCES = (Kind.DUPLICATE, Kind.SHARED)
ONCE = (
    Kind.SIGN,
    Kind.FACTOR,
    Kind.SEQUENCE,
)  # what is one mistake though it shows in several results
SeenAt = tuple[Case, Compared]


def explained(
    problem: Problem,
    output: Output,
    seen: Sequence[SeenAt],
    limit: float,
    *,
    steps: bool = False,
    unsteady: bool = False,
) -> Iterator[Finding]:
    """What is plainly wrong, what is not finite, what has lost its digits: each one finding.

    What is ``unsteady`` depends on the calls before, and on nothing of an input.
    """
    wrong = [(case, found) for case, found in seen if not found.worst <= limit]
    if unsteady and wrong:
        yield _finding(output, Kind.STATE, ["right when it is called after another input"], wrong)
        return
    right = [(case, found) for case, found in seen if found.worst <= limit]
    groups: dict[Kind, list[SeenAt]] = {}
    for case, found in wrong:
        kind = overflown(found) or (Kind.CANCELLATION if lost(found, limit) else Kind.VALUE)
        groups.setdefault(kind, []).append((case, found))
    plain, less = groups.get(Kind.VALUE, []), groups.get(Kind.CANCELLATION, [])
    if plain:
        kind, words, why = _cause(problem, output, plain, right, limit)
        if steps and kind in (*COINCIDENCES, Kind.VALUE):
            named = one_by_one(problem, output, plain)
            kind, words = (named.kind, [named.words]) if named else (kind, words)
        yield _finding(output, kind, words, plain)
        # the same mistake at a small number is not another one
        less = [(c, found) for c, found in less if why.trait and why.trait not in c.traits]
    for kind in (Kind.INFINITE, Kind.NAN):
        if kind in groups:
            words = ["where the value is finite", _shared(groups[kind], right).words]
            yield _finding(output, kind, words, groups[kind])
    if less:
        words = [lost(less[0][1], limit), _shared(less, right).words]
        yield _finding(output, Kind.CANCELLATION, words, less)


def _shared(wrong: Sequence[SeenAt], right: Sequence[SeenAt]) -> Reason:
    """What tells wrong inputs from right ones at which something is to be seen."""
    telling = [case.traits for case, found in right if np.any(found.want)]
    return reason([case.traits for case, _ in wrong], telling)


def _cause(
    problem: Problem,
    output: Output,
    wrong: Sequence[SeenAt],
    right: Sequence[SeenAt],
    limit: float,
) -> tuple[Kind, list[str], Reason]:
    """The kind, what is said of it, and what the inputs have in common."""
    why = _shared(wrong, right)
    if why.kind in COINCIDENCES:
        return why.kind, [why.words], why
    kind, detail = common([[*looks(found, case.sizes, limit)] for case, found in wrong])
    sizes = by_size([c.sizes for c, _ in wrong], [c.sizes for c, f in right if np.any(f.want)])
    if kind is not Kind.VALUE:
        only = why.words or sizes.words
        return kind, [detail.partition(";")[0] if only else detail, only], why
    named = epsilon(wrong) or approximated(wrong) or in_sequence(problem, output, wrong, limit)
    if named:
        return named.kind, [named.words], why
    if why.kind not in (Kind.VALUE, Kind.SATURATED):
        return why.kind, [why.words], why
    scores = threshold([f.reach for _, f in wrong], [f.reach for _, f in right])
    for one in (sizes, scores, why):
        if one.kind is not Kind.VALUE:
            return one.kind, [one.words], why
    return Kind.VALUE, [], why


def _finding(output: Output, kind: Kind, words: list[str], group: Sequence[SeenAt]) -> Finding:
    """With the numbers of the simplest input, where its error is largest."""
    case, found = min(group, key=lambda each: each[0].weight)
    at = found.where()
    want, got = _apart(found.want[at], found.got[at])
    return Finding(
        output.name,
        kind,
        ", ".join(filter(None, words)),
        case.values,
        where=f"{output.name}[{', '.join(map(str, at))}]" if at else output.name,
        want=want,
        got=got,
        error=float(found.errors[at]),
        count=len(group),
        texts=case.texts,
    )


def told_once(findings: Iterable[Finding]) -> Iterator[Finding]:
    """A sign or a factor that all results have wrong is one mistake."""
    once: dict[tuple[Kind, str], Finding] = {}
    for finding in findings:
        key = finding.kind, finding.detail
        if finding.kind not in ONCE:
            yield finding
        elif key in once:
            together = f"{once[key].output}, {finding.output}"
            once[key] = replace(once[key], output=together)
        else:
            once[key] = finding
    yield from once.values()


def _apart(want: Any, got: Any) -> tuple[str, str]:
    """Both numbers with few digits, or with all where few do not tell them apart."""
    short, other = f"{float(want):.6g}", f"{float(got):.6g}"
    if short == other:
        short, other = repr(float(want)), repr(float(got))
    return short, other


# Every input once: results of the right shape, dtype and value.


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
