"""The kernels of the derivation files: losses typed by hand, cases, and what each keeps to."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from flint import arb, ctx
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy
from numpy.typing import NDArray

from tests.kernels.oracle import Balls, balls, central_difference, exp, slopes

SCALES = st.sampled_from([0.25, 1.0, 16.0])


def array(draw: DrawFn, shape: tuple[int, ...], scale: float) -> NDArray[Any]:
    """Small integers times the scale."""
    size = int(np.prod(shape))
    numbers = draw(st.lists(st.integers(-4, 4), min_size=size, max_size=size))
    return np.array(numbers, np.float64).reshape(shape) * scale


def words(draw: DrawFn, below: int, least: int, most: int = 4) -> NDArray[Any]:
    return np.array(draw(st.lists(st.integers(0, below - 1), min_size=least, max_size=most)), int)


def size(draw: DrawFn, most: int = 3) -> int:
    return draw(st.integers(1, most))


@st.composite
def contexts(draw: DrawFn, sampled: bool = False) -> dict[str, Any]:
    N, d = size(draw), size(draw, 2)
    case: dict[str, Any] = {
        "context": words(draw, N, 1),
        "o": draw(st.integers(0, N - 1)),
        "V": array(draw, (N, d), draw(SCALES)),
        "U": array(draw, (N, d), draw(SCALES)),
    }
    return {**case, "negatives": words(draw, N, 0)} if sampled else case


@st.composite
def paths(draw: DrawFn) -> dict[str, Any]:
    M, d = size(draw), size(draw, 2)
    nodes = words(draw, M, 1)
    signs = draw(st.lists(st.sampled_from([-1.0, 1.0]), min_size=len(nodes), max_size=len(nodes)))
    v, Theta = array(draw, (d,), draw(SCALES)), array(draw, (M, d), draw(SCALES))
    if draw(st.booleans()):  # the decisions that the vectors make, nearly sure ones among them
        signs = np.where(Theta[nodes] @ v < 0, -1.0, 1.0).tolist()
    return {"v": v, "nodes": nodes, "signs": np.array(signs), "Theta": Theta}


def parameters(draw: DrawFn, N: int, d: int) -> dict[str, Any]:
    scale = draw(SCALES)
    shapes = {"W": (N, d), "C": (N, d), "b": (N,), "c": (N,)}
    return {name: array(draw, shape, scale) for name, shape in shapes.items()}


@st.composite
def all_pairs(draw: DrawFn) -> dict[str, Any]:
    N, d = size(draw), size(draw)
    given = parameters(draw, N, d)
    return {**given, "weights": array(draw, (N, N), 0.125), "targets": array(draw, (N, N), 2.0)}


@st.composite
def some_pairs(draw: DrawFn) -> dict[str, Any]:
    N, d = size(draw), size(draw)
    given = parameters(draw, N, d)
    rows = words(draw, N, 0)
    P = len(rows)
    columns = words(draw, N, P, P)
    numbers = {"weights": array(draw, (P,), 0.125), "targets": array(draw, (P,), 2.0)}
    return {**given, "rows": rows, "columns": columns, **numbers}


@st.composite
def batches(draw: DrawFn) -> dict[str, Any]:
    B, d = size(draw), size(draw, 2)
    beta = draw(st.sampled_from([0.5, 1.0, 2.0, -1.0]))
    given = {"Q": array(draw, (B, d), draw(SCALES)), "K": array(draw, (B, d), draw(SCALES))}
    return {**given, "beta": np.array(beta)}


@st.composite
def examples(draw: DrawFn, labels: bool = False) -> dict[str, Any]:
    n, d = size(draw), size(draw, 2)
    case = {"w": array(draw, (d,), 0.25), "X": array(draw, (n, d), draw(SCALES))}
    if labels:
        signs = draw(st.lists(st.sampled_from([-1.0, 1.0]), min_size=n, max_size=n))
        return {**case, "t": np.array(signs), "b": number(draw), "penalty": number(draw)}
    targets = draw(st.lists(st.sampled_from([0.0, 0.25, 1.0]), min_size=n, max_size=n))
    return {**case, "t": np.array(targets)}


def number(draw: DrawFn, least: int = -4) -> Any:
    return np.array(draw(st.integers(least, 4)) / 2)


@st.composite
def layers(draw: DrawFn) -> dict[str, Any]:
    n = size(draw, 4)
    case = {"x": array(draw, (n,), draw(SCALES)), "gain": array(draw, (n,), 0.5)}
    epsilon = np.array(draw(st.sampled_from([2.0, 0.125, 2.0**-10])))
    shift, upstream = array(draw, (n,), 0.5), array(draw, (n,), 0.25)
    return {**case, "shift": shift, "epsilon": epsilon, "upstream": upstream}


@st.composite
def heads(draw: DrawFn) -> dict[str, Any]:
    n, m, d, e = (size(draw, most) for most in (2, 3, 2, 2))
    case = {"Q": array(draw, (n, d), draw(SCALES)), "K": array(draw, (m, d), draw(SCALES))}
    scale, upstream = number(draw, 1), array(draw, (n, e), 0.25)
    return {**case, "V": array(draw, (m, e), 0.5), "scale": scale, "upstream": upstream}


log: Callable[[Any], Any] = np.frompyfunc(lambda x: x.log(), 1, 1)
sqrt: Callable[[Any], Any] = np.frompyfunc(lambda x: x.sqrt(), 1, 1)


def sigmoid(score: Any) -> Any:
    return 1 / (1 + exp(-score))


def cbow_naive_softmax(context: Any, o: int, V: Balls, U: Balls) -> Any:
    scores = U @ (V[context].sum(axis=0) / len(context))
    return -log(exp(scores[o]) / exp(scores).sum())


def cbow_negative_sampling(context: Any, o: int, V: Balls, U: Balls, negatives: Any) -> Any:
    mean = V[context].sum(axis=0) / len(context)
    return -log(sigmoid(U[o] @ mean)) - sum(log(sigmoid(-(U[k] @ mean))) for k in negatives)


def hierarchical_softmax(v: Balls, nodes: Any, signs: Any, Theta: Balls) -> Any:
    steps = zip(nodes, signs, strict=True)
    return -sum(log(sigmoid(sign * (Theta[node] @ v))) for node, sign in steps)


def glove(W: Balls, C: Balls, b: Balls, c: Balls, weights: Balls, targets: Balls) -> Any:
    total = 0
    for i in range(len(W)):
        for j in range(len(C)):
            total += weights[i, j] * (W[i] @ C[j] + b[i] + c[j] - targets[i, j]) ** 2
    return total


def glove_list(
    W: Balls, C: Balls, b: Balls, c: Balls, rows: Any, columns: Any, weights: Balls, targets: Balls
) -> Any:
    total = 0
    for p, (i, j) in enumerate(zip(rows, columns, strict=True)):
        total += weights[p] * (W[i] @ C[j] + b[i] + c[j] - targets[p]) ** 2
    return total


def contrastive(Q: Balls, K: Balls, beta: Any) -> Any:
    scores = exp(beta * (Q @ K.T))
    return sum(-log(scores[b, b] / scores[b].sum()) for b in range(len(Q))) / len(Q)


def contrastive_symmetric(Q: Balls, K: Balls, beta: Any) -> Any:
    return (contrastive(Q, K, beta) + contrastive(K, Q, beta)) / 2


def logistic_of_targets(w: Balls, X: Balls, t: Balls) -> Any:
    y = sigmoid(X @ w)
    return -(t * log(y) + (1 - t) * log(1 - y)).sum()


def logistic_of_margins(w: Balls, X: Balls, t: Balls, b: Any, penalty: Any) -> Any:
    return log(1 + exp(-t * (X @ w + b))).sum() + penalty / 2 * (w @ w)


def layer_normalisation(x: Balls, gain: Balls, shift: Balls, epsilon: Any, upstream: Balls) -> Any:
    mean = x.sum() / len(x)
    variance = ((x - mean) ** 2).sum() / len(x)
    return upstream @ (gain * (x - mean) / sqrt(variance + epsilon) + shift)


def attention_head(Q: Balls, K: Balls, V: Balls, scale: Any, upstream: Balls) -> Any:
    weights = exp(scale * (Q @ K.T))
    return (upstream * (weights @ V / weights.sum(axis=1)[:, None])).sum()


@dataclass(frozen=True)
class Kind:
    """One kernel: its module, its function, and one that returns the loss alone, if any.

    ``by`` are the arguments that its gradients are taken by, in their order. ``terms`` is what the
    terms of a result, which may cancel, are at most, where the loss does not say it.
    """

    module: str
    function: str
    alone: str
    by: tuple[str, ...]
    loss: Callable[..., Any]
    cases: SearchStrategy[dict[str, Any]]
    terms: Callable[[dict[str, Any]], float] = lambda case: 0.0

    @property
    def name(self) -> str:
        return f"{self.module}.{self.function}"

    def __call__(self, kernels: Any, case: dict[str, Any]) -> tuple[Any, ...]:
        """What the kernel of a package of kernels returns."""
        returned: tuple[Any, ...] = getattr(getattr(kernels, self.module), self.function)(**case)
        return returned


def largest(*arrays: Any) -> float:
    """The product of the largest entries."""
    return float(np.prod([np.abs(array).max() for array in arrays]))


def terms_of_layer(case: dict[str, Any]) -> float:
    scaled = largest(case["upstream"], case["gain"]) / np.sqrt(case["epsilon"])
    return float(len(case["x"]) * scaled + largest(case["upstream"], case["shift"]))


def terms_of_targets(case: dict[str, Any]) -> float:
    """A gradient is a sum of inputs times a probability less a target."""
    return float(largest(case["X"]) * (1 + largest(case["t"])) * len(case["t"]))


def terms_of_head(case: dict[str, Any]) -> float:
    inputs = largest(case["Q"]) + largest(case["K"]) + largest(case["Q"], case["K"]) + 1
    return 8 * largest(case["upstream"], case["V"]) * inputs * (1 + float(case["scale"]))


KINDS = (
    Kind(
        "cbow",
        "naive_softmax_value_and_grad",
        "naive_softmax_loss",
        ("V", "U"),
        cbow_naive_softmax,
        contexts(),
    ),
    Kind(
        "cbow",
        "negative_sampling_value_and_grad",
        "negative_sampling_loss",
        ("V", "U"),
        cbow_negative_sampling,
        contexts(sampled=True),
    ),
    Kind(
        "hierarchical_softmax",
        "value_and_grad",
        "loss",
        ("v", "Theta"),
        hierarchical_softmax,
        paths(),
    ),
    Kind("glove", "value_and_grad", "loss", ("W", "C", "b", "c"), glove, all_pairs()),
    Kind(
        "glove",
        "batch_value_and_grad",
        "",
        ("W", "C", "b", "c"),
        glove_list,
        some_pairs(),
    ),
    Kind(
        "contrastive",
        "value_and_grad",
        "loss",
        ("Q", "K", "beta"),
        contrastive,
        batches(),
    ),
    Kind(
        "contrastive",
        "symmetric_value_and_grad",
        "",
        ("Q", "K", "beta"),
        contrastive_symmetric,
        batches(),
    ),
    Kind(
        "logistic_regression",
        "value_and_grad",
        "loss",
        ("w",),
        logistic_of_targets,
        examples(),
        terms_of_targets,
    ),
    Kind(
        "logistic_regression",
        "margin_value_and_grad",
        "margin_loss",
        ("w", "b"),
        logistic_of_margins,
        examples(labels=True),
    ),
    Kind(
        "layer_normalisation",
        "value_and_grad",
        "",
        ("x", "gain", "shift"),
        layer_normalisation,
        layers(),
        terms_of_layer,
    ),
    Kind(
        "attention_head",
        "value_and_grad",
        "",
        ("Q", "K", "V", "scale"),
        attention_head,
        heads(),
        terms_of_head,
    ),
)


BITS = 8000
STEP = arb(2) ** -2600


def as_balls(value: Any) -> Any:
    """The same floats, exactly; words as they are."""
    return value if np.asarray(value).dtype.kind in "iu" else balls(value)[()]


def exact(
    loss: Callable[..., Any], case: Mapping[str, Any], by: Sequence[str]
) -> tuple[Any, dict[str, Balls]]:
    """The loss of a case, and its derivative by every entry of the named arguments.

    Two evaluations 2 STEP apart differ by 2 STEP times the slope, up to the square of STEP. A
    softmax whose scores are a thousand apart has slopes near 2^-2000, hence so many bits.
    """
    derivative = partial(central_difference, step=STEP)
    with ctx.workprec(BITS):
        given = {name: as_balls(value) for name, value in case.items()}
        return loss(**given), {name: slopes(loss, given, name, derivative) for name in by}


# an error, relative to the largest entry of what it is in: rounding a score of 800 costs 1e-13
CLOSE = 1e-11
CLOSE_SINGLE = 1e-3


def dense(gradient: Any, rows: int) -> Any:
    return gradient.dense(rows) if hasattr(gradient, "dense") else np.asarray(gradient)


def term_size(loss: Any, case: dict[str, Any]) -> Any:
    """How large cancelling terms of a gradient can be: no slope by a score exceeds the loss."""
    inputs = [np.abs(value).max(initial=1) for value in case.values()]
    return abs(loss) * float(max(inputs))


def is_close(found: Any, wanted: Any, terms: Any = 0) -> bool:
    """Whether no entry is off by more than a share of the largest one, tiny numbers lost.

    ``terms`` is what the terms of an entry, which may cancel, are at most.
    """
    found = np.asarray(found)
    wanted = np.asarray(wanted, dtype=object)
    if found.shape != wanted.shape:
        return False
    with ctx.workprec(BITS):
        largest = max((abs(one) for one in wanted.flat), default=0) + terms / 1000
        pairs = zip(found.flat, wanted.flat, strict=True)
        lost = 4 * np.finfo(found.dtype).smallest_normal
        return all(abs(type(w)(float(f)) - w) <= CLOSE * largest + float(lost) for f, w in pairs)


def keeps_to_the_exact_value(kernels: Any, kind: Kind, case: dict[str, Any]) -> None:
    """Loss and gradients are those of the loss by hand, and the loss alone is the same."""
    value, slopes = exact(kind.loss, case, kind.by)
    loss, *gradients = kind(kernels, case)
    terms = kind.terms(case)
    assert is_close(loss, value, terms), f"loss {loss}, should be {value.str(20)}"
    assert len(gradients) == len(kind.by)
    for name, gradient in zip(kind.by, gradients, strict=True):
        found = dense(gradient, len(case[name]) if case[name].shape else 0)
        near = is_close(found, slopes[name], term_size(value, case) + terms)
        assert near, f"by {name}: {found}, should be {[s.str(20) for s in slopes[name].flat]}"
    if kind.alone:
        assert getattr(getattr(kernels, kind.module), kind.alone)(**case) == loss


def lists_touched_rows_once(kernels: Any, kind: Kind, case: dict[str, Any]) -> None:
    """A row-sparse gradient lists words of the case, sorted, each once."""
    given = {
        int(w)
        for value in case.values()
        if np.asarray(value).dtype.kind == "i"
        for w in np.ravel(value)
    }
    for gradient in kind(kernels, case)[1:]:
        if hasattr(gradient, "rows"):
            rows = gradient.rows.tolist()
            assert rows == sorted(set(rows))
            assert set(rows) <= given


def leaves_its_inputs_alone(kernels: Any, kind: Kind, case: dict[str, Any]) -> None:
    """Inputs are not changed, and no result is a view of one."""
    before = {name: np.array(value) for name, value in case.items()}
    _, *gradients = kind(kernels, case)
    for name, value in case.items():
        assert np.array_equal(before[name], value), name
        for gradient in gradients:
            for part in gradient if isinstance(gradient, tuple) else (gradient,):
                assert not np.shares_memory(part, np.asarray(value))


def takes_single_precision(kernels: Any, kind: Kind, case: dict[str, Any]) -> None:
    """float32 in gives float32 out, near what float64 gives."""
    single = {
        name: np.asarray(value, np.float32) if np.asarray(value).dtype.kind == "f" else value
        for name, value in case.items()
    }
    wanted_loss, *wanted = kind(kernels, case)
    loss, *gradients = kind(kernels, single)
    terms = kind.terms(case) / 1000
    assert abs(loss - wanted_loss) <= CLOSE_SINGLE * (abs(wanted_loss) + terms) + 1e-30
    for name, found, other in zip(kind.by, gradients, wanted, strict=True):
        rows = len(case[name]) if case[name].shape else 0
        one, two = dense(found, rows), dense(other, rows)
        assert one.dtype == np.float32 or not one.shape
        largest = np.abs(two).max(initial=0) + term_size(loss, case) / 1000 + terms
        assert np.all(np.abs(one - two) <= CLOSE_SINGLE * largest + 1e-30)


CHECKS = (
    keeps_to_the_exact_value,
    lists_touched_rows_once,
    leaves_its_inputs_alone,
    takes_single_precision,
)
