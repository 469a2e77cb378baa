"""Recurrences ``h_t = f(h_{t-1}, x_t)``: their definition, and index shifts in a syntax tree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace

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
from derivations.reader.declare.function_definitions import body_of, with_definition
from derivations.reader.elaborate.environment import UNKNOWN
from derivations.reader.scope import (
    Named,
    Scope,
    Step,
    is_numeral,
    letter_of,
    raised_name,
    symbol,
    with_thing,
)
from derivations.reader.source import Unreadable
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

# A letter shifted by a whole number, or put to one, in a syntax tree; and names so many on.


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
