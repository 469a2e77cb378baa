"""The exponential of the compiled kernels in float32, at every float32 there is."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

WITHIN = 1.07  # ulp, as the package's docstring says


@pytest.mark.slow
def test_the_exponential_is_within_its_bound_at_every_float32() -> None:
    """Beside that in double, which is off by far less; out of range it is 0 or infinite."""
    numba = pytest.importorskip("numba")
    floats = pytest.importorskip("generated.compiled._runtime.floats")
    exp, of_double = floats.exp, floats.exp

    def errors(first: Any, last: Any, out: Any) -> Any:
        for n in range(first, last):
            x = np.int32(n).view(np.float32)
            found, exact = np.float64(exp(x)), of_double(np.float64(x))
            power: Any = ((np.float64(exact).view(np.int64) >> 52) - 1023) - 23
            power = np.int64(max(power, -149))
            spacing = np.int64((power + 1023) << 52).view(np.float64)
            out[n - first] = abs(found - exact) / spacing
        return out.max()

    worst: Any = numba.njit(error_model="numpy")(errors)
    points = np.random.default_rng(0).uniform(-100, 88, 10_000)
    np.testing.assert_allclose([of_double(x) for x in points], np.exp(points), rtol=3e-16)
    top = int(np.float32(np.log(float(np.finfo(np.float32).max))).view(np.int32))
    low = int(np.float32(-104).view(np.int32))
    step = 2**20
    room = np.empty(step)
    for first, last in ((0, top), (-(2**31), low)):
        for start in range(first, last, step):
            stop = min(start + step, last)
            assert worst(start, stop, room[: stop - start]) <= WITHIN
    assert exp(np.float32(89)) == exp(np.float32(np.inf)) == np.inf
    assert exp(np.float32(-np.inf)) == exp(np.float32(-104)) == 0
    assert np.isnan(exp(np.float32(np.nan)))
