"""What belongs together among the factors of a product, and the places a term stands in."""

from __future__ import annotations

from dataclasses import dataclass

from derivations.edits.make import product
from derivations.edits.setting import Setting, is_derivative, is_sum
from derivations.edits.spots import Spot
from derivations.reader.syntax import Content, Fraction, Group, Leaf, Node, Product, Script, Terms


@dataclass(frozen=True)
class Unit:
    """The factors from ``start`` to ``stop``: one factor, or a function with its argument."""

    whole: Product
    start: int
    stop: int

    @property
    def factors(self) -> tuple[Node, ...]:
        """Its factors."""
        return self.whole.factors[self.start : self.stop]

    @property
    def node(self) -> Node:
        """The unit by itself."""
        return product(self.factors, self.whole.joins[self.start : self.stop - 1])

    @property
    def argument(self) -> Node | None:
        """The one argument, where it is a function with one in brackets."""
        last = self.factors[-1]
        if len(self.factors) != 2 or not isinstance(last, Group):
            return None
        return last.content.only

    def with_argument(self, argument: Node) -> Node:
        """The whole product, the function applied to something else."""
        name, group = self.factors
        assert isinstance(group, Group)
        inside = Content(group.content.at, (argument,))
        return self.replaced(name, Group(group.at, group.bracket, inside))

    def replaced(self, *nodes: Node) -> Node:
        """The whole product with other factors in the place of the unit."""
        before, after = self.whole.factors[: self.start], self.whole.factors[self.stop :]
        joins = self.whole.joins
        inner = ("",) * (len(nodes) - 1)
        return product(
            (*before, *nodes, *after), (*joins[: self.start], *inner, *joins[self.stop - 1 :])
        )

    def dropped(self) -> Node | None:
        """The whole product without the unit; None where nothing is left to stand alone."""
        before, after = self.whole.factors[: self.start], self.whole.factors[self.stop :]
        if not before and not after:
            return None
        if self.stop == len(self.whole.factors):
            joins = self.whole.joins[: max(self.start - 1, 0)]
        else:
            joins = (*self.whole.joins[: self.start], *self.whole.joins[self.stop :])
        return product((*before, *after), joins)


def units(node: Node, setting: Setting) -> list[Unit]:
    """The units of a product; none for the sign of a derivative and for other nodes."""
    if not isinstance(node, Product):
        return []
    found: list[Unit] = []
    at = 0
    while at < len(node.factors):
        stop = _stop(node, at, setting)
        found.append(Unit(node, at, stop))
        at = stop
    return [] if any(map(_is_partial, node.factors)) else found


def _is_partial(node: Node) -> bool:
    return isinstance(node, Leaf) and node.kind == "PARTIAL"


def _stop(node: Product, at: int, setting: Setting) -> int:
    function = setting.function(node.factors[at])
    if function is None or at + 1 == len(node.factors) or node.joins[at]:
        return at + 1
    following = node.factors[at + 1]
    inner = following.base if isinstance(following, Script) else following
    if isinstance(inner, Group):
        return at + 2
    if not isinstance(function, str):
        return at + 1
    stop = at + 2
    while stop < len(node.factors) and not node.joins[stop - 1]:
        if setting.function(node.factors[stop]) is not None or is_sum(node.factors[stop]):
            break
        stop += 1
    return stop


def is_sign(unit: Unit) -> bool:
    """Whether a unit is a sum sign or the sign of a derivative."""
    return is_sum(unit.factors[0]) or is_derivative(unit.factors[0])


def is_term(spot: Spot) -> bool:
    """Whether a whole term stands here: a side, one of several terms, or above or below a bar."""
    if isinstance(spot.node, Terms | Content) or any(map(_has_signs, spot.above)):
        return False
    return spot.parent is None or isinstance(spot.parent, Terms | Fraction)


def _has_signs(node: Node) -> bool:
    return is_derivative(node) or isinstance(node, Script)
