"""A property: what must hold of every implementation of the kernels, and on which cases."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flint import ctx
from hypothesis.strategies import SearchStrategy

from tests.kernels.calls import Kernels
from tests.kernels.oracle import WORKING


@dataclass(frozen=True)
class Property:
    """`rule(kernels, case)` raises AssertionError, with both numbers and the case."""

    rule: Callable[[Kernels, Any], None]
    strategy: SearchStrategy[Any]

    @property
    def name(self) -> str:
        return self.rule.__name__

    def check(self, kernels: Kernels, case: Any) -> None:
        with ctx.workprec(WORKING):
            self.rule(kernels, case)
