"""How a fault of the normal form is written down."""

from __future__ import annotations

from tests.planting import Mutant, instead


def mutant(meant: str, within: int, patches: tuple[tuple[object, str, object], ...]) -> Mutant:
    """A fault: within how many expressions it must show, what replaces what."""
    return Mutant(meant, tuple(instead(*patch) for patch in patches), within=within)
