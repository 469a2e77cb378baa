"""A gradient that is right on good days: negative sampling as many write it down first.

    python -m examples.check_my_gradient

The formula is right, the sigmoid is stable, the samples of a large vocabulary hardly ever repeat,
and the model trains. But a word that is drawn twice is to be pushed away twice, and
``grad_U[negatives] += ...`` pushes once. `check_kernel` holds the function against the proved
gradient and says in which list to look.
"""

import numpy as np
from numpy.typing import NDArray

from derivations import check_kernel

Array = NDArray[np.floating]


def sigmoid(x: Array) -> Array:
    """1 / (1 + exp(-x)), by an exponential that cannot overflow."""
    e = np.exp(-np.abs(x))
    value: Array = np.where(x >= 0, np.ones_like(e), e) / (1 + e)
    return value


def my_gradient(v_c: Array, o: int, U: Array, negatives: NDArray[np.integer]) -> Array:
    """The gradient of the negative sampling loss by the outside vectors, one a row."""
    grad_U = np.zeros_like(U)
    grad_U[o] -= sigmoid(-(U[o] @ v_c)) * v_c
    grad_U[negatives] += np.outer(sigmoid(U[negatives] @ v_c), v_c)  # looks harmless
    return grad_U


def my_gradient_mended(v_c: Array, o: int, U: Array, negatives: NDArray[np.integer]) -> Array:
    """The same with every draw counted."""
    grad_U = np.zeros_like(U)
    grad_U[o] -= sigmoid(-(U[o] @ v_c)) * v_c
    np.add.at(grad_U, negatives, np.outer(sigmoid(U[negatives] @ v_c), v_c))
    return grad_U


if __name__ == "__main__":
    for gradient in (my_gradient, my_gradient_mended):
        print(check_kernel(gradient, "negative_sampling", returns="grad_U"))
