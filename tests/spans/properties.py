"""Span kernels: the cases they are tried on, and what must hold of every implementation."""

import tracemalloc
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import product
from typing import Any, NamedTuple
from zlib import crc32

import numpy as np
from flint import arb, ctx
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from numpy.typing import NDArray

from tests.kernels.cases import MODERATE, Pair, Window, as_words, centre_rows, rows, softmax_pairs
from tests.kernels.cases import value_and_grad as of_a_kernel
from tests.kernels.oracle import EXACT, WORKING, Balls, C, assert_close, balls, exactly
from tests.kernels.oracle import allowed as allowed_to_a_kernel
from tests.kernels.properties import LAYOUTS, Properties, fortran, reversed_, strided
from tests.kernels.properties import known as known_of_a_kernel

# What the kernels of blocks are called with.


Floats = NDArray[Any]
Words = NDArray[Any]

BLOCK = ("centers", "contexts", "before", "after", "negatives")


@dataclass(frozen=True, eq=False)
class Blocks:
    """Arguments by the kernel's names. Compared by identity, so that answers can be kept."""

    V: Floats
    U: Floats
    centers: Words
    contexts: Words
    before: Words
    after: Words
    negatives: Words
    draws: Any

    @property
    def reach(self) -> int:
        """m, the places on either side."""
        return int(self.contexts.shape[1] - self.centers.shape[1]) // 2

    @property
    def samples(self) -> int:
        return int(self.negatives.shape[1])

    def places(self) -> list[tuple[int, int]]:
        """Every center: its block and its place among the block's centers."""
        return list(np.ndindex(*self.centers.shape))

    def window(self, g: int, p: int) -> list[int]:
        """The places q != p + m with -before <= q - (p + m) <= after."""
        here = p + self.reach
        first, last = here - int(self.before[g, p]), here + int(self.after[g, p])
        return [q for q in range(self.contexts.shape[1]) if first <= q <= last and q != here]

    def arguments(self) -> dict[str, Any]:
        return dict(vars(self))

    def arrays(self) -> dict[str, NDArray[Any]]:
        return {name: x for name, x in vars(self).items() if isinstance(x, np.ndarray)}

    def of_blocks(self, chosen: Any) -> "Blocks":
        """Some of the blocks, or all in another order."""
        return replace(self, **{name: getattr(self, name)[chosen] for name in BLOCK})

    def changed(self, change: Callable[[NDArray[Any]], Any]) -> "Blocks":
        """Every array put through the change."""
        return replace(self, **{name: change(array) for name, array in self.arrays().items()})


# Calls of the kernels of blocks, of the package `generated` or of one with a fault in it.


class Result(NamedTuple):
    """What a kernel returned, gradients made dense."""

    loss: Any
    grad_V: Floats
    grad_U: Floats


@contextmanager
def quiet() -> Iterator[None]:
    """Whether a kernel warns is a property of its own."""
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def raw(kernels: Any, case: Blocks) -> tuple[Any, Any, Any]:
    """The kernel's own return value, warnings left alone."""
    loss, grad_V, grad_U = kernels.spans.value_and_grad(**case.arguments())
    return loss, grad_V, grad_U


def value_and_grad(kernels: Any, case: Blocks) -> Result:
    with quiet():
        loss, grad_V, grad_U = raw(kernels, case)
        return Result(loss, grad_V.dense(len(case.V)), grad_U.dense(len(case.U)))


def loss(kernels: Any, case: Blocks) -> Any:
    with quiet():
        return kernels.spans.loss(**case.arguments())


def step(kernels: Any, case: Blocks, rate: Any) -> None:
    """Changes V and U of the case."""
    with quiet():
        assert kernels.spans.sgd_step(**case.arguments(), rate=rate) is None


# Blocks that Hypothesis makes up: padding, words that repeat, scores at the ends of the range.


DRAWS = (5, 2, 1, 0.3, 0)
# G, S, m and R: one block and several, windows of both sides, no block, no window at all
SHAPES = (
    (1, 2, 1, 2),
    (2, 2, 1, 1),
    (1, 3, 2, 3),
    (3, 1, 1, 2),
    (2, 1, 2, 3),
    (1, 1, 1, 1),
    (2, 3, 2, 2),
    (0, 2, 1, 2),
    (2, 2, 0, 1),
)
# sums of scores beyond this, each some dozen times, would leave the range of float32
LARGEST_SUM = 1e34


def integers(shape: tuple[int, ...], most: int) -> SearchStrategy[Words]:
    size = int(np.prod(shape))
    drawn = st.lists(st.integers(0, most), min_size=size, max_size=size)
    return drawn.map(lambda numbers: as_words(numbers).reshape(shape))


