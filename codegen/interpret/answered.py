"""NumPy's protocols, answered by a table: a rule for each of NumPy's functions, by its name.

A method of a ufunc is named with it: ``add`` and ``add.reduce``. What the table does not name is
refused, so that nothing is computed that nobody has said what it means.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

Rules = Mapping[str, Callable[..., Any]]


class Answered:
    """An array of a kind of numbers, which the emitted text takes for one of NumPy's."""

    @property
    def rules(self) -> Rules:
        """What each function does to arrays of this kind."""
        raise NotImplementedError

    def applied(self, rule: Callable[..., Any], *given: Any, **options: Any) -> Any:
        """What a rule makes of what a function is given."""
        raise NotImplementedError

    def written(self, out: Any, result: Any) -> Any:
        """The array that a result is to be written to, written to."""
        raise NotImplementedError

    def refused(self, what: str) -> Exception:
        """The error that says so of an operation."""
        raise NotImplementedError

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *given: Any, **options: Any) -> Any:
        out = options.pop("out", (None,))[0]
        name = ufunc.__name__ if method == "__call__" else f"{ufunc.__name__}.{method}"
        for option, value in tuple(options.items()):
            if (option == "where" and value is True) or (option == "dtype" and value is None):
                del options[option]  # the default
            elif option not in ("axis", "keepdims"):
                raise self.refused(f"np.{name} with {option}=")
        result = self._answer(name, given, options)
        return result if out is None else self.written(out, result)

    def __array_function__(
        self, func: Any, types: Iterable[type], args: Iterable[Any], kwargs: Mapping[str, Any]
    ) -> Any:
        return self._answer(func.__name__, tuple(args), kwargs)

    def _answer(self, name: str, given: tuple[Any, ...], options: Mapping[str, Any]) -> Any:
        rule = self.rules.get(name)
        if rule is None:
            raise self.refused(f"np.{name}")
        return self.applied(rule, *given, **options)
