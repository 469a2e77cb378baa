"""Index sets by name or by their ends, and the bounds of sums."""

from __future__ import annotations

from sympy import Add, Expr, Integer, KroneckerDelta, Mul, Sum, Symbol

from derivations.definition import unfold
from derivations.indices import Index, IndexSet
from derivations.reader import syntax
from derivations.reader.elaborate.number import Here, scalar
from derivations.reader.problem import Unreadable
from derivations.reader.syntax import Leaf, Node
from derivations.reader.written import written


def space_named(node: Node, here: Here) -> IndexSet:
    """The index set that a name, or ``\\{1, ..., K\\}``, stands for."""
    space = here.scope.sets.get(written(node).replace(r"\mathrm{", "").replace("}", ""))
    if space is not None:
        return space
    ends = _ends(node)
    if ends is not None:
        lower = bound_of(ends[0], here) if ends[0] is not None else Integer(1)
        found = with_bounds(lower, bound_of(ends[1], here), here)
        if len(found) == 1:
            return found[0]
    known = ", ".join(here.scope.sets)
    raise Unreadable(node.at, written(node), "no index set has this name", f"known are {known}")


def _ends(node: Node) -> tuple[Node | None, Node] | None:
    """The ends of ``\\{1, ..., K\\}`` or ``\\{1, 2, ..., K\\}``; only the last of ``[K]``."""
    if not isinstance(node, syntax.Group):
        return None
    items = node.content.items
    if node.bracket == "[" and len(items) == 1:
        return None, items[0]
    if node.bracket != r"\{" or not is_run(items):
        return None
    return items[0], items[-1]


def is_run(items: tuple[Node, ...]) -> bool:
    """Whether this is written ``first, ..., last`` or ``first, second, ..., last``."""
    if len(items) not in (3, 4) or not (isinstance(items[-2], Leaf) and items[-2].kind == "DOTS"):
        return False
    return len(items) == 3 or (written(items[0]), written(items[1])) == ("1", "2")


def bound_of(node: Node, here: Here) -> Expr:
    """The bound of a sum that a node says: a size, a whole number, or a count."""
    entry = scalar(node, here, "a bound of a sum").entry
    if not _is_whole(unfold(entry)):
        raise Unreadable(node.at, written(node), "a bound is a size or a whole number")
    return entry


def _is_whole(entry: Expr) -> bool:
    """Whether the value is a whole number: made of sizes, numbers and counts."""
    if isinstance(entry, Symbol):
        return bool(entry.is_integer) and not isinstance(entry, Index)
    if isinstance(entry, Sum):
        return _is_whole(entry.function)
    if isinstance(entry, Add | Mul):
        return all(map(_is_whole, entry.args))
    return isinstance(entry, KroneckerDelta | Integer)


def with_bounds(lower: Expr, upper: Expr, here: Here) -> list[IndexSet]:
    """The declared index sets with these bounds."""
    return [space for space in here.scope.spaces() if (space.lower, space.upper) == (lower, upper)]
