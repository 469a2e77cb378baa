"""Intermediates: a formula as a function of one of its parts, the graph of definitions cut there.

The derivative of J by z, where ``define z = W x + b``, varies z and what is computed from it, and
holds fixed all else that J mentions, W and x as well. That is the derivative of J as a function of
z alone, and it is what chain rules are made of (Griewank and Walther, Evaluating Derivatives, 3.2:
adjoints of the nodes of a graph). Of a part that has no name, nobody says what is held fixed: there
J must depend on it in no other way.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from derivations.language.abstraction import Closed, abstracted
from derivations.language.free import free_in
from derivations.language.names import Names
from derivations.language.rewrite import parts, same
from derivations.language.tree import (
    ArbitraryCall,
    Argument,
    Call,
    Definition,
    Mapped,
    Plus,
    Term,
    Variable,
)
from derivations.reader.elaborate.environment import Environment
from derivations.reader.problem import Question, Unreadable
from derivations.reader.syntax import Node
from derivations.reader.unicode import plain_name
from derivations.reader.written import written

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
    rest, own = free_in(found[0]), free_in(part)
    beside = [each.name for each in own.variables if each in rest.variables]
    if not own.variables or (beside and (not _is_name(part) or _stands_again(found[0], part))):
        what = f"it depends on {', '.join(beside) or 'no variable'} in other ways as well"
        raise Unreadable(whole.at, written(whole), f"{what}: what is held fixed?", _DEFINE)
    if beside:
        held = ", ".join(beside)
        here.mention(f"{written(whole)}: {name} varies and what is made of it, {held} held fixed")
    if isinstance(of, ArbitraryCall) and part in of.arguments and _depends_twice(of, part):
        what = f"is {name} varied in the other arguments of {of.function.name} as well?"
        here.question(Question(whole.at, written(whole), what, _DEFINE))
    return found


def _is_name(part: Term) -> bool:
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


@lru_cache(maxsize=256)
def applied(body: Term, parameter: Variable, value: Term, text: str, names: Names) -> Term:
    """``body`` where its parameter is ``value``, written as ``text``."""
    letters = tuple(free_in(body).indices)
    definition = Definition("derivative", (*letters, parameter), body, (text,), names)
    arguments: tuple[Argument, ...] = (*letters, value)
    return Call(definition, arguments)
