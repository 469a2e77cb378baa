"""Oriented rewriting by proved claims: a left side found is replaced by the right side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sympy import Add, Expr, IndexedBase, Mul, Sum, Symbol

from codegen.equality import Equality
from codegen.match import match_part
from derivations.language.index_nodes import substitute

_ENOUGH = 20


class Rewrites:
    """Claims as rules from left to right; every free symbol of a claim is a variable.

    ``choices`` gives the value of a variable that only the right side has: the claim holds for
    all of them, so any choice is sound. A rule that was never used is found by `unused`.
    """

    def __init__(self, claims: Iterable[Equality], choices: Mapping[Symbol, Expr]) -> None:
        self.claims = tuple(claims)
        self.choices = choices
        self.used: set[str] = set()
        for claim in self.claims:
            if claim.conditions:
                raise ValueError(f"{claim.id} holds under conditions, so it is no rewrite")

    def apply(self, expression: Expr) -> Expr:
        """``expression`` with the first rule that fits its root applied, until none fits."""
        for _ in range(_ENOUGH):
            rewritten = self._once(expression)
            if rewritten is None:
                return expression
            expression = rewritten
        raise ValueError(f"the rewrites do not come to an end: {expression}")

    def everywhere(self, expression: Expr) -> Expr:
        """`apply` at every node, the definitions left folded."""
        if isinstance(expression, Sum):
            expression = expression.func(self.everywhere(expression.function), *expression.limits)
        elif isinstance(expression, Add | Mul):
            expression = expression.func(*map(self.everywhere, expression.args))
        return self.apply(expression)

    def unused(self) -> list[str]:
        """The ids of the claims that nothing was rewritten by."""
        return [claim.id for claim in self.claims if claim.id not in self.used]

    def _once(self, expression: Expr) -> Expr | None:
        for claim in self.claims:
            left, right = claim.left, claim.right
            found = match_part(left, expression, variables(left))
            if found is None:
                continue
            binding, scale, rest = found
            self.used.add(claim.id)
            chosen = {
                symbol: substitute(self.choices[symbol], binding)
                for symbol in variables(right) - variables(left)
            }
            return scale * substitute(right, {**binding, **chosen}) + rest
        return None


def variables(expression: Expr) -> set[Symbol]:
    """The free symbols that stand for words, indices and numbers: not the families' names."""
    names = {base.label for base in expression.atoms(IndexedBase)}
    return {symbol for symbol in expression.free_symbols if symbol not in names}