@st.composite
def layouts(draw: Any, U: Floats, least: int = 0) -> dict[str, Any]:
    """Words and windows: centers amid their contexts, as in a text, or any words at all."""
    # seeded by the vectors, too: Hypothesis alone tries a few layouts again and again
    rng = np.random.default_rng([draw(st.integers(0, 2**32 - 1)), crc32(U.tobytes())])
    N = len(U)
    shapes = [shape for shape in SHAPES if shape[0] >= least]
    G, S, m, R = shapes[rng.integers(len(shapes))]
    different = int(rng.integers(1, N, endpoint=True))
    contexts = rng.integers(N - different, N, (G, S + 2 * m))
    is_text = rng.random() < 0.6
    return {
        "centers": contexts[:, m : m + S].copy() if is_text else rng.integers(N, size=(G, S)),
        "contexts": contexts,
        "before": rng.integers(m + 1, size=(G, S)),
        "after": rng.integers(m + 1, size=(G, S)),
        "negatives": rng.integers(rng.choice([0, N - different]), N, (G, R)),
        "draws": rng.choice(DRAWS).item(),
    }


@st.composite
def blocks(draw: Any, moderate: bool = False, least: int = 0) -> Blocks:
    """Any blocks, no fewer than ``least``."""
    pair = draw(softmax_pairs(moderate))
    if pair.U.dtype == np.float32 and np.abs(pair.U @ pair.v).max() > LARGEST_SUM:
        pair = Pair(pair.v, pair.o, pair.U * np.float32(2.0**-20))
    given = draw(layouts(pair.U, least))
    home = int(given["centers"].flat[0]) if given["centers"].size else 0
    V = draw(centre_rows(pair, home, moderate))
    if draw(st.sampled_from([False, False, True])):
        V[...] = pair.v  # every center has the scores of this one
    return Blocks(V, pair.U, **given)


@st.composite
def few(draw: Any) -> Blocks:
    """So small that every draw of the samples, and of K fresh ones, can be gone through."""
    N, d, dtype = draw(st.integers(2, 3)), 2, draw(st.sampled_from([np.float64, np.float32]))
    V, U = (draw(rows(N, d, MODERATE)).astype(dtype) for _ in range(2))
    contexts, R = draw(integers((1, 3), N - 1)), draw(st.integers(1, 2))
    near = np.array([[1]])
    return Blocks(
        V,
        U,
        contexts[:, 1:2],
        contexts,
        draw(integers((1, 1), 1)),
        near,
        np.zeros((1, R), int),
        draw(st.integers(1, 2)),
    )


@st.composite
def ordinary(draw: Any) -> Blocks:
    """Vectors of ordinary size in double precision: a short step can be told from rounding."""
    N, d = draw(st.sampled_from([(1, 1), (2, 2), (4, 3)]))
    V, U = (draw(rows(N, d, (0.1, 1 / 3, 1.0))) for _ in range(2))
    return Blocks(V, U, **draw(layouts(U, 1)))


# Blocks together with a change to make to them: another order, a cut, a rate, a broken number.


@st.composite
def ordered(draw: Any) -> tuple[Blocks, list[int]]:
    """Blocks, and another order of their samples."""
    case = draw(blocks(least=1))
    return case, draw(st.permutations(range(case.samples)))


@st.composite
def relabelled(draw: Any) -> tuple[Blocks, list[int]]:
    case = draw(blocks(least=1))
    return case, draw(st.permutations(range(len(case.U))))


@st.composite
def cut(draw: Any) -> tuple[Blocks, int]:
    case = draw(blocks(least=2))
    return case, draw(st.integers(1, len(case.centers) - 1))


@st.composite
def with_rate(draw: Any) -> tuple[Blocks, float]:
    return draw(blocks()), draw(st.sampled_from([0.025, 1.0, 0.3, -0.5, 0]))


@st.composite
def broken(draw: Any, values: tuple[float, ...]) -> tuple[Blocks, str, tuple[int, int], float]:
    """Blocks, and where a word that they use has an entry that is not finite."""
    case = draw(blocks(moderate=True, least=1))
    matrix = draw(st.sampled_from(["V", "U"]))
    used = case.centers if matrix == "V" else np.hstack([case.contexts, case.negatives])
    at = (int(draw(st.sampled_from(used.ravel().tolist()))), draw(st.integers(0, 99)))
    return case, matrix, (at[0], at[1] % case.V.shape[1]), draw(st.sampled_from(values))


def in_float32(case: Blocks) -> Blocks:
    return replace(case, V=case.V.astype(np.float32), U=case.U.astype(np.float32))


# Wrong arguments for the kernels of blocks. Data.


GOOD = Blocks(
    V=np.arange(8.0).reshape(4, 2),
    U=np.ones((4, 2)),
    centers=np.array([[1, 2, 3], [3, 3, 0]]),
    contexts=np.array([[0, 1, 2, 3, 1], [2, 3, 3, 0, 1]]),
    before=np.array([[1, 0, 1], [0, 1, 1]]),
    after=np.array([[1, 1, 0], [1, 1, 1]]),
    negatives=np.array([[0, 2], [1, 1]]),
    draws=5,
)
RATE = 0.5
FUNCTIONS = ("loss", "value_and_grad", "sgd_step")
SINGLE = GOOD.V.astype(np.float32)


@dataclass(frozen=True, eq=False)
class BadCall:
    """An argument with a wrong value; the message begins with its name and says ``was``."""

    function: str
    fault: str
    argument: str
    value: Any
    error: type[Exception]
    was: str

    def __str__(self) -> str:
        return f"{self.function}: {self.argument} {self.fault}"


