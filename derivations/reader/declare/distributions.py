"""Distributions over finite sets: ``distribution \\pi_\\theta(a | s)``.

What is above zero and adds up to one over its first arguments, those before a bar, is
exp(f) / sum exp(f) for some function f of all of them (its logarithm is one), and all of these are
such distributions: an equality holds for every distribution that varies smoothly with what it
depends on just where it holds for this formula with an arbitrary f. So nothing has to be assumed.
"""

from __future__ import annotations

from itertools import takewhile

from derivations.language.functions import EXP
from derivations.language.traversal import free_in, with_members
from derivations.language.tree import (
    Apply,
    Arbitrary,
    ArbitraryCall,
    Argument,
    Definition,
    IndexVariable,
    Quotient,
    Reference,
    Sum,
    Term,
    Variable,
)
from derivations.reader.declare.naming import symbol, with_function
from derivations.reader.declare.parameters import Head, parameters, pattern
from derivations.reader.elaborate.parameters_below import parameters_below
from derivations.reader.elaborate.spelling import as_word, declared_name
from derivations.reader.problem import Unreadable
from derivations.reader.scope import Function, Scope, Slot
from derivations.reader.syntax import Content, Group, Node, Product
from derivations.reader.written import written

_ADVICE = "write distribution p(y | x), with letters for the members of a set before the bar"


def with_distribution(left: Node, scope: Scope) -> Scope:
    """The scope with a distribution over all values of the letters before the bar."""
    left = as_word(left)
    last = left.factors[-1] if isinstance(left, Product) else None
    if not isinstance(left, Product) or len(left.factors) != 2 or not isinstance(last, Group):
        raise Unreadable(left.at, written(left), "a name and its arguments", _ADVICE)
    name, content = declared_name(left.factors[0]), last.content
    head, _ = parameters(content, scope, arbitrary=False)
    own = tuple(parameter for _, parameter in head if parameter is not None)
    over = _before_the_bar(head, content)
    if not over or not all(isinstance(each, IndexVariable) for each in over):
        raise Unreadable(left.at, written(left), "which finite set is it over?", _ADVICE)
    plain, scope = symbol(scope, "thing", name, f"distribution {written(left)}")
    besides = [*_declared(head), *parameters_below(left.factors[0], scope)]
    arguments = tuple(Reference(p) if isinstance(p, Variable) else p for p in own)
    weight = Apply(EXP, _any_of(plain, arguments, besides))
    total: Term = weight
    for letter in over:
        assert isinstance(letter, IndexVariable)
        bound = IndexVariable(letter.space, letter.name, letter.latex)
        total = Sum(bound, with_members(total, {letter: bound}))
    definition = Definition(
        plain, own, Quotient(weight, total), pattern(name, content, head), scope.names
    )
    slots = tuple(slot for slot, _ in head)
    apart = tuple(each for each in content.separators if each != ",")
    return with_function(scope, name, Function(name, slots, definition, (), apart))


def _before_the_bar(head: Head, content: Content) -> list[object]:
    count = 1 + len([*takewhile(lambda each: each == ",", content.separators)])
    return [parameter for _, parameter in head[:count]]


def _declared(head: Head) -> list[Term]:
    """The vectors and matrices that stand among the arguments as they are declared."""
    declared = (slot.declared for slot, parameter in head if parameter is None)
    return [each for each in declared if isinstance(each, Term)]


def _any_of(name: str, own: tuple[Argument, ...], besides: list[Term]) -> ArbitraryCall:
    """An arbitrary function of the arguments, and of what stands beside them."""
    arguments = (*own, *besides)
    made: list[IndexVariable | Variable] = []
    for each in arguments:
        if isinstance(each, Term):
            known = next(iter(free_in(each).variables))
            made.append(Variable(each.shape, known.name, known.latex))
        else:
            assert isinstance(each, IndexVariable)
            made.append(IndexVariable(each.space, each.name, each.latex))
    pieces: list[str | int] = [rf"\ell_{{{name}}}("]
    for number in range(len(made)):
        pieces += [", ", number] if number else [number]
    function = Arbitrary(f"log-weight of {name}", tuple(made), (*pieces, ")"))
    return ArbitraryCall(function, arguments)


def depending(function: Function, node: Node, scope: Scope) -> Function:
    """An arbitrary function that depends on the declared parameters below its name, too."""
    besides = parameters_below(node, scope)
    if not besides or not isinstance(function.meaning, Arbitrary):
        return function
    own = function.meaning.parameters
    arguments = tuple(Reference(p) if isinstance(p, Variable) else p for p in own)
    inner = _any_of(function.meaning.name, arguments, besides)
    made = Arbitrary(function.meaning.name, inner.function.parameters, inner.function.pattern)
    body = ArbitraryCall(made, inner.arguments)
    definition = Definition(function.meaning.name, own, body, function.meaning.pattern, scope.names)
    slots: tuple[Slot, ...] = function.slots
    return Function(function.name, slots, definition, (), function.separators)
