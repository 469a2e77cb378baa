"""Shapes of results: a gradient has that of what it is by, a Jacobian the axes of both.

A letter that stands below what is differentiated, k in ∂p_k/∂a_j, is an axis as well where no
argument says which member it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass

from sympy import Expr, Indexed

from derivations.implementation.question import Argument, BadArguments, Output, Piece
from derivations.indices import Index
from derivations.language.data_conditions import OfData
from derivations.language.index_form import letter
from derivations.language.tree import Derivative, Entry, IndexVariable, Ranged, Term


@dataclass(frozen=True)
class Wanted:
    """A result before the arguments are known; ``leading`` are letters that may be axes.

    ``turned`` says that a matrix of derivatives has these behind what it is by. What is to be had
    ``on_request`` is not returned unless it is named.
    """

    name: str
    pieces: tuple[Piece, ...]
    axes: tuple[Index, ...] = ()
    assumed: tuple[OfData, ...] = ()
    leading: tuple[Index, ...] = ()
    turned: bool = False
    on_request: bool = False


def letters_below(term: Term) -> tuple[Index, ...]:
    """The letters that stand below what is differentiated, or below a value, in reading order."""
    while isinstance(term, Derivative):
        term = term.of
    return tuple(dict.fromkeys(map(letter, _below(term, frozenset()))))


def _below(part: object, bound: frozenset[IndexVariable]) -> Iterator[IndexVariable]:
    if isinstance(part, Ranged):
        bound |= {part.over}
    if isinstance(part, Entry) and isinstance(part.of, Term):
        yield from (m for m in part.members if isinstance(m, IndexVariable) and m not in bound)
    if isinstance(part, tuple):
        for each in part:
            yield from _below(each, bound)
    elif isinstance(part, Term) and is_dataclass(part):
        for field in fields(part):
            yield from _below(getattr(part, field.name), bound)


def shaped(wanted: Wanted, arguments: tuple[Argument, ...], aliases: Mapping[str, str]) -> Output:
    """The result at its axes; raises BadArguments where no argument holds what it is by."""
    given = {one.entry for one in arguments}
    leading = tuple(each for each in wanted.leading if each not in given)
    entries = next((piece.by for piece in wanted.pieces if piece.by), ())
    if not entries:
        return Output(wanted.name, wanted.pieces, (*leading, *wanted.axes))
    axes: list[Index] = []
    places: list[Expr] = []
    for number, by in enumerate(entries):
        if by in entries[:number]:  # the diagonal alone is claimed
            places.append(places[entries.index(by)])
            continue
        letters = by.base if isinstance(by, Indexed) else by
        held = next((one for one in arguments if (one.base or one.entry) == letters), None)
        if held is None:
            raise BadArguments(f"{wanted.name} is by {by}, but no argument holds {letters}")
        by_row = any(text.startswith(f"{letters}[") for text in aliases.values())
        row = _row(wanted, held) if by_row and len(entries) == 1 else None
        mine = held.axes if row is None else tuple(row.indices[1:])
        place = held.entry if row is None else row
        again = {each: Index(f"{each}·{len(places)}", each.space) for each in mine if each in axes}
        axes += [again.get(each, each) for each in mine]
        places.append(place.xreplace(again))
    whole = (*axes, *leading) if wanted.turned else (*leading, *axes)
    return Output(wanted.name, wanted.pieces, whole, tuple(places))


def _row(wanted: Wanted, held: Argument) -> Indexed | None:
    """The row that a gradient is by, where a whole matrix is given and which row it is."""
    (by,), entry = wanted.pieces[0].by, held.entry
    if len(wanted.pieces) > 1 or not isinstance(by, Indexed) or not isinstance(entry, Indexed):
        return None
    first, *rest = by.indices
    bound = wanted.pieces[0].bound
    if first in bound or entry.indices[0] not in held.axes or not set(rest) <= set(bound):
        return None
    axes = {index: Index(f"{wanted.name}·{n}", index.space) for n, index in enumerate(rest)}
    return by.base[(first, *(axes[index] for index in rest))]
