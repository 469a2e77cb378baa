"""What the arguments of a function must be, from the way it is declared."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from sympy import Symbol

from derivations.reader.array import Array
from derivations.reader.declare.naming import with_thing
from derivations.reader.elaborate.spelling import letter_of, name_of
from derivations.reader.meaning import Parameter, Scope, Thing
from derivations.reader.problem import Unreadable
from derivations.reader.syntax import Content, Leaf, Node, Relation, Script
from derivations.reader.unicode import plain_name
from derivations.reader.written import written


def parameters(content: Content, scope: Scope) -> tuple[tuple[Parameter, ...], Scope]:
    """What the arguments must be, and the scope that the formula is read in."""
    groups: list[list[Node]] = []
    joined = False
    for item in content.items:
        dots = isinstance(item, Leaf) and item.kind == "DOTS"
        if (dots or joined) and groups:
            groups[-1].append(item)
        else:
            groups.append([item])
        joined = dots
    found: list[Parameter] = []
    for group in groups:
        parameter, scope = _parameter(group, scope)
        found.append(parameter)
    _require_different(found, content)
    return tuple(found), scope


def _require_different(found: list[Parameter], content: Content) -> None:
    names = [parameter.stands_for for parameter in found if parameter.stands_for is not None]
    for symbol, times in Counter(names).items():
        if times > 1:
            what = f"two arguments are called {symbol}"
            raise Unreadable(content.at, written(content), what, "give each its own letter")


def _parameter(group: list[Node], scope: Scope) -> tuple[Parameter, Scope]:
    item = group[0]
    if len(group) > 1:
        return Parameter(fixed=tuple(map(written, group))), scope
    if isinstance(item, Relation) and item.signs == ("=",):
        inner, scope = _parameter([item.parts[1]], scope)
        return replace(inner, keyword=written(item.parts[0])), scope
    if isinstance(item, Script) and item.sub is not None and item.sub.only is not None:
        family, letter = scope.things.get(name_of(item.base)), letter_of(item.sub.only)
        if family is not None and family.params and letter in scope.letters:
            return Parameter(scope.letters[letter], vector=name_of(item.base)), scope
    name = name_of(item)
    if letter_of(item) in scope.letters:
        return Parameter(scope.letters[letter_of(item)]), scope
    if name in scope.things and scope.things[name].body.axes:
        return Parameter(fixed=(written(item),)), scope
    if not isinstance(item, Leaf) or item.kind != "LETTER":
        raise Unreadable(item.at, written(item), "a letter, a vector or a matrix is expected")
    symbol = Symbol(plain_name(name), real=True)
    return Parameter(symbol), with_thing(scope, name, Thing((), Array(symbol)))