def with_word(name: str, place: tuple[int, int], word: int) -> Any:
    array = getattr(GOOD, name).copy()
    array[place] = word
    return array


def read_only() -> Any:
    array = GOOD.V.copy()
    array.flags.writeable = False
    return array


ANYWHERE: tuple[tuple[str, str, Any, type[Exception], str], ...] = (
    ("has one axis", "V", GOOD.V[0], ValueError, "V has shape (2,)"),
    ("has no rows", "V", np.zeros((0, 2)), ValueError, "V has shape (0, 2)"),
    ("holds booleans", "V", GOOD.V > 1, TypeError, "V is "),
    ("is single beside double", "V", SINGLE, TypeError, "V is float32"),
    ("has a row less", "U", GOOD.U[:3], ValueError, "U has shape (3, 2)"),
    ("is wider than V", "U", np.ones((4, 3)), ValueError, "U has shape (4, 3)"),
    ("has one axis", "centers", GOOD.centers[0], ValueError, "centers has shape (3,)"),
    ("has no places", "centers", GOOD.centers[:, :0], ValueError, "centers has shape (2, 0)"),
    ("has a block less", "centers", GOOD.centers[:1], ValueError, "contexts has shape (2, 5)"),
    ("has word N", "centers", with_word("centers", (1, 2), 4), IndexError, "centers[1, 2] is 4"),
    ("has word -1", "centers", with_word("centers", (0, 1), -1), IndexError, "centers[0, 1] is -1"),
    ("holds floats", "centers", GOOD.centers * 1.0, TypeError, "centers is of dtype float64"),
    ("has an odd surplus", "contexts", GOOD.contexts[:, 1:], ValueError, "contexts has shape (2,"),
    ("is narrower", "contexts", GOOD.contexts[:, 3:], ValueError, "contexts has shape (2, 2)"),
    ("has a block less", "contexts", GOOD.contexts[:1], ValueError, "contexts has shape (1, 5)"),
    ("has word N", "contexts", with_word("contexts", (0, 4), 4), IndexError, "contexts[0, 4] is 4"),
    ("has word -9", "contexts", with_word("contexts", (1, 0), -9), IndexError, "contexts[1, 0] is"),
    ("is ragged", "contexts", [[1], [1, 2]], ValueError, "contexts is ragged"),
    ("reaches beyond m", "before", with_word("before", (0, 1), 2), IndexError, "before[0, 1] is 2"),
    ("is negative", "before", with_word("before", (1, 1), -1), IndexError, "before[1, 1] is -1"),
    ("is one for all", "before", np.array([[1]]), ValueError, "before has shape (1, 1)"),
    ("holds booleans", "before", GOOD.before > 0, TypeError, "before is of dtype bool"),
    ("reaches beyond m", "after", with_word("after", (1, 2), 2), IndexError, "after[1, 2] is 2"),
    ("is as wide as contexts", "after", GOOD.contexts, ValueError, "after has shape (2, 5)"),
    ("holds floats", "after", GOOD.after * 1.0, TypeError, "after is of dtype float64"),
    ("has no samples", "negatives", GOOD.negatives[:, :0], ValueError, "negatives has shape (2, 0"),
    ("has one axis", "negatives", [0, 1], ValueError, "negatives has shape (2,)"),
    ("has a block more", "negatives", [[0], [0], [0]], ValueError, "negatives has shape (3, 1)"),
    ("has word N", "negatives", [[0], [4]], IndexError, "negatives[1, 0] is 4"),
    ("has word -1", "negatives", [[0], [-1]], IndexError, "negatives[1, 0] is -1"),
    ("is an array", "draws", [5.0], ValueError, "draws has shape (1,)"),
    ("is text", "draws", "5", TypeError, "draws is of dtype <U1"),
    ("is a boolean", "draws", True, TypeError, "draws is of dtype bool"),
    ("is missing", "draws", None, TypeError, "draws is of dtype object"),
    ("is a single array beside double", "draws", np.array(5, "f4"), TypeError, "draws is float32"),
)
IN_A_STEP: tuple[tuple[str, str, Any, type[Exception], str], ...] = (
    ("is a list", "V", GOOD.V.tolist(), TypeError, "V is [[0.0, 1.0]"),
    ("is a list", "U", GOOD.U.tolist(), TypeError, "U is [[1.0, 1.0]"),
    ("holds integers", "V", GOOD.V.astype(int), TypeError, "V is of dtype int64"),
    ("is of another byte order", "V", GOOD.V.astype(">f8"), TypeError, "V is of dtype >f8"),
    ("holds integers", "U", GOOD.U.astype(int), TypeError, "U is of dtype int64"),
    ("is read-only", "V", read_only(), ValueError, "V is read-only"),
    ("is read-only", "U", np.broadcast_to(1.0, (4, 2)), ValueError, "U is read-only"),
    ("is an array", "rate", [0.5], ValueError, "rate has shape (1,)"),
    ("is a boolean", "rate", True, TypeError, "rate is of dtype bool"),
    ("is a single array beside double", "rate", np.array(1, "f4"), TypeError, "rate is float32"),
)
BAD_CALLS = tuple(
    BadCall(function, *fault)
    for function in FUNCTIONS
    for fault in (ANYWHERE + IN_A_STEP if function == "sgd_step" else ANYWHERE)
)


