"""Definitions that the text itself gives: a name that stands first, alone before an equality.

``J = ...``, ``f(x) = ...``: the first equality of a name is taken for its definition.
"""

from __future__ import annotations

from dataclasses import replace

from derivations.reader.propose.abbreviation import Definition, can_be_body, definition_of, is_head
from derivations.reader.propose.said import Chain, differentiated, outside_slopes
from derivations.reader.propose.sketch import Applied, Constant, Term, Use, names_in, within
from derivations.reader.syntax import Leaf, Node, rebuilt
from derivations.reader.written import written

ARGUMENTS = "zxtsab"  # letters for the argument of a function, the first that is free


def introduced(chains: list[Chain], apart: set[str]) -> list[Definition]:
    found: dict[str, list[Definition]] = {}
    seen: dict[str, int] = {}
    varied = {name for by in differentiated(chains).values() for t in by for name in names_in(t)}
    sides = (side for chain in chains for side in chain.terms if side is not None)
    applied = (t for side in sides for t in within(side) if isinstance(t, Applied))
    arguments = {name for t in applied for each in t.arguments for name in names_in(each)}
    for chain in chains:
        for number, term in enumerate(chain.terms):
            if term is None:
                continue
            after = chain.terms[number + 1] if number + 1 < len(chain.terms) else None
            joined = number + 1 < len(chain.joined) and chain.joined[number + 1]
            if after is not None and joined and not (chain.conditions or chain.supposed):
                _introduce(term, after, chain, seen, found, apart, varied, arguments)
            for each in outside_slopes(term):
                if isinstance(each, Use | Applied):
                    seen.setdefault(each.name, chain.number)
    return [each for several in found.values() for each in several]


def _introduce(
    left: Term,
    right: Term,
    chain: Chain,
    seen: dict[str, int],
    found: dict[str, list[Definition]],
    apart: set[str],
    varied: set[str],
    arguments: set[str],
) -> None:
    if not isinstance(left, Use | Applied) or not is_head(left) or not can_be_body(right):
        return
    if isinstance(left, Use) and not left.sub and isinstance(right, Use | Constant):
        return  # a = b, or a = 1: as likely a claim, or a case
    uses = names_in(right)
    if left.name in uses or (chain.perhaps and not uses):
        return
    made = definition_of(left, right, f"introduced at {left.node.at}", chain)
    if isinstance(left, Applied):
        head, body = _own_letter(left, right, apart, uses | {left.name} | apart)
        if head is not left.node:
            renamed = names_in(left) | {left.name}
            made = replace(made, head=written(head), body=written(body), uses=made.uses - renamed)
    before = found.get(left.name, [])
    # what is varied may be something between, as in z = w^T x, but no argument of a function
    may_be = left.name not in varied or bool(uses & varied) or left.name not in arguments
    just_before = seen.get(left.name, -1) >= chain.number - 1 and may_be
    if left.name not in seen or (just_before and left.name not in found):
        found[left.name] = [made]
    elif before and uses and not any(uses & each.uses for each in before):
        # another thing of this name: it has nothing in common with what was called so before
        found[left.name] = [*before, replace(made, chain=chain.number)]


def _own_letter(
    head: Applied, body: Term, apart: set[str], taken: frozenset[str]
) -> tuple[Node, Node]:
    """A function of one number with a letter for it that means nothing else in the text."""
    only = head.arguments[0] if len(head.arguments) == 1 else None
    if isinstance(only, Use) and only.name in apart and not only.sub:
        fresh = next((letter for letter in ARGUMENTS if letter not in taken), only.name)
        return _renamed(head.node, only.name, fresh), _renamed(body.node, only.name, fresh)
    return head.node, body.node


def _renamed(node: Node, old: str, new: str) -> Node:
    """A tree with one letter for another."""

    def change(here: Node) -> Node:
        is_it = isinstance(here, Leaf) and here.text == old and here.kind == "LETTER"
        return Leaf(here.at, "LETTER", new) if is_it else here

    return rebuilt(node, change)
