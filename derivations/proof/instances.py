"""Small instances: every size and every pattern of equal words, up to the names of words.

What is claimed does not change when words are renamed, so one choice of words is taken from
each pattern of coincidences: the first slot is word 1, each later one an earlier word or the
next new one (restricted growth strings; there is one for each set partition). Coordinates are
treated alike. Where a claim names a word by number, all choices are taken.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import product

from derivations.claim import Condition, Distinct, NotAmong, Unequal
from derivations.indices import Index
from derivations.proof.domain import Key
from derivations.proof.places import Instance, Places
from derivations.proof.shape import Shape
from derivations.proof.slots import FREE, Slots

UNLIMITED = 99


def instances(
    shape: Shape,
    sizes: Mapping[str, int],
    most_words: int = UNLIMITED,
    extents: Mapping[tuple[str, str], tuple[int, ...]] = {},
) -> Iterator[Instance]:
    """All instances with these sizes, one for each pattern of equal words.

    None at all where more than ``most_words`` words that can coincide would have to be chosen.
    """
    places = [i for i in shape.indices if i.space != shape.words]
    free = [i for i in shape.indices if i.space == shape.words]
    for chosen in _placements(places, shape, sizes):
        base = Instance(dict(sizes), {}, chosen, dict(extents))
        slots = Slots(base, shape.words)
        for side in shape.sides:
            slots.read(side, {})
        for condition in shape.conditions:
            slots.relate(condition)
        groups = slots.groups()
        if sum(len(group) for group in groups if len(group) > 1) > most_words:
            return
        for index in free:
            if not any((FREE, (index.name,)) in group for group in groups):
                groups.append(((FREE, (index.name,)),))
        counted = shape.vocabulary in shape.summed
        most = sizes[shape.vocabulary] if counted else UNLIMITED
        for words in _assignments(groups, most, shape.numbered):
            instance = _instance(base, words)
            if shape.vocabulary in sizes and not counted:
                used = max((label for label in words.values()), default=1)
                instance = replace(instance, sizes={**sizes, shape.vocabulary: used})
            if all(_meets(condition, instance, words) for condition in shape.conditions):
                yield instance


def _placements(
    indices: list[Index], shape: Shape, sizes: Mapping[str, int]
) -> Iterator[dict[str, int]]:
    """Values of free indices that are not words; coordinates up to renaming."""
    reader = Places(Instance(dict(sizes), {}, {}))
    choices = []
    highest = 1
    for index in indices:
        lower, upper = reader.place(index.space.lower, {}), reader.place(index.space.upper, {})
        if index.space.name == "coordinate" and not shape.numbered:
            upper = min(upper, highest)
            highest += 1
        choices.append(range(lower, upper + 1))
    names = [index.name for index in indices]
    for values in product(*choices):
        yield dict(zip(names, values, strict=True))


def _assignments(
    groups: list[tuple[Key, ...]], most: int, numbered: bool
) -> Iterator[dict[Key, int]]:
    """Words for all slots: the patterns of each group, independently."""
    slots = [slot for group in groups for slot in group]
    patterns = [
        list(product(range(1, min(most, len(group) + 1) + 1), repeat=len(group)))
        if numbered
        else list(_growth_strings(len(group), most))
        for group in groups
    ]
    for choice in product(*patterns):
        labels = [label for pattern in choice for label in pattern]
        yield dict(zip(slots, labels, strict=True))


def _growth_strings(length: int, most: int) -> Iterator[tuple[int, ...]]:
    """Restricted growth strings: one labelling of each set partition into ``most`` blocks."""
    if length == 0:
        yield ()
        return
    for start in _growth_strings(length - 1, most):
        for label in range(1, min(max(start, default=0) + 1, most) + 1):
            yield (*start, label)


def _instance(base: Instance, words: Mapping[Key, int]) -> Instance:
    free = {str(place[0]): label for (kind, place), label in words.items() if kind == FREE}
    lists = {slot: label for slot, label in words.items() if slot[0] != FREE}
    return replace(base, words=lists, indices={**base.indices, **free})


def _meets(condition: Condition, instance: Instance, words: Mapping[Key, int]) -> bool:
    reader = Places(instance)
    match condition:
        case Unequal(left, right):
            return reader.place(left, {}) != reader.place(right, {})
        case Distinct(drawn):
            labels = [label for (name, _), label in words.items() if name == drawn.name]
            return len(set(labels)) == len(labels)
        case NotAmong(word, drawn):
            avoided = reader.place(word, {})
            return all(label != avoided for (name, _), label in words.items() if name == drawn.name)
