"""Index letters: which letters are indices, of which set, from sums, conditions and subscripts.

A letter is an index where a sum binds it, a condition compares it, or it is the subscript of
something that has an index for its subscript elsewhere. Two letters run over one set where they
stand at one place of one name, or are compared. A letter means one thing in one part.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from derivations.reader.elaborate.operators import is_sum, pieces_below
from derivations.reader.elaborate.spelling import letter_of, name_of
from derivations.reader.propose.below_sums import bound
from derivations.reader.propose.displays import Displayed, called, inside, subscripts_of
from derivations.reader.propose.index_letters import Letter, Letters, Slot, Stood
from derivations.reader.propose.letter_sets import across_parts, closed, slots_of, stand_ins
from derivations.reader.syntax import (
    Accented,
    Content,
    Group,
    Leaf,
    Node,
    Product,
    Relation,
    Script,
    Terms,
)


def letters(chains: list[Displayed], raised: frozenset[str] = frozenset()) -> Letters:
    """The index letters of a file.

    Which sets have a name is known when all of it is read; then it is read once more.
    """
    first = _letters(chains, frozenset(), raised)
    named = {
        letter[1]
        for over in first.sets()
        if any(each.name for each in first.range_of(over))
        for letter in first.of_set(over)
    }
    return _letters(chains, frozenset(named), raised)


def _letters(chains: list[Displayed], named: frozenset[str], raised: frozenset[str]) -> Letters:
    found = Letters(named=named, raised=raised)
    compared: list[tuple[Letter, Letter]] = []
    given: list[tuple[str, Content]] = []
    for chain in chains:
        for tree in chain.trees:
            for node in inside(tree):
                _ends(node, found)
    for chain in chains:
        for tree in chain.trees:
            nodes = list(inside(tree))
            _bare(nodes, found)
            for node in nodes:
                _sum(node, chain.part, found, compared)
                _condition(node, chain.part, found, compared)
                _subscript(node, chain.part, found, compared)
                if isinstance(node, Group) and node.content.separators:
                    given.append((chain.part, node.content))
                if isinstance(node, Product):
                    _arguments(node, chain.part, found)
        for relation in chain.conditions:
            _compare(relation, chain.part, found, compared)
    closed(found)
    for part, content in given:
        _given(part, content, found)
    closed(found)
    slots = slots_of(found)
    stand_ins(found, slots)
    for letters_ in slots.values():
        plain = [each for each in letters_ if each in found.known and each not in found.stand_ins]
        for one, other in pairwise(plain):
            found.join(one, other)
    for same in found.arguments.values():
        for one, other in pairwise(each for each in same if each in found.known):
            found.join(one, other)
    for one, other in compared:
        if one in found.known and other in found.known:
            found.join(one, other)
    across_parts(found)
    return found


def _bare(nodes: list[Node], found: Letters) -> None:
    """The names that stand without a subscript."""
    below = {id(node.base) for node in nodes if isinstance(node, Script) and node.sub is not None}
    for node in nodes:
        if isinstance(node, Leaf | Accented) and id(node) not in below:
            found.bare.add(name_of(node))


def _ends(node: Node, found: Letters) -> None:
    """The ends of the ranges of sums are sizes."""
    if isinstance(node, Script) and node.sub is not None and is_sum(node):
        for piece in pieces_below(node.sub):
            said = bound(piece, node.sup)[1]
            if said is not None:
                found.sizes |= {end.strip("-") for end in (said.lower, said.upper)}


def _sum(node: Node, part: str, found: Letters, compared: list[tuple[Letter, Letter]]) -> None:
    if not isinstance(node, Script) or not is_sum(node):
        return
    for piece in pieces_below(node.sub) if node.sub is not None else ():
        name, said = bound(piece, node.sup)
        if name:
            letter = (part, name)
            found.know(letter, piece.at)
            found.bound.add(letter)
            if said is not None:
                found.ranges.setdefault(letter, []).append(said)
        if isinstance(piece, Relation):
            _compare(piece, part, found, compared)


def _condition(
    node: Node, part: str, found: Letters, compared: list[tuple[Letter, Letter]]
) -> None:
    """Letters that an indicator compares."""
    if isinstance(node, Script) and is_indicator(node) and node.sub is not None:
        contents = [node.sub]
    elif isinstance(node, Product):
        pairs = zip(node.factors, node.factors[1:], strict=False)
        contents = [b.content for a, b in pairs if is_indicator(a) and isinstance(b, Group)]
    else:
        return
    for content in contents:
        for item in content.items:
            only = item.content.only if isinstance(item, Group) else item
            if isinstance(only, Relation):
                _compare(only, part, found, compared)


def is_indicator(node: Node) -> bool:
    """Whether this is the sign of an indicator, ``1_{i = j}`` among them."""
    base = node.base if isinstance(node, Script) else node
    if not isinstance(base, Leaf):
        return False
    if base.kind == "NUMBER" and base.text == "1" and isinstance(node, Script) and node.sub:
        return isinstance(node.sub.only, Relation)
    return base.kind == "INDICATOR"


def _compare(
    relation: Relation, part: str, found: Letters, compared: list[tuple[Letter, Letter]]
) -> None:
    pairs = zip(relation.parts, relation.signs, relation.parts[1:], strict=False)
    for left, sign, right in pairs:
        one, other = letter_of(left), letter_of(right)
        for name, node in ((one, right), (other, left)):
            entry = _entry(node, part, None)
            if name and entry is not None and sign in ("=", r"\ne"):
                found.know((part, name), node.at)
                found.lists.append(replace(entry, like=(part, name)))
        if one and other and sign in ("=", r"\ne"):
            for name, at in ((one, left.at), (other, right.at)):
                found.know((part, name), at)
            compared.append(((part, one), (part, other)))


def _alike(
    nodes: list[Node], part: str, found: Letters, compared: list[tuple[Letter, Letter]]
) -> None:
    """The letters of Kronecker's delta."""
    names = [letter_of(node) for node in nodes]
    if all(names):
        for name, node in zip(names, nodes, strict=True):
            found.know((part, name), node.at)
        compared.append(((part, names[0]), (part, names[1])))


