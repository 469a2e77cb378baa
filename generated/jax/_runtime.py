"""What the kernels for JAX call, written by hand: pure functions of `jax.numpy`.

Arguments are known by their shapes and types while they are traced; no value is read.
"""

from collections.abc import Callable
from inspect import signature
from numbers import Real
from typing import Any, TypeVar

import jax
import jax.numpy as np
from jax.lax import cond
from jax.ops import segment_sum

from .._runtime.arguments import Shape, check_shapes


def parameters(*empty: str, **given: tuple[Any, Shape]) -> list[Any]:
    """The named arrays, all of one dtype, float32 or float64; a number takes that of the arrays.

    Each comes with the names of its axes; an axis of the same name has the same length
    everywhere, at least one except for those that may be ``empty``. Integers are taken as JAX's
    own float. Raises TypeError and ValueError, naming the argument.
    """
    arrays = {name: _numbers(name, value) for name, (value, _) in given.items()}
    axes = {axis for _, shape in given.values() for axis in shape}
    check_shapes(arrays, given, axes.difference(empty))
    dtypes = {name: array.dtype for name, array in arrays.items() if not _is_number(given[name][0])}
    if len(set(dtypes.values())) > 1:
        found = ", ".join(f"{name} is {dtype}" for name, dtype in dtypes.items())
        raise TypeError(f"{found}; they should be of one dtype")
    dtype = next(iter(dtypes.values()), np.result_type(0.0))
    return [array.astype(dtype) for array in arrays.values()]


def _is_number(value: Any) -> bool:
    """Whether this is a number of Python, also where it is traced."""
    return isinstance(value, Real) or bool(getattr(value, "weak_type", False))


def words(below: int, *inhabited: str, **given: tuple[Any, Shape]) -> list[Any]:
    """The named arrays of words; one that is below 0 becomes one that is too large.

    Axes as for `parameters`, but only those that are ``inhabited`` have at least one place.
    Raises TypeError and ValueError, naming the argument.
    """
    arrays = {name: _integers(name, value, shape) for name, (value, shape) in given.items()}
    check_shapes(arrays, given, inhabited)
    return [_outside(array, below) for array in arrays.values()]


def word(below: int, **given: Any) -> Any:
    """The one named word, as `words` are."""
    ((name, value),) = given.items()
    array = _integers(name, value, ())
    if array.ndim:
        raise TypeError(f"{name} has shape {array.shape}, should be an integer")
    return _outside(array, below)


def _outside(array: Any, below: int) -> Any:
    return np.where(array < 0, below, array)


def _numbers(name: str, value: Any) -> Any:
    array = np.asarray(value)
    if np.issubdtype(array.dtype, np.integer):
        return array.astype(np.result_type(0.0))
    if not np.issubdtype(array.dtype, np.floating) or array.dtype.itemsize < 4:
        raise TypeError(f"{name} is of dtype {array.dtype}, should be float64 or float32")
    return array


def _integers(name: str, value: Any, shape: Shape) -> Any:
    array = np.asarray(value)
    if array.size == 0 and not hasattr(value, "dtype"):
        # an empty list says nothing of dtype or of further axes
        return np.zeros(array.shape + (0,) * (len(shape) - array.ndim), int)
    if not np.issubdtype(array.dtype, np.integer):
        raise TypeError(f"{name} is of dtype {array.dtype}, should be integers")
    return array


def taken(values: Any, words: Any, axis: int = 0) -> Any:
    """The entries at the words along an axis; NaN at a word that is out of range."""
    return np.take(values, words, axis=axis, mode="fill", fill_value=np.nan)


def picked(values: Any, index: Any) -> Any:
    """The entry at ``index`` of each row; ``index`` is broadcast to the leading axes."""
    at = np.broadcast_to(np.asarray(index), values.shape[:-1])
    return np.take_along_axis(values, at[..., np.newaxis], axis=-1)[..., 0]


def replaced(values: Any, index: Any, new: Any) -> Any:
    """The values with the entry at ``index`` of each row ``new``.

    The leading axes of ``values`` and the axes of ``index`` and ``new`` are broadcast together.
    """
    here = np.arange(values.shape[-1]) == np.asarray(index)[..., np.newaxis]
    return np.where(here, np.asarray(new, values.dtype)[..., np.newaxis], values)


def sum_without(values: Any, index: Any) -> Any:
    """The sum of each row without the entry at ``index``, and without a subtraction."""
    return replaced(values, index, 0).sum(axis=-1)


def guarded(products: Any, left: Any, right: Any) -> Any:
    """Inner products, NaN where an input is not finite.

    ``products`` (...) is ``(left * right).sum(-1)``, left and right (..., d) broadcast together.
    A finite one is of finite inputs: these are looked at only where some product is not finite.
    """
    return cond(np.isfinite(products).all(), _as_they_are, _looked_at, products, left, right)


def _as_they_are(products: Any, left: Any, right: Any) -> Any:
    return products


def _looked_at(products: Any, left: Any, right: Any) -> Any:
    finite = np.isfinite(left).all(axis=-1) & np.isfinite(right).all(axis=-1)
    return np.where(finite, products, np.nan)


def weigh(weights: Any, values: Any) -> Any:
    """``weights * values``, but 0 where a weight of 0 meets an infinite value; NaN stays NaN."""
    lost = np.isinf(values) & ~(np.abs(weights) > 0)
    return weights * np.where(lost, 0, values)


Term = tuple[Any, Any, Any]


def matrix_of(N: int, *terms: Term) -> Any:
    """Rows added up by word, (N, d); a word counts as often as it occurs.

    A term is an array of words, a number for each of them, and an array of rows (..., d) with
    one row for each place along the leading axes of the words. Where None stands for the
    numbers, each word has a row of its own, or a row is repeated for several words.
    """
    first, *others = (_added(N, *term) for term in terms)
    return sum(others, first)


def _added(N: int, words: Any, numbers: Any, rows: Any) -> Any:
    words = np.asarray(words)
    alike = (1,) * (words.ndim - rows.ndim + 1)
    rows = rows.reshape((*rows.shape[:-1], *alike, rows.shape[-1]))
    rows = np.broadcast_to(rows, (*words.shape, rows.shape[-1]))
    if numbers is not None:
        rows = np.asarray(numbers, rows.dtype)[..., np.newaxis] * rows
    return segment_sum(rows.reshape(words.size, rows.shape[-1]), words.ravel(), N)


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
