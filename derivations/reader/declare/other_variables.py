"""Densities that a display introduces, where they are taken of other variables than there.

``p(x) = \\exp(-x^2)`` says what the density of x is. What ``p(y)`` is elsewhere, p at y or the
density of another variable, nobody says: such a line can be proved, and not refuted.
"""

from __future__ import annotations

from collections.abc import Iterable

from derivations.language.traversal import parts
from derivations.language.tree import Argument, Call, Definition, Term
from derivations.reader.declare.introduction import Introduced
from derivations.reader.elaborate import Environment, IllFormed
from derivations.reader.elaborate.chance.variables import NAMES
from derivations.reader.elaborate.environment import resolve
from derivations.reader.problem import Question, Unreadable
from derivations.reader.scope import Scope
from derivations.reader.syntax import Leaf, Product, Script


def asked_elsewhere(found: Introduced, terms: Iterable[Term], scope: Scope) -> Question | None:
    """What is asked of a line in which an introduced density is taken of other variables."""
    head = found.head
    name = head.factors[0] if isinstance(head, Product) else head
    base = name.base if isinstance(name, Script) else name
    if not isinstance(head, Product) or not isinstance(base, Leaf) or base.text not in NAMES:
        return None
    try:
        value = resolve(head, Environment(scope))
    except (IllFormed, Unreadable):
        value = None
    own = _values(value.arguments) if isinstance(value, Call) else None
    if all(_values(each) in ((), own) for each in _arguments(terms, found.definition)):
        return None
    what = f"is this {found.name} of {found.place}, or that of other variables?"
    return Question(head.at, found.name, what, "declare it")


def _values(arguments: tuple[Argument, ...]) -> tuple[Argument, ...]:
    """Those that are no members of sets: which variable has these for values, the set says."""
    return tuple(each for each in arguments if isinstance(each, Term))


def _arguments(terms: Iterable[Term], definition: Definition) -> list[tuple[Argument, ...]]:
    """The arguments of all applications of a definition, in definitions as well."""
    waiting, seen = list(terms), set[Definition]()
    collected: list[tuple[Argument, ...]] = []
    while waiting:
        term = waiting.pop()
        waiting += parts(term)
        if not isinstance(term, Call):
            continue
        if term.definition.name == definition.name:
            collected.append(term.arguments)
        elif term.definition not in seen:
            seen.add(term.definition)
            waiting.append(term.definition.body)
    return collected
