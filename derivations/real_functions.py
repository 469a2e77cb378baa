"""Functions of a real number in index notation that SymPy takes for complex, or knows too much of.

Entries of families have no assumptions in SymPy: the absolute value of an exponential of one would
become an exponential of its real part. `Known` is a function of which nothing is used but its
derivative, and that it is odd: SymPy is not to rewrite it by rules that nothing else here knows.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from sympy import Abs, Expr, Function, Integer
from sympy.core.expr import AtomicExpr

# a function of the numbers of an array, and of one for each that counts, zero for the others
GREATEST = "the greatest"
Slope = Callable[[Expr], Expr]


class AbsoluteValue(Abs):  # type: ignore[misc]  # SymPy's classes are untyped
    """|z| of a real z, which is that of -z."""

    @classmethod
    def eval(cls, arg: Expr) -> Expr | None:
        number, rest = arg.as_coeff_Mul()
        if rest == 1 and number.is_Rational:
            return abs(number)
        if number == 1 or not number.is_Rational:
            return None
        return abs(number) * cls(rest) if number else Integer(0)


class Signum(Function):  # type: ignore[misc]  # SymPy's classes are untyped
    """The sign of a real number as it was written: zero at zero, where it has no derivative."""

    nargs = 1

    def fdiff(self, argindex: int = 1) -> Expr:
        """Zero, away from zero."""
        return Integer(0)


class Above(Function):  # type: ignore[misc]  # SymPy's classes are untyped
    """One of a number above zero, else zero; at zero it has no derivative."""

    nargs = 1

    @classmethod
    def eval(cls, arg: Expr) -> Expr | None:
        return Integer(int(bool(arg > 0))) if arg.is_Rational else None

    def fdiff(self, argindex: int = 1) -> Expr:
        """Zero, away from zero."""
        return Integer(0)


class SignOf(Function):  # type: ignore[misc]  # SymPy's classes are untyped
    """The sign of a real number that is not zero."""

    nargs = 1


class Nowhere(AtomicExpr):  # type: ignore[misc]  # SymPy's classes are untyped
    """What there is no value for: what cases are where none of them holds."""


class Selected(Function):  # type: ignore[misc]  # SymPy's classes are untyped
    """The second argument where the first one, which is one or zero, is one, else the third.

    What is not selected need not have a value.
    """

    nargs = 3


class Known(Function):  # type: ignore[misc]  # SymPy's classes are untyped
    """A function of which the derivative is known, and whether it is odd, and nothing else.

    ``called`` is its name.
    """

    nargs = 1
    called: ClassVar[str]
    slope: ClassVar[Slope]
    odd: ClassVar[bool]

    def fdiff(self, argindex: int = 1) -> Expr:
        """Its derivative at its argument."""
        slope: Slope = type(self).slope
        return slope(self.args[0])


def known(called: str, slope: Slope, *, odd: bool = False) -> type[Known]:
    """A new function, and its derivative at a number."""
    members = {"called": called, "slope": staticmethod(slope), "odd": odd}
    return type(called, (Known,), members)
