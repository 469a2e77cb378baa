"""Each kind of mistake is caught, and called by its name."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

import numpy as np
import pytest

from derivations.implementation import KernelWrong, Kind
from tests.implementation.kernels import buffered, quick, rows, softmax

KEPT: dict[Any, Any] = {}


def transposed(v_c: Any, o: int, U: Any) -> Any:
    gradient = softmax(v_c, o, U)[2]
    return gradient.T if gradient.shape[0] == gradient.shape[1] else gradient


def of_the_wrong_shape(v_c: Any, o: int, U: Any) -> Any:
    return softmax(v_c, o, U)[2].T


def negated(v_c: Any, o: int, U: Any) -> Any:
    return -softmax(v_c, o, U)[2]


def averaged(v_c: Any, o: int, U: Any) -> Any:
    return softmax(v_c, o, U)[2] / U.dtype.type(len(U))


def cancelling(v_c: Any, o: int, U: Any) -> Any:
    e = np.exp(U @ v_c - (U @ v_c).max())
    error = e / e.sum()
    error[o] -= 1
    return np.outer(error, v_c)


def overflowing(v_c: Any, o: int, U: Any) -> Any:
    e = np.exp(U @ v_c)
    error = e / e.sum()
    error[o] = -np.delete(e, o).sum() / e.sum()
    return np.outer(error, v_c)


def dead(v_c: Any, o: int, U: Any) -> Any:
    return np.zeros_like(U)


def clipped(v_c: Any, o: int, U: Any) -> Any:
    return np.clip(softmax(v_c, o, U)[2], -2, 2)


def rounded(v_c: Any, o: int, U: Any) -> Any:
    with np.errstate(over="ignore"):
        return softmax(v_c, o, U)[2].astype(np.float32).astype(U.dtype)


def doubled(v_c: Any, o: int, U: Any) -> Any:
    return softmax(v_c, o, U)[2].astype(np.longdouble)


def ignoring_nan(v_c: Any, o: int, U: Any) -> Any:
    return np.nan_to_num(softmax(v_c, o, U)[2])


def changing(v_c: Any, o: int, U: Any) -> Any:
    if U.flags.writeable:
        U -= U.mean(axis=0)
    return softmax(v_c, o, U)[2]


def reusing(v_c: Any, o: int, U: Any) -> Any:
    kept = KEPT.setdefault(U.shape, np.empty(U.shape))
    kept[...] = softmax(v_c, o, U)[2]
    return kept


def remembering(v_c: Any, o: int, U: Any) -> Any:
    KEPT["calls"] = KEPT.get("calls", 0) + 1
    gradient = softmax(v_c, o, U)[2]
    return gradient * (1 + KEPT["calls"] % 3 * np.finfo(U.dtype).eps)


def reading_memory(v_c: Any, o: int, U: Any) -> Any:
    return softmax(v_c, o, U.ravel(order="K").reshape(U.shape))[2]


def raising(v_c: Any, o: int, U: Any) -> Any:
    if len(U) == 1:
        raise RuntimeError("one word is no vocabulary")
    return softmax(v_c, o, U)[2]


def edged(v_c: Any, o: int, U: Any) -> Any:
    return softmax(v_c, o, U)[2] + (len(v_c) == 1)


def too_many(v_c: Any, o: int, U: Any) -> Any:
    return softmax(v_c, o, U)


@pytest.mark.parametrize(
    ("kernel", "kind"),
    [
        (transposed, Kind.TRANSPOSED),
        (of_the_wrong_shape, Kind.TRANSPOSED),
        (negated, Kind.SIGN),
        (averaged, Kind.FACTOR),
        (cancelling, Kind.CANCELLATION),
        (overflowing, Kind.NAN),
        (dead, Kind.ZERO),
        (clipped, Kind.CLIPPED),
        (rounded, Kind.PRECISION),
        (doubled, Kind.WRONG_DTYPE),
        (ignoring_nan, Kind.SWALLOWED),
        (changing, Kind.MUTATED),
        (reusing, Kind.REUSED),
        (remembering, Kind.STATE),
        (reading_memory, Kind.LAYOUT),
        (raising, Kind.RAISES),
        (edged, Kind.EDGE),
        (too_many, Kind.WRONG_SHAPE),
    ],
)
def test_a_mistake_is_called_by_its_name(kernel: Any, kind: Kind) -> None:
    KEPT.clear()
    report = quick(kernel, "c.any", {"v_c": "V[c]", "o": "o", "U": "U"})
    assert kind in {finding.kind for finding in report.findings}, report


def test_a_dropped_duplicate_is_named_with_the_list_it_was_dropped_from() -> None:
    report = quick(buffered, "negative_sampling", returns="grad_U")
    (finding,) = report.findings
    assert finding.kind is Kind.DUPLICATE
    assert "negatives" in finding.detail


def test_an_outside_word_that_is_not_counted_as_a_sample_is_named() -> None:
    def kernel(v_c: Any, o: int, U: Any, negatives: Any) -> Any:
        return rows(v_c, o, U, negatives[negatives != o])

    (finding,) = quick(kernel, "negative_sampling", returns="grad_U").findings
    assert finding.kind is Kind.SHARED
    assert "o is also in negatives" in finding.detail


def test_a_mean_in_place_of_a_sum_is_named_by_its_size() -> None:
    (finding,) = quick(averaged, "naive_softmax", returns="grad_U").findings
    assert "1/N times" in finding.detail


def test_two_mistakes_are_two_findings() -> None:
    def kernel(v_c: Any, o: int, U: Any, negatives: Any) -> Any:
        grad = np.zeros_like(U)
        grad[o] += (sigmoid_minus_one(U[o] @ v_c)) * v_c
        grad[negatives] += buffered(v_c, o, U, negatives)[negatives] - grad[negatives]
        return grad

    def sigmoid_minus_one(x: Any) -> Any:
        return 1 / (1 + np.exp(-x)) - 1

    kinds = {each.kind for each in quick(kernel, "negative_sampling", returns="grad_U").findings}
    assert {Kind.DUPLICATE, Kind.CANCELLATION} <= kinds


def test_a_list_handed_back_as_the_rows_of_a_result_is_an_alias() -> None:
    def kernel(v_c: Any, o: int, U: Any) -> Any:
        loss, by_v, by_U = softmax(v_c, o, U)
        v_c[...] = by_v
        return loss, v_c, by_U

    kinds = {finding.kind for finding in quick(kernel, "naive_softmax").findings}
    assert {Kind.ALIASED, Kind.MUTATED} <= kinds


def test_a_row_listed_twice_is_found_though_dense_adds_it_up() -> None:
    class Listed:
        def __init__(self, words: Any, values: Any) -> None:
            self.rows, self.values = words, values

        def dense(self, count: int) -> Any:
            grad = np.zeros((count, self.values.shape[1]), self.values.dtype)
            np.add.at(grad, self.rows, self.values)
            return grad

    def kernel(v_c: Any, o: int, U: Any, negatives: Any) -> Any:
        words = np.array([o, *negatives])
        right = rows(v_c, o, U, negatives)[words]
        times = np.unique(words, return_inverse=True, return_counts=True)
        return Listed(words, right / times[2][times[1]][:, None].astype(U.dtype))

    found = quick(kernel, "negative_sampling", returns="grad_U").findings
    assert {finding.kind for finding in found} == {Kind.REPEATED_ROWS}


# Reports print, reproduce and raise.


def test_the_input_of_a_finding_can_be_pasted_and_shows_it() -> None:
    (finding,) = quick(buffered, "negative_sampling", returns="grad_U").findings
    names: dict[str, Any] = {"np": np}
    exec(finding.reproduce, names)
    given = {name: names[name] for name in finding.values}
    at = tuple(map(int, finding.where.partition("[")[2].rstrip("]").split(",")))
    got, want = buffered(**given)[at], rows(**given)[at]
    assert f"{got:.6g}" == finding.got
    assert f"{want:.6g}" == finding.want
    assert finding.got != finding.want


def test_the_input_of_a_layout_finding_lies_in_memory_as_it_did() -> None:
    def kernel(v_c: Any, o: int, U: Any) -> Any:
        return softmax(v_c, o, U.ravel(order="K").reshape(U.shape))[2]

    (finding,) = quick(kernel, "naive_softmax", returns="grad_U").findings
    names: dict[str, Any] = {"np": np}
    exec(finding.reproduce, names)
    given = {name: names[name] for name in finding.values}
    assert not given["U"].flags.c_contiguous
    assert not np.allclose(kernel(**given), softmax(**given)[2])


def test_float32_numbers_are_written_so_that_they_are_the_same() -> None:
    def kernel(v_c: Any, o: int, U: Any) -> Any:
        return -softmax(v_c, o, U)[2]

    report = quick(kernel, "naive_softmax", returns="grad_U", dtypes=["float32"])
    finding = report.findings[0]
    names: dict[str, Any] = {"np": np}
    exec(finding.reproduce, names)
    assert names["U"].dtype == np.float32
    assert names["U"].tobytes() == finding.values["U"].tobytes()


def test_the_printed_report_says_what_where_and_how_to_try_it() -> None:
    text = str(quick(buffered, "negative_sampling", returns="grad_U"))
    for part in ("buffered ✗", "dropped duplicate", "grad_U[", "u B", "np.array", "negatives ="):
        assert part in text


def test_the_same_seed_gives_the_same_report() -> None:
    first, second = (str(quick(buffered, "negative_sampling", returns="grad_U")) for _ in "ab")
    assert first == second


def test_another_seed_finds_it_as_well() -> None:
    assert not quick(buffered, "negative_sampling", returns="grad_U", seed=7).ok


def test_a_wrong_kernel_raises_with_the_report_as_message() -> None:
    report = quick(buffered, "negative_sampling", returns="grad_U")
    with pytest.raises(KernelWrong, match="dropped duplicate") as raised:
        report.raise_if_wrong()
    assert isinstance(raised.value, AssertionError)


def test_a_right_kernel_does_not_raise() -> None:
    report = quick(rows, "negative_sampling", returns="grad_U")
    report.raise_if_wrong()
    assert "✓" in str(report)


@pytest.mark.slow
def test_the_inputs_do_not_depend_on_the_hash_seed() -> None:
    code = (
        "from derivations.implementation.resolve import problem_of as of\n"
        "from derivations.implementation.inputs import cases\n"
        "def f(c, outside, V, U, negatives): ...\n"
        "found = cases(of(f, 'skip_gram.negative_sampling', None, None, None), 'f8', 0, True, 9)\n"
        "print([(sorted(x.sizes.items()), str(x.values)) for x in found])\n"
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "1")
    }
    assert len(told) == 1
    assert "negatives" in told.pop()
