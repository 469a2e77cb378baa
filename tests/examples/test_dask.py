"""Dask's workers say what a pool of processes says, in the same order."""

from __future__ import annotations

import pytest

pytest.importorskip("distributed", reason="Dask is not installed: pip install '.[dask]'")

from derivations import check_many
from examples.on_dask import GIVEN, TEXTS, on_dask


@pytest.mark.slow  # a cluster takes seconds to start
def test_two_workers_report_the_same_in_the_same_order() -> None:
    found = on_dask(TEXTS, GIVEN)
    assert [len(report) for report in found] == [1, 1, 1, 1, 1, 0]
    assert found == list(check_many(TEXTS, GIVEN, jobs=2))
