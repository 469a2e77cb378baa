"""One input: sizes, words and numbers, as an instance and as the arrays a kernel is given."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from derivations.implementation.question import Argument, Problem
from derivations.indices import IndexSet
from derivations.proof.index_evaluation import Instance, Places

Array = NDArray[Any]
LONG = 100_000  # characters that no small input has
DEGENERATE = 150  # characters that one is glad to read more for


@dataclass(frozen=True, eq=False)
class Case:
    """``values`` holds each argument, words counted from zero; ``traits`` what is special here.

    ``texts`` are short texts that make the arguments, of large ones.
    """

    sizes: dict[str, int]
    values: dict[str, Any]
    dtype: Any
    traits: frozenset[str] = field(default_factory=frozenset)
    texts: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_large(self) -> bool:
        """Whether it is one of those that are drawn by a line of text."""
        return "large" in self.traits

    @property
    def is_far(self) -> bool:
        """Whether one array is large and the others as small."""
        return any(trait.endswith(" is large") for trait in self.traits)

    @property
    def weight(self) -> int:
        """How hard it is to read: the characters of all numbers; more where a size is 0 or 1."""
        if self.is_large:
            return LONG + sum(int(np.size(value)) for value in self.values.values())
        shown = (str(np.asarray(value).tolist()) for value in self.values.values())
        return sum(map(len, shown)) + DEGENERATE * sum(n <= 1 for n in self.sizes.values())


def members(space: IndexSet, sizes: dict[str, int]) -> tuple[int, ...]:
    """The members of a set; a window has as many as its size says, its center left out."""
    if space.symmetric:
        return tuple(range(1, sizes[str(space.upper)] + 1))
    return Places(Instance(sizes, {}, {})).members(space.lower, space.upper, {})


def instance_of(problem: Problem, case: Case) -> Instance:
    """Sizes, words and free indices of a case as the interpreter takes them."""
    extents = {
        space.ends: members(space, case.sizes) for space in problem.spaces if space.symmetric
    }
    instance = Instance(dict(case.sizes), {}, {}, extents)
    for index in problem.hidden:
        instance.indices[index.name] = 1
    for one in problem.arguments:
        if one.is_integer and not one.axes:
            instance.indices[one.entry.name] = int(case.values[one.name]) + 1
    for one in problem.arguments:
        if one.is_integer and one.axes:
            for key, word in entries(one, case, instance):
                instance.words[key] = int(word) + 1
    return instance


def numbers_of(problem: Problem, case: Case, instance: Instance) -> dict[Hashable, Fraction]:
    """The exact value of every entry of every array of numbers."""
    found: dict[Hashable, Fraction] = {
        (each.letter, ()): each.value(case.sizes) for each in problem.fixed
    }
    for one in problem.arguments:
        if not one.is_integer:
            found |= {key: Fraction(float(x)) for key, x in entries(one, case, instance)}
    return found


def entries(one: Argument, case: Case, instance: Instance) -> list[tuple[Any, Any]]:
    """Each entry of an argument with the key of the symbol that it is the value of."""
    if one.base is None:
        return [((one.letter, ()), np.asarray(case.values[one.name])[()])]
    array, places = np.asarray(case.values[one.name]), Places(instance)
    spots = product(*(tuple(enumerate(members(axis.space, case.sizes))) for axis in one.axes))
    found = []
    for spot in spots:
        scope = {axis: member for axis, (_, member) in zip(one.axes, spot, strict=True)}
        key = one.letter, places.places(one.entry.indices, scope)
        found.append((key, array[tuple(n for n, _ in spot)]))
    return found
