"""The domain of counts: roundings that a result has gone through, in units of u B (gamma rules).

The entries of an array are sums of terms, and a count bounds the roundings in any term of any
entry: the computed entry is within so many u (to first order) of what exact arithmetic makes of the
computed scores, relatively to the sum of the terms' absolute values. Where all terms have one sign
that sum is the value's own size; it has to be wherever something is divided by it or its logarithm
is taken. The roundings of the inner products themselves are counted apart: their effect on a result
is the condition in B.

The leader a of a row of scores is where they are largest, as computed. Of the weights
e_w = exp(z_w - z_a), as exact functions of the rounded differences, all are from 0 to 1, and e_a
is 1. So 1 is the leader's weight wherever it is added to the sum of the others; and the sum of
all, less the weight of a word that is not the leader, is still at least 1.

What an array is known to be follows from what was done to it, never from its numbers: places are
the same if they are the same array, which no kernel writes to. After an operation that is not
named here nothing is known. The counts depend on shapes alone. The numbers, and the ``sizes`` of
their terms, are the parts of an array, carried along so that one can look whether the size that a
bound is relative to is the one meant.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import NoReturn, TypeAlias

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin
from numpy.typing import ArrayLike, DTypeLike, NDArray

from codegen.interpret.array import (
    Array,
    Domain,
    Indices,
    Integers,
    Key,
    Locations,
    Plain,
    Term,
    index_of,
)
from codegen.interpret.errors import Hypotheses

INPUT, SCORE, LAG, CLIPPED, FUNCTION = "input", "score", "lag", "clipped", "function"
TOPS, LAGS, WEIGHTS, SUMS, ENTRIES = "tops", "lags", "weights", "sums", "entries"
Shape = tuple[int, ...]
Floats = NDArray[np.float64]


class Uncounted(Exception):
    """An operation after which counting says nothing: a cancellation, or one without a rule."""


@dataclass(frozen=True)
class Count:
    """How many roundings; ``is_shifted`` where an exponential of a rounded difference is in it."""

    role: str
    roundings: float = 0
    sign: int | None = None
    scores: float = 0
    is_shifted: bool = False

    def after(self, more: float, *others: Count, sign: int | None = None) -> Count:
        """A function of this and others, in which so many roundings were added to the most."""
        every = (self, *others)
        return Count(
            FUNCTION,
            max(each.roundings for each in every) + more,
            sign,
            max(each.scores for each in every),
            any(each.is_shifted for each in every),
        )

    def times(self, other: Count, more: float) -> Count:
        """A product or a quotient: the counts of both, and more."""
        sign = self.sign * other.sign if self.sign and other.sign else None
        both = self.after(0, other, sign=sign)
        return Count(
            both.role,
            self.roundings + other.roundings + more,
            both.sign,
            both.scores,
            both.is_shifted,
        )


class Leaders(Locations, NDArrayOperatorsMixin):
    """Where an array is largest, an index to it; ``is_of_rows`` if along its last axis."""

    __hash__ = object.__hash__

    def __init__(self, places: Integers, is_of_rows: bool) -> None:
        super().__init__(places)
        self.is_of_rows = is_of_rows
        self.shape = places.shape

    def __array__(self, dtype: DTypeLike | None = None, copy: bool | None = None) -> Integers:
        return self.places

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *given: object) -> Agreement:
        """Leaders may be compared with words, and nothing else."""
        if ufunc is not np.equal or len(given) != 2:
            raise Uncounted(f"no rule for np.{ufunc.__name__} of leaders")
        return Agreement(self, given[0] if given[1] is self else given[1])


@dataclass(frozen=True, eq=False)
class Agreement:
    """Whether each leader is the word at the same place."""

    leaders: Leaders
    words: object

    def is_of(self, leaders: Leaders, words: object) -> bool:
        """Whether it is about these leaders, and about these very words."""
        return self.leaders is leaders and self.words is words

    def __bool__(self) -> bool:
        raise Uncounted("leaders as a condition")

    def __array__(
        self, dtype: DTypeLike | None = None, copy: bool | None = None
    ) -> NDArray[np.bool_]:
        return np.asarray(self.leaders.places == self.words)


@dataclass(frozen=True, eq=False)
class Known:
    """What an array is: TOPS, the scores of the leaders; LAGS, scores less those; WEIGHTS, the
    exponentials of lags, but 0 at ``place`` of each row; SUMS of such weights, row by row; or
    ENTRIES, the weight at ``place`` of each row. Weights of one ``source`` are the same weights.
    """

    kind: str
    leaders: Leaders
    source: object = None
    place: Indices | None = None


def one_of_each_row(shape: Shape, key: Key) -> Indices | None:
    """The places, if one entry of each row of a vector or matrix is taken; else None."""
    index = index_of(key)
    *rows, place = index if isinstance(index, tuple) else (index,)
    if not isinstance(place, np.ndarray) or place.shape != shape[:-1]:
        return None
    if len(rows) + 1 != len(shape):
        return None
    every = np.arange(shape[0])
    whole = all(isinstance(each, np.ndarray) and np.array_equal(each, every) for each in rows)
    return place if whole else None


def taken(known: Known | None, leaders: Sequence[Leaders], shape: Shape, key: Key) -> Known | None:
    """Of an array with these leaders, at an index: a top, an entry, or the same with more axes."""
    place = one_of_each_row(shape, key)
    for leader in leaders:
        if place is leader.places and leader.is_of_rows:
            return Known(TOPS, leader)
    if known and known.kind == WEIGHTS and known.place is None and place is not None:
        return replace(known, kind=ENTRIES, place=place)
    parts = key if isinstance(key, tuple) else (key,)
    axes = [part for part in parts if part is not None]
    is_whole = all(isinstance(part, slice) and part == slice(None) for part in axes)
    return known if known and known.kind == TOPS and is_whole else None


def given(known: Known | None, shape: Shape, key: Key, value: ArrayLike) -> Known | None:
    """After an assignment: an entry of each row of weights set to 0, or to what it was again."""
    place = one_of_each_row(shape, key)
    if known is None or known.kind != WEIGHTS or place is None:
        return None
    if isinstance(value, int):
        return replace(known, place=place) if known.place is None and value == 0 else None
    new = value.note.known if isinstance(value, Counted) else None
    if known.place is place and new and is_entry(new, known) and new.place is place:
        return replace(known, place=None)
    return None


def is_entry(known: Known | None, of: Known) -> bool:
    """Whether it is an entry of the same weights."""
    return known is not None and known.kind == ENTRIES and known.source is of.source


def less(
    leaders: Sequence[Leaders],
    shape: Shape,
    right: Known | None,
    columns: Shape,
) -> Known | None:
    """Scores with these leaders less what is known: lags, if it is the top of each row."""
    if right is None or right.kind != TOPS or not any(right.leaders is each for each in leaders):
        return None
    is_column = columns == (*shape[:-1], 1) or columns == () == shape[:-1]
    return Known(LAGS, right.leaders) if is_column else None


def weights(known: Known | None) -> Known | None:
    """The exponentials of lags: weights of their own."""
    return Known(WEIGHTS, known.leaders, object()) if known and known.kind == LAGS else None


def summed(known: Known | None) -> Known | None:
    """Summed along each row."""
    return replace(known, kind=SUMS) if known and known.kind == WEIGHTS else None


def with_one(known: Known | None) -> Known | None:
    """1 and that: the sum of all weights, if it is the sum of all but the leader's."""
    if known is None or known.kind != SUMS or known.place is not known.leaders.places:
        return None
    return replace(known, place=None)


