"""Findings about the numbers of one result: which inputs go together, and what they show."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from derivations.implementation.case import Case
from derivations.implementation.causes import approximated, epsilon, in_sequence
from derivations.implementation.compare import Compared
from derivations.implementation.diagnose import Reason, by_size, common, reason, threshold
from derivations.implementation.finding import Finding, Kind
from derivations.implementation.one_by_one import one_by_one
from derivations.implementation.patterns import looks, lost, overflown
from derivations.implementation.question import Output, Problem

COINCIDENCES = (Kind.DUPLICATE, Kind.SHARED)
ONCE = (
    Kind.SIGN,
    Kind.FACTOR,
    Kind.SEQUENCE,
)  # what is one mistake though it shows in several results
Seen = tuple[Case, Compared]


def explained(
    problem: Problem,
    output: Output,
    seen: Sequence[Seen],
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
    groups: dict[Kind, list[Seen]] = {}
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


def _shared(wrong: Sequence[Seen], right: Sequence[Seen]) -> Reason:
    """What tells wrong inputs from right ones at which something is to be seen."""
    telling = [case.traits for case, found in right if np.any(found.want)]
    return reason([case.traits for case, _ in wrong], telling)


def _cause(
    problem: Problem,
    output: Output,
    wrong: Sequence[Seen],
    right: Sequence[Seen],
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


def _finding(output: Output, kind: Kind, words: list[str], group: Sequence[Seen]) -> Finding:
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
