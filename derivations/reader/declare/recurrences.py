"""Recurrences ``h_t = f(h_{t-1}, x_t)``: what their names mean, and how a statement uses them.

A name that is used one member further on, a *state*, stands for an arbitrary family: any values
at all members, that depend on all variables which the recurrence and its start have. A statement
about t is read with the states at the lowest member that it needs, ``h_{t-1}``, as members of that
family, and with what stands at later members, ``h_t``, written out by the recurrence. The true
values are one such family. So what is proved is true of them, for all t, as a step of induction is
that needs no hypothesis; what is not true of all families may still be true of them. It is never
refuted by such a family, but by itself at the first members: there it is read with everything
written out down to what is given. ``h_1`` and ``h_2`` are always read so. ``h_t = g(t)`` is proved
by induction, where it holds of what is given and ``f(g(t-1), x_t) = g(t)`` (`unrolled.py`).

A derivative by a variable is the whole one: the states before depend on it as well, in some way.
One by a state varies what is written out of it; where something else may depend on it, it is
refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from derivations.indices import IndexSet
from derivations.language.traversal import free_in
from derivations.language.tree import (
    Arbitrary,
    ArbitraryCall,
    Argument,
    Call,
    Definition,
    IndexVariable,
    Parameter,
    Reference,
    Shape,
    Table,
    Term,
    Variable,
)
from derivations.reader.declare.definitions import body_of, with_definition
from derivations.reader.declare.naming import symbol, with_thing
from derivations.reader.elaborate.environment import UNKNOWN
from derivations.reader.elaborate.shifts import named_in
from derivations.reader.problem import Unreadable
from derivations.reader.scope import Named, Scope, Step
from derivations.reader.syntax import Node, Script
from derivations.reader.written import written

Pair = tuple[Node, Node]  # the sides of a definition
_ADVICE = "write it as in define h_t = f(h_{t-1}, x_t), with h_0 declared above"


def awaits(left: Node, right: Node, held: Iterable[Pair], scope: Scope) -> bool:
    """Whether a definition uses a name at another member, or one of a definition that does."""
    names = {_name(each) for each, _ in (*held, (left, right))} - {""}
    for use in named_in(right):
        unknown = use.name not in scope.things
        if unknown and use.name in names and (use.letter == _letter(left) != ""):
            return True
        if unknown and use.by in (-1, 1) and use.letter == _letter(left) != "":
            return True
    return False


def _name(left: Node) -> str:
    return next((each.name for each in named_in(left) if each.at is left and not each.by), "")


def _letter(left: Node) -> str:
    return next((each.letter for each in named_in(left) if each.at is left and not each.by), "")


def is_closed(pairs: Sequence[Pair], scope: Scope) -> bool:
    """Whether nothing else is used at other members than what these definitions define."""
    names = {_name(left) for left, _ in pairs}
    used = {each.name for _, right in pairs for each in named_in(right) if each.by and each.letter}
    return bool(used & names) and all(each in names or each in scope.things for each in used)


def with_recurrence(pairs: Sequence[Pair], scope: Scope) -> Scope:
    """The scope with all names that these definitions define by one another."""
    first_left = pairs[0][0]
    letters = {_letter(left) for left, _ in pairs}
    letter = scope.letters.get(next(iter(letters))) if len(letters) == 1 else None
    if letter is None or letter.space.labels:
        what = "a recurrence over what?"
        raise Unreadable(first_left.at, written(first_left), what, "declare index t in 1..T")
    names = [_name(left) for left, _ in pairs]
    if len(set(names)) < len(names):
        raise Unreadable(first_left.at, written(first_left), "two definitions", "keep one")
    uses = [use for _, right in pairs for use in named_in(right) if use.name in names]
    steps = {use.by for use in uses if use.by}
    if steps not in ({-1}, {1}):
        what = "a recurrence in more than one step, or in two directions"
        raise Unreadable(first_left.at, written(first_left), what, _ADVICE)
    (step,) = steps
    states = {use.name for use in uses if use.by}
    found = _Declared(pairs, letter, step, scope)
    depends = _depends_on(found.with_states(states, ()), found)
    scope = found.with_states(states, depends)
    inside: dict[str, Step] = {}
    for name, (left, right) in zip(names, pairs, strict=True):
        if name in states:
            family = found.states[name]
            ends = (found.first, found.last)
            inside[name] = Step(letter, left, right, scope, -step, *ends, family)
        else:
            inside[name] = Step(letter, left, right, scope)
    return replace(scope, steps={**scope.steps, **inside})


def with_made_of(left: Node, right: Node, scope: Scope) -> Scope:
    """The scope where a definition that it has is one of what recurrences define."""
    letter = scope.letters.get(_letter(left))
    used = any(use.name in scope.steps for use in named_in(right))
    if letter is None or not used or _name(left) not in scope.things:
        return scope
    return replace(scope, steps={**scope.steps, _name(left): Step(letter, left, right, scope)})


@dataclass
class _Declared:
    """The definitions of one recurrence, and the families that its states are read as."""

    pairs: Sequence[Pair]
    letter: IndexVariable
    step: int
    before: Scope
    states: dict[str, Definition] = field(default_factory=dict)
    bodies: list[Term] = field(default_factory=list)

    @property
    def first(self) -> int | None:
        """The number of what is given; None where that is none."""
        lower = self.letter.space.lower
        return int(lower) - 1 if self.step == -1 and lower.is_Integer else None

    @property
    def last(self) -> str:
        """The size one behind which it is given; empty where that is none."""
        upper = self.letter.space.upper
        return str(upper.name) if self.step == 1 and upper.is_Symbol else ""

    def with_states(self, states: set[str], depends: Sequence[Variable]) -> Scope:
        """The scope with all names, the states as families that depend on some variables."""
        scope = self.before
        self.states.clear()
        self.bodies.clear()
        waiting = list(self.pairs)
        for left, _ in self.pairs:
            name = _name(left)
            if name in states:
                start = self._start(name, left)
                self.bodies.append(start)
                family, scope = self._family(name, start.shape, depends, scope)
                self.states[name] = family
                (over,) = family.parameters
                assert isinstance(over, IndexVariable)
                scope = with_thing(scope, name, Named((over,), Call(family, (over,))))
        while waiting:
            left_over: list[Pair] = []
            for left, right in waiting:
                try:
                    scope = self._with(left, right, scope)
                except Unreadable as problem:
                    if problem.what != UNKNOWN or len(waiting) == 1:
                        raise
                    left_over.append((left, right))
                    last = problem
            if len(left_over) == len(waiting):
                raise last
            waiting = left_over
        return scope

    def _with(self, left: Node, right: Node, scope: Scope) -> Scope:
        name = _name(left)
        if name in self.states:
            body = body_of(right, scope, left)
            self.bodies.append(body)
            if body.shape != self.states[name].body.shape:
                what = "it has another shape than its start"
                raise Unreadable(left.at, written(left), what, _ADVICE)
            return scope
        assert isinstance(left, Script)
        below = left.sub if left.sub is not None else left.sup
        scope = with_definition(Script(left.at, left.base, below), right, scope)
        self.bodies.append(scope.things[name].body)
        return scope

    def _start(self, name: str, left: Node) -> Term:
        """What is given of a state: h_0, or what stands at the end where it goes back."""
        space = self.letter.space
        number = str(space.lower - 1 if self.step == -1 else space.upper + 1).replace(" ", "")
        for known in (f"{name}_{{{number}}}", f"{name}^{{({number})}}"):
            if known in self.before.things and not self.before.things[known].letters:
                return self.before.things[known].body
        what = f"where does it start? nothing declares {name}_{number}"
        raise Unreadable(left.at, written(left), what, "declare that above it")

    def _family(
        self, name: str, shape: Shape, depends: Sequence[Variable], scope: Scope
    ) -> tuple[Definition, Scope]:
        """Any numbers, or arrays of a shape, at all members and the one that is given."""
        space = self.letter.space
        lower, upper = (
            (space.lower - 1, space.upper) if self.step == -1 else (space.lower, space.upper + 1)
        )
        around = IndexSet(f"{lower}..{upper}", lower, upper)
        plain, scope = symbol(scope, "thing", name, f"family {name} over {around}")
        over = IndexVariable(around, self.letter.name, self.letter.latex)
        axes = [IndexVariable(axis, "") if axis is not None else None for axis in shape]
        places = [axis for axis in axes if axis is not None]
        inside: list[Parameter] = [replace(each) for each in (over, *places)]
        inside += [replace(each) for each in depends]
        function = Arbitrary(plain, tuple(inside), (f"{name}_{{", 0, "}"))
        arguments: tuple[Argument, ...] = (over, *places, *map(Reference, depends))
        body: Term = ArbitraryCall(function, arguments)
        if shape:
            row, column = axes
            body = Table((row, column), body)
        return Definition(plain, (over,), body, (f"{name}_{{", 0, "}"), scope.names), scope


def _depends_on(scope: Scope, found: _Declared) -> tuple[Variable, ...]:
    """The variables that the formulas of a recurrence and its start depend on."""
    free = free_in(*found.bodies)
    left = found.pairs[0][0]
    others = [each.name for each in free.indices if each not in (found.letter,)]
    several = [each.name for each in free.variables if each.over is not None]
    if others or several:
        what = f"a recurrence that depends on {', '.join((*others, *several))}"
        raise Unreadable(left.at, written(left), f"{what} is not read", _ADVICE)
    return tuple(sorted(free.variables, key=lambda each: each.name))
