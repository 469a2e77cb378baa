"""Lists of labels: ``w_{t+j}``, and letters of a range that stand where labels belong."""

from __future__ import annotations

from derivations.reader.propose.index_letters import Letter, Letters, Stood
from derivations.reader.propose.said import Chain
from derivations.reader.propose.set_names import SetNames
from derivations.reader.propose.sketch import Applied, Constant, within
from derivations.reader.written import written


class LabelLists:
    """The lists of a file, and what their labels are."""

    def __init__(self, chains: list[Chain], letters: Letters, names: SetNames) -> None:
        self.chains, self.letters, self.names = chains, letters, names

    def name_sets(self) -> None:
        """Sets that lists have their labels from need a name."""
        for stood in (*self._stood(), *self.letters.lists):
            values = self.values(stood)
            if values is not None:
                self.names.named(values)

    def _stood(self) -> list[Stood]:
        """The lists that letters of a range stand for, where their members belong: u_k."""
        found: list[Stood] = []
        for letter, slot in self.letters.stand_ins.items():
            found.append(Stood("w", "", letter, slot))
        return found

    def values(self, stood: Stood) -> Letter | None:
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

    def write(self, first: dict[str, int], blocks: dict[int, list[str]]) -> None:
        """The lists of each part, and whether their labels differ."""
        done: set[tuple[str, str, str]] = set()
        for stood in dict.fromkeys((*self._stood(), *self.letters.lists)):
            values = self.values(stood)
            known = (stood.base, stood.origin, stood.letter[0])
            if values is None or known in done:
                continue
            done.add(known)
            part, letter = stood.letter
            named, _, _ = self.names.set_of(values)
            places, lower, upper = self.names.set_of(stood.letter)
            entry = (
                f"{stood.base}_{{{stood.origin}+{letter}}}"
                if stood.origin
                else (f"{stood.base}_{letter}")
            )
            lines = blocks.setdefault(first[part], [])
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
