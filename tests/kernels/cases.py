"""Cases of word2vec's kernels: pairs, windows and batches, how they are drawn and called.

Both losses share them: `negatives` is None for the naive softmax and an array of words for
negative sampling.  Cases compare by identity, so that an oracle's answer can be cached for the case
it was computed for. `Kernels` is whatever has the interface of the package `generated`: that
package, or a mutant.
"""

import warnings
from dataclasses import dataclass, replace
from typing import Any, NamedTuple, Protocol

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

Floats = NDArray[Any]
Words = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Pair:
    """A centre vector v, an outside word o and the outside rows U."""

    v: Floats
    o: int
    U: Floats
    negatives: Words | None = None

    @property
    def touched(self) -> list[int]:
        """The rows of U that the loss depends on."""
        if self.negatives is None:
            return list(range(len(self.U)))
        return sorted({self.o, *self.negatives.tolist()})


@dataclass(frozen=True, eq=False)
class Window:
    """A centre word c and its outside words; `negatives` has one row for each of them."""

    c: int
    outside: Words
    V: Floats
    U: Floats
    negatives: Words | None = None

    def pairs(self) -> list[Pair]:
        return [
            Pair(self.V[self.c], int(o), self.U, row(self.negatives, i))
            for i, o in enumerate(self.outside)
        ]

    def part(self, chosen: slice) -> "Window":
        """The window of some of the outside words."""
        negatives = None if self.negatives is None else self.negatives[chosen]
        return replace(self, outside=self.outside[chosen], negatives=negatives)


@dataclass(frozen=True, eq=False)
class Batch:
    """Pairs (centers[i], outsides[i]); `negatives` has one row for each of them."""

    V: Floats
    U: Floats
    centers: Words
    outsides: Words
    negatives: Words | None = None

    def pairs(self) -> list[Pair]:
        return [
            Pair(self.V[c], int(o), self.U, row(self.negatives, i))
            for i, (c, o) in enumerate(zip(self.centers, self.outsides, strict=True))
        ]


Case = Pair | Window | Batch


def row(negatives: Words | None, i: int) -> Words | None:
    return None if negatives is None else negatives[i]


class Broken(NamedTuple):
    """A pair, and where in v or in a row of U that it uses something is not a number."""

    pair: Pair
    array: str
    at: tuple[int, ...]
    value: float


class Kernels(Protocol):
    naive_softmax: Any
    negative_sampling: Any
    skip_gram: Any


class Result(NamedTuple):
    """What a kernel returned; row-sparse gradients made dense."""

    loss: Any
    grad_v: Floats
    grad_U: Floats


def raw(kernels: Kernels, case: Case) -> tuple[Any, Any, Any]:
    """The kernel's own return value, warnings left alone."""
    sampled = () if case.negatives is None else (case.negatives,)
    if isinstance(case, Pair):
        module = kernels.naive_softmax if case.negatives is None else kernels.negative_sampling
        out = module.value_and_grad(case.v, case.o, case.U, *sampled)
    elif isinstance(case, Window):
        function = (
            kernels.skip_gram.naive_softmax_value_and_grad
            if case.negatives is None
            else kernels.skip_gram.negative_sampling_value_and_grad
        )
        out = function(case.c, case.outside, case.V, case.U, *sampled)
    else:
        module = kernels.naive_softmax if case.negatives is None else kernels.negative_sampling
        out = module.batch_value_and_grad(case.V, case.U, case.centers, case.outsides, *sampled)
    loss, grad_v, grad_U = out
    return loss, grad_v, grad_U


def value_and_grad(kernels: Kernels, case: Case) -> Result:
    """Loss and both gradients; whether the kernel warns is a property of its own."""
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        loss, grad_v, grad_U = raw(kernels, case)
        if isinstance(case, Batch):
            return Result(loss, dense(grad_v, len(case.V)), dense(grad_U, len(case.U)))
        return Result(loss, grad_v, grad_U)


def loss(kernels: Kernels, pair: Pair) -> Any:
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return raw_loss(kernels, pair)


def raw_loss(kernels: Kernels, pair: Pair) -> Any:
    if pair.negatives is None:
        return kernels.naive_softmax.loss(pair.v, pair.o, pair.U)
    return kernels.negative_sampling.loss(pair.v, pair.o, pair.U, pair.negatives)


def dense(gradient: Any, N: int) -> Floats:
    """Row-sparse or dense, as the loss has it."""
    rows: Floats = gradient.dense(N) if hasattr(gradient, "dense") else gradient
    return rows


