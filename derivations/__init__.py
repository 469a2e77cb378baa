"""A checker for written derivations: encodings, proofs, verdicts; and of kernels against them."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from derivations.implementation import CheckReport, check_kernel
    from derivations.python import LineResult, Report, RequiredResult, Shell, check, check_many

__all__ = [
    "CheckReport",
    "LineResult",
    "Report",
    "RequiredResult",
    "check",
    "check_kernel",
    "check_many",
]
_OF_KERNELS = ("CheckReport", "check_kernel")


def __getattr__(name: str) -> object:
    """What needs NumPy and SymPy is imported when it is asked for."""
    if name not in __all__:
        raise AttributeError(f"module 'derivations' has no attribute {name!r}")
    home = "derivations.implementation" if name in _OF_KERNELS else "derivations.python"
    found: object = getattr(import_module(home), name)
    return found


def load_ipython_extension(shell: Shell) -> None:
    """What ``%load_ext derivations`` calls in IPython and Jupyter: the magic ``%%derivations``."""
    from derivations.python import register

    register(shell)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