# The loss of blocks, its gradients and its condition scale, in ball arithmetic, by the formula.
#
#     J = sum over blocks g and centers p of
#         sum over the places q of p's window of -log sigma(u_q . v_p)
#         + K (the number of pairs of p) / R, times the sum over samples r of -log sigma(-u_r . v_p)
#
# Inner products are exact at `EXACT` bits; the rest are sums of positive terms, but for the
# gradients, whose balls are narrow beside the scale B. B is that of the other skip-gram kernels:
# each term -log sigma(x) with its weight, and with t = |u| . |v| what rounding x by u t can cost.


@dataclass(eq=False)
class Answer:
    """The loss and both gradients: exact values, or a scale or an allowance of each."""

    loss: Any
    grad_V: Balls
    grad_U: Balls

    def parts(self) -> tuple[tuple[str, Any], ...]:
        return ("loss", self.loss), ("grad_V", self.grad_V), ("grad_U", self.grad_U)

    def __add__(self, other: "Answer") -> "Answer":
        return Answer(
            self.loss + other.loss, self.grad_V + other.grad_V, self.grad_U + other.grad_U
        )

    def __mul__(self, factor: Any) -> "Answer":
        return Answer(self.loss * factor, self.grad_V * factor, self.grad_U * factor)


@dataclass(frozen=True)
class Term:
    """weight times -log sigma(sign u_w . v_c), for a center's word c and a word w."""

    c: int
    w: int
    sign: int
    weight: Any


def terms(case: Blocks) -> Iterator[Term]:
    draws = arb(float(case.V.dtype.type(case.draws)))
    for g, p in case.places():
        c, window = int(case.centers[g, p]), case.window(g, p)
        yield from (Term(c, int(case.contexts[g, q]), 1, arb(1)) for q in window)
        share = draws * len(window) / case.samples
        yield from (Term(c, int(w), -1, share) for w in case.negatives[g])


def blank(case: Blocks) -> Answer:
    return Answer(arb(0), balls(np.zeros(case.V.shape)), balls(np.zeros(case.U.shape)))


@lru_cache(maxsize=50_000)
def oracle(case: Blocks) -> tuple[Answer, Answer]:
    """The exact answer and its condition scale B."""
    V, U = balls(case.V), balls(case.U)
    exact, scale = blank(case), blank(case)
    scores: dict[tuple[int, int], tuple[Any, Any]] = {}
    with ctx.workprec(WORKING):
        for term in terms(case):
            v, u = V[term.c], U[term.w]
            if (term.c, term.w) not in scores:
                with ctx.workprec(EXACT):
                    scores[term.c, term.w] = u @ v, abs(u) @ abs(v)
            z, t = scores[term.c, term.w]
            x = term.sign * z
            small = (-abs(x)).exp()
            right, wrong = 1 / (1 + small), small / (1 + small)
            missing = wrong if x > 0 else right  # 1 - sigma(x)
            lag = small.log1p() + (0 if x > 0 else -x)  # -log sigma(x)
            error, unsure = -term.sign * missing, missing + right * wrong * t
            add(exact, term, lag, error, v, u)
            add(scale, term, lag + missing * t, unsure, abs(v), abs(u))
    return exact, scale


def add(answer: Answer, term: Term, loss: Any, error: Any, v: Balls, u: Balls) -> None:
    answer.loss += term.weight * loss
    answer.grad_V[term.c] += term.weight * error * u
    answer.grad_U[term.w] += term.weight * error * v


# The accuracy promise for blocks: |error| <= 32 (u B + what underflow may cost), each component.
#
# A coefficient of a term is known no better than to the smallest subnormal, times its weight,
# and it multiplies a row.


@lru_cache(maxsize=50_000)
def allowed(case: Blocks) -> Answer:
    info = np.finfo(case.V.dtype)
    u, subnormal = arb(float(info.eps) / 2), arb(float(info.smallest_subnormal))
    with ctx.workprec(WORKING):
        return (oracle(case)[1] * u + underflow(case) * subnormal) * C


def underflow(case: Blocks) -> Answer:
    """How many subnormals each component may be off by."""
    lost, V, U = blank(case), 1 + abs(balls(case.V)), 1 + abs(balls(case.U))
    for term in terms(case):
        if term.weight != 0:
            weight = 1 + term.weight
            add(lost, replace(term, weight=weight), arb(1), arb(1), V[term.c], U[term.w])
    return lost


def assert_promise(got: Result, case: Blocks) -> None:
    assert_near(got, oracle(case)[0], allowed(case), case)


def assert_same(kernels: Any, case: Blocks, want: Answer, also: Answer | None = None) -> None:
    """The kernel's answer is what is wanted, which is itself as exact as ``also`` allows."""
    allow = allowed(case)
    assert_near(
        value_and_grad(kernels, case), want, allow + (allow if also is None else also), case
    )


def assert_near(got: Result | Answer, want: Answer, allow: Answer, case: Blocks) -> None:
    for (what, value), (_, margin) in zip(want.parts(), allow.parts(), strict=True):
        assert_close(what, getattr(got, what), value, margin, case)


