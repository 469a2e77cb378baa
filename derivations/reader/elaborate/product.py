"""Factors side by side: what is applied to what, how far each sign reaches, then the product."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from derivations.array import Array
from derivations.reader.elaborate import derivative, shape
from derivations.reader.elaborate.call import bare, call, elementary, function_of
from derivations.reader.elaborate.indicator import indicators
from derivations.reader.elaborate.names import atom, picked, superscripted
from derivations.reader.elaborate.number import Here, number
from derivations.reader.elaborate.sums import summation
from derivations.reader.meaning import Function, Thing
from derivations.reader.problem import Unreadable
from derivations.reader.syntax import Accented, Content, Group, Leaf, Node, Product, Script
from derivations.reader.written import written


@dataclass(frozen=True)
class Factors:
    """What is left of a product."""

    nodes: tuple[Node, ...]
    joins: tuple[str, ...]

    def after(self, count: int) -> Factors:
        """Without the first ``count`` factors."""
        return Factors(self.nodes[count:], self.joins[count:])

    @property
    def node(self) -> Node:
        """As a node again."""
        if len(self.nodes) == 1:
            return self.nodes[0]
        return Product(self.nodes[0].at, self.nodes, self.joins)

    @property
    def adjacent(self) -> bool:
        """Whether there is a second factor, right behind the first."""
        return len(self.nodes) > 1 and not self.joins[0]


Reach = Callable[[Node, Factors, Node, Here], Array]


@number.register
def _product(node: Product, here: Here) -> Array:
    slashed = derivative.slashed(node, here)
    if slashed is not None:
        inside, by = slashed
        return derivative.differentiated(number(inside, here.under(node)), by, node, here)
    return _of(Factors(node.factors, node.joins), node, here)


@number.register(Leaf)
@number.register(Script)
@number.register(Accented)
def _single(node: Node, here: Here) -> Array:
    return _of(Factors((node,), ()), node, here)


def _of(factors: Factors, whole: Node, here: Here) -> Array:
    """The product, loosest signs last: what stands side by side belongs together."""
    runs: list[Array] = []
    joins: list[str] = []
    lengths: list[int] = []
    while factors.nodes:
        value, used, reaches = _next(factors, whole, here)
        if runs and not joins[-1]:
            runs[-1] = shape.times(runs[-1], value, whole)
            joins.pop()
            lengths[-1] += 1
        else:
            runs.append(value)
            lengths.append(1 + reaches)
        if used < len(factors.nodes):
            joins.append(factors.joins[used - 1])
        factors = factors.after(used)
    return _joined(runs, joins, lengths, whole, here)


def _joined(
    runs: list[Array], joins: list[str], lengths: list[int], whole: Node, here: Here
) -> Array:
    value = runs[0]
    for join, run, length in zip(joins, runs[1:], lengths[1:], strict=True):
        if join == "/":
            if length > 1:
                advice = "write \\frac{..}{..}, or parentheses"
                raise Unreadable(whole.at, written(whole), "what is below the slash?", advice)
            value = shape.over(value, run, whole)
        elif join == r"\cdot":
            value = shape.dot(value, run, whole)
        elif join == r"\odot":
            value = shape.entrywise(value, run, whole)
        else:
            if join == ".":
                here.note(f"the . in {written(whole)} is read as a product")
            value = shape.times(value, run, whole)
    return value


def _next(factors: Factors, whole: Node, here: Here) -> tuple[Array, int, bool]:
    """The first operand, how many factors it takes, and whether it reached over several."""
    node = factors.nodes[0]
    base = node.base if isinstance(node, Script) else node
    if isinstance(base, Leaf) and base.kind == "SUM":
        return _reaching(_sum, factors, whole, here)
    if derivative.operator(node, here) is not None:
        return _reaching(_differentiated, factors, whole, here)
    if isinstance(base, Leaf) and base.kind == "INDICATOR":
        return _indicator(node, factors, here)
    function = function_of(node, here)
    if function is not None:
        return _application(function, factors, whole, here)
    return atom(node, here), 1, False


def _reaching(how: Reach, factors: Factors, whole: Node, here: Here) -> tuple[Array, int, bool]:
    """A sign that reaches over all that follows it."""
    rest = factors.after(1)
    if not rest.nodes:
        raise Unreadable(whole.at, written(factors.nodes[0]), "of what?", "its operand is missing")
    return how(factors.nodes[0], rest, whole, here), len(factors.nodes), len(rest.nodes) > 1


def _sum(sign: Node, rest: Factors, whole: Node, here: Here) -> Array:
    over, inside = summation(sign, here)
    return over.of(_of(rest, rest.node, inside))


def _differentiated(sign: Node, rest: Factors, whole: Node, here: Here) -> Array:
    by = derivative.operator(sign, here)
    assert by is not None
    value = _of(rest, rest.node, here.under(sign))
    if len(rest.nodes) > 2 or (len(rest.nodes) == 2 and not isinstance(rest.nodes[1], Group)):
        here.note(f"{written(sign)} is read to reach over {written(rest.node)}")
    return derivative.differentiated(value, by, whole, here)


def _indicator(node: Node, factors: Factors, here: Here) -> tuple[Array, int, bool]:
    if isinstance(node, Script) and node.sub is not None:
        return superscripted(indicators(node.sub, here), node, here), 1, False
    if factors.adjacent and isinstance(factors.nodes[1], Group):
        return indicators(factors.nodes[1].content, here), 2, False
    raise Unreadable(node.at, written(node), "an indicator of what?", "write \\mathbb{1}_{w = o}")


def _application(
    function: Function | str, factors: Factors, whole: Node, here: Here
) -> tuple[Array, int, bool]:
    node = factors.nodes[0]
    if factors.adjacent:
        following = factors.nodes[1]
        inner = following.base if isinstance(following, Script) else following
        if isinstance(inner, Group) and inner.bracket in ("(", "[", r"\{"):
            applied = Product(node.at, (node, inner), ("",))
            value = call(function, node, inner.content, applied, here)
            if isinstance(following, Script):
                value = _with_scripts(value, following, here)
            return value, 2, False
    if isinstance(function, Function):
        if isinstance(node, Script) and (node.primes or node.sup):
            raise Unreadable(node.at, written(node), "of what?", "give it an argument")
        return bare(function, node, here), 1, False
    return _without_brackets(function, factors, whole, here)


def _with_scripts(value: Array, node: Script, here: Here) -> Array:
    if node.primes:
        raise Unreadable(node.at, written(node), "a prime behind an application")
    if node.sub is not None:
        value = picked(Thing((), value), node, here)
    return superscripted(value, node, here)


def _without_brackets(
    name: str, factors: Factors, whole: Node, here: Here
) -> tuple[Array, int, bool]:
    """``\\exp u^T v``: over what stands side by side behind it, up to the next such sign."""
    node, rest = factors.nodes[0], factors.after(1)
    if isinstance(node, Script):
        advice = f"write (\\{name}(...)) with the power outside"
        raise Unreadable(node.at, written(node), "a power of a function", advice)
    reach = _reach(rest, here) if factors.adjacent else 0
    if not reach:
        raise Unreadable(node.at, written(node), "of what?", "put its argument in parentheses")
    if reach < len(rest.nodes) and rest.joins[reach - 1] in ("/", r"\cdot", "."):
        advice = "put its argument in parentheses"
        raise Unreadable(node.at, written(whole), f"how far does \\{name} reach?", advice)
    inside = Factors(rest.nodes[:reach], rest.joins[: reach - 1]).node
    if reach > 1 and function_of(rest.nodes[0], here) is None:
        here.note(f"\\{name} without parentheses is read to reach over {written(inside)}")
    return elementary(name, Content(inside.at, (inside,)), whole, here), reach + 1, True


def _reach(rest: Factors, here: Here) -> int:
    count = 0
    while count < len(rest.nodes):
        node = rest.nodes[count]
        function = function_of(node, here)
        if count and (function is not None or _is_sum(node)):
            break
        count += 1
        is_call = function is not None and count < len(rest.nodes) and not rest.joins[count - 1]
        if is_call and isinstance(rest.nodes[count], Group):
            count += 1
        elif count < len(rest.nodes) and isinstance(rest.nodes[count], Group):
            advice = "put its argument in parentheses"
            raise Unreadable(rest.nodes[count].at, "(", "does the function reach this far?", advice)
        if count < len(rest.nodes) and rest.joins[count - 1]:
            break
    return count


def _is_sum(node: Node) -> bool:
    base = node.base if isinstance(node, Script) else node
    return isinstance(base, Leaf) and base.kind == "SUM"