def is_sum_with(known: Known | None, entry: Known | None) -> bool:
    """Whether it is the sum of all weights of a row, and the other one of them."""
    if known is None or known.kind != SUMS or known.place is not None:
        return False
    return is_entry(entry, known)


@dataclass(eq=False)
class Noted:
    """What is known of an array: a count for all entries, where it is largest, what it is.

    One that is a ``constant`` is that whole number.
    """

    count: Count
    known: Known | None = None
    leaders: list[Leaders] = field(default_factory=list)
    constant: int | None = None


class Counted(Array):
    """Numbers and the sizes of their terms, with what is known of the array."""

    __slots__ = ()
    note: Noted
    parts: tuple[Floats, ...]

    @property
    def entries(self) -> Floats:
        """The numbers."""
        return self.parts[0]


@dataclass(frozen=True)
class Counts(Domain[Counted]):
    """Numbers that count what rounding does to them."""

    h: Hypotheses
    models = ("row_sums", "matrix_of", "by_parts")

    @property
    def dtype(self) -> np.dtype[np.floating]:
        """What the code sees."""
        return self.h.dtype

    def refused(self, what: str) -> Exception:
        """What has no rule."""
        return Uncounted(f"no rule for {what}")

    def array(self, parts: tuple[Plain, ...], note: object = None) -> Counted:
        """An array of these parts."""
        return Counted(self, parts, note)

    def counted(
        self, numbers: ArrayLike, sizes: ArrayLike, count: Count, known: Known | None = None
    ) -> Counted:
        """Numbers, the sizes of their terms, and one count for all entries."""
        parts = (np.asarray(numbers, float), np.asarray(sizes, float))
        return Counted(self, parts, Noted(count, known))

    def given(self, array: Plain) -> Counted:
        """An input, whose roundings are those of the scores."""
        return self.counted(array, np.abs(array), Count(INPUT))

    def lifted(self, value: ArrayLike) -> Counted:
        """A constant: a whole number."""
        if isinstance(value, Counted):
            return value
        if not isinstance(value, int):
            raise Uncounted(f"no rule for {value!r}")
        found = self.counted(value, abs(value), Count(FUNCTION, sign=int(np.sign(value)) or None))
        found.note.constant = value
        return found

    def entrywise(self, name: str, *given: Counted) -> Answer:
        """The function of every entry, and its count."""
        how = FUNCTIONS.get(name)
        if how is None:
            raise self.refused(f"np.{name}")
        return how(self, *given)

    def where(self, condition: ArrayLike, yes: ArrayLike, no: ArrayLike) -> Counted:
        """The one or the other; a difference only where the condition says that it is counted."""
        if isinstance(no, Remaining):
            no = no.elsewhere(condition)
        x, y = self.lifted(yes), self.lifted(no)
        holds = np.asarray(condition)
        sign = _same_sign(x, y)
        numbers, sizes = (np.where(holds, *both) for both in zip(x.parts, y.parts, strict=True))
        return self.counted(numbers, sizes, x.note.count.after(0, y.note.count, sign=sign))

    def total(self, rows: Counted) -> Counted:
        """A sum of n terms: n - 1 roundings."""
        count = rows.note.count
        count = count.after(max(0, rows.shape[-1] - 1), sign=count.sign)
        numbers, sizes = (part.sum(axis=-1) for part in rows.parts)
        return self.counted(numbers, sizes, count, summed(rows.note.known))

    def contracted(self, left: Counted, right: Counted) -> Counted:
        """Inner products: scores if both sides are inputs, whose roundings are the scores'."""
        length = left.shape[-1]
        one, other = left.note.count, right.note.count
        if one.role == other.role == INPUT:
            count = Count(SCORE, scores=length)
        else:
            count = one.times(other, length)
        pairs = zip(left.parts, right.parts, strict=True)
        numbers, sizes = (np.einsum("...i,...i->...", *both) for both in pairs)
        return self.counted(numbers, sizes, count)

    def argmax(self, rows: Counted) -> Leaders:
        """Where each row is largest, which the array remembers."""
        leader = Leaders(np.asarray(rows.entries.argmax(axis=-1)), is_of_rows=True)
        rows.note.leaders.append(leader)
        return leader

    def is_product_finite(self, left: Counted, right: Counted) -> bool:
        """All is taken to be finite."""
        return True

    def written(self, out: Counted, result: Counted) -> Counted:
        """The array itself becomes what was computed; not one that is part of another."""
        if out.entries.base is not None or out.shape != result.shape:
            raise Uncounted("a part of an array is overwritten")
        out.parts, out.note = result.parts, Noted(result.note.count, result.note.known)
        return out

    def put(self, array: Counted, key: Key, value: ArrayLike) -> None:
        """An entry is 0, or a number of another count."""
        new, count = self.lifted(value), array.note.count
        known = given(array.note.known, array.shape, key, value)
        if isinstance(value, Counted):
            count = count.after(0, new.note.count, sign=_same_sign(array, new))
        elif value != 0:
            raise Uncounted(f"an entry is set to {value}")
        array.note = Noted(count, known)
        array.parts = tuple(part.copy() for part in array.parts)
        for part, number in zip(array.parts, new.parts, strict=True):
            part[index_of(key)] = number

    def note_of(self, arrays: Sequence[Counted]) -> Noted:
        """The count, and nothing else."""
        (array,) = arrays if len(arrays) == 1 else (None,)
        if array is None:
            raise self.refused("arrays that are joined")
        return Noted(array.note.count)

    def note_at(self, array: Counted, key: Key) -> Noted:
        """The count; of the leaders of scores that they are the largest."""
        note, index = array.note, index_of(key)
        parts = index if type(index) is tuple else (index,)
        count = note.count
        if any(part is leader.places for part in parts for leader in note.leaders):
            count = Count(SCORE, sign=1, scores=count.scores)
        return Noted(count, taken(note.known, note.leaders, array.shape, key))

    def row_sums(self, words: Integers, terms: Sequence[Term[Counted]]) -> Counted:
        """Rows added up by word: of each word there are as many as occur most often."""
        weighted = [
            rows if numbers is None else rows * numbers[:, np.newaxis] for _, numbers, rows in terms
        ]
        places = [np.searchsorted(words, each) for each, _, _ in terms]
        most = int(np.bincount(np.concatenate(places)).max(initial=0))
        first, *others = (each.note.count for each in weighted)
        shape = (len(words), terms[0][2].shape[-1])
        sums = np.zeros(shape), np.zeros(shape)
        for place, each in zip(places, weighted, strict=True):
            for whole, part in zip(sums, each.parts, strict=True):
                np.add.at(whole, place, part)
        return self.counted(*sums, first.after(max(0, most - 1), *others))


