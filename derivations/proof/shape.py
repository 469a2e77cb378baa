"""What about a claim depends on sizes: what its small instances have to choose."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from sympy import (
    Derivative,
    Expr,
    Indexed,
    Integer,
    KroneckerDelta,
    Sum,
    Symbol,
    preorder_traversal,
)

from derivations.array import Array, aligned
from derivations.claim import Claim, Condition, NotAmong, Unequal
from derivations.definition import unfold
from derivations.indices import Index, IndexSet, WordArray
from derivations.opaque import Opaque


@dataclass(frozen=True)
class Found:
    """What one expression mentions.

    ``sizes`` are size symbols in bounds of sums or standing as numbers; ``lists`` has, for each
    list of words, the index sets of its entries; ``numbered`` says that some member other than
    the center place of a window is given by its number.
    """

    sizes: frozenset[str]
    positive: frozenset[str]
    indices: frozenset[Index]
    spaces: frozenset[IndexSet]
    lists: Mapping[tuple[str, int], tuple[IndexSet, ...]]
    numbered: bool


@dataclass(frozen=True)
class Shape:
    """The sides of a claim and what they mention; the vocabulary counts where it is summed."""

    sides: tuple[Expr, Expr]
    conditions: tuple[Condition, ...]
    sizes: tuple[str, ...]
    summed: frozenset[str]
    positive: frozenset[str]
    indices: tuple[Index, ...]
    spaces: tuple[IndexSet, ...]
    lists: tuple[tuple[IndexSet, ...], ...]
    numbered: bool

    @property
    def words(self) -> IndexSet | None:
        """The vocabulary, where the claim is about words."""
        return next((space for space in self.spaces if space.name == "word"), None)

    @property
    def vocabulary(self) -> str:
        """The name of the vocabulary's size; empty where there is none."""
        return str(self.words.upper) if self.words else ""


def shape_of(claim: Claim) -> Shape:
    """The shape of a well-typed claim."""
    assert isinstance(claim.left, Array)
    assert isinstance(claim.right, Array)
    sides = (claim.left.entry, aligned(claim.right, claim.left.axes))
    left, right = (_found(side) for side in sides)
    spaces = left.spaces | right.spaces
    summed = left.sizes | right.sizes
    extents = {symbol.name for space in spaces for symbol in space.size.free_symbols}
    lists = {**left.lists, **right.lists}
    return Shape(
        sides=sides,
        conditions=claim.conditions,
        sizes=tuple(sorted(extents | summed)),
        summed=summed,
        positive=left.positive | right.positive,
        indices=tuple(sorted(left.indices | right.indices, key=str)),
        spaces=tuple(sorted(spaces, key=lambda space: space.name)),
        lists=tuple(lists[key] for key in sorted(lists)),
        numbered=left.numbered or right.numbered or any(map(_compares, claim.conditions)),
    )


@lru_cache(maxsize=1024)
def _found(side: Expr) -> Found:
    whole = unfold(side)
    symbols = {symbol for symbol in whole.free_symbols if isinstance(symbol, Symbol)}
    spaces: set[IndexSet] = set()
    bound: set[Index] = set()
    lists: dict[tuple[str, int], tuple[IndexSet, ...]] = {}
    numbered = False
    for node in preorder_traversal(whole):
        if isinstance(node, Derivative):
            symbols.update(*(by.free_symbols for by in node.variables))
        elif isinstance(node, Sum):
            bound.update(limit[0] for limit in node.limits)
            symbols.update(*(end.free_symbols for limit in node.limits for end in limit[1:]))
        elif isinstance(node, Indexed) and isinstance(node.base, WordArray):
            spaces.add(node.base.space)
            if all(isinstance(index, Index) for index in node.indices):
                entry = tuple(index.space for index in node.indices)
                lists[node.base.name, len(entry)] = entry
        if isinstance(node, Indexed | KroneckerDelta | Opaque):
            numbered = numbered or _numbered(node)
    symbols -= bound  # what a derivative inside a sum is by
    indices = frozenset(symbol for symbol in symbols if isinstance(symbol, Index))
    sizes = frozenset(s.name for s in symbols if s.is_integer and s.is_nonnegative)
    positive = frozenset(s.name for s in symbols if s.is_integer and s.is_positive)
    spaces.update(index.space for index in indices | bound)
    return Found(sizes, positive, indices, frozenset(spaces), lists, numbered)


def _compares(condition: Condition) -> bool:
    """Whether a condition compares with a word given by its number."""
    if isinstance(condition, Unequal):
        return any(part.has(Integer) for part in (condition.left, condition.right))
    return isinstance(condition, NotAmong) and condition.word.has(Integer)


def _numbered(node: Expr) -> bool:
    """Whether a member is picked by number; the place 0 of a window is no choice."""
    indices = node.indices if isinstance(node, Indexed) else node.args
    window = any(isinstance(i, Index) and i.space.symmetric for i in indices)
    return any(isinstance(i, Integer) and not (window and i == 0) for i in indices)
