"""Names exchanged for others of their shape; subscripts put to names and dropped."""

from __future__ import annotations

from collections.abc import Iterator

from derivations.edits.operator import Change, Surroundings, member_of
from derivations.edits.zipper import Position
from derivations.language.tree import Derivative, Entry, Reference, Row, Size, Slice, Term
from derivations.reader.scope import Named


def exchanged(position: Position, around: Surroundings) -> Iterator[Change]:
    """``u`` for ``v``, ``U`` for ``V``: another name of the same shape."""
    yield from _renamed(position, around, hats=False)


def hat(position: Position, around: Surroundings) -> Iterator[Change]:
    """``\\hat{y}`` for ``y``, and the other way."""
    yield from _renamed(position, around, hats=True)


def _renamed(position: Position, around: Surroundings, *, hats: bool) -> Iterator[Change]:
    found = around.named(position.term)
    if found is None or isinstance(position.parent, Row):
        return
    own, thing, members = found
    for name, other in around.scope.things.items():
        plain = name != own and _is_plain(name) and _kind(other) == _kind(thing)
        if plain and hats == (_bare(name) == _bare(own)):
            changed = member_of(other, members)
            if _may_stand(position, changed):
                yield f"{name} for {own}", changed


def _may_stand(position: Position, changed: Term) -> bool:
    """Whether a derivative can be taken by it, where it stands for what one is taken by."""
    by = isinstance(position.parent, Derivative) and position.path[-1] == 1
    inner = changed.of if isinstance(changed, Entry | Row) else changed
    return not by or isinstance(inner, Reference | Slice)


def _is_plain(name: str) -> bool:
    return len(_bare(name)) == 1


def _bare(name: str) -> str:
    return name.removeprefix("\\hat{").removesuffix("}") if name.startswith("\\hat{") else name


def _kind(thing: Named) -> tuple[object, ...]:
    letters = tuple(letter.space for letter in thing.letters)
    return (letters, thing.body.shape, isinstance(thing.body, Size))


def subscript_dropped(position: Position, around: Surroundings) -> Iterator[Change]:
    """``\\hat{y}_w`` as ``\\hat{y}``."""
    term = position.term
    if not isinstance(term, Entry) or len(term.members) != 1 or position.in_sign:
        return
    if around.is_named(term.of):
        yield f"the subscript dropped from {around.latex(term)}", term.of


def subscript_added(position: Position, around: Surroundings) -> Iterator[Change]:
    """``\\hat{y}`` as ``\\hat{y}_w``, for every letter that can stand there."""
    term = position.term
    axes = [axis for axis in position.held.shape if axis is not None]
    if position.in_name or position.in_sign or len(axes) != 1 or not around.is_named(term):
        return
    for name, letter in position.letters(around.scope).items():
        if letter.space == axes[0]:
            yield f"the subscript {name} put to {around.latex(term)}", Entry(term, (letter,))
