"""A checker for written derivations: encodings, proofs, verdicts; and of kernels against them."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from derivations.check import CheckReport, check_kernel

__all__ = ["CheckReport", "check_kernel"]


def __getattr__(name: str) -> Any:
    """What needs NumPy and SymPy is imported when it is asked for."""
    if name not in __all__:
        raise AttributeError(f"module 'derivations' has no attribute {name!r}")
    from derivations import check

    return getattr(check, name)
