r"""Equalities up to a constant, ``f = g + \text{const}`` and ``f \propto g``, by derivatives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import lru_cache

from derivations.claim import Claim, Equal, Unequal
from derivations.language.functions import SQRT
from derivations.language.traversal import free_in, has_kink, parts, with_members
from derivations.language.tree import (
    Apply,
    Call,
    Derivative,
    IndexVariable,
    Mapped,
    Misfit,
    Negative,
    Plus,
    Power,
    Quotient,
    Reference,
    Target,
    Term,
    Times,
    Variable,
    variable_of,
)
from derivations.reader.elaborate import Environment
from derivations.reader.elaborate.applications import function_of
from derivations.reader.elaborate.derivatives import along, direction, target_in
from derivations.reader.elaborate.expectations import density_in
from derivations.reader.elaborate.probabilities import probability_in
from derivations.reader.elaborate.properties import is_above_zero
from derivations.reader.environment import (
    CONSTANT_LETTER,
    CONSTANT_WORDS,
    Function,
    Scope,
    letter_of,
    letters_from,
    name_of,
)
from derivations.reader.source import Place, Question, Unreadable
from derivations.reader.syntax import Group, Leaf, Node, Product, Script, Terms, written


@dataclass(frozen=True)
class Without:
    """A side without the constant that is one of its terms, and the letter where it is one."""

    node: Node
    letter: Leaf | None


def without_constant(node: Node, scope: Scope) -> Without | None:
    """A side without the undeclared constant that is one of its terms; None where there is none.

    A letter that stands anywhere else in it as well is none.
    """
    if not isinstance(node, Terms):
        return None
    letters = (
        each for each in node.parts if isinstance(each, Leaf) and each.text == CONSTANT_LETTER
    )
    letter = next(letters, None)
    left = [
        (sign, part)
        for sign, part in zip(node.signs, node.parts, strict=True)
        if not _is_constant(part, scope)
    ]
    if not left or len(left) == len(node.parts):
        return None
    if len(left) == 1 and left[0][0] == "+":
        return Without(left[0][1], letter)
    signs, parts = (tuple(each) for each in zip(*left, strict=True))
    return Without(Terms(node.at, signs, parts), letter)


def _is_constant(node: Node, scope: Scope) -> bool:
    inner = node.base if isinstance(node, Script) and node.sup is None else node
    if isinstance(inner, Leaf) and inner.kind == "WORD" and inner.text in CONSTANT_WORDS:
        return not scope.means(inner.text)
    if isinstance(node, Product):
        letters = letters_from(node, 0)
        spelt = "".join(letter.text for letter in letters)
        return (
            len(letters) == len(node.factors) and spelt in CONSTANT_WORDS and not scope.means("c")
        )
    return isinstance(node, Leaf) and node.text == CONSTANT_LETTER and not scope.means(node.text)


# What a text varies where it leaves a constant out: that which its first side is a function of.
#
# ``J(w) = ... + C`` varies w. ``p(x \mid y) \propto ...`` varies x, or so it seems: it may be
# meant as a function of y. Where nothing says it all variables are varied: what holds so holds in
# whatever is meant.


Varied = Target | IndexVariable


@dataclass(frozen=True)
class _Varying:
    """What is varied, as it is written; whether the first side names it, and leaves no doubt."""

    what: tuple[Varied, ...]
    names: str
    named: bool
    said: bool


def _varied_by(head: Node | None, sides: tuple[Term, Term], scope: Scope) -> _Varying:
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
            return _Varying(what, names, named=True, said=said)
    every = free_in(*sides).variables
    what = tuple(Reference(each) for each in every if each.over is None)
    names = ", ".join(each.name for each in every if each.over is None)
    return _Varying(what, names, named=False, said=False)


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


# Equalities up to a constant as equalities of derivatives, and of values at any two members.
#
# f = g + C for a C that does not depend on x, where x varies over all that has values, implies
# that the derivatives by x are equal, and follows from it wherever these values hang together.
# The same holds of f proportional to g and the derivatives of their logarithms, f'/f = g'/g. Of
# several variables the derivatives in any direction are equal. Where x is a member of a finite
# set, and not a number, f(x) - g(x) is the same at any two members, and f(x) g(y) is f(y) g(x).
# What has kinks or roots may be constant on two sides of a point and differ there: refused.


ADVICE = "write it as a function of what is varied, as in J(w) = ... + C"


class UpTo(Enum):
    """What is left out: a term, or a factor."""

    TERM = "a term"
    FACTOR = "a factor"


@dataclass(frozen=True)
class Apart:
    """How an equality up to a constant was read, and what is asked of it where it is false."""

    note: str
    doubt: Question | None


def apart(
    claim: Claim, head: Node | None, scope: Scope, terms: Sequence[Without], *, factor: bool
) -> tuple[Claim, Apart | None]:
    """The claim up to a factor, or a term, where one is left out; raises Unreadable for both."""
    place = head.at if head is not None else Place()
    if factor and terms:
        what = "up to a factor, or up to a term?"
        raise Unreadable(place, "", what, "give them displays of their own")
    if isinstance(claim.left, Misfit) or isinstance(claim.right, Misfit):
        return claim, None
    left_out = UpTo.FACTOR if factor else UpTo.TERM
    varying = _varied_by(head, (claim.left, claim.right), scope)
    letter = next((each.letter for each in terms if each.letter is not None), None)
    if letter is not None and not varying.named:
        what, advice = "nothing has this name", r"declare it; a constant is written + \text{const}"
        raise Unreadable(letter.at, letter.text, what, advice)
    found = up_to(claim, left_out, varying, place, scope)
    doubt = doubt_of(claim, varying, place)
    if letter is not None:
        what = "is this letter a constant, which nothing declares?"
        doubt = doubt or Question(place, "", what, r"write + \text{const}, or declare it")
    return found, Apart(note_of(left_out, varying), doubt)


def up_to(claim: Claim, left_out: UpTo, varying: _Varying, place: Place, scope: Scope) -> Claim:
    """The claim that the sides are equal but for what does not depend on some variables."""
    if isinstance(claim.left, Misfit) or isinstance(claim.right, Misfit):
        return claim
    left, right = claim.left, claim.right
    if left.shape or right.shape:
        if left.shape != right.shape:
            return claim
        what = "up to a constant, of what is no number"
        raise Unreadable(place, "", what, "write it entry by entry")
    letters = [each for each in varying.what if isinstance(each, IndexVariable)]
    if not varying.what or (letters and len(letters) < len(varying.what)):
        what = "up to what does this hold? nothing says what varies"
        raise Unreadable(place, "", what, ADVICE)
    if letters:
        return _at_two_members(claim, left, right, left_out, letters)
    targets = [each for each in varying.what if not isinstance(each, IndexVariable)]
    moving = frozenset(map(variable_of, targets))
    if any(has_kink(side) or _has_root(side, moving, scope) for side in (left, right)):
        what = "up to a constant, of what has kinks or roots"
        raise Unreadable(place, "", what, "write the constant")
    moved = {each: direction(each) for each in targets}
    one, other = (
        Derivative(side, targets[0]) if len(targets) == 1 else along(side, moved)
        for side in (left, right)
    )
    if left_out is UpTo.FACTOR:
        one, other = Quotient(one, left), Quotient(other, right)
    return replace(claim, left=one, right=other)


def _at_two_members(
    claim: Claim, left: Term, right: Term, left_out: UpTo, letters: list[IndexVariable]
) -> Claim:
    free = free_in(left, right)
    if not any(letter in free.indices for letter in letters):
        return claim
    elsewhere: Mapping[IndexVariable, IndexVariable] = {
        letter: _another(letter) for letter in letters
    }
    there = with_members(left, elsewhere), with_members(right, elsewhere)
    if left_out is UpTo.FACTOR:
        return replace(claim, left=Times(left, there[1]), right=Times(there[0], right))
    before = Plus((left, Negative(right)))
    return replace(claim, left=before, right=Plus((there[0], Negative(there[1]))))


@lru_cache(maxsize=256)
def _another(letter: IndexVariable) -> IndexVariable:
    return IndexVariable(letter.space, f"{letter.name}(other)", rf"\tilde{{{letter.latex}}}")


def doubt_of(claim: Claim, varying: _Varying, place: Place) -> Question | None:
    """What is asked of a claim up to a constant that is false as it was read."""
    restricted = any(isinstance(each, Equal | Unequal) for each in claim.conditions)
    if varying.said and not restricted:
        return None
    what = f"is it {varying.names} that varies, and nothing else?"
    return Question(place, "", what, ADVICE)


def note_of(left_out: UpTo, varying: _Varying) -> str:
    """How the line was read."""
    said = "the derivatives of both sides" if left_out is UpTo.TERM else "those of the logarithms"
    if any(isinstance(each, IndexVariable) for each in varying.what):
        said = "the differences" if left_out is UpTo.TERM else "the ratios"
        said = f"{said} of both sides at any two values of it"
    return f"judged up to {left_out.value} without {varying.names}: {said} are compared"


def _has_root(term: Term, moving: frozenset[Variable], scope: Scope) -> bool:
    """Whether the root of something that varies, and may be zero, stands in a term."""
    match term:
        case Power(base=Apply(function=function, of=square), exponent=2) if function is SQRT:
            return _has_root(square, moving, scope)
    if isinstance(term, Apply) and term.function is SQRT and not is_above_zero(term.of, scope):
        return bool(moving & {*free_in(term).variables})
    inside = False
    if isinstance(term, Call | Mapped):
        own = {each for each in term.definition.parameters if isinstance(each, Variable)}
        inside = _has_root(term.definition.body, moving | own, scope)
    return inside or any(_has_root(part, moving, scope) for part in parts(term))
