"""What a text varies where it leaves a constant out: that which its first side is a function of.

``J(w) = ... + C`` varies w. ``p(x \\mid y) \\propto ...`` varies x, or so it seems: it may be meant
as a function of y. Where nothing says it all variables are varied: what holds so holds in whatever
is meant.
"""

from __future__ import annotations

from dataclasses import dataclass

from derivations.language.traversal import free_in
from derivations.language.tree import IndexVariable, Reference, Target, Term
from derivations.reader.elaborate import Environment
from derivations.reader.elaborate.applications import function_of
from derivations.reader.elaborate.chance.densities import density_in
from derivations.reader.elaborate.chance.variables import probability_in
from derivations.reader.elaborate.differentials.d_signs import target_in
from derivations.reader.elaborate.spelling import letter_of, name_of
from derivations.reader.scope import Function, Scope
from derivations.reader.syntax import Group, Leaf, Node, Product, Terms
from derivations.reader.written import written

Varied = Target | IndexVariable


@dataclass(frozen=True)
class Varying:
    """What is varied, as it is written; whether the first side names it, and leaves no doubt."""

    what: tuple[Varied, ...]
    names: str
    named: bool
    said: bool


def varied_by(head: Node | None, sides: tuple[Term, Term], scope: Scope) -> Varying:
    """What the constant of an equality does not depend on; ``head`` is the first side of all."""
    found = _application(head) if head is not None else None
    if found is not None:
        name, group = found
        probable = probability_in(name, group, scope)
        items = probable.of if probable is not None else group.content.items
        density = density_in(name, group, scope)
        if density is not None:
            items = density.of
        function = function_of(name, Environment(scope))
        said = probable is None and density is None and isinstance(function, Function)
        if isinstance(function, Function) and function.conditional:
            said, items = False, items[: _before_bar(group)]
        known = [_varied(item, scope) for item in items]
        what = tuple(each for each in known if each is not None)
        if (said or probable is not None or density is not None or function is not None) and (
            what and len(what) == len(items)
        ):
            names = ", ".join(written(item) for item in items)
            return Varying(what, names, named=True, said=said)
    every = free_in(*sides).variables
    what = tuple(Reference(each) for each in every if each.over is None)
    names = ", ".join(each.name for each in every if each.over is None)
    return Varying(what, names, named=False, said=False)


def _before_bar(group: Group) -> int:
    signs = group.content.separators
    return signs.index("|") + 1 if "|" in signs else len(signs) + 1


def _application(node: Node) -> tuple[Node, Group] | None:
    """A name with brackets behind it that is all of a side, or all that its logarithm is of."""
    if isinstance(node, Terms) and len(node.parts) == 1:
        return _application(node.parts[0])
    if isinstance(node, Group) and node.bracket in ("(", "[") and node.content.only is not None:
        return _application(node.content.only)
    if not isinstance(node, Product):
        return None
    factors = node.factors
    if isinstance(factors[0], Leaf) and factors[0].kind == "FUNCTION":
        rest = factors[1:]
        if factors[0].text not in ("log", "ln") or any(node.joins):
            return None
        inside = rest[0] if len(rest) == 1 else Product(rest[0].at, rest, node.joins[1:])
        return _application(inside)
    if len(factors) == 2 and not node.joins[0] and isinstance(factors[1], Group):
        group = factors[1]
        return (factors[0], group) if group.bracket == "(" else None
    return None


def _varied(node: Node, scope: Scope) -> Varied | None:
    letter = scope.letter(letter_of(node)) if letter_of(node) else None
    if letter is not None:
        return letter
    if isinstance(node, Leaf) and name_of(node) not in scope.things:
        return None
    return target_in(node, scope)
