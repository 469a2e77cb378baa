"""What a ``forall`` inside a hypothesis is tried at.

Integers from a window that is wider than every list at the sizes used. Vectors and matrices are
tried at zero, where the functions used have their kinks, and with a few integers beside them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any

from tests.certify.interpreter import values
from tests.certify.interpreter.syntax import Arrow, Type

WINDOW = range(-5, 7)
FEW = range(1, 3)


def ranges(names: Mapping[str, Type]) -> dict[str, Sequence[Any]]:
    """The values that each name is tried at."""
    functions = any(isinstance(kind, Arrow) for kind in names.values())
    return {name: _range(kind, FEW if functions else WINDOW) for name, kind in names.items()}


def choices(ranges: Mapping[str, Sequence[Any]]) -> Iterator[dict[str, Any]]:
    """Every choice of values for the names."""
    for chosen in product(*ranges.values()):
        yield dict(zip(ranges, chosen, strict=True))


def _range(kind: Type, integers: Sequence[int]) -> Sequence[Any]:
    if kind == "Z":
        return integers
    if isinstance(kind, Arrow):
        return [_zero(kind)]
    raise ValueError(f"a hypothesis about all of {kind}")


def _zero(kind: Type) -> Any:
    if kind == "R":
        return values.ZERO
    assert isinstance(kind, Arrow)
    inside = _zero(kind.end)
    return lambda _: inside
