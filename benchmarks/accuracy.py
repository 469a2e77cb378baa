"""Errors of kernels and of other libraries by ball arithmetic: ``python -m benchmarks.accuracy``.

Two functions of one number in units in the last place, losses and gradients of a pair in units of
u B, and what is lost where a softmax is sure, beside SciPy, PyTorch and JAX. An ulp is the spacing
of floats in the binade of the exact value, and nowhere smaller than that of subnormals: where the
exact value is below half of the smallest one, 0 is right. u is half a spacing of floats at 1; B is
defined in `generated/__init__.py`. To u B comes what underflow may cost, as in the accuracy promise
that the kernels are tested against.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from math import isfinite, isinf, log10
from typing import Any

import numpy as np
from flint import arb, ctx
from rich.progress import track
from rich.table import Table

import generated
from benchmarks.tables import Peer, add_without, console, installed, mark, table
from generated._sigmoid import log_sigmoid, sigmoid
from tests.kernels.cases import Floats, Pair, Result, value_and_grad
from tests.kernels.oracle import WORKING, Answer, Balls, C, allowance, balls, oracle

DTYPES = (np.dtype(np.float64), np.dtype(np.float32))


@dataclass(frozen=True)
class Implementation:
    """One library. Every function keeps the dtype of what it is given."""

    name: str
    sigmoid: Callable[[Floats], Floats]
    log_sigmoid: Callable[[Floats], Floats]
    value_and_grad: Callable[[Pair], Result]

    @property
    def scalars(self) -> dict[str, Callable[[Floats], Floats]]:
        """The scalar functions by name."""
        return {"sigmoid": self.sigmoid, "log_sigmoid": self.log_sigmoid}


OURS = "generated"


def of_generated() -> Implementation:
    """The kernels of this project."""
    return Implementation(OURS, sigmoid, log_sigmoid, _of_pair)


def _of_pair(pair: Pair) -> Result:
    return value_and_grad(generated, pair)


def of_scipy() -> Implementation:
    """SciPy: its stable special functions of the scores, and the gradients as one writes them."""
    from scipy.special import expit, log_expit, log_softmax, softmax

    def of_pair(pair: Pair) -> Result:
        if pair.negatives is None:
            scores = pair.U @ pair.v
            error = softmax(scores)
            error[pair.o] -= 1
            loss = -log_softmax(scores)[pair.o]
            return Result(loss, pair.U.T @ error, np.outer(error, pair.v))
        u_o, u_k = pair.U[pair.o], pair.U[pair.negatives]
        score, sample_scores = u_o @ pair.v, u_k @ pair.v
        push, pulls = expit(-score), expit(sample_scores)
        grad_U = np.zeros_like(pair.U)
        grad_U[pair.o] -= push * pair.v
        np.add.at(grad_U, pair.negatives, np.outer(pulls, pair.v))
        loss = -log_expit(score) - log_expit(-sample_scores).sum()
        return Result(loss, u_k.T @ pulls - push * u_o, grad_U)

    return Implementation("scipy", expit, log_expit, of_pair)


def of_torch() -> Implementation:
    """PyTorch: cross_entropy and logsigmoid, differentiated by autograd, on the CPU."""
    import torch
    from torch.nn.functional import cross_entropy, logsigmoid

    def on_arrays(function: Callable[[Any], Any]) -> Callable[[Floats], Floats]:
        return lambda x: function(torch.tensor(x)).numpy()

    def of_pair(pair: Pair) -> Result:
        U, v = torch.tensor(pair.U, requires_grad=True), torch.tensor(pair.v, requires_grad=True)
        if pair.negatives is None:
            loss = cross_entropy((U @ v)[None], torch.tensor([pair.o]))
        else:
            samples = U[torch.tensor(pair.negatives)]
            loss = -logsigmoid(U[pair.o] @ v) - logsigmoid(-(samples @ v)).sum()
        loss.backward()
        return Result(loss.item(), v.grad.numpy(), U.grad.numpy())

    return Implementation("torch", on_arrays(torch.sigmoid), on_arrays(logsigmoid), of_pair)


def of_jax() -> Implementation:
    """JAX: log_softmax and log_sigmoid, differentiated and compiled, with double precision on."""
    import jax

    jax.config.update("jax_enable_x64", True)

    def naive_softmax(v: Any, U: Any, o: int) -> Any:
        return -jax.nn.log_softmax(U @ v)[o]

    def negative_sampling(v: Any, U: Any, o: int, negatives: Any) -> Any:
        samples = -(U[negatives] @ v)
        return -jax.nn.log_sigmoid(U[o] @ v) - jax.nn.log_sigmoid(samples).sum()

    softmax, sampling = (
        jax.jit(jax.value_and_grad(loss, argnums=(0, 1)))
        for loss in (naive_softmax, negative_sampling)
    )

    def on_arrays(function: Callable[[Any], Any]) -> Callable[[Floats], Floats]:
        return lambda x: np.asarray(function(x))

    def of_pair(pair: Pair) -> Result:
        loss, sampled = (softmax, ()) if pair.negatives is None else (sampling, (pair.negatives,))
        value, (grad_v, grad_U) = loss(pair.v, pair.U, pair.o, *sampled)
        return Result(value, np.asarray(grad_v), np.asarray(grad_U))

    return Implementation("jax", on_arrays(jax.nn.sigmoid), on_arrays(jax.nn.log_sigmoid), of_pair)


PEERS = (
    Peer(OURS, of_generated),
    Peer("scipy", of_scipy, ("scipy",)),
    Peer("torch", of_torch, ("torch",)),
    Peer("jax", of_jax, ("jax",)),
)


# A range is an interval of |x|, and both signs are drawn. Half of the points are uniform among the
# floats of the range, so that subnormals and all exponents turn up, the other half are uniform in
# value, which is dense where a result becomes subnormal.
NAMES = ("tiny", "moderate", "tail", "subnormal", "saturated")
# exp(-|x|) is lost beside 1 from the third on, subnormal shortly after the fourth, 0 at the fifth
EDGES: dict[np.dtype[Any], tuple[float, ...]] = {
    np.dtype(np.float64): (0.0, 1e-8, 36.0, 700.0, 746.0, float(np.finfo(np.float64).max)),
    np.dtype(np.float32): (0.0, 1e-4, 17.0, 87.0, 104.0, float(np.finfo(np.float32).max)),
}
WHOLE: dict[np.dtype[Any], Any] = {np.dtype(np.float64): np.int64, np.dtype(np.float32): np.int32}


def points(name: str, dtype: np.dtype[np.floating], count: int, seed: int) -> Floats:
    """About `count` points of a range, its edges among them; with both infinities, the last."""
    place = NAMES.index(name)
    low, high = np.array(EDGES[dtype][place : place + 2], dtype)
    rng = np.random.default_rng([seed, place])
    first, last = np.array([low, high]).view(WHOLE[dtype]).tolist()
    by_bits = rng.integers(first, last, size=count // 2, dtype=WHOLE[dtype]).view(dtype)
    by_value = rng.uniform(low, high, size=count - count // 2).astype(dtype)
    edges = [low, high, np.nextafter(low, high), np.nextafter(high, low)]
    if place == len(NAMES) - 1:
        edges.append(np.array(np.inf, dtype))
    sizes = np.concatenate([by_bits, by_value, np.array(edges, dtype)])
    drawn: Floats = np.concatenate([sizes, -sizes])
    return rng.permutation(drawn)


N, D, K = 1000, 100, 20
WORDS = 10


def small(count: int) -> list[Pair]:
    """The cases of the kernel tests: saturated, huge, tiny and tied scores, repeated words.

    So many draws, of which equal ones are left out. Exits with what to install where
    Hypothesis is missing.
    """
    try:
        from tests.kernels.properties import PROPERTIES, examples
    except ModuleNotFoundError:
        sys.exit("the small cases are drawn by Hypothesis: pip install '.[dev]'")
    exact = next(each for each in PROPERTIES if each.name == "matches_the_exact_values")
    return list({_content(pair): pair for pair in examples(exact, count)}.values())


def _content(pair: Pair) -> tuple[object, ...]:
    drawn = None if pair.negatives is None else pair.negatives.tobytes()
    return pair.U.dtype, pair.U.shape, pair.U.tobytes(), pair.v.tobytes(), pair.o, drawn


def large(scales: tuple[float, ...], seed: int) -> Iterator[Pair]:
    """d = 100 and N = 1000: the outside word is any, or the leading one."""
    for dtype in DTYPES:
        for scale in scales:
            rng = np.random.default_rng(seed)
            U: Floats = (scale * rng.normal(size=(N, D))).astype(dtype)
            v: Floats = (scale * rng.normal(size=D)).astype(dtype)
            for o in (7, int(np.argmax(U @ v))):
                yield Pair(v, o, U)
                yield Pair(v, o, U, rng.integers(N, size=K))


def one_sided() -> Iterator[Pair]:
    """d = 100 and N = 1000: grad_v is a sum with one large term, the first, and the rest is lost.

    A term is 0.45 spacings of the sum so far, so that added one at a time all round down.
    """
    drawn = np.array([0, *range(2, N)])
    for dtype in DTYPES:
        u = float(np.finfo(dtype).eps) / 2
        v = np.full(D, 1e-5, dtype)
        for weight, first, o, negatives in ((1 / N, -1, 0, None), (0.5, 1, 1, drawn)):
            U = np.full((N, D), 0.45 * u / weight, dtype)
            U[0] = first
            yield Pair(v, o, U, negatives)


def confident(gap: float, dtype: np.dtype[np.floating]) -> Pair:
    """Ten words, of which the outside word leads by `gap`; no score has to be rounded."""
    U = np.zeros((WORDS, 1), dtype)
    U[0] = gap
    return Pair(np.ones(1, dtype), 0, U)


def exact_sigmoid(x: float) -> arb:
    """1 / (1 + exp(-x)), for x < 0 as exp(x) / (1 + exp(x))."""
    small = (-abs(arb(x))).exp()
    return (small if x < 0 else 1) / (1 + small)


def exact_log_sigmoid(x: float) -> arb:
    """-log(1 + exp(-x)), for x < 0 as x - log(1 + exp(x))."""
    return arb(min(x, 0.0)) - (-abs(arb(x))).exp().log1p()


EXACT = {"sigmoid": exact_sigmoid, "log_sigmoid": exact_log_sigmoid}


def exact_values(function: str, x: Floats) -> Balls:
    """A ball for every point, far narrower than a rounding."""
    with ctx.workprec(WORKING):
        return np.array([EXACT[function](number) for number in x.tolist()], dtype=object)


def ulps(got: Floats, exact: Balls, dtype: np.dtype[np.floating]) -> Floats:
    """The distance of each number from its exact value, rounded up; infinite for NaN."""
    assert got.dtype == dtype, f"results are {got.dtype}, not {dtype}"
    with ctx.workprec(WORKING):
        pairs = zip(got.tolist(), exact, strict=True)
        found = np.array([_ulps(number, ball, dtype) for number, ball in pairs])
    return np.where(np.isnan(found), np.inf, found)


def _ulps(got: float, exact: arb, dtype: np.dtype[np.floating]) -> float:
    if not exact.is_finite():
        return 0.0 if exact == got else np.inf
    error = (got - exact).abs_upper()
    return float(error / arb(2) ** _exponent(exact, dtype))


def _exponent(exact: arb, dtype: np.dtype[np.floating]) -> int:
    """Of the spacing of floats around a value; where a ball holds two spacings, the smaller."""
    info = np.finfo(dtype)
    mantissa, exponent = exact.abs_lower().man_exp()
    binade = int(exponent) + int(mantissa).bit_length() - 1 if mantissa else int(info.minexp)
    return max(binade, int(info.minexp)) - int(info.nmant)


@dataclass(frozen=True)
class ScalarError:
    """How far a function is off on one range, at worst, and where."""

    function: str
    dtype: str
    implementation: str
    range: str
    ulps: float
    at: float


def scalar_errors(
    implementations: Sequence[Implementation], count: int, seed: int
) -> Iterator[ScalarError]:
    """All functions on all ranges, in both precisions."""
    for function in EXACT:
        for dtype in DTYPES:
            for name in NAMES:
                x = points(name, dtype, count, seed)
                exact = exact_values(function, x)
                for each in implementations:
                    with np.errstate(all="ignore"):
                        got = each.scalars[function](x)
                    errors = ulps(got, exact, dtype)
                    worst = int(errors.argmax())
                    yield ScalarError(
                        function, dtype.name, each.name, name, float(errors[worst]), float(x[worst])
                    )


PARTS = ("loss", "grad_v", "grad_U")
LIMIT = 16.0  # of u B, which the kernels of this project have to keep to
to_float: Callable[[Any], Any] = np.frompyfunc(float, 1, 1)


@dataclass(frozen=True)
class ConditionedError:
    """Errors of one implementation in one precision over a set of cases, at worst.

    `beyond` is the number of cases in which some part is further off than the limit.
    """

    cases: str
    loss: str
    dtype: str
    implementation: str
    count: int
    beyond: int
    worst: dict[str, float]


def conditioned_errors(
    cases: str, pairs: Iterable[Pair], implementations: Sequence[Implementation]
) -> Iterator[ConditionedError]:
    """One result for each loss, precision and implementation among the pairs."""
    found: dict[tuple[str, str, str], list[dict[str, float]]] = {}
    for pair in pairs:
        loss = "naive softmax" if pair.negatives is None else "negative sampling"
        exact, unit = _exact_and_unit(pair)
        for each in implementations:
            key = (loss, pair.U.dtype.name, each.name)
            errors = in_units(each.value_and_grad(pair), exact, unit)
            found.setdefault(key, []).append(errors)
    for key, rows in found.items():
        worst = {part: max(row[part] for row in rows) for part in PARTS}
        beyond = sum(max(row.values()) > LIMIT for row in rows)
        yield ConditionedError(cases, *key, len(rows), beyond, worst)


def in_units(got: Result, exact: Answer, unit: Answer) -> dict[str, float]:
    """The largest error of each part in its unit; infinite for a result that is not finite."""
    with ctx.workprec(WORKING):
        return {
            part: _largest(getattr(got, part), getattr(exact, part), getattr(unit, part))
            for part in PARTS
        }


def _exact_and_unit(pair: Pair) -> tuple[Answer, Answer]:
    """The exact answer, and u B with the cost of underflow. Not kept: a large one is large."""
    with ctx.workprec(WORKING):
        exact, scale = oracle.__wrapped__(pair)
        promised = allowance(pair, scale)
        return exact, Answer(*(part / C for _, part in promised.parts()))


def _largest(got: Any, exact: Balls, unit: Balls) -> float:
    ratios: Floats = np.asarray(to_float(abs(balls(np.asarray(got)) - exact) / unit), dtype=float)
    return float(np.where(np.isnan(ratios), np.inf, ratios).max(initial=0))


GAPS = (10.0, 20.0, 40.0)


@dataclass(frozen=True)
class Lost:
    """An error in ulp and the decimal digits lost by it; all, where none is right."""

    ulps: float
    digits: float
    all: bool


@dataclass(frozen=True)
class ConfidentError:
    """Loss and gradient by the outside word's row, at one gap."""

    gap: float
    dtype: str
    implementation: str
    loss: Lost
    grad_U_o: Lost


