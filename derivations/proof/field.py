"""Exact arithmetic at one small instance: a field in which being zero is decidable.

At concrete sizes a term of the fragment is made of coordinates by the operations of a field,
exponentials, logarithms and square roots, which may stand within one another (a tower). Each
exponential of an argument that is not a rational combination of earlier ones and of logarithms
(up to a constant) becomes a fresh variable, each other one a power product of these and of what
the logarithms are of (`Basis`); where such a power is a fraction the run begins again with
a finer variable (`Finer`). Each logarithm is split over the irreducible factors of its argument,
and the logarithm of an irreducible factor becomes a fresh variable. The square root of an
irreducible p is a variable r with r^2 = |p|: numerators have no higher powers of it and
denominators none at all (they are multiplied by conjugates). An application of an arbitrary
function, or of a partial derivative of one, is a coordinate of its own for each choice of arguments
that are not equal in this field, and so is one of a function of which only the derivative is known,
or that and that it is odd.
Sines and cosines are rational functions of tangents of half an angle, one for each angle that is no
rational combination of earlier ones (`domain.py`).

A number that is 0 or 1, or is -1 or 1, is a variable of which numerators have no higher power than
the first (y^2 = y, y^2 = 1): a polynomial that is linear in each of these is zero at all of their
values only if it is zero. A function f of what depends on such a y is (1 - y) f(0) + y f(1), or
((1 - y) f(-1) + (1 + y) f(1)) / 2, where both have values: so are exponentials, logarithms and what
is divided by taken apart, but of more than `MOST_OF_TWO` such numbers. One between a and b is
(a + b t) / (1 + t) for a variable t above zero.

Signs. The logarithm of an irreducible p stands for log|p|, and exp(q log|p|), for 2q whole, is
|p|^q = (s p)^q with the sign s of p. So are |z|, max, min and cases rational once the sign of z is
known, which is the product of those of its irreducible factors. A sign is certain for constants,
for exponentials, for roots, for logarithms of primes, for what is given to be above zero, and for
sums of products of these and of even powers with coefficients of one sign; any other that is needed
is an assumption of the run. Where none was made, `Branch` asks for it, and whoever decides runs all
cases but those in which signs contradict one another by linear arithmetic in products of variables
(`claim.py`): no numbers are in these. A logarithm of what is certainly negative, or is so
by assumption, has no value. Zero itself is a case for a sign that was written: there the remainder
of a numerator by what is assumed to vanish has to be zero, and stands for it in exponents.

Why this decides. Sound: every equation used (exp(a + b) = exp(a) exp(b), log|ab| = log|a| +
log|b|, exp(log|p|) = |p|, r^2 = |p|, an arbitrary function has one value at equal arguments) holds
for the functions wherever the signs are as assumed, and log z is log|z| wherever it is real, so a
numerator that is the zero polynomial is the zero function there. Complete for exponentials and
logarithms: an exponential of an element of a tower that is no rational combination of the
arguments of exponentials and of the logarithms in it, up to a constant, is transcendental over
it, and so is a logarithm of what is no power product of exponentials and of arguments of logarithms
(R. H. Risch, Algebraic properties of the elementary functions of analysis, Amer. J. Math. 101
(1979) 743-759; M. Rothstein and B. F. Caviness, A structure theorem for exponential and primitive
functions, SIAM J. Comput. 8 (1979) 357-367; of exponentials of polynomials alone, E. R. Kolchin,
Algebraic groups and algebraic dependence, Amer. J. Math. 90 (1968) 1151-1164). So the variables
are independent, factorisation in the ring is that of functions, and distinct irreducible
polynomials are no squares and multiplicatively independent. Arguments that are different functions
differ at almost every point, and a smooth function can be given any values and any partial
derivatives at finitely many points. So a nonzero numerator is a nonzero function wherever the signs
are as assumed, if that is so on some open set: of that a sign pattern alone says nothing, so what
is not zero under an assumption shows no more than where to look for a witness.

Where this does not decide, ``complete`` is no longer true, and what is not zero is only where to
look for a witness, too: numbers that are one of two, where a function of these is not taken apart;
factors that have roots in them, as under a root in a root, since the ring with roots has no unique
factorisation; constants that are exponentials of more than a rational number, and pi, of which no
more is known; functions of which only the derivative is. Logarithms of rational constants are split
over primes; between those, completeness is claimed for linear relations only (unique
factorisation), and exp(1) is transcendental (Hermite).

Linear dependence over the rationals (echelon form). Elements are brought over one common
denominator, which grows as denominators are met; over it an element is the vector of coefficients
of its numerator. Whoever asks names each element of the basis by a number; `split` takes another
one apart into rational multiples of these and a rest, which is zero exactly where the element
depends on the basis.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce

from flint import Ordering, fmpq, fmpq_mpoly, fmpq_mpoly_ctx, fmpz

from derivations.claim import NOTHING_ASSUMED, Assumed, Signed, possible
from derivations.proof import domain
from derivations.proof.domain import Application, Primitive, of_turn
from derivations.proof.domain import angle_sum as added
from derivations.proof.domain import multiple_angle as multiple
from derivations.proof.domain import quarter_turn as quarter
from derivations.proof.fragment import NoValue, OutsideFragment

Linear = dict[tuple[int, ...], fmpq]
Powers = dict[int, int]  # of irreducible polynomials, by number
Times = Callable[[fmpq_mpoly, Powers], fmpq_mpoly]


@dataclass(frozen=True)
class _Row:
    """A combination of the basis that has one at its pivot."""

    pivot: tuple[int, ...]
    vector: Linear
    combination: Mapping[int, fmpq]


class Basis:
    """Elements that are independent; ``times`` multiplies a polynomial by powers of factors."""

    def __init__(self, times: Times) -> None:
        self.times = times
        self.below: Powers = {}
        self.elements: dict[int, tuple[fmpq_mpoly, Powers]] = {}
        self.rows: list[_Row] = []

    def split(self, numerator: fmpq_mpoly, below: Powers) -> tuple[dict[int, fmpq], Linear]:
        """The multiples of the basis that an element has in it, and what is left over."""
        if any(power > self.below.get(number, 0) for number, power in below.items()):
            for number, power in below.items():
                self.below[number] = max(power, self.below.get(number, 0))
            self.rows = []
            for number, element in self.elements.items():
                self._append(number, *element)
        rest = self._vector(numerator, below)
        found: dict[int, fmpq] = {}
        for row in self.rows:
            factor = rest.get(row.pivot)
            if factor is not None:
                _subtract(rest, row.vector, factor)
                for number, q in row.combination.items():
                    found[number] = found.get(number, fmpq(0)) + factor * q
        return {number: q for number, q in found.items() if q != 0}, rest

    def add(self, number: int, numerator: fmpq_mpoly, below: Powers) -> None:
        """One element more, which does not depend on those that are there."""
        self.elements[number] = (numerator, dict(below))
        self._append(number, numerator, below)

    def _append(self, number: int, numerator: fmpq_mpoly, below: Powers) -> None:
        found, rest = self.split(numerator, below)
        pivot = max(rest)
        lead = rest[pivot]
        combination = {number: 1 / lead, **{n: -q / lead for n, q in found.items()}}
        self.rows.append(_Row(pivot, {m: q / lead for m, q in rest.items()}, combination))

    def _vector(self, numerator: fmpq_mpoly, below: Powers) -> Linear:
        missing = {n: power - below.get(n, 0) for n, power in self.below.items()}
        found: Linear = self.times(numerator, missing).to_dict()
        return found


def _subtract(target: Linear, row: Linear, factor: fmpq) -> None:
    for monomial, q in row.items():
        left = target.get(monomial, fmpq(0)) - factor * q
        if left == 0:
            target.pop(monomial, None)
        else:
            target[monomial] = left


Signs = Mapping[str, int]
# of a term that is not zero, and of one of which zero is a case, too: 2 where it has been one
SIGNS, APART = (-1, 1), (-2, 0, 2)
CONSTANT, PI, ANGLE = -1, "π", "\\angle"
MOST_FACTORED = 4000  # the degree of what is divided by: two seconds, and it grows fast
MOST_OF_TWO = 6  # numbers of two values, by all of which a function is taken apart


class TooManyVariables(Exception):
    """The ring was laid out for fewer variables than the instance has."""


class Branch(Exception):
    """The sign of a term is needed that is neither certain nor assumed; ``term`` names it."""

    def __init__(self, term: str, signs: tuple[int, ...] = SIGNS) -> None:
        super().__init__(term)
        self.term, self.signs = term, signs


class Finer(OutsideFragment):
    """A fraction of the argument of an exponential is needed: ``key`` names it."""

    def __init__(self, key: Hashable, by: int) -> None:
        super().__init__("exponentials with a fractional ratio of arguments")
        self.key, self.by = key, by


@dataclass(frozen=True, slots=True)
class Value:
    """``numerator`` over a product of irreducible polynomials, by number, with powers."""

    numerator: fmpq_mpoly
    denominator: tuple[tuple[int, int], ...] = ()


def _signed(polynomial: fmpq_mpoly, sign: int) -> Signed:
    """A polynomial as a linear form in products of variables."""
    terms = polynomial.to_dict().items()
    form: dict[Hashable, Fraction] = {
        key: Fraction(int(q.p), int(q.q)) for key, q in terms if any(key)
    }
    constant = next((q for key, q in terms if not any(key)), fmpq(0))
    sign = (sign > 0) - (sign < 0)
    return Signed(form, Fraction(int(constant.p), int(constant.q)), sign)


class Field:
    """The field of one instance. Variables are named by any hashable key, made on first use.

    ``signs`` are the signs assumed of terms, by the names that `Branch` gives them: the same
    program of operations makes the same names. ``finer`` has what arguments of exponentials are
    divided by, by the names that `Finer` gives them. ``complete`` says that what is not zero here
    is not the zero function, either.
    """

    def __init__(
        self,
        variables: int,
        signs: Signs | None = None,
        assumed: Assumed = NOTHING_ASSUMED,
        finer: Mapping[Hashable, int] | None = None,
    ) -> None:
        self.context = fmpq_mpoly_ctx.get([f"t{n}" for n in range(variables)], Ordering.lex)
        self.variables = variables
        self.signs = signs or {}
        self.assumed, self.finer = assumed, finer or {}
        self.complete = True
        self.above_zero: set[int] = set()
        self.constants: dict[Fraction | int, Value] = {}
        self.parameters: dict[Hashable, Value] = {}
        self.numbers: dict[Hashable, int] = {}
        self.coordinates: set[int] = set()
        self.arguments: dict[int, Value] = {}
        self.logarithms: dict[int, int] = {}
        self.primes: dict[int, int] = {}
        self.applications: dict[str, list[tuple[int | tuple[Value, ...], ...]]] = {}
        self.roots: dict[int, fmpq_mpoly] = {}
        self.of_two: dict[int, bool] = {}
        self.one_hot: dict[int, Hashable] = {}
        self.basis = Basis(self._times)
        self.angles = Basis(self._times)
        self.exponentials: list[tuple[Value, Value]] = []
        self.vanishing: list[fmpq_mpoly] = []
        self.positive: list[fmpq_mpoly] = []  # what some coordinates leave over for the last
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

    def _take_as_positive(self, value: Value) -> None:
        """What others determine is above zero too where all entries are."""
        odd = self._odd_factors(value)
        if odd:
            self.positive.append(value.numerator)
        if len(odd) == 1:
            self.certain[odd[0]] = self._content_sign(value)

    def _coordinate(self, key: Hashable) -> Value:
        number = self._number(self.assumed.coordinate(key))
        self.coordinates.add(number)
        ends, values = self.assumed.ends_of(key), self.assumed.values_of(key)
        if ends is not None:
            return self._between(*ends, number)
        if values is not None:
            self.of_two[number] = values[0] < 0
            one_hot = self.assumed.one_hot_of(key)
            if one_hot is not None:
                self.one_hot[number] = one_hot
        if self.assumed.is_positive(key):
            self.above_zero.add(number)
        return Value(self.context.gen(number))

    def _between(self, lower: Fraction, upper: Fraction, number: int) -> Value:
        """(lower + upper t) / (1 + t) for a variable t above zero."""
        self.above_zero.add(number)
        odds = Value(self.context.gen(number))
        above = self.add(self.constant(lower), self.multiply(self.constant(upper), odds))
        return self.multiply(above, self.power(self.add(self.constant(1), odds), -1))

    def _left_over(self, key: Hashable) -> Value | None:
        """What others determine: a number less their sum."""
        left_over = self.assumed.left_over(key)
        if left_over is None:
            return None
        result = self.constant(left_over[0])
        for other in left_over[1]:
            result = self.add(result, self.multiply(self.constant(-1), self.parameter(other)))
        ends = self.assumed.ends_of(key)
        if self.assumed.is_positive(key) or (ends is not None and ends[0] >= 0):
            self._take_as_positive(result)
        return result

    def _number(self, key: Hashable) -> int:
        number = self.numbers.setdefault(key, len(self.numbers))
        if number >= self.variables:
            raise TooManyVariables
        return number

    def pi(self) -> Value:
        self.complete = False
        number = self._number(PI)
        self.above_zero.add(number)
        return Value(self.context.gen(number))

    def is_zero(self, value: Value) -> bool:
        return bool(self._remainder(value.numerator).is_zero())

    def _remainder(self, numerator: fmpq_mpoly) -> fmpq_mpoly:
        """What is left of a numerator where some polynomials are assumed to vanish."""
        for polynomial in self.vanishing:
            numerator = divmod(numerator, polynomial)[1]
        return numerator

    def equal(self, left: Value, right: Value) -> bool:
        """Whether two elements are the same one."""
        if left.denominator == right.denominator and not self.vanishing:
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
        numerator = left.numerator * right.numerator
        if self._reduces:
            numerator = self._squared_out(numerator)
        if not right.denominator:
            return Value(numerator, left.denominator)
        powers = dict(left.denominator)
        for number, power in right.denominator:
            powers[number] = powers.get(number, 0) + power
        return Value(numerator, tuple(sorted(powers.items())))

    def power(self, value: Value, exponent: int) -> Value:
        if exponent < 0:
            return self.power(self._inverse(value), -exponent)
        below = tuple((n, q * exponent) for n, q in value.denominator) if exponent else ()
        numerator = value.numerator**exponent
        return Value(self._squared_out(numerator) if self._reduces else numerator, below)

    def _inverse(self, value: Value) -> Value:
        if self.is_zero(value):
            raise ZeroDivisionError
        parted = self._by_values(value, self._inverse)
        if parted is not None:
            return parted
        numerator, conjugate = self._rationalised(value.numerator)
        content, factors = self._factors(numerator)
        powers = dict(factors)
        own = [number for number in powers if self._is_sign(number)]  # 1/y is y
        conjugate = reduce(self._by, own, conjugate)
        powers = {number: power for number, power in powers.items() if number not in own}
        if any(self._has_of_two(self.irreducible[number]) for number in powers):
            self.complete = False
        below = dict(value.denominator)
        shared = {n: min(powers.get(n, 0), below.get(n, 0)) for n in below}
        above = self._times(
            self.context.constant(1 / content), {n: q - shared[n] for n, q in below.items()}
        )
        left = {n: q - shared.get(n, 0) for n, q in powers.items()}
        if self.signs and any(self._sign_of(n) == 0 for n, q in left.items() if q):
            raise ZeroDivisionError
        if conjugate is not None:
            above = self._squared_out(above * conjugate)
        return Value(above, tuple(sorted((n, q) for n, q in left.items() if q)))

    @property
    def _reduces(self) -> bool:
        """Whether powers of some variables are more than powers."""
        return bool(self.roots or self.of_two)

    def _use(self, value: Value) -> None:
        """Note where a number that is one of two is divided by, or in what is exponential."""
        if self._has_of_two(value.numerator):
            self.complete = False

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
        if polynomial.total_degree() > MOST_FACTORED:
            raise OutsideFragment("what is divided by has too high a degree to be factored")
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

    def signum(self, value: Value) -> Value:
        """The sign as a number, which is a case of its own where it is zero."""
        if self.is_zero(value):
            return self.constant(0)
        result = self._content_sign(value)
        _, factors = self._factors(value.numerator)
        for number, power in (*factors, *value.denominator):
            sign, name = self._sign_of(number), str(self.irreducible[number])
            if sign is None:
                raise Branch(name, self._possible(number, APART))
            if abs(self.signs.get(name, 1)) == 1 and self._may_vanish(number):
                raise Branch(name, self._possible(number, (2 * sign, 0)))
            result *= sign**power
        return self.constant(result)

    def _may_vanish(self, number: int) -> bool:
        """Whether an irreducible polynomial of a certain sign is zero somewhere, as a root is."""
        return not any(
            all(
                self._is_positive(n) and n not in self.roots
                for n, power in enumerate(monomial)
                if power
            )
            for monomial in self.irreducible[number].to_dict()
        )

    def _is_positive(self, number: int) -> bool:
        """Whether a variable is above zero, or a root, which is zero nowhere inside its domain."""
        known = (self.arguments, self.primes, self.above_zero, self.roots)
        return any(number in each for each in known)

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
            raise Branch(str(self.irreducible[number]), self._possible(number, SIGNS))
        return sign

    def _possible(self, number: int, signs: tuple[int, ...]) -> tuple[int, ...]:
        """Those signs of an irreducible polynomial that it may have beside those assumed."""
        mine = str(self.irreducible[number])
        assumed = [
            (polynomial, self.signs[name])
            for polynomial in self.irreducible
            if (name := str(polynomial)) in self.signs and name != mine
        ]
        given = [_signed(polynomial, sign) for polynomial, sign in assumed]
        given += [_signed(polynomial, 1) for polynomial in self.positive]
        others = (*(polynomial for polynomial, _ in assumed), *self.positive)
        facts = self._facts([*others, self.irreducible[number]])
        return tuple(
            sign
            for sign in signs
            if possible([*facts, *given, _signed(self.irreducible[number], sign)])
        )

    def _facts(self, polynomials: list[fmpq_mpoly]) -> list[Signed]:
        """The products of variables that are above zero, or not below it, for sure."""
        found = []
        for monomial in dict.fromkeys(key for each in polynomials for key in each.to_dict()):
            inside = [n for n, power in enumerate(monomial) if power]
            above = all(self._is_positive(n) and n not in self.roots for n in inside)
            odd = [n for n in inside if monomial[n] % 2]
            if inside and all(map(self._is_positive, odd)):
                found.append(Signed({monomial: Fraction(1)}, Fraction(0), 1, or_zero=not above))
        return found

    def _sign_of(self, number: int) -> int | None:
        """The sign of an irreducible polynomial, as far as it is certain or assumed."""
        if number not in self.certain:
            self.certain[number] = self._certain_sign(self.irreducible[number])
        certain = self.certain[number]
        if not self.signs:
            return certain
        assumed = self.signs.get(str(self.irreducible[number]))
        if assumed is None:
            return certain
        if assumed == 0 and self.irreducible[number] not in self.vanishing:
            self.vanishing.append(self.irreducible[number])
        if assumed > 0 or (assumed < 0 and self._is_sign(number)):
            self._settle(self.irreducible[number], 1 if assumed > 0 else -1)
        return (assumed > 0) - (assumed < 0)

    def _settle(self, polynomial: fmpq_mpoly, value: int) -> None:
        """Where this is a number that is one of two, it is this one, as it has its sign."""
        if any(polynomial == self.context.gen(number) for number in self.of_two):
            rest = polynomial - value
            if rest not in self.vanishing:
                self.vanishing.append(rest)

    def _certain_sign(self, polynomial: fmpq_mpoly) -> int | None:
        """The sign that all terms have, made of even powers and of what is positive."""
        signs = set()
        for monomial, coefficient in polynomial.to_dict().items():
            if not all(self._is_positive(n) for n, power in enumerate(monomial) if power % 2):
                return None
            signs.add(coefficient > 0)
        return (1 if signs.pop() else -1) if len(signs) == 1 else None

    # Exponentials, logarithms and roots

    def exp(self, value: Value) -> Value:
        """A power product of exponential variables and of what logarithms are of."""
        for argument, known in self.exponentials:
            if argument.numerator == value.numerator and argument.denominator == value.denominator:
                return known
        result = self._by_values(value, self.exp)
        if result is None:
            self._use(value)
            remainder = Value(self._remainder(value.numerator), value.denominator)
            result = self._exp(self._reduced(remainder))
        self.exponentials.append((value, result))
        return result

    def _exp(self, value: Value) -> Value:
        self._begin_logarithms(value.numerator)
        powers, rest = self.basis.split(value.numerator, dict(value.denominator))
        if rest:
            number, power = self._begin_exponential(rest)
            powers[number] = fmpq(power)
        result = self.constant(1)
        for number, q in powers.items():
            result = self.multiply(result, self._raised(number, q))
        return result

    def _begin_logarithms(self, numerator: fmpq_mpoly) -> None:
        """Put one, and the logarithms in an argument, into the basis of arguments."""
        if CONSTANT not in self.basis.elements:
            self.basis.add(CONSTANT, self.context.constant(1), {})
        if self.logarithms or self.primes:
            for number, degree in enumerate(numerator.degrees()):
                known = number in self.logarithms or number in self.primes
                if degree > 0 and known and number not in self.basis.elements:
                    self.basis.add(number, self.context.gen(number), {})

    def _begin_exponential(self, rest: Linear) -> tuple[int, int]:
        """A variable for the exponential of what does not depend on others, and its power."""
        key = ("exp", len(self.arguments))
        lead = rest[max(rest)]
        unit = lead / (int(lead.p) * self.finer.get(key, 1))
        number, power = self._number(key), int((lead / unit).p)
        argument = self.context.from_dict(rest) / lead * unit
        below = dict(self.basis.below)
        self.arguments[number] = self._reduced(Value(argument, tuple(sorted(below.items()))))
        self.basis.add(number, argument, below)
        constants = {*self.primes, self.numbers.get("e", CONSTANT)}
        if any(n in constants for n, degree in enumerate(argument.degrees()) if degree > 0):
            self.complete = False
        return number, power

    def _raised(self, number: int, q: fmpq) -> Value:
        """The exponential of ``q`` times an element of the basis."""
        if number in self.logarithms or number in self.primes:
            return self._power_of_argument(number, q)
        if number == CONSTANT:
            number, by = self._number("e"), self.finer.get("e", 1)
            self.arguments[number] = Value(self.context.constant(fmpq(1, by)))
            q = q * by
        if q.q != 1:
            key = next(key for key, known in self.numbers.items() if known == number)
            raise Finer(key, int(q.q))
        return self.power(Value(self.context.gen(number)), int(q.p))

    def _power_of_argument(self, number: int, q: fmpq) -> Value:
        """What a logarithm is of, in absolute value, to the power ``q``."""
        if int(q.q) & (int(q.q) - 1):
            raise OutsideFragment("a root that is no square root")
        power = int(q.p)
        if number in self.primes:
            base = self.constant(self.primes[number])
        else:
            term = self.logarithms[number]
            sign = self._required_sign(term) if power % 2 else 1
            if not sign:
                return self.power(self.constant(0), power)
            base = Value(self.irreducible[term] * sign)
        for _ in range(int(q.q).bit_length() - 1):
            base = self._root(base.numerator)
        return self.power(base, power)

    def _root(self, square: fmpq_mpoly) -> Value:
        """The variable that is the square root of a polynomial above zero."""
        for number, known in self.roots.items():
            if known == square:
                return Value(self.context.gen(number))
        if self._has_roots(square):
            self.complete = False
        number = self._number(("root", len(self.roots)))
        self.roots[number] = square
        return Value(self.context.gen(number))

    def apply(self, primitive: Primitive, value: Value) -> Value:
        """A root, a sign, or a coordinate of its own for each argument."""
        match primitive.name:
            case domain.ROOT:
                return self.sqrt(value)
            case domain.SIGN:
                return self.signum(value)
            case "cos" | "sin" | "tan":
                return self._circular(primitive.name, value)
        self.complete = False
        name = f"\\{primitive.name}"
        return self._odd(name, value) if primitive.odd else self._free(name, value)

    def _free(self, name: str, value: Value) -> Value:
        return self.arbitrary(Application(name, ((value,),)))

    def _odd(self, name: str, value: Value) -> Value:
        """A coordinate for each argument up to its sign: f(-z) = -f(z), and f(0) = 0."""
        if self.is_zero(value):
            return self.constant(0)
        minus = self.constant(-1)
        turned = self.multiply(minus, value)
        if any(self._same(each, ((turned,),)) for each in self.applications.get(name, [])):
            return self.multiply(minus, self._free(name, turned))
        return self._free(name, value)

    def _circular(self, name: str, angle: Value) -> Value:
        """A rational function of tangents of half an angle (`domain.py`)."""
        self.complete = False
        below = self._reduced(Value(self._remainder(angle.numerator), angle.denominator))
        circle = self.numbers.get(PI)
        if circle is not None and circle not in self.angles.elements:
            self.angles.add(circle, self.context.gen(circle), {})
        multiples, rest = self.angles.split(below.numerator, dict(below.denominator))
        if rest:
            number, times = self._begin_angle(rest)
            multiples[number] = fmpq(times)
        turn = quarter(self, 0)
        for number, q in multiples.items():
            turn = added(self, turn, self._turn(number, q))
        return of_turn(self, name, turn)

    def _begin_angle(self, rest: Linear) -> tuple[int, int]:
        """A variable for half of an angle that does not depend on others, and its multiple."""
        key = (ANGLE, (), len(self.angles.elements))
        lead = rest[max(rest)]
        unit = lead / (int(lead.p) * self.finer.get(key, 1))
        self.parameter(key)
        number = self.numbers[self.assumed.coordinate(key)]
        argument = self.context.from_dict(rest) / lead * unit
        self.angles.add(number, argument, dict(self.angles.below))
        return number, int((lead / unit).p)

    def _turn(self, number: int, q: fmpq) -> tuple[Value, Value]:
        """The cosine and sine of ``q`` times an angle, of a fraction of pi as of one of its own."""
        if number == self.numbers.get(PI):
            if int(q.q) <= 2:
                return quarter(self, int(2 * q))
            return multiple(self, self.parameter((ANGLE, (), f"{PI}/{q.q}")), int(q.p))
        if q.q != 1:
            raise Finer(next(key for key, n in self.numbers.items() if n == number), int(q.q))
        return multiple(self, Value(self.context.gen(number)), int(q.p))

    def sqrt(self, value: Value) -> Value:
        if self.is_zero(value):
            return self.constant(0)
        return self.exp(self.multiply(self.constant(Fraction(1, 2)), self.log(value)))

    def _has_roots(self, polynomial: fmpq_mpoly) -> bool:
        return bool(self.roots) and any(polynomial.degrees()[number] > 0 for number in self.roots)

    def _squared_out(self, polynomial: fmpq_mpoly) -> fmpq_mpoly:
        """The same with squares of roots as what these are roots of, the latest roots first.

        Of numbers that are one of two there is no higher power than the first.
        """
        degrees = polynomial.degrees() if self.of_two else ()
        if self.one_hot or any(degrees[number] > 1 for number in self.of_two):
            polynomial = self._of_two_reduced(polynomial)
        for number, square in reversed(self.roots.items()):
            if polynomial.degrees()[number] < 2:
                continue
            by_power: dict[int, Linear] = {}
            for monomial, q in polynomial.to_dict().items():
                odd = (*monomial[:number], monomial[number] % 2, *monomial[number + 1 :])
                by_power.setdefault(monomial[number] // 2, {})[odd] = q
            polynomial = self.context.constant(0)
            for power, part in by_power.items():
                polynomial = polynomial + self.context.from_dict(part) * square**power
        return polynomial

    def _of_two_reduced(self, polynomial: fmpq_mpoly) -> fmpq_mpoly:
        """The same with y^2 = y where y is 0 or 1, and y^2 = 1 where it is -1 or 1.

        Of two entries of a vector that has one 1 in it one is 0.
        """
        reduced = self.context.constant(0)
        for monomial, q in polynomial.to_dict().items():
            powers = list(monomial)
            for number, signs in self.of_two.items():
                powers[number] = powers[number] % 2 if signs else min(powers[number], 1)
            met = [name for number, name in self.one_hot.items() if powers[number]]
            if len(met) == len({*met}):
                reduced = reduced + self.context.from_dict({tuple(powers): q})
        return reduced

    def _by_values(self, value: Value, function: Callable[[Value], Value]) -> Value | None:
        """A function of what depends on a y of two values, by those: (1 - y) f(0) + y f(1).

        None where there is no such y, where there are too many, or where one has no value.
        """
        degrees = value.numerator.degrees() if self.of_two else ()
        there = [number for number in self.of_two if degrees[number] > 0]
        alone = value.numerator == self.context.gen(there[0]) if there else True
        below = any(self._has_of_two(self.irreducible[number]) for number, _ in value.denominator)
        if alone or below or len(there) > MOST_OF_TWO:
            return None
        number, minus = there[0], self.constant(-1)
        low = -1 if self.of_two[number] else 0
        try:
            first, second = (function(self._at(value, number, n)) for n in (low, 1))
        except (NoValue, ZeroDivisionError):
            return None
        y = Value(self.context.gen(number))
        weight = self.multiply(
            self.add(y, self.constant(-low)), self.constant(Fraction(1, 1 - low))
        )
        change = self.add(second, self.multiply(minus, first))
        return self.add(first, self.multiply(weight, change))

    def _at(self, value: Value, number: int, put: int) -> Value:
        """An element where a variable is a number; beside the 1 of a vector all others are 0."""
        array = self.one_hot.get(number) if put == 1 else None
        others = [n for n, name in self.one_hot.items() if name == array and n != number]
        numerator = self.context.constant(0)
        for monomial, q in value.numerator.to_dict().items():
            if not any(monomial[n] for n in others):
                left = (*monomial[:number], 0, *monomial[number + 1 :])
                numerator += self.context.from_dict({left: q * put ** int(monomial[number])})
        return Value(numerator, value.denominator)

    def _is_sign(self, irreducible: int) -> bool:
        """Whether an irreducible polynomial is a number that is -1 or 1."""
        polynomial = self.irreducible[irreducible]
        return any(signs and polynomial == self.context.gen(n) for n, signs in self.of_two.items())

    def _by(self, product: fmpq_mpoly | None, irreducible: int) -> fmpq_mpoly:
        factor = self.irreducible[irreducible]
        return factor if product is None else product * factor

    def _has_of_two(self, polynomial: fmpq_mpoly) -> bool:
        return bool(self.of_two) and any(polynomial.degrees()[n] > 0 for n in self.of_two)

    def _rationalised(self, polynomial: fmpq_mpoly) -> tuple[fmpq_mpoly, fmpq_mpoly | None]:
        """A polynomial times its conjugates, which has no roots in it, and the product of these."""
        product: fmpq_mpoly | None = None
        for number in reversed(self.roots):
            if polynomial.degrees()[number] > 0:
                conjugate = self.context.from_dict(
                    {
                        monomial: -q if monomial[number] else q
                        for monomial, q in polynomial.to_dict().items()
                    }
                )
                polynomial = self._squared_out(polynomial * conjugate)
                product = conjugate if product is None else self._squared_out(product * conjugate)
        if polynomial.is_zero():
            raise OutsideFragment("division by a sum with roots that may be zero")
        return polynomial, product

    def log(self, value: Value) -> Value:
        """The logarithm of the absolute value, split over irreducible factors.

        Raises NoValue where the argument is certainly negative.
        """
        if self.is_zero(value):
            raise ZeroDivisionError
        parted = self._by_values(value, self.log)
        if parted is not None:
            return parted
        self._use(value)
        if self._certainly_negative(value):
            raise NoValue("the logarithm of a negative number")
        content, factors = self._factors(value.numerator)
        if self.signs and any(self._sign_of(n) == 0 for n, _ in factors):
            raise ZeroDivisionError
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
                return argument
        for number, square in self.roots.items():
            if monic == self.context.gen(number):
                return self.multiply(self.constant(Fraction(1, 2)), self.log(Value(square)))
        if self._has_roots(monic):
            self.complete = False
        number = self._number(("log", str(monic)))
        self.logarithms[number] = irreducible
        return Value(self.context.gen(number))

    def _reduced(self, value: Value) -> Value:
        """The same without the factors that numerator and denominator share."""
        numerator, below = value.numerator, dict(value.denominator)
        if numerator.is_zero():
            return Value(numerator)
        for number in below:
            while below[number]:
                quotient, rest = divmod(numerator, self.irreducible[number])
                if not rest.is_zero():
                    break
                numerator, below[number] = quotient, below[number] - 1
        return Value(numerator, tuple(sorted((n, q) for n, q in below.items() if q)))