def known(result: Result, case: Blocks) -> Answer:
    """A kernel's result as exact numbers, to calculate with without rounding."""
    return Answer(
        exactly(result.loss, "loss", case)[()],
        exactly(result.grad_V, "grad_V", case),
        exactly(result.grad_U, "grad_U", case),
    )


PROPERTIES = Properties()

# The numbers themselves, against the formula and against each other.


@PROPERTIES.on(blocks())
def matches_the_formula(kernels: Any, case: Blocks) -> None:
    assert_promise(value_and_grad(kernels, case), case)


@PROPERTIES.on(blocks())
def loss_alone_is_the_same_loss(kernels: Any, case: Blocks) -> None:
    alone, together = loss(kernels, case), value_and_grad(kernels, case).loss
    assert alone == together, f"loss() {alone!r}, value_and_grad {together!r}: {case}"
    assert isinstance(alone, float), f"loss() is a {type(alone)}: {case}"


@PROPERTIES.on(blocks(True).map(in_float32))
def float32_agrees_with_float64(kernels: Any, case: Blocks) -> None:
    double = case.changed(lambda x: x.astype(np.float64) if x.dtype.kind == "f" else x)
    double = Blocks(**{**vars(double), "draws": float(case.V.dtype.type(case.draws))})
    want = known(value_and_grad(kernels, double), double)
    assert_same(kernels, case, want, allowed(double))


# Blocks are sums: of blocks, of centers, and of pairs with samples of their own on the average.


@PROPERTIES.on(cut())
def blocks_add(kernels: Any, case: tuple[Blocks, int]) -> None:
    whole, place = case
    first, second = whole.of_blocks(slice(None, place)), whole.of_blocks(slice(place, None))
    one, two = (known(value_and_grad(kernels, part), part) for part in (first, second))
    assert_same(kernels, whole, one + two)


@PROPERTIES.on(blocks())
def centers_are_blocks_of_their_own(kernels: Any, case: Blocks) -> None:
    """The centers of a block, each with the places around it and all the samples, add up to it."""
    width = 1 + 2 * case.reach
    around = np.lib.stride_tricks.sliding_window_view(case.contexts, width, axis=1)
    narrow = replace(
        case,
        contexts=around.reshape(-1, width),
        negatives=np.repeat(case.negatives, case.centers.shape[1], axis=0),
        **{name: getattr(case, name).reshape(-1, 1) for name in ("centers", "before", "after")},
    )
    assert_same(kernels, narrow, known(value_and_grad(kernels, case), case))


@PROPERTIES.on(blocks())
def with_as_many_samples_as_draws_it_is_skip_gram(kernels: Any, case: Blocks) -> None:
    """R = K: every outside word of a center has the same samples."""
    case = replace(case, draws=case.samples)
    want, also = blank(case), blank(case)
    for g, p in case.places():
        outside = case.contexts[g, case.window(g, p)]
        negatives = np.tile(case.negatives[g], (len(outside), 1))
        window = Window(int(case.centers[g, p]), outside, case.V, case.U, negatives)
        found, allow = (
            known_of_a_kernel(of_a_kernel(kernels, window), window),
            allowed_to_a_kernel(window),
        )
        want += Answer(found.loss, found.grad_v, found.grad_U)
        also += Answer(allow.loss, allow.grad_v, allow.grad_U)
    assert_same(kernels, case, want, also)


@PROPERTIES.on(few())
def shared_samples_cost_on_the_average_what_fresh_ones_do(kernels: Any, case: Blocks) -> None:
    """Every draw of R samples of a block, and of K samples for each pair, all as likely."""
    N = len(case.U)
    shared = [
        replace(case, negatives=np.array([drawn]))
        for drawn in product(range(N), repeat=case.samples)
    ]
    fresh, also = blank(case), blank(case)
    for g, p in case.places():
        c = int(case.centers[g, p])
        for q in case.window(g, p):
            for drawn in product(range(N), repeat=int(case.draws)):
                pair = Pair(case.V[c], int(case.contexts[g, q]), case.U, np.array(drawn))
                each = arb(N) ** -int(case.draws)
                place(fresh, c, known_of_a_kernel(of_a_kernel(kernels, pair), pair), each)
                place(also, c, allowed_to_a_kernel(pair), each)
    each = arb(N) ** -case.samples
    mean, spread = blank(case), also
    for one in shared:
        mean += known(value_and_grad(kernels, one), one) * each
        spread += allowed(one) * each
    assert_near(mean, fresh, spread, case)


def place(total: Answer, c: int, of_pair: Any, each: Any) -> None:
    total.loss += of_pair.loss * each
    total.grad_V[c] += of_pair.grad_v * each
    total.grad_U += of_pair.grad_U * each


@PROPERTIES.on(blocks())
def loss_is_affine_in_draws(kernels: Any, case: Blocks) -> None:
    """J(K) = J(0) + K (J(1) - J(0)), and so are the gradients."""
    none, one = replace(case, draws=0), replace(case, draws=1)
    at_none, at_one = (known(value_and_grad(kernels, at), at) for at in (none, one))
    K = arb(float(case.V.dtype.type(case.draws)))
    want = at_none * (1 - K) + at_one * K
    assert_same(kernels, case, want, allowed(none) * (1 + K) + allowed(one) * K)


