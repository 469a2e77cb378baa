"""Where a piece is printed: the declared names, and the letters that stand for indices there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from derivations.reader.meaning import Scope
from sympy import Basic

from derivations.indices import Index


class Unprintable(ValueError):
    """What no formula under the declarations would be read as."""


@dataclass(frozen=True)
class Within:
    """``letters`` are those of axes and of bound indices; ``taken`` are used for something else.

    ``added`` collects letters that have to be declared besides, with what they stand for; ``used``
    those that bounds say enough of: none is both.
    """

    scope: Scope
    letters: Mapping[Index, str] = field(default_factory=dict)
    bound: frozenset[Index] = frozenset()
    taken: frozenset[str] = frozenset()
    added: dict[str, Index] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)

    def letter(self, index: Index) -> str:
        """How an index is written here."""
        found = self.letters.get(index) or declared_letter(index, self.scope)
        if not found:
            raise Unprintable(f"no declared letter stands for {index} in {index.space.name}")
        return found

    def naming(self, index: Index, letter: str) -> Within:
        """Under a sum that binds ``index`` and calls it ``letter``."""
        return replace(
            self,
            letters={**self.letters, index: letter},
            bound=self.bound | {index},
            taken=self.taken | {letter},
        )

    def binds(self, node: Basic) -> bool:
        """Whether something in ``node`` is bound here."""
        return bool(node.free_symbols & self.bound)


def declared_letter(index: Index, scope: Scope) -> str:
    """The letter that is declared to stand for an index, if one is."""
    return next((letter for letter, known in scope.letters.items() if known == index), "")