def _same_sign(x: Counted, y: Counted) -> int | None:
    sign = x.note.count.sign
    return sign if sign == y.note.count.sign else None


def _add(domain: Counts, x: Counted, y: Counted) -> Counted:
    numbers = x.entries + y.entries
    one, other, sign = x.note.count, y.note.count, _same_sign(x, y)
    constants = (x.note.constant, y.note.constant)
    if sign is None and constants != (None, None):
        raise Uncounted("a constant less a function of the scores cancels")
    if one.role == other.role == SCORE:
        leader = one.sign or other.sign  # nothing is larger than the leader
        lag = Count(LAG, 1, leader, max(one.scores, other.scores))
        return domain.counted(numbers, abs(numbers), lag)
    known = None
    for constant, array in zip(constants, (y, x), strict=True):
        if constant == 1:
            known = with_one(array.note.known)
    return domain.counted(numbers, x.parts[1] + y.parts[1], one.after(1, other, sign=sign), known)


def _subtract(domain: Counts, x: Counted, y: Counted) -> Counted | Remaining:
    if y.note.constant is not None:
        return _add(domain, x, domain.lifted(-y.note.constant))
    is_constant = x.note.constant is not None
    if not is_constant and is_sum_with(x.note.known, y.note.known):
        return remaining(x, y)
    found = _add(domain, x, _negative(domain, y))
    if not is_constant:
        found.note.known = less(x.note.leaders, x.shape, y.note.known, y.shape)
    return found


