"""Which symbol an argument stands for: short texts, in any spelling of a name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from difflib import get_close_matches

from sympy import Expr, Indexed, Symbol

from derivations.implementation.question import Argument, BadArguments, leaves
from derivations.indices import Index, IndexSet, WordArray

# One name however it is spelled: ``lam``, ``\lambda`` and ``λ``; ``W_tilde`` and ``W̃``.


_MARKS = {
    "\u0303": "_tilde",
    "\u0302": "_hat",
    "\u0304": "_bar",
    "\u0305": "_bar",
    "\u0307": "_dot",
}
_AROUND = re.compile(r"\\(?P<mark>tilde|hat|bar|dot)\s*\{?\s*(?P<of>\\?[^\W\d_]+)\s*\}?")
_SHORT = {"lam": "lambda", "lamda": "lambda", "eps": "epsilon", "Lam": "Lambda"}
_STYLES = re.compile(r"\\(?:mathbf|mathrm|boldsymbol|mathit|bm|text|mathcal|var)\s*")


def plain(name: str) -> str:
    """The name in ASCII letters."""
    name = _STYLES.sub("", name)
    name = _AROUND.sub(r"\g<of>_\g<mark>", name)
    found = []
    for letter in unicodedata.normalize("NFD", name):
        if letter in _MARKS:
            found.append(_MARKS[letter])
            continue
        said = unicodedata.name(letter, "").split()
        if said[:1] == ["GREEK"] and "LETTER" in said:
            greek = said[-1].lower().replace("lamda", "lambda")
            found.append(greek.capitalize() if "CAPITAL" in said else greek)
        elif letter not in "{}\\ $":
            found.append(letter)
    whole = "".join(found)
    return "_".join(_SHORT.get(part, part) for part in whole.split("_"))


def same(name: str, known: Iterable[str]) -> str | None:
    """Which of the known names it is; None where it is none, or more than one."""
    each = list(known)
    if name in each:
        return name
    found = [other for other in each if plain(other) == plain(name)]
    return found[0] if len(found) == 1 else None


# Which symbol an argument stands for: short texts, read against the symbols there are.
#
# ``U`` is all of U, ``U.T`` its transpose, ``V[c]`` row c of V, ``n`` a list of words, ``o`` a
# word, ``λ`` a number.


_TEXT = re.compile(r"\s*(?P<name>[^\[\].\s]+)\s*(?:\[(?P<at>[^\[\]]*)\])?(?P<turn>\.T)?\s*")


class Letters:
    """The symbols that some expressions read, by name, without those that are ``bound``.

    ``declared`` says by name how matrices lie; ``spare`` are others that are declared.
    """

    def __init__(
        self,
        values: Iterable[Expr],
        bound: Collection[Index],
        declared: Mapping[str, Argument],
        spare: Mapping[str, Argument],
    ) -> None:
        self.declared, self.spare = declared, spare
        self.arrays: dict[str, tuple[Indexed, tuple[IndexSet, ...]]] = {}
        self.symbols: dict[str, Symbol] = {}
        for leaf in (leaf for value in values for leaf in leaves(value)):
            if isinstance(leaf, Indexed):
                self.arrays.setdefault(str(leaf.base), (leaf, tuple(map(_space, leaf.indices))))
            elif leaf not in bound:
                self.symbols.setdefault(str(leaf), leaf)

    def argument(self, name: str, text: str) -> Argument:
        """The argument called ``name`` that is described by ``text``."""
        match = _TEXT.fullmatch(text)
        if match is None:
            raise BadArguments(f"{name}: {text!r} is not a symbol such as U, U.T or V[c]")
        letter, at, turned = match["name"], match["at"], bool(match["turn"])
        read = (*self.declared, *self.arrays, *self.symbols)
        letter = same(letter, read) or same(letter, self.spare) or letter
        if letter in self.declared and at is None:
            made = _fresh(self.declared[letter])
        elif letter in self.arrays:
            made = self._entry(name, letter, at)
        elif letter in self.symbols and at is None:
            made = Argument(name, self.symbols[letter])
        elif letter in self.spare and at is None:
            made = _fresh(self.spare[letter])
        else:
            raise BadArguments(f"{name}: there is no {letter!r} here{self._advice(letter)}")
        return Argument(name, made.entry, made.axes[::-1] if turned else made.axes)

    def _entry(self, name: str, letter: str, at: str | None) -> Argument:
        entry, spaces = self.arrays[letter]
        rows = [row.strip() for row in at.split(",")] if at else []
        if len(rows) > len(spaces):
            raise BadArguments(f"{name}: {letter} has {len(spaces)} indices, not {len(rows)}")
        fixed = [self._row(name, row, space) for row, space in zip(rows, spaces, strict=False)]
        axes = tuple(
            Index(f"{letter}·{n}", space)
            for n, space in enumerate(spaces[len(fixed) :], start=len(fixed) + 1)
        )
        return Argument(name, entry.base[(*fixed, *axes)], axes)

    def _row(self, name: str, row: str, space: IndexSet) -> Index:
        index = self.symbols.get(row)
        if not isinstance(index, Index) or index.space != space:
            raise BadArguments(f"{name}: {row!r} is no index of a {space.name}")
        return index

    def _advice(self, letter: str) -> str:
        known = sorted({*self.arrays, *self.symbols, *self.declared})
        near = get_close_matches(letter, known, n=1, cutoff=0.5)
        return f" ({f'did you mean {near[0]}? ' if near else ''}there are {', '.join(known)})"


def _fresh(made: Argument) -> Argument:
    """With axes that no expression has: a letter of the text may be a word that is given."""
    axes = {axis: Index(f"{made.name}·{n}", axis.space) for n, axis in enumerate(made.axes, 1)}
    return Argument(made.name, made.entry.xreplace(axes), tuple(axes[axis] for axis in made.axes))


def _space(index: Expr) -> IndexSet:
    """The set that an index, or a word that is used as one, is a member of."""
    if isinstance(index, Index):
        return index.space
    if isinstance(index, Indexed) and isinstance(index.base, WordArray):
        return index.base.space
    raise BadArguments(f"{index} as an index cannot be checked")
