"""Small instances: choice points, and every pattern of equal words, up to the names of words.

What is claimed does not change when labels are renamed, so one choice of words is taken from each
pattern of coincidences: the first slot is word 1, each later one an earlier word or the next new
one (restricted growth strings; there is one for each set partition). Coordinates are treated alike.
Where a claim tells the members of a set apart, by number or by comparing them with those of another
set, all choices are taken.

A choice point, or slot, is a free word or an entry of a list of words that the expressions read.
An entry at a place that its list does not have is none: what reads it has no value there. Two
slots meet where both pick rows of one matrix, stand in one delta, or are the same argument of an
arbitrary function; words that never meet, directly or through others, may be named independently.

The bounds of a sum may count words: sum_{j = l}^K with l how often a word was drawn. Which
entries such a sum reads depends on the words still to be chosen, so those of its widest range are
choice points.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from itertools import islice, product
from math import prod

from sympy import (
    Add,
    Basic,
    Derivative,
    Expr,
    Indexed,
    IndexedBase,
    Integer,
    KroneckerDelta,
    Mul,
    Pow,
    Product,
    Sum,
    Symbol,
)

from derivations.claim import (
    AtLeast,
    Between,
    Condition,
    Count,
    Distinct,
    Equal,
    FullRank,
    NotAmong,
    OfData,
    OneOfTwo,
    Positive,
    PositiveDefinite,
    SumsTo,
    Symmetric,
    Unequal,
)
from derivations.indices import Entries, Index, IndexSet, WordArray
from derivations.language.index_nodes import Applied, ByKind, Defined, InverseEntry, Opaque, Partial
from derivations.proof.domain import Key
from derivations.proof.evaluate import Instance, Places, delta_factors, delta_value, same_everywhere
from derivations.proof.fragment import NoValue, OutsideFragment
from derivations.proof.size_signature import Shape

FREE = "free"
# a slot, or an integer; None for a parameter that is no index
Scope = Mapping[Basic, Key | int | None]


class Slots:
    """The slots read at given sizes and indices, grouped by what meets what."""

    def __init__(self, instance: Instance, shape: Shape) -> None:
        self.shape = shape
        self.at = Places(instance)
        self.spans = Spans(self.at, self._slot)
        self.spaces: dict[Key, IndexSet] = {}
        self.ranges: dict[IndexSet, tuple[int, ...]] = {}
        self.meetings: dict[object, set[Key]] = {}
        self.roaming: set[object] = set()
        self.order: list[Key] = []
        self.seen: set[object] = set()

    def groups(self) -> list[tuple[Key, ...]]:
        """The classes of slots that can meet, slots in order of first reading."""
        everywhere = [self.meetings.get(meeting, set()) for meeting in self.roaming]
        classes: list[set[Key]] = [{slot} for slot in self.order]
        for meeting in (*self.meetings.values(), set().union(*everywhere)):
            touched = [group for group in classes if group & meeting]
            classes = [group for group in classes if not group & meeting]
            classes.append(set().union(*touched))
        return [tuple(slot for slot in self.order if slot in group) for group in classes if group]

    def read(self, node: Expr, scope: Scope) -> None:
        """Record every slot that evaluating ``node`` reads."""
        _READ[type(node)](self, node, scope)

    def _read_parts(self, node: Expr, scope: Scope) -> None:
        for part in node.args:
            if part.args:
                self.read(part, scope)

    def _read_product(self, node: Mul, scope: Scope) -> None:
        for part in delta_factors(node):
            if delta_value(part, partial(self._delta, scope=scope)) == 0:
                return
        self._read_parts(node, scope)

    def _read_defined(self, node: Defined, scope: Scope) -> None:
        entered: dict[Basic, Key | int | None] = {}
        for parameter, argument in zip(node.params, node.args, strict=True):
            if parameter.is_integer:
                entered[parameter] = self._slot(argument, scope)
            else:
                entered[parameter] = None
                self.read(argument, scope)
        call = (node.func, *entered.values())
        if call not in self.seen:  # the same body at the same places reads the same slots
            self.seen.add(call)
            self.read(node.body, entered)

    def _read_entry(self, node: Indexed, scope: Scope) -> None:
        for place, index in enumerate(node.indices):
            self._meet((node.base.name, place), index, scope)

    def _read_delta(self, node: KroneckerDelta, scope: Scope) -> None:
        meeting = ("delta", len(self.meetings))
        for index in node.args:
            self._meet(meeting, index, scope)

    def _read_applied(self, node: Applied, scope: Scope) -> None:
        for place, label in enumerate(node.args[: node.labels]):
            self._meet((node.function, place), label, scope)
        for number in node.values:
            self.read(number, scope)
        for argument, indices in node.entries:
            for place, index in enumerate(indices):
                self._meet((node.function, argument, place), index, scope)

    def _read_inverse(self, node: InverseEntry, scope: Scope) -> None:
        for place, index in enumerate(node.at):
            self._meet((InverseEntry.__name__, place), index, scope)
        self.read(node.of, scope)

    def _read_entries(self, node: Entries, scope: Scope) -> None:
        for at in product(*(self.members(index.space) for index in node.indices)):
            self.read(node.entry, {**scope, **dict(zip(node.indices, at, strict=True))})

    def _read_derivative(self, node: Derivative, scope: Scope) -> None:
        self.read(node.expr, scope)
        for by in node.variables:
            self.read(by, scope)

    def relate(self, condition: Condition) -> None:
        """Words that a condition compares can meet: read the conditions last."""
        if isinstance(condition, OfData):
            if isinstance(condition, SumsTo):
                self.read(condition.everything, {})
            return
        meeting = ("condition", len(self.meetings))
        if not isinstance(condition, Distinct | NotAmong):
            self._meet(meeting, condition.left, {})
            self._meet(meeting, condition.right, {})
            return
        if isinstance(condition, NotAmong):
            self._meet(meeting, condition.word, {})
        listed = {slot for slot in self.order if slot[0] == condition.words.name}
        self.meetings.setdefault(meeting, set()).update(listed)

    def choose(self, word: Expr) -> None:
        """Record a word that is wanted whether it is read or not."""
        self._slot(word, {})

    def _read_sum(self, node: Sum | Product, scope: Scope) -> None:
        counts = [end for _, *ends in node.limits for end in ends if not same_everywhere(end)]
        for inner in self.spans.scopes(node, len(node.limits) - 1, scope):
            for part in (*counts, node.function):
                self.read(part, inner)

    def _read_function(self, node: Expr, scope: Scope) -> None:
        for place, index in enumerate(node.args):
            if not isinstance(index, Symbol) or isinstance(index, Index):
                self._meet((type(node).__name__, place), index, scope)
        if isinstance(node, Partial):
            for base, indices in node.entries:
                first = int(node.function.rows[base] is not None)
                for place, index in enumerate(indices, first):
                    self._meet((base.name, place), index, scope)
        if isinstance(node, Opaque):
            for base, picked in node.rows.items():
                if picked is not None:
                    self._meet((base.name, 0), node.args[picked], scope)

    def _delta(self, node: KroneckerDelta, scope: Scope) -> int | None:
        left, right = (self._slot(index, scope) for index in node.args)
        if isinstance(left, tuple) or isinstance(right, tuple):
            return None
        return int(left == right)

    def _meet(self, meeting: object, index: Expr, scope: Scope) -> None:
        slot = self._slot(index, scope)
        if isinstance(slot, tuple):
            self.meetings.setdefault(meeting, set()).add(slot)
        else:
            self.roaming.add(meeting)

    def _slot(self, node: Expr, scope: Scope) -> Key | int:
        """The slot an index reads, or its value where it is no word to be chosen."""
        known = scope.get(node)
        if known is not None:
            return known
        if isinstance(node, Indexed) and isinstance(node.base, WordArray):
            slot: Key = (node.base.name, self._position(node, scope))
            if not self._listed(slot):
                return slot
            space = node.base.space
        elif isinstance(node, Index) and node.space in self.shape.labels:
            slot, space = (FREE, (node.name,)), node.space
        else:
            return self.at.place(node, scope)
        if slot not in self.spaces:
            self.spaces[slot] = space
            self.order.append(slot)
        return slot

    def _position(self, node: Indexed, scope: Scope) -> tuple[int, ...]:
        places = [self._slot(index, scope) for index in node.indices]
        if not all(isinstance(place, int) for place in places):
            raise OutsideFragment(f"{node}, at a place that is a word to be chosen")
        return tuple(place for place in places if isinstance(place, int))

    def _listed(self, slot: Key) -> bool:
        """Whether a list has this place, as far as the index sets it is read at say."""
        name, position = slot
        known = self.shape.lists[name, len(position)].places
        return all(
            not spaces or any(place in self.members(space) for space in spaces)
            for place, spaces in zip(position, known, strict=True)
        )

    def members(self, space: IndexSet) -> tuple[int, ...]:
        """The members of an index set at the given sizes."""
        if space not in self.ranges:
            self.ranges[space] = self.at.members(space.lower, space.upper, {})
        return self.ranges[space]


How = Callable[[Slots, Expr, Scope], None]
_READ: ByKind[How] = ByKind(
    (
        (Mul, Slots._read_product),
        (Sum, Slots._read_sum),
        (Product, Slots._read_sum),
        (Defined, Slots._read_defined),
        (Indexed, Slots._read_entry),
        (KroneckerDelta, Slots._read_delta),
        (Opaque, Slots._read_function),
        (Partial, Slots._read_function),
        (Applied, Slots._read_applied),
        (InverseEntry, Slots._read_inverse),
        (Entries, Slots._read_entries),
        (Derivative, Slots._read_derivative),
    ),
    Slots._read_parts,
)


Span = tuple[int, int]
Read = Callable[[Expr, Scope], Key | int]


class Spans:
    """Least and greatest values at given sizes; ``read`` gives the slot of a word."""

    def __init__(self, places: Places, read: Read) -> None:
        self.at, self.read = places, read

    def scopes(self, node: Sum | Product, level: int, scope: Scope) -> Iterator[Scope]:
        """The scope of the summand at every member that the sum can have."""
        if level < 0:
            yield scope
            return
        index, lower, upper = node.limits[level]
        for member in self._members(lower, upper, scope):
            yield from self.scopes(node, level - 1, {**scope, index: member})

    def _members(self, lower: Expr, upper: Expr, scope: Scope) -> tuple[int, ...]:
        if same_everywhere(lower) and same_everywhere(upper):
            return self.at.members(lower, upper, scope)
        return tuple(range(self._span(lower, scope)[0], self._span(upper, scope)[1] + 1))

    def _span(self, node: Expr, scope: Scope) -> Span:
        if isinstance(node, KroneckerDelta):
            left, right = (self.read(index, scope) for index in node.args)
            if isinstance(left, int) and isinstance(right, int):
                return (int(left == right),) * 2
            return (1, 1) if left == right else (0, 1)
        if isinstance(node, Add):
            return _added([self._span(part, scope) for part in node.args])
        if isinstance(node, Mul):
            return _multiplied([self._span(part, scope) for part in node.args])
        if isinstance(node, Pow) and isinstance(node.exp, Integer) and node.exp >= 0:
            return _multiplied([self._span(node.base, scope)] * int(node.exp))
        if isinstance(node, Sum):
            # a member that may be missing adds zero
            parts = [
                self._span(node.function, inner)
                for inner in self.scopes(node, len(node.limits) - 1, scope)
            ]
            return _added([(min(low, 0), max(high, 0)) for low, high in parts])
        if isinstance(node, Defined) and all(parameter.is_integer for parameter in node.params):
            entered = [self.read(argument, scope) for argument in node.args]
            return self._span(node.body, dict(zip(node.params, entered, strict=True)))
        value = self.read(node, scope)
        if isinstance(value, int):
            return value, value
        raise OutsideFragment(f"the word {node} as a number")


def _added(parts: list[Span]) -> Span:
    return sum(low for low, _ in parts), sum(high for _, high in parts)


def _multiplied(parts: list[Span]) -> Span:
    products = [prod(choice) for choice in product(*parts)]
    return min(products), max(products)


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
    for name in sorted(shape.uncounted):
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
    raise TypeError(f"{type(condition).__name__} is no condition that is known")


def _entries(drawn: IndexedBase, words: Mapping[Key, int]) -> list[int]:
    return [label for (name, _), label in words.items() if name == drawn.name]
