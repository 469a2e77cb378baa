"""What a statement says of its undeclared probabilities, before its sides are read.

A letter that nothing declares, and that is drawn or summed over, as z in ``\\sum_z p(x, z)``, has
finitely many values: a member of a set of its own. And of each name: which of its variables have
their values in finite sets, so that it can be summed over those not named.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from sympy import Integer

from derivations.indices import IndexSet
from derivations.language.index_form import size
from derivations.language.tree import IndexVariable
from derivations.reader.elaborate.chance.variables import (
    Chance,
    Probability,
    chance,
    key_of,
    probabilities,
)
from derivations.reader.elaborate.spelling import letter_of
from derivations.reader.scope import Scope
from derivations.reader.syntax import Group, Leaf, Node, Relation, Script, inner, nodes
from derivations.reader.unicode import plain_name

MOST_HIDDEN = 3  # variables that are summed over


def with_chances(trees: Sequence[Node], scope: Scope) -> Scope:
    """The scope in which the sides of a statement are read."""
    found = [*probabilities(tuple(trees), scope)]
    if not found:
        return scope
    for letter in dict.fromkeys(_drawn(trees, found, scope)):
        variable = _values_of(letter)
        scope = replace(
            scope,
            letters={**scope.letters, letter: variable},
            drawn=scope.drawn | {letter},
        )
    hidden: dict[str, tuple[tuple[str, IndexSet], ...]] = {}
    for key in dict.fromkeys(key_of(each.name) for each in found):
        mine = [each for each in found if key_of(each.name) == key]
        hidden[key] = _finite(mine, scope)
    return replace(scope, hidden=hidden)


@lru_cache(maxsize=256)
def _values_of(letter: str) -> IndexVariable:
    name = plain_name(letter)
    space = IndexSet(f"values of {name}", Integer(1), size(f"#{name}", 1), labels=True)
    return IndexVariable(space, name, letter)


def _drawn(trees: Sequence[Node], found: list[Probability], scope: Scope) -> Iterator[str]:
    """The undeclared letters that are summed over, or drawn."""
    of = {letter_of(node) for each in found for node in (*each.of, *each.given)} - {""}
    known = (*scope.declared, scope.lists, scope.sets)
    open_ = {each for each in of if not any(each in names for names in known)}
    first = {letter_of(each.of[0]) for each in found}
    for node in nodes(*trees):
        if isinstance(node, Group) and r"\|" in node.content.separators:
            yield from sorted(open_ & first & _letters(node))
        if not isinstance(node, Script) or node.sub is None or not isinstance(node.base, Leaf):
            continue
        if node.base.kind == "SUM":
            yield from (letter_of(e) for e in node.sub.items if letter_of(e) in open_)
        elif node.base.text == "E":
            for item in node.sub.items:
                drawn = item.parts[0] if isinstance(item, Relation) else None
                letters = {letter_of(drawn)} if drawn is not None else first & _letters(item)
                yield from sorted(letters & open_)


def _letters(node: Node) -> set[str]:
    found = {letter_of(node)} - {""}
    return found.union(*map(_letters, inner(node)))


def _finite(found: list[Probability], scope: Scope) -> tuple[tuple[str, IndexSet], ...]:
    """The variables with values in finite sets, where it is told of what the others depend on.

    They have the numbers of the variables that they stand beside, or never have any.
    """
    spaces: dict[str, IndexSet] = {}
    numbered: dict[str, bool] = {}
    for each in found:
        told = [chance(node, scope) for node in (*each.of, *each.given)]
        parts = [part for part in told if part is not None]
        if len(parts) < len(told) or len({p.labels for p in parts if p.labels}) > 1:
            return ()
        for part in parts:
            if not _agrees(part, spaces, numbered):
                return ()
    if len(spaces) > MOST_HIDDEN:
        return ()
    return tuple(sorted(spaces.items(), key=lambda each: each[0]))


def _agrees(part: Chance, spaces: dict[str, IndexSet], numbered: dict[str, bool]) -> bool:
    """Note what a variable is; whether it has been the same before."""
    if part.space is None:
        return part.name not in spaces
    known = spaces.setdefault(part.name, part.space)
    return known == part.space and numbered.setdefault(part.name, bool(part.labels)) == bool(
        part.labels
    )
