"""The kernels of the derivation files: where each is, its loss by hand, and cases for it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hypothesis.strategies import SearchStrategy

from tests.subjects import cases, losses


@dataclass(frozen=True)
class Kind:
    """One kernel: its module, its function, and one that returns the loss alone, if any.

    ``by`` are the arguments that its gradients are taken by, in their order.
    """

    module: str
    function: str
    alone: str
    by: tuple[str, ...]
    loss: Callable[..., Any]
    cases: SearchStrategy[dict[str, Any]]

    @property
    def name(self) -> str:
        return f"{self.module}.{self.function}"

    def __call__(self, kernels: Any, case: dict[str, Any]) -> tuple[Any, ...]:
        """What the kernel of a package of kernels returns."""
        returned: tuple[Any, ...] = getattr(getattr(kernels, self.module), self.function)(**case)
        return returned


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
)
