"""A property, what must hold of every implementation; the cases it is tried on; what it kills."""

import warnings
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

import numpy as np
import pytest
from flint import ctx
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import SearchStrategy

import generated
from codegen.emitted import GENERATED, texts_in
from tests.kernels.cases import Kernels
from tests.kernels.oracle import WORKING
from tests.planting import Mutant, fails, first_shown, package_of


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


Rule = TypeVar("Rule", bound=Callable[[Any, Any], None])


class Properties(list[Property]):
    """A table of properties, made of the rules that are marked with what they are tried on."""

    def on(self, strategy: SearchStrategy[Any]) -> Callable[[Rule], Rule]:
        """One more property."""

        def add(rule: Rule) -> Rule:
            self.append(Property(rule, strategy))
            return rule

        return add


TEXTS = texts_in(GENERATED)


def times(more: int) -> pytest.MarkDecorator:
    """Parameter ``times``: as many cases as the profile says, and ``more`` times them, slowly."""
    return pytest.mark.parametrize("times", [1, pytest.param(more, marks=pytest.mark.slow)])


@cache
def drawn(strategy: SearchStrategy[Any], count: int) -> list[Any]:
    """The same `count` cases on every run; fewer where a strategy has no more."""
    found: list[Any] = []

    @settings(
        max_examples=count,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def collect(case: Any) -> None:
        found.append(case)

    # Hypothesis seeds a derandomized test from its name and source, the same for all of them.
    collect()
    return found


def examples(prop: Property, count: int) -> list[Any]:
    """The cases that a property is tried on."""
    return drawn(prop.strategy, count)


def falls(prop: Property, kernels: Any) -> Callable[[Any], bool]:
    """Whether a case shows that kernels do not have a property."""
    return lambda case: fails(prop.check, kernels, case)


def first_kill(prop: Property, kernels: Any, cases: list[Any]) -> int | None:
    """How many cases it takes to see kernels fail; None if they survive them all."""
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return first_shown(falls(prop, kernels), cases)


def survivors(
    prop: Property,
    mutants: Iterable[Mutant],
    counts: Collection[int],
    view: Callable[[Any], Any] = lambda kernels: kernels,
) -> list[str]:
    """The mutants that a property lets pass: of few cases, and only if need be of more.

    Drawing cases is what takes long, and nearly all mutants fall to the first ones. The committed
    kernels have to pass all that is drawn: what kills a mutant is its own fault. ``view`` is how
    the property sees a package.
    """
    left = {one.meant: view(package_of(one.texts(TEXTS))) for one in mutants}
    assert left
    for count in counts:
        if not left:
            break
        cases = examples(prop, count)
        assert cases
        for case in cases:
            prop.check(view(generated), case)
        left = {name: one for name, one in left.items() if first_kill(prop, one, cases) is None}
    return list(left)
