"""Letters of one claim, declared before its statement, and their identifiers in Coq."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass, field
from unicodedata import name, normalize

from sympy import Basic, Derivative, Expr, Indexed, IndexedBase, Product, Sum, Symbol

from derivations.indices import Index, IndexSet, WordArray
from derivations.language.index_nodes import Defined, Opaque

# Identifiers of Coq for the letters of a claim: distinct, legal, and as near as they can be.


# what the statements are written with, and Coq's own words
RESERVED = frozenset(
    [
        "Sum",
        "ISum",
        "delta",
        "idelta",
        "has_partial",
        "has_partial2",
        "has_second",
        "has_second2",
        "has_second_slope",
        "ex_partial",
        "ex_partial2",
        "partial",
        "partial2",
        "is_derive",
        "ex_derive",
        "Derive",
        "differentiable",
        "differentiable2",
        "entry",
        "entry2",
        "exp",
        "ln",
        "IZR",
        "sqrt",
        "PI",
        "sin",
        "cos",
        "atan",
        "Rabs",
        "Rmin",
        "Rmax",
        "Rle_dec",
        "R",
        "Z",
        "nat",
        "O",
        "S",
        "Prop",
        "Set",
        "Type",
        "SProp",
        "fun",
        "forall",
        "exists",
        "exists2",
        "let",
        "in",
        "if",
        "then",
        "else",
        "match",
        "with",
        "end",
        "as",
        "at",
        "return",
        "for",
        "where",
        "fix",
        "cofix",
        "using",
        "t",
        "slope",
        "holds",
        "falls",
        "True",
        "False",
        "and",
        "or",
        "not",
        "Definition",
        "Theorem",
        "Module",
        "End",
        "mod",
        "by",
        "of",
        "is",
        "upd",
        "upd2",
    ]
)


class Names:
    """One identifier for each letter: the same letter always has the same one.

    Bound indices are named anew in every sum; they may repeat a name that is not in scope.
    """

    def __init__(self) -> None:
        self._of: dict[object, str] = {}
        self._taken: set[str] = set(RESERVED)
        self._bound: set[str] = set()

    def of(self, thing: object, letter: str) -> str:
        """The identifier of ``thing``, which is written as ``letter``."""
        if thing not in self._of:
            self._of[thing] = _first(letter, self._taken | self._bound)
            self._taken.add(self._of[thing])
        return self._of[thing]

    def within(self, letter: str, scope: Iterable[str], used: Set[str] | None = None) -> str:
        """An identifier for a bound index that is in scope nowhere, and is no letter.

        Where ``used`` says which letters occur at all, it may be one of the others.
        """
        taken = self._taken if used is None else {*used, *RESERVED}
        name = _first(letter, {*taken, *scope})
        self._bound.add(name)
        return name


def _first(letter: str, taken: Set[str]) -> str:
    stem = identifier(letter)
    separator = "" if stem[-1].isalpha() else "_"
    names = (f"{stem}{separator}{number}" if number else stem for number in (0, *range(2, 999)))
    return next(name for name in names if name not in taken)


def identifier(letter: str) -> str:
    """A legal identifier that looks like ``letter``: Greek letters are spelled out."""
    plain = "".join(_spelled(character) for character in normalize("NFD", letter))
    words = re.sub(r"[^A-Za-z0-9_']+", "_", plain).strip("_")
    return words if words and words[0].isalpha() else f"x{words}"


def _spelled(character: str) -> str:
    if character.isascii():
        return "_prime" if character == "'" else character
    called = name(character, "").split()
    if called[:1] == ["GREEK"]:
        letter = called[called.index("LETTER") + 1] if "LETTER" in called else called[-1]
        return letter.capitalize() if "CAPITAL" in called else letter.lower()
    return "_hat" if "CIRCUMFLEX" in called else "_tilde" if "TILDE" in called else "_"


# The letters of one claim: what is declared before its statement.


Family = tuple[IndexedBase, int]


@dataclass
class Letters:
    """Letters by kind, in the order met, each with its identifier.

    A family of numbers or words goes with how many indices it takes. ``places`` are the index
    sets that each place of a list of words is read at.
    """

    names: Names = field(default_factory=Names)
    sizes: dict[Symbol, str] = field(default_factory=dict)
    indices: dict[Index, str] = field(default_factory=dict)
    scalars: dict[Symbol, str] = field(default_factory=dict)
    families: dict[Family, str] = field(default_factory=dict)
    lists: dict[Family, str] = field(default_factory=dict)
    functions: dict[type[Opaque], str] = field(default_factory=dict)
    definitions: dict[type[Defined], str] = field(default_factory=dict)
    places: dict[Family, list[set[IndexSet]]] = field(default_factory=dict)

    def declare(self, node: Basic, bound: Iterable[Index] = ()) -> None:
        """Declare every letter that is free in an expression or in what it rests on."""
        for part in _free(node, frozenset(bound)):
            self._one(part)

    def bind(self, *letters: Basic) -> None:
        """Say that letters are bound where they stand, and are not to be declared."""
        self.families = {key: name for key, name in self.families.items() if key[0] not in letters}
        self.scalars = {key: name for key, name in self.scalars.items() if key not in letters}

    def _one(self, part: Basic) -> None:
        names = self.names
        if isinstance(part, Index):
            self._range(part.space)
            self.indices.setdefault(part, names.of(part, part.name))
        elif isinstance(part, Symbol):
            kind = self.sizes if part.is_integer else self.scalars
            kind.setdefault(part, names.of(part, part.name))
        elif isinstance(part, Indexed):
            self._family(part)
        elif isinstance(part, Opaque):
            for base in part.rows:
                family = base, part.depth(base)
                self.families.setdefault(family, names.of(family, str(base.label)))
            self.functions.setdefault(type(part), names.of(type(part), type(part).__name__))
        elif isinstance(part, Defined) and type(part) not in self.definitions:
            self.definitions[type(part)] = names.of(type(part), type(part).__name__)
            for inside in _free(part.body, frozenset(part.params)):
                self._one(inside)
            # what a body uses is stated before it
            self.definitions[type(part)] = self.definitions.pop(type(part))

    def _family(self, part: Indexed) -> None:
        key = (part.base, len(part.indices))
        name = self.names.of(key, str(part.base.label))
        if not isinstance(part.base, WordArray):
            self.families.setdefault(key, name)
            return
        self._range(part.base.space)
        self.lists.setdefault(key, name)
        places = self.places.setdefault(key, [set() for _ in part.indices])
        for known, index in zip(places, part.indices, strict=True):
            if isinstance(index, Index):
                known.add(index.space)

    def _range(self, space: IndexSet) -> None:
        for end in (space.lower, space.upper):
            self.declare(end)


def _free(node: Basic, bound: frozenset[Basic]) -> Iterator[Basic]:
    """The nodes of a tree that may have to be declared, those bound in it left out."""
    if isinstance(node, Sum | Product):
        for index, lower, upper in reversed(node.limits):
            yield from _free(lower, bound)
            yield from _free(upper, bound)
            bound |= {index}
        yield from _free(node.function, bound)
        return
    if isinstance(node, Symbol):
        if node not in bound:
            yield node
        return
    if isinstance(node, Indexed | Opaque | Defined):
        yield node
    if isinstance(node, Indexed):
        parts: tuple[Expr, ...] = node.indices
    else:
        parts = (*node.args, *(node.variables if isinstance(node, Derivative) else ()))
    for part in parts:
        if isinstance(part, Basic):
            yield from _free(part, bound)
