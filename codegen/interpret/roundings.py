"""The domain of counts: how many roundings each result has gone through, in units of u B.

The counts depend on shapes alone. The numbers, and the ``sizes`` of their terms, are the parts of
an array, carried along so that one can look whether the size that a bound is relative to is the
one meant. What is counted, and what is known of it, is noted of the array as a whole.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NoReturn

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

from codegen.interpret import leaders as known_of
from codegen.interpret.array import Array, Domain, Plain
from codegen.interpret.errors import Hypotheses
from codegen.interpret.leaders import (
    CLIPPED,
    FUNCTION,
    INPUT,
    LAG,
    SCORE,
    Agreement,
    Count,
    Known,
    Leaders,
    Uncounted,
    plain,
)


@dataclass(eq=False)
class Noted:
    """What is known of an array: a count for all entries, where it is largest, what it is.

    One that is a ``constant`` is that whole number.
    """

    count: Count
    known: Known | None = None
    leaders: list[Leaders] = field(default_factory=list)
    constant: int | None = None


@dataclass(frozen=True)
class Counts(Domain):
    """Numbers that count what rounding does to them."""

    h: Hypotheses
    models = ("row_sums", "matrix_of", "by_parts")

    @property
    def dtype(self) -> np.dtype[Any]:  # type: ignore[override]  # of the hypotheses
        """What the code sees."""
        return self.h.dtype

    def refused(self, what: str) -> Exception:
        """What has no rule."""
        return Uncounted(f"no rule for {what}")

    def counted(self, numbers: Any, sizes: Any, count: Count, known: Known | None = None) -> Array:
        """Numbers, the sizes of their terms, and one count for all entries."""
        parts = (np.asarray(numbers, float), np.asarray(sizes, float))
        return Array(self, parts, Noted(count, known))

    def given(self, array: Plain) -> Array:
        """An input, whose roundings are those of the scores."""
        return self.counted(array, np.abs(array), Count(INPUT))

    def lifted(self, value: Any) -> Array:
        """A constant: a whole number."""
        if isinstance(value, Array):
            return value
        if not isinstance(value, int):
            raise Uncounted(f"no rule for {value!r}")
        found = self.counted(value, abs(value), Count(FUNCTION, sign=int(np.sign(value)) or None))
        found.note.constant = value
        return found

    def entrywise(self, name: str, *given: Array) -> Any:
        """The function of every entry, and its count."""
        how = FUNCTIONS.get(name)
        if how is None:
            raise self.refused(f"np.{name}")
        return how(self, *given)

    def chosen(self, condition: Any, yes: Any, no: Any) -> Array:
        """The one or the other; a difference only where the condition says that it is counted."""
        if isinstance(no, Remaining):
            no = no.elsewhere(condition)
        x, y = self.lifted(yes), self.lifted(no)
        holds = np.asarray(condition)
        sign = _same_sign(x, y)
        numbers, sizes = (np.where(holds, *both) for both in zip(x.parts, y.parts, strict=True))
        return self.counted(numbers, sizes, x.note.count.after(0, y.note.count, sign=sign))

    def total(self, rows: Array) -> Array:
        """A sum of n terms: n - 1 roundings."""
        count = rows.note.count
        count = count.after(max(0, rows.shape[-1] - 1), sign=count.sign)
        numbers, sizes = (part.sum(axis=-1) for part in rows.parts)
        return self.counted(numbers, sizes, count, known_of.summed(rows.note.known))

    def contracted(self, left: Array, right: Array) -> Array:
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

    def leading(self, rows: Array) -> Leaders:
        """Where each row is largest, which the array remembers."""
        leader = Leaders(np.asarray(rows.entries.argmax(axis=-1)), is_of_rows=True)
        rows.note.leaders.append(leader)
        return leader

    def is_product_finite(self, left: Array, right: Array) -> bool:
        """All is taken to be finite."""
        return True

    def written(self, out: Array, result: Array) -> Array:
        """The array itself becomes what was computed; not one that is part of another."""
        if out.entries.base is not None or out.shape != result.shape:
            raise Uncounted("a part of an array is overwritten")
        out.parts, out.note = result.parts, Noted(result.note.count, result.note.known)
        return out

    def put(self, array: Array, key: Any, value: Any) -> None:
        """An entry is 0, or a number of another count."""
        new, count = self.lifted(value), array.note.count
        known = known_of.given(array.note.known, array.shape, key, value)
        if isinstance(value, Array):
            count = count.after(0, new.note.count, sign=_same_sign(array, new))
        elif value != 0:
            raise Uncounted(f"an entry is set to {value}")
        array.note = Noted(count, known)
        array.parts = tuple(part.copy() for part in array.parts)
        for part, number in zip(array.parts, new.parts, strict=True):
            part[plain(key)] = number

    def place(self, key: Any) -> Any:
        """The places of leaders."""
        return plain(key)

    def note_of(self, arrays: Sequence[Array]) -> Any:
        """The count, and nothing else."""
        (array,) = arrays if len(arrays) == 1 else (None,)
        if array is None:
            raise self.refused("arrays that are joined")
        return Noted(array.note.count)

    def note_at(self, array: Array, key: Any) -> Any:
        """The count; of the leaders of scores that they are the largest."""
        note, index = array.note, plain(key)
        parts = index if type(index) is tuple else (index,)
        count = note.count
        if any(part is leader.places for part in parts for leader in note.leaders):
            count = Count(SCORE, sign=1, scores=count.scores)
        return Noted(count, known_of.taken(note.known, note.leaders, array.shape, key))

    def row_sums(self, words: Plain, terms: Sequence[tuple[Plain, Array | None, Array]]) -> Array:
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


def _same_sign(x: Array, y: Array) -> int | None:
    sign: int | None = x.note.count.sign
    return sign if sign == y.note.count.sign else None


def _add(domain: Counts, x: Array, y: Array) -> Array:
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
            known = known_of.with_one(array.note.known)
    return domain.counted(numbers, x.parts[1] + y.parts[1], one.after(1, other, sign=sign), known)


def _subtract(domain: Counts, x: Array, y: Array) -> Array | Remaining:
    if y.note.constant is not None:
        return _add(domain, x, domain.lifted(-y.note.constant))
    is_constant = x.note.constant is not None
    if not is_constant and known_of.is_sum_with(x.note.known, y.note.known):
        return remaining(x, y)
    found = _add(domain, x, _negative(domain, y))
    if not is_constant:
        found.note.known = known_of.less(x.note.leaders, x.shape, y.note.known, y.shape)
    return found


def _negative(domain: Counts, x: Array) -> Array:
    count = x.note.count
    sign = -count.sign if count.sign else None
    return domain.counted(-x.entries, x.parts[1], replace(count, sign=sign))


def _multiply(domain: Counts, x: Array, y: Array) -> Array:
    count = x.note.count.times(y.note.count, 1)
    return domain.counted(x.entries * y.entries, x.parts[1] * y.parts[1], count)


def _divide(domain: Counts, x: Array, y: Array) -> Array:
    if y.note.count.sign is None:
        raise Uncounted("a divisor that may have cancelled")
    count = x.note.count.times(y.note.count, 1)
    return domain.counted(x.entries / y.entries, x.parts[1] / y.parts[1], count)


def _exp(domain: Counts, x: Array) -> Array:
    role, scores = x.note.count.role, x.note.count.scores
    if role not in (SCORE, LAG, CLIPPED):
        raise Uncounted("an exponential of what is no score")
    count = Count(FUNCTION, 2 * domain.h.exp_ulps, 1, scores, role == LAG)
    number = np.exp(x.entries)
    return domain.counted(number, number, count, known_of.weights(x.note.known))


def _log1p(domain: Counts, x: Array) -> Array:
    if x.note.count.sign != 1:
        raise Uncounted("log1p of what may be negative")
    count = x.note.count.after(2 * domain.h.log1p_ulps, sign=1)
    return domain.counted(np.log1p(x.entries), np.log1p(x.parts[1]), count)


def _minimum(domain: Counts, x: Array, zero: Array) -> Array:
    if x.note.count.role != SCORE or zero.note.constant != 0:
        raise Uncounted("a minimum other than of a score and 0")
    numbers = np.minimum(x.entries, 0)
    return domain.counted(numbers, -numbers, Count(CLIPPED, 0, -1, x.note.count.scores))


def _absolute(domain: Counts, x: Array) -> Array:
    if x.note.count.role != SCORE:
        raise Uncounted("the absolute value of what is no score")
    return domain.counted(abs(x.entries), x.parts[1], Count(SCORE, scores=x.note.count.scores))


# a function of the domain and of arrays for each of NumPy's, by its name
FUNCTIONS: dict[str, Callable[..., Any]] = {
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

    value: Array
    leaders: Leaders
    place: Any

    def elsewhere(self, condition: Any) -> Array:
        """The difference, taken where the condition is false: that the leader is at the place."""
        if isinstance(condition, Agreement) and condition.is_of(self.leaders, self.place):
            return self.value
        raise Uncounted("a sum less one of its terms cancels where that is the leader's")

    def __array_ufunc__(self, *_: Any, **__: Any) -> NoReturn:
        raise Uncounted("a sum less one of its terms cancels where that is the leader's")

    __array_function__ = __array_ufunc__


def remaining(total: Array, entry: Array) -> Remaining:
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