def confident_errors(implementations: Sequence[Implementation]) -> Iterator[ConfidentError]:
    """All gaps in both precisions.

    Of a softmax that is sure, loss and gradient of the outside word are about (N - 1) exp(-gap),
    and inputs and scores are exact, so that every digit could be right. -log yhat and yhat - 1 by
    their names lose those that 1 hides.
    """
    for dtype in DTYPES:
        for gap in GAPS:
            pair = confident(gap, dtype)
            exact, _ = oracle(pair)
            for each in implementations:
                got = each.value_and_grad(pair)
                loss = _what_is_lost(got.loss, exact.loss, dtype)
                grad = _what_is_lost(got.grad_U[pair.o, 0], exact.grad_U[pair.o, 0], dtype)
                yield ConfidentError(gap, dtype.name, each.name, loss, grad)


def _what_is_lost(got: Any, exact: arb, dtype: np.dtype[np.floating]) -> Lost:
    number = np.array([got], dtype)
    with ctx.workprec(WORKING):
        relative = float(abs((float(got) - exact) / exact))
    u = float(np.finfo(dtype).eps) / 2
    digits = max(0.0, log10(max(relative, u) / u))
    error = ulps(number, np.array([exact], dtype=object), dtype)
    return Lost(float(error[0]), min(digits, -log10(u)), not relative < 1)


