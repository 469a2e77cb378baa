"""Letters for axes in place of the primed names they are read with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from string import ascii_lowercase

from sympy import Derivative, Symbol

from derivations.indices import Index
from derivations.reader.array import Array
from derivations.reader.meaning import Scope

# i before the others, and no letter that looks like a number
LETTERS = "ih" + "".join(letter for letter in ascii_lowercase if letter not in "ihlo")


def with_letters(arrays: Sequence[Array], scope: Scope) -> list[Array]:
    """The arrays with every primed index called by a letter that none of them uses.

    Names are exchanged one for one for unused ones, bound and free alike: nothing is captured.
    """
    symbols = {symbol for array in arrays for symbol in _symbols(array)}
    taken = {symbol.name for symbol in symbols}
    letters: dict[Index, Index] = {}
    for index in sorted((s for s in symbols if s.name.endswith("'")), key=str):
        declared = [each.name for each in scope.letters.values() if each.space == index.space]
        wanted = (*declared, index.name.rstrip("'"), *LETTERS)
        free = next((letter for letter in wanted if letter not in taken), None)
        if free is not None:
            letters[index] = Index(free, index.space)
            taken.add(free)
    return [_renamed(array, letters) for array in arrays]


def _symbols(array: Array) -> Iterator[Symbol]:
    yield from array.entry.atoms(Symbol)
    for derivative in array.entry.atoms(Derivative):
        for by in derivative.variables:
            yield from by.atoms(Symbol)
    yield from array.indices


def _renamed(array: Array, letters: dict[Index, Index]) -> Array:
    axes = [letters.get(axis, axis) if axis is not None else None for axis in array.axes]
    return Array(array.entry.xreplace(letters), (axes[0], axes[1]) if axes else (), array.name)
