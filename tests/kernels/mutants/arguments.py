"""The reference's checks of its arguments, one step for each kind of fault."""

from typing import Any

import numpy as np

from tests.kernels.mutants.reference import Reference

Array = Any


class Arguments(Reference):
    """Each method returns the argument as the kernels use it, or raises."""

    def floats(self, name: str, value: Any, shape: tuple[int | None, ...]) -> Array:
        array = self.array(name, value)
        array = array.astype(array.dtype.newbyteorder("="), copy=False)
        if array.dtype not in (np.float64, np.float32):
            raise TypeError(f"{name} has dtype {array.dtype}, should be float64 or float32")
        self.check_shape(name, array, shape)
        return self.receive(array)

    def words(self, name: str, value: Any, shape: tuple[int | None, ...], N: int) -> Array:
        array = self.array(name, value)
        if array.size == 0 and not isinstance(value, np.ndarray):
            array = array.astype(np.intp)
        self.check_integers(name, array)
        self.check_shape(name, array, shape)
        if array.size:
            self.check_range(name, int(array.min()), N)
            self.check_range(name, int(array.max()), N)
        return self.receive(array)

    def word(self, name: str, value: Any, N: int) -> int:
        self.check_word(name, value)
        self.check_range(name, int(value), N)
        return int(value)

    def array(self, name: str, value: Any) -> Array:
        try:
            return np.asarray(value)
        except ValueError:
            raise ValueError(f"{name} is ragged, should be a rectangular array") from None

    def check_word(self, name: str, value: Any) -> None:
        if isinstance(value, bool) or not isinstance(value, (int, np.integer)):
            raise TypeError(f"{name} is {value!r}, a {type(value).__name__}, should be an integer")

    def check_integers(self, name: str, array: Array) -> None:
        if array.dtype.kind not in "iu":
            raise TypeError(f"{name} has dtype {array.dtype}, should be of integers")

    def check_range(self, name: str, word: int, N: int) -> None:
        if not 0 <= word < N:
            raise IndexError(f"{name} holds the word {word}, should be from 0 to {N - 1}")

    def check_shape(self, name: str, array: Array, shape: tuple[int | None, ...]) -> None:
        fits = len(shape) == array.ndim and all(
            want in (None, got) for want, got in zip(shape, array.shape, strict=True)
        )
        if not fits:
            wanted = ", ".join("any" if n is None else str(n) for n in shape)
            raise ValueError(f"{name} has shape {array.shape}, should be ({wanted})")
