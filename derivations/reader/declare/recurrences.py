"""Recurrences ``h_t = f(h_{t-1}, x_t)``: their definition, index shifts, proof by induction.

A statement is read in one step and at the first members.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from fractions import Fraction
from itertools import product

from sympy import Integer

from derivations.claim import AtLeast, Claim, OfData
from derivations.indices import IndexSet
from derivations.language.traversal import free_in
from derivations.language.tree import (
    Arbitrary,
    ArbitraryCall,
    Argument,
    Call,
    Definition,
    IndexVariable,
    Member,
    Number,
    Offset,
    Parameter,
    Reference,
    Shape,
    Table,
    Term,
    Variable,
)
from derivations.reader.declare.definitions import body_of, with_definition
from derivations.reader.environment import (
    UNKNOWN,
    Named,
    Scope,
    Step,
    is_numeral,
    letter_of,
    raised_name,
    symbol,
    with_thing,
)
from derivations.reader.source import AnyValues, Unreadable
from derivations.reader.syntax import (
    Content,
    Group,
    Leaf,
    Node,
    Product,
    Script,
    Terms,
    inner,
    rebuilt,
    written,
)

PLUS, MINUS = "+", "-"


@dataclass(frozen=True)
class Written:
    """A name with a letter and a whole number below it, or in parentheses above: ``h_{t-1}``.

    Where there is no letter, ``by`` is the number itself. ``name`` is that without, ``whole`` with
    what stands there; ``at`` is the node.
    """

    name: str
    letter: str
    by: int
    whole: str
    at: Node


def named_in(node: Node) -> Iterator[Written]:
    """The names with a letter or number below or above them, in reading order."""
    if isinstance(node, Script) and not node.primes:
        found = _member(node)
        if found is not None:
            yield found
    for part in inner(node):
        yield from named_in(part)


def _member(node: Script) -> Written | None:
    below = node.sub.only if node.sub is not None else None
    name, whole = raised_name(node.base), raised_name(Script(node.at, node.base, node.sub))
    if node.sub is None and node.sup is not None:
        above = node.sup.only
        if not isinstance(above, Group) or above.bracket != "(":
            return None
        below, whole = above.content.only, raised_name(node)
    counted = _counted(below) if below is not None else None
    return None if counted is None else Written(name, *counted, whole, node)


def entries_apart(node: Node, letters: Mapping[str, str]) -> Node:
    """The same with entries of members of families written in two steps: ``(h_t)_k`` of h_{t,k}.

    ``letters`` has the names of these families, each with the letter for its members.
    """

    def is_member(letter: str, at: Node | None) -> bool:
        counted = _counted(at) if at is not None else None
        return counted is not None and counted[0] in ("", letter)

    def apart(each: Node) -> Node:
        letter = letters.get(raised_name(each.base)) if isinstance(each, Script) else None
        if not isinstance(each, Script) or letter is None or not each.sub:
            return each
        first, *rest = each.sub.items
        above = each.sup.only if each.sup is not None else None
        if rest and is_member(letter, first):
            member = Script(each.at, each.base, Content(each.sub.at, (first,)))
            below = Content(each.sub.at, tuple(rest), each.sub.separators[1:])
            raised = each.sup
        elif _in_brackets(above) is not None and is_member(letter, _in_brackets(above)):
            member = Script(each.at, each.base, None, each.sup)
            below, raised = each.sub, None
        else:
            return each
        inside = Group(each.at, "(", Content(each.at, (member,)))
        return Script(each.at, inside, below, raised, each.primes)

    return rebuilt(node, apart)


def _in_brackets(above: Node | None) -> Node | None:
    """The ``t`` of ``(t)``."""
    return above.content.only if isinstance(above, Group) and above.bracket == "(" else None


def _counted(node: Node) -> tuple[str, int] | None:
    """The letter and the number of ``t - 1``, ``t`` and ``1``."""
    terms = zip(node.signs, node.parts, strict=True) if isinstance(node, Terms) else [("+", node)]
    letter, by = "", 0
    for sign, part in terms:
        if letter_of(part):
            if letter or sign != PLUS:
                return None
            letter = letter_of(part)
        elif is_numeral(part):
            assert isinstance(part, Leaf)
            by += int(part.text) if sign == PLUS else -int(part.text)
        else:
            return None
    return letter, by


def shifted(node: Node, letter: str, by: int) -> Node:
    """The same with so many more than a letter in its place."""
    return node if not by else _put(node, letter, letter, by)


def moved(node: Node, letter: str, other: str, by: int = 0) -> Node:
    """The same with so many more than another letter, or a size, in the place of a letter."""
    return _put(node, letter, other, by)


def at_number(node: Node, letter: str, number: int) -> Node:
    """The same with a number in the place of a letter."""
    return _put(node, letter, "", number)


def _put(node: Node, letter: str, other: str, by: int) -> Node:
    if isinstance(node, Leaf) and letter_of(node) == letter:
        return _sum(node, other, by)
    if isinstance(node, Script) and not (node.sub or node.sup) and letter_of(node) == letter:
        return _sum(node, other, by)
    changed: dict[str, object] = {}
    for each in fields(node):
        value = getattr(node, each.name)
        new = _within(value, letter, other, by)
        if new is not value:
            changed[each.name] = new
    if isinstance(node, Script) and node.sub is not None and letter_of(node.base) == letter:
        changed.pop("base", None)  # a name of its own
    if not changed:
        return node
    found = replace(node, **changed)  # type: ignore[arg-type]  # each keeps its kind
    match found:
        case Terms():
            return _added_up(found)
        case Product(factors=factors):
            return replace(found, factors=tuple(map(_in_parentheses, factors)))
        case Script(base=base):
            return replace(found, base=_in_parentheses(base))
    return found


def _in_parentheses(node: Node) -> Node:
    """A sum in parentheses; anything else as it is."""
    return Group(node.at, "(", Content(node.at, (node,))) if isinstance(node, Terms) else node


def _within(value: object, letter: str, other: str, by: int) -> object:
    """The same of what a node is made of."""
    if isinstance(value, Node):
        return _put(value, letter, other, by)
    if isinstance(value, tuple):
        new = tuple(_within(each, letter, other, by) for each in value)
        return value if all(a is b for a, b in zip(value, new, strict=True)) else new
    return value


def _sum(at: Node, letter: str, by: int) -> Node:
    if not letter:
        number = Leaf(at.at, "NUMBER", str(abs(by)))
        return number if by >= 0 else Terms(at.at, (MINUS,), (number,))
    mine = Leaf(at.at, "LETTER", letter)
    if not by:
        return mine
    sign = PLUS if by > 0 else MINUS
    return Terms(at.at, (PLUS, sign), (mine, Leaf(at.at, "NUMBER", str(abs(by)))))


def _added_up(terms: Terms) -> Node:
    """Terms without sums among them, their whole numbers added up."""
    flat: list[tuple[str, Node]] = []
    for sign, part in zip(terms.signs, terms.parts, strict=True):
        inside = (
            zip(part.signs, part.parts, strict=True) if isinstance(part, Terms) else [(PLUS, part)]
        )
        flat += [(PLUS if sign == one else MINUS, each) for one, each in inside]
    number = sum(
        (1 if sign == PLUS else -1) * int(part.text)
        for sign, part in flat
        if isinstance(part, Leaf) and is_numeral(part)
    )
    others = [(sign, part) for sign, part in flat if not is_numeral(part)]
    if number or not others:
        sign = PLUS if number >= 0 else MINUS
        others.append((sign, Leaf(terms.at, "NUMBER", str(abs(number)))))
    if len(others) == 1 and others[0][0] == PLUS:
        return others[0][1]
    return Terms(terms.at, tuple(sign for sign, _ in others), tuple(part for _, part in others))


# Recurrences ``h_t = f(h_{t-1}, x_t)``: what their names mean, and how a statement uses them.
#
# A name that is used one member further on, a *state*, stands for an arbitrary family: any values
# at all members, that depend on all variables which the recurrence and its start have. A
# statement about t is read with the states at the lowest member that it needs, ``h_{t-1}``, as
# members of that family, and with what stands at later members, ``h_t``, written out by the
# recurrence. The true values are one such family. So what is proved is true of them, for all t,
# as a step of induction is that needs no hypothesis; what is not true of all families may still
# be true of them. It is never refuted by such a family, but by itself at the first members: there
# it is read with everything written out down to what is given. ``h_1`` and ``h_2`` are always
# read so. ``h_t = g(t)`` is proved by induction, where it holds of what is given and ``f(g(t-1),
# x_t) = g(t)`` (`induction.py`).
#
# A derivative by a variable is the whole one: the states before depend on it as well, in some way.
# One by a state varies what is written out of it; where something else may depend on it, it is
# refused.


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
    found.with_states(states, ())  # which elaborates the bodies
    depends = _depends_on(found)
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


def _depends_on(found: _Declared) -> tuple[Variable, ...]:
    """The variables that the formulas of a recurrence and its start depend on."""
    free = free_in(*found.bodies)
    left = found.pairs[0][0]
    others = [each.name for each in free.indices if each not in (found.letter,)]
    several = [each.name for each in free.variables if each.over is not None]
    if others or several:
        what = f"a recurrence that depends on {', '.join((*others, *several))}"
        raise Unreadable(left.at, written(left), f"{what} is not read", _ADVICE)
    return tuple(sorted(free.variables, key=lambda each: each.name))


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
