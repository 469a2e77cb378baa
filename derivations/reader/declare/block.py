"""A block of declarations, each line by its keyword."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from derivations.reader.declare import arrays, lists, sets
from derivations.reader.declare.definitions import with_arbitrary, with_definition
from derivations.reader.declare.forms import FORMS, wrong
from derivations.reader.elaborate import Environment
from derivations.reader.elaborate.members import alone, conditions, distinct, listed
from derivations.reader.formula import formula, listing
from derivations.reader.limits import MOST_DECLARATIONS, MOST_DECLARED
from derivations.reader.problem import Unreadable
from derivations.reader.scope import Scope
from derivations.reader.source import Span
from derivations.reader.syntax import Group, Relation


def declared(lines: list[Span], scope: Scope) -> Scope:
    """The scope with the declarations of these lines added, in their order."""
    if len(lines) > MOST_DECLARATIONS:
        what = f"a block of more than {MOST_DECLARATIONS} lines"
        raise Unreadable(lines[0].place, "", what, "declare what is used")
    seen: set[tuple[str, str]] = set()
    for line in lines:
        words = line.text.split(maxsplit=1)
        if not words or words[0].startswith("#"):
            continue
        added = _declared(words[0], line, scope)
        for which, name in _changed(scope, added):
            if (which, name) in seen:
                what = f"{name} is declared a second time in this block"
                raise Unreadable(line.place, line.text.strip(), what, "keep one of the two")
            seen.add((which, name))
        scope = added
    return scope


def _declared(keyword: str, line: Span, scope: Scope) -> Scope:
    if keyword not in _KEYWORDS:
        known = ", ".join(FORMS)
        raise Unreadable(line.place, keyword, "no keyword of a declaration", f"known: {known}")
    if len(line.text) > MOST_DECLARED:
        what = f"a declaration of more than {MOST_DECLARED} characters"
        raise Unreadable(line.place, keyword, what)
    rest = line.part(line.text.index(keyword) + len(keyword), len(line.text))
    if not rest.text.strip():
        raise wrong(line, keyword)
    return _KEYWORDS[keyword](rest, scope)


def _changed(before: Scope, after: Scope) -> Iterator[tuple[str, str]]:
    """The names that mean something else afterwards; a letter and a list may share one."""
    for old, new in (
        (before.things, after.things),
        (before.letters, after.letters),
        (before.functions, after.functions),
    ):
        yield from (("name", n) for n, what in new.items() if old.get(n) is not what)
    for name, found in after.lists.items():
        old_lists = before.lists.get(name, ())
        yield from (("list", f"{name}_{w.origin}") for w in found if w not in old_lists)


def _define(span: Span, scope: Scope) -> Scope:
    node = listing(span).only
    if not isinstance(node, Relation) or node.signs != ("=",):
        raise wrong(span, "define")
    return with_definition(node.parts[0], node.parts[1], scope)


def _arbitrary(span: Span, scope: Scope) -> Scope:
    return with_arbitrary(formula(span), scope)


def _if(span: Span, scope: Scope) -> Scope:
    text, here = span.text.rstrip(), Environment(scope)
    if text.endswith("distinct"):
        content = listing(span.part(0, len(text) - len("distinct")))
        only = content.only
        items = only.content.items if isinstance(only, Group) else content.items
        if not items:
            raise wrong(span, "if")
        same = distinct(listed(items, content, here))
        return replace(scope, conditions=(*scope.conditions, same))
    found = conditions(alone(listing(span)), here)
    if here.doubts:
        raise Unreadable(span.place, text.strip(), here.doubts[0], "leave it out")
    return replace(scope, conditions=(*scope.conditions, *found))


_KEYWORDS: dict[str, Callable[[Span, Scope], Scope]] = {
    "size": sets.size,
    "index": sets.index,
    "scalar": arrays.scalar,
    "vector": arrays.vector,
    "vectors": arrays.vectors,
    "matrix": arrays.matrix,
    "list": lists.labels,
    "read": lists.stand_in,
    "define": _define,
    "arbitrary": _arbitrary,
    "if": _if,
}
