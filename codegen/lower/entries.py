"""Entries of families: an argument or a step, taken at running indices and at words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sympy import Indexed, Symbol

from codegen.argmax import Argmax
from codegen.lower.text import SUM, LoweringError, Text, in_order
from derivations.definition import substitute
from derivations.indices import Index

if TYPE_CHECKING:
    from codegen.lower.lowering import Lowering


def lower_indexed(entry: Indexed, lowering: Lowering) -> Text:
    """An entry of an argument: each running index is an axis, each word is looked up."""
    for argument in lowering.axes.arguments:
        stands_for = argument.stands_for
        if isinstance(stands_for, Indexed) and stands_for.base == entry.base:
            places = dict(zip(stands_for.indices, entry.indices, strict=True))
            if all(places[index] == index for index in argument.fixed):
                axes = {axis: places[axis] for axis in argument.axes}
                return lowering.at(Text(argument.name, argument.axes), axes)
    for family, chosen in lowering.rewrites.choices.items():
        if isinstance(family, Indexed) and family.base == entry.base:
            places = dict(zip(family.indices, entry.indices, strict=True))
            return lowering.lower(substitute(chosen, places))
    raise LoweringError(f"no argument of the kernel holds {entry}")


def lower_symbol(symbol: Symbol, lowering: Lowering) -> Text:
    """A scalar argument, or a size, or the number of a running index among its set."""
    if isinstance(symbol, Index) and lowering.axes.is_running(symbol):
        return _counted(symbol, lowering)
    for derived in lowering.axes.derived:
        if derived.symbol == symbol:
            return Text(derived.name)
    for argument in lowering.axes.arguments:
        if argument.stands_for == symbol:
            return Text(argument.name)
        for axis in argument.axes:
            if axis.space.size == symbol and argument.left_out is None:
                return Text(lowering.axes.length(axis))
    raise LoweringError(f"{symbol} is no argument of the kernel and stands outside any entry")


def _counted(index: Index, lowering: Lowering) -> Text:
    """The members of an index set in order, as numbers to calculate with."""
    lower = index.space.lower
    if index.space.labels or not lower.is_Integer:
        raise LoweringError(f"{index} is no number: the members of {index.space.name} are labels")
    length = lowering.axes.length(index)
    stop = length if lower == 0 else f"{length} + {lower}"
    return Text(f"np.arange({lower}, {stop})", (index,))


def lower_argmax(choice: Argmax, lowering: Lowering) -> Text:
    """The place of the largest entry (the first NaN, if there is one)."""
    index, body = choice.opened()
    scores = lowering.lower(body)
    place = scores.axes.index(index)
    axes = scores.axes[:place] + scores.axes[place + 1 :]
    return Text(f"{scores.within(4)}.argmax({axis_argument(scores, place)})", axes)


def on_diagonal(text: Text) -> Text:
    """``text`` with an index that two of its axes have taken once: at equal places."""
    if len(set(text.axes)) == len(text.axes):
        return text
    if len(text.axes) > 2:
        raise LoweringError(f"{text.code} is taken at the same index twice: {text.axes}")
    return Text(f"np.diagonal({text.code})", text.axes[:1])


def gathered(text: Text, axis: Index, word: Text, lowering: Lowering) -> Text:
    """``text[..., word, ...]``: the entries at ``word`` along ``axis``.

    Where the word varies along the other axes of the array, each row is read at its own word.
    """
    place = text.axes.index(axis)
    rest = text.axes[:place] + text.axes[place + 1 :]
    if not set(word.axes) & set(rest):
        axes = text.axes[:place] + word.axes + text.axes[place + 1 :]
        if word.axes and rest and place == 0:  # twice as fast as an index
            found = Text(f"{text.within(4)}.take({word.code}, axis=0)", axes)
        else:
            found = Text(f"{text.within(4)}[{':, ' * place}{word.code}]", axes)
        return in_order(found, lowering.axes.ordered(axes))
    if set(word.axes) <= set(rest):
        last = in_order(text, (*rest, axis))
        return Text(f"picked({last.code}, {word.beside(rest, 4)})", rest)
    raise LoweringError(f"cannot look up {word.code} along {axis} of {text.code}")


def with_entry(text: Text, axis: Index, word: Text, new: Text, lowering: Lowering) -> Text:
    """``text`` with the entry at ``word`` along ``axis`` replaced by ``new``."""
    rest = lowering.axes.ordered({*text.axes, *word.axes, *new.axes} - {axis})
    if axis not in text.axes:
        raise LoweringError(f"{text.code} has no axis {axis} to replace an entry along")
    axes = (*rest, axis)
    text = in_order(text, axes)
    function = "overwritten" if text.is_fresh and text.axes == axes else "replaced"
    entry = f"{word.beside(rest, SUM)}, {new.beside(rest, SUM)}"
    return Text(f"{function}({text.beside(axes, SUM)}, {entry})", axes)


def sum_without(text: Text, axis: Index, word: Text, lowering: Lowering) -> Text:
    """``text`` summed over its last axis but for the entry at ``word``.

    A step of the kernel's own is lent to be written to; anything else is copied.
    """
    rest = lowering.axes.ordered({*text.axes, *word.axes} - {axis})
    if text.code in lowering.own and text.axes[-1:] == (axis,):
        full = text.beside((*rest, axis), SUM)
        return Text(f"sum_without({full}, {word.beside(rest, SUM)})", rest)
    zeroed = with_entry(text, axis, word, Text("0"), lowering)
    return Text(f"{zeroed.code}.sum(axis={len(rest)})", rest)


def axis_argument(text: Text, place: int) -> str:
    """The argument of a reduction over one axis; none where there is only one."""
    return f"axis={place}" if len(text.axes) > 1 else ""
