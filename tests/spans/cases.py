"""Cases of spans: how they are drawn, called, spoilt and changed; exact answers and accuracy."""

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, NamedTuple
from zlib import crc32

import numpy as np
from flint import arb, ctx
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from numpy.typing import NDArray

from tests.kernels.cases import Pair
from tests.kernels.oracle import EXACT, WORKING, Balls, C, assert_close, balls, exactly
from tests.kernels.strategies import MODERATE, as_words, centre_rows, rows, softmax_pairs

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
