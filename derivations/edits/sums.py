"""Sum signs dropped, and sums with other bounds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from derivations.edits.make import letter, product, terms
from derivations.edits.operator import Change
from derivations.edits.setting import Setting, is_sum
from derivations.edits.spots import Spot
from derivations.reader.syntax import Content, Leaf, Node, Product, Relation, Script
from derivations.reader.written import written


def dropped(spot: Spot, setting: Setting) -> Iterator[Change]:
    """``\\sum_w a`` as ``a``."""
    node = spot.node
    for n, factor in enumerate(node.factors[:-1] if isinstance(node, Product) else ()):
        if is_sum(factor) and isinstance(node, Product):
            factors = (*node.factors[:n], *node.factors[n + 1 :])
            joins = (*node.joins[:n], *node.joins[n + 1 :])
            yield f"{written(factor)} dropped", product(factors, joins)


def bound_shifted(spot: Spot, setting: Setting) -> Iterator[Change]:
    """``k = 1`` as ``k = 2``, ``K`` as ``K - 1`` and ``K + 1``, below or above a sum sign."""
    node = spot.node
    if isinstance(node, Relation) and is_range(spot):
        for n in (0, 2) if len(node.parts) == 3 else (1,):
            for words, bound in _shifts(node.parts[n]):
                parts = (*node.parts[:n], bound, *node.parts[n + 1 :])
                yield f"{words} in {written(node)}", replace(node, parts=parts)
    if isinstance(node, Script) and is_sum(node) and node.sup and node.sup.only:
        for words, bound in () if isinstance(node.sup.only, Relation) else _shifts(node.sup.only):
            yield f"{words} above the sum", replace(node, sup=Content(node.sup.at, (bound,)))


def is_range(spot: Spot) -> bool:
    """Whether a relation says from where to where a sum runs."""
    node = spot.node
    assert isinstance(node, Relation)
    sums = [each for each in spot.above if isinstance(each, Script) and is_sum(each)]
    if not sums:
        return False
    above = sums[-1].sup
    counted = above is not None and not isinstance(above.only, Relation)
    return len(node.parts) == 3 or (node.signs == ("=",) and counted)


def _shifts(node: Node) -> Iterator[Change]:
    if isinstance(node, Leaf) and node.kind == "NUMBER":
        more = letter(str(int(node.text) + 1))
        yield f"{written(more)} for {written(node)}", more
        return
    for sign in "-+":
        shifted = terms(("+", sign), (node, letter("1")))
        yield f"{written(shifted)} for {written(node)}", shifted
