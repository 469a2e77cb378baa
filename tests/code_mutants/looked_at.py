"""Survivors of the run on symbols that were looked at, and what each turned out to be.

No verdict comes from this table: a survivor that is not in it, or that the layers say something
else of than its reason allows, fails the campaign.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.code_mutants.edit import Edit
from tests.code_mutants.package import TEXTS

FILE = Path(__file__).with_name("looked_at.toml")
REASONS = {
    "range": "differs only where numbers overflow, vanish or are not finite",
    "rounding": "the same in the reals, rounded otherwise",
    "arguments": "differs only in which arguments are refused, or with which words",
    "speed": "differs only in time, memory or how much is done at once",
    "equivalent": "the same bytes in every kernel",
    "unused": "a case of a helper that no kernel comes to; nothing is proved of it",
    "gap": "other mathematics, which symbols should have seen",
}
Key = tuple[str, str, str, str]


@dataclass(frozen=True)
class Look:
    """One edit of the table: its reason, a key of `REASONS`, and what shows it."""

    key: Key
    reason: str
    why: str


def key_of(edit: Edit) -> Key:
    """An edit by the text of its line, so that it is known again when other lines change."""
    line = TEXTS[edit.file].splitlines()[edit.line - 1]
    return edit.file, line.split("  # ")[0].strip(), edit.kind, edit.change


def looked_at(path: Path = FILE) -> dict[Key, Look]:
    """The table; ValueError if a reason is none, or an edit is there twice."""
    found: dict[Key, Look] = {}
    for look in _looks(path):
        if look.reason not in REASONS or not look.why:
            raise ValueError(f"{look.key}: {look.reason!r} is no reason, or does not say why")
        if look.key in found:
            raise ValueError(f"{look.key} is there twice")
        found[look.key] = look
    return found


def _looks(path: Path) -> Iterator[Look]:
    for entry in tomllib.loads(path.read_text(encoding="utf-8")).get("edit", []):
        for change in entry["changes"]:
            key = entry["file"], entry["line"], entry["kind"], change
            yield Look(key, entry["reason"], entry["why"])
