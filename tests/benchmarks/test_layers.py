"""The benchmark of layers tells errors of a few ulp, and sees a contender that is wrong."""

from dataclasses import replace

import pytest

jax = pytest.importorskip("jax", reason="needs the extra jax")


@pytest.mark.slow  # JAX compiles two functions
def test_errors_are_small_but_for_a_wrong_contender() -> None:
    from benchmarks.layers import SUBJECTS, errors, margins

    wrong = replace(SUBJECTS[0], textbook=lambda *given: margins(*given) * (1 + 1e-9))
    with jax.enable_x64(True):
        found = errors(wrong, "ordinary", 1)
    assert 0 < found["ours, NumPy"] < 100
    assert found["ours, JAX"] < 100
    assert found["textbook, JAX"] > 1e5
