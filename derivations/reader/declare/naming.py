"""Binding of names: who declares one again takes it from what it meant before.

Two names never become one symbol, and neither do two objects of one name: an object that would
share its printed name with another one is told apart by a number, ``n(2)``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from derivations.language.tree import IndexVariable
from derivations.reader.scope import Function, Named, Scope
from derivations.reader.unicode import plain_name

T = TypeVar("T")


def symbol(scope: Scope, kind: str, latex: str, meaning: str) -> tuple[str, Scope]:
    """A printed name for what ``latex`` names, and the scope that remembers it.

    Numbers, letters and lists are told apart by where they stand: names of one ``kind`` are
    chosen apart. ``meaning`` says what is named: the same thing declared again keeps its name.
    """
    plain, number = plain_name(latex), 1
    wanted = plain
    while scope.symbols.get((kind, wanted), (latex, meaning)) != (latex, meaning):
        number += 1
        wanted = f"{plain}({number})"
    return wanted, replace(scope, symbols={**scope.symbols, (kind, wanted): (latex, meaning)})


def with_thing(scope: Scope, name: str, thing: Named) -> Scope:
    """The scope with a number, vector, matrix or family of this name."""
    scope = without(scope, name)
    return replace(scope, things={**scope.things, name: thing})


def with_letter(scope: Scope, name: str, variable: IndexVariable) -> Scope:
    """The scope with an index of this name."""
    scope = without(scope, name)
    return replace(scope, letters={**scope.letters, name: variable})


def with_function(scope: Scope, name: str, function: Function) -> Scope:
    """The scope with a function of this name."""
    scope = without(scope, name)
    return replace(scope, functions={**scope.functions, name: function})


def without(scope: Scope, name: str) -> Scope:
    """The scope in which a name means nothing; lists are told from letters by their subscript."""
    return replace(
        scope,
        things=_without(scope.things, name),
        in_blocks=_without(scope.in_blocks, name),
        families=_without(scope.families, name),
        letters=_without(scope.letters, name),
        functions=_without(scope.functions, name),
        subsets=_without(scope.subsets, name),
        steps=_without(scope.steps, name),
    )


def _without(mapping: Mapping[str, T], name: str) -> Mapping[str, T]:
    return {key: value for key, value in mapping.items() if key != name}
