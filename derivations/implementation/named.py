"""The losses of word2vec as functions: what they take and return. Data.

The arguments have the order and the names of the package `generated`; a gradient is made of the
claims that say what its entries are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sympy import Expr

from derivations.indices import Index
from derivations.word2vec import losses as of
from derivations.word2vec.losses import b, c, o


@dataclass(frozen=True)
class Named:
    """``arguments`` says which symbol each one is, ``gradients`` which claims make up each one."""

    loss: Expr
    arguments: Mapping[str, str]
    gradients: Mapping[str, tuple[str, ...]]
    axes: tuple[Index, ...] = ()

    @property
    def loss_name(self) -> str:
        """The first result: one loss, or one for each pair."""
        return "losses" if self.axes else "loss"


_PAIR = {"v_c": "V[c]", "o": "o", "U": "U"}
_WINDOW = {"c": "c", "outside": "near", "V": "V", "U": "U"}
_BATCH = {"V": "V", "U": "U", "centers": "centers", "outsides": "outsides"}
_NEGATIVES = {"negatives": "n"}

FUNCTIONS: dict[str, Named] = {
    "naive_softmax": Named(
        of.naive_softmax(c, o), _PAIR, {"grad_v_c": ("b.entry",), "grad_U": ("c.any",)}
    ),
    "negative_sampling": Named(
        of.negative_sampling(c, o),
        _PAIR | _NEGATIVES,
        {"grad_v_c": ("g.center",), "grad_U": ("g.row",)},
    ),
    "skip_gram.naive_softmax": Named(
        of.window_naive_softmax(c),
        _WINDOW,
        {"grad_V": ("h.naive.center", "h.naive.other"), "grad_U": ("h.naive.U",)},
    ),
    "skip_gram.negative_sampling": Named(
        of.window_negative_sampling(c),
        _WINDOW | _NEGATIVES,
        {"grad_V": ("h.neg.center", "h.neg.other"), "grad_U": ("h.neg.U",)},
    ),
    "batch.naive_softmax": Named(
        of.batch_naive_softmax.body.function,
        _BATCH,
        {"grad_V": ("batch.naive.V",), "grad_U": ("batch.naive.U",)},
        (b,),
    ),
    "batch.negative_sampling": Named(
        of.batch_negative_sampling.body.function,
        _BATCH | _NEGATIVES,
        {"grad_V": ("batch.neg.V",), "grad_U": ("batch.neg.U",)},
        (b,),
    ),
}
