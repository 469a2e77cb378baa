"""Which names are functions: those applied to what stands in parentheses behind them.

An application is told from a product by how the name is used in the whole file.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from derivations.reader.elaborate.spelling import name_of, raised_name
from derivations.reader.propose.displays import Displayed, inside, is_marked
from derivations.reader.propose.sketch import SIGMA
from derivations.reader.syntax import (
    Accented,
    Content,
    Group,
    Leaf,
    Node,
    Product,
    Relation,
    Script,
)
from derivations.reader.vocabulary import DIAGONAL, WORD_FUNCTIONS


def functions(chains: list[Displayed]) -> set[str]:
    """The names that are applied to what stands in parentheses behind them."""
    applied: dict[str, list[Content]] = {}
    alone: set[str] = set()
    found: set[str] = set()
    primed: set[str] = set()
    for chain in chains:
        for tree in chain.trees:
            for node in inside(tree):
                if isinstance(node, Product):
                    _occurrences(node, applied)
                    primed |= set(_with_primes(node))
        for left, _ in chain.equalities:
            head = left.node
            if isinstance(head, Product) and _is_head(head):
                found.add(raised_name(bare(head.factors[0])))
    alone = _alone(chains)
    for name, contents in applied.items():
        if name in found:
            continue
        clear = name in primed or any(_is_list(content) for content in contents)
        singles = [_single(content) for content in contents]
        never_alone = name not in alone and any(singles)
        small = name.startswith("\\") or name[:1].islower() or len(name) > 1 or all(singles)
        if clear or name == SIGMA or (never_alone and small):
            found.add(name)
    return found


def bare(node: Node) -> Node:
    """The name without its primes."""
    if not isinstance(node, Script):
        return node
    return Script(node.at, node.base, node.sub, node.sup if is_marked(node) else None)


def _occurrences(node: Product, applied: dict[str, list[Content]]) -> None:
    for at, (name, join) in enumerate(zip(node.factors, node.joins, strict=False)):
        behind = node.factors[at + 1]
        if at > 1 and all(map(_is_letter, node.factors[at - 2 : at + 1])):
            continue  # letters side by side: a word, whose last one is no function
        if not join and isinstance(behind, Group) and behind.bracket in "([" and is_name(name):
            applied.setdefault(raised_name(bare(name)), []).append(behind.content)


def _with_primes(node: Product) -> Iterator[str]:
    """f of ``f'(x)``, which is a derivative."""
    for name, behind in pairwise(node.factors):
        brackets = isinstance(behind, Group) and behind.bracket == "("
        if isinstance(name, Script) and name.primes and brackets and is_name(name):
            yield raised_name(bare(name))


def _is_letter(node: Node) -> bool:
    return isinstance(node, Leaf) and node.kind == "LETTER"


def _alone(chains: list[Displayed]) -> set[str]:
    """The names that stand somewhere without an argument behind them."""
    found: set[str] = set()
    for chain in chains:
        for tree in chain.trees:
            heads: set[int] = set()
            for node in inside(tree):
                if isinstance(node, Product):
                    for name, behind in zip(node.factors, node.factors[1:], strict=False):
                        if isinstance(behind, Group) and behind.bracket in "([" and is_name(name):
                            heads.update(id(each) for each in inside(name))
                if id(node) not in heads and isinstance(node, Script | Leaf) and is_name(node):
                    found.add(raised_name(bare(node)))
    return found


def _is_head(head: Product) -> bool:
    """Whether a side is ``f(x)``: a name and a list of names."""
    if len(head.factors) != 2 or any(head.joins) or not is_name(head.factors[0]):
        return False
    last = head.factors[1]
    if not isinstance(last, Group) or last.bracket != "(":
        return False
    return all(is_name(value_of(item)) for item in last.content.items)


def value_of(item: Node) -> Node:
    """An argument behind its keyword."""
    return item.parts[1] if isinstance(item, Relation) and item.signs == ("=",) else item


def _is_list(content: Content) -> bool:
    return len(content.items) > 1 or isinstance(content.only, Relation)


def _single(content: Content) -> str:
    only = content.only
    return name_of(only) if only is not None and is_name(only) else ""


def is_name(node: Node) -> bool:
    """Whether a node can be a name, with subscripts or not."""
    base = node.base if isinstance(node, Script) else node
    if isinstance(node, Script) and node.sup and not is_marked(node):
        return False
    if isinstance(base, Accented):
        base = base.base
    return (
        isinstance(base, Leaf)
        and base.kind in ("LETTER", "WORD")
        and base.text not in WORD_FUNCTIONS
        and base.text not in DIAGONAL
    )
