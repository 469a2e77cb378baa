"""The order of the tests."""

from __future__ import annotations

import pytest

# JAX starts threads, and a process with threads should not be forked: others' tests come first
LAST = ("tests/examples/", "tests/benchmarks/")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What may import JAX at the end of each worker's list."""
    items.sort(key=lambda item: item.nodeid.startswith(LAST))
