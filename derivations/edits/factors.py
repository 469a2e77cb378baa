"""Factors and terms: dropped, added, exchanged."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from derivations.edits.make import bracketed, product, terms
from derivations.edits.operator import Change
from derivations.edits.setting import Setting, is_below
from derivations.edits.spots import Spot
from derivations.edits.units import is_sign, is_term, units
from derivations.reader.syntax import Fraction, Node, Relation, Terms
from derivations.reader.written import written


def dropped(spot: Spot, setting: Setting) -> Iterator[Change]:
    """``a b`` as ``a``; not signs of sums and derivatives, not conditions."""
    if is_below(spot.above):
        return
    for unit in units(spot.node, setting):
        rest = unit.dropped()
        if rest is not None and not is_sign(unit) and not _is_condition(unit.factors[-1]):
            yield f"the factor {written(unit.node)} dropped", rest


def _is_condition(node: Node) -> bool:
    content = getattr(node, "content", None)
    return content is not None and any(isinstance(item, Relation) for item in content.items)


def added(spot: Spot, setting: Setting) -> Iterator[Change]:
    """``a`` as ``a b``, for every name ``b`` in the line."""
    if not is_term(spot):
        return
    for factor in setting.factors:
        words = f"the factor {written(factor)} put to {written(spot.node)}"
        yield words, product((spot.node, factor))


def exchanged(spot: Spot, setting: Setting) -> Iterator[Change]:
    """``a b`` as ``b a``, where only a blank stands between."""
    if is_below(spot.above):
        return
    found = units(spot.node, setting)
    for first, second in pairwise(found):
        if is_sign(first) or first.whole.joins[first.stop - 1]:
            continue
        before, after = first.whole.factors[: first.start], first.whole.factors[second.stop :]
        changed = product((*before, *second.factors, *first.factors, *after), first.whole.joins)
        yield f"{written(first.node)} and {written(second.node)} exchanged", changed


def term_dropped(spot: Spot, setting: Setting) -> Iterator[Change]:
    """``a - b`` as ``a``."""
    node = spot.node
    if not isinstance(node, Terms) or len(node.parts) < 2 or is_below(spot.above):
        return
    for n, part in enumerate(node.parts):
        signs = (*node.signs[:n], *node.signs[n + 1 :])
        parts = (*node.parts[:n], *node.parts[n + 1 :])
        yield f"the term {written(part)} dropped", terms(signs, parts)


def turned_over(spot: Spot, setting: Setting) -> Iterator[Change]:
    """``\\frac{a}{b}`` as ``\\frac{b}{a}``."""
    node = spot.node
    if isinstance(node, Fraction) and not _of_derivative(node):
        yield f"{written(node)} turned over", Fraction(node.at, node.under, node.over)


def denominator_dropped(spot: Spot, setting: Setting) -> Iterator[Change]:
    """``\\frac{a}{b}`` as ``a``."""
    node = spot.node
    if isinstance(node, Fraction) and not _of_derivative(node):
        over = bracketed(node.over) if isinstance(node.over, Terms) else node.over
        yield f"the denominator {written(node.under)} dropped", over


def _of_derivative(node: Fraction) -> bool:
    return r"\partial" in written(node.over) and r"\partial" in written(node.under)
