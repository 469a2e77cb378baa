"""Functions of which the text says nothing, by the arguments that they are used with."""

from __future__ import annotations

from collections.abc import Iterator

from derivations.reader.elaborate.spelling import name_of
from derivations.reader.propose.abbreviation import Definition, is_parameter
from derivations.reader.propose.label_lists import LabelLists
from derivations.reader.propose.left_open import consequences
from derivations.reader.propose.said import Chain, differentiated
from derivations.reader.propose.shapes import Shapes
from derivations.reader.propose.sketch import Applied, Constant, Term, Use, within
from derivations.reader.syntax import Script
from derivations.reader.written import written


class AnyFunctions:
    """Declares them as arbitrary ones, or says that they are left open."""

    def __init__(
        self,
        chains: list[Chain],
        shapes: Shapes,
        lists: LabelLists,
        functions: set[str],
        defined: list[Definition],
    ) -> None:
        self.chains, self.shapes, self.lists = chains, shapes, lists
        self.functions, self.defined = functions, defined

    def said(self) -> Iterator[tuple[str, str]]:
        """Each with the part that it is declared in.

        One that depends on others in a way that is not said is not declared in that part.
        """
        known = {each.name for each in self.defined}
        open_ = consequences(self.chains, self.defined, self.shapes.families)
        torn = {name for _, name in open_}
        lists = {each.base for each in self.lists.letters.lists}
        for (part, name), at in open_.items():
            if name.partition("_")[0] in lists:
                continue  # the ends of a list, w_{t-m}, ..., w_{t+m}
            yield part, f"# ? {name} at {at}: nothing says what it is | define it"
        bare = {each.name for each in self.defined if "(" not in each.head}
        for name in sorted(self.functions - (known - bare)):
            for part, term in self._applications(name):
                made = any(
                    each.name == name and "(" in each.head and each.part == part
                    for each in self.defined
                )
                if made or (part, name) in open_:
                    continue
                if all(map(is_parameter, term.arguments)):
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
            if family is None or not self.shapes.is_some(family[1]):
                return term.name
        if isinstance(term, Constant) and isinstance(term.node, Script):
            for stood in self.lists.letters.lists:
                values = self.lists.values(stood)
                if stood.base == name_of(term.node.base):
                    return values[1] if values is not None else "o"
        return written(term.node)

    def _applications(self, name: str) -> Iterator[tuple[str, Applied]]:
        for chain in self.chains:
            for side in chain.terms:
                for term in within(side) if side is not None else ():
                    if isinstance(term, Applied) and term.name == name:
                        yield chain.part, term
