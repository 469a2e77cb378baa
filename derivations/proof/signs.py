"""Cases by sign (sign split), for all sizes: |z|, min, max and conditions on z become rational
once the sign of z is known.

The cases are those away from zero: a sign that was written is zero there, and what it is multiplied
by need not be. That case is looked at by the exact decision, at small sizes, see `field.py`.

The split is on each branching term, not on the letters in it. A term with an index that a sum
binds has a sign for each member of a set: it stays as it is, for others to argue about.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from itertools import combinations, product

from sympy import (
    Abs,
    Basic,
    Derivative,
    Expr,
    GreaterThan,
    Indexed,
    Integer,
    Max,
    Min,
    Mul,
    Piecewise,
    Product,
    StrictGreaterThan,
    StrictLessThan,
    Sum,
    exp,
)
from sympy.core.relational import LessThan, Relational
from sympy.logic.boolalg import BooleanFalse, BooleanTrue

from derivations.claim import Condition
from derivations.data_conditions import Positive
from derivations.definition import unfold
from derivations.differentiation import differentiated
from derivations.indices import Entries, Index
from derivations.proof.fragment import OutsideFragment
from derivations.proof.normal_form import difference
from derivations.proof.terms import Total
from derivations.real_functions import Signum

Signs = Mapping[Expr, int]
MOST_TERMS = 6


@dataclass(frozen=True)
class Case:
    """Both sides where the terms in ``signs`` have these signs, with derivatives taken.

    1 stands for zero and above, -1 for below zero.
    """

    left: Expr
    right: Expr
    signs: Signs = field(default_factory=dict)


def cases_by_sign(left: Expr, right: Expr, conditions: tuple[Condition, ...] = ()) -> list[Case]:
    """Both sides for every choice of signs for the terms that a branch depends on."""
    opened = (unfold(left), unfold(right))
    terms = {term for side in opened for term in _branching(side, frozenset())}
    if not terms:
        return [Case(differentiated(left), differentiated(right))]
    if len(terms) > MOST_TERMS:
        raise OutsideFragment(f"more than {MOST_TERMS} terms of unknown sign")
    found = []
    ordered = sorted(terms, key=str)
    above_zero = {each.of.name for each in conditions if isinstance(each, Positive)}
    for choice in product(*(_possible_signs(term, above_zero) for term in ordered)):
        signs = dict(zip(ordered, choice, strict=True))
        taken = [differentiated(_resolved(side, signs)) for side in opened]
        found.append(Case(taken[0], taken[1], signs))
    return found


def differences(
    left: Expr, right: Expr, cases: Sequence[Case], conditions: tuple[Condition, ...] = ()
) -> tuple[Total, ...]:
    """The normal form of the difference: as it stands, or in all its cases.

    Empty in each where the sides are equal for all sizes. As it stands, |z| is one more atom, also
    where z has a bound index. Raises OutsideFragment as `normal_form` does.
    """
    if len(cases) > 1:
        try:
            whole = difference(differentiated(left), differentiated(right), conditions)
            if not whole:
                return (whole,)
        except OutsideFragment:
            pass
    return tuple(difference(case.left, case.right, conditions) for case in cases)


def _possible_signs(term: Expr, above_zero: Set[str]) -> tuple[int, ...]:
    """The signs that a term may have: a size is not below zero, nor is a member from zero on."""
    data = term.base if isinstance(term, Indexed) else term
    if not isinstance(data, Index) and getattr(data, "name", "") in above_zero:
        return (1,)
    least = term.space.lower if isinstance(term, Index) else term
    return (1,) if least.is_nonnegative else (1, -1)


def _branching(node: Basic, bound: frozenset[Basic]) -> Iterator[Expr]:
    """The terms whose sign decides a branch, each without its sign and content."""
    if isinstance(node, Sum | Product):
        bound = bound | {limit[0] for limit in node.limits}
    if isinstance(node, Entries):
        bound = bound.union(node.indices)
    for term in _compared_with_zero(node):
        if bound.isdisjoint(term.free_symbols) and not term.is_number:
            yield term
    for part in node.args:
        yield from _branching(part, bound)


def _compared_with_zero(node: Basic) -> Iterator[Expr]:
    match node:
        case Abs() | Signum():
            yield from _odd_factors(node.args[0])[0]
        case Min() | Max():
            for one, other in combinations(node.args, 2):
                yield from _odd_factors(one - other)[0]
        case Relational():
            yield _canonical(node.args[0] - node.args[1])[0]


def _odd_factors(term: Expr) -> tuple[list[Expr], int]:
    """The factors that the sign of a product depends on, and the sign that was taken off them.

    Not for conditions: where one factor is zero, the signs of others do not make that of all.
    """
    sign, found = 1, []
    for factor in Mul.make_args(term):
        base, power = factor.as_base_exp()
        if isinstance(factor, exp):
            continue
        if not isinstance(power, Integer):
            base, power = factor, Integer(1)
        if base.is_number:
            sign *= -1 if base < 0 and power % 2 else 1
        elif power % 2:
            rest, taken_off = _canonical(base)
            found.append(rest)
            sign *= taken_off
    return found, sign


def _canonical(term: Expr) -> tuple[Expr, int]:
    """A term up to positive factors, and the sign that was taken off it."""
    content, rest = term.primitive()
    sign = 1 if content > 0 else -1
    return (-rest, -sign) if rest.could_extract_minus_sign() else (rest, sign)


def _resolved(node: Expr, signs: Signs) -> Expr:
    """The unfolded ``node`` on the branch that ``signs`` selects; unknown signs stay."""
    if not node.args or isinstance(node, Indexed):
        return node
    if isinstance(node, Derivative):
        return Derivative(_resolved(node.expr, signs), *node.variable_count, evaluate=False)
    if isinstance(node, Piecewise):
        return _branch(node, signs)
    arguments = [_resolved(argument, signs) for argument in node.args]
    if isinstance(node, Abs):
        sign = _sign_of_product(node.args[0], signs)
        return node if sign is None else sign * arguments[0]
    if isinstance(node, Signum):
        sign = _sign_of_product(node.args[0], signs)
        return node if sign is None else Integer(sign)
    if isinstance(node, Min | Max):
        return _extremum(node, arguments, signs)
    return node.func(*arguments)


def _extremum(node: Min | Max, arguments: list[Expr], signs: Signs) -> Expr:
    best = 0
    wanted = -1 if isinstance(node, Min) else 1
    for number in range(1, len(arguments)):
        sign = _sign_of_product(node.args[number] - node.args[best], signs)
        if sign is None:
            return node
        if sign == wanted:
            best = number
    return arguments[best]


def _branch(node: Piecewise, signs: Signs) -> Expr:
    for value, condition in node.args:
        holds = _holds(condition, signs)
        if holds is None:
            return node
        if holds:
            return _resolved(value, signs)
    raise OutsideFragment(f"no branch of {node} applies")


def _holds(condition: Basic, signs: Signs) -> bool | None:
    if isinstance(condition, BooleanTrue | BooleanFalse):
        return bool(condition)
    if not isinstance(condition, Relational):
        raise OutsideFragment(f"condition {condition}")
    sign = _sign(condition.args[0] - condition.args[1], signs)
    if isinstance(condition, GreaterThan):
        return None if sign is None else sign == 1
    if isinstance(condition, StrictLessThan):
        return None if sign is None else sign == -1
    if isinstance(condition, LessThan | StrictGreaterThan):
        raise OutsideFragment(f"condition {condition}: zero is on the side of the positive")
    raise OutsideFragment(f"condition {condition}")


def _sign(term: Expr, signs: Signs) -> int | None:
    """The sign of a term, as far as it is known; of a number, its own."""
    if term.is_number:
        return -1 if term < 0 else 1
    rest, taken_off = _canonical(term)
    known = signs.get(rest)
    return None if known is None else taken_off * known


def _sign_of_product(term: Expr, signs: Signs) -> int | None:
    """The sign of a term where it is not zero, as far as those of its factors are known."""
    factors, result = _odd_factors(term)
    for factor in factors:
        sign = _sign(factor, signs)
        if sign is None:
            return None
        result *= sign
    return result
