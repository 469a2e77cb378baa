"""Catalogue of elementary functions: one row holds everything the project knows of one.

A row has two meanings, which are different formulas wherever there are two: ``symbolic`` is index
notation, which SymPy differentiates, and ``value`` is a value of a domain (`proof/domain.py`),
differentiated by rule. What is neither made of others nor decided by the exact field is a `Known`
function with its derivative; its row is all there is of it.

``domain`` says where there is a value, and what is claimed: |z|, max and relu are continuous, and
an equality that holds away from z = 0 holds there; their derivatives, and that of a root, have no
value at 0. The sign is 0 at 0; which of z > 0 and z >= 0 is one says what it is there. Coq states
what is made of functions that have a name there, ``coq``; what has none, as a sign and erf, or a
derivative at some numbers only, as tan, is not stated, and the certificate says so. Kernels are
lowered from index notation, where exp, log and |.| have NumPy's functions; no row has a form of its
own that keeps its digits, and what cancels is refused there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar, Protocol

from flint import arb
from sympy import Abs, Expr, Function, Integer, exp, log, pi, sqrt
from sympy.core.expr import AtomicExpr

from derivations.proof.domain import SIGNUM, SQUARE_ROOT, Domain, Primitive, V

# Functions of a real number in index notation that SymPy takes for complex, or knows too much of.
#
# Entries of families have no assumptions in SymPy: the absolute value of an exponential of one
# would become an exponential of its real part. `Known` is a function of which nothing is used but
# its derivative, and that it is odd: SymPy is not to rewrite it by rules that nothing else here
# knows.


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


class Symbolic(Protocol):
    """A function in index notation."""

    def __call__(self, z: Expr, /) -> Expr: ...


class OfValues(Protocol):
    """A function in a domain of values."""

    def __call__(self, domain: Domain[V], z: V, /) -> V: ...


@dataclass(frozen=True)
class Elementary:
    """One function of a real number.

    ``commands`` are its names in LaTeX, the first the one it is printed as; ``words`` those in
    upright letters, as in ``\\operatorname{relu}(x)``. ``around`` is how an application is printed
    where that is not a name with parentheses. ``domain`` says of which z it has a value, empty for
    all; ``kink`` that it has one at 0 and no derivative there. ``mistaken`` are the functions that
    people write instead. ``coq`` is what it is called in Coq, empty where it is stated by others,
    or not at all.
    """

    name: str
    commands: tuple[str, ...]
    symbolic: Symbolic
    value: OfValues
    words: tuple[str, ...] = ()
    around: tuple[str, str] | None = None
    domain: str = ""
    kink: bool = False
    mistaken: tuple[str, ...] = ()
    coq: str = ""

    @property
    def spelling(self) -> tuple[str, str]:
        """What stands before its argument and behind it."""
        if self.around is not None:
            return self.around
        name = f"\\{self.commands[0]}" if self.commands else rf"\mathrm{{{self.words[0]}}}"
        return f"{name}(", ")"


def _minus(domain: Domain[V], z: V) -> V:
    return domain.multiply(domain.constant(-1), z)


def _one_and(domain: Domain[V], z: V) -> V:
    return domain.add(domain.constant(1), z)


def _half(domain: Domain[V], z: V) -> V:
    return domain.multiply(domain.constant(Fraction(1, 2)), z)


def _over(domain: Domain[V], left: V, right: V) -> V:
    return domain.multiply(left, domain.power(right, -1))


def _two_exponentials(domain: Domain[V], z: V, sign: int) -> V:
    """e^z + e^-z, or their difference."""
    up, down = domain.exp(z), domain.exp(_minus(domain, z))
    return domain.add(up, domain.multiply(domain.constant(sign), down))


def _exp(domain: Domain[V], z: V, /) -> V:
    return domain.exp(z)


def _log(domain: Domain[V], z: V, /) -> V:
    return domain.log(z)


def _sqrt(domain: Domain[V], z: V, /) -> V:
    return domain.apply(SQUARE_ROOT, z)


def _abs(domain: Domain[V], z: V, /) -> V:
    return domain.multiply(domain.constant(domain.sign(z)), z)


def _sign(domain: Domain[V], z: V, /) -> V:
    return domain.apply(SIGNUM, z)


def _relu(domain: Domain[V], z: V, /) -> V:
    return domain.multiply(domain.constant(int(domain.sign(z) > 0)), z)


def _above(domain: Domain[V], z: V, /) -> V:
    sign = domain.apply(SIGNUM, z)
    return _half(domain, domain.add(sign, domain.power(sign, 2)))


def _not_below(domain: Domain[V], z: V, /) -> V:
    sign = domain.apply(SIGNUM, z)
    return _one_and(domain, _half(domain, domain.add(sign, _minus(domain, domain.power(sign, 2)))))


def _tanh(domain: Domain[V], z: V, /) -> V:
    return _over(domain, _two_exponentials(domain, z, -1), _two_exponentials(domain, z, 1))


def _sinh(domain: Domain[V], z: V, /) -> V:
    return _half(domain, _two_exponentials(domain, z, -1))


def _cosh(domain: Domain[V], z: V, /) -> V:
    return _half(domain, _two_exponentials(domain, z, 1))


def _sigmoid(domain: Domain[V], z: V, /) -> V:
    return _over(domain, domain.exp(z), _one_and(domain, domain.exp(z)))


def _softplus(domain: Domain[V], z: V, /) -> V:
    return domain.add(z, domain.log(_one_and(domain, domain.exp(_minus(domain, z)))))


def _logit(domain: Domain[V], z: V, /) -> V:
    left = _minus(domain, domain.log(_one_and(domain, _minus(domain, z))))
    return domain.add(domain.log(z), left)


EXP = Elementary("exp", ("exp",), exp, _exp, coq="exp")
LOG = Elementary("log", ("log", "ln"), log, _log, domain="z > 0", coq="ln")
SQRT = Elementary(
    "sqrt", (), sqrt, _sqrt, words=("sqrt",), around=(r"\sqrt{", "}"), domain="z >= 0", coq="sqrt"
)
ABS = Elementary(
    "abs",
    (),
    AbsoluteValue,
    _abs,
    words=("abs",),
    around=(r"\lvert ", r" \rvert"),
    kink=True,
    mistaken=("relu",),
    coq="Rabs",
)
SIGN = Elementary("sign", (), Signum, _sign, words=("sign", "sgn"), kink=True)
RELU = Elementary(
    "relu",
    (),
    lambda z: (z + AbsoluteValue(z)) / 2,
    _relu,
    words=("ReLU", "relu"),
    kink=True,
    mistaken=("abs",),
)
ABOVE = Elementary("above", (), Above, _above, around=(r"\mathbb{1}(", " > 0)"), kink=True)
NOT_BELOW = Elementary(
    "not below",
    (),
    lambda z: 1 - Above(-z),
    _not_below,
    around=(r"\mathbb{1}(", r" \ge 0)"),
    kink=True,
)
TANH = Elementary(
    "tanh", ("tanh",), lambda z: 1 - 2 / (1 + exp(2 * z)), _tanh, mistaken=("sigmoid", "cosh")
)
SINH = Elementary(
    "sinh", ("sinh",), lambda z: (exp(2 * z) - 1) / (2 * exp(z)), _sinh, mistaken=("cosh",)
)
COSH = Elementary(
    "cosh", ("cosh",), lambda z: (exp(2 * z) + 1) / (2 * exp(z)), _cosh, mistaken=("sinh",)
)
SIGMOID = Elementary(
    "sigmoid",
    (),
    lambda z: 1 / (1 + exp(-z)),
    _sigmoid,
    words=("sigmoid",),
    mistaken=("tanh", "softplus"),
)
SOFTPLUS = Elementary(
    "softplus",
    (),
    lambda z: log(1 + exp(z)),
    _softplus,
    words=("softplus",),
    mistaken=("sigmoid", "relu"),
)
LOGIT = Elementary(
    "logit", (), lambda z: log(z / (1 - z)), _logit, words=("logit",), domain="0 < z < 1"
)

# Functions of which the derivative is known ------------------------------------------------------

PRIMITIVES: dict[str, Primitive] = {}


def _free(
    name: str,
    command: str,
    ball: Primitive,
    slope: Symbolic,
    words: tuple[str, ...] = (),
    mistaken: tuple[str, ...] = (),
    coq: str = "",
) -> Elementary:
    """A row for a function that is a symbol with a derivative: its balls and both derivatives.

    Those balls say whether it is odd.
    """
    kind: type[Known] = known(name, slope, odd=ball.odd)
    PRIMITIVES[name] = ball

    def value(domain: Domain[V], z: V, /) -> V:
        return domain.apply(ball, z)

    commands = (command,) if command else ()
    return Elementary(name, commands, kind, value, words, mistaken=mistaken, coq=coq)


def _slope_of_sin(domain: Domain[V], z: V, result: V, /) -> V:
    return domain.apply(PRIMITIVES["cos"], z)


def _slope_of_cos(domain: Domain[V], z: V, result: V, /) -> V:
    return _minus(domain, domain.apply(PRIMITIVES["sin"], z))


def _slope_of_arctan(domain: Domain[V], z: V, result: V, /) -> V:
    return domain.power(_one_and(domain, domain.power(z, 2)), -1)


def _slope_of_tan(domain: Domain[V], z: V, result: V, /) -> V:
    return _one_and(domain, domain.power(result, 2))


def _slope_of_arcsin(domain: Domain[V], z: V, result: V, /) -> V:
    under = _one_and(domain, _minus(domain, domain.power(z, 2)))
    return domain.power(domain.apply(SQUARE_ROOT, under), -1)


def _slope_of_arccos(domain: Domain[V], z: V, result: V, /) -> V:
    return _minus(domain, _slope_of_arcsin(domain, z, result))


def _slope_of_erf(domain: Domain[V], z: V, result: V, /) -> V:
    bell = domain.exp(_minus(domain, domain.power(z, 2)))
    root = domain.apply(SQUARE_ROOT, domain.pi())
    return _over(domain, domain.multiply(domain.constant(2), bell), root)


def _slope_of_arcsinh(domain: Domain[V], z: V, result: V, /) -> V:
    under = _one_and(domain, domain.power(z, 2))
    return domain.power(domain.apply(SQUARE_ROOT, under), -1)


SIN = _free(
    "sin",
    "sin",
    Primitive("sin", arb.sin, _slope_of_sin),
    lambda z: COS.symbolic(z),
    mistaken=("cos",),
    coq="sin",
)
COS: Elementary = _free(
    "cos",
    "cos",
    Primitive("cos", arb.cos, _slope_of_cos),
    lambda z: -SIN.symbolic(z),
    mistaken=("sin",),
    coq="cos",
)
ARCTAN = _free(
    "arctan",
    "arctan",
    Primitive("arctan", arb.atan, _slope_of_arctan, odd=True),
    lambda z: 1 / (1 + z**2),
    coq="atan",
)
TAN: Elementary = _free(
    "tan", "tan", Primitive("tan", arb.tan, _slope_of_tan), lambda z: 1 + TAN.symbolic(z) ** 2
)
ARCSIN = _free(
    "arcsin",
    "arcsin",
    Primitive("arcsin", arb.asin, _slope_of_arcsin, odd=True),
    lambda z: 1 / sqrt(1 - z**2),
    mistaken=("arccos",),
)
ARCCOS = _free(
    "arccos",
    "arccos",
    Primitive("arccos", arb.acos, _slope_of_arccos),
    lambda z: -1 / sqrt(1 - z**2),
    mistaken=("arcsin",),
)
ERF = _free(
    "erf",
    "",
    Primitive("erf", arb.erf, _slope_of_erf, odd=True),
    lambda z: 2 * exp(-(z**2)) / sqrt(pi),
    words=("erf",),
)

ARCSINH = _free(
    "arcsinh",
    "arcsinh",
    Primitive("arcsinh", arb.asinh, _slope_of_arcsinh, odd=True),
    lambda z: 1 / sqrt(1 + z**2),
    words=("arsinh", "asinh"),
)

EVERY = (
    *(
        EXP,
        LOG,
        SQRT,
        ABS,
        SIGN,
        RELU,
        ABOVE,
        NOT_BELOW,
        TANH,
        SINH,
        COSH,
        SIGMOID,
        SOFTPLUS,
        LOGIT,
    ),
    *(SIN, COS, TAN, ARCSIN, ARCCOS, ARCTAN, ERF, ARCSINH),
)
ELEMENTARY = {command: each for each in EVERY for command in each.commands}
WORDS = {word: each for each in EVERY for word in each.words}