@dataclass(frozen=True)
class Extent:
    """Points of a range, for each sign; draws of small pairs; scales of large ones; long sums."""

    points: int
    small: int
    scales: tuple[float, ...]
    one_sided: bool = True


FULL = Extent(points=10_000, small=2000, scales=(0.01, 0.3, 2.0))
QUICK = Extent(points=2000, small=300, scales=(0.3,))


Watched = Callable[[Iterable[Any], str], Iterable[Any]]  # an iteration whose progress is shown


@dataclass(frozen=True)
class Measured:
    """The three tables."""

    scalars: list[ScalarError]
    conditioned: list[ConditionedError]
    confident: list[ConfidentError]


def measure(
    implementations: Sequence[Implementation],
    extent: Extent,
    seed: int,
    watched: Watched = lambda each, _: each,
) -> Measured:
    """The same numbers for the same seed; the small pairs are the same for every seed."""
    scalars = list(watched(scalar_errors(implementations, extent.points, seed), "functions"))
    conditioned: list[ConditionedError] = []
    for name, pairs in (
        ("small adversarial", small(extent.small)),
        (f"d = {D}, N = {N}", large(extent.scales, seed)),
        ("one-sided sums", one_sided() if extent.one_sided else ()),
    ):
        conditioned += conditioned_errors(name, watched(pairs, name), implementations)
    return Measured(scalars, conditioned, list(confident_errors(implementations)))


