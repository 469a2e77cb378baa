"""Benchmarks beside peers: no right kernel is accused, faults are seen, accuracy is kept."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from benchmarks import accuracy, rounding
from benchmarks.accuracy import (
    DTYPES,
    EDGES,
    NAMES,
    QUICK,
    Implementation,
    Measured,
    confident_errors,
    exact_values,
    measure,
    of_generated,
    targets,
    ulps,
)
from benchmarks.accuracy import points as points_of
from benchmarks.gradient_checkers.__main__ import by_scipy, main
from benchmarks.gradient_checkers.planted import (
    CORRECT_STEPS,
    PLANTED,
    Kernel,
    points,
    value_and_grads,
)
from benchmarks.rounding import counted_rows
from benchmarks.tables import Peer, installed
from codegen.interpret.errors import FLOAT32
from codegen.rounding.bound_rows import Row, hypothesis, kernel_row
from generated import negative_sampling
from tests.kernels.cases import Floats, Pair, Result


def planted(name: str) -> Kernel:
    return next(bug for bug in PLANTED if bug.name == name)


@pytest.mark.parametrize("kernel", CORRECT_STEPS, ids=lambda kernel: str(kernel.subject.claim))
def test_a_right_kernel_is_not_accused_by_check_grad(kernel: Kernel) -> None:
    assert by_scipy(kernel, 3, 0) == ""


def test_check_grad_sees_a_gradient_of_the_wrong_sign() -> None:
    assert by_scipy(planted("SoftmaxErrorOfTheWrongSign"), 3, 0)


def test_check_grad_sees_a_dropped_duplicate_since_words_are_drawn_twice_at_the_points() -> None:
    assert by_scipy(planted("BufferedAddition"), 3, 0)


@pytest.mark.parametrize("name", ["YhatMinusOne", "TemperatureOfTwo", "ReusedWorkspace"])
def test_differences_of_the_kernel_s_own_loss_do_not_show_everything(name: str) -> None:
    assert by_scipy(planted(name), 3, 0) == ""


def test_every_planted_bug_is_called_with_its_own_arguments() -> None:
    for bug in PLANTED:
        ((words, floats),) = points(bug.subject, 1, 0)
        loss, gradients = value_and_grads(bug.make(), bug.subject, words, floats)
        assert np.ndim(loss) == 0
        assert [np.shape(each) for each in gradients] == [x.shape for x in floats], bug.name


def test_json_has_what_each_checker_says(capsys: Any) -> None:
    others = ("torch", "jax", "numdifftools")
    left_out = [word for other in others for word in ("--without", other)]
    with pytest.raises(SystemExit) as ended:
        main(["--only", "YhatMinusOne", "--points", "1", "--format", "json", *left_out])
    found = json.loads(capsys.readouterr().out)
    assert ended.value.code == 0
    (row,) = found["planted"]
    assert row["said"]["check_kernel"] == "cancellation"
    assert row["said"]["scipy.optimize.check_grad"] == ""


# The benchmark of layers tells errors of a few ulp, and sees a contender that is wrong.


@pytest.mark.slow  # JAX compiles two functions
def test_errors_are_small_but_for_a_wrong_contender() -> None:
    jax = pytest.importorskip("jax", reason="needs the extra jax")
    from benchmarks.layers import SUBJECTS, errors, margins

    wrong = replace(SUBJECTS[0], textbook=lambda *given: margins(*given) * (1 + 1e-9))
    with jax.enable_x64(True):
        found = errors(wrong, "ordinary", 1)
    assert 0 < found["ours, NumPy"] < 100
    assert found["ours, JAX"] < 100
    assert found["textbook, JAX"] > 1e5


# The comparison of bounds with measurements: what it tells, and how it ends.


BOUNDS = {"hypothesis", "kernel", "count"}


def few(full: bool, seed: int, kinds: Sequence[str]) -> Iterator[Row]:
    assert not full
    assert "count" not in kinds
    yield hypothesis("exp", FLOAT32, full, seed)
    yield kernel_row(negative_sampling.value_and_grad, FLOAT32, 300, seed)


def not_so_large(scales: tuple[float, ...], seed: int) -> Iterator[Pair]:
    rng = np.random.default_rng(seed)
    for dtype in (np.float64, np.float32):
        v, U = rng.normal(size=4).astype(dtype), rng.normal(size=(9, 4)).astype(dtype)
        yield Pair(v, 1, U)
        yield Pair(v, 1, U, np.array([0, 1, 1]))


@pytest.fixture
def shortened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rounding, "rows", few)
    monkeypatch.setattr(rounding, "large", not_so_large)
    monkeypatch.setattr(rounding, "counted_rows", lambda count, seed: counted_rows(5, seed))


def rounding_told(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    with pytest.raises(SystemExit) as ended:
        rounding.main(["--quick", *arguments])
    return int(ended.value.code or 0), capsys.readouterr().out


@pytest.mark.usefixtures("shortened")
def test_the_table_has_every_kind_of_bound(capsys: Any) -> None:
    code, text = rounding_told(capsys)
    assert code == 0
    for word in (*BOUNDS, "bound / measured", "H2 exp", "grad_U, N = 1000, d = 100"):
        assert word in text
    assert f"numpy {np.__version__}" in text


@pytest.mark.usefixtures("shortened")
def test_the_json_has_the_same_rows(capsys: Any) -> None:
    code, text = rounding_told(capsys, "--format", "json")
    found = json.loads(text)
    assert code == 0
    assert {row["kind"] for row in found["rows"]} == BOUNDS
    assert all(row["holds"] for row in found["rows"])
    assert found["versions"]["numpy"] == np.__version__


def test_a_bound_that_does_not_hold_is_told_and_ends_with_1(
    capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def wrong(full: bool, seed: int, kinds: Sequence[str]) -> Iterator[Row]:
        yield replace(next(few(full, seed, kinds)), holds=False, how="for a reason")

    monkeypatch.setattr(rounding, "rows", wrong)
    monkeypatch.setattr(rounding, "counted_rows", lambda count, seed: iter(()))
    code, text = rounding_told(capsys)
    assert code == 1
    assert "✗ hypothesis H2 exp, float32: for a reason" in text


OURS = of_generated()
PEERS = tuple(each.name for each in accuracy.PEERS[1:])
FEW = replace(QUICK, points=300, small=60, scales=(), one_sided=False)
SOME = replace(QUICK, points=1000, small=100, scales=(), one_sided=False)


@pytest.fixture(scope="module")
def some() -> Measured:
    return measure([OURS], SOME, seed=0)


@pytest.fixture(scope="module")
def measured() -> Measured:
    return measure([OURS], QUICK, seed=0)


def test_our_kernels_meet_the_targets_of_small_cases(some: Measured) -> None:
    found = targets(some, OURS.name)
    assert [target.what for target in found] == [
        "sigmoid in float64, ulp",
        "log_sigmoid in float64, ulp",
        "losses and gradients, small adversarial, u B",
    ]
    assert [target for target in found if not target.met] == []


@pytest.mark.slow
@pytest.mark.parametrize(
    "what",
    [
        "sigmoid in float64, ulp",
        "log_sigmoid in float64, ulp",
        "losses and gradients, small adversarial, u B",
        "losses and gradients, d = 100, N = 1000, u B",
        pytest.param(
            "losses and gradients, one-sided sums, u B",
            marks=pytest.mark.xfail(strict=True, reason="grad_v adds its terms one at a time"),
        ),
    ],
)
def test_our_kernels_meet_the_target(measured: Measured, what: str) -> None:
    found = {target.what: target for target in targets(measured, OURS.name)}
    assert len(found) == 5
    assert found[what].met, found[what]


def test_every_range_is_measured(some: Measured) -> None:
    names = {(each.function, each.dtype, each.range) for each in some.scalars}
    assert len(names) == len(some.scalars) == 2 * 2 * len(NAMES)


@pytest.mark.slow
def test_every_kind_of_pair_is_measured(measured: Measured) -> None:
    kinds = {(each.cases, each.loss, each.dtype) for each in measured.conditioned}
    assert len(kinds) == len(measured.conditioned) == 3 * 2 * 2
    assert all(each.count for each in measured.conditioned)


def test_a_confident_softmax_keeps_its_digits(some: Measured) -> None:
    assert len(some.confident) == 6
    for each in some.confident:
        assert max(each.loss.ulps, each.grad_U_o.ulps) <= 4, each


def flushing(x: Floats) -> Floats:
    """As it is usually written: exp overflows where the result is subnormal."""
    one = x.dtype.type(1)
    got: Floats = one / (one + np.exp(-x))
    return got


def cancelling(x: Floats) -> Floats:
    """The logarithm of that."""
    got: Floats = np.log(flushing(x))
    return got


def by_name(pair: Pair) -> Result:
    """-log yhat and yhat - y: what 1 hides is lost."""
    if pair.negatives is not None:
        return OURS.value_and_grad(pair)
    scores = pair.U @ pair.v
    weights = np.exp(scores - scores.max())
    error = weights / weights.sum()
    loss = -np.log(error[pair.o])
    error[pair.o] -= 1
    return Result(loss, pair.U.T @ error, np.outer(error, pair.v))


def missed(implementation: Implementation) -> set[str]:
    found = targets(measure([implementation], FEW, seed=0), OURS.name)
    return {target.what for target in found if not target.met}


@pytest.mark.parametrize(
    ("fault", "seen"),
    [
        ({"sigmoid": flushing}, "sigmoid in float64, ulp"),
        ({"log_sigmoid": cancelling}, "log_sigmoid in float64, ulp"),
        ({"value_and_grad": by_name}, "losses and gradients, small adversarial, u B"),
    ],
)
@pytest.mark.filterwarnings("ignore:.*encountered in:RuntimeWarning")
def test_a_fault_misses_its_target_and_no_other(fault: dict[str, Any], seen: str) -> None:
    assert missed(replace(OURS, **fault)) == {seen}


@pytest.mark.filterwarnings("ignore:.*encountered in:RuntimeWarning")
def test_a_softmax_by_its_name_is_seen_to_lose_every_digit() -> None:
    lost = {
        (each.gap, each.dtype): (each.loss.all, each.grad_U_o.all)
        for each in confident_errors([replace(OURS, value_and_grad=by_name)])
    }
    assert lost[40, "float64"] == lost[20, "float32"] == (True, True)
    assert lost[20, "float64"] == lost[10, "float32"] == (False, False)


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
def test_an_ulp_is_the_spacing_of_floats(dtype: np.dtype[np.floating]) -> None:
    info = np.finfo(dtype)
    x = np.array([0, np.inf, -np.inf, -np.inf], dtype)
    got = np.array([0.5 + 3 * info.eps, 1, 0, info.smallest_subnormal], dtype)
    assert ulps(got, exact_values("sigmoid", x), dtype).tolist() == [6, 0, 0, 1]
    got = np.array([np.nan, 0, -np.inf, -info.max], dtype)
    assert ulps(got, exact_values("log_sigmoid", x), dtype).tolist() == [np.inf, 0, 0, np.inf]


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
@pytest.mark.parametrize("name", NAMES)
def test_points_lie_in_their_range_on_both_sides(name: str, dtype: np.dtype[np.floating]) -> None:
    x = points_of(name, dtype, 1000, seed=1)
    low, high = np.array(EDGES[dtype][NAMES.index(name) :][:2], dtype)
    sizes = np.abs(x[np.isfinite(x)])
    assert x.dtype == dtype
    assert (sizes.min(), sizes.max()) == (low, high)
    assert np.sum(x > 0) == pytest.approx(len(x) / 2, abs=2)
    assert np.isinf(x).sum() == (2 if name == NAMES[-1] else 0)
    if name == "tiny":
        assert np.finfo(dtype).smallest_subnormal in sizes
        assert np.signbit(x[x == 0]).any()


def test_a_library_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("scipy.special", *PEERS):
        monkeypatch.setitem(sys.modules, name, None)
    called, missing = installed(accuracy.PEERS)
    assert [*called] == [OURS.name]
    assert missing == [f"{name} is left out: pip install {name}" for name in PEERS]
    left, told = installed(accuracy.PEERS, without=PEERS)
    assert ([*left], told) == ([OURS.name], [])


def test_what_a_peer_does_not_need_is_not_taken_for_its_library() -> None:
    def load() -> None:
        raise ModuleNotFoundError("No module named 'gone'", name="gone.part")

    with pytest.raises(ModuleNotFoundError):
        installed([Peer("wrong", load, ("other",))])
    assert installed([Peer("right", load, ("gone",))])[1] == ["right is left out: pip install gone"]


@pytest.mark.parametrize("library", ["scipy", "torch"])
def test_peers_give_the_same_up_to_rounding(library: str) -> None:
    pytest.importorskip(library)
    implementation = next(each for each in accuracy.PEERS if each.name == library).load()
    pair = Pair(np.array([0.5, 1.0]), 1, np.array([[0.25, 1.0], [2.0, -1.0], [0.0, 1.0]]))
    for case in (pair, replace(pair, negatives=np.array([0, 2, 2, 1]))):
        for got, want in zip(
            implementation.value_and_grad(case), OURS.value_and_grad(case), strict=True
        ):
            assert np.allclose(got, want, rtol=1e-14, atol=0)


@pytest.mark.filterwarnings("ignore:.*encountered in:RuntimeWarning")
def test_a_missed_target_is_the_exit_status(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accuracy, "QUICK", FEW)
    monkeypatch.setattr(accuracy, "sigmoid", flushing)
    with pytest.raises(SystemExit) as stopped:
        accuracy.main(["--quick", *(f"--without={name}" for name in PEERS)])
    assert stopped.value.code == 1


def test_the_json_is_one_object(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(accuracy, "QUICK", FEW)
    with pytest.raises(SystemExit) as stopped:
        accuracy.main(["--quick", "--format=json", *(f"--without={name}" for name in PEERS)])
    assert stopped.value.code == 0
    found = json.loads(capsys.readouterr().out)
    assert all(each["met"] for each in found["targets"])
    assert len(found["scalars"]) == 20
