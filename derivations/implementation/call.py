"""Calling a kernel: arguments the way it takes them, results as NumPy arrays."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from derivations.implementation.case import Case, members
from derivations.implementation.question import Output, Problem
from derivations.implementation.signature import split

Convert = Callable[[Any], Any]


class WrongResult(Exception):
    """What came back cannot be read: how many results, or what kind of thing."""


class NotConvertible(Exception):
    """The user's converter does not take arrays that lie in memory like this one."""


@dataclass
class Kernel:
    """The function under test; ``convert`` makes of a NumPy array what it takes."""

    function: Callable[..., Any]
    problem: Problem
    convert: Convert | None = None
    calls: int = 0

    def __call__(self, values: Mapping[str, Any]) -> list[Any]:
        """Its results in order, as they are; whatever it raises goes through."""
        given = {name: self._converted(value) for name, value in values.items()}
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            first, named = split(self.function, given)
            self.calls += 1
            result = self.function(*first, **named)
        return self._apart(result)

    def _converted(self, value: Any) -> Any:
        if self.convert is None or not isinstance(value, np.ndarray):
            return value
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return self.convert(value)
        except Exception as error:
            raise NotConvertible from error

    def _apart(self, result: Any) -> list[Any]:
        count = len(self.problem.outputs)
        if count == 1:
            alone = isinstance(result, tuple | list) and len(result) == 1
            return [result[0]] if alone and not _is_scalar(self.problem.outputs[0]) else [result]
        if not isinstance(result, tuple | list) or len(result) != count:
            got = f"{len(result)} results" if isinstance(result, tuple) else _kind(result)
            raise WrongResult(f"{count} results expected, {got} returned")
        return list(result)


def read(result: Any, output: Output, case: Case) -> Any:
    """A result as a NumPy array: row-sparse ones dense, tensors copied to the CPU."""
    if hasattr(result, "dense"):
        result = result.dense(len(members(output.axes[0].space, case.sizes)))
    if hasattr(result, "detach"):
        result = result.detach().cpu()
        result = result.to_dense().numpy() if hasattr(result, "to_dense") else result.numpy()
    if isinstance(result, np.ndarray):
        array = result
    else:
        try:
            array = np.asarray(result)
        except Exception as error:
            raise WrongResult(f"{_kind(result)} is no array ({error})") from None
    if array.dtype.kind not in "fiub":
        raise WrongResult(f"{_kind(result)} of dtype {array.dtype}, not numbers")
    return array


def memory(result: Any) -> list[Any]:
    """The NumPy arrays that a result lies in."""
    if isinstance(result, np.ndarray):
        return [result]
    if hasattr(result, "rows") and hasattr(result, "values"):
        parts = (result.rows, result.values)
        return [part for part in parts if isinstance(part, np.ndarray)]
    if hasattr(result, "detach") and not getattr(result, "is_sparse", False):
        return [result.detach().cpu().numpy()]
    return []


def _is_scalar(output: Output | None) -> bool:
    return output is not None and not output.axes


def _kind(result: Any) -> str:
    return f"a {type(result).__name__}"
