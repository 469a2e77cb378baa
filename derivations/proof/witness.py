"""A counterexample in numbers: small rationals at which certified intervals do not meet."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from decimal import Decimal, localcontext
from fractions import Fraction
from itertools import combinations, islice, product
from math import ceil, floor

from flint import arb, ctx, fmpq

from derivations.claim import Witness
from derivations.proof.decide import Sides
from derivations.proof.evaluate import Interpreter
from derivations.proof.places import Instance
from derivations.proof.signs import Signs

DIGITS = 20
PLACES, EXACT = 12, 60
MOST_TRIES = 3000
LARGEST = arb(10) ** 300
Values = dict[Hashable, Fraction]
Interval = tuple[Fraction, Fraction]


class Balls:
    """The domain of certified intervals; parameters take the values given, in order met.

    ``real`` says that no logarithm was taken of what is not certainly positive, also where its
    value does not count, as under a derivative.
    """

    def __init__(self, values: Values) -> None:
        self.values = values
        self.real = True

    def constant(self, value: Fraction | int) -> arb:
        q = Fraction(value)
        return arb(fmpq(q.numerator, q.denominator))

    def parameter(self, key: Hashable) -> arb:
        return self.constant(self.values.setdefault(key, Fraction(0)))

    def arbitrary(self, name: str, indices: tuple[int, ...], rows: dict[str, int | None]) -> arb:
        return self.parameter((name, indices))

    def add(self, left: arb, right: arb) -> arb:
        return left + right

    def multiply(self, left: arb, right: arb) -> arb:
        return left * right

    def power(self, base: arb, exponent: int) -> arb:
        return base**exponent

    def exp(self, value: arb) -> arb:
        return value.exp()

    def log(self, value: arb) -> arb:
        self.real = self.real and bool(value > 0)
        return value.log()


@ctx.workprec(128)
def is_real_somewhere(sides: Sides, instance: Instance, signs: Signs) -> bool:
    """Whether small numbers are found at which both sides have a real value."""
    return any(
        balls.real and left.is_finite() and right.is_finite()
        for balls, left, right in _tried(sides, instance, signs)
    )


@ctx.workprec(128)
def find_witness(sides: Sides, instance: Instance, signs: Signs) -> Witness | None:
    """The first small assignment at which both sides have values and these differ."""
    for balls, left, right in _tried(sides, instance, signs):
        if _can_be_written(left, right) and not left.overlaps(right):
            words = {_spelled(slot): word for slot, word in instance.words.items()}
            ends = _apart(_interval(left, PLACES), _interval(right, PLACES))
            ends = ends or (_interval(left, EXACT), _interval(right, EXACT))
            return Witness(
                sizes=instance.sizes,
                words=instance.indices | words,
                values={_spelled(key): str(value) for key, value in balls.values.items()},
                left=_decimals(ends[0]),
                right=_decimals(ends[1]),
            )
    return None


def _can_be_written(*balls: arb) -> bool:
    """Whether the values are finite, and not of more digits than a reader can use."""
    return all(ball.is_finite() and bool(abs(ball) < LARGEST) for ball in balls)


def _tried(sides: Sides, instance: Instance, signs: Signs) -> Iterator[tuple[Balls, arb, arb]]:
    """Both sides at one small assignment after the other."""
    found: Values = {}
    _both(sides, instance, Balls(found))
    keys = sorted(found, key=str)
    for numbers in islice(_assignments(len(keys)), MOST_TRIES):
        values = dict(zip(keys, numbers, strict=True))
        if _admissible(values, signs):
            balls = Balls(values)
            yield balls, *_both(sides, instance, balls)


def _both(sides: Sides, instance: Instance, balls: Balls) -> tuple[arb, arb]:
    interpreter = Interpreter(instance, balls)
    return interpreter.value(sides.left), interpreter.value(sides.right)


def _admissible(values: Values, signs: Signs) -> bool:
    return all(
        (values.get((scalar.name, ()), Fraction(sign)) >= 0) == (sign == 1)
        for scalar, sign in signs.items()
    )


def _assignments(length: int) -> Iterator[tuple[Fraction, ...]]:
    """Zeros with ever more ones, then larger and negative numbers."""
    zero, one = Fraction(0), Fraction(1)
    for ones in range(min(length, 4) + 1):
        for places in combinations(range(length), ones):
            yield tuple(one if n in places else zero for n in range(length))
    palette = (one, Fraction(-1), Fraction(2), Fraction(1, 2), zero)
    for start in product(palette, repeat=min(length, 4)):
        yield tuple(start[n % 4] + n // 4 for n in range(length))


def _interval(ball: arb, places: int) -> Interval:
    """Bounds with ``places`` decimals that contain the ball."""
    if not ball.is_zero() and abs(ball) < arb(10) ** -(places + 1):
        # nearer to zero than is written: its exponent may be too large for any fraction
        return Fraction(-1, 10**places), Fraction(1, 10**places)
    middle, radius, exponent = (int(part) for part in ball.mid_rad_10exp(DIGITS))
    unit, power = Fraction(10) ** exponent, 10**places
    low, high = (middle - radius) * unit * power, (middle + radius) * unit * power
    return Fraction(floor(low), power), Fraction(ceil(high), power)


def _apart(left: Interval, right: Interval) -> tuple[Interval, Interval] | None:
    """Both intervals, unless rounding outwards has made them meet."""
    meet = left[0] <= right[1] and right[0] <= left[1]
    return None if meet else (left, right)


def _decimals(interval: Interval) -> tuple[str, str]:
    with localcontext(prec=400):  # the denominators are powers of ten: nothing is rounded here
        low, high = (f"{Decimal(end.numerator) / Decimal(end.denominator):f}" for end in interval)
    return low, high


def _spelled(key: object) -> str:
    assert isinstance(key, tuple)
    name, places = key
    return f"{name}[{','.join(map(str, places))}]" if places else str(name)
