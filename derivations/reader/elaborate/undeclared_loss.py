"""A loss that nothing declares and that only derivatives speak of: any function of the output.

``\\frac{\\partial L}{\\partial z}`` in a text that defines z = W x + b and y = f(z) and no L is
about any loss of what the text ends in: of the definitions that are no part of another one. Where
there are several, it is any function of those that are made of what the derivatives of the line are
taken by; the others stay as they are. All of them have to be arrays, as a number may be the loss.
What else such a loss may depend on, nobody says: lines about it can be proved, not refuted.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from weakref import WeakSet

from derivations.language.traversal import parts
from derivations.language.tree import (
    Arbitrary,
    ArbitraryCall,
    Call,
    Definition,
    Derivative,
    Mapped,
    Term,
    Variable,
)
from derivations.reader.elaborate.environment import Environment, IllFormed, resolve, unknown
from derivations.reader.elaborate.intermediates import depends
from derivations.reader.elaborate.spelling import name_of, raised_name
from derivations.reader.problem import Question, Unreadable
from derivations.reader.syntax import Accented, Leaf, Node, Script
from derivations.reader.unicode import plain_name
from derivations.reader.written import written

MOST_OUTPUTS = 3
_MADE: WeakSet[Arbitrary] = WeakSet()
_LOSSES = frozenset({"L", "J", "E", "C", "l", r"\ell", r"\mathcal{L}", "Loss", "loss", "Cost"})


def differentiated_of(node: Node, here: Environment) -> Term:
    """What a derivative is taken of: a term, or a loss that nothing declares."""
    return _undeclared_loss(node, here) or resolve(node, here.inside(node))


def uses_undeclared(term: Term) -> bool:
    """Whether a loss that nothing declares stands in a term, or in its definitions."""
    waiting = [term, *(each.body for each in _definitions_in(term))]
    while waiting:
        part = waiting.pop()
        waiting += parts(part)
        if isinstance(part, ArbitraryCall) and part.function in _MADE:
            return True
    return False


def _undeclared_loss(node: Node, here: Environment) -> Term | None:
    """What a name for a loss stands for in a derivative, where nothing else has that name.

    Raises Unreadable where it is one, and what it is a function of cannot be told.
    """
    if not isinstance(node, Leaf | Accented | Script):
        return None
    name, scope = name_of(node), here.scope
    names = {name, raised_name(node)}
    if name not in _LOSSES or isinstance(node, Script):
        return None
    if any(each in known for each in names for known in (*scope.declared, scope.lists, scope.sets)):
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
