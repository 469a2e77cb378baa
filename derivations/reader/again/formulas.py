"""Formulas of the text read for one display after the other: once, as long as they mean the same.

What was found of a formula in one scope holds in another that differs in names alone of which no
letter stands in it. Its terms are the same then; what it could be about, index sets and conditions,
has to be the same as well.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Generic, TypeVar

from derivations.reader.declare.lost import Lost
from derivations.reader.limits import MOST_READ_AGAIN
from derivations.reader.scope import Scope
from derivations.reader.source import Span

T = TypeVar("T")
_LETTER = re.compile(r"\\[A-Za-z]+|[A-Za-z]")
# by name; the symbols are only how names are printed
_NAMED = ("things", "families", "in_blocks", "awaiting", "functions", "steps")
_PRINTED = "symbols"


@dataclass
class Remembered(Generic[T]):
    """What was found of formulas, each in a scope and with what was lost; at ``most`` so many."""

    most: int = MOST_READ_AGAIN
    found: dict[tuple[Span, str], tuple[Scope, Lost, T]] = field(default_factory=dict)
    _compared: tuple[Scope, Scope, frozenset[str] | None] | None = None

    def __call__(
        self,
        span: Span,
        scope: Scope,
        lost: Lost,
        find: Callable[[], T],
        otherwise: T,
        name: str = "",
    ) -> T:
        """What ``find`` finds, or found before; ``otherwise`` where too much was looked for.

        ``name`` tells equations of one formula apart.
        """
        known = self.found.get((span, name))
        if known is not None and known[1] == lost and self._reads_alike(span, known[0], scope):
            value = known[2]
        elif self.most:
            self.most -= 1
            value = find()
        else:
            return otherwise
        self.found[span, name] = (scope, lost, value)
        return value

    def _reads_alike(self, span: Span, one: Scope, other: Scope) -> bool:
        if one is other:
            return True
        last = self._compared
        if last is None or last[0] is not one or last[1] is not other:
            last = self._compared = (one, other, letters_between(one, other))
        letters = last[2]
        return letters is not None and letters.isdisjoint(_LETTER.findall(span.text))


def letters_between(one: Scope, other: Scope) -> frozenset[str] | None:
    """The letters of the names that two scopes give other meanings; None if more is different."""
    names: set[str] = set()
    for each in fields(Scope):
        mine, theirs = getattr(one, each.name), getattr(other, each.name)
        if mine is theirs or each.name == _PRINTED:
            continue
        if each.name in _NAMED:
            names |= _otherwise(mine, theirs)
        elif mine != theirs:
            return None
    return frozenset(letter for name in names for letter in _LETTER.findall(name))


def _otherwise(one: Mapping[str, object], other: Mapping[str, object]) -> set[str]:
    return {name for name in {*one, *other} if one.get(name) is not other.get(name)}
