"""Differentials as directional derivatives, ``df`` along ``dX``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from derivations.language.traversal import free_in
from derivations.language.tree import (
    Derivative,
    Entry,
    IndexVariable,
    InnerProduct,
    MatrixProduct,
    Negative,
    Plus,
    Reference,
    Row,
    Size,
    Slice,
    Table,
    Target,
    Term,
    Times,
    Transpose,
    Variable,
    Zeros,
    variable_of,
)
from derivations.reader.elaborate.constructs import DIFFERENTIAL_SIGN
from derivations.reader.elaborate.environment import Environment, IllFormed, resolve
from derivations.reader.scope import Scope
from derivations.reader.source import Question, Unreadable
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
    written,
)

# Derivatives along a direction: of f along dX, the sum of the entries of f's gradient times dX's.
#
# ``d f`` of a text is this, for any direction: dX is a matrix of the shape of X of which nothing
# is assumed. The derivative is linear in it, so that an equality holds in every direction just
# where it holds of all its coefficients.


@lru_cache(maxsize=512)
def direction(target: Target) -> Term:
    """A free direction of the shape of what is varied."""
    of = variable_of(target)
    return Reference(Variable(target.shape, f"d{of.name}", f"d{of.latex or of.name}"))


def along(term: Term, moved: Mapping[Target, Term]) -> Term:
    """The derivative of a number along directions of some variables."""
    found: list[Term] = []
    for target, there in moved.items():
        slope = Derivative(term, target)
        if not slope.shape:
            found.append(Times(slope, there))
        else:
            found.append(InnerProduct(slope, there))
    return found[0] if len(found) == 1 else Plus(tuple(found))


def _along_all(term: Term, targets: tuple[Target, ...]) -> Term:
    """The derivative of a number or an array along free directions of these variables."""
    moved = {each: direction(each) for each in targets}
    if isinstance(term, Transpose):
        return Transpose(_along_all(term.of, targets))
    if isinstance(term, Reference | Entry | Row | Slice) and term in moved:
        return moved[term]
    if term.shape and not any(variable_of(each) in free_in(term).variables for each in targets):
        return Zeros(term.shape)
    match term:
        case Plus(summands) if term.shape:
            return Plus(tuple(_along_all(each, targets) for each in summands))
        case Negative(inside) if term.shape:
            return Negative(_along_all(inside, targets))
        case MatrixProduct(left, right) if term.shape:
            first = MatrixProduct(_along_all(left, targets), right)
            return Plus((first, MatrixProduct(left, _along_all(right, targets))))
    if not term.shape:
        return along(term, moved)
    row, column = (IndexVariable(axis, "") if axis is not None else None for axis in term.shape)
    members = tuple(each for each in (row, column) if each is not None)
    return Table((row, column), along(Entry(term, members), moved))


# What the differentials of a statement vary: the variables that have a d right before them.
#
# ``dL = \operatorname{tr}(G^\top dX)`` is about L along any direction dX, all else held fixed. So a
# statement is read where its first side begins with a d, and some variable has one. Where d is a
# size, that d must stand before an array without a blank: ``n dX`` is no way to write a product.
# What varies in one statement varies in those behind it as well.


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
    return _along_all(resolve(node, here.inside(node)), here.scope.moved)


def _name(target: Target) -> str:
    inside = target if isinstance(target, Reference | Slice) else target.of
    return inside.variable.name if isinstance(inside, Reference | Slice) else ""


def _is_sign(node: Leaf) -> bool:
    return node.text == DIFFERENTIAL_SIGN and node.kind in ("LETTER", "WORD", "DIFFERENTIAL")


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
