"""A proposal as blocks of declarations: one in front of the text, one where a name changes.

Every size, set and letter, then numbers, vectors and matrices, then what is defined, each after
what it uses. What was decided by habit is a comment beside it, with the choices; so is each
contradiction. What the reader does not take is left out again, and said.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from derivations.reader.propose.abbreviation import Definition
from derivations.reader.propose.any_function import AnyFunctions
from derivations.reader.propose.axes import MANY, ONE, Name, Shape
from derivations.reader.propose.by_name import other_members
from derivations.reader.propose.index_letters import Letter, Letters
from derivations.reader.propose.label_lists import LabelLists
from derivations.reader.propose.left_open import consequences
from derivations.reader.propose.recognised import cross_entropy, matrices_of_numbers, sigmoid
from derivations.reader.propose.said import Chain, differentiated
from derivations.reader.propose.set_names import SetNames
from derivations.reader.propose.shapes import Asked, Contradiction, Shapes
from derivations.reader.propose.twofold import Twofold

FRONT = -1  # before all chains


@dataclass
class Block:
    """Lines to be declared before a chain, and names that they declare, in order."""

    before: int
    lines: list[str] = field(default_factory=list)


class Writer:
    """Writes what was found as declarations."""

    def __init__(
        self,
        chains: list[Chain],
        letters: Letters,
        shapes: Shapes,
        defined: list[Definition],
        functions: set[str],
        contradictions: list[Contradiction],
    ) -> None:
        self.contradictions = contradictions
        self.chains, self.letters, self.shapes = chains, letters, shapes
        self.functions = functions
        self.defined = list(defined)
        self.taken = {name for _, name in (*shapes.whole, *letters.known, *shapes.values)}
        self.taken |= letters.sizes | functions
        self.names = SetNames(letters, shapes, self.taken)
        self.lists = LabelLists(chains, letters, self.names)
        self.twofold = Twofold(shapes, chains)
        self.blocks: dict[int, list[str]] = {FRONT: []}

    def write(self) -> list[Block]:
        """All blocks, in the order of the text."""
        self._recognised()
        self.lists.name_sets()
        first = {chain.part: chain.number for chain in reversed(self.chains)}
        if len(first) == 1:
            first = dict.fromkeys(first, FRONT)
        arrays = {name: self._array(name) for name in self._undefined()}
        self._letters(first)
        for name, lines in arrays.items():
            self.blocks.setdefault(first[name[0]] if name[0] else FRONT, []).extend(lines)
        self._families_anew()
        self.lists.write(first, self.blocks)
        self._conditions()
        self._definitions(first)
        self.blocks[FRONT] = [*self.names.said, *self.blocks[FRONT], *self._contradictions()]
        return [Block(before, lines) for before, lines in sorted(self.blocks.items()) if lines]

    def _letters(self, first: dict[str, int]) -> None:
        """In front what a letter means first; a block of its own where it means another thing."""
        meaning: dict[str, Letter] = {}
        things = {each.name for each in self.defined}
        lines: dict[tuple[int, Letter], list[str]] = {}
        for letter in self.letters.known:
            part, name = letter
            over = self.letters.set_of(letter)
            same = name not in things and meaning.setdefault(name, over) == over
            where = FRONT if same else first.get(part, FRONT)
            names = lines.setdefault((where, over), [])
            if name not in names:
                names.append(name)
        for (where, over), names in lines.items():
            name, lower, upper = self.names.set_of(over)
            bounds = f"{lower}..{upper}"
            said = f"{name} = {bounds}" if name else bounds
            self.blocks.setdefault(where, []).append(f"index {', '.join(names)} in {said}")

    def _undefined(self) -> list[Name]:
        known = {each.name for each in self.defined}
        matrices = {whole for whole, _ in self.shapes.matrices.values()}
        abstract = {n for n in differentiated(self.chains) if n not in known}
        abstract |= {
            name for _, name in consequences(self.chains, self.defined, self.shapes.families)
        }
        names = dict.fromkeys([*self.shapes.whole, *self.shapes.entries])
        lists = {each.base for each in self.letters.lists if each.origin}
        return [
            name
            for name in names
            if name[1].split("_")[0] not in lists
            and name[1] not in known | matrices | abstract | self.functions
        ]

    def _array(self, name: Name) -> list[str]:
        """The declaration of one name, with the question that it answers."""
        shape = self.shapes.whole[name]
        family = self.shapes.entries.get(name)
        asked = self.shapes.asked.get(name)
        if name in self.twofold.names:
            line = self._vector_or_matrix(name[1], shape)
        elif family is not None and self.shapes.is_some(family[1]):
            line = self._family(name, *family)
        elif family is not None:
            line = f"vector {name[1]} in R^{self.names.space(family[0])}"
        else:
            line = self._vector_or_matrix(name[1], shape)
        return [*self._question(asked), line]

    def _vector_or_matrix(self, name: str, shape: Shape) -> str:
        """What has no index: a number, a vector or a matrix."""
        if not self.shapes.is_some(shape):
            return f"scalar {name}"
        if self.shapes.state(shape[1]) == ONE:
            return f"vector {name} in R^{self.names.space(shape[0])}"
        rows, columns = (
            self.names.space(axis) if self.shapes.state(axis) == MANY else "1" for axis in shape
        )
        return f"matrix {name} in R^{{{rows} x {columns}}}"

    def _families_anew(self) -> None:
        """Names that are numbered in some chains and not in others."""
        for name in self.twofold.names:
            one = self._vector_or_matrix(name[1], self.shapes.whole[name])
            many = self._family(name, *self.shapes.entries[name])
            for number, family in self.twofold.changes(name[1]):
                lines = self.blocks.setdefault(number, [])
                lines.append(many if family else one)

    def _question(self, asked: Asked | None) -> Iterator[str]:
        if asked is not None:
            yield f"# ? {asked.name[1]} at {asked.at}: {' | '.join(asked.choices)}"

    def _family(self, name: Name, axis: int, entry: Shape) -> str:
        over = self.shapes.axes.known(axis).set
        letter = over[1] if over is not None else "i"
        part = self.letters.is_index(over[0], letter) if over is not None else False
        line = f"vectors {name[1]}_{letter} in R^{self.names.space(entry[0])}"
        whole = self.shapes.matrices.get(name)
        return f"{line}, {whole[1]} of {whole[0]}" if whole is not None and part else line

    def _recognised(self) -> None:
        known = {each.name for each in self.defined}
        if r"\sigma" in self.functions - known and (found := sigmoid(self.chains, self.taken)):
            self.defined.append(found)
        self.defined += matrices_of_numbers(self.chains, self.shapes.numbers, known)
        for name in sorted(self.functions - known):
            if (found := self._cross_entropy(name)) is not None:
                self.defined.append(found)

    def _cross_entropy(self, name: str) -> Definition | None:
        for letter in ("w", "i", "k", "j"):
            if any(each[1] == letter for each in self.letters.known):
                return cross_entropy(self.chains, name, letter)
        return None

    def _definitions(self, first: dict[str, int]) -> None:
        waiting = self.twofold.placed(self.defined)
        functions = AnyFunctions(self.chains, self.shapes, self.lists, self.functions, self.defined)
        for part, line in functions.said():
            self.blocks.setdefault(first[part] if part else FRONT, []).append(line)
        while waiting:
            ready = [
                each
                for each in waiting
                if not (each.uses & {other.name for other in waiting}) - {each.name}
            ] or waiting[:1]
            each = ready[0]
            waiting.remove(each)
            where = FRONT if each.chain is None else each.chain
            where = min(where, *first.values()) if each.local and len(first) == 1 else where
            lines = self.blocks.setdefault(where, [])
            lines.append(f"# ? {each.name}: {each.why}")
            lines.append(each.said)

    def _conditions(self) -> None:
        """What has to be other than something else, for a derivative to be 0."""
        for chain, one, other in other_members(self.chains):
            lines = self.blocks.setdefault(chain.number, [])
            said = rf"if {one} \ne {other}"
            if said not in lines:
                lines += [f"# ? {one} at {chain.at}: not {other} | any of them", said]

    def _contradictions(self) -> Iterator[str]:
        for each in self.contradictions:
            names = ", ".join(name for _, name in each.names) or "this"
            yield f"# ! {names}: {each.first} against {each.second}: {each.what}"
