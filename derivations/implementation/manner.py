"""How a function is called and what it gives back, where that is not plainly. Data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Hook = Callable[[Any], object]


@dataclass(frozen=True)
class Manner:
    """``columns``: a vector is (d, 1), a number (1, 1). ``rate`` names the argument that is the
    rate of a step in place. ``draws`` has for each argument that the function draws by itself what
    it is handed by. ``empty`` says whether sizes of zero are tried.
    """

    columns: bool = False
    rate: str | None = None
    draws: Mapping[str, Hook] = field(default_factory=dict)
    empty: bool = True


PLAINLY = Manner()
