"""From a SymPy index expression to its normal form, at symbolic sizes.

This is the first argument for all sizes: claimed minus true normalises to nothing. Sums whose
bounds are those of a declared index set may be contracted; any other sum keeps its bounds and
is compared as it stands. See `sums.py` for the rewritings.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache

from sympy import (
    Add,
    Expr,
    Indexed,
    Integer,
    KroneckerDelta,
    Mul,
    Pow,
    Rational,
    Sum,
    Symbol,
    exp,
    log,
)

from derivations.claim import Condition
from derivations.indices import Index as NamedIndex
from derivations.indices import WordArray
from derivations.opaque import Opaque, Partial
from derivations.proof.context import Context, limits
from derivations.proof.fragment import OutsideFragment
from derivations.proof.sums import Algebra
from derivations.proof.terms import Index, Total

Names = Mapping[Symbol, str]
NO_NAMES: Names = {}


def difference(left: Expr, right: Expr, conditions: tuple[Condition, ...] = ()) -> Total:
    """The normal form of ``left - right``: nothing where the two are equal for all sizes.

    Functions of deltas are taken by cases only where that is needed: there may be many cases.
    Raises OutsideFragment as `normal_form` does.
    """
    plain = _difference(left, right, conditions, by_cases=False)
    try:
        return plain and _difference(left, right, conditions, by_cases=True)
    except OutsideFragment:
        return plain


def _difference(
    left: Expr, right: Expr, conditions: tuple[Condition, ...], *, by_cases: bool
) -> Total:
    algebra = Algebra(Context())
    negative = algebra.scale(normal_form(right, conditions, by_cases), Fraction(-1))
    return algebra.add((normal_form(left, conditions, by_cases), negative))


@lru_cache(maxsize=1024)
def normal_form(
    expression: Expr, conditions: tuple[Condition, ...] = (), by_cases: bool = False
) -> Total:
    """The normal form of ``expression``, whose definitions and derivatives are gone.

    Raises OutsideFragment at a node the argument does not cover.
    """
    context = Context(by_cases=by_cases)
    reader = _Reader(Algebra(context))
    context.assume(conditions, reader.index)
    try:
        return reader.read(expression, {})
    except RecursionError:
        raise OutsideFragment("no normal form: the expression is nested too deeply") from None


class _Reader:
    """Structural recursion: one case a node."""

    def __init__(self, algebra: Algebra) -> None:
        self.algebra = algebra
        self.context = algebra.context

    def read(self, node: Expr, names: Names) -> Total:
        algebra = self.algebra
        match node:
            case Rational():
                return algebra.constant(Fraction(int(node.p), int(node.q)))
            case Symbol() if not isinstance(node, NamedIndex):  # the number w is no parameter
                return algebra.atom(("s", node.name))
            case Add():
                return algebra.add(self.read(part, names) for part in node.args)
            case Mul():
                result = algebra.constant(1)
                for part in node.args:
                    result = algebra.multiply(result, self.read(part, names))
                return result
            case Pow(base=base, exp=Integer() as exponent):
                return self._power(base, int(exponent), names)
            case exp():
                return algebra.exp(self.read(node.args[0], names))
            case log():
                return algebra.log(self.read(node.args[0], names))
            case KroneckerDelta():
                left, right = node.args
                return algebra.delta(self.index(left, names), self.index(right, names))
            case Indexed() if not isinstance(node.base, WordArray):  # nor is a word
                indices = tuple(self.index(index, names) for index in node.indices)
                return algebra.atom(("x", node.base.name, indices))
            case Opaque() | Partial():
                return self._function(node, names)
            case Sum():
                return self._sum(node, names)
        raise OutsideFragment(f"{type(node).__name__}: {node}")

    def _power(self, base: Expr, exponent: int, names: Names) -> Total:
        """Powers of products are taken factor by factor: denominators stay factored."""
        result = self.algebra.constant(1)
        for part in Mul.make_args(base):
            inner, times = part.as_base_exp() if isinstance(part, Pow) else (part, Integer(1))
            if not isinstance(times, Integer):
                raise OutsideFragment(f"power {part}")
            power = self.algebra.power(self.read(inner, names), exponent * int(times))
            result = self.algebra.multiply(result, power)
        return result

    def _function(self, node: Expr, names: Names) -> Total:
        arguments = list(node.args)
        name = type(node).__name__ if isinstance(node, Opaque) else str(arguments.pop(0))
        indices = tuple(self.index(argument, names) for argument in arguments)
        return self.algebra.atom(("f", name, indices))

    def _sum(self, node: Sum, names: Names) -> Total:
        inner = dict(names)
        binders = []
        for index, lower, upper in reversed(node.limits):
            plain = isinstance(index, NamedIndex) and _of_sizes(lower) and _of_sizes(upper)
            if not plain:
                raise OutsideFragment(f"sum over {index} from {lower} to {upper}")
            extent = limits(lower, upper)
            if lower == index.space.lower and upper == index.space.upper:
                self._declare(index)
            inner[index] = self.context.fresh(extent)
            binders.append((inner[index], extent))
        body = self.read(node.function, inner)
        for binder in reversed(binders):
            body = self.algebra.bind(body, binder)
        return body

    def _declare(self, index: NamedIndex) -> None:
        extent = self.context.declare(index.space)
        counts = index.space.size.is_nonnegative  # else the set may be empty, its size below zero
        if counts and extent not in self.context.sizes:
            self.context.sizes[extent] = self.read(index.space.size, {})

    def index(self, node: Expr, names: Names = NO_NAMES) -> Index:
        """An index expression as data, and what is known of its range."""
        match node:
            case Integer():
                return ("n", int(node))
            case Indexed(base=WordArray() as words):
                self.context.lists[words.name] = self.context.declare(words.space)
                return ("w", words.name, tuple(self.index(i, names) for i in node.indices))
            case NamedIndex() if node in names:
                return ("v", names[node])
            case NamedIndex():
                self.context.ranges[node.name] = self.context.declare(node.space)
                return ("v", node.name)
        raise OutsideFragment(f"index {node}")


def _of_sizes(end: Expr) -> bool:
    """Whether a bound of a sum depends on sizes alone: such bounds are compared as text."""
    return not end.has(NamedIndex, Indexed, KroneckerDelta, Sum)
