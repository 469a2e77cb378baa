"""The meaning of an index expression at concrete sizes, words and indices.

One interpreter serves every domain of values: the exact field, pairs with derivatives, certified
intervals. It reads expressions as they were typed, definitions folded and bound names as they
are: scoping is by environment, nothing is substituted, so it shares no step with the normal
form.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sympy import (
    Add,
    Basic,
    Derivative,
    Expr,
    Indexed,
    Integer,
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
from derivations.indices import WordArray
from derivations.opaque import Opaque, Partial
from derivations.proof.domain import Domain, Key, Scope
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
        return _case(type(node))(self, node, scope)

    def _rational(self, node: Rational, scope: Scope) -> Any:
        return self.domain.constant(Fraction(int(node.p), int(node.q)))

    def _integer(self, node: Integer, scope: Scope) -> Any:
        return self.domain.constant(int(node))

    def _parameter(self, node: Indexed, scope: Scope) -> Any:
        if isinstance(node.base, WordArray):
            raise OutsideFragment(f"the word {node} as a number")
        return self.domain.parameter((node.base.name, self.places(node.indices, scope)))

    def _delta_value(self, node: KroneckerDelta, scope: Scope) -> Any:
        return self.domain.constant(self._delta(node, scope))

    def _power(self, node: Pow, scope: Scope) -> Any:
        if not node.exp.is_Integer:
            return self._refused(node, scope)
        return self.domain.power(self._value(node.base, scope), int(node.exp))

    def _exp(self, node: exp, scope: Scope) -> Any:
        return self.domain.exp(self._value(node.args[0], scope))

    def _log(self, node: log, scope: Scope) -> Any:
        return self.domain.log(self._value(node.args[0], scope))

    def _opaque(self, node: Opaque, scope: Scope) -> Any:
        rows = {base.name: place for base, place in node.rows.items()}
        return self.domain.arbitrary(type(node).__name__, self.places(node.args, scope), rows)

    def _partial(self, node: Partial, scope: Scope) -> Any:
        name, *arguments = node.args
        return self.domain.arbitrary(str(name), self.places(arguments, scope), {})

    def _refused(self, node: Expr, scope: Scope) -> Any:
        raise OutsideFragment(f"{type(node).__name__}: {node}")

    def _addition(self, node: Add, scope: Scope) -> Any:
        result = self._value(node.args[0], scope)
        for part in node.args[1:]:
            result = self.domain.add(result, self._value(part, scope))
        return result

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
        """The slope; pairs of pairs for a derivative of a derivative."""
        domain = self.domain
        for by in reversed(node.variables):
            domain = Dual(domain, self._coordinate(by, scope))
        result = Interpreter(self.instance, domain)._value(node.expr, scope)
        for _ in node.variables:
            result = result.slope
        return result

    def _coordinate(self, by: Expr, scope: Scope) -> Key:
        if isinstance(by, Indexed):
            return by.base.name, self.places(by.indices, scope)
        return by.name, ()


How = Callable[[Interpreter, Any, Scope], Any]
CASES: tuple[tuple[type, How], ...] = (
    (Mul, Interpreter._product),
    (Add, Interpreter._addition),
    (Pow, Interpreter._power),
    (Integer, Interpreter._integer),
    (Rational, Interpreter._rational),
    (Indexed, Interpreter._parameter),
    (Sum, Interpreter._sum),
    (KroneckerDelta, Interpreter._delta_value),
    (exp, Interpreter._exp),
    (log, Interpreter._log),
    (Symbol, Interpreter._symbol),
    (Defined, Interpreter._defined),
    (Derivative, Interpreter._derivative),
    (Opaque, Interpreter._opaque),
    (Partial, Interpreter._partial),
)


_FOUND: dict[type, How] = {}


def _case(kind: type) -> How:
    """How a node of this type is evaluated; looked up once for each type."""
    if kind not in _FOUND:
        cases = (how for known, how in CASES if issubclass(kind, known))
        _FOUND[kind] = next(cases, Interpreter._refused)
    return _FOUND[kind]
