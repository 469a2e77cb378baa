"""The declarations of a derivation: one a line, a keyword first."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from sympy import Expr, IndexedBase, Integer, Symbol

from derivations.array import Array
from derivations.claim import Distinct
from derivations.indices import Index, IndexSet, WordArray
from derivations.reader.axes import axis
from derivations.reader.definitions import with_arbitrary, with_definition
from derivations.reader.elaborate import Here
from derivations.reader.elaborate.condition import alone, conditions
from derivations.reader.elaborate.spelling import name_of
from derivations.reader.formula import formula, listing
from derivations.reader.meaning import Scope, Thing, WordList
from derivations.reader.problem import Unreadable
from derivations.reader.source import Span
from derivations.reader.syntax import Content, Leaf, Relation, Script, Terms
from derivations.reader.unicode import plain_name
from derivations.reader.written import written

FORMS = {
    "size": "size N, d >= 1",
    "index": "index c, o, w in Vocab = 1..N   or   index k in 1..K",
    "scalar": "scalar x",
    "vector": "vector y in R^N",
    "vectors": "vectors u_w in R^d, columns of U",
    "matrix": "matrix X in R^{n x d}",
    "list": "list w_k in Vocab, k in 1..K",
    "read": "read k as w_k",
    "define": r"define \sigma(z) = \frac{1}{1 + e^{-z}}",
    "arbitrary": "arbitrary J(v_c, o, U)",
    "if": r"if o \notin \{w_1, ..., w_K\}   or   if w_1, ..., w_K distinct",
}
_RANGE = re.compile(r"\s*(-?)\s*(\w+)\s*\.\.\s*(-?)\s*(\w+)\s*$")


def declared(lines: list[Span], scope: Scope) -> Scope:
    """The scope with the declarations of these lines added, in their order."""
    for line in lines:
        keyword, _, _ = line.text.strip().partition(" ")
        if not keyword or keyword.startswith("#"):
            continue
        rest = line.part(line.text.index(keyword) + len(keyword), len(line.text))
        if keyword not in _KEYWORDS:
            known = ", ".join(FORMS)
            raise Unreadable(line.place, keyword, "no keyword of a declaration", f"known: {known}")
        scope = _KEYWORDS[keyword](rest, scope)
    return scope


def _wrong(span: Span, keyword: str) -> Unreadable:
    return Unreadable(span.place, span.text.strip(), "not understood", f"write {FORMS[keyword]}")


def _split(span: Span, pattern: str, keyword: str) -> list[Span]:
    """The groups of a pattern that the whole span must match."""
    found = re.fullmatch(pattern, span.text)
    if found is None:
        raise _wrong(span, keyword)
    return [span.part(*found.span(group)) for group in range(1, (found.re.groups or 0) + 1)]


def _size(span: Span, scope: Scope) -> Scope:
    names, least = _split(span, r"\s*([A-Za-z][\w, ]*?)\s*(?:>=|≥|\\ge)\s*([01])\s*", "size")
    things = dict(scope.things)
    for name in names.text.replace(" ", "").split(","):
        positive = {"positive": True} if least.text == "1" else {"nonnegative": True}
        things[name] = Thing((), Array(Symbol(name, integer=True, **positive)))
    return replace(scope, things=things)


def _index(span: Span, scope: Scope) -> Scope:
    names, where = _split(span, r"(.*?)\sin\s(.*)", "index")
    space, scope = _set(where, scope)
    letters = dict(scope.letters)
    things = dict(scope.things)
    for node in listing(names).items:
        if not isinstance(node, Leaf) or node.kind != "LETTER":
            raise Unreadable(node.at, written(node), "an index is a single letter")
        letters[node.text] = Index(plain_name(node.text), space)
        things.pop(node.text, None)
    return replace(scope, letters=letters, things=things)


def _set(span: Span, scope: Scope) -> tuple[IndexSet, Scope]:
    """An index set by name, by bounds, or both: ``Vocab = 1..N``."""
    name, _, bounds = span.text.partition("=") if "=" in span.text else ("", "", span.text)
    name, bounds = name.strip(), bounds.strip()
    if not name and bounds in scope.sets:
        return scope.sets[bounds], scope
    found = _RANGE.match(bounds)
    if found is None:
        raise Unreadable(span.place, bounds, "no index set", "write 1..N, or a declared name")
    lower, upper = _end(found[1], found[2], span, scope), _end(found[3], found[4], span, scope)
    return _known_set(name, lower, upper, scope)


def _known_set(name: str, lower: Expr, upper: Expr, scope: Scope) -> tuple[IndexSet, Scope]:
    bounds = f"{lower}..{upper}"
    inhabited = (upper - lower + 1).is_positive is True
    space = IndexSet(name or bounds, lower, upper, inhabited, labels=bool(name))
    return space, replace(scope, sets={**scope.sets, name or bounds: space})


def _end(sign: str, text: str, span: Span, scope: Scope) -> Expr:
    if text.isdigit():
        value: Expr = Integer(int(text))
    elif text in scope.things and scope.things[text].body.entry.is_integer:
        value = scope.things[text].body.entry
    else:
        raise Unreadable(span.place, text, "no size has this name", f"write {FORMS['size']} before")
    return -value if sign else value


def _extent(name: Span, scope: Scope) -> tuple[IndexSet, Scope]:
    """The index set of one dimension of R^{...}: a set, or the only one of a size."""
    text = name.text.strip()
    if text in scope.sets:
        return scope.sets[text], scope
    size = _end("", text, name, scope)
    fitting = [s for s in scope.spaces() if (s.lower, s.upper) == (Integer(1), size)]
    if len(fitting) > 1:
        which = " or ".join(space.name for space in fitting)
        raise Unreadable(name.place, text, f"which index set: {which}?", "write its name")
    return (fitting[0], scope) if fitting else _known_set("", Integer(1), size, scope)


def _scalar(span: Span, scope: Scope) -> Scope:
    things, letters = dict(scope.things), dict(scope.letters)
    for node in listing(span).items:
        things[name_of(node)] = Thing((), Array(Symbol(plain_name(name_of(node)), real=True)))
        letters.pop(name_of(node), None)
    return replace(scope, things=things, letters=letters)


def _vector(span: Span, scope: Scope) -> Scope:
    names, size = _split(span, r"(.*?)\sin\sR\^\{?\s*([\w.]+)\s*\}?\s*", "vector")
    space, scope = _extent(size, scope)
    things = dict(scope.things)
    for node in listing(names).items:
        index = axis(space, scope)
        entry = IndexedBase(plain_name(name_of(node)))[index]
        things[name_of(node)] = Thing((), Array(entry, (index, None)))
    return replace(scope, things=things)


def _vectors(span: Span, scope: Scope) -> Scope:
    pattern = r"(.*?)\sin\sR\^\{?\s*([\w.]+)\s*\}?\s*(?:,\s*(columns|rows)\s+of\s+(\S+))?\s*"
    name, size, layout, matrix = _split(span, pattern, "vectors")
    space, scope = _extent(size, scope)
    (node,) = listing(name).items
    if not isinstance(node, Script) or node.sub is None or node.sub.only is None:
        raise _wrong(span, "vectors")
    letter = scope.letters.get(written(node.sub.only))
    if letter is None:
        raise Unreadable(node.at, written(node), "its subscript is no declared index")
    family, index = name_of(node.base), axis(space, scope)
    base = IndexedBase(plain_name(name_of(formula(matrix)) if matrix.text else family))
    things = dict(scope.things)
    things[family] = Thing((letter,), Array(base[letter, index], (index, None)))
    if matrix.text:
        words = axis(letter.space, scope, index)
        axes = (index, words) if layout.text == "columns" else (words, index)
        things[name_of(formula(matrix))] = Thing((), Array(base[words, index], axes))
    return replace(scope, things=things)


def _matrix(span: Span, scope: Scope) -> Scope:
    pattern = r"(.*?)\sin\sR\^\{\s*([\w.]+)\s*(?:x|×|\\times)\s*([\w.]+)\s*\}\s*"
    names, high, wide = _split(span, pattern, "matrix")
    rows, scope = _extent(high, scope)
    columns, scope = _extent(wide, scope)
    row = axis(rows, scope)
    column = axis(columns, scope, row)
    things = dict(scope.things)
    for node in listing(names).items:
        entry = IndexedBase(plain_name(name_of(node)))[row, column]
        things[name_of(node)] = Thing((), Array(entry, (row, column)))
    return replace(scope, things=things)


def _list(span: Span, scope: Scope) -> Scope:
    entry, labels, letter, places = _split(
        span, r"(.*?)\sin\s+(\w+)\s*,\s*(\S+)\s+in\s+(.*)", "list"
    )
    if labels.text not in scope.sets:
        raise Unreadable(labels.place, labels.text, "no index set has this name")
    space, scope = _set(places, scope)
    (node,) = listing(entry).items
    if not isinstance(node, Script) or node.sub is None or node.sub.only is None:
        raise _wrong(span, "list")
    inside, base = node.sub.only, name_of(node.base)
    origin = written(inside.parts[0]) if isinstance(inside, Terms) else ""
    name = f"{plain_name(base)}_{origin}" if origin else plain_name(base)
    words = WordList(WordArray(name, scope.sets[labels.text]), space, origin)
    lists = {**scope.lists, base: (*scope.lists.get(base, ()), words)}
    letters = {letter.text: Index(plain_name(letter.text), space), **scope.letters}
    return replace(scope, lists=lists, letters=letters)


def _read(span: Span, scope: Scope) -> Scope:
    letter, entry = _split(span, r"\s*(\S+)\s+as\s+(\S+)\s*", "read")
    index, node = scope.letters.get(letter.text), formula(entry)
    base = name_of(node.base) if isinstance(node, Script) else ""
    fitting = [w for w in scope.lists.get(base, ()) if index and w.places == index.space]
    if index is None or len(fitting) != 1:
        raise _wrong(span, "read")
    return replace(scope, stand_ins={**scope.stand_ins, index.space: fitting[0]})


def _define(span: Span, scope: Scope) -> Scope:
    content = listing(span)
    node = content.only
    if not isinstance(node, Relation) or node.signs != ("=",):
        raise _wrong(span, "define")
    return with_definition(node.parts[0], node.parts[1], scope)


def _arbitrary(span: Span, scope: Scope) -> Scope:
    return with_arbitrary(formula(span), scope)


def _if(span: Span, scope: Scope) -> Scope:
    text = span.text.rstrip()
    if text.endswith("distinct"):
        content = listing(span.part(0, len(text) - len("distinct")))
        return replace(scope, conditions=(*scope.conditions, _distinct(content, span, scope)))
    here = Here(scope)
    found = conditions(alone(listing(span)), here)
    if here.notes:
        raise Unreadable(span.place, text.strip(), here.notes[0])
    return replace(scope, conditions=(*scope.conditions, *found))


def _distinct(content: Content, span: Span, scope: Scope) -> Distinct:
    bases = {name_of(item.base) for item in content.items if isinstance(item, Script)}
    lists = [words for base in bases for words in scope.lists.get(base, ()) if not words.origin]
    if len(lists) != 1:
        raise _wrong(span, "if")
    return Distinct(lists[0].words)


_KEYWORDS: dict[str, Callable[[Span, Scope], Scope]] = {
    "size": _size,
    "index": _index,
    "scalar": _scalar,
    "vector": _vector,
    "vectors": _vectors,
    "matrix": _matrix,
    "list": _list,
    "read": _read,
    "define": _define,
    "arbitrary": _arbitrary,
    "if": _if,
}
