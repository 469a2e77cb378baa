"""Reports print, reproduce and raise."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

import numpy as np
import pytest

from derivations.implementation import KernelWrong
from tests.implementation.kernels import buffered, quick, rows, softmax


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
        "from derivations.implementation.cases import cases\n"
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