# What may be done to blocks without changing what they cost.


@PROPERTIES.on(ordered())
def order_of_samples_does_not_matter(kernels: Any, case: tuple[Blocks, list[int]]) -> None:
    given, order = case
    shuffled = replace(given, negatives=given.negatives[:, order])
    assert_same(kernels, shuffled, known(value_and_grad(kernels, given), given))


@PROPERTIES.on(blocks())
def samples_listed_twice_count_half(kernels: Any, case: Blocks) -> None:
    """The samples stand for K a pair, however many they are."""
    twice = replace(case, negatives=np.tile(case.negatives, 2))
    assert_same(kernels, twice, known(value_and_grad(kernels, case), case))


@PROPERTIES.on(relabelled())
def relabelling_words_permutes_rows(kernels: Any, case: tuple[Blocks, list[int]]) -> None:
    given, order = case[0], np.array(case[1])
    label = np.argsort(order)
    renamed = replace(
        given,
        V=given.V[order],
        U=given.U[order],
        **{name: label[getattr(given, name)] for name in ("centers", "contexts", "negatives")},
    )
    found = known(value_and_grad(kernels, given), given)
    assert_same(kernels, renamed, Answer(found.loss, found.grad_V[order], found.grad_U[order]))


@PROPERTIES.on(blocks())
def a_text_read_backwards_costs_the_same(kernels: Any, case: Blocks) -> None:
    """What came before comes after."""
    backwards = replace(
        case,
        centers=case.centers[:, ::-1],
        contexts=case.contexts[:, ::-1],
        before=case.after[:, ::-1],
        after=case.before[:, ::-1],
    )
    assert_same(kernels, backwards, known(value_and_grad(kernels, case), case))


@PROPERTIES.on(blocks())
def wider_contexts_change_nothing(kernels: Any, case: Blocks) -> None:
    """One more place on either side, with any word: no window reaches there."""
    edge = np.zeros((len(case.contexts), 1), int)
    wider = replace(case, contexts=np.hstack([edge, case.contexts, edge + len(case.U) - 1]))
    assert_same(kernels, wider, known(value_and_grad(kernels, case), case))


@PROPERTIES.on(blocks())
def centers_without_a_window_add_nothing(kernels: Any, case: Blocks) -> None:
    """Padding: a block filled up on the right with centers of no window."""
    more = 2
    sizes = {"centers": more, "contexts": more, "before": more, "after": more}
    padded = replace(
        case,
        **{name: np.pad(getattr(case, name), ((0, 0), (0, n))) for name, n in sizes.items()},
    )
    assert_same(kernels, padded, known(value_and_grad(kernels, case), case))
    empty = replace(case, before=0 * case.before, after=0 * case.after)
    for what, got in zip(Answer.__annotations__, value_and_grad(kernels, empty), strict=True):
        assert not np.any(got), f"{what} is {got!r} though no center has a window: {empty}"


# What is not finite stays visible where it counts, and does not leave its block.


Broken = tuple[Blocks, str, tuple[int, int], float]


class Reach(NamedTuple):
    """Rows of V and of U: those that a word counts for, and all that share a block with it."""

    V: set[int]
    U: set[int]
    near_V: set[int]
    near_U: set[int]


@PROPERTIES.on(broken((np.nan,)))
def nan_in_gives_nan_out(kernels: Any, broken: Broken) -> None:
    assert_visible(kernels, broken)


@PROPERTIES.on(broken((float("inf"), float("-inf"))))
def infinity_in_gives_no_finite_result(kernels: Any, broken: Broken) -> None:
    """Not even the limit: an infinite entry is a run that has diverged."""
    assert_visible(kernels, broken)


def assert_visible(kernels: Any, broken: Broken) -> None:
    case, matrix, at, value = broken
    array = getattr(case, matrix).copy()
    array[at] = value
    spoilt = replace(case, **{matrix: array})
    reach = reached(case, matrix, at[0])
    got = value_and_grad(kernels, spoilt)
    for what, part in (
        ("loss()", loss(kernels, spoilt) if reach.V else np.nan),
        ("loss", got.loss if reach.V else np.nan),
        ("grad_V", got.grad_V[list(reach.V)]),
        ("grad_U", got.grad_U[list(reach.U)]),
    ):
        assert not np.isfinite(part).any(), f"{what} is {part!r} in spite of {value}: {spoilt}"
    elsewhere(got.grad_V, case, "grad_V", reach.near_V)
    elsewhere(got.grad_U, case, "grad_U", reach.near_U)


def reached(case: Blocks, matrix: str, word: int) -> Reach:
    reach = Reach(set(), set(), set(), set())
    for g, p in case.places():
        c, window = int(case.centers[g, p]), case.contexts[g, case.window(g, p)]
        counted = {*window.tolist(), *(case.negatives[g].tolist() if len(window) else ())}
        if matrix == "V" and c == word and counted:
            reach.V.add(c)
            reach.U.update(counted)
        if matrix == "U" and word in counted:
            reach.V.add(c)
            reach.U.add(word)
        read = case.centers[g] if matrix == "V" else [*case.contexts[g], *case.negatives[g]]
        if word in read:
            reach.near_V.update(case.centers[g].tolist())
            reach.near_U.update(case.contexts[g].tolist(), case.negatives[g].tolist())
    return reach


