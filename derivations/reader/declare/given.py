"""Declarations that are given win over those of the text: contradictions, and what holds.

Names are compared by what they mean, so that an exercise may be copied, in other words as well:
a variable by its shape, and it may be said to be less than it is, but not more; a definition by
its terms as they are arranged (`language/arrangement.py`). What cannot be compared so, as a
subset, is the same where it is declared in the same words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from operator import eq
from typing import TypeVar

from derivations.claim import AtLeast
from derivations.indices import IndexSet
from derivations.language.arrangement import key
from derivations.language.traversal import with_members, with_variables
from derivations.language.tree import (
    Definition,
    IndexVariable,
    Reference,
    Row,
    Size,
    Slice,
    Transpose,
    Variable,
)
from derivations.reader.environment import Function, Named, Scope
from derivations.reader.source import Span, Unreadable

T = TypeVar("T")
Fixed = Mapping[str, Span]  # names, each with what declares it
_GIVEN = (Reference, Row, Slice, Transpose)  # a variable, or a row, member or transpose of one


def contradictions(line: Span, before: Scope, after: Scope, fixed: Fixed) -> Iterator[Unreadable]:
    """What a declaration says otherwise than those that are fixed; these hold all the same."""
    said: dict[Span, list[str]] = {}
    for name in dict.fromkeys(_declared_otherwise(before, after, fixed)):
        said.setdefault(fixed[name], []).append(name)
    for there, names in said.items():
        text = " ".join(there.text.split())
        if text == " ".join(line.text.split()):
            continue
        is_ = "is" if len(names) == 1 else "are"
        what = f"{', '.join(names)} {is_} given at {there.stripped.place} as {text}"
        advice = "that holds here; leave this line out, or take another name"
        yield Unreadable(line.stripped.place, line.text.strip(), what, advice)


def _declared_otherwise(before: Scope, after: Scope, fixed: Fixed) -> Iterator[str]:
    says_more = after.conditions != before.conditions

    def is_same_thing(one: Named, other: Named) -> bool:
        return _is_same_family(one, other) or (not says_more and _is_shaped(one, other))

    def otherwise(
        old: Mapping[str, T], new: Mapping[str, T], is_same: Callable[[T, T], bool]
    ) -> Iterator[str]:
        for name in fixed:
            if name in new and not (
                name in old and (old[name] is new[name] or is_same(old[name], new[name]))
            ):
                yield name

    larger = {str(each.of) for each in _larger(before, after)}
    for name in fixed:
        body = before.things[name].body if name in before.things else None
        if isinstance(body, Size) and body.name in larger:
            yield name
    yield from otherwise(before.things, after.things, is_same_thing)
    yield from otherwise(before.letters, after.letters, lambda one, other: one.space == other.space)
    yield from otherwise(before.functions, after.functions, _is_same_function)
    yield from otherwise(before.subsets, after.subsets, eq)
    yield from otherwise(before.sets, after.sets, eq)
    for name, found in after.lists.items():
        mine = {each.origin: each for each in before.lists.get(name, ())}
        for words in found:
            was = mine.get(words.origin)
            same = was is not None and (was.values, was.places) == (words.values, words.places)
            if f"{name}_{words.origin}" in fixed and not same:
                yield f"{name}_{words.origin}"


def _larger(before: Scope, after: Scope) -> list[AtLeast]:
    """The sizes of which more is said than before."""
    new = (each for each in after.conditions if each not in before.conditions)
    return [each for each in new if isinstance(each, AtLeast)]


def _is_same_function(one: Function, other: Function) -> bool:
    if one.separators != other.separators:
        return False
    mine, theirs = one.meaning, other.meaning
    if isinstance(mine, Definition) and isinstance(theirs, Definition):
        return _is_same_definition(mine, theirs)
    return _shapes(one) == _shapes(other)


def _is_shaped(one: Named, other: Named) -> bool:
    """Whether both are variables, or families of them, of one shape."""
    if not (isinstance(one.body, _GIVEN) and isinstance(other.body, _GIVEN)):
        return False
    return _spaces(one) == _spaces(other) and one.body.shape == other.body.shape


def _is_same_family(one: Named, other: Named) -> bool:
    """Whether two terms are one, with the letters of the one for those of the other."""
    if _spaces(one) != _spaces(other):
        return False
    letters = dict(zip(other.letters, one.letters, strict=True))
    return key(one.body) == key(with_members(other.body, letters))


def _spaces(named: Named) -> list[IndexSet]:
    return [each.space for each in named.letters]


def _is_same_definition(one: Definition, other: Definition) -> bool:
    if len(one.parameters) != len(other.parameters):
        return False
    variables: dict[Variable, Variable] = {}
    letters: dict[IndexVariable, IndexVariable] = {}
    for mine, theirs in zip(one.parameters, other.parameters, strict=True):
        match mine, theirs:
            case Variable(), Variable() if mine.shape == theirs.shape:
                variables[theirs] = mine
            case IndexVariable(), IndexVariable() if mine.space == theirs.space:
                letters[theirs] = mine
            case _:
                return False
    body = with_members(with_variables(other.body, variables), letters)
    return key(one.body) == key(body)


def _shapes(function: Function) -> list[object]:
    return [getattr(each, "shape", each) for each in function.meaning.parameters]


def with_fixed(after: Scope, before: Scope, fixed: Fixed) -> Scope:
    """The scope afterwards, with what is fixed as it was before."""
    kinds = (before.letters, before.things, before.functions, before.subsets)
    meant = {name for kind in kinds for name in kind if name in fixed}

    def kept(new: Mapping[str, T], old: Mapping[str, T]) -> dict[str, T]:
        found = {name: what for name, what in new.items() if name not in meant}
        return found | {name: what for name, what in old.items() if name in meant}

    lists = {
        name: tuple(
            next((old for old in before.lists.get(name, ()) if old.origin == new.origin), new)
            if f"{name}_{new.origin}" in fixed
            else new
            for new in found
        )
        for name, found in after.lists.items()
    }
    sizes = {
        b.name
        for name in meant
        if name in before.things and isinstance(b := before.things[name].body, Size)
    }
    larger = [each for each in _larger(before, after) if str(each.of) in sizes]
    return replace(
        after,
        conditions=tuple(each for each in after.conditions if each not in larger),
        sets={**after.sets, **{name: s for name, s in before.sets.items() if name in fixed}},
        letters=kept(after.letters, before.letters),
        things=kept(after.things, before.things),
        functions=kept(after.functions, before.functions),
        subsets=kept(after.subsets, before.subsets),
        lists=lists,
    )
