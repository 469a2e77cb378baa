"""Letters for bound indices and for axes: ones that are read as a member of the right set."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from string import ascii_lowercase, ascii_uppercase

from derivations.reader.meaning import Scope
from sympy import Expr

from derivations.indices import Index, IndexSet
from derivations.reader.latex.within import Unprintable, Within

_MISLEADING = "deTlo"  # the differential, Euler's number, the transpose, one and zero
_FRESH = "ijk" + ascii_lowercase + ascii_uppercase


def bound_letter(index: Index, lower: Expr, upper: Expr, within: Within) -> str:
    """A letter under which a sum over ``lower..upper`` is read to run over the set of ``index``."""
    space, scope = index.space, within.scope
    spaces = [each for each in scope.spaces() if (each.lower, each.upper) == (lower, upper)]
    if space in spaces or not spaces:
        for letter in _declared(index, within):
            return letter
    if spaces == [space]:
        return fresh(index, within)
    if space in spaces or not spaces:
        return added(index, within)
    raise Unprintable(f"{lower}..{upper}, within {space.name}, is read as {spaces[0].name}")


def axis_letter(index: Index, within: Within) -> str:
    """A letter for an axis, declared already or to be declared."""
    return next(_declared(index, within), "") or added(index, within)


def _declared(index: Index, within: Within) -> Iterator[str]:
    """Declared letters for members of the same set, its own one first."""
    letters: Mapping[str, Index] = {**within.scope.letters, **within.added}
    own = index.name.rstrip("'")
    fitting = [letter for letter, known in letters.items() if known.space == index.space]
    for letter in sorted(fitting, key=lambda letter: letters[letter].name != own):
        if letter not in within.taken and letter not in within.scope.functions:
            yield letter


def added(index: Index, within: Within) -> str:
    """A letter that has to be declared besides."""
    letter = _unmeant(index, within, within.used)
    within.added[letter] = Index(letter, index.space)
    return letter


def fresh(index: Index, within: Within) -> str:
    """A letter without any other meaning, the index's own one where that is such a letter."""
    letter = _unmeant(index, within, set())
    within.used.add(letter)
    return letter


def _unmeant(index: Index, within: Within, besides: set[str]) -> str:
    scope = within.scope
    meant = {*scope.letters, *scope.things, *scope.functions, *scope.lists, *within.added}
    meant |= besides
    meant |= {each.origin for lists in scope.lists.values() for each in lists}
    own: str = index.name[0]
    for letter in own + _FRESH if own in _FRESH else _FRESH:
        if letter not in _MISLEADING and letter not in meant and letter not in within.taken:
            return letter
    raise Unprintable(f"no letter is left for a member of {index.space.name}")


def declaration(letter: str, space: IndexSet, scope: Scope) -> str:
    """The line that declares a letter, for example ``index a in 1..d``."""
    for name, known in scope.sets.items():
        if known == space:
            return f"index {letter} in {name}"
    raise Unprintable(f"the index set {space.name} is not declared")
