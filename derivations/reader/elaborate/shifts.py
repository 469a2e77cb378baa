"""A letter shifted by a whole number, or put to one, in a syntax tree; and names so many on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace

from derivations.reader.elaborate.spelling import letter_of, raised_name
from derivations.reader.syntax import (
    Content,
    Group,
    Leaf,
    Node,
    Product,
    Script,
    Terms,
    inner,
    rebuilt,
)

PLUS, MINUS = "+", "-"


@dataclass(frozen=True)
class Written:
    """A name with a letter and a whole number below it, or in parentheses above: ``h_{t-1}``.

    Where there is no letter, ``by`` is the number itself. ``name`` is that without, ``whole`` with
    what stands there; ``at`` is the node.
    """

    name: str
    letter: str
    by: int
    whole: str
    at: Node


def named_in(node: Node) -> Iterator[Written]:
    """The names with a letter or number below or above them, in reading order."""
    if isinstance(node, Script) and not node.primes:
        found = _member(node)
        if found is not None:
            yield found
    for part in inner(node):
        yield from named_in(part)


def _member(node: Script) -> Written | None:
    below = node.sub.only if node.sub is not None else None
    name, whole = raised_name(node.base), raised_name(Script(node.at, node.base, node.sub))
    if node.sub is None and node.sup is not None:
        above = node.sup.only
        if not isinstance(above, Group) or above.bracket != "(":
            return None
        below, whole = above.content.only, raised_name(node)
    counted = _counted(below) if below is not None else None
    return None if counted is None else Written(name, *counted, whole, node)


def entries_apart(node: Node, letters: Mapping[str, str]) -> Node:
    """The same with entries of members of families written in two steps: ``(h_t)_k`` of h_{t,k}.

    ``letters`` has the names of these families, each with the letter for its members.
    """

    def is_member(letter: str, at: Node | None) -> bool:
        counted = _counted(at) if at is not None else None
        return counted is not None and counted[0] in ("", letter)

    def apart(each: Node) -> Node:
        letter = letters.get(raised_name(each.base)) if isinstance(each, Script) else None
        if not isinstance(each, Script) or letter is None or not each.sub:
            return each
        first, *rest = each.sub.items
        above = each.sup.only if each.sup is not None else None
        if rest and is_member(letter, first):
            member = Script(each.at, each.base, Content(each.sub.at, (first,)))
            below = Content(each.sub.at, tuple(rest), each.sub.separators[1:])
            raised = each.sup
        elif _in_brackets(above) is not None and is_member(letter, _in_brackets(above)):
            member = Script(each.at, each.base, None, each.sup)
            below, raised = each.sub, None
        else:
            return each
        inside = Group(each.at, "(", Content(each.at, (member,)))
        return Script(each.at, inside, below, raised, each.primes)

    return rebuilt(node, apart)


def _in_brackets(above: Node | None) -> Node | None:
    """The ``t`` of ``(t)``."""
    return above.content.only if isinstance(above, Group) and above.bracket == "(" else None


def _counted(node: Node) -> tuple[str, int] | None:
    """The letter and the number of ``t - 1``, ``t`` and ``1``."""
    terms = zip(node.signs, node.parts, strict=True) if isinstance(node, Terms) else [("+", node)]
    letter, by = "", 0
    for sign, part in terms:
        if letter_of(part):
            if letter or sign != PLUS:
                return None
            letter = letter_of(part)
        elif _is_whole(part):
            assert isinstance(part, Leaf)
            by += int(part.text) if sign == PLUS else -int(part.text)
        else:
            return None
    return letter, by


def _is_whole(node: Node) -> bool:
    return isinstance(node, Leaf) and node.kind == "NUMBER" and node.text.isdigit()


def shifted(node: Node, letter: str, by: int) -> Node:
    """The same with so many more than a letter in its place."""
    return node if not by else _put(node, letter, letter, by)


def moved(node: Node, letter: str, other: str, by: int = 0) -> Node:
    """The same with so many more than another letter, or a size, in the place of a letter."""
    return _put(node, letter, other, by)


def at_number(node: Node, letter: str, number: int) -> Node:
    """The same with a number in the place of a letter."""
    return _put(node, letter, "", number)


def _put(node: Node, letter: str, other: str, by: int) -> Node:
    if isinstance(node, Leaf) and letter_of(node) == letter:
        return _sum(node, other, by)
    if isinstance(node, Script) and not (node.sub or node.sup) and letter_of(node) == letter:
        return _sum(node, other, by)
    changed: dict[str, object] = {}
    for each in fields(node):
        value = getattr(node, each.name)
        new = _within(value, letter, other, by)
        if new is not value:
            changed[each.name] = new
    if isinstance(node, Script) and node.sub is not None and letter_of(node.base) == letter:
        changed.pop("base", None)  # a name of its own
    if not changed:
        return node
    found = replace(node, **changed)  # type: ignore[arg-type]  # each keeps its kind
    match found:
        case Terms():
            return _added_up(found)
        case Product(factors=factors):
            return replace(found, factors=tuple(map(_in_parentheses, factors)))
        case Script(base=base):
            return replace(found, base=_in_parentheses(base))
    return found


def _in_parentheses(node: Node) -> Node:
    """A sum in parentheses; anything else as it is."""
    return Group(node.at, "(", Content(node.at, (node,))) if isinstance(node, Terms) else node


def _within(value: object, letter: str, other: str, by: int) -> object:
    """The same of what a node is made of."""
    if isinstance(value, Node):
        return _put(value, letter, other, by)
    if isinstance(value, tuple):
        new = tuple(_within(each, letter, other, by) for each in value)
        return value if all(a is b for a, b in zip(value, new, strict=True)) else new
    return value


def _sum(at: Node, letter: str, by: int) -> Node:
    if not letter:
        number = Leaf(at.at, "NUMBER", str(abs(by)))
        return number if by >= 0 else Terms(at.at, (MINUS,), (number,))
    mine = Leaf(at.at, "LETTER", letter)
    if not by:
        return mine
    sign = PLUS if by > 0 else MINUS
    return Terms(at.at, (PLUS, sign), (mine, Leaf(at.at, "NUMBER", str(abs(by)))))


def _added_up(terms: Terms) -> Node:
    """Terms without sums among them, their whole numbers added up."""
    flat: list[tuple[str, Node]] = []
    for sign, part in zip(terms.signs, terms.parts, strict=True):
        inside = (
            zip(part.signs, part.parts, strict=True) if isinstance(part, Terms) else [(PLUS, part)]
        )
        flat += [(PLUS if sign == one else MINUS, each) for one, each in inside]
    number = sum(
        (1 if sign == PLUS else -1) * int(part.text)
        for sign, part in flat
        if isinstance(part, Leaf) and _is_whole(part)
    )
    others = [(sign, part) for sign, part in flat if not _is_whole(part)]
    if number or not others:
        sign = PLUS if number >= 0 else MINUS
        others.append((sign, Leaf(terms.at, "NUMBER", str(abs(number)))))
    if len(others) == 1 and others[0][0] == PLUS:
        return others[0][1]
    return Terms(terms.at, tuple(sign for sign, _ in others), tuple(part for _, part in others))
