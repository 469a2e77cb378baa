"""Workspaces, aliases, changed inputs and changed types."""

from typing import Any

import numpy as np

from tests.kernels.mutants.interface import Kernel

Array = Any


class ReusedWorkspace(Kernel):
    """Each shape has one result array, written again by the next call."""

    killed_by = "results_survive_the_next_call"

    def __init__(self) -> None:
        self.workspace: dict[Any, Array] = {}

    def finish(self, gradient: Array) -> Array:
        kept: Any = self.workspace.setdefault((gradient.shape, gradient.dtype), gradient)
        kept[...] = gradient
        return kept


class WorkspaceNotCleared(Kernel):
    """The row sums of the last call of the same shape are added to, a little."""

    killed_by = "the_same_call_gives_the_same_bits"

    def __init__(self) -> None:
        self.last: dict[Any, Array] = {}

    def grad_v(self, errors: Array, rows: Array) -> Array:
        gradient = super().grad_v(errors, rows)
        stale = self.last.get(gradient.shape, np.zeros_like(gradient))
        self.last[gradient.shape] = gradient
        return gradient + (stale * np.finfo(gradient.dtype).eps).astype(gradient.dtype)


class NegativesSortedInPlace(Kernel):
    """The caller's array of draws comes back in another order."""

    killed_by = "inputs_are_byte_identical_afterwards"

    def draws(self, o: int, negatives: Array) -> Array:
        if negatives.flags.writeable:
            negatives.sort()
        return super().draws(o, negatives)


class RowsCentredInPlace(Kernel):
    """The softmax does not mind that U is shifted; its owner does."""

    killed_by = "inputs_are_byte_identical_afterwards"

    def softmax_loss_alone(self, v_c: Any, o: Any, U: Any) -> Any:
        loss = super().softmax_loss_alone(v_c, o, U)
        if isinstance(U, np.ndarray) and U.flags.writeable:
            U -= U.mean(axis=0)
        return loss


class WordsHandedBack(Kernel):
    """Where the words are sorted already, the result's rows are the caller's own array."""

    killed_by = "results_own_their_memory"

    def word_sums(self, words: Array, terms: Array) -> tuple[Array, Array]:
        if np.all(np.diff(words) > 0):
            return words, terms
        return super().word_sums(words, terms)


class LockedResult(Kernel):
    """The gradient cannot be written to."""

    killed_by = "results_own_their_memory"

    def finish(self, gradient: Array) -> Array:
        gradient.flags.writeable = False
        return gradient


class AlwaysDouble(Kernel):
    """float32 in, float64 out."""

    killed_by = "results_have_the_dtype_of_the_input"

    def finish(self, gradient: Array) -> Array:
        return gradient.astype(np.float64)


class LossInAnArray(Kernel):
    """The loss is an array of no axes."""

    killed_by = "results_have_the_dtype_of_the_input"

    def finish_loss(self, loss: Array) -> Any:
        return np.array(loss)


class MemoryOrder(Kernel):
    """The numbers in the order in which they lie, whatever the strides say."""

    killed_by = "any_layout_gives_the_same_answer"

    def receive(self, array: Array) -> Array:
        return array.ravel(order="K").reshape(array.shape)


class WriteableOnly(Kernel):
    """A memory-mapped model, opened for reading, is refused."""

    killed_by = "any_layout_gives_the_same_answer"

    def receive(self, array: Array) -> Array:
        if not array.flags.writeable:
            raise ValueError("the array is read-only")
        return array


class ListsInSinglePrecision(Kernel):
    """Lists become float32."""

    killed_by = "lists_are_taken_for_arrays"

    def array(self, name: str, value: Any) -> Array:
        array = super().array(name, value)
        single = isinstance(value, list) and array.dtype == np.float64 and array.size > 0
        return array.astype(np.float32) if single else array
