"""Names that are one thing and a family of such: x, and the x^{(i)} that are numbered above.

Each is declared as one thing in front, and as a family before the first chain that numbers it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from derivations.reader.propose.abbreviation import Definition
from derivations.reader.propose.said import Chain, mentioned
from derivations.reader.propose.shapes import Shapes
from derivations.reader.propose.sketch import Use, within


class Twofold:
    """Where names of this kind are numbered."""

    def __init__(self, shapes: Shapes, chains: list[Chain]) -> None:
        raised = shapes.letters.raised
        names = [each for each in shapes.entries if each[1] in raised and each in shapes.bare]
        self.names = [each for each in names if shapes.is_some(shapes.entries[each][1])]
        self.chains = chains
        self._plain = {each[1] for each in self.names}

    def numbered(self, chain: Chain) -> set[str]:
        """The names that have a number in a chain."""
        terms = (each for side in chain.terms if side is not None for each in within(side))
        return {t.name for t in terms if isinstance(t, Use) and t.sub} & self._plain

    def alone(self, chain: Chain) -> set[str]:
        """The names that have none there."""
        terms = (each for side in chain.terms if side is not None for each in within(side))
        return {t.name for t in terms if isinstance(t, Use) and not t.sub} & self._plain

    def changes(self, name: str) -> Iterator[tuple[int, bool]]:
        """The chains before which it is declared anew, and whether as a family."""
        part, family = "", False
        for chain in self.chains:
            family = family and chain.part == part
            part = chain.part
            wanted = name in self.numbered(chain) or (family and name not in self.alone(chain))
            if wanted != family:
                family = wanted
                yield chain.number, family

    def placed(self, found: list[Definition]) -> list[Definition]:
        """Definitions that need a family, or use one that does, where it is declared."""
        first = self._first()
        if not first:
            return found
        held = [each for each in found if each.numbered & self._plain]
        names = {each.name for each in held}
        while more := [each for each in found if each.uses & names and each.name not in names]:
            held += more
            names |= {each.name for each in more}
        rest = [each for each in found if each.name not in names]
        moved = [
            replace(each, chain=max(number, each.chain or 0), part=part, local=False)
            for each in found
            if each.name in names
            for part, number in first.items()
            if part == each.part or mentioned(each.name, part, self.chains)
        ]
        return rest + moved

    def _first(self) -> dict[str, int]:
        """The first chain of each part that numbers a name."""
        found: dict[str, int] = {}
        for chain in self.chains:
            if self.numbered(chain):
                found.setdefault(chain.part, chain.number)
        return found
