"""An instance, and the integers that indices, words and sizes stand for in it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from math import prod

from sympy import Add, Expr, Indexed, Integer, KroneckerDelta, Mul, Pow, Product, Sum, Symbol

from derivations.indices import Index, WordArray
from derivations.language.index_nodes import Defined
from derivations.proof.domain import Key, Scope
from derivations.proof.fragment import NoValue, OutsideFragment


@dataclass(frozen=True)
class Instance:
    """Sizes, the entries of lists of words, and values of free indices.

    ``extents`` replaces the members of an index set, named by its bounds, by other ones.
    """

    sizes: dict[str, int]
    words: dict[Key, int]
    indices: dict[str, int]
    extents: dict[tuple[str, str], tuple[int, ...]] = field(default_factory=dict)

    @property
    def key(self) -> Hashable:
        """What identifies the instance."""
        parts = (self.sizes, self.words, self.indices, self.extents)
        return tuple(tuple(sorted(part.items())) for part in parts)


class Places:
    """Looks up integers at one instance."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.ranges: dict[tuple[Expr, Expr], tuple[int, ...]] = {}

    def places(self, nodes: Iterable[Expr], scope: Scope) -> tuple[int, ...]:
        """The integers that several indices stand for."""
        return tuple([self.place(node, scope) for node in nodes])

    def place(self, node: Expr, scope: Scope) -> int:
        """The integer an index, a word, a size or a count stands for."""
        bound = scope.get(node)
        if type(bound) is int:
            return bound
        if isinstance(node, Symbol):
            if bound is None:
                known = self.instance.indices.get(node.name, self.instance.sizes.get(node.name))
                if known is None or not node.is_integer:
                    raise OutsideFragment(f"no value for the index {node}")
                return known
            raise OutsideFragment(f"{node} as an index")
        if isinstance(node, Indexed) and isinstance(node.base, WordArray):
            return self._word(node.base.name, self.places(node.indices, scope))
        if node.is_Integer:
            return int(node)
        return self._count(node, scope)

    def _word(self, name: str, places: tuple[int, ...]) -> int:
        word = self.instance.words.get((name, places))
        if word is None:
            raise NoValue(f"{name}[{','.join(map(str, places))}]")
        return word

    def _count(self, node: Expr, scope: Scope) -> int:
        """Integers made of integers: sums and products, and deltas that count equal words."""
        if isinstance(node, Add):
            return sum(self.place(part, scope) for part in node.args)
        if isinstance(node, Mul):
            return prod(self.place(part, scope) for part in node.args)
        if isinstance(node, Pow) and node.exp.is_Integer and node.exp.is_nonnegative:
            return int(self.place(node.base, scope) ** int(node.exp))
        if isinstance(node, KroneckerDelta):
            left, right = self.places(node.args, scope)
            return int(left == right)
        if isinstance(node, Sum):
            inner = self.scopes(node, len(node.limits) - 1, scope)
            return sum(self.place(node.function, each) for each in inner)
        if isinstance(node, Defined) and all(parameter.is_integer for parameter in node.params):
            entered = zip(node.params, self.places(node.args, scope), strict=True)
            return self.place(node.body, dict(entered))
        raise OutsideFragment(f"index {node}")

    def members(self, lower: Expr, upper: Expr, scope: Scope) -> tuple[int, ...]:
        """The integers between two bounds, or what takes their place here."""
        if self.instance.extents:
            known = self.instance.extents.get((str(lower), str(upper)))
            if known is not None:
                return known
        if not (same_everywhere(lower) and same_everywhere(upper)):
            return tuple(range(self.place(lower, scope), self.place(upper, scope) + 1))
        found = self.ranges.get((lower, upper))
        if found is None:
            found = tuple(range(self.place(lower, {}), self.place(upper, {}) + 1))
            self.ranges[lower, upper] = found
        return found

    def scopes(self, node: Sum | Product, level: int, scope: Scope) -> Iterator[Scope]:
        """The scope of the summand at every member of the index sets, outermost last."""
        if level < 0:
            yield scope
            return
        index, lower, upper = node.limits[level]
        members = self.members(lower, upper, scope)
        if level == 0:
            yield from ({**scope, index: member} for member in members)
            return
        for member in members:
            yield from self.scopes(node, level - 1, {**scope, index: member})


@lru_cache(maxsize=4096)
def same_everywhere(end: Expr) -> bool:
    """Whether a bound is made of sizes and numbers alone."""
    if end.is_Atom:
        return not isinstance(end, Index | Indexed)
    return not end.has(KroneckerDelta, Defined, Indexed, Index)


@lru_cache(maxsize=4096)
def delta_factors(node: Mul) -> tuple[Expr, ...]:
    """The factors that are whole-number combinations of deltas.

    They are looked at first, so that what they exclude is never read: the place j = 0 of a window
    has no outside word.
    """
    return tuple(part for part in node.args if _is_linear_in_deltas(part))


def _is_linear_in_deltas(node: Expr) -> bool:
    if isinstance(node, KroneckerDelta | Integer):
        return True
    return isinstance(node, Add | Mul) and all(map(_is_linear_in_deltas, node.args))


def delta_value(node: Expr, delta: Callable[[KroneckerDelta], int | None]) -> int | None:
    """The value of a whole-number combination of deltas; None where a delta has none yet."""
    if isinstance(node, KroneckerDelta):
        return delta(node)
    if isinstance(node, Integer):
        return int(node)
    result = 0 if isinstance(node, Add) else 1
    for part in node.args:
        value = delta_value(part, delta)
        if value is None:
            return None
        result = result + value if isinstance(node, Add) else result * value
    return result