def _negative(domain: Counts, x: Counted) -> Counted:
    count = x.note.count
    sign = -count.sign if count.sign else None
    return domain.counted(-x.entries, x.parts[1], replace(count, sign=sign))


def _multiply(domain: Counts, x: Counted, y: Counted) -> Counted:
    count = x.note.count.times(y.note.count, 1)
    return domain.counted(x.entries * y.entries, x.parts[1] * y.parts[1], count)


def _divide(domain: Counts, x: Counted, y: Counted) -> Counted:
    if y.note.count.sign is None:
        raise Uncounted("a divisor that may have cancelled")
    count = x.note.count.times(y.note.count, 1)
    return domain.counted(x.entries / y.entries, x.parts[1] / y.parts[1], count)


def _exp(domain: Counts, x: Counted) -> Counted:
    role, scores = x.note.count.role, x.note.count.scores
    if role not in (SCORE, LAG, CLIPPED):
        raise Uncounted("an exponential of what is no score")
    count = Count(FUNCTION, 2 * domain.h.exp_ulps, 1, scores, role == LAG)
    number = np.exp(x.entries)
    return domain.counted(number, number, count, weights(x.note.known))


def _log1p(domain: Counts, x: Counted) -> Counted:
    if x.note.count.sign != 1:
        raise Uncounted("log1p of what may be negative")
    count = x.note.count.after(2 * domain.h.log1p_ulps, sign=1)
    return domain.counted(np.log1p(x.entries), np.log1p(x.parts[1]), count)


