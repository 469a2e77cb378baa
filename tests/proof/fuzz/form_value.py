"""The value of a normal form at one instance: its data read as `terms.py` says they mean."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import product
from typing import Any

from flint import arb, fmpq
from sympy import Expr, Sum

from derivations.proof.terms import Atom, Factors, Index, Range, Term, Total
from tests.proof.fuzz.instance import Instance
from tests.proof.fuzz.oracle import Unlisted, place, power
from tests.proof.fuzz.vocabulary import POOL

Scope = Mapping[str, int]


class Unbound(Exception):
    """A name that no sum binds and that the expression does not have."""


class FormValue:
    """Reads normal forms of one expression; ranges are looked up where the expression has them."""

    def __init__(self, expression: Expr, instance: Instance) -> None:
        self.instance = instance
        self.free = {index.name: n for index, n in instance.free.items()}
        bounds = {limit[1:] for node in expression.atoms(Sum) for limit in node.limits}
        bounds |= {(space.lower, space.upper) for space in POOL}
        self.members = {
            (str(lower), str(upper)): range(
                place(lower, {}, instance), place(upper, {}, instance) + 1
            )
            for lower, upper in bounds
        }

    @property
    def something_is_empty(self) -> bool:
        """Whether a sum has no members: its summand, undefined or not, is never looked at."""
        return not all(self.members.values())

    def total(self, terms: Total, scope: Scope) -> arb:
        """The value of a sum of terms."""
        return sum((_number(q) * self.term(term, scope) for term, q in terms), arb(0))

    def term(self, term: Term, scope: Scope) -> arb:
        """The value of one term: its product, summed over its bound names."""
        binders, factors = term
        return sum(
            (self._product(factors, inner) for inner in self._scopes(binders, scope)), arb(0)
        )

    def _scopes(self, binders: tuple[tuple[str, Range], ...], scope: Scope) -> Iterator[Scope]:
        names = [name for name, _ in binders]
        for places in product(*(self.members[extent] for _, extent in binders)):
            yield {**scope, **dict(zip(names, places, strict=True))}

    def _product(self, factors: Factors, scope: Scope) -> arb:
        """Deltas first: beside one that is zero, what another factor excludes is not looked at."""
        if any(atom[0] == "d" and not self._same(atom, scope) for atom, _ in factors):
            return arb(0)
        result = arb(1)
        for atom, exponent in factors:
            result *= self._power(atom, exponent, scope)
        return result

    def _power(self, atom: Atom, exponent: Fraction, scope: Scope) -> arb:
        if atom[0] == "e":
            return (self.term(atom[1], scope) * _number(exponent)).exp()
        base = self._atom(atom, scope)
        assert exponent.denominator == 1
        return power(base, int(exponent))

    def _atom(self, atom: Atom, scope: Scope) -> arb:
        match atom:
            case ("x" | "f", name, indices):
                return self.instance.value((name, tuple(self._place(i, scope) for i in indices)))
            case ("s", name) if name in self.instance.sizes:
                return arb(self.instance.sizes[name])
            case ("s", name):
                return self.instance.value((name, ()))
            case ("d", *_):
                return arb(self._same(atom, scope))
            case ("p", terms):
                return self.total(terms, scope)
            case ("l", terms):
                return self.total(terms, scope).log()
        raise AssertionError(atom)

    def _same(self, delta: Atom, scope: Scope) -> bool:
        return self._place(delta[1], scope) == self._place(delta[2], scope)

    def _place(self, index: Index, scope: Scope) -> int:
        kind, name, *inner = index
        if kind == "n":
            return int(name)
        if kind == "v":
            return scope[name] if name in scope else self._free(name)
        key = (name, tuple(self._place(entry, scope) for entry in inner[0]))
        if key not in self.instance.words:
            raise Unlisted(f"{key} is not listed")
        return self.instance.words[key]

    def _free(self, name: str) -> int:
        if name not in self.free:
            raise Unbound(f"{name} is bound nowhere")
        return self.free[name]


def _number(value: Any) -> arb:
    return arb(fmpq(value.numerator, value.denominator))
