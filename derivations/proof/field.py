"""Exact arithmetic at one small instance: a field in which being zero is decidable.

At concrete sizes a term of the fragment is a rational function of coordinates, of exponentials
of polynomials in the coordinates, and of logarithms of such functions. Each exponential of an
argument that is not a rational combination of earlier ones (up to a constant) becomes a fresh
variable, each other one a power product of these; each logarithm is split over the irreducible
factors of its argument, and the logarithm of an irreducible factor becomes a fresh variable. An
application of an arbitrary function, or of a partial derivative of one, is a coordinate of its
own for each choice of arguments that are not equal in this field.

Signs. The logarithm of an irreducible p stands for log|p|, and exp(q log|p|), for whole q, is
|p|^q = (s p)^q with the sign s of p. So are |z|, max, min and cases rational once the sign of z
is known, which is the product of those of its irreducible factors. A sign is certain for
constants, for exponentials, for logarithms of primes, for what is given to be above zero, and for
sums of products of these and of even powers with coefficients of one sign; any other that is needed
is an assumption of the run. Where none was made, `Branch` asks for it, and whoever decides runs all
cases. A logarithm of what is certainly negative, or is so by assumption, has no value.

Why this decides. Sound: every equation used (exp(a + b) = exp(a) exp(b), log|ab| = log|a| +
log|b|, exp(log|p|) = |p|, an arbitrary function has one value at equal arguments) holds for the
functions wherever the signs are as assumed, and log z is log|z| wherever it is real, so a
numerator that is the zero polynomial is the zero function there. Complete: exponentials of
polynomials that are linearly independent over the rationals modulo constants are algebraically
independent over C(coordinates), and logarithms of distinct irreducible polynomials in coordinates
and exponentials, none of them an exponential, are algebraically independent over the field of
those; both are the theorem of Ostrowski and Kolchin (E. R. Kolchin, Algebraic groups and
algebraic dependence, Amer. J. Math. 90 (1968) 1151-1164), the second because a relation would
make sum c_p dp/p a derivative of a field element, which has no simple poles. Arguments that are
different functions differ at almost every point, and a smooth function can be given any values
and any partial derivatives at finitely many points. So a nonzero numerator is a nonzero function
wherever the signs are as assumed, if that is so on some open set: of that a sign pattern alone
says nothing, so what is not zero under an assumption shows no more than where to look for a
witness. Logarithms of rational constants are split over primes; between those, completeness is
claimed for linear relations only (unique factorisation), and exp(1) is transcendental (Hermite).
An exponential of anything but a polynomial in coordinates plus whole multiples of logarithms, or
a logarithm of a logarithm, is refused.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from flint import Ordering, fmpq, fmpq_mpoly, fmpq_mpoly_ctx, fmpz

from derivations.data_conditions import NOTHING_ASSUMED, Assumed
from derivations.proof.domain import Application
from derivations.proof.fragment import NoValue, OutsideFragment

Signs = Mapping[str, int]
Linear = dict[tuple[int, ...], fmpq]


class TooManyVariables(Exception):
    """The ring was laid out for fewer variables than the instance has."""


class Branch(Exception):
    """The sign of a term is needed that is neither certain nor assumed; ``term`` names it."""

    def __init__(self, term: str) -> None:
        super().__init__(term)
        self.term = term


@dataclass(frozen=True, slots=True)
class Value:
    """``numerator`` over a product of irreducible polynomials, by number, with powers."""

    numerator: fmpq_mpoly
    denominator: tuple[tuple[int, int], ...] = ()


class Field:
    """The field of one instance. Variables are named by any hashable key, made on first use.

    ``signs`` are the signs assumed of terms, by the names that `Branch` gives them: the same
    program of operations makes the same names.
    """

    def __init__(
        self, variables: int, signs: Signs | None = None, assumed: Assumed = NOTHING_ASSUMED
    ) -> None:
        self.context = fmpq_mpoly_ctx.get([f"t{n}" for n in range(variables)], Ordering.lex)
        self.variables = variables
        self.signs = signs or {}
        self.assumed = assumed
        self.above_zero: set[int] = set()
        self.constants: dict[Fraction | int, Value] = {}
        self.parameters: dict[Hashable, Value] = {}
        self.numbers: dict[Hashable, int] = {}
        self.coordinates: set[int] = set()
        self.arguments: dict[int, fmpq_mpoly] = {}
        self.logarithms: dict[int, int] = {}
        self.primes: dict[int, int] = {}
        self.applications: dict[str, list[tuple[int | tuple[Value, ...], ...]]] = {}
        self.echelon: list[tuple[tuple[int, ...], Linear, dict[int, fmpq]]] = []
        self.exponentials: list[tuple[fmpq_mpoly, Value]] = []
        self.irreducible: list[fmpq_mpoly] = []
        self.certain: dict[int, int | None] = {}
        self.factored: list[tuple[fmpq_mpoly, fmpq, list[tuple[int, int]]]] = []

    # Elements

    def constant(self, value: Fraction | int) -> Value:
        known = self.constants.get(value)
        if known is None:
            q = fmpq(value.numerator, value.denominator)
            known = self.constants[value] = Value(self.context.constant(q))
        return known

    def parameter(self, key: Hashable) -> Value:
        """A coordinate, or a value of an arbitrary function: a variable of its own."""
        known = self.parameters.get(key)
        if known is None:
            known = self.parameters[key] = self._left_over(key) or self._coordinate(key)
        return known

    def _coordinate(self, key: Hashable) -> Value:
        number = self._number(self.assumed.coordinate(key))
        self.coordinates.add(number)
        if self.assumed.is_positive(key):
            self.above_zero.add(number)
        return Value(self.context.gen(number))

    def _left_over(self, key: Hashable) -> Value | None:
        """What others determine: a number less their sum."""
        left_over = self.assumed.left_over(key)
        if left_over is None:
            return None
        result = self.constant(left_over[0])
        for other in left_over[1]:
            result = self.add(result, self.multiply(self.constant(-1), self.parameter(other)))
        return result

    def _number(self, key: Hashable) -> int:
        number = self.numbers.setdefault(key, len(self.numbers))
        if number >= self.variables:
            raise TooManyVariables
        return number

    def is_zero(self, value: Value) -> bool:
        return bool(value.numerator.is_zero())

    def equal(self, left: Value, right: Value) -> bool:
        """Whether two elements are the same one."""
        if left.denominator == right.denominator:
            return bool(left.numerator == right.numerator)
        return self.is_zero(self.add(left, self.multiply(self.constant(-1), right)))

    def arbitrary(self, application: Application[Value]) -> Value:
        """A coordinate of its own for each choice of arguments that are not equal."""
        known = self.applications.setdefault(application.function, [])
        given = application.arguments
        number = next((n for n, each in enumerate(known) if self._same(each, given)), len(known))
        if number == len(known):
            known.append(given)
        return self.parameter((application.function, application.partials, number))

    def _same(
        self,
        left: tuple[int | tuple[Value, ...], ...],
        right: tuple[int | tuple[Value, ...], ...],
    ) -> bool:
        """Whether these are the same arguments."""
        for one, other in zip(left, right, strict=True):
            if isinstance(one, int) or isinstance(other, int):
                if one != other:
                    return False
            elif len(one) != len(other) or not all(map(self.equal, one, other)):
                return False
        return True

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
        content, parts = self._factored(polynomial)
        factors = []
        for part, power in parts:
            lead = part.leading_coefficient()
            content *= lead**power
            factors.append((self._irreducible(part / lead), power))
        self.factored.append((polynomial, content, factors))
        return content, factors

    def _factored(self, polynomial: fmpq_mpoly) -> tuple[fmpq, list[tuple[fmpq_mpoly, int]]]:
        """Content and irreducible factors; of one term, and of a linear sum, they can be seen."""
        if polynomial.total_degree() == 1 and len(polynomial) > 1:
            return fmpq(1), [(polynomial, 1)]
        if len(polynomial) == 1:
            ((powers, content),) = polynomial.terms()
            generators = ((self.context.gen(n), int(q)) for n, q in enumerate(powers) if q)
            return content, [*generators]
        content, parts = polynomial.factor()
        return content, [(part, int(power)) for part, power in parts]

    def _irreducible(self, monic: fmpq_mpoly) -> int:
        if monic not in self.irreducible:
            self.irreducible.append(monic)
        return self.irreducible.index(monic)

    # Signs

    def sign(self, value: Value) -> int:
        """The sign of an element; raises Branch where it is neither certain nor assumed."""
        if self.is_zero(value):
            return 0
        result = self._content_sign(value)
        for number in self._odd_factors(value):
            result *= self._required_sign(number)
        return result

    def _certainly_negative(self, value: Value) -> bool:
        """Whether an element is negative by what is certain or assumed."""
        result = self._content_sign(value)
        for number in self._odd_factors(value):
            sign = self._sign_of(number)
            if sign is None:
                return False
            result *= sign
        return result < 0

    def _content_sign(self, value: Value) -> int:
        content, _ = self._factors(value.numerator)
        return 1 if content > 0 else -1

    def _odd_factors(self, value: Value) -> list[int]:
        """The irreducible factors with odd powers, above and below."""
        _, factors = self._factors(value.numerator)
        return [number for number, power in (*factors, *value.denominator) if power % 2]

    def _required_sign(self, number: int) -> int:
        sign = self._sign_of(number)
        if sign is None:
            raise Branch(str(self.irreducible[number]))
        return sign

    def _sign_of(self, number: int) -> int | None:
        """The sign of an irreducible polynomial, as far as it is certain or assumed."""
        if number not in self.certain:
            self.certain[number] = self._certain_sign(self.irreducible[number])
        certain = self.certain[number]
        if certain is None and self.signs:
            return self.signs.get(str(self.irreducible[number]))
        return certain

    def _certain_sign(self, polynomial: fmpq_mpoly) -> int | None:
        """The sign that all terms have, made of even powers and of what is positive."""
        signs = set()
        for monomial, coefficient in polynomial.to_dict().items():
            odd = (n for n, power in enumerate(monomial) if power % 2)
            if not all(
                n in self.arguments or n in self.primes or n in self.above_zero for n in odd
            ):
                return None
            signs.add(coefficient > 0)
        return (1 if signs.pop() else -1) if len(signs) == 1 else None

    # Exponentials and logarithms

    def exp(self, value: Value) -> Value:
        """A power product of exponential variables and of what logarithms are of."""
        for argument, known in self.exponentials:
            if argument == value.numerator and not value.denominator:
                return known
        result = self._exp(self._reduced(value))
        if not value.denominator:
            self.exponentials.append((value.numerator, result))
        return result

    def _exp(self, value: Value) -> Value:
        if value.denominator:
            raise OutsideFragment("exponential of something other than a polynomial")
        rest: Linear = value.numerator.to_dict()
        result = self.constant(1)
        for number, q in self._without_logarithms(rest).items():
            result = self.multiply(result, self._power_of_argument(number, q))
        if not self._only_coordinates(self.context.from_dict(rest)):
            raise OutsideFragment("exponential of something other than a polynomial")
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
        for number, q in powers.items():
            if q.q != 1:
                raise OutsideFragment("exponentials with a fractional ratio of arguments")
            result = self.multiply(result, self.power(Value(self.context.gen(number)), int(q.p)))
        return result

    def _without_logarithms(self, rest: Linear) -> dict[int, fmpq]:
        """Take rational multiples of logarithms out of a sum: their variables and coefficients."""
        found: dict[int, fmpq] = {}
        if not (self.logarithms or self.primes):
            return found
        for monomial in list(rest):
            if sum(monomial) == 1:
                number = monomial.index(1)
                if number in self.logarithms or number in self.primes:
                    found[number] = rest.pop(monomial)
        return found

    def _power_of_argument(self, number: int, q: fmpq) -> Value:
        """What a logarithm is of, in absolute value, to the power ``q``."""
        if q.q != 1:
            raise OutsideFragment("a root, as the exponential of a fraction of a logarithm")
        power = int(q.p)
        if number in self.primes:
            return self.power(self.constant(self.primes[number]), power)
        term = self.logarithms[number]
        sign = self._required_sign(term) if power % 2 else 1
        argument = Value(self.irreducible[term])
        return self.multiply(self.constant(sign), self.power(argument, power))

    def log(self, value: Value) -> Value:
        """The logarithm of the absolute value, split over irreducible factors.

        Raises NoValue where the argument is certainly negative.
        """
        if self.is_zero(value):
            raise ZeroDivisionError
        if self._certainly_negative(value):
            raise NoValue("the logarithm of a negative number")
        content, factors = self._factors(value.numerator)
        result = self._log_constant(content)
        for number, power in (*factors, *((n, -q) for n, q in value.denominator)):
            part = self._log_irreducible(number)
            result = self.add(result, self.multiply(self.constant(power), part))
        return result

    def _log_constant(self, content: fmpq) -> Value:
        result = self.constant(0)
        for integer, sign in ((content.p, 1), (content.q, -1)):
            for prime, power in fmpz(abs(int(integer))).factor():
                number = self._number(("log", int(prime)))
                self.primes[number] = int(prime)
                times = self.constant(sign * int(power))
                result = self.add(result, self.multiply(times, Value(self.context.gen(number))))
        return result

    def _log_irreducible(self, irreducible: int) -> Value:
        monic = self.irreducible[irreducible]
        for number, argument in self.arguments.items():
            if monic == self.context.gen(number):
                return Value(argument)
        allowed = self.coordinates | set(self.arguments)
        if not self._uses_only(monic, allowed):
            raise OutsideFragment("logarithm of a logarithm")
        number = self._number(("log", str(monic)))
        self.logarithms[number] = irreducible
        return Value(self.context.gen(number))

    def _reduced(self, value: Value) -> Value:
        """The same without the factors that numerator and denominator share."""
        if not value.denominator or self.is_zero(value):
            return Value(value.numerator)
        return self.power(self.power(value, -1), -1)

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
