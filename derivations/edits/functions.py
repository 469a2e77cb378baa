"""Exponentials and logarithms forgotten, or put where there was none."""

from __future__ import annotations

from collections.abc import Iterator

from derivations.edits.make import applied, bracketed, letter, product, raised
from derivations.edits.operator import Change
from derivations.edits.setting import Setting, is_below, is_sum
from derivations.edits.spots import Spot
from derivations.edits.units import units
from derivations.reader.syntax import Group, Leaf, Node, Product, Script
from derivations.reader.written import written


def exp_dropped(spot: Spot, setting: Setting) -> Iterator[Change]:
    """``\\exp(x)`` and ``e^x`` as ``x``."""
    yield from _dropped("exp", spot, setting)
    node = spot.node
    if isinstance(node, Script) and node.sup and written(node.base) == "e":
        yield f"exp dropped from {written(node)}", node.sup.items[0]


def log_dropped(spot: Spot, setting: Setting) -> Iterator[Change]:
    """``\\log(x)`` as ``x``."""
    yield from _dropped("log", spot, setting)


def _dropped(name: str, spot: Spot, setting: Setting) -> Iterator[Change]:
    for unit in units(spot.node, setting):
        if not _is(unit.factors[0], name) or len(unit.factors) == 1:
            continue
        inside = product(unit.factors[1:], unit.whole.joins[unit.start + 1 : unit.stop - 1])
        if isinstance(inside, Group) and not is_sum(spot.node):
            only = inside.content.only
            inside = only if only is not None else inside
        yield f"{name} dropped from {written(unit.node)}", unit.replaced(inside)


def _is(node: Node, name: str) -> bool:
    return isinstance(node, Leaf) and node.kind == "FUNCTION" and node.text == name


def exp_around(spot: Spot, setting: Setting) -> Iterator[Change]:
    """An exponential around a score, a summand or a number that has none."""
    node = spot.node
    if isinstance(node, Product):
        yield from _around_summand(node, setting)
        yield from _around_score(node, setting)
    elif isinstance(node, Leaf) and setting.scalar(node) and not is_below(spot.above):
        yield f"exp around {written(node)}", raised(letter("e"), node)


def _around_summand(node: Product, setting: Setting) -> Iterator[Change]:
    for n, factor in enumerate(node.factors[:-1]):
        rest = product(node.factors[n + 1 :], node.joins[n + 1 :])
        functions = (setting.function(each) for each in node.factors[n + 1 :])
        if is_sum(factor) and not any(function == "exp" for function in functions):
            changed = product((*node.factors[: n + 1], applied("exp", rest)))
            yield f"exp around {written(rest)}", changed


def _around_score(node: Product, setting: Setting) -> Iterator[Change]:
    for n, (first, second) in enumerate(zip(node.factors, node.factors[1:], strict=False)):
        turned = isinstance(first, Script) and first.sup and written(first.sup) in ("T", r"\top")
        if not turned or node.joins[n]:
            continue
        if n and setting.function(node.factors[n - 1]) is not None:
            continue
        score = product((first, second))
        factors = (*node.factors[:n], applied("exp", score), *node.factors[n + 2 :])
        joins = (*node.joins[:n], *node.joins[n + 1 :])
        yield f"exp around {written(score)}", product(factors, joins)


def log_around(spot: Spot, setting: Setting) -> Iterator[Change]:
    """``\\sigma(x)`` as ``\\log(\\sigma(x))``."""
    for unit in units(spot.node, setting):
        if setting.takes_no_vector(unit.factors[0]) and len(unit.factors) == 2:
            changed = unit.replaced(Leaf(unit.node.at, "FUNCTION", "log"), bracketed(unit.node))
            yield f"log around {written(unit.node)}", changed