NOT_PROMISED = ("one-sided sums",)  # help(generated) says that these can be further off
ULPS = {"sigmoid": 2.5, "log_sigmoid": 2.0}  # in float64, on every range


@dataclass(frozen=True)
class Target:
    """A limit, the largest error that was found, and whether the kernels promise to keep to it."""

    what: str
    limit: float
    found: float
    promised: bool = True

    @property
    def met(self) -> bool:
        """Whether nothing was worse than the limit."""
        return self.found <= self.limit


def targets(measured: Measured, name: str) -> list[Target]:
    """The targets for one implementation, of which something has to have been measured."""
    found = [
        Target(
            f"{function} in float64, ulp",
            limit,
            max(
                each.ulps
                for each in measured.scalars
                if (each.function, each.dtype, each.implementation) == (function, "float64", name)
            ),
        )
        for function, limit in ULPS.items()
    ]
    mine = [each for each in measured.conditioned if each.implementation == name]
    for cases in dict.fromkeys(each.cases for each in mine):
        worst = max(max(each.worst.values()) for each in mine if each.cases == cases)
        promised = cases not in NOT_PROMISED
        found.append(Target(f"losses and gradients, {cases}, u B", LIMIT, worst, promised))
    return found


Rows = dict[tuple[str, str], dict[str, list[str]]]  # by the first two cells and implementation


