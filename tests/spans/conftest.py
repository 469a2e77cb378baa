"""Rows are added up by SciPy where it is installed, else by NumPy: both ways are tested."""

import sys
from collections.abc import Iterator

import pytest

from generated._runtime import scatter


@pytest.fixture(params=["SciPy", "NumPy"])
def either_way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """With SciPy's sparse product, and as where SciPy is not installed."""
    scatter._sparse_product.cache_clear()
    if request.param == "NumPy":
        monkeypatch.setitem(sys.modules, "scipy.sparse", None)
    else:
        pytest.importorskip("scipy.sparse")
    assert (scatter._sparse_product() is None) == (request.param == "NumPy")
    yield
    scatter._sparse_product.cache_clear()
