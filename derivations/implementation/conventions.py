"""Factors that are a convention: half of a square, the mean for the sum."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sympy import Expr, Integer, Mul, Pow, Sum, Symbol

from derivations.implementation.one_spelling import same
from derivations.implementation.question import BadArguments, Output, Piece
from derivations.indices import total
from derivations.language.index_nodes import unfold

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
