"""Cases: values under conditions that exclude one another and leave nothing out."""

from __future__ import annotations

from itertools import combinations

from derivations.language import tree
from derivations.language.tree import Comparison, Number, Numbered, Offset, Term
from derivations.reader.elaborate.arithmetic import alike
from derivations.reader.elaborate.by_size import cases_by_size, compares_numbers
from derivations.reader.elaborate.environment import Environment, fitted, resolve
from derivations.reader.elaborate.indexing import comparison
from derivations.reader.elaborate.two_values import cases_of_two
from derivations.reader.problem import Unreadable
from derivations.reader.syntax import Cases
from derivations.reader.syntax import Content, Relation
from derivations.reader.written import written

Said = tuple[Comparison, ...]


@resolve.register
def _cases(node: Cases, here: Environment) -> Term:
    """One value for each case; the last one is what is left."""
    if len(node.values) < 2:
        raise Unreadable(node.at, written(node), "a single case", "write its value alone")
    if compares_numbers(node):
        return cases_by_size(node, here)
    of_two = cases_of_two(node, here)
    if of_two is not None:
        return of_two
    said = [_said(each, here) for each in node.conditions if each is not None]
    if None in node.conditions[:-1]:
        raise Unreadable(node.at, written(node), "a case behind all others", "write it last")
    told_apart = said if node.conditions[-1] is None else said[:-1]
    if node.conditions[-1] is not None and not _is_rest(said[-1], told_apart):
        advice = r"end with & \text{otherwise}"
        raise Unreadable(node.at, written(node), "what is it in all other cases?", advice)
    for one, other in combinations(told_apart, 2):
        if not any(_exclude(a, b) for a in one for b in other):
            advice = "say which case holds there, as in i = j, i \\ne k"
            raise Unreadable(node.at, written(node), "what is it where two cases meet?", advice)
    values = alike([resolve(value, here) for value in node.values], node, here)
    return fitted(node, lambda: tree.Cases(tuple(told_apart), values))


def _said(content: Content, here: Environment) -> Said:
    for item in content.items:
        if isinstance(item, Relation) and not {*item.signs} <= {"=", r"\ne"}:
            what = "cases by what is compared so"
            advice = "read are = and \\ne between indices, and inequalities between numbers"
            raise Unreadable(item.at, written(item), what, advice)
    return tuple(comparison(item, here) for item in content.items)


def _is_rest(last: Said, before: list[Said]) -> bool:
    """Whether the last case is where none of those before it holds."""
    if any(len(each) != 1 for each in before):
        return False
    needed = [each for (each,) in before]
    return len(last) == len(needed) and all(
        any(_contradict(one, other) for other in last) for one in needed
    )


def _contradict(one: Comparison, other: Comparison) -> bool:
    """Whether one is the negation of the other."""
    same = (one.left, one.right) in ((other.left, other.right), (other.right, other.left))
    return same and one.negated != other.negated


def _exclude(one: Comparison, other: Comparison) -> bool:
    """Whether both can never hold: a contradiction, or one letter that equals two numbers."""
    if _contradict(one, other):
        return True
    if one.negated or other.negated:
        return False
    pairs = [
        (a, b)
        for a, shared in ((one.left, one.right), (one.right, one.left))
        for b, again in ((other.left, other.right), (other.right, other.left))
        if shared == again
    ]
    return any(_differ(a, b) for a, b in pairs)


def _differ(one: object, other: object) -> bool:
    match one, other:
        case Numbered(a), Numbered(b):
            return a != b
        case Offset(of, Number(a)), Offset(again, Number(b)):
            return of == again and a != b
        case Offset(of, Number(a)), _:
            return of == other and a != 0
        case _, Offset(of, Number(a)):
            return of == one and a != 0
    return False
