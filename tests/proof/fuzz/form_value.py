"""The value of a normal form at one instance: its data read as `terms.py` says they mean."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import product
from math import prod

from flint import arb, fmpq
from sympy import Expr, Sum

from derivations.proof.definite import root
from derivations.proof.members import (
    BoundIndex,
    FreeIndex,
    Index,
    ListedIndex,
    NumberedIndex,
    OffsetIndex,
    Range,
    Whole,
)
from derivations.proof.terms import (
    AbsoluteValue,
    ArbitraryValue,
    Atom,
    Binder,
    Delta,
    DividedSum,
    Exponential,
    Factors,
    IndexNumber,
    Logarithm,
    Order,
    Parameter,
    Scalar,
    Sign,
    SizeNumber,
    Term,
    Total,
)
from tests.proof.fuzz.instance import Instance
from tests.proof.fuzz.oracle import Unlisted, place, power
from tests.proof.fuzz.vocabulary import POOL

Scope = Mapping[BoundIndex, int]


class Unbound(Exception):
    """An index that no sum binds and that the expression does not have."""


class FormValue:
    """Reads normal forms of one expression."""

    def __init__(self, expression: Expr, instance: Instance) -> None:
        self.instance = instance
        self.free = {index.name: n for index, n in instance.free.items()}
        bounds = {limit[1:] for node in expression.atoms(Sum) for limit in node.limits}
        bounds |= {(space.lower, space.upper) for space in POOL}
        self.something_is_empty = not all(
            place(lower, {}, instance) <= place(upper, {}, instance) for lower, upper in bounds
        )

    def total(self, terms: Total, scope: Scope) -> arb:
        """The value of a sum of terms."""
        return sum((_number(q) * self.term(term, scope) for term, q in terms), arb(0))

    def term(self, term: Term, scope: Scope) -> arb:
        """The value of one term: its product, summed over its bound indices."""
        scopes = self._scopes(term.binders, scope)
        return sum((self._product(term.factors, inner) for inner in scopes), arb(0))

    def _scopes(self, binders: tuple[Binder, ...], scope: Scope) -> Iterator[Scope]:
        indices = [binder.index for binder in binders]
        for places in product(*(self._members(binder.extent) for binder in binders)):
            yield {**scope, **dict(zip(indices, places, strict=True))}

    def _members(self, extent: Range) -> range:
        return range(self._whole(extent.lower), self._whole(extent.upper) + 1)

    def _whole(self, number: Whole) -> int:
        sizes = self.instance.sizes
        return sum(c * prod(sizes[name] for name in monomial) for monomial, c in number.terms)

    def _product(self, factors: Factors, scope: Scope) -> arb:
        """Deltas first: beside one that is zero, what another factor excludes is not looked at."""
        if any(isinstance(atom, Delta) and not self._same(atom, scope) for atom, _ in factors):
            return arb(0)
        result = arb(1)
        for atom, exponent in factors:
            result *= self._power(atom, exponent, scope)
        return result

    def _power(self, atom: Atom, exponent: Fraction, scope: Scope) -> arb:
        inside = root(atom)
        if inside is not None and exponent == Fraction(1, 2):  # a root is zero where its P is
            return _root(self.total(inside, scope))
        if isinstance(atom, Exponential):
            return (self.term(atom.term, scope) * _number(exponent)).exp()
        base = self._atom(atom, scope)
        assert exponent.denominator == 1
        return power(base, int(exponent))

    def _atom(self, atom: Atom, scope: Scope) -> arb:
        match atom:
            case ArbitraryValue():
                return self._arbitrary(atom, scope)
            case Parameter(name, indices):
                return self.instance.value((name, tuple(self._place(i, scope) for i in indices)))
            case SizeNumber(name):
                return arb(self.instance.sizes[name])
            case Scalar(name):
                return self.instance.value((name, ()))
            case Delta():
                return arb(self._same(atom, scope))
            case DividedSum(terms):
                return self.total(terms, scope)
            case Logarithm(terms):
                return self.total(terms, scope).log()
            case AbsoluteValue(terms):
                return abs(self.total(terms, scope))
            case Sign(terms):
                return self.total(terms, scope).sgn()
            case IndexNumber(index):
                return arb(self._place(index, scope))
            case Order(left, right):
                one, other = (self._place(index, scope) for index in (left, right))
                return arb((one < other) - (one > other))
        raise AssertionError(atom)

    def _arbitrary(self, atom: ArbitraryValue, scope: Scope) -> arb:
        labels = tuple(self._place(index, scope) for index in atom.labels)
        entries = []
        for table in atom.values:
            indices = [binder.index for binder in table.binders]
            places = product(*(self._members(binder.extent) for binder in table.binders))
            scopes = {at: {**scope, **dict(zip(indices, at, strict=True))} for at in places}
            entries.append({at: self.total(table.entry, inner) for at, inner in scopes.items()})
        slots = [(n, tuple(self._place(each, scope) for each in at)) for n, at in atom.partials]
        return self.instance.function(atom.function, labels, entries, slots)

    def _same(self, delta: Delta, scope: Scope) -> bool:
        return self._place(delta.left, scope) == self._place(delta.right, scope)

    def _place(self, index: Index, scope: Scope) -> int:
        match index:
            case NumberedIndex(number):
                return self._whole(number)
            case BoundIndex() if index in scope:
                return scope[index]
            case FreeIndex(name) if name in self.free:
                return self.free[name]
            case OffsetIndex(of, by):
                return self._place(of, scope) + self._whole(by)
            case ListedIndex(words, at):
                key = (words, tuple(self._place(entry, scope) for entry in at))
                if key not in self.instance.words:
                    raise Unlisted(f"{key} is not listed")
                return self.instance.words[key]
        raise Unbound(f"{index} is bound nowhere")


def _root(value: arb) -> arb:
    """The square root; that of a ball around zero is one as well."""
    return arb(0, abs(value).upper().sqrt()) if value.contains(0) else value.sqrt()


def _number(value: Fraction) -> arb:
    return arb(fmpq(value.numerator, value.denominator))
