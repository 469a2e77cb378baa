"""Definitions: a name, what its arguments stand for, and the formula that it abbreviates."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from sympy import Derivative, Expr, IndexedBase, Symbol, preorder_traversal

from derivations.array import Array
from derivations.definition import Defined, define, substitute
from derivations.indices import Index
from derivations.opaque import arbitrary
from derivations.reader.axes import axis
from derivations.reader.elaborate import Here, IllTyped, number
from derivations.reader.elaborate.index import subscripts
from derivations.reader.elaborate.spelling import name_of
from derivations.reader.letters import with_letters
from derivations.reader.limits import MOST_UNFOLDED
from derivations.reader.meaning import Function, Parameter, Scope, Thing
from derivations.reader.problem import Unreadable
from derivations.reader.syntax import Content, Group, Leaf, Node, Product, Relation, Script
from derivations.reader.unicode import plain_name
from derivations.reader.written import written


def with_definition(left: Node, right: Node, scope: Scope) -> Scope:
    """The scope with ``left = right`` added."""
    if isinstance(left, Product):
        return _with_function(left, right, scope)
    letters = _letters(left, scope)
    body = _body(right, scope, left)
    name = name_of(left.base) if letters and isinstance(left, Script) else name_of(left)
    if letters and not body.axes and len(letters) <= 2:
        letters, body = (), _gathered(body, letters, scope)
    (spoken,) = with_letters([body], scope)
    shown = _subscripted(plain_name(name), (*letters, *_axes(spoken)))
    implicit, value = _abbreviated(name, shown, letters, body, spoken)
    thing = Thing(letters, value(letters), implicit)
    return replace(scope, things={**scope.things, name: thing})


def _abbreviated(
    name: str, shown: str, symbols: tuple[Symbol, ...], body: Array, spoken: Array
) -> tuple[tuple[Symbol, ...], Callable[[tuple[Expr, ...]], Array]]:
    """What the formula depends on beside ``symbols``, and applications of the name.

    ``spoken`` is the formula with letters for its axes.
    """
    others = (*symbols, *_axes(body))
    implicit = tuple(index for index in free_indices(body) if index not in others)
    made = define(plain_name(name), shown, (*implicit, *symbols, *_axes(spoken)), spoken.entry)

    def value(arguments: tuple[Expr, ...]) -> Array:
        return Array(made(*implicit, *arguments, *_axes(body)), body.axes)

    return implicit, value


def _axes(array: Array) -> tuple[Index, ...]:
    return tuple(axis for axis in array.axes if axis is not None)


def _gathered(body: Array, letters: tuple[Index, ...], scope: Scope) -> Array:
    """Numbers with one or two subscripts as the vector or matrix they are the entries of."""
    axes: list[Index] = []
    for letter in letters:
        axes.append(axis(letter.space, scope, *axes))
    entry = substitute(body.entry, dict(zip(letters, axes, strict=True)))
    return Array(entry, (*axes, None) if len(axes) == 1 else tuple(axes))


def _subscripted(name: str, indices: Iterable[Index]) -> str:
    subs = ",".join(f"{{{index.name}}}" for index in indices)
    return f"{name}[{subs}]" if subs else name


def _letters(left: Node, scope: Scope) -> tuple[Index, ...]:
    """The subscripts of a family's name; none where the subscript is part of the name."""
    if not isinstance(left, Script) or left.sub is None:
        return ()
    parts = subscripts(left.sub)
    indices = [scope.letters.get(written(part)) for part in parts]
    return tuple(index for index in indices if index) if all(indices) else ()


def _with_function(left: Product, right: Node, scope: Scope) -> Scope:
    name, content = _head(left)
    parameters, inside = _parameters(content, scope)
    body = _body(right, inside, left)
    symbols = tuple(p.stands_for for p in parameters if p.stands_for is not None)
    (spoken,) = with_letters([body], inside)
    shown = _application(plain_name(name), parameters, content)
    implicit, value = _abbreviated(name, shown, symbols, body, spoken)
    function = Function(name, parameters, implicit, value, "|" in content.separators)
    return replace(scope, functions={**scope.functions, name: function})


