"""How many bound indices a term holds once denominators are cleared: the R of `bound.py`.

Counted for each index set on the raw expression, as differentiation leaves it. A sum
of terms needs as many as its neediest term; a product adds up; what is divided by counts for
every other term, since clearing it multiplies them. Without a sum inside, any function of a
summand's own indices is allowed.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from sympy import (
    Abs,
    Add,
    Expr,
    Indexed,
    Integer,
    KroneckerDelta,
    Mul,
    Pow,
    Product,
    Rational,
    Sum,
    Symbol,
    exp,
    log,
    preorder_traversal,
)
from sympy.core.numbers import Pi

from derivations.definition import unfold
from derivations.indices import Index, WordArray
from derivations.matrix_inverse import InverseEntry
from derivations.opaque import Applied, Opaque, Partial
from derivations.real_functions import Above, Known, Signum

ANY_WORD = Symbol("any word")


class NotCovered(Exception):
    """The bound on sizes does not apply; the message says at what."""


@dataclass(frozen=True)
class Degree:
    """Bound indices by index set, and cleared denominators by text: (power, their own)."""

    sums: Counter[str] = field(default_factory=Counter)
    below: dict[str, tuple[int, Counter[str]]] = field(default_factory=dict)


def degree(expression: Expr) -> Counter[str]:
    """The number of bound indices over each index set, by the set's name.

    Raises NotCovered where the argument does not apply.
    """
    if expression.has(Product):
        raise NotCovered("a product over a range")
    if expression.has(InverseEntry):
        raise NotCovered("the inverse of a matrix")
    scores = {_any_words(node) for e in expression.atoms(exp) for node in e.atoms(Sum)}
    if len(scores) > 1:
        raise NotCovered("exponentials of different sums")
    return _common([_degree(expression, frozenset())]).sums


def _degree(node: Expr, bound: frozenset[Index]) -> Degree:
    match node:
        case Add():
            return _common([_degree(part, bound) for part in node.args])
        case Mul():
            return _product([_degree(part, bound) for part in node.args])
        case Pow(base=base, exp=Integer() as power):
            return _power(base, int(power), bound)
        case exp():
            for inner in node.atoms(Sum):
                _require_coordinates(inner)
            return Degree()
        case log():
            if _has_sum(node.args[0]):
                raise NotCovered("a sum inside a logarithm")
            return Degree()
        case Sum():
            return _sum(node, bound)
        case Symbol() if node.is_integer and not isinstance(node, Index):
            raise NotCovered(f"the size {node} as a number")
        case Applied():
            if _has_sum(node) or any(node.depths):
                raise NotCovered(f"a sum or an array inside {node.function}")
            return Degree()
        case Symbol() | Rational() | Pi() | Indexed() | KroneckerDelta() | Opaque() | Partial():
            return Degree()
        case Abs() | Signum() | Above() | Known() | Pow() if not (
            _has_sum(node) or _has_size(node)
        ):
            return Degree()
    raise NotCovered(f"{type(node).__name__}: {node}")


def _sum(node: Sum, bound: frozenset[Index]) -> Degree:
    inside = bound | {limit[0] for limit in node.limits}
    body = _degree(node.function, inside)
    sums = Counter(body.sums)
    for index, lower, upper in node.limits:
        if (lower, upper) != (index.space.lower, index.space.upper):
            raise NotCovered(f"a sum from {lower} to {upper}")
        sums[index.space.name] += 1
    return Degree(sums, body.below)


def _require_coordinates(score: Sum) -> None:
    """Refuse a sum inside an exponential that is not over a whole set of coordinates."""
    for index, lower, upper in score.limits:
        if (lower, upper) != (index.space.lower, index.space.upper):
            raise NotCovered(f"a sum from {lower} to {upper} inside an exponential")
        listed = (e for e in score.atoms(Indexed) if isinstance(e.base, WordArray))
        place = any(index in entry.free_symbols for entry in listed)
        if index.space.labels or index.space.symmetric or place:
            raise NotCovered("a sum over words inside an exponential")


def _power(base: Expr, power: int, bound: frozenset[Index]) -> Degree:
    inner = _degree(base, bound)
    if power > 0:
        return _product([inner] * power)
    if not _has_sum(base):
        return Degree()
    if inner.below or not bound.isdisjoint(base.free_symbols):
        raise NotCovered("a sum below a fraction bar that depends on a bound index")
    return Degree(Counter(), {str(unfold(base)): (-power, inner.sums)})


def _product(parts: list[Degree]) -> Degree:
    sums: Counter[str] = Counter()
    below: dict[str, tuple[int, Counter[str]]] = {}
    for part in parts:
        sums.update(part.sums)
        for key, (power, own) in part.below.items():
            below[key] = (below.get(key, (0, own))[0] + power, own)
    return Degree(sums, below)


def _common(parts: list[Degree]) -> Degree:
    """The neediest of several terms over their common denominator."""
    below: dict[str, tuple[int, Counter[str]]] = {}
    for part in parts:
        for key, (power, own) in part.below.items():
            below[key] = (max(below.get(key, (0, own))[0], power), own)
    sums: Counter[str] = Counter()
    for part in parts:
        cleared = Counter(part.sums)
        for key, (power, own) in below.items():
            for name, times in own.items():
                cleared[name] += (power - part.below.get(key, (0, own))[0]) * times
        sums |= cleared
    # what was divided by is a factor of the whole and need not be counted again
    return Degree(sums, below)


def _has_sum(node: Expr) -> bool:
    if isinstance(node, exp):
        return False
    return isinstance(node, Sum) or any(_has_sum(part) for part in node.args)


def _has_size(node: Expr) -> bool:
    symbols = (part for part in node.free_symbols if isinstance(part, Symbol))
    return any(part.is_integer and not isinstance(part, Index) for part in symbols)


def _any_words(node: Sum) -> str:
    """The text of a sum with every word replaced by one mark, and its indices by numbers."""

    def marked(part: Expr) -> Expr:
        if isinstance(part, Indexed) and not isinstance(part.base, WordArray):
            return part.base[tuple(marked(index) for index in part.indices)]
        if isinstance(part, Index):
            return ANY_WORD if part.space.labels else part
        if isinstance(part, Indexed):
            return ANY_WORD
        if isinstance(part, Sum):
            return Sum(marked(part.function), *part.limits)
        return part.func(*map(marked, part.args)) if part.args else part

    opened = unfold(node)
    sums = (part for part in preorder_traversal(opened) if isinstance(part, Sum))
    bound = (limit[0] for part in sums for limit in part.limits)
    names = {index: Index(f"#{number}", index.space) for number, index in enumerate(bound)}
    return str(marked(opened.xreplace(names)))
