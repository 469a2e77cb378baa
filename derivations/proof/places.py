"""An instance, and the integers that indices, words and sizes stand for in it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass, field

from sympy import Add, Expr, Indexed, Integer, KroneckerDelta, Mul, Sum, Symbol

from derivations.indices import WordArray
from derivations.proof.domain import Key, Scope
from derivations.proof.fragment import OutsideFragment


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

    def places(self, nodes: Iterable[Expr], scope: Scope) -> tuple[int, ...]:
        """The integers that several indices stand for."""
        return tuple([self.place(node, scope) for node in nodes])

    def place(self, node: Expr, scope: Scope) -> int:
        """The integer an index, a word or a size stands for."""
        if isinstance(node, Symbol):
            bound = scope.get(node)
            if bound is None:
                known = self.instance.indices.get(node.name, self.instance.sizes.get(node.name))
                if known is None:
                    raise OutsideFragment(f"no value for the index {node}")
                return known
            return int(bound)
        if isinstance(node, Indexed) and isinstance(node.base, WordArray):
            return self.instance.words[node.base.name, self.places(node.indices, scope)]
        if node.is_Integer:
            return int(node)
        if isinstance(node, Add):
            return sum(self.place(part, scope) for part in node.args)
        if isinstance(node, Mul):
            product = 1
            for part in node.args:
                product *= self.place(part, scope)
            return product
        raise OutsideFragment(f"index {node}")

    def scopes(self, node: Sum, level: int, scope: Scope) -> Iterator[Scope]:
        """The scope of the summand at every member of the index sets, outermost last."""
        if level < 0:
            yield scope
            return
        index, lower, upper = node.limits[level]
        members = None
        if self.instance.extents:
            members = self.instance.extents.get((str(lower), str(upper)))
        if members is None:
            members = tuple(range(self.place(lower, scope), self.place(upper, scope) + 1))
        for member in members:
            yield from self.scopes(node, level - 1, {**scope, index: member})


def linear_in_deltas(node: Expr, delta: Callable[[KroneckerDelta], int | None]) -> int | None:
    """The value of a whole-number combination of deltas; None for anything else.

    Such factors are looked at first, so that what they exclude is never read: the place j = 0
    of a window has no outside word.
    """
    if isinstance(node, KroneckerDelta):
        return delta(node)
    if isinstance(node, Integer):
        return int(node)
    if not isinstance(node, Add | Mul):
        return None
    result = 0 if isinstance(node, Add) else 1
    for part in node.args:
        value = linear_in_deltas(part, delta)
        if value is None:
            return None
        result = result + value if isinstance(node, Add) else result * value
    return result
