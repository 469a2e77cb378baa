"""The subjects that have a derivation file, by name: what they take and return. Data.

The arguments have the order and the names of the package `generated`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from derivations.implementation.question import Fixed


@dataclass(frozen=True)
class OfFile:
    """``loss`` and ``gradients`` name what the file defines and its lines.

    The loss may be empty: then it is what the first gradient is of. ``more`` are results on
    request: Hessians, forward passes. ``backward``: what is usual takes the derivative by the
    outputs and returns those by the inputs, and no loss. ``fixed`` are numbers that code works out
    by itself where it has no argument for them.
    """

    folder: str
    loss: str
    gradients: Mapping[str, str]
    arguments: Mapping[str, str]
    domains: Mapping[str, str] = field(default_factory=dict)
    more: Mapping[str, str] = field(default_factory=dict)
    backward: bool = False
    fixed: tuple[Fixed, ...] = ()

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
    "logistic_regression": OfFile(
        "logistic_regression",
        "",
        {"grad_w": "e.6"},
        {n: n for n in ("X", "t", "w")},
        {"t": "{0, 1}"},
        {"hess_w": "h.3"},
    ),
    "logistic_regression/signs": OfFile(
        "logistic_regression",
        "",
        {"grad_w": "m.2", "grad_b": "m.3"},
        {n: n for n in ("X", "t", "w", "b", "lambda")},
        {"t": "{-1, 1}", "lambda": "> 0"},
        {"hess_w": "m.5", "hess_b": "m.4"},
    ),
    "softmax_regression": OfFile(
        "softmax_regression",
        "",
        {"grad_W": "e.5"},
        {"X": "X", "classes": "c", "W": "W"},
        more={"hess_W": "h.2"},
    ),
    "two_layer_network": OfFile(
        "two_layer_network",
        "",
        {"grad_V": "h.7", "grad_b": "h.8", "grad_W": "h.3", "grad_c": "h.2"},
        {n: n for n in ("x", "t", "V", "b", "W", "c")},
        more={"grad_x": "h.9"},
    ),
    "two_layer_network/relu": OfFile(
        "two_layer_network",
        "",
        {"grad_V": "r.5", "grad_b": "r.4", "grad_W": "r.2", "grad_c": "r.10"},
        {"x": "x", "label": "m", "V": "V", "b": "b", "W": "W", "c": "c"},
    ),
    "layer_normalisation": OfFile(
        "layer_normalisation",
        "",
        {"grad_x": "b.6", "grad_gamma": "b.1", "grad_beta": "b.2"},
        {n: n for n in ("u", "x", "gamma", "beta", "epsilon")},
        more={"y": "y"},
        backward=True,
    ),
    "attention_head": OfFile(
        "attention_head",
        "",
        {"grad_Q": "b.4", "grad_K": "b.5", "grad_V": "b.1"},
        {"G": "G", "Q": "Q", "K": "K", "V": "V", "tau": "τ"},
        more={"O": "O", "P": "P", "grad_tau": "b.6"},
        backward=True,
        fixed=(Fixed("τ", "d"),),
    ),
    "variational_autoencoder": OfFile(
        "variational_autoencoder",
        "",
        {"grad_mu": "n.2", "grad_rho": "n.4"},
        {n: n for n in ("mu", "rho", "epsilon")},
        more={"z": "z", "hess_rho": "n.5"},
    ),
    "variational_autoencoder/prior": OfFile(
        "variational_autoencoder",
        "",
        {"grad_mu": "k.2", "grad_sigma": "k.4"},
        {n: n for n in ("mu", "sigma", "m", "s")},
        more={"grad_s": "k.5", "hess_sigma": "k.6"},
    ),
}
OTHER_NAMES = {
    "attention": "attention_head",
    "layer_normalization": "layer_normalisation",
    "logistic_regression/bits": "logistic_regression",
    "cbow/naive_softmax": "cbow",
    "hierarchical_softmax/signs": "hierarchical_softmax",
    "naive_softmax/batch": "batch.naive_softmax",
    "negative_sampling/batch": "batch.negative_sampling",
    "skip_gram/naive_softmax": "skip_gram.naive_softmax",
    "skip_gram/negative_sampling": "skip_gram.negative_sampling",
    "naive_softmax/window": "skip_gram.naive_softmax",
    "negative_sampling/window": "skip_gram.negative_sampling",
}
