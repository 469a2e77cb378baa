"""The meaning of an index expression at concrete sizes, words and indices.

One interpreter serves every domain of values: the exact field, pairs with derivatives, certified
intervals. It reads expressions as they were typed, definitions folded and bound names as they
are: scoping is by environment, nothing is substituted, so it shares no step with the normal
form.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sympy import (
    Add,
    Basic,
    Derivative,
    Expr,
    Indexed,
    KroneckerDelta,
    Mul,
    Pow,
    Rational,
    Sum,
    Symbol,
    exp,
    log,
)

from derivations.definition import Defined
from derivations.opaque import Opaque, Partial
from derivations.proof.domain import Domain, Scope
from derivations.proof.dual import Dual
from derivations.proof.fragment import OutsideFragment
from derivations.proof.places import Instance, Places, linear_in_deltas


@dataclass(frozen=True)
class Thunk:
    """An argument of a definition, together with the scope it was written in."""

    node: Expr
    scope: Scope


class Interpreter(Places):
    """Evaluates at one instance in one domain."""

    def __init__(self, instance: Instance, domain: Domain) -> None:
        super().__init__(instance)
        self.domain = domain
        self.known: dict[tuple[Basic, tuple[int, ...]], Any] = {}

    def value(self, node: Expr, scope: Scope | None = None) -> Any:
        """The value of ``node`` in the domain."""
        return self._value(node, scope or {})

    def _value(self, node: Expr, scope: Scope) -> Any:
        domain = self.domain
        if isinstance(node, Mul):
            return self._product(node, scope)
        if isinstance(node, Indexed):
            return domain.parameter((node.base.name, self.places(node.indices, scope)))
        if isinstance(node, Sum):
            return self._sum(node, scope)
        if isinstance(node, Rational):
            return domain.constant(Fraction(int(node.p), int(node.q)))
        if isinstance(node, Add):
            parts = [self._value(part, scope) for part in node.args]
            result = parts[0]
            for part in parts[1:]:
                result = domain.add(result, part)
            return result
        if isinstance(node, KroneckerDelta):
            return domain.constant(self._delta(node, scope))
        if isinstance(node, Pow) and node.exp.is_Integer:
            return domain.power(self._value(node.base, scope), int(node.exp))
        if isinstance(node, exp):
            return domain.exp(self._value(node.args[0], scope))
        if isinstance(node, log):
            return domain.log(self._value(node.args[0], scope))
        if isinstance(node, Symbol):
            return self._symbol(node, scope)
        if isinstance(node, Defined):
            return self._defined(node, scope)
        if isinstance(node, Derivative):
            return self._derivative(node, scope)
        if isinstance(node, Opaque):
            rows = {base.name: place for base, place in node.rows.items()}
            return domain.arbitrary(type(node).__name__, self.places(node.args, scope), rows)
        if isinstance(node, Partial):
            name, *arguments = node.args
            return domain.arbitrary(str(name), self.places(arguments, scope), {})
        raise OutsideFragment(f"{type(node).__name__}: {node}")

    def _product(self, node: Mul, scope: Scope) -> Any:
        """Deltas first: a factor of zero ends the product before anything else is read."""
        if any(self._vanishes(part, scope) for part in node.args):
            return self.domain.constant(0)
        result = self._value(node.args[0], scope)
        for part in node.args[1:]:
            result = self.domain.multiply(result, self._value(part, scope))
        return result

    def _vanishes(self, node: Expr, scope: Scope) -> bool:
        return linear_in_deltas(node, lambda delta: self._delta(delta, scope)) == 0

    def _delta(self, node: KroneckerDelta, scope: Scope) -> int:
        left, right = self.places(node.args, scope)
        return int(left == right)

    def _sum(self, node: Sum, scope: Scope) -> Any:
        result = self.domain.constant(0)
        for inner in self.scopes(node, len(node.limits) - 1, scope):
            result = self.domain.add(result, self._value(node.function, inner))
        return result

    def _symbol(self, node: Symbol, scope: Scope) -> Any:
        bound = scope.get(node)
        if isinstance(bound, Thunk):
            return self._value(bound.node, bound.scope)
        if bound is not None or node.is_integer:
            return self.domain.constant(self.place(node, scope))
        return self.domain.parameter((node.name, ()))

    def _defined(self, node: Defined, scope: Scope) -> Any:
        """The body's value; its scope is its parameters and nothing else."""
        if not all(parameter.is_integer for parameter in node.params):
            pairs = zip(node.params, node.args, strict=True)
            entered = {
                p: self.place(argument, scope) if p.is_integer else Thunk(argument, scope)
                for p, argument in pairs
            }
            return self._value(node.body, entered)
        key = (node.func, self.places(node.args, scope))
        if key not in self.known:
            self.known[key] = self._value(node.body, dict(zip(node.params, key[1], strict=True)))
        return self.known[key]

    def _derivative(self, node: Derivative, scope: Scope) -> Any:
        (by,) = node.variables
        key = (
            (by.base.name, self.places(by.indices, scope))
            if isinstance(by, Indexed)
            else (by.name, ())
        )
        return Interpreter(self.instance, Dual(self.domain, key))._value(node.expr, scope).slope
