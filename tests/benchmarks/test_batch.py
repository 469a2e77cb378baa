"""The comparison of kernels: what it tells is well formed, and nothing wrong is timed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from itertools import count
from pathlib import Path
from time import sleep
from typing import Any

import numpy as np
import pytest

from benchmarks import clock
from benchmarks.batch import measure as measuring
from benchmarks.batch.__main__ import PARTS, PEERS, judged, roster
from benchmarks.batch.measure import (
    GRIDS,
    Bounds,
    Contender,
    DisagreementError,
    Gradient,
    Problem,
    Result,
    Row,
    Rows,
    Size,
    check,
    drawn,
    measure,
)
from benchmarks.clock import TimedCall, calls_in_turn

LIBRARIES = [each.needs[0] for each in PEERS if each.needs]
ALONE = [word for library in LIBRARIES for word in ("--without", library)]
TINY = GRIDS["tiny"]


def run(*options: str) -> str:
    variables = {name: value for name, value in os.environ.items() if "THREADS" not in name}
    command = [sys.executable, "-m", "benchmarks.batch", "--sizes", "tiny", "--rounds", "1"]
    done = subprocess.run(
        [*command, *ALONE, *options], capture_output=True, text=True, env=variables, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.slow
def test_json_has_every_figure_and_says_how_many_threads() -> None:
    found = json.loads(run("--format", "json", "--dtype", "both"))
    assert set(found["threads"].values()) > {"1"}
    assert None not in found["threads"].values()
    assert found["processors"] in (1, None)
    assert {row["part"] for row in found["rows"]} == set(PARTS)
    for row in found["rows"]:
        assert 0 < row["fastest"] <= row["median"] <= row["slowest"]
        assert row["to_peer"] > 0
        assert (row["to_limit"] is not None) == (row["part"] == "softmax")
    names = {row["contender"] for row in found["rows"] if row["part"] == "softmax"}
    assert names >= {"ours", "one at a time", "NumPy"}
    assert {row["size"]["dtype"] for row in found["rows"]} == {"float32", "float64"}
    assert [timed["name"] for timed in found["imports"]][-1] == "import generated"
    assert found["versions"]["numpy"] == np.__version__
    assert found["skipped"] == found["missing"] == []


def test_the_table_has_a_row_for_each_contender(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    shown = run("--parts", "softmax", "sampling_pair", "--plot", str(tmp_path / "ratios.png"))
    assert "naive softmax, a batch, float32" in shown
    assert "negative sampling, one pair, float32" in shown
    assert "50, 8, 4 " in shown
    assert "leanest NumPy" in shown
    assert "OMP_NUM_THREADS=1" in shown
    assert (tmp_path / "ratios.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.slow
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("part", PARTS)
def test_every_contender_agrees_with_ours(part: str, dtype: str) -> None:
    parts, _ = roster([])
    assert parts[part][0].ours
    for size in TINY.sizes(part, dtype):
        for each in (size, replace(size, N=3)):  # with words that are repeated, too
            rows, skipped = measure(part, each, parts[part], 1, Bounds(memory=1.0))
            assert len(rows) == len(parts[part])
            assert skipped == []


def spoilt(spoil: Callable[[Result], Result]) -> tuple[list[Contender], list[int]]:
    """Ours, and ours with a fault; how often the second is called."""
    ours = roster(LIBRARIES)[0]["sampling"][0]
    calls = [0]

    def prepare(problem: Problem) -> Callable[[], Any]:
        call = ours.prepare(problem)

        def counted() -> Any:
            calls[0] += 1
            return call()

        return counted

    def read(found: Any, N: int) -> Result:
        return spoil(ours.read(found, N))

    return [ours, Contender("planted", "rows, rows", prepare, read)], calls


def off(values: Any) -> Any:
    changed = values.copy()
    changed.flat[0] += 1e-3
    return changed


def with_values(gradient: Gradient, change: Callable[[Any], Any]) -> Rows:
    assert isinstance(gradient, Rows)
    return Rows(gradient.rows, change(gradient.values))


def repeated(gradient: Gradient) -> Rows:
    """The first row as two halves: distinct rows are what is asked for."""
    assert isinstance(gradient, Rows)
    values = np.concatenate([gradient.values[:1] / 2, gradient.values])
    values[1] /= 2
    return Rows(np.concatenate([gradient.rows[:1], gradient.rows]), values)


FAULTS: dict[str, Callable[[Result], Result]] = {
    "losses differ": lambda r: r._replace(losses=off(r.losses)),
    "grad_V differs": lambda r: r._replace(grad_V=with_values(r.grad_V, off)),
    "grad_U differs": lambda r: r._replace(grad_U=repeated(r.grad_U)),
    "grad_U is float64": lambda r: r._replace(
        grad_U=with_values(r.grad_U, lambda values: values.astype(float))
    ),
    "losses is float32 ()": lambda r: r._replace(losses=r.losses.sum()),
    "losses differs by nan": lambda r: r._replace(losses=r.losses * np.float32(np.nan)),
}


@pytest.mark.parametrize("says", FAULTS)
def test_a_wrong_contender_is_refused_and_never_timed(says: str) -> None:
    contenders, calls = spoilt(FAULTS[says])
    with pytest.raises(DisagreementError, match=f"planted, .*{says.split(' ()')[0][:15]}"):
        measure("sampling", Size(50, 8, 4, 3), contenders, 3, Bounds())
    assert calls == [1]


def test_a_right_contender_is_not_refused() -> None:
    contenders, calls = spoilt(lambda result: result)
    rows, _ = measure("sampling", Size(50, 8, 4, 3), contenders, 1, Bounds(memory=1.0))
    assert [row.contender for row in rows] == ["ours", "planted"]
    assert calls[0] > 1


def test_padding_of_rows_counts_for_nothing() -> None:
    rows = Rows(np.array([1, 4]), np.ones((2, 3)))
    padded = Rows(np.array([1, 4, 5, 5]), np.ones((4, 3)))
    size = Size(5, 3, 2, 1, "float64")
    check("padded", Result(np.ones(2), padded, padded), Result(np.ones(2), rows, rows), size)


def test_what_is_too_large_is_left_out_with_a_reason() -> None:
    parts, _ = roster(LIBRARIES)
    large = replace(parts["softmax"][1], writes=lambda _: 3e9)
    hungry = replace(parts["softmax"][-1], entries=lambda _: 2**30)
    contenders = [parts["softmax"][0], large, hungry]
    rows, skipped = measure("softmax", Size(50, 8, 4), contenders, 1, Bounds(memory=1.0))
    assert [row.contender for row in rows] == ["ours"]
    assert rows[0].to_peer is None
    assert "writes 3.0e+09 numbers" in skipped[0].reason
    assert "needs about 4.0 GiB" in skipped[1].reason


def test_what_is_too_slow_is_left_out_with_a_reason() -> None:
    contenders, calls = spoilt(lambda result: result)
    rows, skipped = measure("sampling", Size(50, 8, 4, 3), contenders, 1, Bounds(seconds=0))
    assert rows == []
    assert [each.contender for each in skipped] == ["ours", "planted"]
    assert "the first call took" in skipped[0].reason
    assert calls == [1]


class Told:
    """A timer that makes its calls, and is told how long one takes."""

    each = 0.006

    def __init__(self, call: Callable[[], None]) -> None:
        self.call = call

    def timeit(self, times: int) -> float:
        for _ in range(times):
            self.call()
        return self.each * times


def test_rounds_are_interleaved(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "Timer", Told)
    monkeypatch.setattr(clock, "process_time", count(step=Told.each).__next__)
    seen: list[str] = []
    calls = {name: partial(seen.append, name) for name in "ab"}
    timed = calls_in_turn(calls, 2)
    assert "".join(seen) == "ab" + "ab" + "ba"
    assert [each.repeats for each in timed.values()] == [1, 1]
    assert all(each.seconds == pytest.approx((Told.each,) * 2) for each in timed.values())


def test_processor_time_is_told_from_waiting() -> None:
    assert calls_in_turn({"waits": lambda: sleep(0.1)}, 2)["waits"].busy < 0.5


class HalfAMillisecond:
    """A timer of a call that always takes as long."""

    def __init__(self, call: Any) -> None:
        self.call = call

    def timeit(self, times: int) -> float:
        return 0.0005 * times


def test_a_short_call_is_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "Timer", HalfAMillisecond)
    monkeypatch.setattr(clock, "process_time", iter([0.0, 0.005]).__next__)
    timed = calls_in_turn({"short": lambda: None}, 1)["short"]
    assert timed.repeats == 10
    assert [*timed.seconds] == pytest.approx([0.0005])


def test_the_limit_is_operations_by_peak_and_bytes_by_bandwidth() -> None:
    size = Size(1000, 100, 10, dtype="float64")
    seconds = {
        measuring.SQUARE: 2.0 * measuring.SIDE**3 / 1e9,
        measuring.THREE: 6e6 / 2e9,
        measuring.COPY: 1.0,
    }
    timed = {name: TimedCall((each,), 1, 1.0) for name, each in seconds.items()}
    copying = 1010 / 1000  # of the rows of U and those of V, by copying those of U
    assert measuring.peak(size, timed) == pytest.approx(2e9)
    assert measuring.least_time(size, timed) == pytest.approx(6e6 / 2e9 + copying)


@pytest.mark.skipif(not measuring.FORGET.exists(), reason="needs /proc")
def test_memory_is_that_of_the_call() -> None:
    held = np.ones(2**24)  # 128 MiB, before
    assert measuring.during(lambda: None) < 2**20
    # the system counts in batches of pages, and what other threads take meanwhile as well: some
    # hundred pages, whatever is taken, so that much is taken
    counted = [measuring.during(lambda: np.ones(2**24)) for _ in range(3)]
    assert min(abs(each - 2**27) for each in counted) < 2**22
    assert all(each > 2**27 - 2**22 for each in counted)
    assert held[0] == 1


def row(
    part: str,
    size: Size,
    name: str,
    median: float,
    to_peer: float | None = None,
    to_limit: float | None = None,
) -> Row:
    ours = name == "ours"
    return Row(part, size, name, "", ours, median, median, median, 1.0, to_peer, to_limit)


def test_targets_are_judged_by_the_mean_or_by_the_worst_size() -> None:
    one, two = Size(1000, 100, 32), Size(1000, 100, 1024)
    batch = replace(two, K=5)
    rows = [
        row("softmax", one, "ours", 1.0, to_peer=1.9, to_limit=9.0),
        row("softmax", two, "ours", 1.0, to_peer=0.5, to_limit=1.31),
        row("sampling", batch, "ours", 1.0, to_peer=2.0),
        row("sampling", batch, "Numba", 0.5),
        row("sampling", batch, "jax.jit, rows", 3.0),
        row("sampling", batch, "jax.jit, dense", 1.9),
    ]
    outcomes = {each.says: each for each in judged(rows)}
    assert outcomes["softmax, B >= 32: fastest peer"].kept
    assert outcomes["softmax, B >= 32: fastest peer"].sizes == 2
    assert outcomes["softmax, d >= 100, B = 1024: limit"].worst == 1.31
    assert not outcomes["softmax, d >= 100, B = 1024: limit"].kept
    assert outcomes["sampling, B = 1024: Numba"].kept
    assert not outcomes["sampling, B = 1024: jax, the faster"].kept
    assert "sampling, B = 1024: torch" not in outcomes  # it was not measured


def test_words_are_drawn_the_same_every_time() -> None:
    size = Size(50, 8, 4, 3)
    first, second = drawn(size), drawn(size)
    assert (first.negatives == second.negatives).all()
    assert first.negatives.shape == (4, 3)
    assert first.U.dtype == np.float32
    assert (first.U != first.V).any()
