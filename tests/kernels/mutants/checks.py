"""Arguments taken that should be refused, or refused badly."""

from typing import Any

import numpy as np

from tests.kernels.mutants.interface import Kernel

Array = Any
KILLER = "bad_arguments_are_refused_before_any_work"


class MinusOneIsAWord(Kernel):
    """Negative indices count from the end."""

    killed_by = KILLER

    def check_range(self, name: str, word: int, N: int) -> None:
        super().check_range(name, max(word, 0), N)


class TrueIsAWord(Kernel):
    """bool is an int, says Python."""

    killed_by = KILLER

    def check_word(self, name: str, value: Any) -> None:
        super().check_word(name, int(value) if isinstance(value, bool) else value)


class FractionsAreWords(Kernel):
    """Float indices are truncated."""

    killed_by = KILLER

    def check_integers(self, name: str, array: Array) -> None:
        super().check_integers(name, array.astype(int) if array.dtype.kind == "f" else array)


class AnyShapeFits(Kernel):
    """What broadcasts is taken."""

    killed_by = KILLER

    def check_shape(self, name: str, array: Array, shape: tuple[int | None, ...]) -> None:
        if array.ndim != len(shape):
            super().check_shape(name, array, shape)


class NamelessRefusal(Kernel):
    """The message does not say which argument."""

    killed_by = KILLER

    def check_range(self, name: str, word: int, N: int) -> None:
        super().check_range("index", word, N)


class RefusalAfterWork(Kernel):
    """An array over the vocabulary is filled before the word is looked at."""

    killed_by = KILLER

    def check_range(self, name: str, word: int, N: int) -> None:
        mask = np.ones(N)
        super().check_range(name, word, len(mask))
