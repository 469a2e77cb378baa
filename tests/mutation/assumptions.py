"""What a line is assumed under: conditions dropped and negated."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from derivations.claim import Condition, Equal, Unequal
from derivations.reader.equation import Equality

DROPPED, NEGATED = "assumption dropped", "assumption negated"


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
