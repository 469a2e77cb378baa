"""What was read, as LaTeX that is read as the same."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from derivations.reader.array import Array, Misfit
from derivations.reader.meaning import Scope
from sympy import Expr

from derivations.claim import Claim
from derivations.indices import Index, free_indices
from derivations.reader.declare import declared
from derivations.reader.elaborate import Here, IllTyped, number
from derivations.reader.formula import formula
from derivations.reader.latex.letters import axis_letter, declaration
from derivations.reader.latex.show import show
from derivations.reader.latex.within import Unprintable, Within, declared_letter
from derivations.reader.problem import Unreadable
from derivations.reader.source import Source


@dataclass(frozen=True)
class Formula:
    """``text`` is read under ``scope``: the one it was printed for with ``declarations`` added.

    ``axes`` are the indices that stand for the rows and columns of what was printed.
    """

    text: str
    axes: tuple[Index | None, ...]
    declarations: tuple[str, ...]
    scope: Scope


def latex(expression: Expr, scope: Scope) -> str:
    """An entry whose free indices are all declared, as LaTeX; raises Unprintable."""
    printed = side(Array(expression), scope)
    if printed.declarations:
        raise Unprintable(f"a letter is missing: {printed.declarations[0]}")
    return printed.text


def side(array: Array, scope: Scope) -> Formula:
    """One side of an equality: its general entry; raises Unprintable."""
    return _printed([array], scope, set())


def equation(claim: Claim, scope: Scope) -> Formula:
    """A claim as the equality of the general entries of its sides; raises Unprintable."""
    if claim.misfit is not None:
        raise Unprintable(f"a side has no meaning: {claim.misfit}")
    sides = claim.sides
    assert not isinstance(claim.left, Misfit)
    letters = iter(sides.axes)
    pair = [next(letters) if axis is not None else None for axis in claim.left.shape]
    axes = (pair[0], pair[1]) if pair else ()
    assumed = {
        index
        for condition in claim.conditions
        for value in vars(condition).values()
        for index in free_indices(value)
    }
    return _printed([Array(each, axes) for each in (sides.left, sides.right)], scope, assumed)


def _printed(arrays: list[Array], scope: Scope, assumed: Iterable[Index]) -> Formula:
    axes = arrays[0].axes
    free = set(assumed).union(*(free_indices(array.entry) for array in arrays)) - set(axes)
    # also the plain name: definitions may not be used under a sum over what they depend on
    taken = {name for index in free for name in (declared_letter(index, scope), index.name)}
    within = Within(scope, taken=frozenset(taken))
    for index in axes:
        if index is not None:
            within = within.naming(index, axis_letter(index, within))
    within = Within(scope, within.letters, taken=within.taken, added=within.added, used=within.used)
    texts = [show(array.entry, within).text for array in arrays]
    lines = tuple(declaration(letter, index.space, scope) for letter, index in within.added.items())
    wider = declared([Source(line).whole for line in lines], scope)
    for text in texts:
        _require_readable(text, wider)
    letters = [within.letters[index] if index is not None else "" for index in axes]
    named = tuple(wider.letters[letter] if letter else None for letter in letters)
    return Formula(" = ".join(texts), named, lines, wider)


def _require_readable(text: str, scope: Scope) -> None:
    """Raise Unprintable unless the reader takes the text, without a doubt about it."""
    here = Here(scope)
    try:
        value = number(formula(Source(text).whole), here)
    except (Unreadable, IllTyped) as error:
        raise Unprintable(f"{text} would not be read: {error}") from None
    if value.axes or here.notes:
        raise Unprintable(f"{text} could be read otherwise: {'; '.join(here.notes)}")
