"""A name means one thing: who declares it again takes it from what it meant before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from derivations.indices import Index
from derivations.reader.meaning import Function, Scope, Thing

T = TypeVar("T")


def with_thing(scope: Scope, name: str, thing: Thing) -> Scope:
    """The scope with a number, vector, matrix or family of this name."""
    scope = without(scope, name)
    return replace(scope, things={**scope.things, name: thing})


def with_letter(scope: Scope, name: str, index: Index) -> Scope:
    """The scope with an index of this name."""
    scope = without(scope, name)
    return replace(scope, letters={**scope.letters, name: index})


def with_function(scope: Scope, name: str, function: Function) -> Scope:
    """The scope with a function of this name."""
    scope = without(scope, name)
    return replace(scope, functions={**scope.functions, name: function})


def without(scope: Scope, name: str) -> Scope:
    """The scope in which a name means nothing; lists are told from letters by their subscript."""
    return replace(
        scope,
        things=_without(scope.things, name),
        letters=_without(scope.letters, name),
        functions=_without(scope.functions, name),
    )


def _without(mapping: Mapping[str, T], name: str) -> Mapping[str, T]:
    return {key: value for key, value in mapping.items() if key != name}