def arrays(returned: tuple[Any, Any, Any]) -> list[Floats]:
    """Every array that a kernel handed over."""
    found = []
    for part in returned:
        if hasattr(part, "dense"):
            found += [part.rows, part.values]
        elif isinstance(part, np.ndarray):
            found.append(part)
    return found


# Entries of vectors and rows, from integers (ties, zeros) to full mantissas and subnormals.


SCALES = (1e-3, 0.1, 1 / 3, 1.0, 2.7, 30.0, 250.0)
MODERATE = (1e-3, 0.1, 1 / 3, 1.0, 2.7)
# N = 1, d = 1, N = d, wide and tall, and one shape that is larger than a SIMD register.
SHAPES = ((1, 1), (1, 3), (2, 2), (3, 3), (4, 1), (2, 4), (4, 2), (5, 3), (9, 5))

dtypes = st.sampled_from([np.dtype(np.float64), np.dtype(np.float64), np.dtype(np.float32)])
shapes = st.sampled_from(SHAPES)


def grid(n: int, d: int, bound: int) -> st.SearchStrategy[Floats]:
    """An (n, d) array of integers, as float64."""
    entries = st.lists(st.integers(-bound, bound), min_size=n * d, max_size=n * d)
    return entries.map(lambda numbers: np.array(numbers, dtype=np.float64).reshape(n, d))


@st.composite
def rows(draw: Any, n: int, d: int, scales: tuple[float, ...] = SCALES) -> Floats:
    """An (n, d) array: full mantissas, short ones, integers, or few distinct rows."""
    flavour = draw(st.sampled_from(["normal", "normal", "rough", "integer", "repeated"]))
    if flavour == "normal":
        random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
        normal: Floats = random.normal(size=(n, d)) * draw(st.sampled_from(scales))
        return normal
    if flavour == "integer":
        whole: Floats = draw(grid(n, d, 3))
        return whole
    if flavour == "rough":
        rough: Floats = draw(grid(n, d, 4000)) / 1024 * draw(st.sampled_from(scales))
        return rough
    pool: Floats = draw(grid(2, d, 5)) * draw(st.sampled_from(scales))
    picks = draw(st.lists(st.integers(0, 1), min_size=n, max_size=n))
    chosen: Floats = pool[np.array(picks, dtype=int)]
    return chosen


@st.composite
def words(draw: Any, n: int, lengths: tuple[int, ...]) -> Words:
    """Words below n: any, or one of them again and again."""
    length = draw(st.sampled_from(lengths))
    different = 1 if draw(st.sampled_from([False, False, False, True])) else length
    some = draw(st.lists(st.integers(0, n - 1), min_size=different, max_size=different))
    return as_words((some * length)[:length])


def as_words(numbers: list[int]) -> Words:
    return np.array(numbers, dtype=np.int64)


# Single pairs: ordinary vectors, scores put where the formulas saturate, and tiny vectors.


# Each row's score is put near one of two levels: a lead of 20, 40 and 600, saturation on
# both sides, the ends of float32's and float64's exponential, and where it is subnormal.
LEVELS = (
    (20.0, 0.0),
    (0.0, -20.0),
    (40.0, 0.0),
    (0.0, -40.0),
    (600.0, 0.0),
    (30.0, -30.0),
    (88.0, -103.0),
    (745.0, -745.0),
    (-710.0, -725.0),
)
HUGE = {np.dtype(np.float64): (1e300, 2.0**500), np.dtype(np.float32): (1e36, 2.0**60)}
TINY = {np.dtype(np.float64): 2.0**-1060, np.dtype(np.float32): 2.0**-140}


@st.composite
def softmax_pairs(draw: Any, moderate: bool = False) -> Pair:
    n, d = draw(shapes)
    dtype = draw(dtypes)
    kinds = (
        ["ordinary", "levels"]
        if moderate
        else ["ordinary", "levels", "levels", "levels", "huge", "tiny"]
    )
    kind = draw(st.sampled_from(kinds))
    scales = MODERATE if moderate else SCALES
    U, v = draw(rows(n, d, scales)), draw(rows(1, d, scales))[0]
    o = draw(st.integers(0, n - 1))
    if kind == "levels":
        v = v if v.any() else np.ones(d)
        U = scored(v, U, draw(targets(n, o, draw(st.sampled_from(LEVELS)))))
    if kind == "huge":
        v, U = draw(huge(v, n, o, dtype))
    if kind == "tiny":
        v = v * TINY[dtype]
        U = U * draw(st.sampled_from([1.0, TINY[dtype]]))
    return Pair(v.astype(dtype), o, U.astype(dtype))


