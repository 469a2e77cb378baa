"""What can be checked: a claim, and where a random point for the others comes from. Data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import derivations

CBOW_FILE = Path(derivations.__file__).parent / "cbow" / "written.md"


@dataclass(frozen=True)
class Subject:
    """``words`` gives each argument of words its shape, ``floats`` each one of numbers its own.

    Gradients are returned after the loss, one for each of ``floats`` in order.
    """

    claim: str | tuple[str, ...]
    words: Mapping[str, tuple[int, ...]]
    floats: Mapping[str, tuple[int, ...]]
    arguments: Mapping[str, str]
    derivation: Path | None = None
    by: tuple[str, ...] = ()  # of which of the floats gradients are returned, all if none is named

    @property
    def differentiated(self) -> tuple[str, ...]:
        """The numbers that gradients are by, in the order of the results."""
        return self.by or tuple(self.floats)


N, D, K, B = 6, 4, 4, 4
_NAMED = {"v_c": "V[c]", "o": "o", "U": "U"}
_WINDOW = {"c": "c", "outside": "near", "V": "V", "U": "U"}
_BATCH = {"V": "V", "U": "U", "centers": "centers", "outsides": "outsides"}
_NEGATIVES = {"negatives": "n"}
_PAIR_FLOATS = {"v_c": (D,), "U": (N, D)}
_FLOATS = {"V": (N, D), "U": (N, D)}

SOFTMAX = Subject("naive_softmax", {"o": ()}, _PAIR_FLOATS, _NAMED)
SAMPLING = Subject(
    "negative_sampling", {"o": (), "negatives": (K,)}, _PAIR_FLOATS, _NAMED | _NEGATIVES
)
WINDOW = Subject("skip_gram.naive_softmax", {"c": (), "outside": (B,)}, _FLOATS, _WINDOW)
SAMPLING_WINDOW = Subject(
    "skip_gram.negative_sampling",
    {"c": (), "outside": (B,), "negatives": (B, K)},
    _FLOATS,
    _WINDOW | _NEGATIVES,
)
BATCH = Subject("batch.naive_softmax", {"centers": (B,), "outsides": (B,)}, _FLOATS, _BATCH)
SAMPLING_BATCH = Subject(
    "batch.negative_sampling",
    {"centers": (B,), "outsides": (B,), "negatives": (B, K)},
    _FLOATS,
    _BATCH | _NEGATIVES,
)
CBOW = Subject(
    ("J_{naive}", "s.6", "u.2"),
    {"context": (B,), "o": ()},
    _FLOATS,
    {"context": "c", "o": "o", "V": "V.T", "U": "U.T"},
    CBOW_FILE,
)
