"""Applications of functions to arguments."""

from __future__ import annotations

from collections.abc import Sequence

from sympy import Expr, S, Symbol, exp, log

from derivations.definition import substitute
from derivations.indices import Index, total
from derivations.reader import syntax
from derivations.reader.array import Array
from derivations.reader.elaborate.arguments import matched
from derivations.reader.elaborate.derivative import slope
from derivations.reader.elaborate.number import Here, ill_typed, number, scalar
from derivations.reader.elaborate.shape import exponential
from derivations.reader.elaborate.spelling import name_of
from derivations.reader.meaning import Function
from derivations.reader.problem import Unreadable
from derivations.reader.syntax import Content, Leaf, Node, Script
from derivations.reader.written import written

ELEMENTARY = {"exp": exp, "log": log}


def function_of(node: Node, here: Here) -> Function | str | None:
    """The function a factor names: a declared one, or the name of an elementary one."""
    base = node.base if isinstance(node, Script) else node
    if isinstance(base, Leaf) and base.kind == "FUNCTION":
        return base.text
    if isinstance(node, Leaf | syntax.Accented | Script):
        declared = here.scope.functions.get(name_of(node))
        if declared is not None:
            return declared
    return "softmax" if isinstance(base, Leaf) and base.text == "softmax" else None


def bare(function: Function, node: Node, here: Here) -> Array:
    """A function named without arguments: those it was declared with."""
    if any(
        parameter.stands_for is not None
        and not parameter.vector
        and not isinstance(parameter.stands_for, Index)
        for parameter in function.parameters
    ):
        raise Unreadable(node.at, written(node), "an argument in parentheses is missing")
    arguments = [p.stands_for for p in function.parameters if p.stands_for is not None]
    require_free(arguments, node, here)
    return _value(function, arguments, node, here)


def call(
    function: Function | str, node: Node, arguments: Content, whole: Node, here: Here
) -> Array:
    """``function`` of the arguments in brackets."""
    primes = node.primes if isinstance(node, Script) else 0
    if isinstance(node, Script) and node.sup:
        advice = f"write ({written(node.base)}(...))^{{{written(node.sup)}}}"
        raise Unreadable(node.at, written(node), "a power of a function", advice)
    if isinstance(function, str):
        if isinstance(node, Script) and node.sub and function != "softmax":
            what = "a base or a subscript of an elementary function"
            raise Unreadable(node.at, written(node), what, "\\exp and \\log are natural")
        if primes:
            raise Unreadable(node.at, written(node), "a prime on an elementary function")
        return elementary(function, arguments, whole, here)
    values = matched(function, arguments, whole, here)
    if not primes:
        return _value(function, values, node, here)
    if (
        primes > 1
        or len(function.parameters) != 1
        or isinstance(function.parameters[0].stands_for, Index)
    ):
        advice = "a single prime on a function of one number is"
        raise Unreadable(node.at, written(node), "this derivative is not read", advice)
    return slope(function, values[0])


def elementary(name: str, arguments: Content, whole: Node, here: Here) -> Array:
    """exp and log of a number, softmax of a vector."""
    if arguments.only is None:
        raise Unreadable(whole.at, written(whole), f"\\{name} takes one argument")
    if name == "softmax":
        return _softmax(number(arguments.only, here), whole)
    argument = scalar(arguments.only, here, f"\\{name}").entry
    entry = exponential(argument, whole) if name == "exp" else ELEMENTARY[name](argument)
    if entry.has(S.ComplexInfinity, S.NaN, S.Infinity, S.ImaginaryUnit):
        raise ill_typed(whole, "this argument", f"\\{name}, which has no value there")
    return Array(entry)


def _softmax(value: Array, whole: Node) -> Array:
    if len(value.indices) != 1:
        raise ill_typed(whole, f"shape {value.said}", "softmax, which takes a vector")
    exponential(value.entry, whole)
    (axis,) = value.indices
    other = Index(f"{axis.name}'", axis.space)
    weights = total(exp(substitute(value.entry, {axis: other})), other)
    return Array(exp(value.entry) / weights, value.axes)


def require_free(implicit: Sequence[Symbol], node: Node, here: Here) -> None:
    """Refuse a name that depends on a letter which a sum around it has bound."""
    bound = {index.name for index in here.scope.bound.values()}
    for symbol in implicit:
        if symbol.name in bound:
            what = f"{written(node)} depends on {symbol}, which is bound here"
            raise Unreadable(node.at, written(node), what, "use another letter for the sum")
        declared = here.scope.letters.get(symbol.name)
        if declared is not None and declared != symbol:
            what = f"{written(node)} depends on a {symbol} that was declared otherwise before"
            raise Unreadable(node.at, written(node), what, f"use another letter than {symbol}")


def _value(function: Function, arguments: Sequence[Expr], node: Node, here: Here) -> Array:
    require_free(function.implicit, node, here)
    return function.value(tuple(arguments))
