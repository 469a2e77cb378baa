"""Identifiers of Coq for the letters of a claim: distinct, legal, and as near as they can be."""

from __future__ import annotations

import re
from collections.abc import Iterable, Set
from unicodedata import name, normalize

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
