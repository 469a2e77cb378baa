"""Arbitrary functions: nothing is known of them but what they depend on.

Their partial derivatives are arbitrary functions again, named so that a derivative can be formed,
compared and given a value in a counterexample. `Opaque` depends on rows and whole matrices that
are declared; `Applied` on numbers and arrays of any kind, by the chain rule. Partial derivatives
of smooth functions commute (Schwarz's theorem), so that a derivative of any order is told by how
often it is by each entry of each argument.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import lru_cache
from itertools import count
from typing import ClassVar

from sympy import Expr, Function, Indexed, IndexedBase, Integer, KroneckerDelta, Symbol

from derivations.definition import substitute
from derivations.indices import Entries, Index, IndexSet


class Opaque(Function):  # type: ignore[misc]  # SymPy's classes are untyped
    """An application of an arbitrary function.

    ``rows`` maps a matrix to the position of the argument that picks the one row of it the
    function depends on, or to None where it depends on the whole matrix; ``axes`` has the sets
    that run over the entries of the row or of the matrix. Of matrices in ``turned`` it takes the
    transpose.
    """

    rows: Mapping[IndexedBase, int | None] = {}
    axes: Mapping[IndexedBase, tuple[IndexSet, ...]] = {}
    turned: frozenset[IndexedBase] = frozenset()
    partials: ClassVar[dict[tuple[IndexedBase, ...], type[Partial]]] = {}

    @property
    def free_symbols(self) -> set[Symbol]:
        free: set[Symbol] = super().free_symbols
        return free.union(*(base.free_symbols for base in self.rows))

    def _eval_derivative(self, by: Expr) -> Expr:
        if not isinstance(by, Indexed) or by.base not in self.rows:
            return Integer(0)
        return self.partial(by.base, by.indices)

    @classmethod
    def depth(cls, base: IndexedBase) -> int:
        """How many indices an entry of a matrix or vector that it depends on has."""
        return len(cls.axes[base]) + (cls.rows[base] is not None)

    def partial(self, base: IndexedBase, indices: tuple[Expr, ...]) -> Expr:
        """The derivative by the entry ``base[indices]``."""
        return _derived(self.func, self.args, (), base, indices)


class Partial(Function):  # type: ignore[misc]  # SymPy's classes are untyped
    """A partial derivative of an arbitrary function.

    The arguments are its name, those of ``function``, and for each of ``bases`` the indices of the
    entry that the derivative is by, the index of a row that the function picks left out.
    """

    function: type[Opaque]
    bases: tuple[IndexedBase, ...]

    @property
    def free_symbols(self) -> set[Symbol]:
        free: set[Symbol] = super().free_symbols
        return free.union(*(base.free_symbols for base in self.function.rows))

    @property
    def labels(self) -> tuple[Expr, ...]:
        """The arguments of the function."""
        return tuple(self.args[1 : 1 + next(iter(self.function.nargs))])

    @property
    def entries(self) -> tuple[tuple[IndexedBase, tuple[Expr, ...]], ...]:
        """For each derivative what it is by, and the indices there."""
        rest = self.args[1 + len(self.labels) :]
        found = []
        for base in self.bases:
            depth = len(self.function.axes[base])
            found.append((base, tuple(rest[:depth])))
            rest = rest[depth:]
        return tuple(found)

    def _eval_derivative(self, by: Expr) -> Expr:
        if not isinstance(by, Indexed) or by.base not in self.function.rows:
            return Integer(0)
        return _derived(self.function, self.labels, self.entries, by.base, by.indices)


def _derived(
    function: type[Opaque],
    labels: tuple[Expr, ...],
    before: tuple[tuple[IndexedBase, tuple[Expr, ...]], ...],
    base: IndexedBase,
    indices: tuple[Expr, ...],
) -> Expr:
    """One derivative more; those by one matrix after another are in the order of their names."""
    picked = function.rows[base]
    entry = indices if picked is None else indices[1:]
    entries = sorted((*before, (base, tuple(entry))), key=lambda each: str(each[0]))
    bases = tuple(each for each, _ in entries)
    if bases not in function.partials:
        name = f"∂{function.__name__}/{''.join(f'∂{each}' for each in bases)}"
        members = {"function": function, "bases": bases}
        function.partials[bases] = type(name, (Partial,), members)
    kind = function.partials[bases]
    flat = (index for _, places in entries for index in places)
    value = kind(Symbol(kind.__name__), *labels, *flat)
    return value if picked is None else KroneckerDelta(indices[0], labels[picked]) * value


def arbitrary(
    name: str,
    arity: int,
    rows: Mapping[IndexedBase, int | None],
    axes: Mapping[IndexedBase, tuple[IndexSet, ...]],
    turned: frozenset[IndexedBase] = frozenset(),
) -> type[Opaque]:
    """A new arbitrary function of ``arity`` indices; the others as in `Opaque`."""
    members = {
        "nargs": arity,
        "rows": dict(rows),
        "axes": dict(axes),
        "turned": turned,
        "partials": {},
    }
    return type(name, (Opaque,), members)


class Applied(Function):  # type: ignore[misc]  # SymPy's classes are untyped
    """An arbitrary function at labels, numbers and arrays, or a partial derivative of it there.

    The first ``labels`` arguments are members of index sets. The others are numbers and arrays;
    ``depths`` has for each how many indices it has, none for a number and as many as its
    `Entries` bind for an array. ``partials`` says by which arguments the derivative is, all counted
    from zero, in order; the indices of the entries that it is by stand behind the arguments.
    """

    function: str
    labels: int
    depths: tuple[int, ...]
    partials: tuple[int, ...]

    @property
    def values(self) -> tuple[Expr, ...]:
        """The numbers and arrays."""
        return tuple(self.args[self.labels : self.labels + len(self.depths)])

    @property
    def entries(self) -> tuple[tuple[int, tuple[Expr, ...]], ...]:
        """For each derivative the argument that it is by, and the indices there."""
        rest = self.args[self.labels + len(self.depths) :]
        found = []
        for place in self.partials:
            depth = self.depths[place - self.labels]
            found.append((place, tuple(rest[:depth])))
            rest = rest[depth:]
        return tuple(found)

    def partial(self, place: int, indices: tuple[Expr, ...]) -> Expr:
        """The derivative by an entry of an argument, which is counted from zero."""
        entries = sorted((*self.entries, (place, indices)), key=lambda each: each[0])
        partials = tuple(each for each, _ in entries)
        kind = applied(self.function, self.labels, self.depths, partials)
        arguments = self.args[: self.labels + len(self.depths)]
        return kind(*arguments, *(index for _, found in entries for index in found))


def away_from(value: Entries, names: Collection[str]) -> tuple[Expr, tuple[Index, ...]]:
    """The entry of an array at indices that have none of the names."""
    new: list[Index] = []
    for index in value.indices:
        called = (index.name + "'" * times for times in count())
        taken = {*names, *(other.name for other in new)}
        new.append(Index(next(name for name in called if name not in taken), index.space))
    return substitute(value.entry, dict(zip(value.indices, new, strict=True))), tuple(new)


@lru_cache(maxsize=4096)
def applied(
    name: str, labels: int, depths: tuple[int, ...], partials: tuple[int, ...] = ()
) -> type[Applied]:
    """The arbitrary function of this name, or its derivative by the arguments ``partials``."""
    by = "".join(f",{place + 1}" for place in partials)
    indices = sum(depths[place - labels] for place in partials)
    members = {
        "nargs": labels + len(depths) + indices,
        "function": name,
        "labels": labels,
        "depths": depths,
        "partials": partials,
    }
    return type(f"{name}{by}", (Applied,), members)
