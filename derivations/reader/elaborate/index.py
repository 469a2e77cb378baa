"""What a node means where a member of an index set is expected."""

from __future__ import annotations

from sympy import Expr, Integer

from derivations.indices import IndexSet
from derivations.reader import syntax
from derivations.reader.elaborate.number import Here, IllTyped, ill_typed
from derivations.reader.elaborate.spelling import letter_of
from derivations.reader.meaning import WordList
from derivations.reader.problem import Unreadable
from derivations.reader.syntax import Content, Leaf, Node, Script, Terms
from derivations.reader.written import written


def subscripts(content: Content) -> list[Node]:
    """The single subscripts of ``_{wi}`` and ``_{w,i}``."""
    parts: list[Node] = []
    for item in content.items:
        if isinstance(item, syntax.Product) and not any(item.joins):
            parts.extend(item.factors)
        else:
            parts.append(item)
    return parts


def index_in(node: Node, space: IndexSet, here: Here, whole: Node) -> Expr:
    """The member of ``space`` that a node names; IllTyped where it names something else."""
    found = index_of(node, here)
    if isinstance(found, Integer):
        return _numbered(node, found, space, here, whole)
    if found is None:
        raise ill_typed(whole, written(node), f"a member of {said(space)}")
    index, own = found
    if own == space:
        return index
    stand_in = here.scope.stand_ins.get(own)
    if stand_in is not None and stand_in.words.space == space:
        return stand_in.words[index]
    raise ill_typed(whole, f"{written(node)} in {said(own)}", f"a member of {said(space)}")


def said(space: IndexSet) -> str:
    """An index set by its name and its bounds."""
    bounds = f"{space.lower}..{space.upper}"
    return bounds if space.name == bounds else f"{space.name} = {bounds}"


def index_of(node: Node, here: Here) -> tuple[Expr, IndexSet] | Integer | None:
    """An index with its set, or the number that stands there, or None for anything else."""
    if isinstance(node, Leaf) and node.kind == "NUMBER" and "." not in node.text:
        return Integer(int(node.text))
    if isinstance(node, Leaf | syntax.Accented) or letter_of(node):
        index = here.scope.letter(letter_of(node) or written(node))
        return None if index is None else (index, index.space)
    if isinstance(node, Script) and node.sub is not None and not node.sup and not node.primes:
        return _listed(node, here)
    return None


def _listed(node: Script, here: Here) -> tuple[Expr, IndexSet] | None:
    """An entry of a list of labels; which list, the subscript tells."""
    assert node.sub is not None
    lists = here.scope.lists.get(written(node.base), ())
    problems: list[IllTyped] = []
    for words in lists:
        try:
            place = _place(node.sub, words, here, node)
        except IllTyped as error:
            problems.append(error)
            continue
        if place is not None:
            return words.words[place], words.words.space
    if problems:
        raise problems[0]
    return None


def _place(sub: Content, words: WordList, here: Here, node: Script) -> Expr | None:
    """The place within a list: ``k``, or ``j`` in ``t+j``; None where it is another list's."""
    inside = sub.only
    if inside is None:
        return None
    if not words.origin:
        return None if _mentions(inside, here) else index_in(inside, words.places, here, node)
    if isinstance(inside, Leaf) and inside.text == words.origin:
        return Integer(0)
    if not isinstance(inside, Terms) or len(inside.parts) != 2:
        return None
    first, second = inside.parts
    if not isinstance(first, Leaf) or first.text != words.origin:
        return None
    if inside.signs != ("+", "+"):
        advice = f"write {words.origin}+j with j in {said(words.places)}"
        raise Unreadable(node.at, written(node), "this place of the list is not read", advice)
    return index_in(second, words.places, here, node)


def _mentions(node: Node, here: Here) -> bool:
    """Whether the subscript counts from an origin: then it is not for a plain list."""
    origins = {each.origin for lists in here.scope.lists.values() for each in lists} - {""}
    if isinstance(node, Terms):
        return isinstance(node.parts[0], Leaf) and node.parts[0].text in origins
    return isinstance(node, Leaf) and node.text in origins


def _numbered(node: Node, value: Integer, space: IndexSet, here: Here, whole: Node) -> Expr:
    """A member by its number: only one that is there at every size."""
    if (space.inhabited and value == space.lower) or (space.symmetric and value == 0):
        return value
    if isinstance(space.lower, Integer) and value < space.lower:
        raise ill_typed(whole, written(node), f"a member of {said(space)}")
    raise Unreadable(
        node.at,
        written(node),
        f"{said(space)} need not have this member",
        "use a letter that stands for any member",
    )
