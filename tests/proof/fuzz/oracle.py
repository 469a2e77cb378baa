"""The value of an index expression at one instance, as a certified interval.

Written from the mathematician's meaning alone: a sum binds its index in its summand and nowhere
else, the innermost sum of that name counts. It shares no code with the arguments it judges.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from itertools import product
from math import prod
from typing import TYPE_CHECKING, Any

from flint import arb, fmpq
from sympy import (
    Abs,
    Add,
    Indexed,
    KroneckerDelta,
    Max,
    Min,
    Mul,
    Pow,
    Rational,
    Sum,
    Symbol,
    exp,
    log,
)

from derivations.indices import Entries, Index, IndexSet, WordArray
from derivations.language.index_nodes import Applied, Opaque, Partial

if TYPE_CHECKING:
    from tests.proof.fuzz.instance import Instance

BITS = 192
Scope = Mapping[Index, int]


class Undefined(Exception):
    """No value here: division by zero, for example."""


class Unlisted(Undefined):
    """No such draw, or no member of an empty index set."""


def place(node: Any, scope: Scope, instance: Instance) -> int:
    """The integer that an index, a word of a list or a bound stands for."""
    if isinstance(node, Index):
        found = scope.get(node, instance.free.get(node))
        if found is None:
            raise Unlisted(f"{node} has no value in an empty index set")
        return found
    if isinstance(node, Symbol):
        return instance.sizes[node.name]
    if isinstance(node, Indexed) and isinstance(node.base, WordArray):
        key = (node.base.name, tuple(place(index, scope, instance) for index in node.indices))
        if key not in instance.words:
            raise Unlisted(f"{node} is not listed")
        return instance.words[key]
    if node.is_Integer:
        return int(node)
    parts = [place(part, scope, instance) for part in node.args]
    if isinstance(node, Add):
        return sum(parts)
    assert isinstance(node, Mul), node
    return prod(parts)


def value(node: Any, scope: Scope, instance: Instance) -> arb:
    """The real number ``node`` stands for; not a finite ball where it has no value."""
    if isinstance(node, Mul):
        return _product(node, scope, instance)
    if isinstance(node, Add):
        return sum((value(part, scope, instance) for part in node.args), arb(0))
    if isinstance(node, Sum):
        return _sum(node, len(node.limits) - 1, scope, instance)
    if isinstance(node, Indexed):
        places = tuple(place(index, scope, instance) for index in node.indices)
        return instance.value((node.base.name, places))
    if isinstance(node, KroneckerDelta):
        left, right = (place(index, scope, instance) for index in node.args)
        return arb(left == right)
    if isinstance(node, Pow) and node.exp.is_Integer:
        return power(value(node.base, scope, instance), int(node.exp))
    if isinstance(node, Pow) and node.exp == Rational(1, 2):
        return value(node.base, scope, instance).sqrt()
    if isinstance(node, Abs):
        return abs(value(node.args[0], scope, instance))
    if isinstance(node, Max | Min):
        values = [value(part, scope, instance) for part in node.args]
        return reduce(arb.max if isinstance(node, Max) else arb.min, values)
    if isinstance(node, exp):
        return value(node.args[0], scope, instance).exp()
    if isinstance(node, log):
        return value(node.args[0], scope, instance).log()
    if node.is_Rational:
        return arb(fmpq(int(node.p), int(node.q)))
    if isinstance(node, Symbol):
        is_count = isinstance(node, Index) or node.name in instance.sizes
        return arb(place(node, scope, instance)) if is_count else instance.value((node.name, ()))
    if isinstance(node, Opaque):
        return _opaque(node.func, node.args, (), scope, instance)
    if isinstance(node, Partial):
        return _opaque(node.function, node.labels, node.entries, scope, instance)
    if isinstance(node, Applied):
        return _applied(node, scope, instance)
    raise Undefined(f"{type(node).__name__} is no index expression")


def _opaque(function: Any, picks: Any, by: Any, scope: Scope, instance: Instance) -> arb:
    """A function of declared matrices and rows: of their entries, and of the other labels."""
    picked = [place(index, scope, instance) for index in picks]
    entries = []
    for base, row in function.rows.items():
        first = () if row is None else (picked[row],)
        places = product(*(_members(space, instance) for space in function.axes[base]))
        entries.append({at: instance.value((base.name, (*first, *at))) for at in places})
    labels = tuple(n for k, n in enumerate(picked) if k not in function.rows.values())
    slots = [
        (list(function.rows).index(base), tuple(place(each, scope, instance) for each in at))
        for base, at in by
    ]
    return instance.function(function.__name__, labels, entries, slots)


def _applied(node: Applied, scope: Scope, instance: Instance) -> arb:
    labels = tuple(place(index, scope, instance) for index in node.args[: node.labels])
    entries = []
    for argument in node.values:
        indices = argument.indices if isinstance(argument, Entries) else ()
        inside = argument.entry if isinstance(argument, Entries) else argument
        places = product(*(_members(index.space, instance) for index in indices))
        scopes = {at: {**scope, **dict(zip(indices, at, strict=True))} for at in places}
        entries.append({at: value(inside, inner, instance) for at, inner in scopes.items()})
    slots = [
        (argument - node.labels, tuple(place(each, scope, instance) for each in at))
        for argument, at in node.entries
    ]
    return instance.function(node.function, labels, entries, slots)


def _members(space: IndexSet, instance: Instance) -> range:
    return range(place(space.lower, {}, instance), place(space.upper, {}, instance) + 1)


def _product(node: Mul, scope: Scope, instance: Instance) -> arb:
    """Deltas first: beside one that is zero, what another factor excludes is not looked at."""
    deltas = [part for part in node.args if _of_deltas(part)]
    result = arb(1)
    for part in deltas:
        result *= value(part, scope, instance)
    if result == 0:
        return result
    for part in node.args:
        if part not in deltas:
            result *= value(part, scope, instance)
    return result


def _of_deltas(node: Any) -> bool:
    """Whether a node is made of deltas and numbers alone."""
    if isinstance(node, Add | Mul):
        return all(map(_of_deltas, node.args))
    return isinstance(node, KroneckerDelta) or bool(node.is_Rational)


def _sum(node: Sum, level: int, scope: Scope, instance: Instance) -> arb:
    """The sum over the limits up to ``level``; the last limit is the outermost."""
    if level < 0:
        return value(node.function, scope, instance)
    index, lower, upper = node.limits[level]
    members = range(place(lower, scope, instance), place(upper, scope, instance) + 1)
    return sum((_sum(node, level - 1, {**scope, index: n}, instance) for n in members), arb(0))


def power(base: arb, exponent: int) -> arb:
    """A whole power by multiplication: a ball around zero has no other powers in FLINT."""
    if exponent < 0:
        if base.contains(0):
            raise Undefined("division by zero")
        return power(1 / base, -exponent)
    result = arb(1)
    for _ in range(exponent):
        result *= base
    return result
