"""Forward and cross references: names bound behind their use, in another part, or in prose.

``Let $z = W x$`` and ``Let $a = 2 b$. Then`` declare beside the displays.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, fields, replace
from functools import cached_property, lru_cache, partial
from itertools import islice
from typing import Generic, TypeVar

from derivations.claim import (
    AtLeast,
    Between,
    Count,
    NonZero,
    OneOfTwo,
    Positive,
    SumsTo,
    Symmetric,
)
from derivations.language.traversal import free_in
from derivations.language.tree import Entry, Reference, Row, Size, Term
from derivations.reader.declare.block import Known
from derivations.reader.declare.definitions import (
    Beside,
    Introduced,
    beside_number,
    introduced_in_steps,
    is_head_of_function,
    is_known,
    is_marked,
    is_new_family,
    names_in,
    says_anew,
)
from derivations.reader.declare.recovery import Lost
from derivations.reader.declare.recurrences import Pair, awaits, is_closed, with_recurrence
from derivations.reader.display import Statement, statements
from derivations.reader.elaborate import IllFormed, resolve
from derivations.reader.environment import (
    LETTER,
    Environment,
    Named,
    Scope,
    as_word,
    is_unsized,
    name_of,
    raised_name,
    read_by,
)
from derivations.reader.segmentation import RELATION_SIGNS
from derivations.reader.source import (
    MOST_READ_AGAIN,
    Attempts,
    Chain,
    Question,
    Span,
    Supposed,
    Unreadable,
)
from derivations.reader.statement_scope import DEFINING, is_plain, tree_of
from derivations.reader.syntax import (
    Accented,
    Group,
    Leaf,
    Node,
    Product,
    Relation,
    Script,
    Terms,
    is_even,
    listing,
    unspaced,
    written,
)

# Recurrences that displays introduce: ``a_t = U x_t + W h_{t-1}`` and ``h_t = \tanh(a_t)``.
#
# The rows of a display that say what undeclared names are, by one another at other members, are
# taken for the lines of one recurrence, as they would be where these names are declared so. So
# are displays one behind the other that do nothing else. A name may be that of a number as well:
# h_t beside a size h.


MOST_TOGETHER = 16  # displays that are searched for the lines of one recurrence


@dataclass(frozen=True)
class _Recurring:
    """What is known with a recurrence, and the names that statements say of it, by their number."""

    known: Known
    names: Mapping[int, str]


def in_one(
    chains: Iterable[Chain], known: Known, attempts: Attempts, beside: Beside
) -> list[Chain]:
    """The first chains that are one recurrence: nothing but the equalities that it is made of.

    One chain where there is none, or where words or remarks between may say more.
    """
    run = list(islice(chains, MOST_TOGETHER))
    first = run[0]
    if first.series or not any(each.has_step for each in run):
        return [first]
    held: list[Statement] = []
    ends: list[int] = []  # how many statements there are up to the end of each chain
    for each in run:
        new = _all_naming(each, known, attempts, beside)
        if not new:
            break
        held += new
        ends.append(len(held))
    pairs = _pairs(held, 0, known, attempts, beside)
    everything = list(pairs.values())
    waiting = [n for n, pair in pairs.items() if awaits(*pair, everything, known.scope)]
    if not waiting or waiting[0] or not is_closed([pairs[n] for n in waiting], known.scope):
        return [first]
    count = next(n for n, end in enumerate(ends, 1) if end > waiting[-1])
    return run[:count]


def joined(chains: Sequence[Chain]) -> Chain:
    """One chain of the displays of several."""
    return replace(
        chains[0],
        displays=[display for each in chains for display in each.displays],
        notes=[note for each in chains for note in each.notes],
        supposed=[one for each in chains for one in each.supposed],
        beside=[one for each in chains for one in each.beside],
        told=[one for each in chains for one in each.told],
    )


def _all_naming(chain: Chain, known: Known, attempts: Attempts, beside: Beside) -> list[Statement]:
    """The statements of a chain in which each says what a name is; empty where one does not."""
    if chain.series or chain.remarks or chain.perhaps:
        return []
    try:
        found = statements(chain.displays)
    except Unreadable:
        return []
    plain = all(len(each.sides) == 2 for each in found)
    return found if plain and len(_pairs(found, 0, known, attempts, beside)) == len(found) else []


def recurring(
    statements: Sequence[Statement], start: int, known: Known, attempts: Attempts, beside: Beside
) -> _Recurring | None:
    """The recurrence that begins with the statement of this number; None where none does."""
    pairs = _pairs(statements, start, known, attempts, beside)
    if start not in pairs:
        return None
    numbers = {each for head, _ in pairs.values() if (each := beside_number(head, known.scope))}
    things = {name: each for name, each in known.scope.things.items() if name not in numbers}
    without = replace(known.scope, things=things)
    waiting = {
        number: pair
        for number, pair in pairs.items()
        if awaits(*pair, list(pairs.values()), without)
    }
    found = list(waiting.values())
    if start not in waiting or not is_closed(found, without):
        return None
    first = statements[start].sides[0]

    def piece() -> Scope:
        for pair in found:
            known.require_kept(pair, known.scope)
        return with_recurrence(found, without)

    try:
        scope = read_by(attempts, piece, first.place, first.latex)
    except (IllFormed, Unreadable) as problem:
        if isinstance(problem, Unreadable) and problem.what.startswith("where does it start?"):
            first.problem = first.problem or problem
        return None
    families = {name: each for name, each in scope.things.items() if name in numbers}
    numbers_ = {name: each for name, each in known.scope.things.items() if name in numbers}
    scope = replace(
        scope, things={**scope.things, **numbers_}, families={**scope.families, **families}
    )
    introductions, names = known.introductions, {}
    for number, (head, _) in waiting.items():
        one = introduced_in_steps(head, scope, beside)
        introductions = introductions.with_one(one)
        names[number] = one.name
    return _Recurring(replace(known, scope=scope, introductions=introductions), names)


def _pairs(
    statements: Sequence[Statement], start: int, known: Known, attempts: Attempts, beside: Beside
) -> dict[int, Pair]:
    """The statements from this one on that say what the members of an undeclared name are."""
    found: dict[int, Pair] = {}
    for number, each in enumerate(statements[start:], start):
        trees = [tree_of(side, attempts) for side in each.sides]
        head, body = trees[:2]
        if head is None or body is None or not is_plain(each, trees, known.scope):
            continue
        if beside.equates(each.sides[0].latex):
            continue
        if is_new_family(head, known.scope, known.introductions):
            found[number] = (head, body)
    return found


# Names that a display says what they are behind what uses them: ``a = x S y, \quad S = B^T B``.
#
# What stands in one display is read together: such a name means in all of it what is said there. In
# a row below, that may be a result as well, of what the rows above assume: what depends on it then
# can be proved, and not refuted.


def said_ahead(
    statements: Sequence[Statement], known: Known, attempts: Attempts, beside: Beside
) -> _Recurring | None:
    """What is known with the names of a display that rows use above what says them."""
    used: set[tuple[str, int]] = set()  # names, each with its row
    waiting: dict[int, tuple[Node, Node]] = {}
    beside_it: set[int] = set()  # what stands in the row that uses it
    for number, each in enumerate(statements):
        trees = [tree_of(side, attempts) for side in each.sides]
        head, body = trees[:2]
        if number and head is not None and body is not None and isinstance(head, Leaf | Script):
            plain = is_plain(each, trees, known.scope) and not beside.equates(each.sides[0].latex)
            # w^* is another name than w
            mine = {raised_name(head)} if is_marked(head) else {*names_in(head)}
            rows = {row for name, row in used if name in mine}
            if plain and rows and not mine & {*names_in(body)}:
                waiting[number] = (head, body)
            if each.sides[0].row in rows:
                beside_it.add(number)
        for side, tree in zip(each.sides, trees, strict=True):
            used |= {(name, side.row) for name in (names_in(tree) if tree is not None else ())}
    names: dict[int, str] = {}
    while waiting:
        before = len(waiting)
        for number, pair in list(waiting.items()):
            found = _with_forward(pair, known, attempts, beside, statements[number])
            if found is None:
                continue
            one, scope = found
            if number not in beside_it and one.asked is None:
                what = f"does {one.place} say what {one.name} is, or what follows?"
                asked = Question(one.place, one.name, what, "declare it")
                one = replace(one, asked=asked)
            introductions = known.introductions.with_one(one)
            known = replace(known, scope=scope, introductions=introductions)
            names[number] = one.name
            del waiting[number]
        if len(waiting) == before:
            break
    return _Recurring(known, names) if names else None


def _with_forward(
    pair: tuple[Node, Node], known: Known, attempts: Attempts, beside: Beside, said: Statement
) -> tuple[Introduced, Scope] | None:
    """One of them, and the scope with it; None where it says nothing that can be taken."""
    head, body = pair
    first, sign = said.sides[0], said.sides[1].sign_token
    plainly = sign is not None and sign.value == DEFINING
    piece = partial(known.saying, head, body, beside, plainly=plainly)
    try:
        return read_by(attempts, piece, first.place, first.latex)
    except (IllFormed, Unreadable):
        return None


# Names that another part of a text has introduced, where a later one uses them.
#
# What part (a) says that p is, part (b) mostly means by p; but it may as well start anew. So a
# line that depends on it can be proved, with a note, and not refuted. Where two parts say
# different things of a name, none is taken.


PROBABILITIES = ("p", "P", "q")
MOST = 12  # that one statement leads to


@dataclass(frozen=True)
class Elsewhere:
    """A name that a part has introduced; ``one`` is None where parts say different things of it."""

    part: str
    one: Introduced | None

    @property
    def name_of_probability(self) -> bool:
        """Whether other variables may have it as well: p(x) beside p(y)."""
        return self.one is not None and self.one.name[:1] in PROBABILITIES

    @property
    def key(self) -> tuple[str, ...]:
        """All that it says, as text."""
        if self.one is None:
            return (self.part,)
        says = written(self.one.says) if self.one.says is not None else ""
        return (self.part, written(self.one.head), says, str(self.one.place))


def with_introduced(
    made: Iterable[Introduced], part: str, before: Mapping[str, Elsewhere]
) -> dict[str, Elsewhere]:
    """What parts have introduced so far, with what this one has."""
    found = dict(before)
    for one in made:
        known = found.get(one.name)
        other = known is not None and known.part != part and not _says_same(known.one, one)
        found[one.name] = Elsewhere(part, None if other or one.beside else one)
    return found


def _says_same(one: Introduced | None, other: Introduced) -> bool:
    if one is None or one.says is None or other.says is None:
        return False
    return (written(one.head), written(one.says)) == (written(other.head), written(other.says))


def with_other_parts(
    trees: Iterable[Node | None],
    part: str,
    elsewhere: Mapping[str, Elsewhere],
    known: Known,
) -> Known:
    """What is known with the names of a statement that other parts have introduced.

    ``trees`` are its sides.
    """
    left, *others = trees
    used = {name for tree in (left, *others) if tree is not None for name in names_in(tree)}
    for name in sorted(used & elsewhere.keys()):
        anew = left is not None and says_anew(left, name, known.scope)
        found = elsewhere[name]
        if anew or found.part == part or not _is_meant(found, (left, *others)):
            continue
        known = _with_other(name, part, elsewhere, known, MOST)
    return known


def _is_meant(found: Elsewhere, trees: Iterable[Node | None]) -> bool:
    """Whether a probability is taken of the same variables, in the same signs."""
    if found.one is None or not isinstance(found.one.head, Product):
        return found.one is not None
    if found.name_of_probability:
        head = unspaced(found.one.head)
        return any(head in unspaced(tree) for tree in trees if tree is not None)
    return True


def _with_other(
    name: str, part: str, elsewhere: Mapping[str, Elsewhere], known: Known, left: int
) -> Known:
    found = elsewhere[name]
    one = found.one
    if one is None or one.says is None or left <= 0 or is_known(name, known.scope):
        return known
    for other in sorted({*names_in(one.says)} & elsewhere.keys() - {name}):
        if elsewhere[other].part != part:
            known = _with_other(other, part, elsewhere, known, left - 1)
    try:
        made = known.saying(one.head, one.says)
    except (IllFormed, Unreadable):
        return known
    if made is None:
        return known
    again, scope = made
    what = f"is {name} here what part {found.part} says?"
    asked = Question(one.place, name, what, "say it again, or declare it above the first heading")
    introductions = known.introductions.with_one(replace(again, asked=asked, part=found.part))
    return replace(known, scope=scope, introductions=introductions)


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
_COMPARED = frozenset((">", "<", r"\ge", r"\le", r"\ne"))
_HEAD = re.compile(rf"\s*(?:[&:=<>≠≤≥∈∉⊥∥]|{RELATION_SIGNS})")
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
                doubt = doubt_about(each)
                if not _is_of_other_shape(self.parsed[each.span] or (), scope):
                    return doubt
                what = "is this another one than is declared, whose shape it does not have?"
                return Question(doubt.place, doubt.token, what, doubt.advice)
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
            compared = any({*each.signs} <= _COMPARED for each in relations)
            if found or compared or not relations:  # a, b > 0, or a alone: it is above zero
                others = (as_word(item) for item in items if not isinstance(item, Relation))
                found |= {name for each in others for name in _undeclared(each, scope)}
        return found if supposed.plainly else found - ranges(scope)


def _is_of_other_shape(items: Iterable[Node], scope: Scope) -> bool:
    """Whether an equality says of a declared name what it cannot be: ``y = (1, 2)`` of a number."""
    for item in items:
        if not isinstance(item, Relation) or item.signs != ("=",):
            continue
        try:
            name, value = (resolve(part, Environment(scope)) for part in item.parts)
        except (IllFormed, Unreadable):
            continue
        if isinstance(name, Reference) and value.shape and name.shape != value.shape:
            return not is_unsized(value) and value.shape != name.shape[::-1]
    return False


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
    said = Positive | NonZero | Between | OneOfTwo | Count | Symmetric | SumsTo
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
    if _says_not_zero(relation):
        said = {str(each.of) for each in scope.conditions if isinstance(each, Positive | NonZero)}
        return heads - said
    if heads and relation.signs in ((">",), (r"\ge",)):
        strict = relation.signs == (">",)
        return {each for each in heads if not _is_declared(each, others[0], strict, scope)}
    if heads or not plainly:
        return heads
    parts = (first, *others)
    return {name for part in parts for each in names_in(part) for name in _names_of(each, scope)}


def _says_not_zero(relation: Relation) -> bool:
    """Whether this is ``a \\ne 0``, or ``a^2 > 0``."""
    first, zero = relation.parts[:2]
    even = isinstance(first, Script) and first.sub is None and is_even(first)
    return relation.signs in ((r"\ne",), (">",) if even else ()) and unspaced(zero) == "0"


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
    return {unspaced(each) for each in items} == {low, "1"}


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
        return unspaced(self.head)

    @cached_property
    def says(self) -> str:
        """The right side, however it is spaced."""
        return unspaced(self.body)


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
