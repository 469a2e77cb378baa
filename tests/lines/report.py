"""The summary of a campaign: verdicts by family, reasons, what was dropped, what was wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

import numpy as np

from tests.lines.adapter import NOT_READ, UNDECIDED, VERDICTS, Said, kind_of
from tests.lines.campaign import Result
from tests.lines.jets import Value
from tests.lines.make import Case
from tests.lines.shrink import evaluated
from tests.lines.tables import AnyFunction, Table
from tests.lines.tree import scoped_lines
from tests.lines.truth import Examined

MOST_REASONS = 12
OPEN = (UNDECIDED, NOT_READ)


def summary(results: Sequence[Result]) -> Iterator[str]:
    """The tables, the same however the work was shared out."""
    yield from _verdicts(results)
    yield ""
    yield from _reasons(results)
    yield ""
    yield from _dropped(results)
    wrong = [each for each in results if each.wrong]
    yield ""
    yield from _wrong(wrong)


def _verdicts(results: Sequence[Result]) -> Iterator[str]:
    families = list(dict.fromkeys(sorted(each.family for each in results)))
    yield (
        f"{'family':24}{'lines':>8}{'true':>8}" + "".join(f"{v:>11}" for v in VERDICTS) + "  wrong"
    )
    for family in [*families, ""]:
        mine = [each for each in results if family in ("", each.family)]
        counts = Counter(each.said.verdict for each in mine)
        true = sum(each.true for each in mine)
        wrong = sum(each.wrong for each in mine)
        row = f"{family or 'all':24}{len(mine):>8,}{true:>8,}"
        row += "".join(f"{counts[verdict]:>11,}" for verdict in VERDICTS)
        yield f"{row}{wrong:>7,}"
    decided = [each for each in results if each.said.verdict not in OPEN]
    read = [each for each in results if each.said.verdict != NOT_READ]
    total = max(len(results), 1)
    yield f"read {100 * len(read) / total:.1f} %, decided {100 * len(decided) / total:.1f} %"


def _reasons(results: Sequence[Result]) -> Iterator[str]:
    counts = Counter(
        (each.family, each.said.verdict, kind_of(each.said.reason))
        for each in results
        if each.said.verdict in OPEN
    )
    yield "undecided and not read"
    for family in sorted({each.family for each in results}):
        mine = [(key, n) for key, n in counts.items() if key[0] == family]
        mine.sort(key=lambda pair: (-pair[1], pair[0]))
        for (_, verdict, reason), n in mine[:MOST_REASONS]:
            yield f"  {family:24}{n:>7,}  {verdict}: {reason}"


def _dropped(results: Sequence[Result]) -> Iterator[str]:
    total: Counter[str] = Counter()
    for each in results:
        total += each.dropped
    yield "dropped while making"
    for reason, n in sorted(total.items(), key=lambda pair: (-pair[1], pair[0])):
        yield f"  {n:>7,}  {reason}"


def _wrong(wrong: Sequence[Result]) -> Iterator[str]:
    if not wrong:
        yield "no verdict was wrong"
        return
    yield f"{len(wrong):,} verdicts were wrong"
    counts = Counter(map(group_of, wrong))
    for group, n in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])):
        yield f"  {n:>7,}  " + ", ".join(filter(None, group))


def group_of(result: Result) -> tuple[str, str, str, str]:
    """What wrong verdicts are counted by."""
    truth = "true" if result.true else "false"
    said = f"{truth}, but {result.said.verdict}"
    reason = kind_of(result.said.reason) if result.said.verdict == "crash" else ""
    return said, result.family, result.kind, reason


def one_of_each(wrong: Iterable[Result], most: int) -> list[Result]:
    """So many wrong results: one of each group first."""
    ordered = sorted(wrong, key=lambda each: each.number)
    first: dict[tuple[str, str, str, str], Result] = {}
    for each in ordered:
        first.setdefault(group_of(each), each)
    rest = [each for each in ordered if each not in first.values()]
    return [*first.values(), *rest][:most]


def shown(case: Case, number: int, seed: int, verdict: Said) -> Iterator[str]:
    """A case in full: how to make it again, its file, and what both sides are."""
    truth = "true" if case.true else "false"
    yield f"--- {truth}, but {verdict.verdict}: {case.family}, {case.kind}"
    yield f"seed {seed}, number {number} ({case.seed}); {case.how or 'as it was drawn'}"
    if verdict.reason:
        yield f"said: {verdict.reason.strip()[:300]}"
    yield case.text()
    found = evaluated(case)
    if case.true:
        yield f"equal at {found.agreed} points"
    else:
        yield from _difference(case, found)


def _difference(case: Case, found: Examined) -> Iterator[str]:
    env = scoped_lines(case.file)[-1].env
    for name, binding in env.items():
        value = found.store.get(binding)  # type: ignore[arg-type]
        if value is not None:
            yield f"  {name} = {_value(value)}"
    yield f"  left  = {_value(found.left)}"
    yield f"  right = {_value(found.right)}"


def _value(value: Value) -> str:
    if isinstance(value, Table):
        value = value.entries
    if isinstance(value, np.ndarray):
        return "[" + ", ".join("[" + ", ".join(map(_value, row)) + "]" for row in value) + "]"
    if isinstance(value, AnyFunction):
        return "a polynomial"
    return f"{value:.10g}" if isinstance(value, Decimal) else str(value)
