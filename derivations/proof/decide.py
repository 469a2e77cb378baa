"""Decision at one small instance: an equality by exact values, and a witness where it fails.

Both sides are evaluated directly (`language/direct.py`), derivatives by rule on pairs; the
equality holds there when the two values are the same element of the exact field, which
`field.py` says is decided. Where the sign of a term is needed that is not certain, the run is
split in two, one for each sign, as often as another sign is asked for (lazy case split): the
equality has to hold in all cases in which its sides have values. A case that no numbers are in
says nothing, so a difference in a case refutes only together with a witness.

The two meanings are compared with each other: the value of a side in index notation, with the
derivative taken at symbolic size, must be the same element. This is done at the first
instance, at each that is larger and more varied in its sizes, words and indices than those before
it (so at the most varied one of all that are tried), and wherever the equality fails. Two that
differ mean a fault of this program: a Disagreement.

A witness is small rationals at which both sides are certified intervals that do not meet.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, localcontext
from fractions import Fraction
from functools import reduce
from itertools import chain, combinations, islice, product
from math import ceil, comb, floor
from operator import mul
from typing import TypeVar

from flint import arb, ctx, fmpq
from sympy import Expr

from derivations.claim import (
    NOTHING_ASSUMED,
    Assumed,
    Claim,
    Condition,
    Ranked,
    Witness,
    data_assumed,
)
from derivations.language.direct import Direct
from derivations.language.index_nodes import differentiated
from derivations.language.tree import Term
from derivations.proof.domain import SIGN, Application, Primitive
from derivations.proof.evaluate import Instance, Interpreter, Places
from derivations.proof.field import Branch, Field, Finer, Signs, TooManyVariables, Value
from derivations.proof.fragment import NoValue, OutsideFragment
from derivations.proof.instances import Signature, instances, size_names

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
    ends = _separated(_interval(left, PLACES), _interval(right, PLACES))
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
    above = assumed.positive | {name for name, ends in assumed.between.items() if ends[0] >= 0}
    for name, (axis, _, value) in assumed.sums.items():
        if name not in above:
            continue
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
    wrong = number <= 0 if assumed.is_positive(key) else number == 0 and assumed.is_nonzero(key)
    return 1 - number if wrong else number


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


def _separated(left: Interval, right: Interval) -> tuple[Interval, Interval] | None:
    """Both intervals, unless rounding outwards has made them meet."""
    meet = left[0] <= right[1] and right[0] <= left[1]
    return None if meet else (left, right)


def _decimals(interval: Interval) -> tuple[str, str]:
    with localcontext(prec=400):  # the denominators are powers of ten: nothing is rounded here
        low, high = (f"{Decimal(end.numerator) / Decimal(end.denominator):f}" for end in interval)
    return low, high


ROOM = (16, 40, 120, 400)
MOST_CASES = 400
MOST_FINER = 8


class Disagreement(Exception):
    """Two arguments that must agree do not: a fault in this program, never a verdict."""


@dataclass(frozen=True)
class Side:
    """One side in both meanings: a term, and its index notation with derivatives taken."""

    term: Term
    form: Expr


@dataclass(frozen=True)
class Failure:
    """A case in which two sides are not one element: the assumed signs, and whether the field is
    one in which only the zero function is zero.
    """

    signs: Signs
    complete: bool

    @property
    def certain(self) -> bool:
        """Whether the sides differ at some numbers for sure."""
        return self.complete and not self.signs

    @property
    def at_zero(self) -> bool:
        """Whether a sign that was written is zero there: the normal form is claimed elsewhere."""
        return 0 in self.signs.values()


@dataclass(frozen=True)
class Question:
    """Whether two sides are equal; ``axes`` are the names of the indices that run over them.
    What was decided is remembered, and where both meanings of all sides were compared.
    """

    left: Side
    right: Side
    axes: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()
    decided: dict[Hashable, Failure | None] = field(default_factory=dict, compare=False)
    compared: list[int] = field(default_factory=list, compare=False)  # how varied they were

    def assumed_at(self, instance: Instance) -> Assumed:
        """What is given of the data there."""
        places = Places(instance)
        return data_assumed(
            self.conditions, lambda space: places.members(space.lower, space.upper, {})
        )


def question_of(claim: Claim, merged: Claim | None = None) -> Question:
    """What is asked: the terms as claimed, and their index notation.

    ``merged`` is the claim with equal words written as one, where that was done: its index
    notation, which other arguments read, is the one that the terms are compared with.
    """
    sides = (merged or claim).sides
    left, right = (
        Side(term, differentiated(form))
        for term, form in zip(claim.terms, (sides.left, sides.right), strict=True)
    )
    axes = tuple(axis.name for axis in sides.axes)
    return Question(left, right, axes, claim.conditions)


def holds(question: Question, instance: Instance) -> bool:
    """Whether the sides are equal at an instance, in all cases; raises as `failing` does."""
    return failing(question, instance) is None


def failing(question: Question, instance: Instance) -> Failure | None:
    """A case in which the sides differ; None where they are equal.

    What is known is not decided again. Raises Disagreement where the two meanings of a side
    differ, OutsideFragment for what is not decided, and NoValue or ZeroDivisionError where a
    side has no value.
    """
    key = instance.key
    if key not in question.decided:
        question.decided[key] = _decided(question, instance)
    return question.decided[key]


def in_numbers(question: Question, instance: Instance, balls: Balls) -> tuple[arb, arb]:
    """Both sides in certified intervals."""
    direct = Direct(instance, balls)
    at = [instance.indices[name] for name in question.axes]
    return direct.entry(question.left.term, at), direct.entry(question.right.term, at)


def _decided(question: Question, instance: Instance) -> Failure | None:
    finer: dict[Hashable, int] = {}
    rooms = iter(ROOM)
    room = next(rooms)
    for _ in range(len(ROOM) + MOST_FINER):
        try:
            return _over_all_signs(question, instance, room, finer)
        except Finer as wanted:
            finer[wanted.key] = finer.get(wanted.key, 1) * wanted.by
        except TooManyVariables:
            room = next(rooms, 0)
            if not room:
                raise OutsideFragment(f"more than {ROOM[-1]} variables at one instance") from None
    raise OutsideFragment("exponentials of too many fractions of one argument")


def _over_all_signs(
    question: Question, instance: Instance, room: int, finer: Mapping[Hashable, int]
) -> Failure | None:
    assumed = question.assumed_at(instance)
    waiting: list[Mapping[str, int]] = [{}]
    without_value: Exception | None = None
    tried, equal = 0, 0
    while waiting:
        signs = waiting.pop()
        tried += 1
        if tried > MOST_CASES:
            raise OutsideFragment(f"more than {MOST_CASES} cases by sign at one instance")
        try:
            exact = Field(room, signs, assumed, finer)
            if not _Run(question, instance, exact).equal():
                return Failure(signs, exact.complete)
            equal += 1
        except Branch as unknown:
            waiting += [{**signs, unknown.term: sign} for sign in unknown.signs]
        except (NoValue, ZeroDivisionError) as error:
            without_value = error
    if not equal and without_value is not None:
        raise without_value
    return None


class _Run:
    """One case at one instance in one field."""

    def __init__(self, question: Question, instance: Instance, exact: Field) -> None:
        self.question, self.instance, self.exact = question, instance, exact
        self.direct = Direct(instance, exact)
        self.index_notation = Interpreter(instance, exact)
        self.at = [instance.indices[name] for name in question.axes]

    def equal(self) -> bool:
        """Whether the sides are equal; the meanings are compared where that is due."""
        sides = (self.question.left, self.question.right)
        varied = _variety(self.instance)
        due = varied > max(self.question.compared, default=-1)
        values = [self.direct.entry(side.term, self.at) for side in sides]
        equal = self.exact.equal(*values)
        if due or not equal:
            for side, value in zip(sides, values, strict=True):
                self._compare(side, value)
            self.question.compared.append(varied)
        return equal

    def _compare(self, side: Side, value: Value) -> None:
        """Raise Disagreement where index notation says something else."""
        if self.exact.equal(value, self.index_notation.value(side.form)):
            return
        where = f"at {self.instance}: {side.form}"
        if not Failure(self.exact.signs, self.exact.complete).certain and self._no_numbers(side):
            raise OutsideFragment(f"both meanings of a side on assumed signs {where}")
        raise Disagreement(f"the value by rule and the one in index notation differ {where}")

    def _no_numbers(self, side: Side) -> bool:
        """Whether no small numbers show that the meanings of a side differ."""
        assumed = self.question.assumed_at(self.instance)
        return find_witness(self._both(side), self.instance, assumed) is None

    def _both(self, side: Side) -> Callable[[Balls], tuple[arb, arb]]:
        def evaluate(balls: Balls) -> tuple[arb, arb]:
            direct = Direct(self.instance, balls).entry(side.term, self.at)
            return direct, Interpreter(self.instance, balls).value(side.form)

        return evaluate


def _variety(instance: Instance) -> int:
    """How large an instance is, and how many different sizes, words and indices it has."""
    sizes = instance.sizes.values()
    chosen = {*instance.words.values(), *instance.indices.values()}
    return sum(sizes) + len(set(sizes)) + len(chosen)


# Which small sizes a claim is decided at.
#
# Sets of different sizes are tried with different numbers of members, so that an axis in the place
# of another one shows; a size starts where every member that is given by its number exists.


MANY, MOST_CHOICES = 4, 1000


NOTHING: Mapping[str, int] = {}


@dataclass(frozen=True)
class Selection:
    """Which small sizes are decided: the largest of each, by its kind, or else by its name.

    A size of labels counts them whatever it is called, B of a batch that is compared as well.

    A claim with more than ``MANY`` sizes has them all together at most ``above`` larger than
    their smallest values, less where there are so many that it would take long. At most
    ``most_words`` words are chosen where all coordinates are one, one fewer for each further
    coordinate. Deciding may take ``most_seconds`` of the processor's time: text that anyone hands
    in may ask for hours, and how busy the machine is shall not turn a verdict.
    """

    largest: dict[str, int]
    most_words: int
    otherwise: int = 2
    labels: int = 3
    around_zero: int = 1
    above: int = 3
    most_seconds: int = 60

    def most(self, size: str, signature: Signature) -> int:
        """The largest value of a size."""
        kinds = [space for space in signature.spaces if size in size_names(space)]
        if any(space.symmetric for space in kinds):
            return self.around_zero
        if any(space in signature.labels for space in kinds):
            return self.labels
        return self.largest.get(size, self.otherwise)

    def most_above(self, sizes: int) -> int:
        """How far above the least so many sizes are in all."""
        most = range(self.above, 0, -1)
        return next((n for n in most if comb(sizes + n, n) <= MOST_CHOICES), 1)


SELECTIONS = {
    "default": Selection({"N": 3, "d": 2, "K": 2, "m": 1, "B": 2}, 4),
    "full": Selection(
        {"N": 4, "d": 3, "K": 4, "m": 2, "B": 2},
        8,
        otherwise=3,
        labels=4,
        around_zero=2,
        above=6,
        most_seconds=600,
    ),
}


def selected(
    signature: Signature, selection: Selection, least: Mapping[str, int] = NOTHING
) -> Iterator[Instance]:
    """The instances of a selection, small ones first; no size is below its ``least`` value."""
    ranges = [_numbers_of(name, signature, selection, least) for name in signature.sizes]
    many = len(_counted(signature))
    near = _near_the_least(ranges, selection.most_above(many))
    choices = product(*ranges) if many <= MANY else near
    for values in sorted(choices, key=lambda values: (sum(values), values)):
        sizes = dict(zip(signature.sizes, values, strict=True))
        further = sum(max(sizes[name] - 1, 0) for name in _dimensions(signature))
        yield from instances(signature, sizes, selection.most_words - further)


def _near_the_least(ranges: list[range], above: int) -> Iterator[tuple[int, ...]]:
    """The choices from all ranges that are in all at most ``above`` larger than the least."""
    if not ranges:
        yield ()
        return
    first, *others = ranges
    for value in first[: above + 1]:
        for rest in _near_the_least(others, above - (value - first.start)):
            yield (value, *rest)


def _numbers_of(
    name: str, signature: Signature, selection: Selection, least: Mapping[str, int]
) -> range:
    start = least.get(name, 0)
    if name in signature.uncounted:  # only which words coincide matters, and all patterns are taken
        return range(max(start, 1), max(start, 1) + 1)
    inhabited = any(
        name in size_names(s) and s.inhabited and s.lower == 1 for s in signature.spaces
    )
    start = max(start, int(inhabited or name in signature.positive))
    return range(start, max(start, selection.most(name, signature)) + 1)


def _counted(signature: Signature) -> list[str]:
    return [name for name in signature.sizes if name not in signature.uncounted]


def _dimensions(signature: Signature) -> list[str]:
    """The sizes of sets of coordinates."""
    return sorted({name for space in signature.coordinates for name in size_names(space)})


def covered(signature: Signature, selection: Selection, least: Mapping[str, int] = NOTHING) -> str:
    """What a selection covers, in words."""
    counted = _counted(signature)
    most = {name: _numbers_of(name, signature, selection, least)[-1] for name in counted}
    parts = [f"{name} ≤ {most[name]}" for name in counted]
    if len(counted) > MANY:
        parts.append(f"in all at most {selection.most_above(len(counted))} above the smallest")
    if signature.lists:
        dimensions = _dimensions(signature)
        words = " + ".join(("words", *dimensions))
        parts.append(f"{words} ≤ {selection.most_words + len(dimensions)}")
    return ", ".join(parts) or "no sizes"
