"""The generated kernels of the derivation files keep to their losses, typed by hand."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from tests.backends import BACKENDS, SHARE, kernels_of
from tests.kernels.examples import times
from tests.subjects.checks import CHECKS
from tests.subjects.kinds import KINDS, Kind

QUICK = settings(
    max_examples=20, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck)
)


# compiling takes seconds a kernel and dtype: the last check calls with either dtype
COMPILED = [
    pytest.param("compiled", CHECKS[-1], kind, marks=pytest.mark.slow, id=f"compiled-{kind.name}")
    for kind in KINDS
]


@times(3)
@pytest.mark.parametrize(
    ("backend", "check", "kind"),
    [
        *(
            pytest.param(backend, check, kind, id=f"{backend}-{check.__name__}-{kind.name}")
            for backend in (*BACKENDS, "loops")
            for check in CHECKS
            for kind in KINDS
        ),
        *COMPILED,
    ],
)
def test_a_kernel(backend: str, check: Callable[..., None], kind: Kind, times: int) -> None:
    kernels = kernels_of(backend)

    @settings(QUICK, max_examples=times * QUICK.max_examples // SHARE[backend])
    @given(kind.cases)
    def every_case(case: dict[str, Any]) -> None:
        check(kernels, kind, case)

    every_case()