def _subscript(
    node: Node, part: str, found: Letters, compared: list[tuple[Letter, Letter]]
) -> None:
    if not isinstance(node, Script) or node.sub is None:
        return
    if not isinstance(node.base, Leaf | Accented):
        return
    if isinstance(node.base, Leaf) and node.base.kind not in ("LETTER", "WORD"):
        return
    parts = subscripts_of(node.sub)
    names = [letter_of(each) for each in parts]
    if called(node) == r"\delta" and len(parts) == 2:
        _alike(parts, part, found, compared)
        return
    if names and all(names):
        family = (called(node), len(parts))
        found.uses.setdefault(family, []).append(tuple((part, name) for name in names))
    if any(isinstance(each, Leaf) and each.text == "1" for each in parts):
        found.numbered.add(called(node))
    for place, each in enumerate(parts):
        found.places.setdefault((part, names[place]), each.at)
        entry = _entry(each, part, (called(node), place, len(parts)))
        if entry is not None and entry not in found.lists:
            found.lists.append(entry)
    if len(parts) == 1 and (entry := _entry(node, part, None)) and entry.origin:
        found.lists.append(entry)


def _entry(node: Node, part: str, slot: Slot | None) -> Stood | None:
    """``w_s`` or ``w_{t+j}``: an entry of a list."""
    if not isinstance(node, Script) or node.sub is None or node.sup or node.primes:
        return None
    base, only = letter_of(node.base), node.sub.only
    if not base or only is None:
        return None
    if letter_of(only):
        return Stood(base, "", (part, letter_of(only)), slot)
    if isinstance(only, Terms) and only.signs == ("+", "+"):
        origin, place = map(letter_of, only.parts)
        if origin and place:
            return Stood(base, origin, (part, place), slot)
    return None


def _arguments(node: Product, part: str, found: Letters) -> None:
    """Letters at one place of one function: ``P(O = o | C = c)`` and ``P(O = w | C = c)``."""
    for name, behind in pairwise(node.factors):
        if isinstance(behind, Group) and behind.content.separators:
            for place, item in enumerate(behind.content.items):
                value = item.parts[-1] if isinstance(item, Relation) else item
                if letter_of(value):
                    slot = (name_of(name), place)
                    found.arguments.setdefault(slot, []).append((part, letter_of(value)))


def _given(part: str, content: Content, found: Letters) -> None:
    """In ``P(O = o | C = c)`` what c is, o is; an argument that is an index elsewhere is one."""
    values = [each.parts[-1] for each in content.items if isinstance(each, Relation)]
    names = [(letter_of(value), value.at) for value in values]
    if any((part, name) in found.known for name, _ in names):
        for name, at in names:
            if name:
                found.know((part, name), at)
    known = {name for _, name in found.known}
    for item in content.items:
        if letter_of(item) in known:
            found.know((part, letter_of(item)), item.at)
