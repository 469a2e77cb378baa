"""Size signature of a claim, by index analysis, and its small instances, up to the names of words.

Index analysis reads off an expression which index sets, sizes and lists it mentions, and which
members it tells apart. A claim about an index set is unchanged when the members are renamed,
unless a member is given by its number, an index counts as a number, a sum runs over a part of the
set, or a member is compared with one of another set. Where that happens the members are told
apart. Which are told apart by number is read off index notation, and off the terms themselves, so
that no instance is left out because one of their meanings lost a number.

What is claimed does not change when labels are renamed, so one choice of words is taken from each
pattern of coincidences: the first slot is word 1, each later one an earlier word or the next new
one (restricted growth strings; there is one for each set partition). Coordinates are treated alike.
Where a claim tells the members of a set apart, all choices are taken.

A choice point, or slot, is a free word or an entry of a list of words that the expressions read.
An entry at a place that its list does not have is none: what reads it has no value there. Two
slots meet where both pick rows of one matrix, stand in one delta, or are the same argument of an
arbitrary function; words that never meet, directly or through others, may be named independently.

The bounds of a sum may count words: sum_{j = l}^K with l how often a word was drawn. Which
entries such a sum reads depends on the words still to be chosen, so those of its widest range are
choice points.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cached_property, lru_cache, partial
from itertools import chain, islice, product
from math import prod

from sympy import (
    Basic,
    Derivative,
    Expr,
    Indexed,
    IndexedBase,
    Integer,
    KroneckerDelta,
    Mul,
    Product,
    Sum,
    Symbol,
    Tuple,
)

from derivations.claim import (
    AtLeast,
    Between,
    Claim,
    Condition,
    Count,
    Distinct,
    Equal,
    FullRank,
    NonZero,
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
from derivations.language.index_nodes import (
    Applied,
    ByKind,
    Defined,
    InverseEntry,
    Opaque,
    Partial,
    unfold,
)
from derivations.language.traversal import free_in
from derivations.language.tree import (
    ArbitraryCall,
    Argument,
    Axis,
    Call,
    Comparison,
    Definition,
    Entry,
    IndexNumber,
    IndexVariable,
    ListEntry,
    Member,
    Numbered,
    Offset,
    Parameter,
    Ranged,
    Row,
    Term,
    remembered,
)
from derivations.proof.domain import Key
from derivations.proof.evaluate import (
    Instance,
    Places,
    SlotScope,
    SumBounds,
    delta_factors,
    delta_value,
    same_everywhere,
)
from derivations.proof.fragment import NoValue, OutsideFragment
from derivations.proof.reductions import Merged

MOST = 4  # a member with a larger number is looked at only where sizes go that far
Given = Iterator[tuple[IndexSet, int | None]]


def least_sizes(*terms: Term) -> dict[str, int]:
    """The least sizes at which all members exist that terms give by their numbers."""
    found: dict[str, int] = {}
    for space, number in chain.from_iterable(map(_picks, terms)):
        counted = space.lower == 1 and isinstance(space.upper, Symbol)
        if counted and number is not None and number <= MOST:
            found[space.upper.name] = max(number, found.get(space.upper.name, 0))
    return found


def distinguished(*terms: Term) -> frozenset[IndexSet]:
    """The sets of which terms tell the members apart by more than which of them are equal."""
    return frozenset(space for term in terms for space, _ in _picks(term))


@remembered
def _picks(term: Term) -> tuple[tuple[IndexSet, int | None], ...]:
    return tuple(_given(term, set()))


def _given(value: object, seen: set[Definition]) -> Given:
    """Sets whose members are told apart, with the number of one that is picked from the set."""
    match value:
        case Entry(of, members):
            yield from _picked([axis for axis in of.shape if axis is not None], members)
        case Row(of, member):
            yield from _picked(of.shape[:1], (member,))
        case ListEntry(words, at):
            yield from _picked((words.places,), (at,))
        case Call(definition, arguments):
            yield from _picked_for(definition.parameters, arguments)
        case ArbitraryCall(function, arguments):
            yield from _picked_for(function.parameters, arguments)
        case Offset(of):
            yield from ((space, None) for space in _spaces_of(of))
        case IndexNumber(member):
            yield from ((space, None) for space in _spaces_of(member))
        case Ranged(over=over, lower=lower, upper=upper) if lower is not None or upper is not None:
            yield over.space, None
        case Comparison(left, right):
            spaces = dict.fromkeys((*_spaces_of(left), *_spaces_of(right)))
            if len(spaces) > 1 or any(isinstance(each, Numbered) for each in (left, right)):
                yield from ((space, None) for space in spaces)
        case Definition(body=body) if value not in seen:
            seen.add(value)
            yield from _given(body, seen)
    if isinstance(value, Term | ListEntry | Offset | Comparison):
        for each in fields(value):
            yield from _given(getattr(value, each.name), seen)
    elif isinstance(value, tuple):
        for part in value:
            yield from _given(part, seen)


def _picked_for(parameters: Iterable[Parameter], arguments: Iterable[Argument]) -> Given:
    for parameter, argument in zip(parameters, arguments, strict=True):
        if isinstance(parameter, IndexVariable) and not isinstance(argument, Term):
            yield from _picked((parameter.space,), (argument,))


def _picked(axes: Iterable[Axis], members: Iterable[Member]) -> Given:
    """Sets out of which a member is picked by its number, or as a member of another set."""
    for axis, member in zip(axes, members, strict=True):
        if axis is not None and isinstance(member, Numbered):
            yield axis, member.value
        elif axis is not None and any(space != axis for space in _spaces_of(member)):
            yield from ((space, None) for space in (axis, *_spaces_of(member)))


def _spaces_of(member: Member | None) -> tuple[IndexSet, ...]:
    """The set that a member is one of, where it says so."""
    match member:
        case IndexVariable(space=space):
            return (space,)
        case ListEntry(words):
            return (words.values,)
        case Offset(of):
            return _spaces_of(of)
    return ()


Spaces = frozenset[IndexSet]
NONE: Spaces = frozenset()


@dataclass(frozen=True)
class Listed:
    """A list of words: the set its entries are members of, and those its places run over.

    Two lists of one name can have entries of two sets; no argument can tell them apart.
    """

    values: Spaces
    places: tuple[Spaces, ...]

    @property
    def spaces(self) -> Spaces:
        """All sets that some place runs over."""
        return NONE.union(*self.places)


@dataclass(frozen=True)
class Occurrences:
    """What an expression mentions.

    ``sizes`` are size symbols in bounds of sums or standing as numbers; ``numbered`` says that
    some member other than the center place of a window is given by its number, ``pinned`` that
    it may be a member of any set. ``ordered`` are sets of which members count as numbers, or are
    bounds of sums. ``shared`` has the sets whose members stand at one place of
    one matrix or function.
    """

    sizes: frozenset[str] = frozenset()
    positive: frozenset[str] = frozenset()
    indices: frozenset[Index] = frozenset()
    spaces: Spaces = NONE
    lists: Mapping[tuple[str, int], Listed] = field(default_factory=dict)
    numbered: bool = False
    pinned: bool = False
    distinguished: Spaces = NONE
    ordered: Spaces = NONE
    shared: Mapping[tuple[str, int], Spaces] = field(default_factory=dict)

    def joined(self, other: Occurrences) -> Occurrences:
        """What either of two expressions mentions."""
        lists = dict(self.lists)
        for key, listed in other.lists.items():
            known = lists.get(key)
            lists[key] = _both(known, listed) if known else listed
        shared = {
            key: self.shared.get(key, NONE) | other.shared.get(key, NONE)
            for key in self.shared.keys() | other.shared.keys()
        }
        return Occurrences(
            self.sizes | other.sizes,
            self.positive | other.positive,
            self.indices | other.indices,
            self.spaces | other.spaces,
            lists,
            self.numbered or other.numbered,
            self.pinned or other.pinned,
            self.distinguished | other.distinguished,
            self.ordered | other.ordered,
            shared,
        )

    def all_distinguished(self) -> Spaces:
        """The sets whose members are told apart, those that meet at one place included."""
        return self.distinguished.union(*(met for met in self.shared.values() if len(met) > 1))


@lru_cache(maxsize=1024)
def occurrences_in(side: Expr) -> Occurrences:
    """What a side of a claim mentions."""
    whole = unfold(side)
    reader = _Reader()
    if _is_word(whole):
        reader.as_number(whole)
    return _occurrences([whole], reader)


def occurrences_among(words: tuple[Expr, ...], listed: WordArray | None = None) -> Occurrences:
    """What words that are compared mention, with one another or with the entries of a list."""
    reader = _Reader()
    entries = [listed[Symbol("any place")]] if listed is not None else []
    reader.compared([*words, *entries])
    return _occurrences(words, reader)


def _occurrences(expressions: Sequence[Expr], reader: _Reader) -> Occurrences:
    waiting: list[Basic] = [*expressions]
    while waiting:
        node = waiting.pop()
        if node.args:
            reader.read(node)
            waiting += node.args
    free = reader.symbols.union(*(expression.free_symbols for expression in expressions))
    mentioned = free - reader.bound
    symbols = {symbol for symbol in mentioned if isinstance(symbol, Symbol)}
    indices = frozenset(symbol for symbol in symbols if isinstance(symbol, Index))
    counted = [s for s in symbols if s.is_integer and s.is_nonnegative and s not in indices]
    return Occurrences(
        sizes=frozenset(s.name for s in counted),
        positive=frozenset(s.name for s in counted if s.is_positive),
        indices=indices,
        spaces=frozenset(reader.spaces | {index.space for index in indices | reader.bound}),
        lists=reader.lists,
        numbered=reader.numbered,
        pinned=reader.pinned,
        distinguished=frozenset(reader.distinguished),
        ordered=frozenset(reader.ordered),
        shared=reader.shared,
    )


class _Reader:
    """Gathers what the nodes of one unfolded expression mention."""

    def __init__(self) -> None:
        self.symbols: set[Basic] = set()
        self.bound: set[Index] = set()
        self.spaces: set[IndexSet] = set()
        self.lists: dict[tuple[str, int], Listed] = {}
        self.numbered = self.pinned = False
        self.distinguished: set[IndexSet] = set()
        self.ordered: set[IndexSet] = set()
        self.shared: dict[tuple[str, int], Spaces] = {}

    def read(self, node: Basic) -> None:
        if isinstance(node, Indexed):
            self._indexed(node)
        elif isinstance(node, KroneckerDelta):
            self.compared(node.args)
        elif isinstance(node, Opaque):
            self._places(type(node).__name__, node.args)
            self.spaces.update(*node.axes.values())
            for base, picked in node.rows.items():
                self._places(
                    base.name, node.args[picked : picked + 1] if picked is not None else ()
                )
        elif isinstance(node, Applied):
            self._places(node.function, node.args[: node.labels])
            for place, indices in node.entries:
                self._places(f"{node.function} {place}", indices)
        elif isinstance(node, InverseEntry):
            self._places(str(node.of), node.at)
        elif isinstance(node, Entries):
            self.bound.update(node.indices)
            if _is_word(node.entry):
                self.as_number(node.entry)
        elif isinstance(node, Partial):
            self._places(str(node.args[0]), node.args[1:])
            self.spaces.update(*node.function.axes.values())
        elif isinstance(node, Sum | Product):
            self._sum(node)
        elif isinstance(node, Derivative):
            self.symbols.update(*(by.free_symbols for by in node.variables))
        elif not isinstance(node, Tuple):
            for part in filter(_is_word, node.args):
                self.as_number(part)

    def as_number(self, word: Basic) -> None:
        """A word that counts as the number it is."""
        self.distinguished |= _spaces(word)
        self.ordered |= _spaces(word)

    def compared(self, words: Iterable[Expr]) -> None:
        """Words that are compared: with a number or with another set they are told apart."""
        spaces = frozenset[IndexSet]().union(*map(_spaces, words))
        plain = all(_is_word(word) for word in words)
        if not plain or len(spaces) > 1:
            self.distinguished |= spaces
        window = any(space.symmetric for space in spaces)
        center = window and all(_is_word(word) or word == 0 for word in words)
        self.numbered = self.numbered or not (plain or center)

    def _indexed(self, node: Indexed) -> None:
        base, indices = node.base, node.indices
        if not isinstance(base, WordArray):
            self._places(base.name, indices)
            return
        self.spaces.add(base.space)
        listed = Listed(frozenset((base.space,)), tuple(map(_inside, indices)))
        known = self.lists.get((base.name, len(indices)))
        self.lists[base.name, len(indices)] = _both(known, listed) if known else listed
        self.numbered = self.numbered or not all(map(_is_word, indices))

    def _places(self, name: str, indices: Iterable[Expr]) -> None:
        for place, index in enumerate(indices):
            if not _is_word(index):
                self.numbered = self.pinned = True
            self.shared[name, place] = self.shared.get((name, place), NONE) | _spaces(index)

    def _sum(self, node: Sum | Product) -> None:
        if _is_word(node.function):
            self.as_number(node.function)
        for index, *ends in node.limits:
            self.bound.add(index)
            self.symbols.update(*(end.free_symbols for end in ends))
            if ends != [index.space.lower, index.space.upper]:
                self.as_number(index)
            for end in ends:
                self.as_number(end)
                for each in end.free_symbols:
                    if isinstance(each, Index):
                        self.as_number(each)


def _is_word(node: Basic) -> bool:
    """Whether a node is an index or an entry of a list of words."""
    return isinstance(node, Index) or (
        isinstance(node, Indexed) and isinstance(node.base, WordArray)
    )


def _spaces(node: Basic) -> Spaces:
    """The set that an index or an entry is a member of."""
    if isinstance(node, Index):
        return frozenset((node.space,))
    if isinstance(node, Indexed) and isinstance(node.base, WordArray):
        return frozenset((node.base.space,))
    return NONE


def _inside(place: Expr) -> Spaces:
    """The sets that a place of a list runs over, as far as its indices say."""
    if _is_word(place) or isinstance(place, Integer):
        return _spaces(place)
    return frozenset(s.space for s in place.free_symbols if isinstance(s, Index))


def _both(first: Listed, second: Listed) -> Listed:
    """One list read twice."""
    places = tuple(a | b for a, b in zip(first.places, second.places, strict=True))
    return Listed(first.values | second.values, places)


# The claim as a whole ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Signature:
    """Size signature of a claim: its sides, and what they and its conditions mention.

    ``merged`` are the indices that were written as another word, see `reductions.py`; the other
    fields are those of `Occurrences`.
    """

    sides: tuple[Expr, Expr]
    conditions: tuple[Condition, ...]
    sizes: tuple[str, ...]
    summed: frozenset[str]
    positive: frozenset[str]
    indices: tuple[Index, ...]
    spaces: tuple[IndexSet, ...]
    lists: Mapping[tuple[str, int], Listed]
    numbered: bool
    pinned: bool
    distinguished: frozenset[IndexSet]
    ordered: frozenset[IndexSet]
    clash: str
    merged: Merged = ()

    @cached_property
    def positions(self) -> frozenset[IndexSet]:
        """The index sets that run over the places of a list."""
        listed = (space for known in self.lists.values() for space in known.spaces)
        return frozenset(listed)

    @cached_property
    def labels(self) -> frozenset[IndexSet]:
        """The sets of which only the pattern of equal members matters: 1 to a size, no places."""
        valued = {space for known in self.lists.values() for space in known.values}
        return frozenset(
            space
            for space in self.spaces
            if (space.labels or space in valued)
            and space.lower == 1
            and isinstance(space.upper, Symbol)
            and space not in self.positions
        )

    @cached_property
    def coordinates(self) -> frozenset[IndexSet]:
        """The sets that are neither labels nor places of a list: tried up to renaming."""
        return frozenset(
            space
            for space in self.spaces
            if not space.labels and space.lower == 1 and space not in self.positions | self.labels
        )

    @cached_property
    def uncounted(self) -> frozenset[str]:
        """The sizes of label sets that neither count nor are summed over."""
        others = {name for s in self.spaces if s not in self.labels for name in size_names(s)}
        names = {space.ends[1] for space in self.labels}
        return frozenset(names - others - self.summed)

    def renamable(self, space: IndexSet) -> bool:
        """Whether nothing said here changes when the members of a set are renamed."""
        return not self.pinned and space not in self.distinguished


def signature_of(claim: Claim, merged: Merged = ()) -> Signature:
    """The shape of a well-typed claim."""
    sides = (claim.sides.left, claim.sides.right)
    whole = occurrences_in(sides[0]).joined(occurrences_in(sides[1])).joined(_written(claim))
    for condition in claim.conditions:
        whole = whole.joined(_occurrences_in_condition(condition))
    for _, word in merged:
        whole = whole.joined(occurrences_among((word,)))
    spaces = whole.spaces | set(free_in(*claim.terms).spaces)
    extents = {name for space in spaces for name in size_names(space)}
    return Signature(
        sides=sides,
        conditions=claim.conditions,
        sizes=tuple(sorted(extents | whole.sizes)),
        summed=whole.sizes,
        positive=whole.positive.union(*map(size_names, filter(_from_one, spaces))),
        indices=tuple(sorted(whole.indices, key=str)),
        spaces=tuple(sorted(whole.spaces, key=str)),
        lists=dict(sorted(whole.lists.items())),
        numbered=whole.numbered,
        pinned=whole.pinned,
        distinguished=whole.all_distinguished(),
        ordered=whole.ordered,
        clash=_clash(whole, merged),
        merged=merged,
    )


def _written(claim: Claim) -> Occurrences:
    """What terms have also where it cancels in index notation: sizes, indices, and members."""
    indices = frozenset((*claim.sides.axes, *claim.sides.letters))
    sizes = free_in(*claim.terms).sizes
    return Occurrences(
        sizes=frozenset(size.name for size in sizes),
        positive=frozenset(size.name for size in sizes if size.least),
        indices=indices,
        spaces=frozenset(index.space for index in indices),
        distinguished=distinguished(*claim.terms),
    )


def _from_one(space: IndexSet) -> bool:
    """Whether a set has the member one at every size, so that its size is never zero."""
    return space.inhabited and bool(space.lower == 1)


@lru_cache(maxsize=1024)
def size_names(space: IndexSet) -> frozenset[str]:
    """The sizes that say how many members a set has."""
    return frozenset(str(symbol) for symbol in space.size.free_symbols)


def _occurrences_in_condition(condition: Condition) -> Occurrences:
    match condition:
        case NotAmong(word, words):
            return occurrences_among((word,), words)
        case (
            Distinct()
            | Positive()
            | NonZero()
            | Between()
            | OneOfTwo()
            | Count()
            | Symmetric()
            | PositiveDefinite()
        ):
            return Occurrences()
        case FullRank(entries):
            return Occurrences(spaces=frozenset(index.space for index in entries.indices))
        case AtLeast(of):
            return Occurrences(sizes=frozenset((of.name,)))
        case SumsTo(everything=everything):
            return occurrences_in(everything)
        case Equal(left, right) | Unequal(left, right):
            return occurrences_among((left, right))


def _clash(found: Occurrences, merged: Merged) -> str:
    """A name that stands for two things, which no argument could tell apart; mostly none."""
    meanings: dict[str, set[object]] = {}
    for index in (*found.indices, *(gone for gone, _ in merged)):
        meanings.setdefault(index.name, set()).add(index.space)
    for name in found.sizes | {n for space in found.spaces for n in size_names(space)}:
        meanings.setdefault(name, set()).add("a size")
    for (name, _), listed in found.lists.items():
        meanings.setdefault(f"{name}[…]", set()).update(listed.values)
    clashing = sorted(name for name, meant in meanings.items() if len(meant) > 1)
    return clashing[0] if clashing else ""


FREE = "free"
# a slot, or an integer; None for a parameter that is no index


class ChoicePoints:
    """The slots read at given sizes and indices, grouped by what meets what."""

    def __init__(self, instance: Instance, signature: Signature) -> None:
        self.signature = signature
        self.at = Places(instance)
        self.bounds = SumBounds(self.at, self._slot)
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

    def read(self, node: Expr, scope: SlotScope) -> None:
        """Record every slot that evaluating ``node`` reads."""
        _READ[type(node)](self, node, scope)

    def _read_parts(self, node: Expr, scope: SlotScope) -> None:
        for part in node.args:
            if part.args:
                self.read(part, scope)

    def _read_product(self, node: Mul, scope: SlotScope) -> None:
        for part in delta_factors(node):
            if delta_value(part, partial(self._delta, scope=scope)) == 0:
                return
        self._read_parts(node, scope)

    def _read_defined(self, node: Defined, scope: SlotScope) -> None:
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

    def _read_entry(self, node: Indexed, scope: SlotScope) -> None:
        for place, index in enumerate(node.indices):
            self._meet((node.base.name, place), index, scope)

    def _read_delta(self, node: KroneckerDelta, scope: SlotScope) -> None:
        meeting = ("delta", len(self.meetings))
        for index in node.args:
            self._meet(meeting, index, scope)

    def _read_applied(self, node: Applied, scope: SlotScope) -> None:
        for place, label in enumerate(node.args[: node.labels]):
            self._meet((node.function, place), label, scope)
        for number in node.values:
            self.read(number, scope)
        for argument, indices in node.entries:
            for place, index in enumerate(indices):
                self._meet((node.function, argument, place), index, scope)

    def _read_inverse(self, node: InverseEntry, scope: SlotScope) -> None:
        for place, index in enumerate(node.at):
            self._meet((InverseEntry.__name__, place), index, scope)
        self.read(node.of, scope)

    def _read_entries(self, node: Entries, scope: SlotScope) -> None:
        for at in product(*(self.members(index.space) for index in node.indices)):
            self.read(node.entry, {**scope, **dict(zip(node.indices, at, strict=True))})

    def _read_derivative(self, node: Derivative, scope: SlotScope) -> None:
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

    def _read_sum(self, node: Sum | Product, scope: SlotScope) -> None:
        counts = [end for _, *ends in node.limits for end in ends if not same_everywhere(end)]
        for inner in self.bounds.scopes(node, len(node.limits) - 1, scope):
            for part in (*counts, node.function):
                self.read(part, inner)

    def _read_function(self, node: Expr, scope: SlotScope) -> None:
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

    def _delta(self, node: KroneckerDelta, scope: SlotScope) -> int | None:
        left, right = (self._slot(index, scope) for index in node.args)
        if isinstance(left, tuple) or isinstance(right, tuple):
            return None
        return int(left == right)

    def _meet(self, meeting: object, index: Expr, scope: SlotScope) -> None:
        slot = self._slot(index, scope)
        if isinstance(slot, tuple):
            self.meetings.setdefault(meeting, set()).add(slot)
        else:
            self.roaming.add(meeting)

    def _slot(self, node: Expr, scope: SlotScope) -> Key | int:
        """The slot an index reads, or its value where it is no word to be chosen."""
        known = scope.get(node)
        if known is not None:
            return known
        if isinstance(node, Indexed) and isinstance(node.base, WordArray):
            slot: Key = (node.base.name, self._position(node, scope))
            if not self._listed(slot):
                return slot
            space = node.base.space
        elif isinstance(node, Index) and node.space in self.signature.labels:
            slot, space = (FREE, (node.name,)), node.space
        else:
            return self.at.place(node, scope)
        if slot not in self.spaces:
            self.spaces[slot] = space
            self.order.append(slot)
        return slot

    def _position(self, node: Indexed, scope: SlotScope) -> tuple[int, ...]:
        places = [self._slot(index, scope) for index in node.indices]
        if not all(isinstance(place, int) for place in places):
            raise OutsideFragment(f"{node}, at a place that is a word to be chosen")
        return tuple(place for place in places if isinstance(place, int))

    def _listed(self, slot: Key) -> bool:
        """Whether a list has this place, as far as the index sets it is read at say."""
        name, position = slot
        known = self.signature.lists[name, len(position)].places
        return all(
            not spaces or any(place in self.members(space) for space in spaces)
            for place, spaces in zip(position, known, strict=True)
        )

    def members(self, space: IndexSet) -> tuple[int, ...]:
        """The members of an index set at the given sizes."""
        if space not in self.ranges:
            self.ranges[space] = self.at.members(space.lower, space.upper, {})
        return self.ranges[space]


How = Callable[[ChoicePoints, Expr, SlotScope], None]
_READ: ByKind[How] = ByKind(
    (
        (Mul, ChoicePoints._read_product),
        (Sum, ChoicePoints._read_sum),
        (Product, ChoicePoints._read_sum),
        (Defined, ChoicePoints._read_defined),
        (Indexed, ChoicePoints._read_entry),
        (KroneckerDelta, ChoicePoints._read_delta),
        (Opaque, ChoicePoints._read_function),
        (Partial, ChoicePoints._read_function),
        (Applied, ChoicePoints._read_applied),
        (InverseEntry, ChoicePoints._read_inverse),
        (Entries, ChoicePoints._read_entries),
        (Derivative, ChoicePoints._read_derivative),
    ),
    ChoicePoints._read_parts,
)


UNLIMITED = 99
MOST_PATTERNS = 10_000


def instances(
    signature: Signature,
    sizes: Mapping[str, int],
    most_words: int = UNLIMITED,
    extents: Mapping[tuple[str, str], tuple[int, ...]] = {},
) -> Iterator[Instance]:
    """All instances with these sizes, one for each pattern of equal words.

    None at all where more than ``most_words`` words that can coincide would have to be chosen,
    two more for each further set of labels, or where these have too many patterns.
    """
    places = [i for i in signature.indices if i.space not in signature.labels]
    free = [i for i in signature.indices if i.space in signature.labels]
    empty = Instance(dict(sizes), {}, {}, dict(extents))
    for chosen in _placements(places, signature, empty):
        base = replace(empty, indices=chosen)
        slots = ChoicePoints(base, signature)
        for side in signature.sides:
            slots.read(side, {})
        for condition in signature.conditions:
            slots.relate(condition)
        for _, word in signature.merged:
            slots.choose(word)
        for index in free:
            slots.choose(index)
        groups = slots.groups()
        further_sets = max(len(set(slots.spaces.values())) - 1, 0)
        if sum(len(group) for group in groups if len(group) > 1) > most_words + 2 * further_sets:
            return
        patterns = [_patterns(group, slots, signature) for group in groups]
        if prod(map(len, patterns)) > MOST_PATTERNS:
            return
        for choice in product(*patterns):
            labels = [label for pattern in choice for label in pattern]
            words = dict(zip((slot for group in groups for slot in group), labels, strict=True))
            instance = _instance(base, words, slots, signature)
            if all(meets(condition, instance) for condition in signature.conditions) and (
                _names_merged(instance, signature)
            ):
                yield instance


def _placements(
    indices: list[Index], signature: Signature, base: Instance
) -> Iterator[dict[str, int]]:
    """Values of free indices that are not words; coordinates up to renaming."""
    reader = Places(base)
    choices = []
    highest = 1
    for index in indices:
        members = reader.members(index.space.lower, index.space.upper, {})
        if index.space in signature.coordinates and signature.renamable(index.space):
            members = members[:highest]
            highest += 1
        choices.append(members)
    names = [index.name for index in indices]
    for values in product(*choices):
        yield dict(zip(names, values, strict=True))


def _patterns(
    group: tuple[Key, ...], slots: ChoicePoints, signature: Signature
) -> list[tuple[int, ...]]:
    """The choices of words for slots that can meet: patterns where labels can be renamed."""
    spaces = [slots.spaces[slot] for slot in group]
    ranges = [_range(space, len(group), slots, signature) for space in spaces]
    if len(set(spaces)) == 1 and spaces[0] in signature.labels and signature.renamable(spaces[0]):
        return list(_growth_strings(len(group), len(ranges[0])))
    return list(islice(product(*ranges), MOST_PATTERNS + 1))


def _range(
    space: IndexSet, slots_in_all: int, slots: ChoicePoints, signature: Signature
) -> tuple[int, ...]:
    """The words that slots of one set can be; as many as are needed where the size is free."""
    enough = tuple(range(1, slots_in_all + 2))
    if space not in signature.labels:
        return slots.members(space)
    return enough if space.ends[1] in signature.uncounted else slots.members(space)[: len(enough)]


def _growth_strings(length: int, most: int) -> Iterator[tuple[int, ...]]:
    """Restricted growth strings: one labelling of each set partition into ``most`` blocks."""
    if length == 0:
        yield ()
        return
    for start in _growth_strings(length - 1, most):
        for label in range(1, min(max(start, default=0) + 1, most) + 1):
            yield (*start, label)


def _instance(
    base: Instance, words: Mapping[Key, int], slots: ChoicePoints, signature: Signature
) -> Instance:
    free = {str(place[0]): label for (kind, place), label in words.items() if kind == FREE}
    lists = {slot: label for slot, label in words.items() if slot[0] != FREE}
    sizes = dict(base.sizes)
    for name in sorted(signature.uncounted):
        used = (label for slot, label in words.items() if slots.spaces[slot].ends[1] == name)
        sizes[name] = max((*used, sizes.get(name, 1)))
    return replace(base, sizes=sizes, words=lists, indices={**base.indices, **free})


def _names_merged(instance: Instance, signature: Signature) -> bool:
    """Give the indices that were written as other words their values, if these have any."""
    try:
        for index, word in reversed(signature.merged):
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
            case Distinct(drawn):
                labels = _entries(drawn, instance.words)
                return len(set(labels)) == len(labels)
            case Positive() | NonZero() | Between() | OneOfTwo():
                return True  # of sizes and words it says nothing
            case Count() | Symmetric() | PositiveDefinite():
                return True
    except NoValue:
        return False
    raise TypeError(f"{type(condition).__name__} is no condition that is known")


def _entries(drawn: IndexedBase, words: Mapping[Key, int]) -> list[int]:
    return [label for (name, _), label in words.items() if name == drawn.name]
