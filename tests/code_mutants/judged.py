"""What the campaign says: which survivors are explained, and what is wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tests.code_mutants.edit import Edit
from tests.code_mutants.looked_at import Key, Look, key_of
from tests.code_mutants.run import Fate


@dataclass
class Judged:
    """The survivors of the run on symbols by reason, and what fails the campaign."""

    by_reason: dict[str, list[Fate]] = field(default_factory=dict)
    missed: list[Fate] = field(default_factory=list)
    unlisted: list[Fate] = field(default_factory=list)
    contradicted: list[tuple[Fate, str]] = field(default_factory=list)
    stale: list[tuple[Key, str]] = field(default_factory=list)

    @property
    def failed(self) -> bool:
        """Whether symbols missed something, or a survivor is not explained."""
        gaps = self.by_reason.get("gap")
        return bool(self.missed or self.unlisted or self.contradicted or gaps)


def judged(fates: Sequence[Fate], table: Mapping[Key, Look], every: Sequence[Edit]) -> Judged:
    """Sort the fates; ``every`` edit there is tells which entries have lost their place."""
    found = Judged()
    for fate in fates:
        look = table.get(key_of(fate.edit))
        if fate.symbolic is not None:
            if look:
                found.stale.append((look.key, f"symbols see it: {fate.symbolic}"))
        elif fate.numbers is not None:
            found.missed.append(fate)
        elif look and (wrong := contradiction(fate, look)):
            found.contradicted.append((fate, wrong))
        elif look:
            found.by_reason.setdefault(look.reason, []).append(fate)
        elif fate.arguments is not None:
            found.by_reason.setdefault("arguments", []).append(fate)
        else:
            found.unlisted.append(fate)
    places = {key_of(edit) for edit in every}
    found.stale += [(key, "no such place") for key in table if key not in places]
    return found


def contradiction(fate: Fate, look: Look) -> str | None:
    """What the layers say against the reason a survivor is listed with."""
    if look.reason == "gap":
        return None
    if look.reason in ("equivalent", "unused"):
        seen = fate.hypothesis or fate.arguments or fate.bytes
        return seen and f"listed as {look.reason}, but seen: {seen}"
    if look.reason == "speed" and (seen := fate.hypothesis or fate.bytes):
        return f"listed as speed, but seen: {seen}"
    if look.reason == "arguments" and fate.bytes:  # properties refuse some arguments, too
        return f"listed as arguments, but seen: {fate.bytes}"
    if look.reason in ("rounding", "range") and fate.arguments:
        return f"listed as {look.reason}, but arguments: {fate.arguments}"
    return None