@st.composite
def targets(draw: Any, n: int, o: int, levels: tuple[float, float]) -> Floats:
    """A score for every row: o alone on the upper or lower level, or each row where it likes."""
    high, low = levels
    pattern = draw(st.sampled_from(["o leads", "o trails", "free"]))
    if pattern == "free":
        picks = draw(st.lists(st.booleans(), min_size=n, max_size=n))
        return np.where(picks, high, low)
    scores = np.full(n, low if pattern == "o leads" else high)
    scores[o] = high + low - scores[o]
    return scores


@st.composite
def huge(draw: Any, v: Floats, n: int, o: int, dtype: Any) -> tuple[Floats, Floats]:
    """Scores so large that a rounding of one would outweigh everything are exact ones.

    Only one column of U counts, and v has a power of two there.
    """
    top, tilt = HUGE[dtype]
    j = draw(st.integers(0, len(v) - 1))
    v = v * tilt
    v[j] = draw(st.sampled_from([tilt, -tilt]))
    U = np.zeros((n, len(v)))
    U[:, j] = draw(targets(n, o, (top, -top))) / v[j]
    return v, U


def scored(v: Floats, U: Floats, scores: Floats) -> Floats:
    """U with one column moved, so that each row's score is about the one wanted."""
    j = int(np.argmax(np.abs(v)))
    U = U.copy()
    U[:, j] = 0
    U[:, j] = (scores - U @ v) / v[j]
    return U


@st.composite
def negatives(draw: Any, n: int, o: int) -> Words:
    """None, repeats, all equal, and o itself among them or alone."""
    drawn = draw(words(n, (0, 1, 2, 3, 5, 6)))
    hits = draw(st.sampled_from(["perhaps", "perhaps", "once", "always"]))
    if hits == "always":
        drawn[:] = o
    return np.append(drawn, o) if hits == "once" else drawn


@st.composite
def sampling_pairs(draw: Any, moderate: bool = False) -> Pair:
    pair = draw(softmax_pairs(moderate))
    return Pair(pair.v, pair.o, pair.U, draw(negatives(len(pair.U), pair.o)))


def pairs(moderate: bool = False) -> st.SearchStrategy[Pair]:
    """A pair for either loss."""
    return st.one_of(softmax_pairs(moderate), sampling_pairs(moderate))


# Windows and batches: empty ones, repeated centres, repeated outside words, c in its window.


@st.composite
def windows(draw: Any, moderate: bool = False) -> Window:
    pair = draw(softmax_pairs(moderate))
    n = len(pair.U)
    c = draw(st.integers(0, n - 1))
    outside = draw(words(n, (0, 1, 2, 3, 4)))
    V = draw(centre_rows(pair, c, moderate))
    return Window(c, outside, V, pair.U, draw(drawn(n, outside)))


@st.composite
def batches(draw: Any, moderate: bool = False) -> Batch:
    pair = draw(softmax_pairs(moderate))
    n = len(pair.U)
    centers = draw(words(n, (0, 1, 2, 3, 4, 5)))
    outsides = as_words(
        draw(st.lists(st.integers(0, n - 1), min_size=len(centers), max_size=len(centers)))
    )
    home = int(centers[0]) if len(centers) else 0
    V = draw(centre_rows(pair, home, moderate))
    return Batch(V, pair.U, centers, outsides, draw(drawn(n, outsides)))


@st.composite
def centre_rows(draw: Any, pair: Pair, c: int, moderate: bool) -> Floats:
    """V with the pair's own centre vector in row c."""
    n, d = pair.U.shape
    V: Floats = draw(rows(n, d, MODERATE if moderate else SCALES)).astype(pair.U.dtype)
    V[c] = pair.v
    return V


@st.composite
def drawn(draw: Any, n: int, outsides: Words) -> Words | None:
    """No negatives (the softmax), or K for each outside word, among them perhaps itself."""
    if draw(st.sampled_from([True, False, False])):
        return None
    K = draw(st.sampled_from([0, 1, 2, 3, 3]))
    table: Words = draw(words(n, (len(outsides) * K,))).reshape(len(outsides), K)
    if K and draw(st.sampled_from([False, False, True])):
        table[:, 0] = outsides
    return table


def cases(moderate: bool = False) -> st.SearchStrategy[Case]:
    """Anything that a kernel is called with."""
    return st.one_of(pairs(moderate), windows(moderate), batches(moderate))


# Cases together with a change to make to them: a new order, a shift, a rotation, a cut.


