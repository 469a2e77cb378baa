"""Arbitrary functions of parameter rows: nothing is known of them but what they depend on.

The window of part (h) sums "an arbitrary loss term": such a term has partial derivatives, and
those are arbitrary functions again. Here they are named, so that a derivative can be formed,
compared and given a value in a counterexample.
"""

from __future__ import annotations

from collections.abc import Mapping

from sympy import Expr, Function, Indexed, IndexedBase, KroneckerDelta, Symbol


class Opaque(Function):  # type: ignore[misc]  # SymPy's classes are untyped
    """An application of an arbitrary function.

    ``rows`` maps a matrix to the position of the argument that picks the one row of it the
    function depends on, or to None where it depends on the whole matrix.
    """

    rows: Mapping[IndexedBase, int | None] = {}

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
        name = f"∂{self.func.__name__}/∂{base}"
        picked = self.rows[base]
        if picked is None:
            return Partial(Symbol(name), *self.args, *indices)
        same_row = KroneckerDelta(indices[0], self.args[picked])
        return same_row * Partial(Symbol(name), *self.args, *indices[1:])


class Partial(Function):  # type: ignore[misc]  # SymPy's classes are untyped
    """A first partial derivative of an arbitrary function: its name, then its arguments."""


def arbitrary(name: str, arity: int, rows: Mapping[IndexedBase, int | None]) -> type[Opaque]:
    """A new arbitrary function of ``arity`` indices; ``rows`` as in `Opaque`."""
    return type(name, (Opaque,), {"nargs": arity, "rows": dict(rows)})
