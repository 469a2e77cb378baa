"""What a domain of values must offer for index expressions to be evaluated in it."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from fractions import Fraction
from typing import Any, Protocol

from sympy import Basic

Key = tuple[str, tuple[int, ...]]
Scope = Mapping[Basic, Any]


class Domain(Protocol):
    """Values that can be added, multiplied, and so on."""

    def constant(self, value: Fraction | int) -> Any: ...
    def parameter(self, key: Hashable) -> Any: ...
    def arbitrary(
        self, name: str, indices: tuple[int, ...], rows: dict[str, int | None]
    ) -> Any: ...
    def add(self, left: Any, right: Any) -> Any: ...
    def multiply(self, left: Any, right: Any) -> Any: ...
    def power(self, base: Any, exponent: int) -> Any: ...
    def exp(self, value: Any) -> Any: ...
    def log(self, value: Any) -> Any: ...
