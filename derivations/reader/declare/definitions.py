"""Definitions: a name, what its arguments stand for, and the formula that it abbreviates."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from sympy import Expr, Indexed, IndexedBase, Symbol

from derivations.definition import define, substitute
from derivations.indices import Index, IndexSet, free_indices
from derivations.opaque import arbitrary
from derivations.reader.array import Array
from derivations.reader.axes import axis
from derivations.reader.declare.naming import with_function, with_thing
from derivations.reader.declare.parameters import parameters
from derivations.reader.elaborate import Here, IllTyped, number
from derivations.reader.elaborate.index import subscripts
from derivations.reader.elaborate.spelling import declared_name, letter_of
from derivations.reader.letters import with_letters
from derivations.reader.meaning import Function, Parameter, Scope, Thing
from derivations.reader.problem import Unreadable
from derivations.reader.syntax import Content, Group, Node, Product, Script
from derivations.reader.unfolded import measured
from derivations.reader.unicode import plain_name
from derivations.reader.written import written


def with_definition(left: Node, right: Node, scope: Scope) -> Scope:
    """The scope with ``left = right`` added."""
    if isinstance(left, Product):
        return _with_function(left, right, scope)
    letters = _letters(left, scope)
    body = _body(right, scope, left)
    name = declared_name(left.base if letters and isinstance(left, Script) else left)
    if letters and not body.axes and len(letters) <= 2:
        letters, body = (), _gathered(body, letters, scope)
    (spoken,) = with_letters([body], scope)
    shown = _subscripted(plain_name(name), (*letters, *spoken.indices))
    implicit, value = _abbreviated(name, shown, letters, body, spoken)
    thing = Thing(letters, value(letters), implicit)
    return with_thing(scope, name, thing)


def _abbreviated(
    name: str, shown: str, symbols: tuple[Symbol, ...], body: Array, spoken: Array
) -> tuple[tuple[Symbol, ...], Callable[[tuple[Expr, ...]], Array]]:
    """What the formula depends on beside ``symbols``, and applications of the name.

    ``spoken`` is the formula with letters for its axes.
    """
    others = (*symbols, *body.indices)
    implicit = tuple(sorted(free_indices(body.entry).difference(others), key=str))
    made = define(plain_name(name), shown, (*implicit, *symbols, *spoken.indices), spoken.entry)

    def value(arguments: tuple[Expr, ...]) -> Array:
        return Array(made(*implicit, *arguments, *body.indices), body.axes)

    return implicit, value


def _gathered(body: Array, letters: tuple[Index, ...], scope: Scope) -> Array:
    """Numbers with one or two subscripts as the vector or matrix they are the entries of."""
    axes: list[Index] = []
    for letter in letters:
        axes.append(axis(letter.space, scope, *axes))
    entry = substitute(body.entry, dict(zip(letters, axes, strict=True)))
    return Array(entry, (axes[0], axes[1] if len(axes) > 1 else None))


def _subscripted(name: str, indices: Iterable[Index]) -> str:
    subs = ",".join(f"{{{index.name}}}" for index in indices)
    return f"{name}[{subs}]" if subs else name


def _letters(left: Node, scope: Scope) -> tuple[Index, ...]:
    """The subscripts of a family's name; none where the subscript is part of the name."""
    if not isinstance(left, Script) or left.sub is None:
        return ()
    parts = subscripts(left.sub)
    indices = [scope.letters.get(letter_of(part)) for part in parts]
    found = tuple(index for index in indices if index)
    if len(found) < len(parts):
        return ()
    if len(set(found)) < len(found):
        raise Unreadable(left.at, written(left), "one letter twice", "give each its own letter")
    return found


def _with_function(left: Product, right: Node, scope: Scope) -> Scope:
    name, content = _head(left)
    found, inside = parameters(content, scope)
    body = _body(right, inside, left)
    symbols = tuple(p.stands_for for p in found if p.stands_for is not None)
    (spoken,) = with_letters([body], inside)
    shown = _application(plain_name(name), found, content)
    implicit, value = _abbreviated(name, shown, symbols, body, spoken)
    function = Function(name, found, implicit, value, "|" in content.separators)
    return with_function(scope, name, function)


def with_arbitrary(left: Node, scope: Scope) -> Scope:
    """The scope with an arbitrary function of some rows and matrices added."""
    if not isinstance(left, Product):
        raise Unreadable(left.at, written(left), "say what it depends on: J(v_c, o, U)")
    name, content = _head(left)
    found, _ = parameters(content, scope)
    symbols = [p.stands_for for p in found if p.stands_for is not None]
    rows: dict[IndexedBase, int | None] = {}
    axes: dict[IndexedBase, tuple[IndexSet, ...]] = {}
    for parameter in found:
        known = [name for name in (parameter.vector, *parameter.fixed) if name in scope.things]
        for each in known:
            entry = _entry(scope.things[each], left)
            base, spaces = entry.base, tuple(index.space for index in entry.indices)
            if base in rows:
                what = f"{base} is named twice"
                raise Unreadable(left.at, written(left), what, "name a matrix or its rows")
            rows[base] = symbols.index(parameter.stands_for) if parameter.vector else None
            axes[base] = spaces[1:] if parameter.vector else spaces
    made = arbitrary(plain_name(name), len(symbols), rows, axes)
    function = Function(name, found, (), lambda arguments: Array(made(*arguments)))
    return with_function(scope, name, function)


def _entry(thing: Thing, left: Node) -> Indexed:
    entry = thing.body.entry
    if not isinstance(entry, Indexed):
        advice = "it can depend on declared vectors and matrices"
        raise Unreadable(left.at, written(left), "an argument is defined", advice)
    return entry


def _head(left: Product) -> tuple[str, Content]:
    last = left.factors[-1]
    if len(left.factors) != 2 or any(left.joins) or not isinstance(last, Group):
        raise Unreadable(left.at, written(left), "a name and its arguments are expected here")
    return declared_name(left.factors[0]), last.content


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
        raise Unreadable(right.at, written(left), str(error.misfit)) from None
    if here.notes:
        raise Unreadable(right.at, written(left), "a definition must be plain", here.notes[0])
    excess = measured(body.entry).excess
    if excess:
        raise Unreadable(right.at, written(left), excess)
    return body
