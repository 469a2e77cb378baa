"""What stands below and above a sum: the letters that it binds, and their bounds."""

from __future__ import annotations

from derivations.reader.elaborate.spelling import letter_of, plain
from derivations.reader.problem import Place
from derivations.reader.propose.index_letters import Range
from derivations.reader.syntax import Content, Group, Leaf, Node, Relation, Terms


def bound_letter(piece: Node) -> str:
    """The letter that a piece below a sum binds; empty for a restriction of another one."""
    return bound(piece, None)[0]


def bound(piece: Node, above: Content | None) -> tuple[str, Range | None]:
    name = letter_of(piece)
    if name:
        return name, None
    if not isinstance(piece, Relation):
        return "", None
    first, second, *rest = piece.parts
    if len(rest) == 1 and piece.signs == (r"\le", r"\le"):
        return letter_of(second), _bounds(first, rest[0], piece.at)
    name = letter_of(first)
    if not name or rest:
        return "", None
    if piece.signs == (r"\in",):
        if isinstance(second, Group) and len(second.content.items) > 2:
            return name, _bounds(second.content.items[0], second.content.items[-1], piece.at)
        return name, Range(_name(second), "", "", piece.at) if _name(second) else None
    if piece.signs == ("=",) and above is not None:
        return name, _bounds(second, above.only, piece.at)
    return (name, None) if piece.signs in ((r"\ne",), ("=",)) else ("", None)


def _bounds(lower: Node, upper: Node | None, at: Place) -> Range | None:
    """Bounds of which a declaration can be made: names and whole numbers.

    A sum that begins at 2 or later is one over a part of what begins at 1.
    """
    low, high = _end(lower), _end(upper)
    low = "1" if low.isdigit() and int(low) > 1 else low
    return Range("", low, high, at) if low and high else None


def _end(node: Node | None) -> str:
    sign = ""
    if isinstance(node, Terms) and node.signs == ("-",):
        sign, node = "-", node.parts[0]
    if isinstance(node, Leaf) and node.kind in ("LETTER", "NUMBER") and node.text.isalnum():
        return sign + node.text
    return ""


def _name(node: Node) -> str:
    """The name of a set; empty for what is none."""
    name = plain(Content(node.at, (node,)))
    return name if name.isalpha() else ""
