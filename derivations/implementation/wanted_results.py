"""Shapes of results, Jacobian-vector products, and factors that are a convention."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace

from sympy import Add, Expr, Indexed, IndexedBase, Integer, Mul, Pow, Sum, Symbol

from derivations.implementation.question import Argument, BadArguments, Output, Piece
from derivations.implementation.stands_for import Letters, same
from derivations.indices import Index, total
from derivations.language.data_conditions import OfData
from derivations.language.index_form import letter
from derivations.language.index_nodes import unfold
from derivations.language.tree import Derivative, Entry, IndexVariable, Ranged, Term

# Shapes of results: a gradient has that of what it is by, a Jacobian the axes of both.
#
# A letter that stands below what is differentiated, k in ∂p_k/∂a_j, is an axis as well where no
# argument says which member it is.


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


# Jacobian-vector products: a proved derivative times a direction that an argument holds.
#
# With ``along={"v": "w"}`` a result that is a derivative by w is summed over the entries of w,
# each times that of v: a gradient becomes the derivative along v, a Hessian its product with v, a
# Jacobian what a forward pass of automatic differentiation gives. Several directions at once give
# one result, the derivative along all of them together.


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


# Factors that are a convention: half of a square, the mean for the sum.


_FACTOR = re.compile(r"\s*(?P<over>\w+)\s*(?:/\s*(?P<under>\w+)\s*)?")
MEAN = "mean"


@dataclass(frozen=True)
class Whole:
    """The loss, and whether it is one for each pair."""

    value: Expr
    output: Output


def factor(text: str, sizes: Sequence[Symbol], loss: Whole | None) -> Expr:
    """A number or a size, or one over another; raises BadArguments for anything else."""
    if text == MEAN:
        size = None if loss is None else _summed(loss)
        if size is None:
            known = ", ".join(f"'1/{each.name}'" for each in sizes)
            raise BadArguments(f"scale: over what is the mean taken? say {known}")
        return Pow(size, -1)
    match = _FACTOR.fullmatch(text)
    if match is None:
        raise BadArguments(f"scale: {text!r} is none of 'mean', '1/2', '1/B'")
    over, under = (_part(match[name] or "1", sizes) for name in ("over", "under"))
    return Mul(over, Pow(under, -1))


def _part(text: str, sizes: Sequence[Symbol]) -> Expr:
    if text.isdecimal() and int(text) > 0:
        return Integer(int(text))
    by_name = {size.name: size for size in sizes}
    name = same(text, by_name)
    if name is None:
        raise BadArguments(f"scale: there is no size {text!r}, but {', '.join(by_name)}")
    return by_name[name]


def _summed(loss: Whole) -> Expr | None:
    """How many the loss is summed over, outermost; what a batch has one loss for each of."""
    if loss.output.axes:
        return loss.output.axes[0].space.size
    node = unfold(loss.value)
    if isinstance(node, Mul):
        sums = [part for part in node.args if isinstance(part, Sum)]
        node = sums[0] if len(sums) == 1 else node
    return node.limits[-1][0].space.size if isinstance(node, Sum) else None


def scaled(output: Output | None, by: Expr, *, mean: bool) -> Output | None:
    """The result times the factor; of losses of pairs, their mean, if that is asked for."""
    if output is None:
        return None
    one = mean and bool(output.axes) and not output.place
    axes = output.axes if one else ()

    def value(piece: Piece) -> Expr:
        whole = piece.value
        for axis in axes:
            whole = total(whole, axis)
        return Mul(by, whole)

    pieces = tuple(replace(each, value=value(each)) for each in output.pieces)
    if one:
        return Output("loss", pieces)
    return Output(output.name, pieces, output.axes, output.place)
