"""Conditions: relations between indices that a line is claimed under."""

from __future__ import annotations

from derivations.claim import Condition, Distinct, Equal, NotAmong, Unequal
from derivations.reader.elaborate.call import function_of
from derivations.reader.elaborate.index import index_in
from derivations.reader.elaborate.indicator import pair
from derivations.reader.elaborate.number import Here, IllTyped
from derivations.reader.elaborate.ranges import is_run
from derivations.reader.meaning import WordList
from derivations.reader.problem import Unreadable
from derivations.reader.syntax import Content, Group, Node, Product, Relation, Script, Terms
from derivations.reader.written import written


def conditions(relations: list[Relation], here: Here) -> tuple[Condition, ...]:
    """What the relations say; one that can never fail is left out with a note."""
    found: list[Condition] = []
    for relation in relations:
        try:
            condition = _condition(relation, here)
        except IllTyped as error:
            raise Unreadable(relation.at, written(relation), _said(error)) from None
        if condition is not None and condition not in found:
            found.append(condition)
    return tuple(found)


def _condition(relation: Relation, here: Here) -> Condition | None:
    if len(relation.parts) != 2:
        raise Unreadable(relation.at, written(relation), "write each condition by itself")
    left, right = relation.parts
    (sign,) = relation.signs
    if sign == r"\notin":
        words = _all_of(right, here)
        return NotAmong(index_in(left, words.words.space, here, relation), words.words)
    if sign not in ("=", r"\ne"):
        advice = r"read are =, \ne and \notin"
        raise Unreadable(relation.at, sign, "this condition is not read", advice)
    try:
        one, other = pair(left, right, relation, here)
    except IllTyped as error:
        if sign == "=":
            raise
        what = _said(error)
        here.note(f"the condition {written(relation)} excludes nothing: {what}")
        return None
    return Equal(one, other) if sign == "=" else Unequal(one, other)


def _said(error: IllTyped) -> str:
    return f"{error.misfit.left} is not {error.misfit.right}"


def _all_of(node: Node, here: Here) -> WordList:
    """The list whose entries ``\\{w_1, ..., w_K\\}`` lists."""
    items = node.content.items if isinstance(node, Group) else (node,)
    return listed(items, node, here)


def listed(items: tuple[Node, ...], whole: Node, here: Here) -> WordList:
    """The list whose entries ``w_1, ..., w_K`` are, all of them."""
    bases = {written(item.base) for item in items if isinstance(item, Script)}
    if len(bases) == 1:
        (base,) = bases
        lists = here.scope.lists.get(base, ())
        fitting = [words for words in lists if _spans(words, items)]
        if len(fitting) == 1:
            return fitting[0]
    known = ", ".join(here.scope.lists)
    raise Unreadable(whole.at, written(whole), "no list has these entries", f"lists: {known}")


def _spans(words: WordList, items: tuple[Node, ...]) -> bool:
    """Whether the items go from the first place of the list to its last."""
    subs = [item.sub for item in items if isinstance(item, Script) and item.sub]
    places = tuple(sub.only for sub in subs if sub.only is not None)
    if len(places) != len(items) - 1 or not is_run((*places[:-1], items[-2], places[-1])):
        return False
    first, last = written(places[0]), written(places[-1])
    lower, upper = str(words.places.lower), str(words.places.upper)
    if words.origin:
        return (first, last) == (f"{words.origin} - {upper}", f"{words.origin} + {upper}")
    return (first, last) == (lower, upper)


def distinct(words: WordList) -> Condition:
    """No label twice in the list."""
    return Distinct(words.words)


def alone(content: Content) -> list[Relation]:
    """The relations of a content that holds nothing else."""
    found = [item for item in content.items if isinstance(item, Relation)]
    if len(found) != len(content.items) or not found:
        raise Unreadable(content.at, written(content), "a condition such as w \\ne o is expected")
    return found


def trailing(node: Node, here: Here) -> tuple[Node, list[Relation]]:
    """A side without the conditions in parentheses at its end, and these conditions."""
    if isinstance(node, Terms):
        last, found = trailing(node.parts[-1], here)
        if not found:
            return node, []
        return Terms(node.at, node.signs, (*node.parts[:-1], last)), found
    if not isinstance(node, Product):
        return node, []
    last_factor = node.factors[-1]
    if not isinstance(last_factor, Group) or last_factor.bracket != "(" or node.joins[-1]:
        return node, []
    items = last_factor.content.items
    relations = [item for item in items if isinstance(item, Relation)]
    rest = node.factors[:-1]
    if not relations or len(relations) != len(items) or function_of(rest[-1], here):
        return node, []
    return (rest[0] if len(rest) == 1 else Product(node.at, rest, node.joins[:-1])), relations
