"""A written derivation as kernels use it: its definitions by name, its lines as claims."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cached_property
from importlib.resources import files

from sympy import Expr, Indexed

from codegen.kernel import Gradient
from derivations.claim import Claim
from derivations.indices import Index, WordArray
from derivations.language.index_form import application, entry_at, letter
from derivations.language.tree import Definition
from derivations.reader.derivation import derivation
from derivations.reader.line import Derivation
from derivations.reader.scope import Scope

Entry = Callable[..., Expr]


class Document:
    """The derivation file of one subject; names are those of its declarations, as LaTeX."""

    def __init__(self, subject: str) -> None:
        self.subject = subject
        self.file = files("derivations") / subject / "written.md"

    @cached_property
    def derivation(self) -> Derivation:
        """Everything that the file says."""
        return derivation(self.file.read_text(encoding="utf-8"), self.file.name)

    @cached_property
    def claims(self) -> dict[str, Claim]:
        """For each line that the start of its chain equals this right side, under a longer id."""
        found = ((line.id, line.from_start or line.claim) for line in self.derivation.lines)
        return {id: replace(claim, id=self.id(id)) for id, claim in found}

    def id(self, line: str) -> str:
        """The id of a line among those of all subjects."""
        return f"{self.subject}.{line}"

    def scope(self, part: str) -> Scope:
        """What is declared at the last line of a part."""
        return [line for line in self.derivation.lines if line.part == part][-1].equality.scope

    def index(self, part: str, name: str) -> Index:
        """The index that a letter stands for."""
        return letter(self.scope(part).letters[name])

    def words(self, part: str, name: str) -> Callable[[Expr], Indexed]:
        """A list of labels, at a place."""
        (listed,) = self.scope(part).lists[name]
        return lambda place: WordArray(listed.name, listed.values)[place]

    def entry(self, part: str, name: str) -> Entry:
        """A number or an entry of a vector or matrix, at its subscripts in their order."""
        scope = self.scope(part)
        thing = scope.things[name]

        def at(*members: Expr) -> Expr:
            own = dict(zip(thing.letters, members, strict=False))
            return entry_at(thing.body, own, members[len(own) :], scope.names)

        return at

    def function(self, part: str, name: str) -> Entry:
        """A named function, at its arguments that are no vectors or matrices."""
        function = self.scope(part).functions[name]
        assert isinstance(function.meaning, Definition)
        definition, implicit = function.meaning, tuple(map(letter, function.implicit))
        return lambda *arguments: application(definition, *implicit, *arguments)

    def gradient(self, name: str, line: str, *rows: Index, dense: str = "") -> Gradient:
        """An output made from the right side of a line, ``rows`` before the line's own axes."""
        return Gradient(name, self.id(line), (*rows, *self.claims[line].sides.axes), dense)
