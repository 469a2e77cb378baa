"""What the differentials of a statement vary: the variables that have a d right before them.

``dL = \\operatorname{tr}(G^\\top dX)`` is about L along any direction dX, all else held fixed. So a
statement is read where its first side begins with a d, and some variable has one. Where d is a
size, that d must stand before an array without a blank: ``n dX`` is no way to write a product.
What varies in one statement varies in those behind it as well.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from derivations.language.tree import (
    Entry,
    Reference,
    Row,
    Size,
    Slice,
    Target,
    Term,
    Transpose,
)
from derivations.reader.elaborate.differentials.directions import along_all
from derivations.reader.elaborate.environment import Environment, IllFormed, resolve
from derivations.reader.problem import Question, Unreadable
from derivations.reader.scope import Scope
from derivations.reader.syntax import (
    Accented,
    Fraction,
    Group,
    Leaf,
    Node,
    Product,
    Script,
    Terms,
    inner,
)
from derivations.reader.written import written


def with_differentials(trees: Sequence[Node], scope: Scope) -> Scope:
    """The scope in which the sides of a statement are read, where it is about differentials."""
    if scope.moved or scope.unsure_of_d:
        scope = replace(scope, moved=(), unsure_of_d=False)
    if not trees or not _begins(trees[0]) or not _may_be(scope):
        return scope
    found: dict[Target, bool] = {}
    for tree in trees:
        for sign, node in _varied(tree):
            named = isinstance(node, Leaf | Script | Accented)
            target = target_in(node, scope) if named else None
            if target is not None:
                glued = sign.style == "DIFFERENTIAL" or (
                    node.at.line == sign.at.line and node.at.column == sign.at.column + 1
                )
                found[target] = found.get(target, False) or (glued and bool(target.shape))
    if _is_size(scope) and not any(found.values()):
        return replace(scope, unsure_of_d=bool(found))
    every = tuple(dict.fromkeys((*scope.moved_before, *found))) if found else ()
    return replace(scope, moved=every, moved_before=every or scope.moved_before)


def is_differential(node: Node, here: Environment) -> bool:
    """Whether this is the d of a differential."""
    return bool(here.scope.moved) and isinstance(node, Leaf) and _is_sign(node)


def differential(node: Node, whole: Node, here: Environment) -> Term:
    """The differential of what stands behind a d."""
    names = ", ".join(dict.fromkeys(_name(each) for each in here.scope.moved))
    here.mention(f"d is read as a differential, along any direction of {names}; all else is fixed")
    what = f"is d a differential, in which {names} varies and nothing else?"
    here.question(Question(whole.at, written(whole), what, "write the derivative"))
    return along_all(resolve(node, here.inside(node)), here.scope.moved)


def _name(target: Target) -> str:
    inside = target if isinstance(target, Reference | Slice) else target.of
    return inside.variable.name if isinstance(inside, Reference | Slice) else ""


def _is_sign(node: Leaf) -> bool:
    return node.text == "d" and node.kind in ("LETTER", "WORD", "DIFFERENTIAL")


def _may_be(scope: Scope) -> bool:
    return _is_size(scope) or not any("d" in known for known in scope.declared)


def _is_size(scope: Scope) -> bool:
    known = scope.things.get("d")
    return known is not None and isinstance(known.body, Size)


def _begins(node: Node) -> bool:
    """Whether a side begins with a d and something behind it."""
    if isinstance(node, Terms):
        return _begins(node.parts[0])
    if isinstance(node, Group) and node.content.only is not None:
        return _begins(node.content.only)
    if not isinstance(node, Product) or "/" in node.joins or node.joins[0]:
        return False
    return isinstance(node.factors[0], Leaf) and _is_sign(node.factors[0])


def _varied(node: Node) -> Iterator[tuple[Leaf, Node]]:
    """Each d with the name behind it, but those of derivatives."""
    if (
        isinstance(node, Fraction)
        and _begins_with_sign(node.over)
        and _begins_with_sign(node.under)
    ):
        return
    if isinstance(node, Product):
        for sign, following, join in zip(node.factors, node.factors[1:], node.joins, strict=False):
            if isinstance(sign, Leaf) and _is_sign(sign) and not join:
                yield sign, following
    for part in inner(node):
        yield from _varied(part)


def _begins_with_sign(node: Node) -> bool:
    first = node.factors[0] if isinstance(node, Product) else node
    return isinstance(first, Leaf) and _is_sign(first)


def target_in(node: Node, scope: Scope) -> Target | None:
    """The variable that a node is, transposed or not; None where it is none."""
    try:
        value = resolve(node, Environment(scope))
    except (IllFormed, Unreadable):
        return None
    value = value.of if isinstance(value, Transpose) else value
    match value:
        case Reference() | Slice() | Row(of=Reference()) | Entry(of=Reference() | Slice()):
            return value
    return None
