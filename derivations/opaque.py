"""Arbitrary functions: nothing is known of them but what they depend on.

Their partial derivatives are arbitrary functions again, named so that a derivative can be formed,
compared and given a value in a counterexample. `Opaque` depends on rows and whole matrices that
are declared, `Applied` on numbers of any kind, by the chain rule. Partial derivatives of smooth
functions commute (Schwarz's theorem), so that a derivative of any order is told by how often it is
by each argument.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import ClassVar

from sympy import Expr, Function, Indexed, IndexedBase, KroneckerDelta, Symbol

from derivations.indices import IndexSet


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
            return Function.fdiff(self)
        return self.partial(by.base, by.indices)

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
            return Function.fdiff(self)
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
    """An arbitrary function at numbers, or a partial derivative of it there.

    The first ``labels`` arguments are members of index sets, the others numbers; ``partials`` says
    by which arguments the derivative is, counted from zero, in order.
    """

    function: str
    labels: int
    partials: tuple[int, ...]

    def fdiff(self, argindex: int = 1) -> Expr:
        """The partial derivative by an argument, counted from one; SymPy has the chain rule."""
        by = tuple(sorted((*self.partials, argindex - 1)))
        return applied(self.function, len(self.args), self.labels, by)(*self.args)


@lru_cache(maxsize=4096)
def applied(name: str, arity: int, labels: int, partials: tuple[int, ...] = ()) -> type[Applied]:
    """The arbitrary function of this name, or its derivative by the arguments ``partials``."""
    by = "".join(f",{place + 1}" for place in partials)
    members = {"nargs": arity, "function": name, "labels": labels, "partials": partials}
    return type(f"{name}{by}", (Applied,), members)
