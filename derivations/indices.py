"""Index sets of symbolic size, the indices that run over them, and how these are printed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import count
from string import ascii_lowercase
from typing import Self

from sympy import Add, Basic, Derivative, Expr, IndexedBase, Mul, Pow, Product, Sum, Symbol


@dataclass(frozen=True)
class IndexSet:
    """The integers ``lower..upper``; ``name`` is what its members are called.

    ``inhabited`` says that the set has at least one member at every admissible size
    (a vocabulary has; a list of draws may be empty). ``labels`` says that its members are told
    apart only by which of them are the same; lists of words take values in such sets.
    """

    name: str
    lower: Expr
    upper: Expr
    inhabited: bool = True
    labels: bool = False

    @cached_property
    def _hash(self) -> int:
        return hash((self.name, self.lower, self.upper, self.inhabited, self.labels))

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def ends(self) -> tuple[str, str]:
        """Both bounds, as they are written."""
        return str(self.lower), str(self.upper)

    @property
    def size(self) -> Expr:
        """How many members the set has."""
        return self.upper - self.lower + 1

    @property
    def symmetric(self) -> bool:
        """Whether zero is a member at every size: the places of a window around its center."""
        return bool(self.lower == -self.upper)


_INDICES: dict[tuple[type, str, IndexSet], Index] = {}


class Index(Symbol):  # type: ignore[misc]  # SymPy's classes are untyped
    """A symbol that stands for a member of one index set.

    Two indices are the same exactly when name and set agree, so that a renamed bound
    index keeps what is known of its range.
    """

    space: IndexSet
    _content: tuple[str, ...]
    __slots__ = ("_content", "space")

    def __new__(cls, name: str, space: IndexSet) -> Self:
        # one object for each name and set: SymPy keeps what it finds out about a symbol with it
        known = _INDICES.get((cls, name, space))
        if known is None:
            known = _INDICES[cls, name, space] = Symbol.__xnew__(cls, name, integer=True)
            known.space = space
            # plain values, since SymPy orders symbols by them
            known._content = (name, *_spelled(space))
        found: Self = known
        return found

    def _hashable_content(self) -> tuple[object, ...]:
        return self._content

    def __getnewargs_ex__(self) -> tuple[tuple[str, IndexSet], dict[str, object]]:
        return (self.name, self.space), {}


def _spelled(space: IndexSet) -> tuple[str, ...]:
    """What tells an index set from every other one, as plain values."""
    return (space.name, *space.ends, str(space.inhabited), str(space.labels))


class WordArray(IndexedBase):  # type: ignore[misc]  # SymPy's classes are untyped
    """A list of words: its entries are themselves members of an index set."""

    space: IndexSet
    _content: tuple[object, ...]

    def __new__(cls, name: str, space: IndexSet) -> Self:
        words: Self = super().__new__(cls, name, integer=True)
        words.space = space
        words._content = (*words.args, *_spelled(space))
        return words

    def _hashable_content(self) -> tuple[object, ...]:
        return self._content


class _Unasked:
    """What SymPy is told not to ask: whether it is a number, zero, or positive.

    It asks at every product it builds; that took half the time of differentiating.
    """

    is_number = False

    @property
    def free_symbols(self) -> set[Basic]:
        return set(free_symbols(self))

    def _unknown(self) -> None:
        return None

    _eval_is_zero = _eval_is_positive = _eval_is_negative = _unknown
    _eval_is_finite = _eval_is_extended_real = _unknown


class IndexSum(_Unasked, Sum):  # type: ignore[misc]  # SymPy's classes are untyped
    """A sum over index sets."""


class IndexProduct(_Unasked, Product):  # type: ignore[misc]  # SymPy's classes are untyped
    """A product over index sets."""

    _eval_is_nonzero = _Unasked._unknown


def total(summand: Expr, index: Index) -> Expr:
    """The sum of ``summand`` over the whole index set of ``index``."""
    return IndexSum(summand, (index, index.space.lower, index.space.upper))


class Entries(Expr):  # type: ignore[misc]  # SymPy's classes are untyped
    """A vector or matrix as an argument: its entry at every member of the sets of ``indices``.

    The indices, one of a vector and two of a matrix (row, column), are bound here.
    """

    @property
    def entry(self) -> Expr:
        """The entry at its indices."""
        return self.args[0]

    @property
    def indices(self) -> tuple[Index, ...]:
        """What it runs over."""
        return tuple(self.args[1:])

    @property
    def free_symbols(self) -> set[Basic]:
        free: set[Basic] = self.entry.free_symbols
        return free.difference(self.indices)


@lru_cache(maxsize=16384)
def free_symbols(node: Basic) -> frozenset[Basic]:
    """What SymPy calls the free symbols of an expression, remembered for each part of it.

    SymPy puts new symbols into a sum to find those that are free in it.
    """
    if isinstance(node, Sum | Product):
        found = free_symbols(node.function)
        for index, *ends in node.limits:
            found = (found - {index}).union(*map(free_symbols, ends))
        return found
    if isinstance(node, Add | Mul | Pow):
        return frozenset[Basic]().union(*map(free_symbols, node.args))
    return frozenset(node.free_symbols)


def free_indices(node: Basic) -> set[Index]:
    """The indices that are free in an expression, those it is differentiated by included.

    SymPy does not count what a derivative is by; here it counts, unless a sum around it binds it.
    """
    if isinstance(node, Index):
        return {node}
    if isinstance(node, Sum | Product):
        found = free_indices(node.function)
        for index, lower, upper in node.limits:
            found = (found - {index}) | free_indices(lower) | free_indices(upper)
        return found
    if isinstance(node, Entries):
        return free_indices(node.entry).difference(node.indices)
    parts = [*node.args, *(node.variables if isinstance(node, Derivative) else ())]
    return set().union(*map(free_indices, parts))


# Choice of printed names for bound indices and axes (alpha-conversion): the one allocator.
#
# Binders are objects; a name is chosen only where one is printed or handed to SymPy, and then away
# from every name that is free there, on either side of an equality.


# i before the others, and no letter that looks like a number
LETTERS = "ih" + "".join(letter for letter in ascii_lowercase if letter not in "ihlo")


@dataclass(frozen=True)
class Names:
    """The letters that an author has declared, each with the set it runs over."""

    letters: tuple[tuple[str, IndexSet], ...] = ()

    def fresh(self, space: IndexSet, hint: str, taken: Collection[str]) -> str:
        """A name for a member of ``space`` that is not ``taken``.

        The hint itself if it is free, then a letter declared for the set, then any letter; at last
        the hint with primes, which no author's name ends in.
        """
        declared = [name for name, each in self.letters if each == space]
        others = {name for name, each in self.letters if each != space}
        plain = [letter for letter in LETTERS if letter not in others]
        wanted: list[str] = [*([hint] if hint else []), *declared, *plain]
        for name in wanted:
            if name not in taken:
                return name
        primed = (f"{hint or 'i'}{chr(39) * times}" for times in count(1))
        return next(name for name in primed if name not in taken)
