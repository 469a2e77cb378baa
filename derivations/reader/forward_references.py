"""Forward and cross references: names bound behind what uses them, or in another part.

Recurrences that displays introduce are among them: each is used in the step that defines it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice

from derivations.reader.attempts import Attempts
from derivations.reader.declare.block import Known
from derivations.reader.declare.introduction import (
    Beside,
    Introduced,
    beside_number,
    introduced_in_steps,
    is_known,
    is_marked,
    is_new_family,
    names_in,
    says_anew,
)
from derivations.reader.declare.recurrences import Pair, awaits, is_closed, with_recurrence
from derivations.reader.display import Statement, statements
from derivations.reader.elaborate import IllFormed
from derivations.reader.elaborate.environment import read_by
from derivations.reader.scope import Scope, raised_name
from derivations.reader.segmentation import Chain
from derivations.reader.source import Question, Unreadable
from derivations.reader.statement_scope import DEFINING, is_plain, tree_of
from derivations.reader.syntax import Leaf, Node, Product, Script, written

# Recurrences that displays introduce: ``a_t = U x_t + W h_{t-1}`` and ``h_t = \tanh(a_t)``.
#
# The rows of a display that say what undeclared names are, by one another at other members, are
# taken for the lines of one recurrence, as they would be where these names are declared so. So
# are displays one behind the other that do nothing else. A name may be that of a number as well:
# h_t beside a size h.


MOST_TOGETHER = 16  # displays that are searched for the lines of one recurrence
_STEP = re.compile(r"[-+]\s*1\s*[})]")


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
    if first.series or not any(map(_has_step, run)):
        return [first]
    held: list[Statement] = []
    ends: list[int] = []  # how many statements there are up to the end of each chain
    for each in run:
        new = _alone(each, known, attempts, beside)
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


def _has_step(chain: Chain) -> bool:
    return any(_STEP.search(display.span.text) for display in chain.displays)


def _alone(chain: Chain, known: Known, attempts: Attempts, beside: Beside) -> list[Statement]:
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
            known.lost.require_none(pair, known.scope)
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
        head = "".join(written(found.one.head).split())
        return any(head in "".join(written(tree).split()) for tree in trees if tree is not None)
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