@st.composite
def whole_numbers(draw: Any, sampled: bool | None = None) -> Pair:
    """Multiples of five, small enough that shifts and 3-4-5 rotations stay exact."""
    (n, d), dtype = draw(shapes), draw(dtypes)
    shrink = draw(st.sampled_from([1.0, 2.0**-3, 2.0**-7]))
    v, U = draw(grid(1, d, 6))[0] * 5 * shrink, draw(grid(n, d, 6)) * 5
    o = draw(st.integers(0, n - 1))
    drawn = draw(negatives(n, o)) if draw(st.booleans()) else None
    if sampled is not None:
        drawn = draw(negatives(n, o)) if sampled else None
    return Pair(v.astype(dtype), o, U.astype(dtype), drawn)


@st.composite
def relabelled(draw: Any) -> tuple[Pair, list[int]]:
    pair = draw(pairs())
    return pair, draw(st.permutations(range(len(pair.U))))


@st.composite
def rotated(draw: Any) -> tuple[Pair, list[int], list[int]]:
    pair = draw(whole_numbers())
    d = len(pair.v)
    signs = draw(st.lists(st.sampled_from([-1, 1]), min_size=d, max_size=d))
    return pair, draw(st.permutations(range(d))), signs


@st.composite
def scaled(draw: Any) -> tuple[Pair, int]:
    """Exponents that keep float32 in range as well."""
    return draw(pairs(moderate=True)), draw(st.integers(-30, 30))


@st.composite
def shifted(draw: Any) -> tuple[Pair, Floats]:
    pair = draw(whole_numbers(sampled=False))
    return pair, draw(grid(1, len(pair.v), 40))[0].astype(pair.U.dtype)


@st.composite
def drawn_again(draw: Any) -> tuple[Pair, int, int]:
    pair = draw(sampling_pairs())
    return pair, draw(st.integers(0, len(pair.U) - 1)), draw(st.integers(2, 4))


@st.composite
def swappable(draw: Any) -> Pair:
    pair = draw(sampling_pairs())
    k = draw(st.integers(0, len(pair.U) - 1))
    return Pair(pair.v, pair.o, pair.U, np.array([k]))


@st.composite
def moved(draw: Any) -> tuple[Pair, Floats, Floats]:
    """Another v and another U to compare with, near or far."""
    pair = draw(pairs(moderate=True))
    step = draw(st.sampled_from([2.0**-20, 0.25, 1.0, 16.0]))
    v = pair.v + step * draw(rows(1, len(pair.v)))[0]
    U = pair.U + step * draw(rows(*pair.U.shape))
    return pair, v.astype(pair.v.dtype), U.astype(pair.U.dtype)


@st.composite
def cut(draw: Any) -> tuple[Window, int]:
    window = draw(windows())
    return window, draw(st.integers(0, len(window.outside)))


@st.composite
def reordered(draw: Any) -> tuple[Batch, list[int]]:
    batch = draw(batches())
    return batch, draw(st.permutations(range(len(batch.centers))))


# Cases for what a kernel does with arrays: two calls in a row, float32, and broken numbers.


@st.composite
def same_shape_twice(draw: Any) -> tuple[Case, Case]:
    """Two cases of one kind, one shape and one dtype: what a reused workspace would serve."""
    kind = draw(st.sampled_from([softmax_pairs, sampling_pairs, windows, batches]))
    first: Any = draw(kind(moderate=True))
    return first, type(first)(**{name: other(x) for name, x in vars(first).items()})


def other(value: Any) -> Any:
    """Different numbers in the same places; words stay."""
    if isinstance(value, np.ndarray) and value.dtype.kind == "f":
        return (value[::-1] / 2 + 1).astype(value.dtype)
    return value


@st.composite
def broken(draw: Any, values: tuple[float, ...] = (np.nan,)) -> Broken:
    pair = draw(pairs(moderate=True))
    value = draw(st.sampled_from(values))
    i = draw(st.integers(0, len(pair.v) - 1))
    if draw(st.booleans()):
        return Broken(pair, "v", (i,), value)
    return Broken(pair, "U", (draw(st.sampled_from(pair.touched)), i), value)


def broken_by_infinity() -> st.SearchStrategy[Broken]:
    return broken((np.inf, -np.inf))


def in_float32(case: Case) -> Case:
    """The same case rounded to float32, where it is not already."""
    rounded = {name: single(value) for name, value in vars(case).items()}
    return type(case)(**rounded)


def single(value: Any) -> Any:
    if isinstance(value, np.ndarray) and value.dtype.kind == "f":
        return value.astype(np.float32)
    return value
