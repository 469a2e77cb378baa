"""The generated kernels of the derivation files keep to their losses, typed by hand."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from tests.backends import BACKENDS, SHARE
from tests.kernels.examples import times
from tests.subjects.checks import CHECKS
from tests.subjects.kinds import KINDS, Kind

QUICK = settings(
    max_examples=20, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck)
)


@times(3)
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
@pytest.mark.parametrize("backend", BACKENDS)
def test_a_kernel(backend: str, kind: Kind, check: Callable[..., None], times: int) -> None:
    @settings(QUICK, max_examples=times * QUICK.max_examples // SHARE[backend])
    @given(kind.cases)
    def every_case(case: dict[str, Any]) -> None:
        check(BACKENDS[backend], kind, case)

    every_case()