def scalar_table(errors: Iterable[ScalarError]) -> Table:
    """Largest errors in ulp, by range."""
    rows: Rows = {}
    for each in errors:
        found = rows.setdefault((each.function, each.dtype), {})
        found.setdefault(each.implementation, []).append(shown(each.ulps))
    return _table("Scalar functions: largest error in ulp, by range of |x|", NAMES, rows)


def conditioned_tables(errors: list[ConditionedError]) -> list[Table]:
    """Largest errors in units of u B, one table for each set of cases."""
    tables = []
    for cases in dict.fromkeys(each.cases for each in errors):
        rows: Rows = {}
        for each in (each for each in errors if each.cases == cases):
            cells = [shown(each.worst[part]) for part in PARTS]
            found = rows.setdefault((each.loss, each.dtype), {})
            found[each.implementation] = [*cells, f"{each.beyond} of {each.count}"]
        title = f"Losses and gradients, {cases}: largest error in u B"
        tables.append(_table(title, (*PARTS, f"beyond {LIMIT:g}"), rows))
    return tables


def confident_table(errors: Iterable[ConfidentError]) -> Table:
    """Errors in ulp and decimal digits lost, by gap."""
    rows: Rows = {}
    for each in errors:
        found = rows.setdefault((f"gap {each.gap:g}", each.dtype), {})
        found[each.implementation] = [*_lost(each.loss), *_lost(each.grad_U_o)]
    columns = ("loss, ulp", "digits", "grad_U[o], ulp", "digits")
    return _table(
        "A confident softmax, a word ahead by a gap: error and digits lost",
        columns,
        rows,
    )


