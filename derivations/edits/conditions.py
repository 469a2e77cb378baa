"""Conditions: those in parentheses at the end of a side, and those a line is assumed under."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from derivations.claim import Condition, Equal, Unequal
from derivations.edits.operator import Change
from derivations.edits.setting import Setting
from derivations.edits.spots import Spot
from derivations.edits.units import units
from derivations.reader.equality import Equality
from derivations.reader.syntax import Group, Relation
from derivations.reader.written import written

DROPPED, NEGATED = "assumption dropped", "assumption negated"


def trailing_dropped(spot: Spot, setting: Setting) -> Iterator[Change]:
    """``a (w \\ne c)`` as ``a``."""
    found = units(spot.node, setting)
    last = found[-1].factors[-1] if found else None
    if not isinstance(last, Group) or last.bracket != "(" or len(found[-1].factors) > 1:
        return
    rest = found[-1].dropped()
    if rest is not None and all(isinstance(item, Relation) for item in last.content.items):
        yield f"the condition {written(last)} dropped", rest


def assumed_otherwise(equality: Equality) -> Iterator[tuple[str, str, Equality]]:
    """The kind, the words and the equality, for each of its assumptions dropped or negated."""
    for n, condition in enumerate(equality.assumed):
        others = (*equality.assumed[:n], *equality.assumed[n + 1 :])
        yield DROPPED, f"{condition} not assumed", replace(equality, assumed=others)
        negative = _negative(condition)
        if negative is not None:
            assumed = (*equality.assumed[:n], negative, *equality.assumed[n + 1 :])
            yield NEGATED, f"{negative} for {condition}", replace(equality, assumed=assumed)


def _negative(condition: Condition) -> Condition | None:
    match condition:
        case Equal(left, right):
            return Unequal(left, right)
        case Unequal(left, right):
            return Equal(left, right)
    return None
