"""What a sum leaves out: restrictions dropped, added and negated, and conditions negated."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from derivations.edits.make import NOWHERE, letter
from derivations.edits.operator import Change
from derivations.edits.setting import Setting, is_sum
from derivations.edits.spots import Spot
from derivations.edits.sums import is_range
from derivations.reader.syntax import Content, Leaf, Node, Product, Relation, Script, Stack
from derivations.reader.written import written

NE = r"\ne"


def negated(spot: Spot, setting: Setting) -> Iterator[Change]:
    """``=`` for ``\\ne``, and the other way, in restrictions, indicators and conditions."""
    node = spot.node
    if not isinstance(node, Relation) or node.signs not in (("=",), (NE,)):
        return
    if is_range(spot) or _is_keyword(spot, setting):
        return
    changed = replace(node, signs=(NE if node.signs == ("=",) else "=",))
    yield f"{written(changed)} for {written(node)}", changed


def _is_keyword(spot: Spot, setting: Setting) -> bool:
    """Whether a relation is an argument with its name: ``P(O = o)``."""
    products = [node for node in spot.above if isinstance(node, Product)]
    if not products:
        return False
    pairs = pairwise(products[-1].factors)
    return any(setting.function(first) and second in spot.above for first, second in pairs)


def dropped(spot: Spot, setting: Setting) -> Iterator[Change]:
    """``\\sum_{w \\ne o}`` as ``\\sum_w``, and a line of a stack left out."""
    node = spot.node
    if isinstance(node, Stack) and len(node.lines) > 1:
        for n, line in enumerate(node.lines):
            lines = (*node.lines[:n], *node.lines[n + 1 :])
            yield f"{written(line)} dropped", replace(node, lines=lines)
    if not isinstance(node, Script) or not is_sum(node) or node.sub is None:
        return
    items = node.sub.items
    if len(items) > 1:
        for n, item in enumerate(items):
            kept = (*items[:n], *items[n + 1 :])
            sub = Content(node.sub.at, kept, node.sub.separators[1:])
            yield f"{written(item)} dropped", replace(node, sub=sub)
    elif isinstance(items[0], Relation) and items[0].signs == (NE,):
        sub = Content(node.sub.at, (items[0].parts[0],))
        yield f"{written(items[0])} dropped", replace(node, sub=sub)


def added(spot: Spot, setting: Setting) -> Iterator[Change]:
    """``\\sum_w`` without the word o, and a window without its center."""
    node = spot.node
    bound = _bound(node)
    index = setting.index(bound) if bound else None
    if bound is None or index is None or not isinstance(node, Script) or node.sub is None:
        return
    others = [n for n, other in setting.scope.letters.items() if other.space == index.space]
    for name in ["0"] if index.space.symmetric else others:
        if name != written(bound):
            relation = Relation(NOWHERE, (bound, letter(name)), (NE,))
            lines = (node.sub, Content(NOWHERE, (relation,)))
            sub = Content(node.sub.at, (Stack(NOWHERE, lines),))
            yield f"{written(relation)} put below the sum", replace(node, sub=sub)


def by_words(spot: Spot, setting: Setting) -> Iterator[Change]:
    """A range of places as a condition on words: ``\\sum_{j = l}^K`` as those with another word."""
    node = spot.node
    bound = _bound(node)
    index = setting.index(bound) if bound else None
    stand_in = setting.scope.stand_ins.get(index.space) if index else None
    if bound is None or index is None or stand_in is None or not isinstance(node, Script):
        return
    for name, other in setting.scope.letters.items():
        if other.space != index.space or name == written(bound):
            continue
        one, same = (_entry(stand_in.words.name, each) for each in (bound, letter(name)))
        for sign in ("=", NE):
            relation = Relation(NOWHERE, (one, same), (sign,))
            changed = Script(node.at, node.base, Content(NOWHERE, (bound, relation), (":",)))
            yield f"{written(changed)} for {written(node)}", changed


def _entry(name: str, place: Node) -> Node:
    return Script(NOWHERE, letter(name), sub=Content(NOWHERE, (place,)))


def _bound(node: Node) -> Leaf | None:
    """The letter that a sum sign with one piece below it binds."""
    if not isinstance(node, Script) or not is_sum(node) or node.sub is None:
        return None
    piece = node.sub.only
    if isinstance(piece, Relation):
        piece = piece.parts[1 if len(piece.parts) == 3 else 0]
    return piece if isinstance(piece, Leaf) else None
