"""Dispatch on the type of a node, found once for each type that is there for good."""

from __future__ import annotations

from typing import Generic, TypeVar

from derivations.definition import Defined
from derivations.opaque import Applied, Opaque, Partial

T = TypeVar("T")
# each of these is a type of its own, that may go again
PASSING = (Defined, Opaque, Partial, Applied)


class ByKind(dict[type, T], Generic[T]):
    """What is done with a node of each type, by the first of ``rows`` whose type it is one of."""

    def __init__(self, rows: tuple[tuple[type, T], ...], otherwise: T) -> None:
        super().__init__()
        self.rows, self.otherwise = rows, otherwise

    def __missing__(self, kind: type) -> T:
        found = next((how for base, how in self.rows if issubclass(kind, base)), self.otherwise)
        if not issubclass(kind, PASSING):
            self[kind] = found
        return found
