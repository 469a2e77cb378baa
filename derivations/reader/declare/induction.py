"""Proof by induction for recurrences: a statement in one step, and at the first members.

What `recurrences.py` says of the states, a statement is read by: at the lowest member that it
needs they are any values, and what stands at later ones is written out by the recurrence.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import product

from sympy import Integer

from derivations.claim import Claim
from derivations.indices import IndexSet
from derivations.language.data_conditions import AtLeast, OfData
from derivations.language.traversal import free_in
from derivations.language.tree import (
    Arbitrary,
    ArbitraryCall,
    Call,
    Definition,
    IndexVariable,
    Member,
    Number,
    Offset,
    Table,
    Term,
    Variable,
)
from derivations.reader.declare.function_definitions import body_of
from derivations.reader.declare.recurrences import Written, at_number, moved, named_in, shifted
from derivations.reader.scope import Named, Scope, Step, letter_of
from derivations.reader.source import AnyValues, Unreadable
from derivations.reader.syntax import Content, Leaf, Node, Script, inner, written

MOST_STEPS = 6  # that are written out from what is given
Trees = tuple[Node, Node]


def in_steps(trees: Sequence[Node], scope: Scope) -> Scope:
    """The scope in which a statement is read, what recurrences define written out in it."""
    uses = [use for tree in trees for use in named_in(tree) if use.name in scope.steps]
    if not uses:
        return scope
    summed = {each for tree in trees for each in _summed_over(tree)}
    found = _WrittenOut(scope)
    exact: dict[str, Named] = {}
    for use in uses:
        if found.is_reached(use):
            exact[use.whole] = Named((), found.at(use.name, use.letter, use.by))
        elif use.letter not in summed and found.runs_over(use):
            found.lower(use)
    found.settle()
    for use in uses:
        if (use.name, use.letter, use.by) in found.met:
            exact[use.whole] = Named((), found.on(use.name, use.letter, use.by))
    return replace(scope, things={**scope.things, **exact}, reached=found.reached)


def _summed_over(node: Node) -> Iterator[str]:
    """The letters that stand below sums, products and the like."""
    match node:
        case Script(base=Leaf(kind="SUM" | "PROD" | "FUNCTION"), sub=Content() as below):
            yield from _letters_of(below)
    for part in inner(node):
        yield from _summed_over(part)


def _letters_of(node: Node) -> Iterator[str]:
    if letter_of(node):
        yield letter_of(node)
    for part in inner(node):
        yield from _letters_of(part)


def within(trees: Sequence[Node], scope: Scope) -> Iterator[tuple[str, Scope]]:
    """The scopes in which a letter runs over a part of its range, where others are so many on.

    ``x_{t+1} - x_t`` is said of all t for which both are there; so is ``y_t`` where y begins later.
    """
    uses = [use for tree in trees for use in named_in(tree) if use.letter]
    summed = {each for tree in trees for each in _summed_over(tree)}
    needed = [(use.letter, *_ends_of(use, scope)) for use in uses if use.letter not in summed]
    needed = [each for each in needed if any(each[1:])]
    letters = {name for name, _, _ in needed}
    letter = scope.letters.get(letters.pop()) if len(letters) == 1 else None
    if letter is None or letter.space.labels:
        return
    least = min(0, *(low for _, low, _ in needed))
    most = max(0, *(high for _, _, high in needed))
    lower, upper = letter.space.lower, letter.space.upper
    for below, above in sorted(product(range(1 - least), range(1 + most)), key=sum):
        if below or above:
            name = f"{lower + below}..{upper - above}"
            part = IndexSet(name, lower + below, upper - above, inhabited=False)
            mine = replace(letter, space=part)
            yield (
                f"{letter.name} in {name}",
                replace(scope, letters={**scope.letters, letter.latex: mine}),
            )


def _ends_of(use: Written, scope: Scope) -> tuple[int, int]:
    """How far before and behind the ends of the range of its letter a use may reach.

    A family that is there for a part of the range begins so much later, and ends sooner.
    """
    known, letter = scope.things.get(use.name), scope.letters.get(use.letter)
    space = None if known is None else _range_of(known)
    if space is None or letter is None:
        return use.by, use.by
    own = letter.space
    low, high = space.lower - own.lower, own.upper - space.upper
    if not (low.is_Integer and high.is_Integer):
        return use.by, use.by
    return use.by - int(low), use.by + int(high)


def _range_of(known: Named) -> IndexSet | None:
    """The members that a family has, or a vector; None of anything else."""
    if known.letters:
        return known.letters[0].space if len(known.letters) == 1 else None
    match known.body.shape:
        case (IndexSet() as space, None):
            return space
    return None


@dataclass
class _WrittenOut:
    """The terms of one statement.

    ``floor`` has, for each letter and direction, the lowest member at which states are needed, as
    many on from the letter in that direction; ``met`` is all that is needed.
    """

    scope: Scope
    floor: dict[tuple[str, int], int] = field(default_factory=dict)
    met: set[tuple[str, str, int]] = field(default_factory=set)
    terms: dict[tuple[str, str, int], Term] = field(default_factory=dict)
    reached: dict[Definition, tuple[int, int]] = field(default_factory=dict)

    def is_reached(self, use: Written) -> bool:
        """Whether a member with a number, or a size, is written out down to what is given."""
        if use.letter in self.scope.letters:
            return False
        step = self.scope.steps[use.name]
        if step.state is None:
            inside = named_in(moved(step.right, step.letter.latex, use.letter, use.by))
            return all(map(self._is_known, (e for e in inside if e.name in self.scope.steps)))
        if step.direction < 0:
            return bool(step.last) and use.letter == step.last and -MOST_STEPS < use.by <= 0
        reach = None if step.first is None else use.by - step.first
        return reach is not None and not use.letter and 0 < reach <= MOST_STEPS

    def _is_known(self, use: Written) -> bool:
        return use.whole in self.scope.steps[use.name].scope.things or self.is_reached(use)

    def runs_over(self, use: Written) -> bool:
        """Whether the letter of a use is the one that the recurrence was declared with."""
        letter, known = self.scope.steps[use.name].letter, self.scope.letters.get(use.letter)
        if known is None or known.space.labels or use.letter != letter.latex:
            return False
        ends = known.space.lower - letter.space.lower, letter.space.upper - known.space.upper
        return all(bool(each.is_nonnegative) for each in ends)

    def lower(self, use: Written) -> None:
        """Take account of one use, and of what it is made of."""
        key = (use.name, use.letter, use.by)
        if key in self.met:
            return
        self.met.add(key)
        step = self.scope.steps[use.name]
        if step.state is not None:
            place = (use.letter, step.direction)
            self.floor[place] = min(use.by * step.direction, self.floor.get(place, MOST_STEPS))
        else:
            self._lower_inside(use, step)

    def _lower_inside(self, use: Written, step: Step) -> None:
        for each in named_in(shifted(step.right, step.letter.latex, use.by)):
            if each.name in self.scope.steps and each.letter == use.letter:
                self.lower(each)

    def settle(self) -> None:
        """Take account of what states are written out to; two that are coupled are a step on."""
        states = [step for step in self.scope.steps.values() if step.state is not None]
        for letter, direction in list(self.floor):
            coupled = [each for each in states if each.direction == direction]
            if len(coupled) > 1:
                place = (letter, direction)
                self.floor[place] = min(self.floor[place], -1)
        before = -1
        while before != len(self.met):
            before = len(self.met)
            for name, letter, by in list(self.met):
                step = self.scope.steps[name]
                above = by * step.direction > self.floor.get((letter, step.direction), by)
                if step.state is not None and above:
                    self._lower_inside(Written(name, letter, by, "", step.left), step)

    def on(self, name: str, letter: str, by: int) -> Term:
        """A name so many members on from a letter."""
        key = (name, letter, by)
        if key not in self.terms:
            self.terms[key] = self._on(name, letter, by)
        return self.terms[key]

    def _on(self, name: str, letter: str, by: int) -> Term:
        step, mine = self.scope.steps[name], self.scope.letters[letter]
        if step.state is not None and by * step.direction <= self.floor[letter, step.direction]:
            at: Member = Offset(mine, Number(Fraction(by))) if by else mine
            return Call(step.state, (at,))
        right = shifted(step.right, step.letter.latex, by)
        exact = {
            use.whole: Named((), self.on(use.name, letter, use.by))
            for use in named_in(right)
            if use.name in self.scope.steps and use.letter == letter
        }
        inside = replace(step.scope, letters={**step.scope.letters, letter: mine})
        body = body_of(right, replace(inside, things={**inside.things, **exact}), step.left)
        return self._named(f"{name}_{{{_below(letter, by)}}}", (mine,), body, step, by)

    def _named(
        self, name: str, letters: tuple[IndexVariable, ...], body: Term, step: Step, by: int
    ) -> Term:
        definition = Definition(name, letters, body, (name,), step.scope.names)
        if step.state is not None:
            self.reached[definition] = by * step.direction, step.direction
        return Call(definition, letters)

    def at(self, name: str, size: str, number: int) -> Term:
        """A name at a member that has a number, or is so many on from a size."""
        key = (name, size, number)
        if key not in self.terms:
            step = self.scope.steps[name]
            right = moved(step.right, step.letter.latex, size, number)
            exact = {
                use.whole: Named((), self.at(use.name, use.letter, use.by))
                for use in named_in(right)
                if use.name in self.scope.steps and use.whole not in step.scope.things
            }
            things = {**step.scope.things, **exact}
            inside = replace(step.scope, things=things, conditions=self.scope.conditions)
            body = body_of(right, inside, step.left)
            below = _below(size, number)
            self.terms[key] = self._named(f"{name}_{{{below}}}", (), body, step, number)
        return self.terms[key]


def _below(letter: str, by: int) -> str:
    """What stands below a name: ``t - 1``, ``t``, ``1``."""
    if not letter or not by:
        return letter or str(by)
    return f"{letter} {'-' if by < 0 else '+'} {abs(by)}"


# What is asked of a statement, and how it is decided all the same ---------------------------------


def any_values(at: Node, left: Term, right: Term, scope: Scope) -> AnyValues | None:
    """What is asked of sides in which members of a recurrence stand that may be any."""
    met = free_in(left, right).functions
    names = [name for name, step in scope.steps.items() if _family(step) in met]
    if not names:
        return None
    what = f"the values of {names[0]} before are read as any that there may be"
    advice = "write it for the first members, with all of them written out"
    return AnyValues(at.at, written(at)[:40], what, advice)


def _family(step: Step) -> Arbitrary | None:
    """The arbitrary function that a state is read as."""
    body = step.state.body if step.state is not None else None
    while isinstance(body, Table):
        body = body.body
    return body.function if isinstance(body, ArbitraryCall) else None


def _depends(states: Iterable[Definition]) -> set[Variable]:
    """The variables that the values of states depend on."""
    return {each for state in states for each in free_in(state.body).variables}


def at_first_members(
    claim: Claim, trees: Trees, scope: Scope
) -> Iterator[tuple[str, Trees, Scope]]:
    """What a statement says where all is written out, at the members that are first.

    Where a derivative is taken by what the states depend on, at the very first alone: some mean
    that what was before is held fixed, and there nothing is. So are arrays, which grow too large.
    """
    letter = _only_letter(claim, trees, scope)
    if letter is None:
        return
    varied = free_in(*claim.terms).varied
    states = [step.state for step in scope.steps.values() if step.state is not None]
    alone = not _depends(states).isdisjoint(varied) or any(each.body.shape for each in states)
    uses = [use.by for tree in trees for use in named_in(tree) if use.letter == letter.latex]
    lower, upper = letter.space.lower, letter.space.upper
    backwards = any(step.last == str(upper) for step in scope.steps.values())
    starts = [("", int(lower)), ("", int(lower) + 1)] if lower.is_Integer else []
    if backwards:
        starts = [(str(upper), 0), (str(upper), -1)]
    for size, number in starts[:1] if alone else starts:
        one, other = (moved(tree, letter.latex, size, number) for tree in trees)
        if _names_anew(trees, (one, other), scope):
            return
        conditions = scope.conditions
        if upper.is_Symbol:
            enough = 1 - number - min(0, *uses) if size else number + max(0, *uses)
            conditions = (*conditions, AtLeast(upper, Integer(max(1, enough))))
        try:
            inside = in_steps((one, other), replace(scope, conditions=conditions))
        except Unreadable:
            return
        yield f"{letter.name} = {_below(size, number)}", (one, other), inside


def _names_anew(before: Trees, after: Trees, scope: Scope) -> bool:
    """Whether a name with another one below it is now one that was declared by itself, as x_1."""
    known = {use.whole for tree in before for use in named_in(tree)}
    uses = [use for tree in after for use in named_in(tree) if use.whole not in known]
    return any(use.whole in scope.things and use.name not in scope.steps for use in uses)


def _only_letter(claim: Claim, trees: Iterable[Node], scope: Scope) -> IndexVariable | None:
    """The letter that a statement about a recurrence is for all of, under no condition on it."""
    uses = [use for tree in trees for use in named_in(tree)]
    letters = {use.letter for use in uses if use.name in scope.steps} - {""}
    if any(not isinstance(each, OfData) for each in claim.conditions) or len(letters) != 1:
        return None
    return scope.letters.get(letters.pop())


def by_induction(claim: Claim, trees: Trees, scope: Scope) -> Iterator[tuple[str, Trees, Scope]]:
    """``h_t = g(t)`` at what is given, and as ``f(g(t-1), x_t) = g(t)``: together it is proved."""
    left, right = trees
    (use, *others) = [*named_in(left), None]
    letter = _only_letter(claim, trees, scope)
    if letter is None or use is None or use.at is not left or use.by or others != [None]:
        return
    step = scope.steps.get(use.name)
    if step is None or step.state is None or step.first is None:
        return
    mine = [each for each in named_in(right) if each.name == use.name]
    if any(each.whole not in step.scope.things for each in mine):
        return
    first, last = (at_number(each, letter.latex, step.first) for each in trees)
    if _names_anew(trees, (first, last), scope):
        return
    before = shifted(right, letter.latex, -1)
    found = _WrittenOut(scope)
    found.lower(use)
    found.floor[use.letter, 1] = -1
    found.settle()
    try:
        body = body_of(before, in_steps((before,), scope), left)
        name = f"{use.name}_{{{letter.latex} - 1}}"
        value = Call(Definition(name, (letter,), body, (name,), scope.names), (letter,))
        found.terms[use.name, use.letter, -1] = value
        exact = {use.whole: Named((), found.on(use.name, use.letter, 0))}
        inside = in_steps((right,), scope)
    except Unreadable:
        return
    yield f"{letter.name} = {step.first}", (first, last), in_steps((first, last), scope)
    yield f"a step of {letter.name}", trees, replace(inside, things={**inside.things, **exact})