def with_arbitrary(left: Node, scope: Scope) -> Scope:
    """The scope with an arbitrary function of some rows and matrices added."""
    if not isinstance(left, Product):
        raise Unreadable(left.at, written(left), "say what it depends on: J(v_c, o, U)")
    name, content = _head(left)
    parameters, _ = _parameters(content, scope)
    symbols = [p.stands_for for p in parameters if p.stands_for is not None]
    rows: dict[IndexedBase, int | None] = {}
    for parameter in parameters:
        if parameter.vector:
            base = _base(scope.things[parameter.vector])
            rows[base] = symbols.index(parameter.stands_for)
        for fixed in parameter.fixed:
            if fixed in scope.things:
                rows[_base(scope.things[fixed])] = None
    made = arbitrary(plain_name(name), len(symbols), rows)
    function = Function(name, parameters, (), lambda arguments: Array(made(*arguments)))
    return replace(scope, functions={**scope.functions, name: function})


def _base(thing: Thing) -> IndexedBase:
    base: IndexedBase = thing.body.entry.base
    return base


def _head(left: Product) -> tuple[str, Content]:
    if len(left.factors) != 2 or not isinstance(left.factors[1], Group):
        raise Unreadable(left.at, written(left), "a name and its arguments are expected here")
    return name_of(left.factors[0]), left.factors[1].content


def _parameters(content: Content, scope: Scope) -> tuple[tuple[Parameter, ...], Scope]:
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
    parameters: list[Parameter] = []
    for group in groups:
        parameter, scope = _parameter(group, scope)
        parameters.append(parameter)
    return tuple(parameters), scope


def _parameter(group: list[Node], scope: Scope) -> tuple[Parameter, Scope]:
    item = group[0]
    if len(group) > 1:
        return Parameter(fixed=tuple(map(written, group))), scope
    if isinstance(item, Relation) and item.signs == ("=",):
        inner, scope = _parameter([item.parts[1]], scope)
        return replace(inner, keyword=written(item.parts[0])), scope
    if isinstance(item, Script) and item.sub is not None and item.sub.only is not None:
        family, letter = scope.things.get(name_of(item.base)), written(item.sub.only)
        if family is not None and family.params and letter in scope.letters:
            return Parameter(scope.letters[letter], vector=name_of(item.base)), scope
    name = name_of(item)
    if name in scope.letters:
        return Parameter(scope.letters[name]), scope
    if name in scope.things and scope.things[name].body.axes:
        return Parameter(fixed=(written(item),)), scope
    if not isinstance(item, Leaf) or item.kind != "LETTER":
        raise Unreadable(item.at, written(item), "a letter, a vector or a matrix is expected")
    symbol = Symbol(plain_name(name), real=True)
    things = {**scope.things, name: Thing((), Array(symbol))}
    return Parameter(symbol), replace(scope, things=things)


def _application(name: str, parameters: tuple[Parameter, ...], content: Content) -> str:
    """How an application is printed: the arguments that are no vectors or matrices."""
    texts = [f"{{{p.stands_for.name}}}" for p in parameters if p.stands_for and not p.vector]
    if not texts or any(p.vector for p in parameters):
        return name
    return f"{name}({('|' if '|' in content.separators else ', ').join(texts)})"


def _body(right: Node, scope: Scope, left: Node) -> Array:
    here = Here(scope)
    try:
        body = number(right, here)
    except IllTyped as error:
        misfit = error.misfit
        what = f"{misfit.part}: {misfit.left} does not fit {misfit.right}"
        raise Unreadable(right.at, written(left), what) from None
    if here.notes:
        raise Unreadable(right.at, written(left), "a definition must be plain", here.notes[0])
    if unfolded_size(body.entry) > MOST_UNFOLDED:
        raise Unreadable(right.at, written(left), f"larger than {MOST_UNFOLDED} when written out")
    return body


def unfolded_size(node: Expr) -> int:
    """How many nodes there are when definitions are written out."""
    own = _BODY_SIZES.get(node.func, 0) if isinstance(node, Defined) else 0
    if isinstance(node, Defined) and not own:
        own = _BODY_SIZES[node.func] = unfolded_size(node.body)
    return 1 + own + sum(unfolded_size(part) for part in node.args)


_BODY_SIZES: dict[type, int] = {}


def free_indices(body: Array) -> list[Index]:
    """The indices that a formula leaves free, in the order of their names."""
    entry = body.entry
    free = set(entry.free_symbols)
    for node in preorder_traversal(entry):
        if isinstance(node, Derivative):
            free |= {symbol for by in node.variables for symbol in by.free_symbols}
    return sorted((symbol for symbol in free if isinstance(symbol, Index)), key=str)
