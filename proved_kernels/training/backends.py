"""Which method trains: by what is asked for, and what is installed."""

from __future__ import annotations

from importlib.util import find_spec

from .method import Method
from .negative_sampling import NegativeSampling
from .refused import Refused
from .settings import Settings
from .vocabulary import Corpus

BACKENDS = ("numpy", "compiled", "auto")


def chosen(backend: str, workers: int) -> str:
    """``numpy`` or ``compiled``; raises Refused for what is not installed or cannot be done."""
    installed = find_spec("numba") is not None
    if backend == "compiled" and not installed:
        raise Refused("--backend compiled needs Numba: pip install 'proved-kernels[compiled]'")
    if backend == "auto":
        backend = "compiled" if installed else "numpy"
    if workers > 1 and backend == "numpy":
        raise Refused(f"--workers {workers}: several threads need --backend compiled")
    return backend


def method_of(backend: str, corpus: Corpus, settings: Settings) -> Method:
    """The method for a back end that was chosen.

    On NumPy skip-gram with negative sampling is trained in batches; the rest center by center, by
    the text that is compiled elsewhere, which takes some hundred times as long.
    """
    if backend == "numpy" and not settings.cbow and not settings.hs:
        return NegativeSampling(corpus, settings)
    from .compiled.method import Walk

    return Walk(corpus, settings, compiled=backend == "compiled")