def shown(number: float) -> str:
    """Two decimals while they say something."""
    if isinf(number):
        return "∞"
    return (
        f"{number:.2f}" if number < 1000 else f"{number:.1e}".replace("e+0", "e").replace("+", "")
    )


def _lost(lost: Lost) -> list[str]:
    return [shown(lost.ulps), "all" if lost.all else f"{lost.digits:.1f}"]


def _table(title: str, columns: Iterable[str], rows: Rows) -> Table:
    made = table("", "", "", *columns, left=3, title=title)
    for key, found in rows.items():
        if made.row_count:
            made.add_section()
        for place, (implementation, cells) in enumerate(found.items()):
            made.add_row(*(("", "") if place else key), implementation, *cells)
    return made


def as_json(
    measured: Measured, targets: list[Target], versions: dict[str, str], missing: list[str]
) -> str:
    """An object with `versions`, `missing`, the three tables and `targets`."""
    everything = {
        "versions": versions,
        "missing": missing,
        **asdict(measured),
        "targets": [{**asdict(target), "met": target.met} for target in targets],
    }
    return json.dumps(_finite(everything), indent=2, ensure_ascii=False, allow_nan=False)


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _finite(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_finite(each) for each in value]
    if isinstance(value, float) and not isfinite(value):
        return str(value)
    return value


def main(arguments: list[str] | None = None) -> None:
    """Print the tables; exit with 1 where the kernels of this project miss what they promise."""
    options = _parser().parse_args(arguments)
    called, missing = installed(PEERS, options.without)
    implementations = [*called.values()]
    measured = measure(implementations, QUICK if options.quick else FULL, options.seed, _watched)
    kept = targets(measured, OURS)
    names = ["numpy", "python-flint", *(each.name for each in implementations)]
    versions = {name: version(name) for name in names if name != OURS}
    if options.format == "json":
        print(as_json(measured, kept, versions, missing))
    else:
        _print(measured, kept, versions, missing)
    sys.exit(0 if all(each.met for each in kept if each.promised) else 1)


def _print(
    measured: Measured, kept: list[Target], versions: dict[str, str], missing: list[str]
) -> None:
    out = console()
    out.print(scalar_table(measured.scalars))
    for dtype, edges in EDGES.items():
        limits = ", ".join(f"{n} {e:g}" for n, e in zip(NAMES, edges, strict=False))
        out.print(f"{dtype.name} from {limits}")
    for each in conditioned_tables(measured.conditioned):
        out.print("", each)
    out.print("u B is defined in help(generated); what underflow costs is added to it")
    out.print(f"beyond {LIMIT:g}: pairs of which some part is further off than that")
    out.print("", confident_table(measured.confident))
    for target in kept:
        limit = f"at most {target.limit:g}" if target.promised else "not promised"
        out.print(f"{mark(target.met)}: {target.what}: {target.found:.2f}, {limit}")
    out.print(", ".join(f"{name} {number}" for name, number in versions.items()))
    for message in missing:
        out.print(message, markup=False)


def _watched(steps: Iterable[Any], what: str) -> Iterable[Any]:
    err = console(error=True)
    return track(steps, what, console=err, transient=True, disable=not err.is_terminal)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.accuracy",
        description="Errors of the scalar functions in ulp, and of losses and gradients relative "
        "to their condition scale, against ball arithmetic: this project's kernels, SciPy, "
        "PyTorch and JAX. Libraries that are missing are named and left out.",
    )
    parser.add_argument("--quick", action="store_true", help="a small share of points and pairs")
    parser.add_argument("--seed", type=int, default=0, help="which points and pairs (0)")
    parser.add_argument("--format", choices=("table", "json"), default="table")
    add_without(parser, PEERS)
    return parser


if __name__ == "__main__":
    main()
