"""Matching and rewriting of expressions, with indices that are bound renamed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import permutations

from sympy import Add, Basic, Expr, Indexed, IndexedBase, KroneckerDelta, Mul, S, Sum, Symbol

from codegen.kernel import Argmax, Equality
from derivations.indices import Index
from derivations.language.index_nodes import Defined, substitute, unfold

# Whether two named functions are one: by what they abbreviate, whatever they are called.
#
# The sigmoid that a document defines is the one that the stable forms are stated of.


def same_function(left: type[Basic], right: type[Basic]) -> bool:
    """Whether both are one class, or definitions with equal bodies over their parameters."""
    if left is right:
        return True
    if not (issubclass(left, Defined) and issubclass(right, Defined)):
        return False
    if (left, right) not in _SAME:
        _SAME[left, right] = _have_equal_bodies(left, right)
    return _SAME[left, right]


_SAME: dict[tuple[type[Defined], type[Defined]], bool] = {}  # once decided


def _have_equal_bodies(left: type[Defined], right: type[Defined]) -> bool:
    kinds = [[(p.assumptions0, getattr(p, "space", None)) for p in f.params] for f in (left, right)]
    if kinds[0] != kinds[1]:
        return False
    renamed = substitute(right.body, dict(zip(right.params, left.params, strict=True)))
    return bool(unfold(left.body) == unfold(renamed))


# Matching of expressions: a claim's left side is a pattern, its free symbols the variables.


Binding = Mapping[Symbol, Expr]
_COMMUTATIVE = (Add, Mul, KroneckerDelta)


def match(pattern: Expr, expression: Expr, variables: Collection[Symbol]) -> Binding | None:
    """Values of ``variables`` that make ``pattern`` the very tree of ``expression``, or None."""
    return next(matches(pattern, expression, variables, {}), None)


def match_part(
    pattern: Expr, expression: Expr, variables: Collection[Symbol]
) -> tuple[Binding, Expr, Expr] | None:
    """As `match`, but a sum also matches some of the terms of a sum, up to a number.

    Returns the binding, that number and the terms left over. SymPy multiplies numbers into
    sums, so 2 (p + q) is only ever met as 2 p + 2 q.
    """
    whole = match(pattern, expression, variables)
    if whole is not None:
        return whole, S.One, S.Zero
    if not (isinstance(pattern, Add) and isinstance(expression, Add)):
        return None
    wanted = [term.as_coeff_Mul() for term in pattern.args]
    for chosen in permutations(expression.args, len(wanted)):
        found = [term.as_coeff_Mul() for term in chosen]
        scales = {number / unit for (number, _), (unit, _) in zip(found, wanted, strict=True)}
        if len(scales) > 1:
            continue
        cores = ([core for _, core in wanted], [core for _, core in found])
        for binding in _all(*cores, variables, {}):
            rest = Add(*(term for term in expression.args if term not in chosen))
            return binding, scales.pop(), rest
    return None


def matches(
    pattern: Basic, expression: Basic, variables: Collection[Symbol], known: Binding
) -> Iterator[Binding]:
    """Every way to match, given what is already bound."""
    if isinstance(pattern, Symbol) and pattern in variables:
        if pattern in known:
            if known[pattern] == expression:
                yield known
        elif _may_stand_for(pattern, expression):
            yield {**known, pattern: expression}
    elif isinstance(pattern, Sum) and isinstance(expression, Sum):
        yield from _sums(pattern, expression, variables, known)
    elif not pattern.args or not pattern.free_symbols & set(variables):
        if pattern == expression:
            yield known
    elif isinstance(pattern, Indexed):
        if isinstance(expression, Indexed) and pattern.base == expression.base:
            yield from _all(pattern.indices, expression.indices, variables, known)
    elif same_function(pattern.func, expression.func):
        orders = (
            permutations(expression.args)
            if isinstance(pattern, _COMMUTATIVE)
            else (expression.args,)
        )
        for order in orders:
            yield from _all(pattern.args, order, variables, known)


def _all(
    patterns: Sequence[Basic],
    expressions: Sequence[Basic],
    variables: Collection[Symbol],
    known: Binding,
) -> Iterator[Binding]:
    if len(patterns) != len(expressions):
        return
    if not patterns:
        yield known
        return
    for binding in matches(patterns[0], expressions[0], variables, known):
        yield from _all(patterns[1:], expressions[1:], variables, binding)


def _sums(
    pattern: Sum, expression: Sum, variables: Collection[Symbol], known: Binding
) -> Iterator[Binding]:
    """Sums over the same bound indices; a value that mentions one of them would be captured."""
    if pattern.limits != expression.limits:
        return
    bound = {limit[0] for limit in pattern.limits}
    free = set(variables) - bound
    for binding in matches(pattern.function, expression.function, free, known):
        values = [binding[symbol] for symbol in free if symbol in binding]
        if not any(bound & value.free_symbols for value in values):
            yield binding


def _may_stand_for(variable: Symbol, expression: Basic) -> bool:
    """An index stands for a member of its set, any other symbol for any number."""
    if not isinstance(variable, Index):
        return not isinstance(expression, Index)
    if isinstance(expression, Index):
        return expression.space == variable.space
    if isinstance(expression, Indexed):
        return bool(expression.base.label.is_integer)
    return isinstance(expression, Argmax)


# Oriented rewriting by proved claims: a left side found is replaced by the right side.


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
