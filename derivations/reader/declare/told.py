"""Names that the text says what they are, beside the displays: ``Let $z = W x$``.

Such a formula is taken as a definition where nothing else says what the name is, as a display is
that says so: the first time, under no condition, and by more than a name or a number. Where no
word as let or define stands before it, it may as well be claimed of something else: a line that
depends on it can be proved and not refuted. A name of which the text says two things is neither.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache, partial

from derivations.reader.again.formulas import Remembered
from derivations.reader.attempts import Attempts
from derivations.reader.declare.block import Known
from derivations.reader.declare.introduction import Introduced
from derivations.reader.elaborate import IllFormed
from derivations.reader.formula import listing
from derivations.reader.problem import Question, Unreadable
from derivations.reader.refusal import read_by
from derivations.reader.scope import Scope
from derivations.reader.source import Span
from derivations.reader.supposed import Supposed
from derivations.reader.syntax import Node, Relation
from derivations.reader.written import written

_DOTS = re.compile(r"\\[lc]?dots(?![A-Za-z])|\.\.\.|…")
_SIGNS = (("=",), (":=",))


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


def with_told(
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
        if isinstance(item, Relation) and item.signs in _SIGNS
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
