"""Entries of families: an argument or a step, taken at running indices and at words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sympy import Indexed, S, Symbol

from codegen.argmax import Argmax
from codegen.arrays.order import in_order
from codegen.arrays.places import Leader, Picked, Replaced, SummedWithout, Taken
from codegen.arrays.sums import Summed
from codegen.arrays.tree import Diagonal, LoweringError, Name, Node, Number, Places
from derivations.indices import Index
from derivations.language.index_nodes import substitute

if TYPE_CHECKING:
    from codegen.lower.lowering import Lowering


def lower_indexed(entry: Indexed, lowering: Lowering) -> Node:
    """An entry of an argument: each running index is an axis, each word is looked up."""
    for argument in lowering.axes.arguments:
        stands_for = argument.stands_for
        if isinstance(stands_for, Indexed) and stands_for.base == entry.base:
            places = dict(zip(stands_for.indices, entry.indices, strict=True))
            if all(places[index] == index for index in argument.fixed):
                axes = {axis: places[axis] for axis in argument.axes}
                return lowering.at(Name(argument.name, argument.axes), axes)
    for family, chosen in lowering.rewrites.choices.items():
        if isinstance(family, Indexed) and family.base == entry.base:
            places = dict(zip(family.indices, entry.indices, strict=True))
            return lowering.lower(substitute(chosen, places))
    raise LoweringError(f"no argument of the kernel holds {entry}")


def lower_symbol(symbol: Symbol, lowering: Lowering) -> Node:
    """A scalar argument, or a size, or the number of a running index among its set."""
    if isinstance(symbol, Index) and lowering.axes.is_running(symbol):
        return _counted(symbol, lowering)
    for derived in lowering.axes.derived:
        if derived.symbol == symbol:
            return Name(derived.name)
    for argument in lowering.axes.arguments:
        if argument.stands_for == symbol:
            return Name(argument.name)
        for axis in argument.axes:
            if axis.space.size == symbol and argument.left_out is None:
                return lowering.axes.length(axis)
    raise LoweringError(f"{symbol} is no argument of the kernel and stands outside any entry")


def _counted(index: Index, lowering: Lowering) -> Node:
    """The members of an index set in order, as numbers to calculate with."""
    lower = index.space.lower
    if index.space.labels or not lower.is_Integer:
        raise LoweringError(f"{index} is no number: the members of {index.space.name} are labels")
    return Places(int(lower), lowering.axes.length(index), (index,))


def lower_argmax(choice: Argmax, lowering: Lowering) -> Node:
    """The place of the largest entry (the first NaN, if there is one)."""
    index, body = choice.opened()
    scores = lowering.lower(body)
    place = scores.axes.index(index)
    axes = scores.axes[:place] + scores.axes[place + 1 :]
    return Leader(scores, place, axes)


def on_diagonal(node: Node) -> Node:
    """The array with an index that two of its axes have taken once: at equal places."""
    if len(set(node.axes)) == len(node.axes):
        return node
    if len(node.axes) > 2:
        raise LoweringError(f"{node} is taken at the same index twice: {node.axes}")
    return Diagonal(node, node.axes[:1])


def gathered(node: Node, axis: Index, word: Node, lowering: Lowering) -> Node:
    """The entries at ``word`` along ``axis``.

    Where the word varies along the other axes of the array, each row is read at its own word.
    """
    place = node.axes.index(axis)
    rest = node.axes[:place] + node.axes[place + 1 :]
    if not set(word.axes) & set(rest):
        axes = node.axes[:place] + word.axes + node.axes[place + 1 :]
        return in_order(Taken(node, place, word, axes), lowering.axes.ordered(axes))
    if set(word.axes) <= set(rest):
        return Picked(in_order(node, (*rest, axis)), word, rest)
    raise LoweringError(f"cannot look up {word} along {axis} of {node}")


def with_entry(node: Node, axis: Index, word: Node, new: Node, lowering: Lowering) -> Node:
    """The array with the entry at ``word`` along ``axis`` replaced by ``new``."""
    rest = lowering.axes.ordered({*node.axes, *word.axes, *new.axes} - {axis})
    if axis not in node.axes:
        raise LoweringError(f"{node} has no axis {axis} to replace an entry along")
    axes = (*rest, axis)
    node = in_order(node, axes)
    return Replaced(node, word, new, axes, not node.is_view and node.axes == axes)


def sum_without(node: Node, axis: Index, word: Node, lowering: Lowering) -> Node:
    """The array summed over its last axis but for the entry at ``word``.

    A step of the kernel's own is lent to be written to; anything else is copied.
    """
    rest = lowering.axes.ordered({*node.axes, *word.axes} - {axis})
    is_own = isinstance(node, Name) and node.name in lowering.own
    if is_own and node.axes[-1:] == (axis,):
        return SummedWithout(node, axis, word, rest)
    zeroed = with_entry(node, axis, word, Number(S.Zero), lowering)
    return Summed(zeroed, (len(rest),), rest)
