r"""Uninterpreted functions: undeclared probabilities ``P(x | y; \theta)``, and factorials.

Less is known of them here than their names say: no line is refuted by their values.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from math import factorial
from weakref import WeakKeyDictionary

from derivations.indices import IndexSet
from derivations.language.functions import EXP
from derivations.language.traversal import free_in, parts
from derivations.language.tree import (
    Apply,
    Arbitrary,
    ArbitraryCall,
    Argument,
    Call,
    Definition,
    Derivative,
    IndexVariable,
    ListEntry,
    Mapped,
    Negative,
    Number,
    Offset,
    Parameter,
    Plus,
    Quotient,
    Reference,
    Shape,
    Sum,
    Term,
    Transpose,
    Variable,
    remembered,
    variable_of,
)
from derivations.reader.elaborate.environment import UNKNOWN, Environment, fitted, resolve, scalar
from derivations.reader.elaborate.indexing import member_in
from derivations.reader.elaborate.random_variables import (
    Chance,
    Probability,
    chance,
    key_of,
    probability_in,
)
from derivations.reader.latex_commands import plain_name
from derivations.reader.scope import letter_of, name_of
from derivations.reader.source import Unreadable
from derivations.reader.syntax import Accented, Group, Leaf, Node, Script, written

# Functions of which less is known here than their names say: no line falls by them.
#
# A factorial is any positive function here, and so is a probability that nothing declares. What is
# true of all such functions is true of these; what is false of some may be true of these. So a line
# that depends on one, through definitions as well, can be proved and not refuted.


@dataclass(frozen=True)
class _Asked:
    """What would have to be known of a function, and what would say it.

    ``whole`` says that it depends on what is written behind it alone: a factorial does, while P(o)
    may depend on parameters that nobody wrote.
    """

    name: str
    what: str
    advice: str
    whole: bool = False


_ASKED: WeakKeyDictionary[Arbitrary, _Asked] = WeakKeyDictionary()


def _partly_known(function: Arbitrary, asked: _Asked) -> Arbitrary:
    """The function, noted as one of which more is known elsewhere."""
    _ASKED[function] = asked
    return function


@remembered
def asked_of(term: Term) -> _Asked | None:
    """What is asked of the first such function that a term depends on, of one in part first."""
    if isinstance(term, ArbitraryCall) and term.function in _ASKED:
        return _ASKED[term.function]
    if isinstance(term, Derivative):
        asked = asked_of(term.of)
        if asked is None or not asked.whole:
            return asked
        varied = frozenset({variable_of(term.by)})
        return next(filter(None, map(asked_of, _varying(term.of, varied))), None)
    inside = [_asked_in(term.definition)] if isinstance(term, Call | Mapped) else []
    found = [each for each in (*inside, *map(asked_of, parts(term))) if each is not None]
    return next((each for each in found if not each.whole), found[0] if found else None)


def _varying(term: Term, variables: frozenset[Variable]) -> Iterator[Term]:
    """The summands of a number that depend on some variables: the others have no derivative."""
    match term:
        case Plus(parts=summands):
            for each in summands:
                yield from _varying(each, variables)
        case Negative(of=inside) | Sum(body=inside):
            yield from _varying(inside, variables)
        case Call(definition, arguments):
            inner = {
                parameter
                for parameter, argument in zip(definition.parameters, arguments, strict=True)
                if isinstance(parameter, Variable)
                and isinstance(argument, Term)
                and variables & {*free_in(argument).variables}
            }
            yield from _varying(definition.body, variables | inner)
        case _ if variables & {*free_in(term).variables}:
            yield term


@lru_cache(maxsize=1024)
def _asked_in(definition: Definition) -> _Asked | None:
    return asked_of(definition.body)


# Probabilities that nothing declares, ``P(x, y; \theta)`` and ``P(x | y)``, by their names.
#
# A joint probability is any positive function of the values of its variables, of their numbers
# and of the declared parameters: another one for other variables. ``P(a | b)`` is P(a, b) / P(b),
# which is its definition. Variables whose values are members of finite sets are summed over:
# where one of a statement is not named, P(x) is the sum of P(x, z) over z, and of these alone the
# probabilities add up to one. All of this is true of every distribution with a positive density,
# so what follows from it is proved. Integrals, independence and what a text says of its
# distributions are not known: no line falls by this reading.


_ADVICE = "declare it, as in distribution p(y | x), or arbitrary p(x)"


def probability_here(node: Node, following: Node | None, here: Environment) -> Probability | None:
    """The probability that stands here, where nothing declares its name."""
    group = following.base if isinstance(following, Script) else following
    return probability_in(node, group, here.scope)


def probability(found: Probability, whole: Node, here: Environment) -> Term:
    """``P(a | b)`` as P(a, b) / P(b), ``P(a, b)`` as any positive function."""
    name = written(found.name)
    here.mention(
        f"{name} is not declared: it is read as probabilities, any above zero,"
        " with P(a | b) = P(a, b) / P(b)"
    )
    besides = [*_below(found.name, here)]
    key = key_of(found.name)
    for node in found.parameters:
        value = _value(node, None, here)
        if value is None:
            key += f"; {written(node)}"
        else:
            besides.append(value)
    both = _joint(key, (*found.of, *found.given), besides, whole, here)
    if not found.given:
        return both
    alone = _joint(key, found.given, besides, whole, here)
    return fitted(whole, lambda: Quotient(both, alone))


def _joint(
    key: str, nodes: tuple[Node, ...], besides: list[Argument], whole: Node, here: Environment
) -> Term:
    """The probability of values of some variables together, in whatever order they stand."""
    told = [chance(node, here.scope) for node in nodes]
    parts = [each for each in told if each is not None]
    if len(parts) < len(nodes):
        node = nodes[told.index(None)]
        what = "of what is this the probability?"
        raise Unreadable(node.at, written(node), what, _ADVICE)
    names = [each.name for each in parts]
    if any(each.startswith("in ") and names.count(each) > 1 for each in names):
        what = "which of these members of one set is which?"
        advice = "write P(y = k, z = l), or declare it"
        raise Unreadable(whole.at, written(whole), what, advice)
    hidden = (
        {} if len(set(names)) < len(names) else dict(here.scope.hidden.get(key_of_base(key), ()))
    )
    own = sorted(
        (each for each in parts if each.name not in hidden),
        key=lambda each: (each.name, written(each.value)),
    )
    labels = [each.labels for each in parts if each.labels]
    numbers = labels[:1] if hidden else labels
    arguments: list[Argument] = [_letter(letter, here) for group in numbers for letter in group]
    described = [key, *(f"{each.name}({len(each.labels)})" for each in own)]
    for each in own:
        value = _value(each.value, each, here)
        if value is None:
            described[-1] += f"={written(each.value)}" if each.value else ""
        else:
            arguments.append(value)
    named = {each.name: each for each in parts if each.name in hidden}
    inside: list[Argument] = []
    open_: list[IndexVariable] = []
    for name, space in hidden.items():
        if name in named:
            _value(named[name].value, named[name], here)
            inside.append(member_in(named[name].value, space, here, whole))
        else:
            bound = IndexVariable(space, "z", "z")
            open_.append(bound)
            inside.append(bound)
    every = (*arguments, *inside, *besides)
    made = _positive(" ".join(described), key, tuple(map(_kind, every)))
    term: Term = fitted(whole, lambda: Call(made, every))
    for bound in reversed(open_):
        term = Sum(bound, term)
    if hidden and not own:
        everything = {name: IndexVariable(space, "z", "z") for name, space in hidden.items()}
        total: Term = Call(made, (*arguments, *everything.values(), *besides))
        for bound in reversed(everything.values()):
            total = Sum(bound, total)
        term = Quotient(term, total)
    return term


def key_of_base(key: str) -> str:
    """The name of a probability without its undeclared parameters."""
    return key.partition(";")[0]


def _letter(name: str, here: Environment) -> IndexVariable:
    letter = here.scope.letter(name)
    assert letter is not None
    return letter


def _value(node: Node, part: Chance | None, here: Environment) -> Argument | None:
    """What is written for a value; None where nothing declares it, and its name says all."""
    letter = here.scope.letter(letter_of(node)) if letter_of(node) else None
    if letter is not None:
        if letter_of(node) in here.scope.drawn:
            here.mention(f"{letter_of(node)} is not declared: it is read as one of finitely many")
        return letter
    if part is not None and part.space is not None:
        return member_in(node, part.space, here, node)
    inside = replace(here, notes=[], doubts=[], questions=[], met=set())
    try:
        value = resolve(node, inside)
    except Unreadable as problem:
        if problem.what != UNKNOWN and not isinstance(node, Leaf | Accented):
            raise
        return None  # a name that stands for nothing that is declared
    for text in inside.notes:
        here.mention(text)
    return value


def _below(name: Node, here: Environment) -> list[Argument]:
    """The declared parameters below a name: theta in ``p_\\theta``."""
    found: list[Argument] = []
    items = name.sub.items if isinstance(name, Script) and name.sub is not None else ()
    for item in items:
        thing = here.scope.things.get(name_of(item)) if isinstance(item, Leaf | Script) else None
        inner = thing.body.of if thing and isinstance(thing.body, Transpose) else None
        if (
            thing is not None
            and not thing.letters
            and (isinstance(thing.body, Reference) or isinstance(inner, Reference))
        ):
            found.append(thing.body)
    return found


def _asked(name: str) -> str:
    return f"{name} is not declared: what is known of these probabilities?"


Kind = IndexSet | Shape


def _kind(argument: Argument) -> Kind:
    match argument:
        case Term():
            return argument.shape
        case IndexVariable(space=space):
            return space
    return _space_of(argument)


def _space_of(argument: Argument) -> IndexSet:
    if isinstance(argument, ListEntry):
        return argument.words.values
    if isinstance(argument, Offset) and argument.of is not None:
        return argument.of.space
    raise TypeError(f"the set of {argument} is not known")


@lru_cache(maxsize=1024)
def _positive(described: str, key: str, kinds: tuple[Kind, ...]) -> Definition:
    """Any positive function of arguments of these kinds: one for each description of variables."""
    made: list[Parameter] = []
    for number, kind in enumerate(kinds):
        name = f"x_{number}"
        made.append(
            IndexVariable(kind, name) if isinstance(kind, IndexSet) else Variable(kind, name)
        )
    name = plain_name(described)
    arguments = tuple(Reference(p) if isinstance(p, Variable) else p for p in made)
    function = Arbitrary(f"log {name}", tuple(made), _listed(rf"\log {key}", len(made)))
    _partly_known(function, _Asked(key, _asked(key_of_base(key)), _ADVICE))
    body = Apply(EXP, ArbitraryCall(function, arguments))
    return Definition(name, tuple(made), body, _listed(key, len(made)))


def _listed(name: str, count: int) -> tuple[str | int, ...]:
    pieces: list[str | int] = [f"{name}("]
    for number in range(count):
        pieces += [", ", number] if number else [number]
    return (*pieces, ")")


# Factorials: ``x!`` of a number is a positive function of it, 0! to 12! are the numbers they are.
#
# Nothing else is known of it, so that it drops out of derivatives by other things and is the same
# on both sides of a line. That x! is x (x - 1)! is not known: such lines are undecided.


MOST = 12  # of which factorial the number is written

_WHAT = "of a factorial nothing is known here but that it is above zero"
_OF_FACTORIALS = _Asked("!", _WHAT, "", whole=True)
_OF = Variable((), "x", "x")
_LOGARITHM = _partly_known(Arbitrary("log-factorial", (_OF,), (r"\log(", 0, "!)")), _OF_FACTORIALS)
_FACTORIAL = Definition(
    "factorial", (_OF,), Apply(EXP, ArbitraryCall(_LOGARITHM, (Reference(_OF),))), ("(", 0, ")!")
)


def of_count(node: Group, here: Environment) -> Term:
    """The factorial of what stands before the sign."""
    assert node.content.only is not None
    value = scalar(node.content.only, here, written(node))
    if isinstance(value, Number) and value.value.denominator == 1 and 0 <= value.value <= MOST:
        return fitted(node, lambda: Number(Fraction(factorial(int(value.value)))))
    here.mention(f"{written(node)} is read as a factorial, any function above zero of its number")
    return fitted(node, lambda: Call(_FACTORIAL, (value,)))
