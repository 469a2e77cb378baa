"""Which layer killed how many mutants, by file, and what none of them saw."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from tests.code_mutants.run import Fate


def lines(fates: Sequence[Fate], executed: dict[str, set[int]]) -> Iterator[str]:
    """The table, then every mutant that running on symbols lets pass."""
    files = sorted({fate.edit.file for fate in fates})
    yield f"{'file':26}mutants   symbols   properties (asked)   arguments   none"
    for file in (*files, "all"):
        some = [fate for fate in fates if file in (fate.edit.file, "all")]
        counts = Counter[str]()
        for fate in some:
            counts["symbols"] += fate.symbolic is not None
            counts["properties"] += fate.hypothesis is not None
            counts["asked"] += fate.asked
            counts["arguments"] += fate.arguments is not None
            counts["none"] += fate.survives
        yield (
            f"{file:26}{len(some):7}   {counts['symbols']:7}   {counts['properties']:10} "
            f"{'(' + str(counts['asked']) + ')':>7}   "
            f"{counts['arguments']:9}   {counts['none']:4}"
        )
    for title, some in passed(fates, executed).items():
        yield f"\n{title}: {len(some)}"
        for fate in some:
            seen = fate.numbers and f"numbers of {fate.numbers}"
            seen = seen or fate.hypothesis or fate.arguments or ""
            yield f"    {fate.edit}{f'  [{seen}]' if seen else ''}"


def passed(fates: Sequence[Fate], executed: dict[str, set[int]]) -> dict[str, list[Fate]]:
    """What running on symbols lets pass, by why that is no fault of it; or that it is one."""
    found: dict[str, list[Fate]] = {
        "MISSED: other numbers come out at ordinary inputs": [],
        "passes on symbols, seen by another layer: range, dtypes, memory, wrong arguments": [],
        "seen by none, its line run on symbols: equal in the reals at every size run": [],
        "seen by none, its line not run on symbols": [],
    }
    missed, seen, equal, unrun = found.values()
    for fate in fates:
        if fate.symbolic is not None:
            continue
        if fate.missed:
            missed.append(fate)
        elif not fate.survives:
            seen.append(fate)
        elif fate.edit.line in executed.get(fate.edit.file, set()):
            equal.append(fate)
        else:
            unrun.append(fate)
    return found
