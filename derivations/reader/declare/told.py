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
from functools import partial

from derivations.reader.attempts import Attempts
from derivations.reader.declare.block import Known
from derivations.reader.declare.introduction import Beside, Introduced, introduced
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

    @property
    def name(self) -> str:
        """The left side, however it is spaced."""
        return "".join(written(self.head).split())

    @property
    def says(self) -> str:
        """The right side, however it is spaced."""
        return "".join(written(self.body).split())


def with_told(told: Sequence[Supposed], known: Known, attempts: Attempts) -> Known:
    """What is known with the names that these formulas say what they are.

    They may use one another, whatever their order is.
    """
    waiting: list[_Equation] = []
    for said in told:
        piece = partial(_equations, said)
        with suppress(Unreadable):
            waiting += read_by(attempts, piece, said.span.place, said.span.text)
    known = _without_two_meanings(waiting, known)
    waiting = [each for each in waiting if _is_said_once(each, waiting)]
    while waiting:
        left_over: list[_Equation] = []
        for each in waiting:
            after = _with_one(each, known, attempts)
            if after is None:
                left_over.append(each)
            else:
                known = after
        if len(left_over) == len(waiting):
            return known
        waiting = left_over
    return known


def _equations(said: Supposed) -> list[_Equation]:
    if _DOTS.search(said.span.text):
        return []
    return [
        _Equation(item.parts[0], item.parts[1], said.span, said.plainly or item.signs == (":=",))
        for item in listing(said.span).items
        if isinstance(item, Relation) and item.signs in _SIGNS
    ]


def _is_said_once(each: _Equation, among: Sequence[_Equation]) -> bool:
    """Whether it is the first that is said of its name, and all that is said is one thing."""
    all_ = [other for other in among if other.name == each.name]
    return each is all_[0] and all(other.says == each.says for other in all_)


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
    introductions = replace(known.introductions, made=made)
    return replace(known, scope=scope, introductions=introductions)


def _without(name: str, scope: Scope) -> Scope:
    things = {each: what for each, what in scope.things.items() if each != name}
    functions = {each: what for each, what in scope.functions.items() if each != name}
    return replace(scope, things=things, functions=functions)


def _with_one(each: _Equation, known: Known, attempts: Attempts) -> Known | None:
    """What is known with one of them; None where it says nothing that can be taken."""
    if each.name in known.told:
        return None
    nowhere = replace(known.introductions, mentioned=frozenset())

    def piece() -> tuple[Introduced, Scope] | None:
        known.lost.require_none((each.head, each.body), known.scope)
        return introduced(each.head, each.body, known.scope, nowhere, Beside(), plainly=False)

    try:
        found = read_by(attempts, piece, each.span.place, each.span.text)
    except (IllFormed, Unreadable):
        return None
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
