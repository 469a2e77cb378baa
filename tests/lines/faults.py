"""python -m tests.lines.faults: mistakes planted in the elaboration; do the random lines see them?

What the two meanings share is the tree that the reader makes. A mistake there is in both, and so in
every proof; only lines whose truth is known without the project can show it.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any
from unittest.mock import patch

from derivations.language import tree
from derivations.reader.declare import definitions, parameters
from derivations.reader.elaborate import (
    applications,
    arithmetic,
    brackets,
    identifiers,
    members,
    operators,
    products,
)
from derivations.reader.scope import Named, Scope
from derivations.reader.syntax import Terms
from tests.lines.campaign import Task, result
from tests.lines.adapter import said
from tests.lines.families import FAMILIES

Original = Callable[..., Any]


@dataclass(frozen=True)
class Fault:
    """A mistake: the function of ``place`` called ``name`` does what ``wrong`` makes of it."""

    words: str
    place: object
    name: str
    wrong: Callable[[Original], Original]

    @contextmanager
    def planted(self) -> Iterator[None]:
        """The reader with this mistake."""
        with patch.object(self.place, self.name, self.wrong(getattr(self.place, self.name))):
            yield


def _nothing_bound(binding: Original) -> Original:
    return lambda scope, name, variable: scope


def _changed(**fields: Any) -> Callable[[Original], Original]:
    """The result with some fields replaced; a function makes the new value from the result."""

    def wrong(original: Original) -> Original:
        def made(*args: Any, **kwargs: Any) -> Any:
            found = original(*args, **kwargs)
            new = {n: v(found) if callable(v) else v for n, v in fields.items()}
            return replace(found, **new)

        return made

    return wrong


def _swapped_members(original: Original) -> Original:
    def entry(of: tree.Term, at: tuple[tree.Member, ...]) -> tree.Term:
        square = len(at) == 2 and of.shape[0] == of.shape[1]
        return original(of, at[::-1] if square else at)

    return entry


def _not_transposed(original: Original) -> Original:
    def transposed(value: tree.Term, node: Any) -> tree.Term:
        square = len(value.shape) == 2 and value.shape[0] == value.shape[1]
        found: tree.Term = value if square else original(value, node)
        return found

    return transposed


def _square_unturned(original: Original) -> Original:
    def variable(by: Any, here: Any) -> tuple[tree.Target, bool]:
        target, turned = original(by, here)
        return target, turned and target.shape[0] != target.shape[1]

    return variable


def _first_sign(original: Original) -> Original:
    def resolve(node: Any, here: Any) -> Any:
        if isinstance(node, Terms) and len(node.parts) > 2:
            node = replace(node, signs=(*node.signs[:2], *("+" for _ in node.signs[2:])))
        return original(node, here)

    return resolve


def _products_turned(original: Original) -> Original:
    def times(left: tree.Term, right: tree.Term, node: Any) -> Any:
        both = len(left.shape) == len(right.shape) == 2
        square = both and left.shape == right.shape and left.shape[0] == left.shape[1]
        return original(*((right, left) if square else (left, right)), node)

    return times


def _own_argument(original: Original) -> Original:
    def prime(meaning: Any) -> Any:
        found = original(meaning)
        return replace(found, body=found.body.of)

    return prime


def _first_argument_twice(original: Original) -> Original:
    def at(meaning: Any, arguments: tuple[tree.Argument, ...]) -> tree.Term:
        first = arguments[:1] * len(arguments)
        kinds = [isinstance(a, tree.Term) for a in arguments]
        return original(meaning, first if len(set(kinds)) == 1 else arguments)

    return at


def _bounds_of_the_set(original: Original) -> Original:
    def between(*args: Any) -> operators.Binder:
        return replace(original(*args), lower=None, upper=None)

    return between


def _no_lower_bound(original: Original) -> Original:
    return lambda *args: replace(original(*args), lower=None)


def _no_upper_bound(original: Original) -> Original:
    return lambda *args: replace(original(*args), upper=None)


def _one_less(original: Original) -> Original:
    def power(value: tree.Term, exponent: int, node: Any) -> Any:
        return original(value, exponent - 1 if exponent > 1 else exponent, node)

    return power


def _declared_letter(original: Original) -> Original:
    """A member of a family is always the one of the letter it was declared with."""
    return lambda thing, node, here: original(
        thing if not thing.letters else Named((), thing.body), node, here
    )


def _offset_forgotten(original: Original) -> Original:
    def placed(*args: Any) -> Any:
        found = original(*args)
        plain = isinstance(found, tree.Offset) and found.of is not None
        return found.of if plain else found

    return placed


def _list_forgotten(original: Original) -> Original:
    def place(sub: Any, words: Any, here: Any, node: Any) -> Any:
        found = original(sub, words, here, node)
        return None if found is None else tree.Numbered(1)

    return place


def _scope_leaks(original: Original) -> Original:
    """A letter that a sum binds goes on to be bound behind it."""

    def summation(node: Any, here: Any) -> Any:
        found, inside = original(node, here)
        here.scope.bound.update({b.letter: b.variable for b in found.binders})
        return found, inside

    return summation


def _sum_ends_early(original: Original) -> Original:
    def of(self: Any, body: tree.Term) -> tree.Term:
        if isinstance(body, tree.Times) and not body.right.shape:
            return tree.Times(original(self, body.left), body.right)
        return original(self, body)

    return of


FAULTS = (
    Fault("a sum does not bind its letter", Scope, "binding", _nothing_bound),
    Fault("a letter goes on to be bound behind its sum", operators, "summation", _scope_leaks),
    Fault("a sum ends before its last factor", operators.Summation, "of", _sum_ends_early),
    Fault("\\ne is read as =", members, "comparison", _changed(negated=False)),
    Fault("= of an indicator is read as \\ne", members, "comparison", _changed(negated=True)),
    Fault("what a sum leaves out is forgotten", operators, "Summation",
          lambda original: lambda binders, where: original(binders, ())),
    Fault("bounds of a sum are forgotten", operators, "_between", _bounds_of_the_set),
    Fault("the lower bound is forgotten", operators, "_between", _no_lower_bound),
    Fault("the upper bound is forgotten", operators, "_between", _no_upper_bound),
    Fault("x_{i+1} is read as x_i", members, "_placed", _offset_forgotten),
    Fault("every entry of a list is its first", members, "_place", _list_forgotten),
    Fault("subscripts of a square matrix exchanged", identifiers, "Entry", _swapped_members),
    Fault("a square matrix is not transposed", identifiers, "transposed", _not_transposed),
    Fault("factors of a product of square matrices exchanged", arithmetic, "times",
          _products_turned),
    Fault("a member of a family is that of its own letter", identifiers, "picked",
          _declared_letter),
    Fault("the derivative by a transposed matrix is not turned", operators, "variable",
          _square_unturned),
    Fault("f' is f", applications, "prime", _own_argument),
    Fault("every argument is the first", applications, "_at", _first_argument_twice),
    Fault("an exponent is one too small", identifiers, "powered",
          lambda original: lambda v, e, n, h: arithmetic.power_of(
              v, max(arithmetic.exponent_of(e, h) - 1, 1), n)),
    Fault("signs behind the second are plus", products, "resolve", _first_sign),
    Fault("a quotient is turned", brackets.arithmetic, "over",
          lambda original: lambda l, r, n, h: original(r, l, n, h) if not l.shape and
          not arithmetic.is_zero(l) else original(l, r, n, h)),
    Fault("the inner product adds the first entries only", arithmetic, "InnerProduct",
          lambda original: lambda l, r: tree.Times(tree.Number(2), original(l, r))),
    Fault("a definition forgets the letter it depends on", definitions, "_closed",
          lambda original: original),
)
