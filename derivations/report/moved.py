"""What has changed between two judgings of one file: newly proved, newly wrong, new, gone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.console import Group, RenderableType
from rich.text import Text

from derivations.claim import Verdict
from derivations.reader.line import NotRead
from derivations.report.claim_key import Keys
from derivations.report.findings import in_a_sentence
from derivations.report.folded import Folded
from derivations.report.marks import GOOD, QUIET
from derivations.report.results import JudgedLine, Results
from derivations.report.screen import headline, looked_at, where

NOTHING_MOVED = "no verdict has moved"


@dataclass(frozen=True)
class Seen:
    """A line as it was told: ``says`` is a key of what it claims, ``told`` all that was said."""

    id: str
    latex: str
    says: str
    verdict: Verdict
    well: bool
    told: str


@dataclass(frozen=True)
class Moved:
    """A line, and what has become of it; ``judged`` is None where it is gone."""

    how: str
    line: Seen
    judged: JudgedLine | None = None


def seen(results: Results, keys: Keys) -> tuple[Seen, ...]:
    """The lines of a file as they are told, to be compared with what they are later."""
    return tuple(
        Seen(
            each.line.id,
            each.line.latex,
            _says(each, keys),
            each.verdict,
            not each.failures,
            in_a_sentence(each),
        )
        for each in results.lines
    )


def _says(judged: JudgedLine, keys: Keys) -> str:
    line = judged.line
    if isinstance(line, NotRead):
        return f"not read: {line.latex}"
    return " ".join(map(keys, line.claims))


def moves(before: Sequence[Seen], results: Results, after: Sequence[Seen]) -> Iterator[Moved]:
    """What has become of each line that is not as it was; what is gone comes last."""
    partners = _partners(before, after)
    for judged, line in zip(results.lines, after, strict=True):
        was = partners.get(line.id)
        how = _how(was, line)
        if how:
            yield Moved(how, line, judged)
    kept = {was.id for was in partners.values()}
    yield from (Moved("gone", was) for was in before if was.id not in kept)


def _partners(before: Sequence[Seen], after: Sequence[Seen]) -> dict[str, Seen]:
    """What each line was before: the one that said the same, else the one of the same name."""
    waiting: dict[str, list[Seen]] = {}
    for was in before:
        waiting.setdefault(was.says, []).append(was)
    found: dict[str, Seen] = {}
    for line in after:
        same = waiting.get(line.says, [])
        if same:
            found[line.id] = same.pop(0)
    left = {was.id: was for each in waiting.values() for was in each}
    return {line.id: left[line.id] for line in after if line.id in left} | found


def _how(was: Seen | None, line: Seen) -> str:
    if was is None:
        return f"new, {line.verdict.value}"
    if (was.verdict, was.well) == (line.verdict, line.well):
        return "" if was.well or was.told == line.told else f"still {line.verdict.value}"
    if line.verdict is Verdict.PROVED:
        return "newly proved"
    if line.well:
        return f"now {line.verdict.value}, as the file says"
    return f"newly wrong: {line.verdict.value}" if was.well else f"now {line.verdict.value}"


def difference(
    file: str, results: Results, found: Sequence[Moved], width: int, *, judged: int
) -> RenderableType:
    """The headline, and each line that has moved; ``judged`` claims were not known before."""
    parts: list[RenderableType] = [headline(results, file)]
    if not found:
        parts.append(Text(f"  {NOTHING_MOVED} ({judged} judged)", QUIET))
    for each in found:
        if each.judged is None:
            parts.append(Folded([f"- {each.line.id}  {each.line.latex}  gone"], QUIET))
        elif each.line.well:
            parts.append(Folded([f"✓ {each.line.id}  {each.line.latex}  {each.how}"], GOOD))
        else:
            parts.append(Text(f"✗ {each.line.id}  {each.how}"))
            parts += looked_at(each.judged, file, width)
    told = {each.line.id for each in found}
    still = [line for line in results.lines if line.failures and line.line.id not in told]
    parts += [Text("still to look at:", QUIET)] if still else []
    parts += (where(line, file) for line in still)
    return Group(*parts)
