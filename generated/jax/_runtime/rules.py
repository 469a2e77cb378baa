"""A loss whose derivative is the proved gradient: `jax.custom_vjp`."""

from collections.abc import Callable
from inspect import signature
from typing import Any, TypeVar

import jax
import jax.numpy as np

Loss = TypeVar("Loss", bound=Callable[..., Any])


def ruled(value_and_grad: Callable[..., Any], *by: str) -> Callable[[Loss], Loss]:
    """A decorator: the derivative of a loss by the arguments that are named is the gradient.

    ``value_and_grad`` takes the same arguments and returns the loss, or its terms, then the
    gradient by each of ``by``. Differentiated by another argument, the loss raises TypeError,
    naming it: no gradient by that is proved.
    """

    def decorated(loss: Loss) -> Loss:
        names = tuple(signature(loss).parameters)

        def forward(*given: Any) -> tuple[Any, Any]:
            for name, one in zip(names, given, strict=True):
                if one.perturbed and name not in by:
                    raise TypeError(f"no gradient of {loss.__name__} by {name} is proved")
            value, *gradients = value_and_grad(*(one.value for one in given))
            return np.sum(value), tuple(gradients)

        def backward(gradients: Any, incoming: Any) -> tuple[Any, ...]:
            own = dict(zip(by, gradients, strict=True))
            return tuple(incoming * own[name] if name in own else None for name in names)

        rule: Any = jax.custom_vjp(loss)
        rule.defvjp(forward, backward, symbolic_zeros=True)
        return rule  # type: ignore[no-any-return]

    return decorated
