"""Workspaces, aliases, changed inputs and changed types."""

from typing import Any

import numpy as np

from benchmarks.gradient_checkers.steps.interface import Kernel

Array = Any


class ReusedWorkspace(Kernel):
    """Each shape has one result array, written again by the next call."""

    def __init__(self) -> None:
        self.workspace: dict[Any, Array] = {}

    def finish(self, gradient: Array) -> Array:
        kept: Any = self.workspace.setdefault((gradient.shape, gradient.dtype), gradient)
        kept[...] = gradient
        return kept


class WorkspaceNotCleared(Kernel):
    """The row sums of the last call of the same shape are added to, a little."""

    def __init__(self) -> None:
        self.last: dict[Any, Array] = {}

    def grad_v(self, errors: Array, rows: Array) -> Array:
        gradient = super().grad_v(errors, rows)
        stale = self.last.get(gradient.shape, np.zeros_like(gradient))
        self.last[gradient.shape] = gradient
        return gradient + (stale * np.finfo(gradient.dtype).eps).astype(gradient.dtype)


class NegativesSortedInPlace(Kernel):
    """The caller's array of draws comes back in another order."""

    def draws(self, o: int, negatives: Array) -> Array:
        if negatives.flags.writeable:
            negatives.sort()
        return super().draws(o, negatives)




class WordsHandedBack(Kernel):
    """Where the words are sorted already, the result's rows are the caller's own array."""

    def word_sums(self, words: Array, terms: Array) -> tuple[Array, Array]:
        if np.all(np.diff(words) > 0):
            return words, terms
        return super().word_sums(words, terms)




class AlwaysDouble(Kernel):
    """float32 in, float64 out."""

    def finish(self, gradient: Array) -> Array:
        return gradient.astype(np.float64)




class MemoryOrder(Kernel):
    """The numbers in the order in which they lie, whatever the strides say."""

    def receive(self, array: Array) -> Array:
        return array.ravel(order="K").reshape(array.shape)


class WriteableOnly(Kernel):
    """A memory-mapped model, opened for reading, is refused."""

    def receive(self, array: Array) -> Array:
        if not array.flags.writeable:
            raise ValueError("the array is read-only")
        return array


