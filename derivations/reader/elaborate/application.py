"""A name of a function, and what it is applied to."""

from __future__ import annotations

from derivations.reader.array import Array
from derivations.reader.elaborate import reach
from derivations.reader.elaborate.call import bare, call, elementary
from derivations.reader.elaborate.factors import Factors
from derivations.reader.elaborate.names import picked, superscripted
from derivations.reader.elaborate.number import Here
from derivations.reader.meaning import Function, Thing
from derivations.reader.problem import Unreadable
from derivations.reader.syntax import Content, Group, Node, Product, Script
from derivations.reader.written import written


def applied(
    function: Function | str, factors: Factors, whole: Node, here: Here
) -> tuple[Array, int, int]:
    """The value, how many factors it takes, and as how many it counts below a slash."""
    node = factors.nodes[0]
    if factors.adjacent:
        following = factors.nodes[1]
        inner = following.base if isinstance(following, Script) else following
        if isinstance(inner, Group) and inner.bracket in ("(", "[", r"\{"):
            application = Product(node.at, (node, inner), ("",))
            value = call(function, node, inner.content, application, here)
            if function == "softmax" and isinstance(node, Script) and node.sub is not None:
                value = picked(Thing((), value), node, here)
            if isinstance(following, Script):
                value = _with_scripts(value, following, function, here)
            return value, 2, 1
    if isinstance(function, Function):
        if isinstance(node, Script) and (node.primes or node.sup):
            raise Unreadable(node.at, written(node), "of what?", "give it an argument")
        return bare(function, node, here), 1, 1
    return _without_brackets(function, factors, whole, here)


def _with_scripts(value: Array, node: Script, name: Function | str, here: Here) -> Array:
    if node.primes:
        raise Unreadable(node.at, written(node), "a prime behind an application")
    if node.sub is not None:
        value = picked(Thing((), value), node, here)
    if node.sup is not None and name == "log":
        here.note(f"\\log{written(node)} is read as a power of the logarithm")
    return superscripted(value, node, here)


def _without_brackets(
    name: str, factors: Factors, whole: Node, here: Here
) -> tuple[Array, int, int]:
    """``\\exp u^T v``: over what stands side by side behind it, up to the next such sign."""
    node, rest = factors.nodes[0], factors.after(1)
    if isinstance(node, Script):
        advice = f"write (\\{name}(...)) with the power outside"
        raise Unreadable(node.at, written(node), "a script on a function", advice)
    if not factors.adjacent:
        raise Unreadable(node.at, written(node), "of what?", "put its argument in parentheses")
    here = here.under(node)  # nothing else bounds \\log \\log \\log ... z
    count = reach.of_function(name, rest, whole, here)
    inside = rest.first(count).node
    value = elementary(name, Content(inside.at, (inside,)), whole, here)
    return value, count + 1, 1 if reach.alone(rest.first(count), here) else 2
