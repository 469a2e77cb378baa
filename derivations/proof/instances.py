"""Small instances: every size and every pattern of equal words, up to the names of words.

What is claimed does not change when labels are renamed, so one choice of words is taken from each
pattern of coincidences: the first slot is word 1, each later one an earlier word or the next new
one (restricted growth strings; there is one for each set partition). Coordinates are treated alike.
Where a claim tells the members of a set apart, by number or by comparing them with those of another
set, all choices are taken.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice, product
from math import comb, prod

from sympy import IndexedBase

from derivations.claim import Condition, Distinct, Equal, NotAmong, Unequal
from derivations.indices import Index, IndexSet
from derivations.language.data_conditions import (
    AtLeast,
    Between,
    Count,
    FullRank,
    OneOfTwo,
    Positive,
    PositiveDefinite,
    SumsTo,
    Symmetric,
)
from derivations.proof.choice_points import FREE, Slots
from derivations.proof.domain import Key
from derivations.proof.fragment import NoValue
from derivations.proof.index_evaluation import Instance, Places
from derivations.proof.size_signature import Shape, size_names

UNLIMITED = 99
MOST_PATTERNS = 10_000


def instances(
    shape: Shape,
    sizes: Mapping[str, int],
    most_words: int = UNLIMITED,
    extents: Mapping[tuple[str, str], tuple[int, ...]] = {},
) -> Iterator[Instance]:
    """All instances with these sizes, one for each pattern of equal words.

    None at all where more than ``most_words`` words that can coincide would have to be chosen,
    two more for each further set of labels, or where these have too many patterns.
    """
    places = [i for i in shape.indices if i.space not in shape.labels]
    free = [i for i in shape.indices if i.space in shape.labels]
    empty = Instance(dict(sizes), {}, {}, dict(extents))
    for chosen in _placements(places, shape, empty):
        base = replace(empty, indices=chosen)
        slots = Slots(base, shape)
        for side in shape.sides:
            slots.read(side, {})
        for condition in shape.conditions:
            slots.relate(condition)
        for _, word in shape.merged:
            slots.choose(word)
        for index in free:
            slots.choose(index)
        groups = slots.groups()
        further_sets = max(len(set(slots.spaces.values())) - 1, 0)
        if sum(len(group) for group in groups if len(group) > 1) > most_words + 2 * further_sets:
            return
        patterns = [_patterns(group, slots, shape) for group in groups]
        if prod(map(len, patterns)) > MOST_PATTERNS:
            return
        for choice in product(*patterns):
            labels = [label for pattern in choice for label in pattern]
            words = dict(zip((slot for group in groups for slot in group), labels, strict=True))
            instance = _instance(base, words, slots, shape)
            if all(meets(condition, instance) for condition in shape.conditions) and (
                _names_merged(instance, shape)
            ):
                yield instance


def _placements(indices: list[Index], shape: Shape, base: Instance) -> Iterator[dict[str, int]]:
    """Values of free indices that are not words; coordinates up to renaming."""
    reader = Places(base)
    choices = []
    highest = 1
    for index in indices:
        members = reader.members(index.space.lower, index.space.upper, {})
        if index.space in shape.coordinates and shape.renamable(index.space):
            members = members[:highest]
            highest += 1
        choices.append(members)
    names = [index.name for index in indices]
    for values in product(*choices):
        yield dict(zip(names, values, strict=True))


def _patterns(group: tuple[Key, ...], slots: Slots, shape: Shape) -> list[tuple[int, ...]]:
    """The choices of words for slots that can meet: patterns where labels can be renamed."""
    spaces = [slots.spaces[slot] for slot in group]
    ranges = [_range(space, len(group), slots, shape) for space in spaces]
    if len(set(spaces)) == 1 and spaces[0] in shape.labels and shape.renamable(spaces[0]):
        return list(_growth_strings(len(group), len(ranges[0])))
    return list(islice(product(*ranges), MOST_PATTERNS + 1))


def _range(space: IndexSet, slots_in_all: int, slots: Slots, shape: Shape) -> tuple[int, ...]:
    """The words that slots of one set can be; as many as are needed where the size is free."""
    enough = tuple(range(1, slots_in_all + 2))
    if space not in shape.labels:
        return slots.members(space)
    return enough if space.ends[1] in shape.uncounted else slots.members(space)[: len(enough)]


def _growth_strings(length: int, most: int) -> Iterator[tuple[int, ...]]:
    """Restricted growth strings: one labelling of each set partition into ``most`` blocks."""
    if length == 0:
        yield ()
        return
    for start in _growth_strings(length - 1, most):
        for label in range(1, min(max(start, default=0) + 1, most) + 1):
            yield (*start, label)


def _instance(base: Instance, words: Mapping[Key, int], slots: Slots, shape: Shape) -> Instance:
    free = {str(place[0]): label for (kind, place), label in words.items() if kind == FREE}
    lists = {slot: label for slot, label in words.items() if slot[0] != FREE}
    sizes = dict(base.sizes)
    for name in shape.uncounted:
        used = (label for slot, label in words.items() if slots.spaces[slot].ends[1] == name)
        sizes[name] = max((*used, sizes.get(name, 1)))
    return replace(base, sizes=sizes, words=lists, indices={**base.indices, **free})


def _names_merged(instance: Instance, shape: Shape) -> bool:
    """Give the indices that were written as other words their values, if these have any."""
    try:
        for index, word in reversed(shape.merged):
            instance.indices[index.name] = Places(instance).place(word, {})
    except NoValue:
        return False
    return True


def meets(condition: Condition, instance: Instance) -> bool:
    """Whether a condition holds; one about an entry that a list does not have does not."""
    reader = Places(instance)
    try:
        match condition:
            case Unequal(left, right):
                return reader.place(left, {}) != reader.place(right, {})
            case Equal(left, right):
                return reader.place(left, {}) == reader.place(right, {})
            case NotAmong(word, drawn):
                return reader.place(word, {}) not in _entries(drawn, instance.words)
            case SumsTo(space=space, value=value):  # no entries add up to zero
                return bool(value == 0 or reader.members(space.lower, space.upper, {}))
            case FullRank(rows=rows, columns=columns):
                high, wide = (
                    len(reader.members(each.lower, each.upper, {})) for each in (rows, columns)
                )
                return high >= wide
            case AtLeast(of, value):
                return instance.sizes[of.name] >= int(value)
            case Positive() | Between() | OneOfTwo() | Count() | Symmetric() | PositiveDefinite():
                return True  # of sizes and words it says nothing
            case Distinct(drawn):
                labels = _entries(drawn, instance.words)
                return len(set(labels)) == len(labels)
    except NoValue:
        return False


def _entries(drawn: IndexedBase, words: Mapping[Key, int]) -> list[int]:
    return [label for (name, _), label in words.items() if name == drawn.name]


# Which small sizes a claim is decided at.
#
# Sets of different sizes are tried with different numbers of members, so that an axis in the place
# of another one shows; a size starts where every member that is given by its number exists.


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
    ranges = [_numbers_of(name, shape, selection, least) for name in shape.sizes]
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


def _numbers_of(name: str, shape: Shape, selection: Selection, least: Mapping[str, int]) -> range:
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
    most = {name: _numbers_of(name, shape, selection, least)[-1] for name in counted}
    parts = [f"{name} ≤ {most[name]}" for name in counted]
    if len(counted) > MANY:
        parts.append(f"in all at most {selection.most_above(len(counted))} above the smallest")
    if shape.lists:
        dimensions = _dimensions(shape)
        words = " + ".join(("words", *dimensions))
        parts.append(f"{words} ≤ {selection.most_words + len(dimensions)}")
    return ", ".join(parts) or "no sizes"
