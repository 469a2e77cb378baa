"""Rows are added up by SciPy where it is installed, else by NumPy: both ways are tested."""

import sys
from collections.abc import Iterator

import pytest

from generated import _scatter


@pytest.fixture(params=["SciPy", "NumPy"])
def either_way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """With SciPy's sparse product, and as where SciPy is not installed."""
    _scatter._sparse_product.cache_clear()
    if request.param == "NumPy":
        monkeypatch.setitem(sys.modules, "scipy.sparse", None)
    else:
        pytest.importorskip("scipy.sparse")
    assert (_scatter._sparse_product() is None) == (request.param == "NumPy")
    yield
    _scatter._sparse_product.cache_clear()
