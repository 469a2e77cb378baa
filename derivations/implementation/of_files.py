"""The subjects that have a derivation file, by name: what they take and return. Data.

The arguments have the order and the names of the package `generated`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class OfFile:
    """``loss`` and ``gradients`` name what the file defines and its lines."""

    folder: str
    loss: str
    gradients: Mapping[str, str]
    arguments: Mapping[str, str]
    domains: Mapping[str, str] = field(default_factory=dict)

    @property
    def path(self) -> Path:
        """The file."""
        return Path(__file__).parents[1] / self.folder / "written.md"


_CBOW = {"context": "c", "o": "o", "V": "V.T", "U": "U.T"}
_GLOVE = {"W": "W.T", "C": "W̃.T", "b": "b", "c": "b̃"}
_PATH = {"v": "v", "nodes": "p"}
_CONTRASTIVE = {"Q": "Q.T", "K": "K.T", "beta": "β"}

SUBJECTS: dict[str, OfFile] = {
    "cbow": OfFile("cbow", "J_{naive}", {"grad_V": "s.6", "grad_U": "u.2"}, _CBOW),
    "cbow/negative_sampling": OfFile(
        "cbow", "J_{neg}", {"grad_V": "n.3", "grad_U": "n.6"}, _CBOW | {"negatives": "w"}
    ),
    "glove": OfFile(
        "glove",
        "J",
        {"grad_W": "a.4", "grad_C": "a.6", "grad_b": "a.7", "grad_c": "a.8"},
        _GLOVE | {"weights": "f", "targets": "L"},
    ),
    "glove/batch": OfFile(
        "glove",
        "J_{list}",
        {"grad_W": "p.2", "grad_C": "p.3", "grad_b": "p.4", "grad_c": "p.5"},
        _GLOVE | {"rows": "r", "columns": "c", "weights": "g", "targets": "T"},
    ),
    "hierarchical_softmax": OfFile(
        "hierarchical_softmax",
        "J_{sign}",
        {"grad_v": "s.5", "grad_Theta": "s.7"},
        _PATH | {"signs": "s", "Theta": "Θ.T"},
        {"signs": "{-1, 1}"},
    ),
    "hierarchical_softmax/bits": OfFile(
        "hierarchical_softmax",
        "J_{code}",
        {"grad_v": "b.2", "grad_Theta": "b.3"},
        _PATH | {"bits": "b", "Theta": "Θ.T"},
        {"bits": "{0, 1}"},
    ),
    "contrastive": OfFile(
        "contrastive",
        "J",
        {"grad_Q": "q.4", "grad_K": "k.3", "grad_beta": "t.2"},
        _CONTRASTIVE,
        {"beta": "> 0"},
    ),
    "contrastive/symmetric": OfFile(
        "contrastive",
        "J_{sym}",
        {"grad_Q": "s.2", "grad_K": "s.3", "grad_beta": "s.4"},
        _CONTRASTIVE,
        {"beta": "> 0"},
    ),
}
OTHER_NAMES = {
    "cbow/naive_softmax": "cbow",
    "hierarchical_softmax/signs": "hierarchical_softmax",
    "naive_softmax/batch": "batch.naive_softmax",
    "negative_sampling/batch": "batch.negative_sampling",
    "skip_gram/naive_softmax": "skip_gram.naive_softmax",
    "skip_gram/negative_sampling": "skip_gram.negative_sampling",
    "naive_softmax/window": "skip_gram.naive_softmax",
    "negative_sampling/window": "skip_gram.negative_sampling",
}
