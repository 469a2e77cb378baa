"""Jacobian-vector products: a proved derivative times a direction that an argument holds.

With ``along={"v": "w"}`` a result that is a derivative by w is summed over the entries of w, each
times that of v: a gradient becomes the derivative along v, a Hessian its product with v, a Jacobian
what a forward pass of automatic differentiation gives. Several directions at once give one result,
the derivative along all of them together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sympy import Add, Expr, Indexed, IndexedBase, Mul, Symbol

from derivations.implementation.question import Argument, BadArguments, Piece
from derivations.implementation.result_shapes import Wanted
from derivations.implementation.stands_for import Letters
from derivations.indices import total

Along = Mapping[str, Argument]


def directions(along: Mapping[str, str], letters: Letters) -> Along:
    """For each argument that is a direction what it is a direction of."""
    return {name: letters.argument(name, text) for name, text in along.items()}


def argument_of(name: str, of: Argument) -> Argument:
    """The argument that holds the direction, with letters of its own."""
    return Argument(name, of.entry.xreplace(_other_letter(of)), of.axes)


def _other_letter(of: Argument) -> dict[Expr, Expr]:
    if isinstance(of.entry, Indexed):
        own = IndexedBase(f"∂{of.letter}")
        return {of.entry: own[tuple(of.entry.indices)]}
    return {of.entry: Symbol(f"∂{of.letter}")}


def is_by(wanted: Wanted, along: Along) -> bool:
    """Whether it is a derivative by something that there is a direction of."""
    return any(_direction(by, along) is not None for piece in wanted.pieces for by in piece.by)


def _direction(by: Expr, along: Along) -> Argument | None:
    letter = by.base if isinstance(by, Indexed) else by
    return next((one for one in along.values() if (one.base or one.entry) == letter), None)


def contracted(wanted: Sequence[Wanted], along: Along) -> list[Wanted]:
    """The results times the directions; with several of these their sum, as one result."""
    for each in wanted:
        if not is_by(each, along):
            said = ", ".join(one.letter for one in along.values())
            raise BadArguments(f"along: {each.name} is no derivative by {said}")
    for name, of in along.items():
        if not any(is_by(each, {name: of}) for each in wanted):
            raise BadArguments(f"along: no result is a derivative by {of.letter}")
    made = [_contracted(each, along) for each in wanted]
    if len(along) == 1:
        return made
    if any(each.pieces[0].by or each.axes for each in made):
        raise BadArguments("along: several directions go with gradients of one loss")
    value = Add(*(each.pieces[0].value for each in made))
    assumed = tuple(dict.fromkeys(said for each in made for said in each.assumed))
    leading = tuple(dict.fromkeys(index for each in made for index in each.leading))
    return [Wanted(", ".join(each.name for each in made), (Piece(value),), (), assumed, leading)]


def _contracted(wanted: Wanted, along: Along) -> Wanted:
    if len(wanted.pieces) > 1 or wanted.pieces[0].conditions:
        raise BadArguments(f"along: {wanted.name} is put together from claims under conditions")
    (piece,) = wanted.pieces
    at = max(n for n, by in enumerate(piece.by) if _direction(by, along) is not None)
    by, rest = piece.by[at], (*piece.by[:at], *piece.by[at + 1 :])
    direction = _direction(by, along)
    assert direction is not None
    value = Mul(piece.value, _moved(by, direction))
    kept = {index for each in rest for index in each.free_symbols}
    summed = [index for index in piece.bound if index in by.free_symbols and index not in kept]
    for index in summed:
        value = total(value, index)
    bound = tuple(index for index in piece.bound if index not in summed)
    return replace(wanted, pieces=(Piece(value, rest, (), bound),))


def _moved(by: Expr, of: Argument) -> Expr:
    """The entry of the direction that goes with an entry of what it is a direction of."""
    if isinstance(by, Indexed):
        return IndexedBase(f"∂{of.letter}")[tuple(by.indices)]
    return Symbol(f"∂{of.letter}")
