"""The kernels of the derivation files: where each is, its loss by hand, and cases for it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from hypothesis.strategies import SearchStrategy

from tests.subjects import cases, losses


@dataclass(frozen=True)
class Kind:
    """One kernel: its module, its function, and one that returns the loss alone, if any.

    ``by`` are the arguments that its gradients are taken by, in their order. ``terms`` is what the
    terms of a result, which may cancel, are at most, where the loss does not say it.
    """

    module: str
    function: str
    alone: str
    by: tuple[str, ...]
    loss: Callable[..., Any]
    cases: SearchStrategy[dict[str, Any]]
    terms: Callable[[dict[str, Any]], float] = lambda case: 0.0

    @property
    def name(self) -> str:
        return f"{self.module}.{self.function}"

    def __call__(self, kernels: Any, case: dict[str, Any]) -> tuple[Any, ...]:
        """What the kernel of a package of kernels returns."""
        returned: tuple[Any, ...] = getattr(getattr(kernels, self.module), self.function)(**case)
        return returned


def largest(*arrays: Any) -> float:
    """The product of the largest entries."""
    return float(np.prod([np.abs(array).max() for array in arrays]))


def terms_of_layer(case: dict[str, Any]) -> float:
    scaled = largest(case["upstream"], case["gain"]) / np.sqrt(case["epsilon"])
    return float(len(case["x"]) * scaled + largest(case["upstream"], case["shift"]))


def terms_of_targets(case: dict[str, Any]) -> float:
    """A gradient is a sum of inputs times a probability less a target."""
    return float(largest(case["X"]) * (1 + largest(case["t"])) * len(case["t"]))


def terms_of_head(case: dict[str, Any]) -> float:
    inputs = largest(case["Q"]) + largest(case["K"]) + largest(case["Q"], case["K"]) + 1
    return 8 * largest(case["upstream"], case["V"]) * inputs * (1 + float(case["scale"]))


KINDS = (
    Kind(
        "cbow",
        "naive_softmax_value_and_grad",
        "naive_softmax_loss",
        ("V", "U"),
        losses.cbow_naive_softmax,
        cases.contexts(),
    ),
    Kind(
        "cbow",
        "negative_sampling_value_and_grad",
        "negative_sampling_loss",
        ("V", "U"),
        losses.cbow_negative_sampling,
        cases.contexts(sampled=True),
    ),
    Kind(
        "hierarchical_softmax",
        "value_and_grad",
        "loss",
        ("v", "Theta"),
        losses.hierarchical_softmax,
        cases.paths(),
    ),
    Kind("glove", "value_and_grad", "loss", ("W", "C", "b", "c"), losses.glove, cases.all_pairs()),
    Kind(
        "glove",
        "batch_value_and_grad",
        "",
        ("W", "C", "b", "c"),
        losses.glove_list,
        cases.some_pairs(),
    ),
    Kind(
        "contrastive",
        "value_and_grad",
        "loss",
        ("Q", "K", "beta"),
        losses.contrastive,
        cases.batches(),
    ),
    Kind(
        "contrastive",
        "symmetric_value_and_grad",
        "",
        ("Q", "K", "beta"),
        losses.contrastive_symmetric,
        cases.batches(),
    ),
    Kind(
        "logistic_regression",
        "value_and_grad",
        "loss",
        ("w",),
        losses.logistic_of_targets,
        cases.examples(),
        terms_of_targets,
    ),
    Kind(
        "logistic_regression",
        "margin_value_and_grad",
        "margin_loss",
        ("w", "b"),
        losses.logistic_of_margins,
        cases.examples(labels=True),
    ),
    Kind(
        "layer_normalisation",
        "value_and_grad",
        "",
        ("x", "gain", "shift"),
        losses.layer_normalisation,
        cases.layers(),
        terms_of_layer,
    ),
    Kind(
        "attention_head",
        "value_and_grad",
        "",
        ("Q", "K", "V", "scale"),
        losses.attention_head,
        cases.heads(),
        terms_of_head,
    ),
)
