"""Hypothesis profiles: `ci` is seeded and quick, `long` is new every time and thorough.

HYPOTHESIS_PROFILE=long pytest tests/kernels
"""

import os
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from tests.backends import kernels_of

# Cases are many small lists of integers; Hypothesis counts that as slow data.
SLOW_DATA = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]

settings.register_profile(
    "ci", max_examples=60, derandomize=True, deadline=None, suppress_health_check=SLOW_DATA
)
settings.register_profile("long", max_examples=5000, deadline=None, suppress_health_check=SLOW_DATA)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


@pytest.fixture
def kernels(request: pytest.FixtureRequest) -> Any:
    """The kernels of the back end that the test is asked for."""
    return kernels_of(request.param)
