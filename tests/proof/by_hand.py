"""Claims and judgements that tests write out by hand."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Mapping
from fractions import Fraction
from functools import cache
from typing import Any

import mpmath
from sympy import (
    Abs,
    Add,
    Derivative,
    Expr,
    Indexed,
    Integer,
    KroneckerDelta,
    Max,
    Min,
    Mul,
    Piecewise,
    Pow,
    Sum,
    Symbol,
    exp,
    log,
)

from derivations.claim import Claim, Condition, Judgement, Verdict, Witness
from derivations.indices import Index, IndexSet, WordArray
from derivations.language.index_nodes import Defined, Opaque
from derivations.language.tree import Array
from derivations.proof.field import Field, Finer, Value
from derivations.proof.judge import judge

# Verdicts, and rows of which there is at least one, with indices of them.


PROVED, REFUTED, UNDECIDED = Verdict.PROVED, Verdict.REFUTED, Verdict.UNDECIDED
n = Symbol("n", integer=True, positive=True)
ROWS = IndexSet("row", Integer(1), n)
h, i, j, k = (Index(name, ROWS) for name in "hijk")


# The value of either side of a claim at a witness, worked out with floats of 50 digits.
#
# Nothing here is shared with the arguments it checks: derivatives are difference quotients, signs
# are those of the numbers, an arbitrary function is the linear one that the witness describes.


STEP = mpmath.mpf(10) ** -15
Env = Mapping[Any, Any]


class ByHand:
    """Evaluates at one witness."""

    def __init__(self, witness: Witness) -> None:
        self.sizes = witness.sizes
        self.words = {_key(name): word for name, word in witness.words.items()}
        self.start = {_key(name): _number(text) for name, text in witness.values.items()}
        self.values = dict(self.start)

    def value(self, node: Any, env: Env) -> Any:
        match node:
            case Add():
                return sum((self.value(part, env) for part in node.args), mpmath.mpf(0))
            case Mul():
                return self._product(node, env)
            case Pow():
                return mpmath.power(self.value(node.base, env), self.value(node.exp, env))
            case exp() | log():
                return getattr(mpmath, node.func.__name__)(self.value(node.args[0], env))
            case Abs() | Min() | Max():
                rule: Any = {Abs: abs, Min: min, Max: max}[node.func]
                return rule(*(self.value(part, env) for part in node.args))
            case Piecewise():
                return next(self.value(v, env) for v, when in node.args if self._true(when, env))
            case KroneckerDelta():
                return mpmath.mpf(self.place(node.args[0], env) == self.place(node.args[1], env))
            case Sum():
                return self._sum(node, env)
            case Derivative():
                return self._slope(node.expr, node.variables[0], env)
            case Indexed():
                return self.values[(node.base.name, self.places(node.indices, env))]
            case Defined():
                entered = {p: self._entered(p, a, env) for p, a in self._arguments(node)}
                return self.value(node.body, entered)
            case Opaque():
                return self._linear(type(node).__name__, self.places(node.args, env))
        if node.is_Rational:
            return mpmath.mpf(int(node.p)) / int(node.q)
        if node.is_integer:
            return mpmath.mpf(self.place(node, env))
        return env[node] if node in env else self.values[(node.name, ())]

    def place(self, node: Any, env: Env) -> int:
        if node in env:
            return int(env[node])
        if isinstance(node, Indexed) and isinstance(node.base, WordArray):
            return self.words[(node.base.name, self.places(node.indices, env))]
        if node.is_Symbol:
            return self.sizes[node.name] if node.name in self.sizes else self.words[(node.name, ())]
        if node.is_Integer:
            return int(node)
        parts = [self.place(part, env) for part in node.args]
        return sum(parts) if node.is_Add else parts[0] * parts[1]

    def places(self, nodes: Any, env: Env) -> tuple[int, ...]:
        return tuple(self.place(node, env) for node in nodes)

    def _product(self, node: Any, env: Env) -> Any:
        """Stops at zero: a place that is left out of a sum may have no word."""
        result = mpmath.mpf(1)
        for part in sorted(node.args, key=lambda part: bool(part.has(Indexed, Defined, Opaque))):
            result *= self.value(part, env)
            if result == 0:
                break
        return result

    def _sum(self, node: Any, env: Env) -> Any:
        *inner, (index, lower, upper) = node.limits
        body = node.func(node.function, *inner) if inner else node.function
        members = range(self.place(lower, env), self.place(upper, env) + 1)
        return sum((self.value(body, {**env, index: n}) for n in members), mpmath.mpf(0))

    def _true(self, condition: Any, env: Env) -> bool:
        if condition.is_Boolean and not condition.args:
            return bool(condition)
        left, right = (self.value(side, env) for side in condition.args)
        return bool({">=": left >= right, "<": left < right}[condition.rel_op])

    def _arguments(self, node: Any) -> Any:
        return zip(node.params, node.args, strict=True)

    def _entered(self, parameter: Any, argument: Any, env: Env) -> Any:
        return self.place(argument, env) if parameter.is_integer else self.value(argument, env)

    def _slope(self, function: Any, by: Any, env: Env) -> Any:
        """The difference quotient; what is not among the values is not depended on."""
        is_entry = isinstance(by, Indexed)
        key = (by.base.name, self.places(by.indices, env)) if is_entry else (by.name, ())
        middle = self.values.setdefault(key, mpmath.mpf(0))
        ends = []
        for step in (STEP, -STEP):
            self.values[key] = middle + step
            ends.append(self.value(function, env))
        self.values[key] = middle
        return (ends[0] - ends[1]) / (2 * STEP)

    def _linear(self, name: str, places: tuple[int, ...]) -> Any:
        """The function with the value and the partial derivatives that the witness gives."""
        result = self.start[(name, places)]
        for (entry, at), slope in self.start.items():
            partial = re.fullmatch(f"∂{re.escape(name)}/∂(.)", entry)
            if partial and at[: len(places)] == places:
                matrix, rest = partial[1], at[len(places) :]
                key = (matrix, rest if matrix == "U" else (places[0], *rest))
                result += slope * (self.values.get(key, 0) - self.start.get(key, 0))
        return result


def _key(name: str) -> tuple[str, tuple[int, ...]]:
    base, _, places = name.rstrip("]").partition("[")
    return base, tuple(int(place) for place in places.split(",") if place)


def _number(text: str) -> Any:
    over, _, under = text.partition("/")
    return mpmath.mpf(over) / mpmath.mpf(under or "1")


# Judgements that several tests look at, each made once.


@cache
def judged(claim: Claim) -> Judgement:
    return judge(claim)


def equality(left: Expr, right: Expr | int, *conditions: Condition) -> Claim:
    """A claim made up for a test."""
    return Claim("made.up", "", "", "", Array(left), Array(Integer(0) + right), conditions)


# Values of a domain with the usual signs, so that a test reads as mathematics.


class Number:
    """A value of a domain, written with the usual signs."""

    def __init__(self, domain: Any, value: Any) -> None:
        self.domain, self.value = domain, value

    def _lift(self, other: Any) -> Any:
        return other.value if isinstance(other, Number) else self.domain.constant(Fraction(other))

    def __add__(self, other: Any) -> Number:
        return Number(self.domain, self.domain.add(self.value, self._lift(other)))

    def __mul__(self, other: Any) -> Number:
        return Number(self.domain, self.domain.multiply(self.value, self._lift(other)))

    def __pow__(self, exponent: int) -> Number:
        return Number(self.domain, self.domain.power(self.value, exponent))

    def __neg__(self) -> Number:
        return self * -1

    def __sub__(self, other: Any) -> Number:
        return self + (-other if isinstance(other, Number) else -Fraction(other))

    def __truediv__(self, other: Number) -> Number:
        return self * other**-1

    __radd__, __rmul__ = __add__, __mul__


def exp_of_number(number: Number) -> Number:
    return Number(number.domain, number.domain.exp(number.value))


def log_of_number(number: Number) -> Number:
    return Number(number.domain, number.domain.log(number.value))


def sqrt(number: Number) -> Number:
    return Number(number.domain, number.domain.sqrt(number.value))


def one(number: Number) -> Number:
    return Number(number.domain, number.domain.constant(1))


def sigma(number: Number) -> Number:
    return one(number) / (1 + exp_of_number(-number))


Expression = Callable[[Number, Number, Number], Number]


def at(expression: Expression) -> tuple[Field, Value]:
    """The value of ``expression`` at three coordinates of a fresh field."""
    finer: dict[Hashable, int] = {}
    while True:
        field = Field(24, finer=finer)
        try:
            result = expression(*(Number(field, field.parameter(name)) for name in "xyz"))
        except Finer as wanted:
            finer[wanted.key] = finer.get(wanted.key, 1) * wanted.by
        else:
            return field, result.value
