"""The figures of a campaign, and the lists that are read by eye."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from tests.mutation.mutants import Mutant
from tests.mutation.outcome import KILLED, WRONG, Fate, Outcome

Results = Sequence[tuple[Mutant, Outcome]]
LISTED = (Fate.MISSED, Fate.FAULT, Fate.LATE, Fate.UNDECIDED, Fate.EQUIVALENT)


def lines(results: Results) -> Iterator[str]:
    """Tables by part and by kind, what has to be read by eye, and a summary."""
    yield from _table("part", results, [mutant.part for mutant, _ in results])
    yield from _table("kind", results, [mutant.kind for mutant, _ in results])
    for fate in LISTED:
        yield from _listed(fate, results)
    yield summary(results)


def summary(results: Results) -> str:
    """One line: how many were killed, and what became of the others."""
    fates = Counter(found.fate for _, found in results)
    killed = sum(fates[fate] for fate in KILLED)
    rest = ", ".join(f"{fates[fate]:,} {fate.value}" for fate in Fate if fate not in KILLED)
    return (
        f"{len(results):,} mutants of {len({mutant.line for mutant, _ in results})} lines: "
        f"{killed:,} killed ({fates[Fate.REFUTED]:,} refuted, {fates[Fate.ILL_TYPED]:,} "
        f"ill-typed), {rest}"
    )


def failed(results: Results) -> bool:
    """Whether a false line passed, or the checker broke."""
    return any(found.fate in WRONG for _, found in results)


def _table(name: str, results: Results, keys: list[str]) -> Iterator[str]:
    fates: dict[str, Counter[Fate]] = {}
    for key, (_, found) in zip(keys, results, strict=True):
        fates.setdefault(key, Counter())[found.fate] += 1
    width = max(map(len, (*fates, name)), default=0)
    yield f"{name:{width}}  mutants  " + "  ".join(fate.value for fate in Fate)
    for key in sorted(fates):
        cells = (f"{fates[key][fate]:>{len(fate.value)}}" for fate in Fate)
        yield f"{key:{width}}  {sum(fates[key].values()):7}  " + "  ".join(cells)
    yield ""


def _listed(fate: Fate, results: Results) -> Iterator[str]:
    found = [(mutant, outcome) for mutant, outcome in results if outcome.fate is fate]
    if not found:
        return
    yield f"{fate.value} ({len(found)})"
    for mutant, outcome in sorted(found, key=lambda pair: (pair[0].line, pair[0].text)):
        yield f"  {mutant.line}  {mutant.kind}: {mutant.words}"
        yield f"      {mutant.text}"
        if fate is not Fate.EQUIVALENT:
            yield f"      {outcome.detail}"
    yield ""
