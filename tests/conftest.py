"""The order of the tests and which of them one process runs; Hypothesis' profiles.

`ci` is seeded and quick, `long` is new every time and thorough:
HYPOTHESIS_PROFILE=long pytest tests/kernels
"""

from __future__ import annotations

import gc
import os
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from xdist.scheduler import LoadScopeScheduling

FIRST = ("tests/pages/test_pages.py::test_the_first_command",)  # no process waits for these alone
# JAX starts threads, and a process with threads should not be forked: others' tests come first
IN_JAX = "tests/codegen/test_line.py::test_a_module_runs_where_it_is_compiled"
LAST = ("tests/examples/", "tests/benchmarks/", IN_JAX)
# what the tests of these files share takes long to make
TOGETHER = {
    "tests/benchmarks/test_peers.py",
    "tests/certify/test_coq.py",
    "tests/certify/test_correspondence.py",
    "tests/codegen/test_sync.py",
    "tests/execute/test_execute.py",
    "tests/lines/test_campaign.py",
    "tests/mutation/test_campaign.py",
    "tests/reader/test_forms.py",
    "tests/rounding/test_bounds.py",
}


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
    from tests.backends import kernels_of

    return kernels_of(request.param)


class OfFiles(LoadScopeScheduling):
    """Tests one by one to whichever process is free, those of some files together."""

    def _split_scope(self, nodeid: str) -> str:
        file, _, _ = nodeid.partition("::")
        return file if file in TOGETHER else nodeid


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> OfFiles:
    """Which process runs a test, where there are several."""
    return OfFiles(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest at the beginning, and what may import JAX at the end."""
    items.sort(key=lambda item: item.nodeid.startswith(LAST) - item.nodeid.startswith(FIRST))


def pytest_collection_finish() -> None:
    """What is loaded by now stays: no collection of garbage, here or in a fork, looks at it.

    Terms and expressions that live on are many and seldom circles: going through all of them as
    often as Python does by itself took 5.9 of 88 s, so it is done a twentieth as often.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(700, 10, 200)
