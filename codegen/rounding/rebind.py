"""An emitted function, with the same code, on arrays of another kind.

The kernel's own source runs as it is. Where its arguments become arrays (`parameters`), these
become whatever is asked for; `float` leaves a number as it is. Helpers that hand numbers to SciPy
or to a plain array are taken by what they say instead of by their text.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from inspect import unwrap
from types import FunctionType
from typing import Any

import numpy as np

Names = dict[str, Any]


def rebound(
    kernel: Callable[..., Any],
    lift: Callable[[list[Any]], list[Any]],
    models: Mapping[str, Callable[..., Any]],
) -> Callable[..., Any]:
    """The function in a copy of its package's namespaces, and those it calls likewise.

    ``lift`` takes the arrays that `parameters` has checked; arrays of another kind are taken as
    they are. ``models`` stand for the helpers of their names.
    """
    function: Any = unwrap(kernel)
    return _with_names(function, _Copies(lift, models).of(function.__globals__))


class _Copies:
    """Copies of namespaces, one for each module."""

    def __init__(
        self,
        lift: Callable[[list[Any]], list[Any]],
        models: Mapping[str, Callable[..., Any]],
    ) -> None:
        self.lift = lift
        self.models = models
        self.made: dict[str, Names] = {}

    def of(self, names: Names) -> Names:
        """The copy of a module's names."""
        if names["__name__"] in self.made:
            return self.made[names["__name__"]]
        copy = self.made[names["__name__"]] = dict(names)
        for name, value in names.items():
            own = getattr(unwrap(value), "__globals__", {}) if callable(value) else {}
            if own and _package(own) == _package(names):
                copy[name] = _with_names(unwrap(value), self.of(own))
        copy.update({name: self.models[name] for name in self.models.keys() & names.keys()})
        copy["float"] = lambda number: number
        if "parameters" in names:
            copy["parameters"] = _Lifted(names["parameters"], self.lift)
        return copy


def _package(names: Names) -> str:
    return str(names["__package__"]).partition(".")[0]


@dataclass(frozen=True)
class _Lifted:
    """The check of arguments, whose arrays become arrays of another kind."""

    parameters: Callable[..., Any]
    lift: Callable[[list[Any]], list[Any]]

    def __call__(self, *empty: str, **given: tuple[Any, Any]) -> list[Any]:
        values = [value for value, _ in given.values()]
        if not any(isinstance(value, np.ndarray | list) for value in values):
            return values
        return self.lift(self.parameters(*empty, **given))


def _with_names(function: Any, names: Names) -> FunctionType:
    found = FunctionType(
        function.__code__, names, function.__name__, function.__defaults__, function.__closure__
    )
    found.__kwdefaults__ = function.__kwdefaults__
    return found