def _minimum(domain: Counts, x: Counted, zero: Counted) -> Counted:
    if x.note.count.role != SCORE or zero.note.constant != 0:
        raise Uncounted("a minimum other than of a score and 0")
    numbers = np.minimum(x.entries, 0)
    return domain.counted(numbers, -numbers, Count(CLIPPED, 0, -1, x.note.count.scores))


def _absolute(domain: Counts, x: Counted) -> Counted:
    if x.note.count.role != SCORE:
        raise Uncounted("the absolute value of what is no score")
    return domain.counted(abs(x.entries), x.parts[1], Count(SCORE, scores=x.note.count.scores))


# a function of the domain and of arrays for each of NumPy's, by its name
FUNCTIONS: dict[str, Callable[..., Answer]] = {
    "add": _add,
    "subtract": _subtract,
    "multiply": _multiply,
    "divide": _divide,
    "negative": _negative,
    "absolute": _absolute,
    "minimum": _minimum,
    "exp": _exp,
    "log1p": _log1p,
    "greater_equal": lambda domain, x, y: x.entries >= y.entries,
}


@dataclass(frozen=True, eq=False)
class Remaining(NDArrayOperatorsMixin):
    """A difference that is counted for rows whose leader is not at ``place``.

    Nothing can be done with it but to take it where that is so (`elsewhere`).
    """

    value: Counted
    leaders: Leaders
    place: Indices | None

    def elsewhere(self, condition: ArrayLike) -> Counted:
        """The difference, taken where the condition is false: that the leader is at the place."""
        if isinstance(condition, Agreement) and condition.is_of(self.leaders, self.place):
            return self.value
        raise Uncounted("a sum less one of its terms cancels where that is the leader's")

    def __array_ufunc__(self, *_: object, **__: object) -> NoReturn:
        raise Uncounted("a sum less one of its terms cancels where that is the leader's")

    __array_function__ = __array__ = __array_ufunc__


# what is known of every entry: numbers, numbers at some rows alone, or a comparison
Answer: TypeAlias = Counted | Remaining | NDArray[np.bool_]


def remaining(total: Counted, entry: Counted) -> Remaining:
    """x - y of a sum x of all weights of a row and one of them, y, not the leader's.

    Lemma: let r be the sum of the others. All weights are at least 0, none is above 1, and the
    leader's, which is 1, is in r: y <= 1 <= r and x = r + y. If the computed x and y are off by
    at most n x u and m y u, their difference is off by at most

        n x u + m y u = (n r + (n + m) y) u <= (2 n + m) r u,

    and by one rounding more: 2 n + m + 1 roundings of a result that is positive.
    """
    known, other = total.note.known, entry.note.known
    assert known is not None
    assert other is not None
    one, two = total.note.count, entry.note.count
    together = one.after(0, two, sign=1)
    roundings = 2 * one.roundings + two.roundings + 1
    numbers, domain = total.entries - entry.entries, total.domain
    assert isinstance(domain, Counts)
    value = domain.counted(numbers, abs(numbers), replace(together, roundings=roundings))
    return Remaining(value, known.leaders, other.place)
