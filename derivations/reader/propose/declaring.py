"""A proposal as blocks of declarations: one in front of the text, one where a name changes.

Every size, set and letter, then numbers, vectors and matrices, then what is defined, each after
what it uses. What was decided by habit is a comment beside it, with the choices; so is each
contradiction. What the reader does not take is left out again, and said.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from derivations.reader.elaborate.spelling import name_of
from derivations.reader.propose.axes import MANY, ONE, Name, Shape
from derivations.reader.propose.introduced import (
    Chain,
    Definition,
    consequences,
    cross_entropy,
    differentiated,
    sigmoid,
)
from derivations.reader.propose.letters import Letter, Letters, Stood
from derivations.reader.propose.shapes import Asked, Contradiction, Shapes
from derivations.reader.propose.sketch import Applied, Constant, Term, Use, within
from derivations.reader.syntax import Script
from derivations.reader.written import written

FRONT = -1  # before all chains
_FOR_SETS = ("N", "M", "L", "K", "n", "m", "p", "q")
_FOR_SPACES = ("d", "n", "m", "p", "q", "r", "D", "H")
_FOR_WORDS = ("Words", "Labels", "Members")


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
        self.sizes: dict[str, str] = {}  # each size with its least value
        self.names: dict[Letter, tuple[str, str, str]] = {}  # a set: name, lower, upper
        self.spaces: dict[int, str] = {}
        self.blocks: dict[int, list[str]] = {FRONT: []}

    def write(self) -> list[Block]:
        """All blocks, in the order of the text."""
        self._recognised()
        self._labels()
        first = {chain.part: chain.number for chain in reversed(self.chains)}
        if len(first) == 1:
            first = dict.fromkeys(first, FRONT)
        arrays = {name: self._array(name) for name in self._undefined()}
        self._letters(first)
        for name, lines in arrays.items():
            self.blocks.setdefault(first[name[0]] if name[0] else FRONT, []).extend(lines)
        self._lists(first)
        self._definitions(first)
        sizes = {
            least: ", ".join(size for size, each in self.sizes.items() if each == least)
            for least in sorted({*self.sizes.values()}, reverse=True)
        }
        said = [f"size {names} >= {least}" for least, names in sizes.items()]
        self.blocks[FRONT] = [*said, *self.blocks[FRONT], *self._contradictions()]
        return [Block(before, lines) for before, lines in sorted(self.blocks.items()) if lines]

    # names of sizes, sets and spaces

    def _fresh(self, wanted: Iterable[str]) -> str:
        for name in (*wanted, *(f"{a}{b}" for a in "NMLKDPQR" for b in "abcdefgh")):
            if name not in self.taken:
                self.taken.add(name)
                return name
        raise ValueError("no name is left")

    def _set(self, letter: Letter) -> tuple[str, str, str]:
        """The name and the bounds of the set of a letter."""
        first = self.letters.set_of(letter)
        if first not in self.names:
            said = self.letters.range_of(first)
            bounds = next((each for each in said if not each.name), None)
            name = next((each.name for each in said if each.name), "")
            lower, upper = (bounds.lower, bounds.upper) if bounds else ("1", self._fresh(_FOR_SETS))
            for end in (lower, upper):
                if end.strip("-").isalpha():
                    least = "0" if lower.startswith("-") else "1"
                    self.sizes.setdefault(end.strip("-"), least)
            self.names[first] = name, lower, upper
        return self.names[first]

    def _labels(self) -> None:
        """Sets that lists have their labels from need a name."""
        for stood in (*self._stood(), *self.letters.lists):
            values = self._values(stood)
            if values is not None:
                first = self.letters.set_of(values)
                name, lower, upper = self._set(first)
                self.names[first] = name or self._fresh(_FOR_WORDS), lower, upper

    def _space(self, axis: int) -> str:
        """What stands in R^{...}."""
        root = self.shapes.axes.root(axis)
        known = self.shapes.axes.known(root)
        if known.set is not None:
            name, lower, upper = self._set(known.set)
            return name or (upper if lower == "1" else f"{lower}..{upper}")
        if root not in self.spaces:
            self.spaces[root] = self._fresh(_FOR_SPACES)
            self.sizes.setdefault(self.spaces[root], "1")
        return self.spaces[root]

    # letters

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
            name, lower, upper = self._set(over)
            bounds = f"{lower}..{upper}"
            said = f"{name} = {bounds}" if name else bounds
            self.blocks.setdefault(where, []).append(f"index {', '.join(names)} in {said}")

    # numbers, vectors, matrices

    def _undefined(self) -> list[Name]:
        known = {each.name for each in self.defined}
        matrices = {whole for whole, _ in self.shapes.matrices.values()}
        abstract = {n for n in differentiated(self.chains) if n not in known}
        abstract |= {name for _, name in consequences(self.chains, self.defined)}
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
        if family is not None and self._is_some(family[1]):
            line = self._family(name, *family)
        elif family is not None:
            line = f"vector {name[1]} in R^{self._space(family[0])}"
        elif not self._is_some(shape):
            line = f"scalar {name[1]}"
        elif self._state(shape[1]) == ONE:
            line = f"vector {name[1]} in R^{self._space(shape[0])}"
        else:
            rows, columns = (
                self._space(axis) if self._state(axis) == MANY else "1" for axis in shape
            )
            line = f"matrix {name[1]} in R^{{{rows} x {columns}}}"
        return [*self._question(asked), line]

    def _question(self, asked: Asked | None) -> Iterator[str]:
        if asked is not None:
            yield f"# ? {asked.name[1]} at {asked.at}: {' | '.join(asked.choices)}"

    def _family(self, name: Name, axis: int, entry: Shape) -> str:
        over = self.shapes.axes.known(axis).set
        letter = over[1] if over is not None else "i"
        part = self.letters.is_index(over[0], letter) if over is not None else False
        line = f"vectors {name[1]}_{letter} in R^{self._space(entry[0])}"
        whole = self.shapes.matrices.get(name)
        return f"{line}, {whole[1]} of {whole[0]}" if whole is not None and part else line

    def _state(self, axis: int) -> str:
        return self.shapes.axes.known(axis).state

    def _is_some(self, shape: Shape) -> bool:
        return any(self._state(axis) == MANY for axis in shape)

    # lists of labels

    def _stood(self) -> list[Stood]:
        """The lists that letters of a range stand for, where their members belong: u_k."""
        found: list[Stood] = []
        for letter, slot in self.letters.stand_ins.items():
            found.append(Stood("w", "", letter, slot))
        return found

    def _values(self, stood: Stood) -> Letter | None:
        """A letter of the set that the labels of a list are from."""
        if stood.like is not None:
            return stood.like
        if stood.values is not None:
            base, place, count = stood.values
            for use in self.letters.uses.get((base, count), ()):
                letter = use[place]
                if letter in self.letters.known and letter not in self.letters.stand_ins:
                    return letter
            return None
        arguments = [
            (self.letters, chain.part, argument)
            for chain in self.chains
            for term in chain.terms
            if term is not None
            for each in within(term)
            if isinstance(each, Applied)
            for argument in each.arguments
        ]
        for letters, part, argument in arguments:
            if isinstance(argument, Constant) and letters.is_index(part, argument.text):
                return part, argument.text
        return None

    def _lists(self, first: dict[str, int]) -> None:
        done: set[tuple[str, str, str]] = set()
        for stood in dict.fromkeys((*self._stood(), *self.letters.lists)):
            values = self._values(stood)
            known = (stood.base, stood.origin, stood.letter[0])
            if values is None or known in done:
                continue
            done.add(known)
            part, letter = stood.letter
            named, _, _ = self._set(values)
            places, lower, upper = self._set(stood.letter)
            entry = (
                f"{stood.base}_{{{stood.origin}+{letter}}}"
                if stood.origin
                else (f"{stood.base}_{letter}")
            )
            lines = self.blocks.setdefault(first[part], [])
            line = f"list {entry} in {named}, {letter} in {places or f'{lower}..{upper}'}"
            if line not in lines:
                lines.append(line)
            if stood.letter in self.letters.stand_ins:
                lines.append(f"read {letter} as {stood.base}_{letter}")
            if not stood.origin and lower == "1":
                self._apart(stood, part, upper, lines)

    def _apart(self, stood: Stood, part: str, upper: str, lines: list[str]) -> None:
        """Whether the labels of a list differ is open: as a rule they are meant to."""
        entries = f"{stood.base}_1, ..., {stood.base}_{upper}"
        said = f"if {entries} distinct"
        if said in lines:
            return
        if not any(name == stood.base for _, name in self.letters.known):
            return  # labels, such as classes: they repeat
        if f"{stood.base}_" not in self._compared(part):
            lines += [f"# ? {stood.base}: distinct | they may repeat", said]
        slot = stood.values
        others = (
            [
                use[0][1]
                for use in self.letters.uses.get((slot[0], 1), ())
                if slot
                and use[0][0] == part
                and use[0] not in self.letters.stand_ins
                and use[0] not in self.letters.bound
            ]
            if slot
            else []
        )
        for other in dict.fromkeys(others):
            if other != stood.base:
                lines.append(f"# ? {other}: none of {stood.base} | it may be one of them")
                lines.append(rf"if {other} \notin \{{{entries}\}}")

    def _compared(self, part: str) -> str:
        """What indicators compare in a part, as text."""
        texts = [
            written(each.node)
            for chain in self.chains
            if chain.part == part
            for term in chain.terms
            if term is not None
            for each in within(term)
            if isinstance(each, Constant) and each.text == "1"
        ]
        return " ".join(texts)

    # definitions

    def _recognised(self) -> None:
        known = {each.name for each in self.defined}
        if r"\sigma" in self.functions - known and (found := sigmoid(self.chains, self.taken)):
            self.defined.append(found)
        for name in self.functions - known:
            if (found := self._cross_entropy(name)) is not None:
                self.defined.append(found)

    def _cross_entropy(self, name: str) -> Definition | None:
        for letter in ("w", "i", "k", "j"):
            if any(each[1] == letter for each in self.letters.known):
                return cross_entropy(self.chains, name, letter)
        return None

    def _definitions(self, first: dict[str, int]) -> None:
        waiting = list(self.defined)
        names = {each.name for each in waiting}
        placed: set[str] = set()
        for part, line in self._arbitrary(names):
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
            placed.add(each.name)

    def _arbitrary(self, known: set[str]) -> Iterator[tuple[str, str]]:
        """Functions of which the text says nothing, by the arguments that they are used with.

        Each with the part that it is declared in: one that depends on others in a way that is not
        said is not declared in that part.
        """
        open_ = consequences(self.chains, self.defined)
        torn = {name for _, name in open_}
        for (part, name), at in open_.items():
            yield part, f"# ? {name} at {at}: nothing says what it is | define it"
        bare = {each.name for each in self.defined if "(" not in each.head}
        for name in sorted(self.functions - (known - bare)):
            for part, term in self._applications(name):
                if (part, name) not in open_ and all(map(_is_parameter, term.arguments)):
                    arguments = [self._argument(each) for each in term.arguments]
                    head = f"{name}({', '.join(arguments)})"
                    head = written(term.node) if any(term.keywords) else head
                    where = part if name in torn | bare else ""
                    yield where, f"# ? {name} at {term.node.at}: any function | define it"
                    yield where, f"arbitrary {head}"
                    break
        for name, by in differentiated(self.chains).items():
            plain = [each for each in by if isinstance(each, Use)]
            if name and name not in known | self.functions | torn and plain:
                arguments = [*dict.fromkeys(map(self._argument, plain))]
                yield "", f"# ? {name}: any function | define it"
                yield "", f"arbitrary {name}({', '.join(arguments)})"

    def _argument(self, term: Term) -> str:
        """What a function is declared with: the vector, where an entry of it stands."""
        if isinstance(term, Use) and term.sub:
            family = self.shapes.entries.get(("", term.name))
            if family is None or not self._is_some(family[1]):
                return term.name
        if isinstance(term, Constant) and isinstance(term.node, Script):
            for stood in self.letters.lists:
                values = self._values(stood)
                if stood.base == name_of(term.node.base):
                    return values[1] if values is not None else "o"
        return written(term.node)

    def _applications(self, name: str) -> Iterator[tuple[str, Applied]]:
        for chain in self.chains:
            for side in chain.terms:
                for term in within(side) if side is not None else ():
                    if isinstance(term, Applied) and term.name == name:
                        yield chain.part, term

    def _contradictions(self) -> Iterator[str]:
        for each in self.contradictions:
            names = ", ".join(name for _, name in each.names) or "this"
            yield f"# ! {names}: {each.first} against {each.second}: {each.what}"


def _is_parameter(term: Term) -> bool:
    if isinstance(term, Use):
        return all(isinstance(each, tuple) for each in term.sub)
    return isinstance(term, Constant) and not term.text.isdigit()
