"""Declarations that contradict those that win over them: which names they declare otherwise.

Names are compared by what they mean, so that an exercise may be copied, in other words as well: a
variable by its shape, and it may be said to be less than it is, but not more; a definition by its
terms as they are arranged (`language/arrangement.py`). What cannot be compared so, as a subset, is
the same where it is declared in the same words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from derivations.language.arrangement import key
from derivations.language.traversal import with_members, with_variables
from derivations.language.tree import (
    Definition,
    IndexVariable,
    Reference,
    Row,
    Slice,
    Term,
    Transpose,
    Variable,
)
from derivations.reader.problem import Unreadable
from derivations.reader.scope import Function, Named, Scope
from derivations.reader.source import Span

_GIVEN = (Reference, Row, Slice, Transpose)  # a variable, or a row, member or transpose of one


def contradictions(
    line: Span, before: Scope, after: Scope, fixed: Mapping[str, Span]
) -> Iterator[Unreadable]:
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


def _declared_otherwise(before: Scope, after: Scope, fixed: Iterable[str]) -> Iterator[str]:
    names, says_more = frozenset(fixed), after.conditions != before.conditions
    for old, new in (
        (before.things, after.things),
        (before.letters, after.letters),
        (before.functions, after.functions),
        (before.subsets, after.subsets),
        (before.sets, after.sets),
    ):
        for name in names & new.keys():
            one, other = old.get(name), new[name]
            if one is not other and not (
                _is_same(one, other) or (not says_more and _is_shaped(one, other))
            ):
                yield name
    for name, found in after.lists.items():
        mine = {each.origin: each for each in before.lists.get(name, ())}
        for words in found:
            was = mine.get(words.origin)
            same = was is not None and (was.values, was.places) == (words.values, words.places)
            if f"{name}_{words.origin}" in names and not same:
                yield f"{name}_{words.origin}"


def _is_same(one: object, other: object) -> bool:
    match one, other:
        case Named(), Named():
            return _is_family(one.letters, one.body, other.letters, other.body)
        case IndexVariable(), IndexVariable():
            return one.space == other.space
        case Function(meaning=Definition() as mine), Function(meaning=Definition() as theirs):
            return one.separators == other.separators and _is_defined(mine, theirs)
        case Function(), Function():
            return one.separators == other.separators and _shapes(one) == _shapes(other)
    return one == other


def _is_shaped(one: object, other: object) -> bool:
    """Whether both are variables, or families of them, of one shape."""
    if not (isinstance(one, Named) and isinstance(other, Named)):
        return False
    if not (isinstance(one.body, _GIVEN) and isinstance(other.body, _GIVEN)):
        return False
    spaces = [[each.space for each in named.letters] for named in (one, other)]
    return spaces[0] == spaces[1] and one.body.shape == other.body.shape


def _is_family(
    letters: tuple[IndexVariable, ...], body: Term, others: tuple[IndexVariable, ...], other: Term
) -> bool:
    """Whether two terms are one, with the letters of the one for those of the other."""
    if [each.space for each in letters] != [each.space for each in others]:
        return False
    return key(body) == key(with_members(other, dict(zip(others, letters, strict=True))))


def _is_defined(one: Definition, other: Definition) -> bool:
    pairs = list(zip(one.parameters, other.parameters, strict=False))
    if len(one.parameters) != len(other.parameters):
        return False
    variables: dict[Variable, Variable] = {}
    letters: dict[IndexVariable, IndexVariable] = {}
    for mine, theirs in pairs:
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
