"""Arrays that are none of NumPy's: what numbers with errors and numbers that count share.

Shapes, views and indices are those of the plain arrays that they hold. Nothing is ever turned into
plain floats, where errors or counts would be lost.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn, Self

from numpy.lib.mixins import NDArrayOperatorsMixin
from numpy.typing import NDArray

from codegen.interpret.answered import Answered
from codegen.rounding.hypotheses import Hypotheses


class Wrapped(Answered, NDArrayOperatorsMixin):
    """An array of a floating dtype as far as the code can see."""

    def __init__(self, h: Hypotheses) -> None:
        self.h = h
        self.dtype = h.dtype

    @property
    def held(self) -> NDArray[Any]:
        """A plain array of the same shape."""
        raise NotImplementedError

    def each(self, function: Callable[[Any], Any]) -> Self:
        """The same done to every plain array that is held: to its shape, not to its numbers."""
        raise NotImplementedError

    shape = property(lambda self: self.held.shape)
    ndim = property(lambda self: self.held.ndim)
    size = property(lambda self: self.held.size)
    nbytes = property(lambda self: self.size * self.dtype.itemsize)
    T = property(lambda self: self.each(lambda array: array.T))

    def __len__(self) -> int:
        return len(self.held)

    def __array__(self, *_: Any, **__: Any) -> NoReturn:
        raise self.refused("a plain array of numbers")

    def __bool__(self) -> bool:
        raise self.refused("numbers as a condition")

    def applied(self, rule: Callable[..., Any], *given: Any, **options: Any) -> Any:
        """Every rule is told what is assumed of the arithmetic."""
        return rule(self.h, *given, **options)

    def take(self, words: Any, axis: int) -> Self:
        return self.each(lambda array: array.take(words, axis=axis))

    def transpose(self, *axes: int) -> Self:
        return self.each(lambda array: array.transpose(*axes))

    def reshape(self, *shape: Any) -> Self:
        return self.each(lambda array: array.reshape(*shape))

    def ravel(self) -> Self:
        return self.reshape(-1)

    def copy(self) -> Self:
        return self.each(lambda array: array.copy())
