"""Conditions on numbers that are one of two: ``y_i = 1`` where y is declared in {0, 1}^n.

Such a condition holds where a number that is linear in y is one, and does not where it is zero:
``y`` for ``y = 1`` and ``1 - y`` for ``y = 0``; where the two are -1 and 1, ``(1 + y) / 2`` and
``(1 - y) / 2``. That is exact at both values, and there are no others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from derivations.language.data_conditions import OneOfTwo
from derivations.language.tree import (
    Entry,
    Negative,
    Number,
    Plus,
    Quotient,
    Reference,
    Term,
    Times,
    Variable,
)
from derivations.reader.elaborate.arithmetic import alike, constant_of
from derivations.reader.elaborate.environment import Environment, IllFormed, fitted, resolve
from derivations.reader.problem import Unreadable
from derivations.reader.syntax import Cases, Content, Node, Relation
from derivations.reader.written import written

ONE = Number(Fraction(1))
TWO = Number(Fraction(2))


@dataclass(frozen=True)
class Test:
    """A number that is one where it equals ``value``, of two that it can be, and zero where not."""

    of: Term
    value: int
    negated: bool
    signs: bool

    @property
    def term(self) -> Term:
        """What is one where it holds, else zero."""
        above = (self.value == 1) != self.negated
        if not self.signs:
            return self.of if above else Plus((ONE, Negative(self.of)))
        return Quotient(Plus((ONE, self.of if above else Negative(self.of))), TWO)


def tested(relation: Node, here: Environment) -> Test | None:
    """The test of ``y_i = 1`` or ``y \\\\ne 0``; None for what compares anything else."""
    if not isinstance(relation, Relation) or relation.signs not in (("=",), (r"\ne",)):
        return None
    try:
        left, right = (resolve(part, here) for part in relation.parts)
    except (IllFormed, Unreadable):
        return None
    if constant_of(left) is not None:
        left, right = right, left
    variable, value = _variable(left), constant_of(right)
    said = [each for each in here.scope.conditions if isinstance(each, OneOfTwo)]
    kinds = [each for each in said if variable is not None and each.of.name == variable.name]
    if not kinds or value is None:
        return None
    signs = bool(kinds[0].signs)
    if value not in ((-1, 1) if signs else (0, 1)):
        what, advice = "it never has this value", "compare it with one of its two values"
        raise Unreadable(relation.at, written(relation), what, advice)
    return Test(left, int(value), relation.signs != ("=",), signs)


def _variable(term: Term) -> Variable | None:
    """The variable that a number is, or is an entry of."""
    match term:
        case Reference(variable) if not term.shape:
            return variable
        case Entry(Reference(variable), _):
            return variable
    return None


def cases_of_two(node: Cases, here: Environment) -> Term | None:
    """Values for both that a number can be; None for cases by anything else."""
    tests = [_only_test(each, here) for each in node.conditions if each is not None]
    known = [each for each in tests if each is not None]
    if not known:
        return None
    rest = node.conditions[-1] is None
    values = {(each.value == 1) != each.negated for each in known}
    both = len(node.values) == 2 and len(known) + rest == 2 and len(values) == len(known)
    if not both or len({each.of for each in known}) > 1 or None in node.conditions[:-1]:
        what, advice = (
            "these are not both values that it can have",
            "write one case for each",
        )
        raise Unreadable(node.at, written(node), what, advice)
    first = known[0]
    other = Test(first.of, first.value, not first.negated, first.signs)
    one, two = alike([resolve(value, here) for value in node.values], node, here)
    return fitted(node, lambda: Plus((Times(first.term, one), Times(other.term, two))))


def _only_test(content: Content, here: Environment) -> Test | None:
    return tested(content.only, here) if content.only is not None else None


def times(tests: Sequence[Term], body: Term) -> Term:
    """A term times all of these numbers."""
    for each in reversed(tests):
        body = Times(each, body)
    return body
