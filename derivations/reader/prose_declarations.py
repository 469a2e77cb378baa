"""Declarations in prose: ``Let $z = W x$`` and ``Let $a = 2 b$. Then``, beside the displays."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, fields, replace
from functools import cached_property, lru_cache, partial
from typing import Generic, TypeVar

from derivations.language.data_conditions import AtLeast, Between, OneOfTwo, Positive, Symmetric
from derivations.language.traversal import free_in
from derivations.language.tree import Entry, Reference, Row, Size, Term
from derivations.reader.attempts import Attempts
from derivations.reader.declare.block import Known
from derivations.reader.declare.introduction import Introduced, is_head_of_function, names_in
from derivations.reader.declare.recovery import Lost
from derivations.reader.elaborate import IllFormed
from derivations.reader.elaborate.environment import read_by
from derivations.reader.parser import listing
from derivations.reader.scope import LETTER, Named, Scope, as_word, name_of, raised_name
from derivations.reader.segmentation import RELATION_SIGNS, Supposed
from derivations.reader.source import MOST_READ_AGAIN, Question, Span, Unreadable
from derivations.reader.syntax import Accented, Group, Leaf, Node, Relation, Script, Terms, written

# Formulas of the text read for one display after the other: once, as long as they mean the same.
#
# What was found of a formula in one scope holds in another that differs in names alone of which
# no letter stands in it. Its terms are the same then; what it could be about, index sets and
# conditions, has to be the same as well.


T = TypeVar("T")
# by name; the symbols are only how names are printed
_NAMED = ("things", "families", "in_blocks", "awaiting", "functions", "steps")
_PRINTED = "symbols"


@dataclass
class Remembered(Generic[T]):
    """What was found of formulas, each in a scope and with what was lost; at ``most`` so many."""

    most: int = MOST_READ_AGAIN
    found: dict[tuple[Span, str], tuple[Scope, Lost, T]] = field(default_factory=dict)
    _compared: tuple[Scope, Scope, frozenset[str] | None] | None = None

    def __call__(
        self,
        span: Span,
        scope: Scope,
        lost: Lost,
        find: Callable[[], T],
        otherwise: T,
        name: str = "",
    ) -> T:
        """What ``find`` finds, or found before; ``otherwise`` where too much was looked for.

        ``name`` tells equations of one formula apart.
        """
        known = self.found.get((span, name))
        if known is not None and known[1] == lost and self._reads_alike(span, known[0], scope):
            value = known[2]
        elif self.most:
            self.most -= 1
            value = find()
        else:
            return otherwise
        self.found[span, name] = (scope, lost, value)
        return value

    def _reads_alike(self, span: Span, one: Scope, other: Scope) -> bool:
        if one is other:
            return True
        last = self._compared
        if last is None or last[0] is not one or last[1] is not other:
            last = self._compared = (one, other, letters_between(one, other))
        letters = last[2]
        return letters is not None and letters.isdisjoint(LETTER.findall(span.text))


def letters_between(one: Scope, other: Scope) -> frozenset[str] | None:
    """The letters of the names that two scopes give other meanings; None if more is different."""
    names: set[str] = set()
    for each in fields(Scope):
        mine, theirs = getattr(one, each.name), getattr(other, each.name)
        if mine is theirs or each.name == _PRINTED:
            continue
        if each.name in _NAMED:
            names |= _otherwise(mine, theirs)
        elif mine != theirs:
            return None
    return frozenset(letter for name in names for letter in LETTER.findall(name))


def _otherwise(one: Mapping[str, object], other: Mapping[str, object]) -> set[str]:
    return {name for name in {*one, *other} if one.get(name) is not other.get(name)}


_BY_DEFINITION = ":="
_HEAD = re.compile(rf"\s*(?:[&:=<>≠≤≥∈∉]|{RELATION_SIGNS})")
_ROW = re.compile(r"\\\\|\\begin\{[^{}]*\}")
_DOTS = re.compile(r"\\[lc]?dots(?![A-Za-z])|\.\.\.|…")
_WHAT = "what the text says here may be a condition of it"
_ADVICE = "declare it (define a = ...), or write it under the display, as - if $...$"


@dataclass
class Suppositions:
    """What formulas of the text say of declared things; each is parsed once."""

    parsed: dict[Span, tuple[Node, ...] | None] = field(default_factory=dict)

    def doubt_of(
        self,
        terms: Sequence[Term],
        supposed: Iterable[Supposed],
        scope: Scope,
        is_taken: Callable[[Supposed], bool],
    ) -> Unreadable | None:
        """What of these formulas may be a condition of an equality between the terms.

        What ``is_taken`` as one is not.
        """
        free: set[str] | None = None
        for each in supposed:
            names = self.restricted(each, scope)
            if names:
                free = free_in(*terms).names if free is None else free
            if free and names & free and not is_taken(each):
                return doubt_about(each)
        return None

    def restricted(self, supposed: Supposed, scope: Scope) -> set[str]:
        """The names of declared things that a formula says something of."""
        span = supposed.span
        if span not in self.parsed:
            self.parsed[span] = _items(span)
        items = self.parsed[span]
        if items is None:
            heads = (_HEAD.split(row, maxsplit=1)[0] for row in _ROW.split(span.text))
            found = {name for head in heads for name in _names_of("".join(head.split()), scope)}
        else:
            relations = [item for item in items if isinstance(item, Relation)]
            found = {name for each in relations for name in _said_of(each, scope, supposed.plainly)}
            if found or not relations:  # a, b > 0, or a alone: it is said to be positive
                others = (as_word(item) for item in items if not isinstance(item, Relation))
                found |= {name for each in others for name in _undeclared(each, scope)}
        return found if supposed.plainly else found - ranges(scope)


def doubt_about(supposed: Supposed) -> Unreadable:
    """What is told of a formula that may be a condition."""
    span = supposed.span
    token = " ".join(span.text.split())[:60]
    return Unreadable(span.stripped.place, token, _WHAT, _ADVICE)


def _items(span: Span) -> tuple[Node, ...] | None:
    """The relations of a formula; None where it cannot be read."""
    if _DOTS.search(span.text):
        return ()  # k = 1, ..., K, or the entries of a vector
    try:
        return listing(span).items
    except Unreadable:
        return None


def _undeclared(node: Node, scope: Scope) -> set[str]:
    """The name of a variable of which the declarations say no more than its shape."""
    said = Positive | Between | OneOfTwo | Symmetric
    declared = (each for each in scope.conditions if isinstance(each, said))
    return _heads(node, scope) - {str(each.of) for each in declared}


def _said_of(relation: Relation, scope: Scope, plainly: bool) -> set[str]:
    first, *others = (as_word(part) for part in relation.parts)
    heads = _heads(first, scope)
    if relation.signs == (r"\in",):
        # of which numbers it is one says something of it; its range, or its shape, does not
        if not isinstance(others[0], Group):
            return set()
        return {each for each in heads if not _is_in(each, others[0], scope)}
    if relation.signs[0] == _BY_DEFINITION:
        second = others[0].parts[0] if isinstance(others[0], Terms) else others[0]
        return set() if second == first else heads  # an update: x := x - y
    if not heads and "=" in relation.signs and (_is_name(first) or is_head_of_function(first)):
        return set()  # it says what something undeclared is, or once more what a definition is
    if relation.signs == ("<", "<"):
        between = _heads(others[0], scope)
        return {each for each in between if not _is_between(each, first, others[1], scope)}
    for other in others:
        heads = heads or _heads(other, scope)
    if heads and relation.signs in ((">",), (r"\ge",)):
        strict = relation.signs == (">",)
        return {each for each in heads if not _is_declared(each, others[0], strict, scope)}
    if heads or not plainly:
        return heads
    parts = (first, *others)
    return {name for part in parts for each in names_in(part) for name in _names_of(each, scope)}


def ranges(scope: Scope) -> set[str]:
    """The names of all indices and sizes."""
    sizes = (each.body for each in scope.things.values())
    names = {each.name for each in sizes if isinstance(each, Size)}
    return names | {each.name for each in scope.letters.values()}


def _is_declared(name: str, bound: Node, strict: bool, scope: Scope) -> bool:
    """Whether what has this name was declared to be above a bound that is written out."""
    if not isinstance(bound, Leaf) or not bound.text.isdigit():
        return False
    number = int(bound.text) + strict
    said = [each for each in scope.conditions if isinstance(each, Positive | AtLeast)]
    things = (each.body for each in scope.things.values())
    sizes = (each.least for each in things if isinstance(each, Size) and each.name == name)
    least = [each.value for each in said if isinstance(each, AtLeast) and str(each.of) == name]
    if any(isinstance(each, Positive) and str(each.of) == name for each in said):
        return int(bound.text) == 0
    return max((*sizes, *least), default=-1) >= number


def _is_between(name: str, lower: Node, upper: Node, scope: Scope) -> bool:
    """Whether what has this name was declared to be between bounds that are written out."""
    said = (each for each in scope.conditions if isinstance(each, Between))
    ends = {str(each.of): (str(each.lower), str(each.upper)) for each in said}
    return ends.get(name) == (written(lower), written(upper))


def _is_in(name: str, numbers: Group, scope: Scope) -> bool:
    """Whether what has this name was declared to be of these numbers."""
    items = numbers.content.items
    if len(items) != 2:
        return False
    if numbers.bracket == "(":
        return _is_between(name, *items, scope)
    said = (each for each in scope.conditions if isinstance(each, OneOfTwo))
    low = {str(each.of): "-1" if each.signs else "0" for each in said}.get(name)
    return {"".join(written(each).split()) for each in items} == {low, "1"}


def _is_name(node: Node) -> bool:
    return isinstance(node, Script | Accented) or (
        isinstance(node, Leaf) and node.kind in ("LETTER", "WORD")
    )


def _heads(node: Node, scope: Scope) -> set[str]:
    """The names of the variable or index that a node is, or an entry or a power of it."""
    if not _is_name(node):
        return set()
    bases = [node, node.base] if isinstance(node, Script) else [node]
    spellings = [spelled for base in bases for spelled in (raised_name(base), name_of(base))]
    return next((found for each in spellings if (found := _names_of(each, scope))), set())


def _names_of(name: str, scope: Scope) -> set[str]:
    """The unique names of the variables that a declared name stands for, or of the index."""
    letter, thing = scope.letters.get(name), scope.things.get(name)
    if letter is not None:
        return {letter.name}
    family = scope.families.get(name)
    beside = {each.name for each in free_in(family.body).variables} if family else set[str]()
    return beside | _names_of_thing(thing)


def _names_of_thing(thing: Named | None) -> set[str]:
    if thing is None or not isinstance(thing.body, Reference | Entry | Row | Size):
        return set()
    if isinstance(thing.body, Size):
        return {thing.body.name}
    return {each.name for each in free_in(thing.body).variables}


# Names that the text says what they are, beside the displays: ``Let $z = W x$``.
#
# Such a formula is taken as a definition where nothing else says what the name is, as a display is
# that says so: the first time, under no condition, and by more than a name or a number. Where no
# word as let or define stands before it, it may as well be claimed of something else: a line that
# depends on it can be proved and not refuted. A name of which the text says two things is neither.


_DEFINING_SIGNS = (("=",), (":=",))


@dataclass(frozen=True)
class _Equation:
    """A formula of the text that says what its left side is."""

    head: Node
    body: Node
    span: Span
    plainly: bool

    @cached_property
    def name(self) -> str:
        """The left side, however it is spaced."""
        return "".join(written(self.head).split())

    @cached_property
    def says(self) -> str:
        """The right side, however it is spaced."""
        return "".join(written(self.body).split())


def with_prose_definitions(
    told: Sequence[Supposed],
    others: Sequence[Supposed],
    known: Known,
    attempts: Attempts,
    untold: Remembered[bool],
) -> Known:
    """What is known with the names that formulas say what they are.

    They may use one another, whatever their order is. ``others`` are all formulas of the text: one
    that says otherwise, in a case or as a mistake, leaves it open what the name is. ``untold`` has
    those that said nothing before.
    """
    waiting = _all_equations(told, attempts)
    every = [*waiting, *_all_equations(others, attempts)]
    known = _without_two_meanings(every, known)
    of_name: dict[str, list[_Equation]] = {}
    for each in every:
        of_name.setdefault(each.name, []).append(each)
    waiting = [
        each
        for each in waiting
        if each.name not in known.told and _is_said_once(each, of_name[each.name])
    ]
    while waiting:
        left_over: list[_Equation] = []
        for each in waiting:
            after = _with_one(each, known, attempts, untold)
            if after is None:
                left_over.append(each)
            else:
                known = after
        if len(left_over) == len(waiting):
            return known
        waiting = left_over
    return known


def _all_equations(said: Sequence[Supposed], attempts: Attempts) -> list[_Equation]:
    found: list[_Equation] = []
    for each in said:
        with suppress(Unreadable):
            found += read_by(attempts, partial(_equations, each), each.span.place, each.span.text)
    return found


@lru_cache(maxsize=2048)
def _equations(said: Supposed) -> tuple[_Equation, ...]:
    """The equations of a formula; none of one that cannot be read."""
    if _DOTS.search(said.span.text):
        return ()
    try:
        items = listing(said.span).items
    except Unreadable:
        return ()
    return tuple(
        _Equation(item.parts[0], item.parts[1], said.span, said.plainly or item.signs == (":=",))
        for item in items
        if isinstance(item, Relation) and item.signs in _DEFINING_SIGNS
    )


def _is_said_once(each: _Equation, of_name: Sequence[_Equation]) -> bool:
    """Whether it is the first that is said of its name, and all that is said is one thing."""
    return each is of_name[0] and all(other.says == each.says for other in of_name)


def _without_two_meanings(equations: Sequence[_Equation], known: Known) -> Known:
    """Without the names of which something else is said by now than what was taken."""
    scope = known.scope
    made = dict(known.introductions.made)
    for each in equations:
        before = known.told.get(each.name)
        if before is None or before[1] == each.says:
            continue
        name = before[0].name
        if made.get(name) is not before[0]:
            continue
        del made[name]
        scope = _without(name, scope)
    if scope is known.scope:
        return known
    introductions = replace(known.introductions, made=made)
    return replace(known, scope=scope, introductions=introductions)


def _without(name: str, scope: Scope) -> Scope:
    things = {each: what for each, what in scope.things.items() if each != name}
    functions = {each: what for each, what in scope.functions.items() if each != name}
    return replace(scope, things=things, functions=functions)


def _with_one(
    each: _Equation, known: Known, attempts: Attempts, untold: Remembered[bool]
) -> Known | None:
    """What is known with one of them; None where it says nothing that can be taken."""
    if each.name in known.told:
        return None

    def find() -> tuple[Introduced, Scope] | None:
        piece = partial(known.saying, each.head, each.body)
        with suppress(IllFormed, Unreadable):
            return read_by(attempts, piece, each.span.place, each.span.text)
        return None

    found = None

    def says_nothing() -> bool:
        nonlocal found
        found = find()
        return found is None

    if untold(each.span, known.scope, known.lost, says_nothing, True, each.name):
        return None
    found = found or find()
    if found is None:
        return None
    one, scope = found
    if not each.plainly and one.asked is None:
        what = f"is {one.name} what the text says here?"
        asked = Question(each.span.stripped.place, one.name, what, "declare it")
        one = replace(one, asked=asked)
    one = replace(one, place=each.span.stripped.place)
    told = {**known.told, each.name: (one, each.says)}
    introductions = known.introductions.with_one(one)
    return replace(known, scope=scope, introductions=introductions, told=told)
