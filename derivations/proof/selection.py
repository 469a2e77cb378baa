"""Which small sizes a claim is decided at.

Sets of different sizes are tried with different numbers of members, so that an axis in the place
of another one shows; a size starts where every member that is given by its number exists.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from math import comb

from derivations.proof.instances import instances
from derivations.proof.places import Instance
from derivations.proof.size_signature import Shape, size_names

MANY, MOST_CHOICES = 4, 1000
NOTHING: Mapping[str, int] = {}


@dataclass(frozen=True)
class Selection:
    """Which small sizes are decided: the largest of each, by its kind, or else by its name.

    A size of labels counts them whatever it is called, B of a batch that is compared as well.

    A claim with more than ``MANY`` sizes has them all together at most ``above`` larger than
    their smallest values, less where there are so many that it would take long. At most
    ``most_words`` words are chosen where all coordinates are one, one fewer for each further
    coordinate. Deciding may take ``most_seconds`` of the processor's time: text that anyone hands
    in may ask for hours, and how busy the machine is shall not turn a verdict.
    """

    largest: dict[str, int]
    most_words: int
    otherwise: int = 2
    labels: int = 3
    around_zero: int = 1
    above: int = 3
    most_seconds: int = 60

    def most(self, size: str, shape: Shape) -> int:
        """The largest value of a size."""
        kinds = [space for space in shape.spaces if size in size_names(space)]
        if any(space.symmetric for space in kinds):
            return self.around_zero
        if any(space in shape.labels for space in kinds):
            return self.labels
        return self.largest.get(size, self.otherwise)

    def most_above(self, sizes: int) -> int:
        """How far above the least so many sizes are in all."""
        most = range(self.above, 0, -1)
        return next((n for n in most if comb(sizes + n, n) <= MOST_CHOICES), 1)


SELECTIONS = {
    "default": Selection({"N": 3, "d": 2, "K": 2, "m": 1, "B": 2}, 4),
    "full": Selection(
        {"N": 4, "d": 3, "K": 4, "m": 2, "B": 2},
        8,
        otherwise=3,
        labels=4,
        around_zero=2,
        above=6,
        most_seconds=600,
    ),
}


def selected(
    shape: Shape, selection: Selection, least: Mapping[str, int] = NOTHING
) -> Iterator[Instance]:
    """The instances of a selection, small ones first; no size is below its ``least`` value."""
    ranges = [_range(name, shape, selection, least) for name in shape.sizes]
    many = len(_counted(shape))
    near = _near_the_least(ranges, selection.most_above(many))
    choices = product(*ranges) if many <= MANY else near
    for values in sorted(choices, key=lambda values: (sum(values), values)):
        sizes = dict(zip(shape.sizes, values, strict=True))
        further = sum(max(sizes[name] - 1, 0) for name in _dimensions(shape))
        yield from instances(shape, sizes, selection.most_words - further)


def _near_the_least(ranges: list[range], above: int) -> Iterator[tuple[int, ...]]:
    """The choices from all ranges that are in all at most ``above`` larger than the least."""
    if not ranges:
        yield ()
        return
    first, *others = ranges
    for value in first[: above + 1]:
        for rest in _near_the_least(others, above - (value - first.start)):
            yield (value, *rest)


def _range(name: str, shape: Shape, selection: Selection, least: Mapping[str, int]) -> range:
    start = least.get(name, 0)
    if name in shape.uncounted:  # only which words coincide matters, and all patterns are taken
        return range(max(start, 1), max(start, 1) + 1)
    inhabited = any(name in size_names(s) and s.inhabited and s.lower == 1 for s in shape.spaces)
    start = max(start, int(inhabited or name in shape.positive))
    return range(start, max(start, selection.most(name, shape)) + 1)


def _counted(shape: Shape) -> list[str]:
    return [name for name in shape.sizes if name not in shape.uncounted]


def _dimensions(shape: Shape) -> list[str]:
    """The sizes of sets of coordinates."""
    return sorted({name for space in shape.coordinates for name in size_names(space)})


def covered(shape: Shape, selection: Selection, least: Mapping[str, int] = NOTHING) -> str:
    """What a selection covers, in words."""
    counted = _counted(shape)
    most = {name: _range(name, shape, selection, least)[-1] for name in counted}
    parts = [f"{name} ≤ {most[name]}" for name in counted]
    if len(counted) > MANY:
        parts.append(f"in all at most {selection.most_above(len(counted))} above the smallest")
    if shape.lists:
        dimensions = _dimensions(shape)
        words = " + ".join(("words", *dimensions))
        parts.append(f"{words} ≤ {selection.most_words + len(dimensions)}")
    return ", ".join(parts) or "no sizes"
