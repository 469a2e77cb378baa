"""Exact results at one input, in balls, and their condition number (running error analysis).

Balls are as precise as it takes. Running error analysis gives the condition scale B (condition
number) of what rounding may cost.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cache, cached_property, lru_cache, reduce
from itertools import product

import numpy as np
from flint import arb, ctx, fmpq
from numpy.typing import NDArray
from sympy import Abs, Basic, Expr, Max, Min, Symbol, exp, log

from derivations.implementation.inputs import Case, instance_of, members, numbers_of
from derivations.implementation.question import Floats, Output, Piece, Problem, indices_of
from derivations.indices import Index, free_symbols
from derivations.language.index_nodes import Defined
from derivations.proof.decide import Balls
from derivations.proof.domain import SIGN, Application, Key, Primitive, Scope
from derivations.proof.evaluate import Instance, Interpreter, Places, Thunk
from derivations.proof.fragment import NoValue, OutsideFragment
from derivations.proof.instances import meets

# Sums of monomials in the parameters, each times a number plus functions of scores. Data.


Monomial = tuple[tuple[Key, int], ...]
Score = frozenset[tuple[Monomial, Fraction]]
ONE: Monomial = ()
ZERO = arb(0)


@dataclass(frozen=True, slots=True)
class Atom:
    """A function of scores: its value, what its own rounding costs, its derivatives."""

    value: arb
    size: arb
    slopes: Mapping[Score, arb]


@dataclass(frozen=True, slots=True)
class Coefficient:
    """A number plus functions of scores."""

    number: Fraction = Fraction(0)
    atoms: tuple[Atom, ...] = ()


Terms = dict[Monomial, Coefficient]


def parameters_of(value: Terms) -> set[Key]:
    """The parameters that a value depends on."""
    monomials = list(value)
    for coefficient in value.values():
        for atom in coefficient.atoms:
            monomials += [monomial for score in atom.slopes for monomial, _ in score]
    return {key for monomial in monomials for key, _ in monomial}


@cache
def _fraction(value: Fraction) -> fmpq:
    return fmpq(value.numerator, value.denominator)


def ball(value: Fraction) -> arb:
    """A fraction as a ball."""
    return arb(_fraction(value))


def of(atom: Atom) -> Terms:
    """A function of scores as a value."""
    return {ONE: Coefficient(atoms=(atom,))}


def is_polynomial(value: Terms) -> bool:
    """Whether there is no function of scores in it."""
    return not any(coefficient.atoms for coefficient in value.values())


def is_monomial(value: Terms) -> bool:
    """Whether it is a number times powers of parameters."""
    return len(value) == 1 and is_polynomial(value)


def times_number(coefficient: Coefficient, number: Fraction) -> Coefficient:
    """A multiple."""
    if number == 1:
        return coefficient
    by = ball(number)
    atoms = tuple(
        Atom(by * atom.value, abs(by) * atom.size, scaled(atom.slopes, by))
        for atom in coefficient.atoms
    )
    return Coefficient(coefficient.number * number, atoms)


def times(left: Monomial, right: Monomial) -> Monomial:
    """The product of two monomials."""
    if not left or not right:
        return left or right
    powers = dict(left)
    for key, power in right:
        powers[key] = powers.get(key, 0) + power
    return tuple(sorted((key, power) for key, power in powers.items() if power))


def scaled(slopes: Mapping[Score, arb], by: arb) -> dict[Score, arb]:
    """All derivatives times one number."""
    return {score: by * slope for score, slope in slopes.items()}


def least(balls: list[arb]) -> arb:
    """The least of some balls, one of those that may be."""
    return reduce(lambda a, b: a if a < b else b, balls)


# Values that know how far rounding may move them: the condition scale B, from the expression.
#
# A value is a sum of terms, each a monomial in the parameters times a function of scores. A score
# is a polynomial in the parameters that something not linear is done to: an inner product under an
# exponential, an error that is squared. It is rounded, which may cost u t, where t is the sum of
# the magnitudes of its monomials. What is done to a score may cost no more than a few roundings of
# its own value. A number added to a function of scores is part of that function: 1 - σ(z) and
# ŷ - 1 count with their value and not with the 1, because both have forms that do not cancel. To
# first order this gives
#
#     B = sum over terms of |monomial| |function| + sum over scores of |derivative by it| t
#
# For the losses of this project it is the B of `generated`, or less. Where two factors may both be
# zero but for rounding, what is of second order counts as well: for the square of an error of zero
# it is all there is.


LOST = 64  # roundings within which a factor may have no digit right


class Tie(NoValue):
    """A number of which the sign decides, and which is zero but for rounding."""


@dataclass
class Conditioned:
    """The domain: parameters have ``values``, a rounding is ``u`` of what is rounded."""

    values: Mapping[Hashable, Fraction]
    u: float
    known: dict[Score, tuple[arb, arb]] = field(default_factory=dict)

    def constant(self, value: Fraction | int) -> Terms:
        return {ONE: Coefficient(Fraction(value))} if value else {}

    def parameter(self, key: Key) -> Terms:
        return {((key, 1),): Coefficient(Fraction(1))}

    def arbitrary(self, application: Application[Terms]) -> Terms:
        raise OutsideFragment(f"the arbitrary function {application.function}")

    def add(self, left: Terms, right: Terms) -> Terms:
        result = dict(left)
        for monomial, more in right.items():
            have = result.get(monomial)
            result[monomial] = more if have is None else self._sum(have, more)
        return result

    def multiply(self, left: Terms, right: Terms) -> Terms:
        if not left or not right:
            return {}
        if not (is_monomial(left) or is_monomial(right)):
            left, right = self._factor(left), self._factor(right)
        result: Terms = {}
        for (first, a), (second, b) in product(left.items(), right.items()):
            result = self.add(result, {times(first, second): self._product(a, b)})
        return result

    def power(self, base: Terms, exponent: int) -> Terms:
        if exponent == 0:
            return self.constant(1)
        if exponent > 0:
            return reduce(self.multiply, [base] * exponent)
        if is_monomial(base):
            ((monomial, coefficient),) = base.items()
            turned = tuple((key, -power) for key, power in monomial)
            return self.power({turned: Coefficient(1 / coefficient.number)}, -exponent)
        atom = self.closed(base)
        if atom.value.contains(ZERO):
            raise NoValue("a division by what may be zero")
        over = 1 / atom.value
        inverse = Atom(over, atom.size * over * over, scaled(atom.slopes, -over * over))
        return self.power({ONE: Coefficient(atoms=(inverse,))}, -exponent)

    def exp(self, value: Terms) -> Terms:
        if not value:
            return self.constant(1)
        atom = self.closed(value)
        result = atom.value.exp()
        own = ZERO if is_polynomial(value) else atom.size
        return of(Atom(result, result * (1 + own), scaled(atom.slopes, result)))

    def log(self, value: Terms) -> Terms:
        atom = self.closed(value)
        if not atom.value > 0:
            raise NoValue("the logarithm of a number that is not positive")
        result, over = atom.value.log(), 1 / atom.value
        cancelled = abs(atom.size * over - 1)
        return of(Atom(result, abs(result) + cancelled, scaled(atom.slopes, over)))

    def sign(self, value: Terms) -> int:
        """The sign of what is further from zero than rounding moves it; else Tie."""
        atom = self.closed(value)
        off = LOST * self.u * (atom.size + self.reach(atom.slopes))
        if not abs(atom.value) > off:
            raise Tie("a sign that rounding decides")
        return 1 if atom.value > 0 else -1

    def is_plainly_zero(self, value: Terms) -> bool:
        """Whether it is zero and every rounding of it as well."""
        atom = self.closed(value)
        return bool(atom.value == 0 and atom.size == 0 and self.reach(atom.slopes) == 0)

    def pi(self) -> Terms:
        return of(Atom(arb.pi(), arb.pi(), {}))

    def apply(self, primitive: Primitive, value: Terms) -> Terms:
        """A function by its balls: what its argument may be off goes through its derivative."""
        if primitive.name == SIGN:
            return self.constant(self.sign(value))
        atom = self.closed(value)
        result = primitive.ball(atom.value)
        slope = primitive.slope(Balls({}), atom.value, result)
        if not (result.is_finite() and slope.is_finite()):
            raise NoValue(f"{primitive.name} has no value or no derivative")
        own = ZERO if is_polynomial(value) else abs(slope) * atom.size
        return of(Atom(result, abs(result) + own, scaled(atom.slopes, slope)))

    def closed(self, value: Terms) -> Atom:
        """The whole as one function of scores; a polynomial is a score itself."""
        if is_polynomial(value) and any(value):
            return self._score(value)
        parts = [
            (self.number(monomial), self.coefficient(coefficient))
            for monomial, coefficient in value.items()
        ]
        slopes: dict[Score, arb] = {}
        for number, atom in parts:
            for score, slope in atom.slopes.items():
                slopes[score] = slopes.get(score, ZERO) + number * slope
        whole = sum((number * atom.value for number, atom in parts), ZERO)
        return Atom(whole, sum((abs(n) * atom.size for n, atom in parts), ZERO), slopes)

    def number(self, monomial: Monomial) -> arb:
        """The value of a monomial."""
        result = arb(1)
        for key, power in monomial:
            result *= ball(self.values[key]) ** power
        return result

    def reach(self, slopes: Mapping[Score, arb]) -> arb:
        """What rounding the scores costs, in u and to first order."""
        sizes = (abs(slope) * self.known[score][1] for score, slope in slopes.items())
        return sum(sizes, ZERO)

    def _score(self, value: Terms) -> Atom:
        """A polynomial as a score; it and its negative are one, which rounds once."""
        sign = 1 if value[min(value)].number > 0 else -1
        score = frozenset((monomial, sign * part.number) for monomial, part in value.items())
        if score not in self.known:
            parts = [ball(number) * self.number(monomial) for monomial, number in score]
            self.known[score] = sum(parts, ZERO), sum(map(abs, parts), ZERO)
        known, _ = self.known[score]
        return Atom(sign * known, abs(known), {score: arb(sign)})

    def _factor(self, value: Terms) -> Terms:
        """A factor of several terms, as one function."""
        return value if len(value) == 1 else of(self.closed(value))

    def coefficient(self, coefficient: Coefficient) -> Atom:
        """A number plus functions of scores, as one."""
        number, atoms = ball(coefficient.number), coefficient.atoms
        if len(atoms) == 1 and not coefficient.number:
            return atoms[0]
        value = sum((atom.value for atom in atoms), number)
        # the number goes with the one function that takes most of it
        gains = [abs(number + atom.value) - abs(atom.value) for atom in atoms]
        size = sum((atom.size for atom in atoms), least(gains) if gains else abs(number))
        slopes: dict[Score, arb] = {}
        for atom in atoms:
            for score, slope in atom.slopes.items():
                slopes[score] = slopes.get(score, ZERO) + slope
        return Atom(value, size, slopes)

    def _sum(self, left: Coefficient, right: Coefficient) -> Coefficient:
        """Numbers stay with the functions they came with: four times 1 - σ is not 4 - 4 σ."""
        if left.number and right.number and left.atoms and right.atoms:
            return Coefficient(atoms=(self.coefficient(left), self.coefficient(right)))
        return Coefficient(left.number + right.number, left.atoms + right.atoms)

    def _product(self, left: Coefficient, right: Coefficient) -> Coefficient:
        if not left.atoms:
            return times_number(right, left.number)
        if not right.atoms:
            return times_number(left, right.number)
        a, b = self.coefficient(left), self.coefficient(right)
        value = a.value * b.value
        size = a.size * abs(b.value) + abs(a.value) * b.size - abs(value)
        slopes = dict(scaled(a.slopes, b.value))
        for score, slope in scaled(b.slopes, a.value).items():
            slopes[score] = slopes.get(score, ZERO) + slope
        return Coefficient(atoms=(Atom(value, size + self._second_order(a, b), slopes),))

    def _second_order(self, a: Atom, b: Atom) -> arb:
        """What roundings of both factors cost together; it counts where one may be zero by them."""
        first, second = self.reach(a.slopes), self.reach(b.slopes)
        if any(abs(x.value) > LOST * self.u * cost for x, cost in ((a, first), (b, second))):
            return ZERO
        return self.u * first * second


# The interpreter, which works out a function of the same numbers once.
#
# What an entry of a gradient is made of, the probabilities and errors, is that of other entries as
# well. A value is known by its expression and by what the free symbols in it stand for.


class Remembering(Interpreter[Terms]):
    """Values of functions are kept; nothing changes a value once it is made."""

    def __init__(self, instance: Instance, domain: Conditioned) -> None:
        super().__init__(instance, domain)
        self.balls = domain
        self.kept: dict[Hashable, Terms] = {}

    def _value(self, node: Expr, scope: Scope) -> Terms:
        if isinstance(node, Abs | Max | Min):
            return self._without_ties(node, scope)
        if not isinstance(node, exp | log | Defined):
            return super()._value(node, scope)
        key = node, _meaning(node, scope)
        found = self.kept.get(key)
        if found is None:
            found = self.kept[key] = super()._value(node, scope)
        return found

    def _without_ties(self, node: Expr, scope: Scope) -> Terms:
        """|z|, min and max: where two are equal and nothing is rounded, either will do."""
        best, *others = (self._value(part, scope) for part in node.args)
        if isinstance(node, Abs):
            others = [self._minus(best)]
        wanted = -1 if isinstance(node, Min) else 1
        for other in others:
            apart = self.domain.add(other, self._minus(best))
            if not self.balls.is_plainly_zero(apart) and self.domain.sign(apart) == wanted:
                best = other
        return best


def _meaning(node: Basic, scope: Scope) -> Hashable:
    """What the free symbols stand for, through the arguments of definitions."""
    found: list[Hashable] = []
    for symbol in _letters(node):
        bound = scope.get(symbol)
        if isinstance(bound, Thunk):
            found.append((bound.node, _meaning(bound.node, bound.scope)))
        else:
            found.append(bound)
    return tuple(found)


@lru_cache(maxsize=16384)
def _letters(node: Basic) -> tuple[Symbol, ...]:
    return tuple(sorted((s for s in free_symbols(node) if isinstance(s, Symbol)), key=str))


BITS = (192, 768, 4800)  # the products of two float64 span fewer than 4,300
GOOD = 80  # bits of each value and scale that have to be certain
Objects = NDArray[np.object_]  # of balls, or of the parameters that an entry depends on


class NotCovered(LookupError):
    """The claims say nothing of some entry here."""


@dataclass(frozen=True, eq=False)
class Expected:
    """Of one result: exact values, scale B, what underflow may cost, and what naive sums cost.

    ``reads`` has for each entry the parameters that it depends on; ``reach`` is the largest score.
    """

    values: Objects
    scale: Objects
    floor: Objects
    naive: Objects
    reads: Objects
    reach: float = 0.0

    @property
    def shape(self) -> tuple[int, ...]:
        return self.values.shape

    @cached_property
    def apart(self) -> tuple[Floats, Floats]:
        """The exact values rounded, and what is missing then, rounded as well."""
        with ctx.workprec(BITS[-1]):
            known = _floats(self.values)
            pairs = zip(self.values.ravel(), known.ravel(), strict=True)
            rest = [float(value - arb(x)) if np.isfinite(x) else 0.0 for value, x in pairs]
        return known, np.array(rest, dtype=np.float64).reshape(self.shape)

    @cached_property
    def scales(self) -> Floats:
        """B, rounded."""
        return _floats(self.scale)

    @cached_property
    def floors(self) -> Floats:
        """What underflow may cost, rounded."""
        return _floats(self.floor)

    @cached_property
    def naives(self) -> Floats:
        """What naive sums cost, rounded."""
        return _floats(self.naive)


def expected(problem: Problem, case: Case) -> dict[str, Expected] | None:
    """Each result that is looked at; None where the claims do not cover this input."""
    instance = instance_of(problem, case)
    info = np.finfo(case.dtype)
    tiny = arb(float(info.tiny))
    for bits in BITS:
        with ctx.workprec(bits):
            domain = Conditioned(numbers_of(problem, case, instance), float(info.eps) / 2)
            reader: Interpreter[Terms] = Remembering(instance, domain)
            try:
                found = {
                    output.name: _result(output, case, reader, domain, tiny)
                    for output in problem.judged
                }
            except (NotCovered, NoValue, ZeroDivisionError):
                return None
            if all(_certain(each, tiny) for each in found.values()):
                scores = [abs(float(value)) for value, _ in domain.known.values()]
                reach = max(scores, default=0.0)
                return {name: replace(each, reach=reach) for name, each in found.items()}
    return None


def _floats(balls: Objects) -> Floats:
    rounded = [float(ball) for ball in balls.ravel()]
    return np.array(rounded, dtype=np.float64).reshape(balls.shape)


def _result(
    output: Output, case: Case, reader: Interpreter[Terms], domain: Conditioned, tiny: arb
) -> Expected:
    places = [members(axis.space, case.sizes) for axis in output.axes]
    rows = [
        _scaled(_value(output, dict(zip(output.axes, at, strict=True)), reader), domain, tiny)
        for at in product(*places)
    ]
    shape = tuple(map(len, places))
    values, scale, floor, naive, reads = (
        _objects([row[part] for row in rows], shape) for part in range(5)
    )
    return Expected(values, scale, floor, naive, reads)


def _objects(parts: list[object], shape: tuple[int, ...]) -> Objects:
    array = np.empty(len(parts), dtype=object)
    array[:] = parts
    return array.reshape(shape)


def _value(output: Output, scope: dict[Index, int], reader: Interpreter[Terms]) -> Terms:
    """The value of the first piece that says what is at this place."""
    for piece in output.pieces:
        for bound in _bindings(piece, output, scope, reader.instance):
            here = {axis.name: place for axis, place in scope.items()}
            indices = {**reader.instance.indices, **here, **bound}
            at = replace(reader.instance, indices=indices)
            if all(meets(condition, at) for condition in piece.conditions):
                names = {index: bound[index.name] for index in piece.bound}
                return reader.value(piece.value, {**scope, **names})
    raise NotCovered


def _bindings(
    piece: Piece, output: Output, scope: dict[Index, int], instance: Instance
) -> Iterator[dict[str, int]]:
    """Values of the bound indices at which the piece is by the entry at this place."""
    by, place = indices_of(piece.by), indices_of(output.place)
    if not by or not place:
        yield {}
        return
    places = Places(instance)
    target = places.places(place, scope)
    direct = {index: place for index, place in zip(by, target, strict=True) if index in piece.bound}
    others = [index for index in piece.bound if index not in direct]
    for chosen in product(*(_members(index, instance) for index in others)):
        names = {**scope, **direct, **dict(zip(others, chosen, strict=True))}
        if places.places(by, names) == target:
            yield {index.name: names[index] for index in piece.bound}


def _members(index: Index, instance: Instance) -> tuple[int, ...]:
    return Places(instance).members(index.space.lower, index.space.upper, {})


def _scaled(
    value: Terms, domain: Conditioned, tiny: arb
) -> tuple[arb, arb, arb, arb, frozenset[Key]]:
    """The number, its scale, what underflow costs, the scale of sums as typed, what it reads."""
    whole, size, naive, floor = ZERO, ZERO, ZERO, arb(1)
    slopes: dict[Score, arb] = {}
    for monomial, coefficient in value.items():
        number = domain.number(monomial)
        atom = domain.coefficient(coefficient)
        whole += number * atom.value
        size += abs(number) * atom.size
        naive += abs(number) * (1 + sum((each.size for each in coefficient.atoms), ZERO))
        floor += abs(number)
        for score, slope in atom.slopes.items():
            slopes[score] = slopes.get(score, ZERO) + number * slope
    reach = domain.reach(slopes)
    # a score itself, rounded and then subtracted
    largest = max((float(abs(domain.number(monomial))) for monomial in value), default=0.0)
    naive += largest * sum((domain.known[score][1] for score in slopes), ZERO)
    floor += sum((abs(slope) * len(score) for score, slope in slopes.items()), ZERO)
    reads = frozenset(parameters_of(value))
    # where nothing but zeros is added up there is no scale to measure by
    least = max(tiny, arb(domain.u) ** 2) if size + reach < tiny else tiny
    return whole, size + reach, least * floor, naive + reach, reads


def _certain(found: Expected, tiny: arb) -> bool:
    """Whether every number is known to many bits, or to be too small to matter."""
    for part in (found.values, found.scale):
        for ball in part.ravel():
            if not ball.is_finite():
                return False
            if ball.rel_accuracy_bits() < GOOD and not abs(ball) < tiny:
                return False
    return True


def dependence(found: Expected, key: Key) -> NDArray[np.bool_]:
    """Which entries depend on a parameter."""
    flags = [key in reads for reads in found.reads.ravel()]
    return np.array(flags, dtype=bool).reshape(found.shape)
