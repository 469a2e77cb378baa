"""Exact arithmetic at one small instance: a field in which being zero is decidable.

At concrete sizes a term of the fragment is a rational function of coordinates, of exponentials
of polynomials in the coordinates, and of logarithms of such functions. Each exponential of an
argument that is not a rational combination of earlier ones (up to a constant) becomes a fresh
variable, each other one a power product of these; each logarithm is split over the irreducible
factors of its argument, and the logarithm of an irreducible factor becomes a fresh variable.

Why this decides. Sound: every equation used (exp(a + b) = exp(a) exp(b), log|ab| = log|a| +
log|b|) holds for the functions, so a numerator that is the zero polynomial is the zero
function. Complete: exponentials of polynomials that are linearly independent over the rationals
modulo constants are algebraically independent over C(coordinates), and logarithms of distinct
irreducible polynomials in coordinates and exponentials, none of them an exponential, are
algebraically independent over the field of those; both are the theorem of Ostrowski and Kolchin
(E. R. Kolchin, Algebraic groups and algebraic dependence, Amer. J. Math. 90 (1968) 1151-1164),
the second because a relation would make sum c_p dp/p a derivative of a field element, which has
no simple poles. So a nonzero numerator is a nonzero function. Logarithms of rational constants
are split over primes; between those, completeness is claimed for linear relations only (unique
factorisation), and exp(1) is transcendental (Hermite). An exponential of anything but a
polynomial in coordinates, or a logarithm of a logarithm, is refused.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from fractions import Fraction

from flint import Ordering, fmpq, fmpq_mpoly, fmpq_mpoly_ctx, fmpz

from derivations.proof.fragment import OutsideFragment

Linear = dict[tuple[int, ...], fmpq]


class TooManyVariables(Exception):
    """The ring was laid out for fewer variables than the instance has."""


@dataclass(frozen=True, slots=True)
class Value:
    """``numerator`` over a product of irreducible polynomials, by number, with powers."""

    numerator: fmpq_mpoly
    denominator: tuple[tuple[int, int], ...] = ()


class Field:
    """The field of one instance. Variables are named by any hashable key, made on first use."""

    def __init__(self, variables: int) -> None:
        self.context = fmpq_mpoly_ctx.get([f"t{n}" for n in range(variables)], Ordering.lex)
        self.variables = variables
        self.numbers: dict[Hashable, int] = {}
        self.coordinates: set[int] = set()
        self.arguments: dict[int, fmpq_mpoly] = {}
        self.echelon: list[tuple[tuple[int, ...], Linear, dict[int, fmpq]]] = []
        self.exponentials: list[tuple[fmpq_mpoly, Value]] = []
        self.irreducible: list[fmpq_mpoly] = []
        self.factored: list[tuple[fmpq_mpoly, fmpq, list[tuple[int, int]]]] = []

    # Elements

    def constant(self, value: Fraction | int) -> Value:
        if isinstance(value, int):
            return Value(self.context.constant(value))
        q = value
        return Value(self.context.constant(fmpq(q.numerator, q.denominator)))

    def parameter(self, key: Hashable) -> Value:
        """A coordinate, or a value of an arbitrary function: a variable of its own."""
        number = self._number(key)
        self.coordinates.add(number)
        return Value(self.context.gen(number))

    def _number(self, key: Hashable) -> int:
        number = self.numbers.setdefault(key, len(self.numbers))
        if number >= self.variables:
            raise TooManyVariables
        return number

    def is_zero(self, value: Value) -> bool:
        return bool(value.numerator.is_zero())

    def arbitrary(self, name: str, indices: tuple[int, ...], rows: dict[str, int | None]) -> Value:
        """A value of an arbitrary function, unrelated to every other value."""
        return self.parameter((name, indices))

    # Field operations

    def add(self, left: Value, right: Value) -> Value:
        if left.denominator == right.denominator:
            return Value(left.numerator + right.numerator, left.denominator)
        if self.is_zero(left) or self.is_zero(right):
            return right if self.is_zero(left) else left
        a, b = dict(left.denominator), dict(right.denominator)
        common = {n: max(a.get(n, 0), b.get(n, 0)) for n in a.keys() | b.keys()}
        p = self._times(left.numerator, {n: q - a.get(n, 0) for n, q in common.items()})
        r = self._times(right.numerator, {n: q - b.get(n, 0) for n, q in common.items()})
        return Value(p + r, tuple(sorted(common.items())))

    def multiply(self, left: Value, right: Value) -> Value:
        if not right.denominator:
            return Value(left.numerator * right.numerator, left.denominator)
        powers = dict(left.denominator)
        for number, power in right.denominator:
            powers[number] = powers.get(number, 0) + power
        return Value(left.numerator * right.numerator, tuple(sorted(powers.items())))

    def power(self, value: Value, exponent: int) -> Value:
        if exponent < 0:
            return self.power(self._inverse(value), -exponent)
        below = tuple((n, q * exponent) for n, q in value.denominator) if exponent else ()
        return Value(value.numerator**exponent, below)

    def _inverse(self, value: Value) -> Value:
        if self.is_zero(value):
            raise ZeroDivisionError
        content, factors = self._factors(value.numerator)
        powers = dict(factors)
        below = dict(value.denominator)
        shared = {n: min(powers.get(n, 0), below.get(n, 0)) for n in below}
        above = self._times(
            self.context.constant(1 / content), {n: q - shared[n] for n, q in below.items()}
        )
        left = {n: q - shared.get(n, 0) for n, q in powers.items()}
        return Value(above, tuple(sorted((n, q) for n, q in left.items() if q)))

    def _times(self, polynomial: fmpq_mpoly, powers: dict[int, int]) -> fmpq_mpoly:
        for number, power in powers.items():
            if power:
                factor = self.irreducible[number]
                polynomial = polynomial * (factor if power == 1 else factor**power)
        return polynomial

    def _factors(self, polynomial: fmpq_mpoly) -> tuple[fmpq, list[tuple[int, int]]]:
        """Content and irreducible monic factors, by number."""
        for known, content, factors in self.factored:
            if known == polynomial:
                return content, factors
        content, parts = polynomial.factor()
        factors = []
        for part, power in parts:
            lead = part.leading_coefficient()
            content *= lead ** int(power)
            factors.append((self._irreducible(part / lead), int(power)))
        self.factored.append((polynomial, content, factors))
        return content, factors

    def _irreducible(self, monic: fmpq_mpoly) -> int:
        if monic not in self.irreducible:
            self.irreducible.append(monic)
        return self.irreducible.index(monic)

    # Exponentials and logarithms

    def exp(self, value: Value) -> Value:
        """A power product of exponential variables."""
        for argument, known in self.exponentials:
            if argument == value.numerator and not value.denominator:
                return known
        result = self._exp(value)
        self.exponentials.append((value.numerator, result))
        return result

    def _exp(self, value: Value) -> Value:
        if value.denominator or not self._only_coordinates(value.numerator):
            raise OutsideFragment("exponential of something other than a polynomial")
        rest: Linear = value.numerator.to_dict()
        powers: dict[int, fmpq] = {}
        for pivot, row, combination in self.echelon:
            factor = rest.get(pivot)
            if factor is not None:
                _subtract(rest, row, factor)
                for number, q in combination.items():
                    powers[number] = powers.get(number, fmpq(0)) + factor * q
        constant = rest.pop((0,) * self.variables, None)
        if constant is not None:
            number = self._number("e")
            self.arguments[number] = self.context.constant(1)
            powers[number] = powers.get(number, fmpq(0)) + constant
        if rest:
            pivot = max(rest)
            lead = rest[pivot]
            number = self._number(("exp", len(self.echelon)))
            row = {monomial: q / lead for monomial, q in rest.items()}
            self.arguments[number] = self.context.from_dict(row) / fmpq(lead.q)
            self.echelon.append((pivot, row, {number: fmpq(lead.q)}))
            powers[number] = fmpq(lead.p)
        result = self.constant(1)
        for number, q in powers.items():
            if q.q != 1:
                raise OutsideFragment("exponentials with a fractional ratio of arguments")
            result = self.multiply(result, self.power(Value(self.context.gen(number)), int(q.p)))
        return result

    def log(self, value: Value) -> Value:
        """The logarithm of the absolute value, split over irreducible factors."""
        if self.is_zero(value):
            raise ZeroDivisionError
        content, factors = self._factors(value.numerator)
        result = self._log_constant(content)
        for number, power in (*factors, *((n, -q) for n, q in value.denominator)):
            part = self._log_irreducible(self.irreducible[number])
            result = self.add(result, self.multiply(self.constant(power), part))
        return result

    def _log_constant(self, content: fmpq) -> Value:
        result = self.constant(0)
        for integer, sign in ((content.p, 1), (content.q, -1)):
            for prime, power in fmpz(abs(int(integer))).factor():
                atom = Value(self.context.gen(self._number(("log", int(prime)))))
                times = self.constant(sign * int(power))
                result = self.add(result, self.multiply(times, atom))
        return result

    def _log_irreducible(self, monic: fmpq_mpoly) -> Value:
        for number, argument in self.arguments.items():
            if monic == self.context.gen(number):
                return Value(argument)
        allowed = self.coordinates | set(self.arguments)
        if not self._uses_only(monic, allowed):
            raise OutsideFragment("logarithm of a logarithm")
        return Value(self.context.gen(self._number(("log", str(monic)))))

    def _only_coordinates(self, polynomial: fmpq_mpoly) -> bool:
        return self._uses_only(polynomial, self.coordinates)

    def _uses_only(self, polynomial: fmpq_mpoly, allowed: set[int]) -> bool:
        degrees = polynomial.degrees()
        return all(n in allowed for n, degree in enumerate(degrees) if degree > 0)


def _subtract(target: Linear, row: Linear, factor: fmpq) -> None:
    for monomial, q in row.items():
        left = target.get(monomial, fmpq(0)) - factor * q
        if left == 0:
            target.pop(monomial, None)
        else:
            target[monomial] = left
