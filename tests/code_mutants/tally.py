"""Which layer killed how many mutants, by file, and the survivors of the run on symbols."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from tests.code_mutants.judged import Judged
from tests.code_mutants.looked_at import REASONS, key_of, looked_at
from tests.code_mutants.package import TEXTS
from tests.code_mutants.run import Fate

COLUMNS = ("mutants", "symbols", "late", "numbers", "arguments", "properties", "asked", "left")


def counts(fates: Sequence[Fate]) -> dict[str, int]:
    """How many each layer saw; ``late`` are those of symbols that did not end in time."""
    found = Counter[str]()
    for fate in fates:
        found["mutants"] += 1
        found["symbols"] += fate.symbolic is not None
        found["late"] += fate.late
        found["numbers"] += fate.numbers is not None
        found["arguments"] += fate.arguments is not None
        found["properties"] += fate.hypothesis is not None
        found["asked"] += fate.asked
        found["left"] += fate.symbolic is None
    return {name: found[name] for name in COLUMNS}


def rows(fates: Sequence[Fate]) -> dict[str, dict[str, int]]:
    """The counts of each file, and of all."""
    files = sorted({fate.edit.file for fate in fates})
    by_file = {file: counts([fate for fate in fates if fate.edit.file == file]) for file in files}
    return {**by_file, "all": counts(fates)}


def lines(fates: Sequence[Fate], found: Judged) -> Iterator[str]:
    """The table, the survivors by reason, and what is wrong."""
    yield f"{'':24}" + "".join(f"{name:>11}" for name in COLUMNS)
    for file, row in rows(fates).items():
        yield f"{file:24}" + "".join(f"{row[name]:11,}" for name in COLUMNS)
    table = looked_at()
    for reason, meaning in REASONS.items():
        some = found.by_reason.get(reason, [])
        if some:
            yield f"\n{reason}: {len(some)}, {meaning}"
        for fate in some:
            look = table.get(key_of(fate.edit))
            yield f"    {fate.edit}\n        {look.why if look else fate.arguments}"
    for title, wrong in (
        ("MISSED: symbols pass it, other numbers come out", found.missed),
        ("NOT LOOKED AT: symbols pass it, and no reason is listed", found.unlisted),
    ):
        for fate in wrong:
            yield f"\n{title}\n{fate.edit}\n{fate.edit.diff(TEXTS[fate.edit.file])}\n{_seen(fate)}"
    for fate, why in found.contradicted:
        yield f"\nCONTRADICTED: {fate.edit}\n    {why}"
    for key, why in found.stale:
        yield f"stale: {' | '.join(key)}: {why}"


def _seen(fate: Fate) -> str:
    names = ("numbers", "bytes", "hypothesis", "arguments")
    said = [f"{name}: {value}" for name in names if (value := getattr(fate, name))]
    return "; ".join(said) or "no layer sees it, and all outputs are the same bytes"


def as_json(fates: Sequence[Fate], found: Judged, seconds: float) -> str:
    """The same for scripts: every mutant with what each layer said."""
    document = {
        "seconds": round(seconds, 1),
        "failed": found.failed,
        "files": rows(fates),
        "reasons": {reason: len(some) for reason, some in found.by_reason.items()},
        "missed": [str(fate.edit) for fate in found.missed],
        "not looked at": [str(fate.edit) for fate in found.unlisted],
        "contradicted": [[str(fate.edit), why] for fate, why in found.contradicted],
        "stale": [[*key, why] for key, why in found.stale],
        "mutants": [_mutant(fate) for fate in fates],
    }
    return json.dumps(document, indent=2, ensure_ascii=False)


def _mutant(fate: Fate) -> dict[str, Any]:
    file, text, kind, change = key_of(fate.edit)
    layers = ("symbolic", "numbers", "bytes", "arguments", "hypothesis", "asked")
    said = {name: getattr(fate, name) for name in layers}
    place = {"file": file, "number": fate.edit.line, "line": text}
    return {**place, "kind": kind, "change": change, **said, "seconds": round(fate.seconds, 2)}
