"""Parameters below the name of a function: ``\\theta`` in ``\\pi_\\theta(a)`` and ``f_\\theta``.

An arbitrary function depends on those that are declared where it is. One below its name that is
declared later, or anew, may be meant to be such a parameter as well, and a derivative by it would
be zero in silence: the function is refused where it is used.
"""

from __future__ import annotations

from collections.abc import Iterator

from derivations.language.traversal import free_in, free_in_definition
from derivations.language.tree import Arbitrary, Reference, Term, Transpose
from derivations.reader.elaborate.spelling import name_of, raised_name
from derivations.reader.problem import Unreadable
from derivations.reader.scope import Function, Scope
from derivations.reader.syntax import Leaf, Node, Script
from derivations.reader.written import written


def parameters_below(name: Node, scope: Scope) -> list[Term]:
    """The declared parameters that stand below a name."""
    found: list[Term] = []
    for each in nodes_below(name):
        thing = scope.things.get(name_of(each))
        body = thing.body if thing is not None and not thing.letters else None
        inner = body.of if isinstance(body, Transpose) else body
        if body is not None and isinstance(inner, Reference):
            found.append(body)
    return found


def nodes_below(name: Node) -> Iterator[Node]:
    """The letters that stand below a name."""
    if isinstance(name, Script) and name.sub is not None:
        yield from (item for item in name.sub.items if isinstance(item, Leaf | Script))


def is_number_below(node: Node, scope: Scope) -> bool:
    """Whether a subscript is declared as a number, and may be nothing that counts."""
    name = raised_name(node)
    thing = scope.things.get(name)
    counts = (scope.letters, scope.bound, scope.lists, scope.sets)
    if thing is None or thing.letters or thing.body.shape or any(name in each for each in counts):
        return False
    return isinstance(thing.body, Reference)


def require_dependence(function: Function, name: Node, scope: Scope) -> None:
    """Refuse an arbitrary function, or a distribution, of none of what is declared below it."""
    meaning = function.meaning
    below = parameters_below(name, scope)
    if not below:
        return
    free = None if isinstance(meaning, Arbitrary) else free_in_definition(meaning)
    if free is not None and not free.functions:
        return  # its formula says what it depends on
    for each in below:
        (variable,) = free_in(each).variables
        if free is None or variable not in free.variables:
            what = f"does {function.name} depend on {variable.name}, which is declared after it?"
            advice = f"declare {variable.name} above {function.name}, or name one of them otherwise"
            raise Unreadable(name.at, written(name), what, advice)