def elsewhere(got: Any, case: Blocks, what: str, near: set[int]) -> None:
    """The rows of words of other blocks are as they would be without the fault."""
    want, allow = getattr(oracle(case)[0], what), getattr(allowed(case), what)
    for row in set(range(len(got))) - near:
        for number, exact, margin in zip(got[row], want[row], allow[row], strict=True):
            assert np.isfinite(number), f"{what}[{row}] is {got[row]!r}: {case}"
            assert abs(exact - float(number)) <= margin, f"{what}[{row}] is {got[row]!r}: {case}"


# A step changes V and U in place by the rate times the gradients, and nothing else.


def stepped(array: Floats, rate: float, gradient: Floats) -> Floats:
    with quiet():
        moved: Floats = array - array.dtype.type(rate) * gradient
    return moved


def assert_equal(what: str, got: Floats, want: Floats, case: Blocks) -> None:
    assert np.array_equal(got, want), f"{what} is {got!r}, not {want!r}: {case}"


@PROPERTIES.on(with_rate())
def a_step_follows_the_gradients(kernels: Any, case: tuple[Blocks, float]) -> None:
    """Both gradients are taken before either matrix changes, to the last bit."""
    given, rate = case
    _, grad_V, grad_U = value_and_grad(kernels, given)
    moved = replace(given, V=given.V.copy(), U=given.U.copy())
    step(kernels, moved, rate)
    assert_equal("V", moved.V, stepped(given.V, rate, grad_V), given)
    assert_equal("U", moved.U, stepped(given.U, rate, grad_U), given)


@PROPERTIES.on(with_rate())
def one_array_may_be_both(kernels: Any, case: tuple[Blocks, float]) -> None:
    """Tied vectors: the same array for V and U takes both steps."""
    given, rate = replace(case[0], V=case[0].U), case[1]
    _, grad_V, grad_U = value_and_grad(kernels, given)
    table = given.U.copy()
    step(kernels, replace(given, V=table, U=table), rate)
    assert_equal("V", table, stepped(stepped(given.U, rate, grad_V), rate, grad_U), given)


@PROPERTIES.on(with_rate())
def any_layout_is_changed_in_place(kernels: Any, case: tuple[Blocks, float]) -> None:
    """Views of a wider table change with it, and what lies between is left alone."""
    given, rate = case
    for layout in (fortran, strided, reversed_):
        moved = replace(given, V=layout(given.V.copy()), U=layout(given.U.copy()))
        step(kernels, moved, rate)
        assert_stepped(moved, given, rate)
    table, d = np.hstack([given.V, given.U, given.U + 1]), given.V.shape[1]
    moved = replace(given, V=table[:, :d], U=table[:, d : 2 * d])
    step(kernels, moved, rate)
    assert_stepped(moved, given, rate)
    assert_equal("a neighbour of U", table[:, 2 * d :], given.U + 1, given)


def assert_stepped(moved: Blocks, given: Blocks, rate: float) -> None:
    """V and U are where the exact gradients lead, within their promise and two more roundings."""
    exact, allow = oracle(given)[0], allowed(given)
    info = np.finfo(given.V.dtype)
    two, subnormal = arb(float(info.eps)), arb(float(info.smallest_subnormal))
    by = arb(float(given.V.dtype.type(rate)))
    for name in ("V", "U"):
        start, slope, unsure = (
            balls(getattr(given, name)),
            by * getattr(exact, f"grad_{name}"),
            abs(by) * getattr(allow, f"grad_{name}"),
        )
        margin = unsure + two * (abs(start) + abs(slope) + unsure) + subnormal
        assert_close(name, getattr(moved, name), start - slope, margin, given)


@PROPERTIES.on(ordinary())
def a_short_step_lowers_the_loss(kernels: Any, case: Blocks) -> None:
    """By about the rate times the square of the gradient."""
    _, grad_V, grad_U = value_and_grad(kernels, case)
    square = arb(float((grad_V**2).sum() + (grad_U**2).sum()))
    rate = 2.0**-20
    if square < 1e-6:
        return
    moved = replace(case, V=case.V.copy(), U=case.U.copy())
    step(kernels, moved, rate)
    before, after = oracle(case)[0].loss, oracle(moved)[0].loss
    fell, should = before - after, rate * square
    assert abs(fell - should) < 0.01 * should, (
        f"a step of {rate} lowers the loss by {fell.str(5)}, should be {should.str(5)}: {case}"
    )


# What the kernels do with the arrays they are given and with those they hand over.


INTEGERS = (np.int8, np.int32, np.uint8, np.uint64)
N, D = 200_000, 16
DENSE = N * D * np.dtype(np.float64).itemsize


@PROPERTIES.on(blocks())
def results_have_the_dtype_of_the_input(kernels: Any, case: Blocks) -> None:
    with quiet():
        number, *gradients = raw(kernels, case)
    assert isinstance(number, float), f"loss is a {type(number)}: {case}"
    for gradient in gradients:
        found = gradient.values.dtype
        assert found == case.V.dtype, f"a gradient is {found}, not {case.V.dtype}: {case}"


