"""Witnesses: small rationals at which both sides are certified intervals that do not meet."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from decimal import Decimal, localcontext
from fractions import Fraction
from functools import reduce
from itertools import chain, combinations, islice, product
from math import ceil, floor
from operator import mul
from typing import TypeVar

from flint import arb, ctx, fmpq

from derivations.claim import Witness
from derivations.language.data_conditions import NOTHING_ASSUMED, Assumed, Ranked
from derivations.proof.domain import SIGN, Application, Primitive
from derivations.proof.fragment import NoValue
from derivations.proof.index_evaluation import Instance

DIGITS = 20
PLACES, EXACT = 12, 60
MOST_TRIES = 3000
MOST_TURNS = 4  # through the numbers to try, as parameters are met on other branches
MOST_PALETTE = 12  # coordinates, of which the larger numbers are reached
LARGEST = arb(10) ** 300
_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
Values = dict[Hashable, Fraction]
Arguments = tuple[int | tuple[arb, ...], ...]
Interval = tuple[Fraction, Fraction]


class Balls:
    """The domain of certified intervals (ball arithmetic); parameters take the values ``given``.

    ``values`` has those that were asked for. ``real`` says that no logarithm was taken of what is
    not certainly positive, also where its value does not count, as under a derivative. Arguments
    of an arbitrary function that may be the same ones share its value, so that there is such a
    function: one that is smooth, whatever its values and derivatives at finitely many points.
    """

    def __init__(
        self, given: Mapping[Hashable, Fraction], assumed: Assumed = NOTHING_ASSUMED
    ) -> None:
        self.given, self.assumed = given, assumed
        self.values: Values = {}
        self.real = True
        self.applications: dict[str, list[list[Arguments]]] = {}
        self.names: dict[Hashable, set[str]] = {}

    def constant(self, value: Fraction | int) -> arb:
        q = Fraction(value)
        return arb(fmpq(q.numerator, q.denominator))

    def parameter(self, key: Hashable) -> arb:
        key = self.assumed.coordinate(key)
        if key not in self.values:
            self.values[key] = self._value(key)
        return self.constant(self.values[key])

    def _value(self, key: Hashable) -> Fraction:
        left_over = self.assumed.left_over(key)
        if left_over is None:
            return self.given.get(key, self.otherwise())
        total, others = left_over
        for other in others:
            self.parameter(other)
        return total - sum((self.values[other] for other in others), Fraction(0))

    def otherwise(self) -> Fraction:
        """The value of a parameter that none was given for."""
        return Fraction(0)

    def arbitrary(self, application: Application[arb]) -> arb:
        """The parameter that stands for an application; not a number where it could be either."""
        given = application.arguments
        known = self.applications.setdefault(application.function, [])
        meeting = [
            number
            for number, alike in enumerate(known)
            if any(_may_be_same(each, given) for each in alike)
        ]
        if len(meeting) > 1:
            return arb("nan")
        if not meeting:
            known.append([])
            meeting = [len(known) - 1]
        known[meeting[0]].append(given)
        key = (application.function, application.partials, meeting[0])
        self.names.setdefault(key, set()).add(_name(application))
        return self.parameter(key)

    def add(self, left: arb, right: arb) -> arb:
        return left + right

    def multiply(self, left: arb, right: arb) -> arb:
        return left * right

    def power(self, base: arb, exponent: int) -> arb:
        if exponent > 0 and base.contains(0):  # of such a ball no power is taken
            return reduce(mul, [base] * exponent)
        return base**exponent

    def exp(self, value: arb) -> arb:
        return value.exp()

    def log(self, value: arb) -> arb:
        self.real = self.real and bool(value > 0)
        return value.log()

    def sign(self, value: arb) -> int:
        if value.is_zero():
            return 0
        if value.contains(0) or not value.is_finite():
            raise NoValue("the sign of what may be zero")
        return 1 if value > 0 else -1

    def pi(self) -> arb:
        return arb.pi()

    def apply(self, primitive: Primitive, value: arb) -> arb:
        if primitive.name == SIGN:
            return arb(self.sign(value))
        return primitive.ball(value)

    def spelled(self) -> dict[str, str]:
        """The values that were asked for, by the names that a reader knows."""
        keys = sorted(self.values, key=str)
        names = {
            key: sorted(self.names.get(key, ())) or list(map(spelled, self.assumed.keys(key)))
            for key in keys
        }
        return {name: str(self.values[key]) for key in keys for name in names[key]}


Evaluate = Callable[[Balls], tuple[arb, arb]]


class _Generic(Balls):
    """Parameters that all differ: as many applications of functions differ as can."""

    def otherwise(self) -> Fraction:
        return Fraction(len(self.values) + 2)


class _Shifted(_Generic):
    """Other ones: the first may be where a branch has no value."""

    def otherwise(self) -> Fraction:
        return Fraction(7 * len(self.values) + 5, 3)


def _has_value(evaluate: Callable[[Balls], object], balls: Balls) -> bool:
    try:
        evaluate(balls)
    except NoValue:
        return False
    return True


def _may_be_same(left: Arguments, right: Arguments) -> bool:
    """Whether two choices of arguments may be the same one."""
    for one, other in zip(left, right, strict=True):
        if isinstance(one, int) or isinstance(other, int):
            if one != other:
                return False
        elif not all(a.overlaps(b) for a, b in zip(one, other, strict=True)):
            return False
    return True


def spelled(key: Hashable) -> str:
    """The name of a coordinate, as ``U[2,1]``."""
    assert isinstance(key, tuple)
    name, places = key
    return f"{name}[{','.join(map(str, places))}]" if places else str(name)


def _name(application: Application[arb]) -> str:
    """An application as a reader writes it: ``J[1,2]``, ``∂J/∂U[1,2,1]`` or ``f(0.5, (1, 2))``."""
    function, partials = application.function, application.partials
    if application.written is None:
        inside = ", ".join(map(_argument, application.arguments))
        if application.arguments and _is_of_one_number(application):
            return f"{function}{'′' * len(partials)}({inside})"
        before = "".join(_by(application, *partial) for partial in partials)
        return f"{before}{function}({inside})"
    arrays = application.written.arrays
    first = len(application.arguments) - len(arrays)
    by = [(arrays[argument - first], entry) for argument, entry in partials]
    over = "/" + "".join(f"∂{array.base}" for array, _ in by) if by else ""
    places = [each for array, entry in by for each in array.places[entry]]
    labels = application.written.labels
    return spelled((f"{'∂' if by else ''}{function}{over}", (*labels, *places)))


def _is_of_one_number(application: Application[arb]) -> bool:
    (*others, only) = application.arguments
    return not others and not isinstance(only, int) and len(only) == 1


def _by(application: Application[arb], argument: int, entry: int) -> str:
    """The sign of a partial derivative: ∂₂, or ∂₂[1] by an entry."""
    of = application.arguments[argument]
    number = str(argument + 1).translate(_SUBSCRIPTS)
    alone = isinstance(of, int) or len(of) == 1
    return f"∂{number}" if alone else f"∂{number}[{entry + 1}]"


def _argument(argument: int | tuple[arb, ...]) -> str:
    if isinstance(argument, int):
        return str(argument)
    entries = [entry.str(6, radius=False) for entry in argument]
    return entries[0] if len(entries) == 1 else f"({', '.join(entries)})"


Found = TypeVar("Found")


@ctx.workprec(128)
def is_real_somewhere(evaluate: Evaluate, assumed: Assumed = NOTHING_ASSUMED) -> bool:
    """Whether small numbers are found at which both sides have a real value."""
    return any(
        balls.real and left.is_finite() and right.is_finite()
        for balls, (left, right) in admissible(evaluate, assumed)
    )


@ctx.workprec(128)
def find_witness(
    evaluate: Evaluate, instance: Instance, assumed: Assumed = NOTHING_ASSUMED
) -> Witness | None:
    """The first small assignment at which both sides have values and these differ."""
    for balls, (left, right) in admissible(evaluate, assumed):
        if differ(left, right):
            return witness_of(instance, balls.spelled(), left, right)
    return None


def differ(left: arb, right: arb) -> bool:
    """Whether two values differ for sure, and can be written down."""
    return _can_be_written(left, right) and not left.overlaps(right)


def witness_of(instance: Instance, values: dict[str, str], left: arb, right: arb) -> Witness:
    """A counterexample of two values that `differ`."""
    words = {spelled(slot): word for slot, word in instance.words.items()}
    ends = _apart(_interval(left, PLACES), _interval(right, PLACES))
    ends = ends or (_interval(left, EXACT), _interval(right, EXACT))
    return Witness(
        sizes=instance.sizes,
        words=instance.indices | words,
        values=values,
        left=_decimals(ends[0]),
        right=_decimals(ends[1]),
    )


def _can_be_written(*balls: arb) -> bool:
    """Whether the values are finite, and not of more digits than a reader can use."""
    return all(ball.is_finite() and bool(abs(ball) < LARGEST) for ball in balls)


def admissible(
    evaluate: Callable[[Balls], Found], assumed: Assumed
) -> Iterator[tuple[Balls, Found]]:
    """What is found at one small assignment after the other, but where there is no value."""
    generic = _Generic({}, assumed)
    if not (_has_value(evaluate, generic) or _has_value(evaluate, _Shifted({}, assumed))):
        return
    for each in chain.from_iterable(ranked.rows for ranked in assumed.ranked):
        for key in each:
            generic.parameter(key)
    keys = sorted((k for k in generic.values if assumed.left_over(k) is None), key=str)
    for turn in range(MOST_TURNS):
        more: set[Hashable] = set()
        for numbers in islice(_assignments(len(keys)), MOST_TRIES):
            balls = Balls(_admissible(dict(zip(keys, numbers, strict=True)), assumed), assumed)
            try:
                found = evaluate(balls)
            except NoValue:
                continue
            more = {key for key in balls.values.keys() - keys if assumed.left_over(key) is None}
            if more and turn + 1 < MOST_TURNS:
                break  # on another branch other parameters count
            admitted = all(assumed.admits(*each) for each in balls.values.items())
            if admitted and all(_has_rank(balls, each) for each in assumed.ranked):
                yield balls, found
        else:
            return
        keys = sorted({*keys, *more}, key=str)


def _has_rank(balls: Balls, ranked: Ranked) -> bool:
    """Whether a matrix has full column rank, and is positive definite where that is said."""
    for row in ranked.rows:
        for key in row:
            balls.parameter(key)
    rows = [[balls.values[balls.assumed.coordinate(key)] for key in row] for row in ranked.rows]
    if ranked.definite:
        size = len(rows)
        return all(_determinant([row[:n] for row in rows[:n]]) > 0 for n in range(1, size + 1))
    columns = list(zip(*rows, strict=True))
    products = ([sum(map(mul, one, other), Fraction(0)) for other in columns] for one in columns)
    return _determinant([*products]) != 0


def _determinant(rows: list[list[Fraction]]) -> Fraction:
    """By elimination."""
    result = Fraction(1)
    while rows:
        pivot = next((n for n, row in enumerate(rows) if row[0]), None)
        if pivot is None:
            return Fraction(0)
        first = rows[pivot]
        others = [*rows[:pivot], *rows[pivot + 1 :]]
        result *= first[0] * (-1) ** pivot
        rows = [
            [a - b * row[0] / first[0] for a, b in zip(row[1:], first[1:], strict=True)]
            for row in others
        ]
    return result


def _admissible(given: Values, assumed: Assumed) -> Values:
    """Numbers moved to where what is assumed of them holds."""
    found = {key: _moved(key, number, assumed) for key, number in given.items()}
    for name in assumed.positive & assumed.sums.keys():
        axis, _, value = assumed.sums[name]
        rows: dict[Hashable, list[Hashable]] = {}
        for key in found:
            match key:
                case (str() as of, (*at,)) if of == name:
                    rows.setdefault((*at[:axis], *at[axis + 1 :]), []).append(key)
        for entries in rows.values():
            whole = 1 + sum(found[key] for key in entries)  # one is for the last, left over
            found |= {key: found[key] * value / whole for key in entries}
    for ranked in assumed.ranked:
        if ranked.definite:
            found |= _dominated(
                [[assumed.coordinate(key) for key in row] for row in ranked.rows], found
            )
    return found


def _moved(key: Hashable, number: Fraction, assumed: Assumed) -> Fraction:
    """A number moved to where one coordinate may be, other ones to other places mostly."""
    ends, values = assumed.ends_of(key), assumed.values_of(key)
    if values is not None:
        return Fraction(values[number > 0])
    if assumed.is_count(key):
        return Fraction(abs(round(number)))
    if ends is not None and not ends[0] < number < ends[1]:
        lower, upper = ends
        part = (1 + abs(number)) / (2 + abs(number))
        return lower + (upper - lower) * (part if number >= 0 else 1 - part)
    return 1 - number if assumed.is_positive(key) and number <= 0 else number


def _dominated(rows: list[list[Hashable]], given: Values) -> Values:
    """Entries on the diagonal of a symmetric matrix, each above the sum of its row."""
    every = [[abs(given.get(key, Fraction(0))) for key in row] for row in rows]
    return {row[n]: 1 + sum(every[n], Fraction(0)) for n, row in enumerate(rows)}


def _assignments(length: int) -> Iterator[tuple[Fraction, ...]]:
    """Zeros with ever more ones, then larger and negative numbers, probabilities among them."""
    zero, one = Fraction(0), Fraction(1)
    for ones in range(min(length, 4) + 1):
        for places in combinations(range(length), ones):
            yield tuple(one if n in places else zero for n in range(length))
        if ones == 2 and length > MOST_PALETTE:
            yield from _probabilities(length)
    palette = (one, Fraction(-1), Fraction(2), Fraction(1, 2), zero)
    for number, start in enumerate(product(palette, repeat=min(length, 4))):
        if number == len(palette) ** 2:
            yield from _probabilities(length)
        yield tuple(start[n % 4] + n // 4 for n in range(length))
    if length <= 2:
        yield from _probabilities(length)


def _probabilities(length: int) -> Iterator[tuple[Fraction, ...]]:
    """Different numbers between zero and one."""
    yield tuple(Fraction(1, n + 2) for n in range(length))
    yield tuple(Fraction(n + 1, length + 1) for n in range(length))
    yield tuple(Fraction(1, 2 * n + 5) for n in range(length))


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
