"""What is special about an input: words that repeat or are shared, least and equal sizes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from derivations.implementation.question import Problem


def traits(problem: Problem, sizes: dict[str, int], words: dict[str, Any]) -> Iterator[str]:
    """In short texts, which `diagnose` reads."""
    single = [one for one in problem.arguments if one.is_integer and not one.axes]
    for one in problem.arguments:
        if one.is_integer and one.axes:
            listed = np.ravel(words[one.name]).tolist()
            twice = len(set(listed)) < len(listed)
            shared = [
                other.name
                for other in single
                if other.space == one.space and words[other.name] in listed
            ]
            if twice:
                yield f"repeats {one.name}"
            yield from (f"{name} in {one.name}" for name in shared)
            for name in (each.name for each in single if each.space == one.space):
                if twice or name in shared:
                    yield f"repeats {name} with {one.name}"
    for name, size in sizes.items():
        if size <= 1:
            yield f"{name} = {size}"
    counted = sorted(sizes)
    for n, first in enumerate(counted):
        for second in counted[n + 1 :]:
            if sizes[first] == sizes[second] > 1:
                yield f"{first} = {second}"