@PROPERTIES.on(blocks())
def gradients_list_each_word_once(kernels: Any, case: Blocks) -> None:
    """Row gradients: the words of the blocks, sorted and distinct, and memory of their own."""
    with quiet():
        _, grad_V, grad_U = raw(kernels, case)
    outside = np.append(case.contexts, case.negatives)
    for name, gradient, words in (("grad_V", grad_V, case.centers), ("grad_U", grad_U, outside)):
        wanted = np.unique(words)
        assert np.array_equal(gradient.rows, wanted), f"{name}.rows is {gradient.rows!r}: {case}"
        shape = (len(wanted), case.V.shape[1])
        assert gradient.values.shape == shape, f"{name}.values: {gradient.values.shape}: {case}"
        for given in case.arrays().values():
            assert not any(np.may_share_memory(part, given) for part in gradient), f"{name}: {case}"


@PROPERTIES.on(blocks())
def inputs_are_byte_identical_afterwards(kernels: Any, case: Blocks) -> None:
    before = {name: array.tobytes() for name, array in case.arrays().items()}
    loss(kernels, case)
    value_and_grad(kernels, case)
    step(kernels, replace(case, V=case.V.copy(), U=case.U.copy()), 0.5)
    for name, array in case.arrays().items():
        assert array.tobytes() == before[name], f"{name} became {array!r}: {case}"


@PROPERTIES.on(st.tuples(blocks(), st.sampled_from(LAYOUTS)))
def any_layout_gives_the_same_answer(kernels: Any, case: tuple[Blocks, Any]) -> None:
    given, layout = case
    assert_promise(value_and_grad(kernels, given.changed(layout)), given)


@PROPERTIES.on(st.tuples(blocks(), st.sampled_from(INTEGERS)))
def words_may_be_of_any_integer_type(kernels: Any, case: tuple[Blocks, Any]) -> None:
    given, integer = case
    retyped = given.changed(lambda x: x.astype(integer) if x.dtype.kind == "i" else x)
    assert_promise(value_and_grad(kernels, retyped), given)


@PROPERTIES.on(blocks(least=1))
def lists_are_taken_for_arrays(kernels: Any, case: Blocks) -> None:
    """Lists hold Python's floats, so this is the promise of float64."""
    double = replace(case, V=case.V.astype(np.float64), U=case.U.astype(np.float64))
    assert_promise(value_and_grad(kernels, case.changed(lambda array: array.tolist())), double)


@PROPERTIES.on(blocks())
def finite_input_gives_no_warning(kernels: Any, case: Blocks) -> None:
    """Under NumPy's own default settings, with every warning an error."""
    moved = replace(case, V=case.V.copy(), U=case.U.copy())
    with np.errstate(all="warn", under="ignore"), warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            raw(kernels, case)
            kernels.spans.loss(**case.arguments())
            kernels.spans.sgd_step(**moved.arguments(), rate=0.1)
        except Warning as warning:
            raise AssertionError(f"warned {warning!r}: {case}") from warning


def of_a_large_vocabulary() -> Blocks:
    """Rows that the system has promised but not yet provided."""
    return _of_words(N)


def _of_words(count: int) -> Blocks:
    rng = np.random.default_rng(0)
    contexts, negatives = rng.integers(count, size=(4, 12)), rng.integers(count, size=(4, 5))
    V, U = np.zeros((count, D)), np.zeros((count, D))
    near = np.full((4, 8), 2)
    return Blocks(V, U, contexts[:, 2:-2], contexts, near, near, negatives, 5)


@PROPERTIES.on(st.just(of_a_large_vocabulary))
def nothing_as_large_as_a_matrix_is_allocated(kernels: Any, make: Callable[[], Blocks]) -> None:
    """A number for each word is allowed; an (N, d) array is not, nor in a step."""
    case, small = make(), _of_words(9)
    raw(kernels, small)  # what is imported at a first call is no array
    step(kernels, small, 0.1)
    for work in (lambda: raw(kernels, case), lambda: step(kernels, case, 0.1)):
        tracemalloc.start()
        try:
            work()
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        assert peak < DENSE / 4, f"{peak} bytes allocated; a matrix has {DENSE}"


# Wrong arguments: refused by name, and nothing changed by then.


@PROPERTIES.on(st.sampled_from(BAD_CALLS))
def wrong_arguments_are_refused_and_change_nothing(kernels: Any, bad: BadCall) -> None:
    good = {name: array.copy() for name, array in GOOD.arrays().items()}
    rate = {"rate": RATE} if bad.function == "sgd_step" else {}
    arguments = {**good, "draws": GOOD.draws, **rate, bad.argument: bad.value}
    try:
        returned = getattr(kernels.spans, bad.function)(**arguments)
    except bad.error as refusal:
        message = str(refusal)
    else:
        raise AssertionError(f"{bad} was accepted, giving {returned!r}")
    assert bad.was in message, f"{bad}: {message!r} does not say {bad.was!r}"
    for name, array in good.items():
        assert np.array_equal(array, getattr(GOOD, name)), f"{name} changed: {bad}"
