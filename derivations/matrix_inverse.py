"""Entries of the inverse of a matrix, and its determinant, in index notation; their derivatives.

Both are of a matrix that has an inverse M: dM = -M dA M, and d det A = det(A) tr(M dA), Jacobi's
formula (K. B. Petersen and M. S. Pedersen, The Matrix Cookbook, 2012, equations 40 and 46).
"""

from __future__ import annotations

from sympy import Expr, Function, Symbol

from derivations.indices import Entries, Index, IndexSum, free_symbols
from derivations.opaque import away_from


class InverseEntry(Function):  # type: ignore[misc]  # SymPy's classes are untyped
    """The entry at a row and a column of the inverse of a square matrix, which is `Entries`."""

    nargs = 3

    @property
    def at(self) -> tuple[Expr, Expr]:
        """Row and column."""
        row, column, _ = self.args
        return row, column

    @property
    def of(self) -> Entries:
        """The matrix that it is the inverse of."""
        found: Entries = self.args[2]
        return found

    def varied(self, by: Expr) -> tuple[Expr, tuple[Index, Index]]:
        """The entry of the matrix at indices that are neither here nor in ``by``."""
        return _varied(self.of, self, by)

    def weighted(self, slope: Expr, row: Index, column: Index) -> Expr:
        """Minus the sum over p and q of M[i,p] dA[p,q] M[q,k], for the inverse M of A."""
        first, last = self.at
        around = self.func(first, row, self.of) * self.func(column, last, self.of)
        limits = ((each, each.space.lower, each.space.upper) for each in (row, column))
        return -IndexSum(around * slope, *limits)


class Determinant(Function):  # type: ignore[misc]  # SymPy's classes are untyped
    """The determinant of a square matrix, which is `Entries`."""

    nargs = 1

    @property
    def of(self) -> Entries:
        """The matrix."""
        found: Entries = self.args[0]
        return found

    def varied(self, by: Expr) -> tuple[Expr, tuple[Index, Index]]:
        """The entry of the matrix at indices that are neither here nor in ``by``."""
        return _varied(self.of, self, by)

    def weighted(self, slope: Expr, row: Index, column: Index) -> Expr:
        """det(A) times the sum over p and q of M[q,p] dA[p,q], for the inverse M of A."""
        limits = ((each, each.space.lower, each.space.upper) for each in (row, column))
        return self * IndexSum(InverseEntry(column, row, self.of) * slope, *limits)


def _varied(of: Entries, whole: Expr, by: Expr) -> tuple[Expr, tuple[Index, Index]]:
    used = free_symbols(whole) | free_symbols(by) | set(of.indices)
    names = {symbol.name for symbol in used if isinstance(symbol, Symbol)}
    entry, (row, column) = away_from(of, names)
    return entry, (row, column)
