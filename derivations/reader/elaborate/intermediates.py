"""Intermediates: a formula as a function of one of its parts, the graph of definitions cut there.

The derivative of J by z, where ``define z = W x + b``, varies z and what is computed from it,
and holds fixed all else that J mentions, W and x as well. That is the derivative of J as a
function of z alone, and it is what chain rules are made of (Griewank and Walther, Evaluating
Derivatives, 3.2: adjoints of the nodes of a graph). Of a part that has no name, nobody says
what is held fixed: there J must depend on it in no other way.

In a sum over paths, ``dJ/du du/dx + dJ/dw dw/dx`` where u is made of w, each path is counted
once: du/dx holds w fixed, whose derivative has a term of its own (there, 3.1: the partial
derivatives along the edges of the graph). Who means another thing writes the same, so that such
a line can be proved and not refuted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from weakref import WeakSet

from derivations.indices import Names
from derivations.language.traversal import (
    Closed,
    abstracted,
    abstracted_family,
    free_in,
    parts,
    same,
)
from derivations.language.tree import (
    Arbitrary,
    ArbitraryCall,
    Argument,
    Call,
    Definition,
    Derivative,
    Entry,
    IndexVariable,
    Mapped,
    Number,
    Offset,
    Plus,
    Reference,
    Row,
    Rows,
    Term,
    Transpose,
    Variable,
    vector_axis,
)
from derivations.reader.environment import (
    LOSSES,
    Environment,
    IllFormed,
    name_of,
    plain_name,
    raised_name,
    resolve,
    unknown,
)
from derivations.reader.source import Question, Unreadable
from derivations.reader.syntax import Accented, Leaf, Node, Script, written

_DEFINE = "define it as a function of that"


def function_of_part(of: Term, part: Term, whole: Node, here: Environment) -> tuple[Term, Variable]:
    """A term as a function of one of its parts; of one that has no name, in no other way."""
    name = part.definition.name if isinstance(part, Call) else "part"
    try:
        found = abstracted(of, part, plain_name(name), name)
    except Closed:
        found = None
    if found is None:
        what = "it is not written in terms of what it is differentiated by"
        raise Unreadable(whole.at, written(whole), what, _DEFINE)
    if isinstance(part, Call):
        _require_no_later(found[0], part, whole, here)
    rest, own = free_in(found[0]), free_in(part)
    beside = [each.name for each in own.variables if each in rest.variables]
    if not own.variables or (beside and (not _abbreviates(part) or _stands_again(found[0], part))):
        what = f"it depends on {', '.join(beside) or 'no variable'} in other ways as well"
        raise Unreadable(whole.at, written(whole), f"{what}: what is held fixed?", _DEFINE)
    if beside:
        held = ", ".join(beside)
        here.mention(f"{written(whole)}: {name} varies and what is made of it, {held} held fixed")
    if isinstance(of, ArbitraryCall) and part in of.arguments and _depends_twice(of, part):
        what = f"is {name} varied in the other arguments of {of.function.name} as well?"
        here.question(Question(whole.at, written(whole), what, _DEFINE))
    return found


@dataclass(frozen=True)
class FamilyPart:
    """A term as a function of all vectors of a family, as the rows of a matrix."""

    of: Term
    rows: Variable
    member: IndexVariable
    values: Term


def function_of_family(of: Term, part: Term, whole: Node, here: Environment) -> FamilyPart | None:
    """The same where ``z_i`` is defined for each i: each member is a node of the graph.

    None for what is no such family, or one that a recurrence defines: there a member is made of
    another one.
    """
    if not isinstance(part, Call) or len(part.definition.parameters) != 1:
        return None
    family, (member,) = part.definition, part.arguments
    over = family.parameters[0]
    steps = {step.state for step in here.scope.steps.values()}
    column = vector_axis(family.body.shape) is not None and family.body.shape[1:] == (None,)
    if not isinstance(member, IndexVariable) or not isinstance(over, IndexVariable) or not column:
        return None
    if here.scope.steps or family in steps or member.space != over.space:
        return None
    if set(free_in(family.body).indices) - {over}:
        return None
    try:
        found = abstracted_family(of, family, plain_name(family.name), family.name)
    except Closed:
        what = f"it depends on other members of {family.name} as well, in a way that is not read"
        raise Unreadable(whole.at, written(whole), what, _DEFINE) from None
    if found is None:
        return None
    rest, own = free_in(found[0]), free_in(part)
    if not own.variables or _stands_again(found[0], part):
        return None
    beside = [each.name for each in own.variables if each in rest.variables]
    if beside:
        held = ", ".join(beside)
        name = family.name
        here.mention(f"{written(whole)}: {name} varies and what is made of it, {held} held fixed")
    return FamilyPart(found[0], found[1], member, _all_members(family, over))


@lru_cache(maxsize=256)
def _all_members(family: Definition, over: IndexVariable) -> Term:
    """The matrix of all vectors of a family; made once, so that two layouts of it are the same."""
    letter = replace(over)
    return Rows(letter, Call(family, (letter,)))


def _require_no_later(rest: Term, part: Call, whole: Node, here: Environment) -> None:
    """Refuse what may depend on a state of a recurrence and is not written out down to it.

    Before it, at members so many before the same letter, nothing does; another state at the same
    member may be made of it, and is held fixed, or not.
    """
    steps = here.scope.steps.values()
    states = {step.state: step.direction for step in steps if step.state is not None}
    if part.definition not in states and part.definition not in here.scope.reached:
        return
    mine = _reached(part, states, here)
    for each in _calls_of(rest, states):
        other = _reached(each, states, here) if each is not None else None
        if mine is None or other is None or other.letter is not mine.letter or other.by > mine.by:
            what = f"another member of a recurrence may depend on {part.definition.name}"
            advice = "write the derivative of one member by the one before it"
            raise Unreadable(whole.at, written(whole), what, advice)
        if other.by == mine.by:
            what = f"is {each.definition.name if each else ''} held fixed?"
            here.question(Question(whole.at, written(whole), what, _DEFINE))


@dataclass(frozen=True)
class _Reached:
    """A member of a recurrence: so many on from a letter, in the direction in which it goes."""

    letter: IndexVariable | None
    by: int
    direction: int


def _reached(call: Call, states: Mapping[Definition, int], here: Environment) -> _Reached | None:
    known = here.scope.reached.get(call.definition)
    if known is not None:
        letter = call.arguments[0] if call.arguments else None
        return _Reached(letter if isinstance(letter, IndexVariable) else None, *known)
    direction = states[call.definition]
    match call.arguments:
        case (IndexVariable() as letter,):
            return _Reached(letter, 0, direction)
        case (Offset(letter, Number(by)),):
            return _Reached(letter, int(by) * direction, direction)
    return None


def _calls_of(term: Term, states: Mapping[Definition, int]) -> Iterator[Call | None]:
    """The states in a term, those in its definitions as well; None where it is not told which."""
    waiting = [term]
    while waiting:
        each = waiting.pop()
        waiting += parts(each)
        if isinstance(each, Call) and each.definition in states:
            yield each
        elif isinstance(each, Call | Mapped):
            inside = list(_calls_of(each.definition.body, states))
            given = each.arguments if isinstance(each, Call) else ()
            pairs = zip(each.definition.parameters, given, strict=False)
            same_letters = all(
                one is other for one, other in pairs if isinstance(one, IndexVariable)
            )
            yield from inside if same_letters or not inside else [None]


def _abbreviates(part: Term) -> bool:
    """Whether a part is a name that abbreviates something, and no function at an argument."""
    return isinstance(part, Call) and not any(isinstance(a, Term) for a in part.arguments)


def _depends_twice(of: ArbitraryCall, part: Term) -> bool:
    """Whether a function has a part for its argument, and something made of it for another."""
    others = [a for a in of.arguments if isinstance(a, Term) and a != part]
    return any(abstracted(each, part, "part", "part") is not None for each in others)


def _stands_again(rest: Term, part: Term) -> bool:
    """Whether what a name abbreviates stands somewhere without its name: is that varied too?"""
    assert isinstance(part, Call)
    body = part.definition.body
    return any(
        type(each) is type(body) and each.shape == body.shape and _is_alike(each, body)
        for each in _everything_in(rest)
    )


def _is_alike(one: Term, other: Term) -> bool:
    """Whether two terms are the same, their summands in any order."""
    if not isinstance(one, Plus) or not isinstance(other, Plus):
        return same(one, other)
    left = list(other.parts)
    for part in one.parts:
        at = next((n for n, each in enumerate(left) if same(part, each)), None)
        if at is None:
            return False
        del left[at]
    return not left


def _everything_in(term: Term) -> Iterator[Term]:
    """All parts of a term, in its definitions as well."""
    seen: set[Definition] = set()
    waiting = [term]
    while waiting:
        each = waiting.pop()
        yield each
        waiting += parts(each)
        if isinstance(each, Call | Mapped) and each.definition not in seen:
            seen.add(each.definition)
            waiting.append(each.definition.body)


@dataclass(frozen=True)
class Held:
    """A term as a function of intermediates that are held fixed, and what these are."""

    of: Term
    fixed: tuple[tuple[Variable, Term], ...] = ()

    def put_back(self, value: Term, whole: Node, here: Environment) -> Term:
        """What was derived from the function, the intermediates in their places again."""
        for variable, part in self.fixed:
            lifted = abstracted(value, Reference(variable), variable.name, variable.latex)
            if lifted is not None:
                value = applied(*lifted, part, written(whole), here.scope.names)
        return value


def held_beside(of: Term, by: Term, operand: Node | None, whole: Node, here: Environment) -> Held:
    """What of an intermediate is held fixed: others, by which the side has derivatives as well."""
    mine = _base(of)
    around = [each for each in here.varied if operand is None or written(each) != written(operand)]
    if not _abbreviates(mine) or len(around) == len(here.varied):
        return Held(of)
    fixed: list[tuple[Variable, Term]] = []
    for part in _downstream_first(_beside(around, mine, _base(by), here)):
        name = part.definition.name
        found = abstracted(of, part, plain_name(name), name)
        if found is not None:
            of = found[0]
            fixed.append((found[1], part))
            what = f"is {name} held fixed in {written(whole)}?"
            here.mention(f"{name} is held fixed in {written(whole)}, as it is a path of its own")
            here.question(Question(whole.at, written(whole), what, _DEFINE))
    return Held(of, tuple(fixed))


def _beside(around: Sequence[Node], mine: Term, by: Term, here: Environment) -> list[Call]:
    """The intermediates other than these two that depend on ``by``."""
    quietly = replace(here, notes=[], doubts=[], questions=[], met=set())
    found: list[Call] = []
    for node in around:
        part = _base(resolve(node, quietly))
        if part not in (mine, by, *found) and _abbreviates(part) and depends(part, by):
            assert isinstance(part, Call)
            found.append(part)
    return found


def _downstream_first(calls: list[Call]) -> list[Call]:
    """Those that are made of others before these."""
    found: list[Call] = []
    left = list(calls)
    while left:
        last = next(
            each
            for each in left
            if not any(depends(other, each) for other in left if other != each)
        )
        left.remove(last)
        found.append(last)
    return found


def question_of_own_entry(of: Entry, by: Entry, whole: Node, here: Environment) -> None:
    """An entry by the same entry of a variable, beside what else depends on that: held fixed?

    With ``c_i = x_i - m`` and m the mean of x, who writes the derivative of c_i by x_i may think
    of m as another variable.
    """
    if of.members != by.members:
        return
    inside, variable = _base(of), _base(by)
    if not _abbreviates(inside) or not isinstance(variable, Reference):
        return
    assert isinstance(inside, Call)
    own = list(_here_in(inside.definition.body))
    names = [each for each in own if _abbreviates(each) and depends(each, variable)]
    if variable in own and names:
        assert isinstance(names[0], Call)
        what = f"is {names[0].definition.name} held fixed in {written(whole)}?"
        here.question(Question(whole.at, written(whole), what, "use another letter below"))


def _here_in(term: Term) -> Iterator[Term]:
    """All parts of a term, those of its definitions left out."""
    yield term
    for part in parts(term):
        yield from _here_in(part)


def _base(term: Term) -> Term:
    """What an entry or a row is of, transposed or not."""
    while isinstance(term, Entry | Row | Transpose):
        term = term.of
    return term


def depends(term: Term, on: Term) -> bool:
    """Whether a term is made of another one, a variable or an intermediate; transposed or not."""
    on = _base(on)
    if isinstance(on, Reference):
        return on.variable in free_in(term).variables
    return abstracted(term, on, "part", "part") is not None


@lru_cache(maxsize=256)
def applied(body: Term, parameter: Variable, value: Term, text: str, names: Names) -> Term:
    """``body`` where its parameter is ``value``, written as ``text``."""
    letters = tuple(free_in(body).indices)
    definition = Definition("derivative", (*letters, parameter), body, (text,), names)
    arguments: tuple[Argument, ...] = (*letters, value)
    return Call(definition, arguments)


# A loss that nothing declares and that only derivatives speak of: any function of the output.
#
# ``\frac{\partial L}{\partial z}`` in a text that defines z = W x + b and y = f(z) and no L is
# about any loss of what the text ends in: of the definitions that are no part of another one.
# Where there are several, it is any function of those that are made of what the derivatives of
# the line are taken by; the others stay as they are. All of them have to be arrays, as a number
# may be the loss. What else such a loss may depend on, nobody says: lines about it can be proved,
# not refuted.


MOST_OUTPUTS = 3
_MADE: WeakSet[Arbitrary] = WeakSet()


def uses_undeclared(term: Term) -> bool:
    """Whether a loss that nothing declares stands in a term, or in its definitions."""
    return any(each in _MADE for each in free_in(term).functions)


def undeclared_loss(node: Node, here: Environment) -> Term | None:
    """What a name for a loss stands for in a derivative, where nothing else has that name.

    Raises Unreadable where it is one, and what it is a function of cannot be told.
    """
    if not isinstance(node, Leaf | Accented | Script):
        return None
    name, scope = name_of(node), here.scope
    names = {name, raised_name(node)}
    if name not in LOSSES or isinstance(node, Script):
        return None
    if any(map(scope.means, names)):
        return None
    every = _outputs(here)
    outputs = _of_what_varies(every, here) if here.chain or len(every) > 1 else every
    if not outputs or len(outputs) > MOST_OUTPUTS or not all(each.shape for each in outputs):
        told = ", ".join(each.definition.name for each in (outputs or every)[:3])
        known = unknown(node, here)
        example = told.partition(",")[0] or "y"
        advice = f"declare what it depends on, as in arbitrary {written(node)}({example})"
        raise Unreadable(known.place, known.token, known.what, advice)
    of = ", ".join(each.definition.name for each in outputs)
    what = f"{name} is not declared: is it a function of {of} alone?"
    advice = f"declare it, as in arbitrary {written(node)}({of})"
    here.mention(f"{name} is not declared: it is read as any function of {of}")
    here.question(Question(node.at, written(node), what, advice))
    return _loss(name, tuple(outputs))


def _of_what_varies(outputs: list[Call], here: Environment) -> list[Call]:
    """The outputs that are made of what the derivatives of a chain are taken by."""
    quietly = replace(here, notes=[], doubts=[], questions=[], met=set())
    found: list[Call] = []
    for node in here.chain:
        try:
            by = resolve(node, quietly)
        except (IllFormed, Unreadable):
            continue
        found += [each for each in outputs if each == by or depends(each, by)]
    return [each for each in outputs if each in found]


@lru_cache(maxsize=64)
def _loss(name: str, outputs: tuple[Call, ...]) -> Term:
    names = [each.definition.name for each in outputs]
    parameters = tuple(
        Variable(each.shape, printed, printed) for each, printed in zip(outputs, names, strict=True)
    )
    shown: list[str | int] = [name, "("]
    for place in range(len(outputs)):
        shown += [", ", place] if place else [place]
    function = Arbitrary(plain_name(name), parameters, (*shown, ")"))
    _MADE.add(function)
    return ArbitraryCall(function, outputs)


def _outputs(here: Environment) -> list[Call]:
    """The names that abbreviate what no other one is made of, without derivatives in it."""
    bodies = [thing.body for thing in here.scope.things.values() if not thing.letters]
    calls = [each for each in bodies if isinstance(each, Call) and not each.arguments]
    inside = {each.definition: _definitions_in(each.definition.body) for each in calls}
    own = [each for each in calls if Derivative not in _kinds_in(each.definition)]
    return [
        each
        for each in own
        if not any(each.definition in inside[other.definition] for other in own)
    ]


@lru_cache(maxsize=256)
def _definitions_in(term: Term) -> frozenset[Definition]:
    found = frozenset[Definition]().union(*map(_definitions_in, parts(term)))
    if isinstance(term, Call | Mapped):
        found |= {term.definition} | _definitions_in(term.definition.body)
    return found


@lru_cache(maxsize=256)
def _kinds_in(definition: Definition) -> frozenset[type[Term]]:
    """The kinds of node that a definition is made of, those it uses included."""
    found = set[type[Term]]()
    waiting = [definition.body, *(each.body for each in _definitions_in(definition.body))]
    while waiting:
        part = waiting.pop()
        found.add(type(part))
        waiting += parts(part)
    return frozenset(found)
