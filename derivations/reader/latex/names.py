"""Names: declared things with their subscripts, and functions with their arguments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from derivations.reader.meaning import Function, Parameter, Thing
from sympy import Basic, Expr, Indexed, Symbol
from sympy import Function as Applied

from derivations.indices import Index
from derivations.reader.elaborate.spelling import name_of
from derivations.reader.formula import formula
from derivations.reader.latex.match import matched
from derivations.reader.latex.member import member
from derivations.reader.latex.piece import Kind, Piece
from derivations.reader.latex.show import show
from derivations.reader.latex.spelled import spelled
from derivations.reader.latex.within import Unprintable, Within
from derivations.reader.source import Source

_Values = Mapping[Basic, Expr]


@show.register
def _index(node: Index, within: Within) -> Piece:
    letter = within.letter(node)
    if letter in within.scope.functions:
        raise Unprintable(f"{letter} is read as the function of that name")
    return Piece(letter, Kind.NAME)


@show.register(Symbol)
@show.register(Indexed)
@show.register(Applied)
def _named(node: Expr, within: Within) -> Piece:
    """By the first declared name that means this."""
    for name, thing in within.scope.things.items():
        slots = (*thing.params, *thing.body.indices)
        values = matched(thing.body.entry, slots, node, within)
        if values is not None:
            text = _thing(name, thing, [values[slot] for slot in slots], within)
            if text:
                return Piece(text, Kind.NAME)
    for function in within.scope.functions.values():
        symbols = tuple(p.stands_for for p in function.parameters if p.stands_for is not None)
        whole = function.value(symbols)
        axes = whole.indices
        values = matched(whole.entry, (*symbols, *axes), node, within)
        if values is not None:
            picked = [member(values[axis], within) for axis in axes]
            subscript = f"_{{{','.join(picked)}}}" if picked else ""
            return Piece(_application(function, values, within) + subscript, Kind.APPLIED)
    raise Unprintable(f"no declared name means {node}")


def _thing(name: str, thing: Thing, values: Sequence[Expr], within: Within) -> str:
    """A thing with its subscripts; empty where the text would mean something else."""
    scope = within.scope
    if name in scope.functions or (not values and scope.letter(name) is not None):
        return ""
    subscript = ",".join(member(value, within) for value in values)
    if not subscript:
        return spelled(name)
    if "_" in name:
        return "" if thing.params else f"({spelled(name)})_{{{subscript}}}"
    text = f"{spelled(name)}_{{{subscript}}}"
    exact = name_of(formula(Source(text).whole))
    return "" if exact in scope.things or exact in scope.functions else text


def _application(function: Function, values: _Values, within: Within) -> str:
    if function.name == "softmax":
        raise Unprintable("softmax is read as the elementary function")
    first, *others = [
        text for parameter in function.parameters for text in _argument(parameter, values, within)
    ]
    if function.conditional and others:
        first, others = rf"{first} \mid {others[0]}", others[1:]
    return f"{spelled(function.name)}({', '.join([first, *others])})"


def _argument(parameter: Parameter, values: _Values, within: Within) -> list[str]:
    symbol = parameter.stands_for
    if symbol is None:
        return list(parameter.fixed)
    value = values[symbol]
    keyword = f"{parameter.keyword} = " if parameter.keyword else ""
    if parameter.vector:
        return [f"{keyword}{spelled(parameter.vector)}_{{{member(value, within)}}}"]
    if isinstance(symbol, Index):
        return [keyword + member(value, within)]
    return [keyword + show(value, within).text]
