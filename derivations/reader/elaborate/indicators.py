"""Indicators: one where comparisons of indices, or inequalities between numbers, hold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from derivations.language.functions import ABOVE, NOT_BELOW
from derivations.language.tree import (
    Apply,
    Comparison,
    IndexNumber,
    IndexVariable,
    Indicator,
    Negative,
    Number,
    Plus,
    Sum,
    Term,
    Times,
    Zeros,
)
from derivations.reader.elaborate.arithmetic import alike
from derivations.reader.elaborate.environment import (
    Environment,
    fitted,
    ill_formed,
    resolve,
    scalar,
    shape_of,
)
from derivations.reader.elaborate.indexing import (
    ORDERS,
    TURNED,
    comparison,
    is_order,
    is_whole,
    ordered_bounds,
    unordered,
)
from derivations.reader.elaborate.spelling import letter_of
from derivations.reader.elaborate.two_values import tested
from derivations.reader.problem import Unreadable
from derivations.reader.syntax import Content, Group, Relation
from derivations.reader.written import written

ONE = Number(Fraction(1))


def indicator(content: Content, here: Environment) -> Term:
    """One where the comparisons hold, else zero."""
    only = content.only
    if isinstance(only, Group):
        return indicator(only.content, here)
    if isinstance(only, Relation) and is_order(only):
        return _in_order(only, here)
    if any(isinstance(item, Relation) and is_order(item) for item in content.items):
        tests = [
            _in_order(item, here)
            if isinstance(item, Relation) and is_order(item)
            else Indicator((comparison(item, here),))
            for item in content.items
        ]
        return all_hold(tests)
    tests = [test.term for item in content.items if (test := tested(item, here)) is not None]
    if tests:
        rest = [item for item in content.items if tested(item, here) is None]
        others = [Indicator((comparison(item, here),)) for item in rest]
        return all_hold([*tests, *others])
    return Indicator(tuple(_comparisons(content, here)))


def _comparisons(content: Content, here: Environment) -> Iterator[Comparison]:
    """The comparisons of an indicator, braces around them or not."""
    if not content.items:
        raise ill_formed(content, "an indicator", "nothing to indicate")
    for item in content.items:
        if isinstance(item, Group):
            yield from _comparisons(item.content, here)
        else:
            yield comparison(item, here)


def _in_order(relation: Relation, here: Environment) -> Term:
    """One where ``i < j``, else zero; an inequality between numbers where they are no letters."""
    letters = [here.scope.letter(letter_of(part)) for part in relation.parts]
    if not all(letters):
        entries = _of_entries(relation, here)
        if entries is not None:
            return entries
        return all_hold([test for _, _, test in inequalities(relation, here)])
    left, right = letters[0], letters[1]
    if len(letters) != 2 or left is None or right is None or left.space != right.space:
        what = "an order of two letters of one range is expected"
        advice = "write \\mathbb{1}\\{i < j\\}"
        raise Unreadable(relation.at, written(relation), what, advice)
    if left.space.labels:
        raise unordered(relation, left.space)
    lower, upper = ordered_bounds(TURNED[relation.signs[0]], IndexNumber(left))
    over = IndexVariable(right.space, right.name, right.latex)
    return Sum(over, Indicator((Comparison(over, right),)), lower, upper)


def _of_entries(relation: Relation, here: Environment) -> Term | None:
    """``\\mathbb{1}[h > 0]`` of a vector or matrix: that of each entry; None for numbers."""
    if len(relation.parts) != 2:
        return None
    sides = [resolve(part, here) for part in relation.parts]
    if not any(side.shape for side in sides):
        return None
    here.mention(f"the indicator of {written(relation)} is read entry by entry")
    left, right = alike(sides, relation, replace(here, by_entries=True))
    if left.shape != right.shape:
        raise ill_formed(relation, f"shape {shape_of(left)}", f"shape {shape_of(right)}")
    sign = relation.signs[0]
    return fitted(relation, lambda: test(sign, left, right))


# Inequalities between numbers --------------------------------------------------------------------


def inequalities(relation: Relation, here: Environment) -> Iterator[tuple[str, Term, Term]]:
    """The pairs of a chain ``a < b \\le c``: sign, left side less right one, and its test."""
    numbers = [scalar(part, here, "an inequality") for part in relation.parts]
    if all(is_whole(number, members=True) for number in numbers):
        what = "an order of two letters of one range is expected"
        advice = "give the sum bounds made of sizes, or write \\mathbb{1}\\{i < j\\}"
        raise Unreadable(relation.at, written(relation), what, advice)
    for left, sign, right in zip(numbers, relation.signs, numbers[1:], strict=False):
        if sign not in (*ORDERS, "=", r"\ne"):
            what, advice = "this relation of numbers is not read", r"read are <, \le, > and \ge"
            raise Unreadable(relation.at, written(relation), what, advice)
        yield sign, less(left, right), test(sign, left, right)


def less(left: Term, right: Term) -> Term:
    """The left side less the right one."""
    if _is_zero(right) or isinstance(right, Zeros):
        return left
    return (
        Negative(right)
        if _is_zero(left) or isinstance(left, Zeros)
        else Plus((left, Negative(right)))
    )


def test(sign: str, left: Term, right: Term) -> Term:
    """One where the inequality holds, else zero."""
    match sign:
        case ">":
            return Apply(ABOVE, less(left, right))
        case r"\ge":
            return Apply(NOT_BELOW, less(left, right))
        case "<" | r"\le":
            return test(TURNED[sign], right, left)
        case "=":
            return Times(test(r"\ge", left, right), test(r"\ge", right, left))
    return Plus((ONE, Negative(test("=", left, right))))


def all_hold(tests: list[Term]) -> Term:
    """One where all tests are one."""
    result = tests[0]
    for each in tests[1:]:
        result = Times(result, each)
    return result


def _is_zero(term: Term) -> bool:
    return isinstance(term, Number) and term.value == 0
