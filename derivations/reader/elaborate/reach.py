"""How far a sign without brackets reaches over the factors behind it.

A sum reaches to the end of its term. A derivative and a function reach over what stands side by
side behind them; where people disagree about that, it is refused.
"""

from __future__ import annotations

from derivations.reader.elaborate.call import function_of
from derivations.reader.elaborate.factors import Factors
from derivations.reader.elaborate.number import Here
from derivations.reader.problem import Unreadable
from derivations.reader.syntax import Group, Leaf, Node, Script
from derivations.reader.written import written

_PARENTHESES = "put its argument in parentheses"


def is_sum(node: Node) -> bool:
    """Whether a factor is a sum sign."""
    base = node.base if isinstance(node, Script) else node
    return isinstance(base, Leaf) and base.kind == "SUM"


def unit(rest: Factors, here: Here) -> int:
    """How many factors the first operand takes: a sum all of them, an application two."""
    node = rest.nodes[0]
    if is_sum(node):
        return len(rest.nodes)
    function = function_of(node, here)
    if function is not None and _bracket_follows(rest):
        return 2
    if isinstance(function, str) and rest.adjacent:
        return 1 + unit(rest.after(1), here)
    base = node.base if isinstance(node, Script) else node
    indicator = isinstance(base, Leaf) and base.kind == "INDICATOR"
    return 2 if indicator and _bracket_follows(rest) else 1


def alone(rest: Factors, here: Here) -> bool:
    """Whether this is a single operand, behind sum signs or not."""
    while len(rest.nodes) > 1 and is_sum(rest.nodes[0]):
        rest = rest.after(1)
    return unit(rest, here) == len(rest.nodes)


def of_derivative(sign: Node, rest: Factors, here: Here) -> None:
    """Refuse an operand of which it cannot be told where it ends; note a product."""
    count = unit(rest, here)
    if count == len(rest.nodes):
        return
    closed = count == 2 or isinstance(_base(rest.nodes[0]), Group)
    if closed or any(rest.joins):
        advice = "put what it is taken of, or the whole derivative, in parentheses"
        what = "how far does the derivative reach?"
        raise Unreadable(rest.nodes[0].at, written(rest.node), what, advice)
    here.note(f"{written(sign)} is read to reach over {written(rest.node)}")


def of_function(name: str, rest: Factors, whole: Node, here: Here) -> int:
    """How many factors ``\\log`` reaches over."""
    reach = _reach(rest, here)
    joins = rest.joins if is_sum(rest.nodes[0]) else rest.joins[reach - 1 : reach]
    if "/" in joins or (any(joins) and not is_sum(rest.nodes[0])):
        what = f"how far does \\{name} reach?"
        raise Unreadable(rest.nodes[0].at, written(whole), what, _PARENTHESES)
    if not alone(rest.first(reach), here):
        inside = written(rest.first(reach).node)
        here.note(f"\\{name} without parentheses is read to reach over {inside}")
    return reach


def _reach(rest: Factors, here: Here) -> int:
    count = unit(rest, here)
    if count > 1 and count < len(rest.nodes) and not rest.joins[count - 1]:
        _require_end(rest.nodes[count], here)
        return count
    while count < len(rest.nodes) and not rest.joins[count - 1]:
        node = rest.nodes[count]
        if _begins_another(node, here):
            break
        called = function_of(node, here) is not None and _bracket_follows(rest.after(count))
        if called or isinstance(_base(node), Group):
            what = "does the function reach this far?"
            raise Unreadable(node.at, written(node), what, _PARENTHESES)
        count += 1
    return count


def _require_end(node: Node, here: Here) -> None:
    if not _begins_another(node, here):
        raise Unreadable(node.at, written(node), "does the function reach this far?", _PARENTHESES)


def _begins_another(node: Node, here: Here) -> bool:
    """Whether a sum or an elementary function begins here: the one before ends."""
    return is_sum(node) or isinstance(function_of(node, here), str)


def _base(node: Node) -> Node:
    return node.base if isinstance(node, Script) else node


def _bracket_follows(rest: Factors) -> bool:
    if not rest.adjacent:
        return False
    inner = _base(rest.nodes[1])
    return isinstance(inner, Group) and inner.bracket in ("(", "[", r"\{")
