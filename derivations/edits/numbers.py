"""Numbers, squares and complements."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from derivations.edits.make import bracketed, letter, product, raised, terms
from derivations.edits.operator import Change
from derivations.edits.setting import Setting, is_below, is_sum
from derivations.edits.spots import Spot
from derivations.edits.units import is_sign, is_term, units
from derivations.reader.syntax import Fraction, Group, Leaf, Script, Terms
from derivations.reader.written import written


def changed(spot: Spot, setting: Setting) -> Iterator[Change]:
    """``1`` as ``2`` and as ``0``, but not in bounds of sums."""
    node = spot.node
    if not isinstance(node, Leaf) or node.kind != "NUMBER" or any(map(is_sum, spot.above)):
        return
    for value in (int(node.text) + 1, int(node.text) - 1):
        if value >= 0:
            yield f"{value} for {node.text}", letter(str(value))


def doubled(spot: Spot, setting: Setting) -> Iterator[Change]:
    """``a`` as ``2 a``."""
    if is_term(spot) and not isinstance(spot.node, Leaf):
        yield f"2 times {written(spot.node)}", product((letter("2"), spot.node))


def square_dropped(spot: Spot, setting: Setting) -> Iterator[Change]:
    """``a^2`` as ``a``."""
    node = spot.node
    if isinstance(node, Script) and node.sup and written(node.sup) == "2":
        bare = replace(node, sup=None) if node.sub else node.base
        yield f"the square dropped from {written(node)}", bare


def square_added(spot: Spot, setting: Setting) -> Iterator[Change]:
    """``a`` as ``a^2``, for brackets that are no arguments and for denominators."""
    node = spot.node
    if isinstance(spot.parent, Fraction) and node is spot.parent.under:
        if not isinstance(node, Leaf) and not is_below(spot.above):
            yield f"{written(node)} squared", raised(node, letter("2"))
        return
    for unit in units(node, setting):
        first, last = unit.factors[0], unit.factors[-1]
        if isinstance(first, Group) or (unit.argument is not None and not is_sign(unit)):
            square = raised(last, letter("2"))
            yield f"{written(unit.node)} squared", unit.replaced(*unit.factors[:-1], square)


def complement_dropped(spot: Spot, setting: Setting) -> Iterator[Change]:
    """``1 - s`` as ``s``."""
    node = spot.node
    if isinstance(node, Terms) and node.signs == ("+", "-") and written(node.parts[0]) == "1":
        yield f"1 - dropped before {written(node.parts[1])}", node.parts[1]


def complement_added(spot: Spot, setting: Setting) -> Iterator[Change]:
    """``\\sigma(x)`` as ``1 - \\sigma(x)``."""
    for unit in units(spot.node, setting):
        if setting.takes_no_vector(unit.factors[0]) and len(unit.factors) == 2:
            rest = terms(("+", "-"), (letter("1"), unit.node))
            yield f"1 - put before {written(unit.node)}", unit.replaced(bracketed(rest))
