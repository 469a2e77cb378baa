"""Sizes, index sets, and the letters that run over them."""

from __future__ import annotations

import re
from dataclasses import replace

from sympy import Expr, Integer

from derivations.indices import IndexSet
from derivations.language.data_conditions import AtLeast
from derivations.language.index_form import size as size_symbol
from derivations.language.tree import IndexVariable, Size
from derivations.reader.declare.forms import FORMS, IN, split, wrong
from derivations.reader.declare.naming import symbol, with_letter, with_thing
from derivations.reader.elaborate.compound_letters import compound_letter
from derivations.reader.elaborate.indexing import at_least, size_expression
from derivations.reader.elaborate.spelling import letter_of
from derivations.reader.formula import listing
from derivations.reader.limits import MOST_DIGITS
from derivations.reader.problem import Unreadable
from derivations.reader.scope import Named, Scope
from derivations.reader.source import Span
from derivations.reader.written import written

# an end of a range: N, 2m, -m, K-1, 10
_BELOW = r"(?:_\{\w+\})?"
_END = re.compile(rf"(-?)\s*(\d*)\s*([^\W\d]\w*{_BELOW})?\s*(?:([+-])\s*(\d+))?", re.ASCII)
_NAME = re.compile(r"[A-Za-z]+")
_SIZE = re.compile(rf"[A-Za-z]+(?:_\w|{_BELOW})")  # d_k and d_{model} are names as well


def size(span: Span, scope: Scope) -> Scope:
    """``size N, d >= 1``, ``size n >= 2``."""
    found, least = split(span, r"([^>≥\\]*)(?:>=|≥|\\geq?)\s*(\d{1,2})\s*", "size")
    value = int(least.text)
    for part in found.text.split(","):
        if not _SIZE.fullmatch(part.strip()):
            raise wrong(span, "size")
        name = _name(part.strip())
        plain, scope = symbol(scope, "thing", name, f"size of at least {value}")
        scope = with_thing(scope, name, Named((), Size(plain, min(value, 1))))
        if value > 1:
            above = AtLeast(size_symbol(plain, 1), Integer(value))
            scope = replace(scope, conditions=(*scope.conditions, above))
    return scope


def _name(text: str) -> str:
    """The name of a size, however what stands below it is written: d_k is d_{k}."""
    base, _, below = text.partition("_")
    return f"{base}_{{{below.strip('{}')}}}" if below else base


def index(span: Span, scope: Scope) -> Scope:
    """``index c, o, w in Vocab = 1..N``."""
    letters, where = split(span, rf"(.*?){IN}(.*)", "index")
    space, scope = index_set(where, scope)
    for node in listing(letters).items:
        name = letter_of(node) or compound_letter(node)
        if not name:
            raise Unreadable(node.at, written(node), "an index is a single letter")
        scope = declared_letter(name, space, scope)
    return scope


def declared_letter(name: str, space: IndexSet, scope: Scope) -> Scope:
    """The scope with a letter for the members of a set; the one there is where it is the same."""
    known = scope.letters.get(name)
    if known is not None and known.space == space:
        return with_letter(scope, name, replace(known))
    plain, scope = symbol(scope, "letter", name, f"member of {space}")
    return with_letter(scope, name, IndexVariable(space, plain, name))


def index_set(span: Span, scope: Scope) -> tuple[IndexSet, Scope]:
    """An index set by name, by bounds, or both: ``Vocab = 1..N``, ``Vocab = V = 1..N``."""
    *names, bounds = map(str.strip, span.text.split("="))
    if not names and bounds in scope.sets:
        return scope.sets[bounds], scope
    first, dots, last = map(str.strip, bounds.partition(".."))
    named = all(map(_NAME.fullmatch, names)) and len(set(names)) == len(names)
    if not (first and dots and last) or not named:
        raise Unreadable(span.place, span.text.strip(), "no index set", "write 1..N, or its name")
    lower, upper = _end(first, span, scope), _end(last, span, scope)
    space, scope = _known(names[0] if names else "", lower, upper, span, scope)
    for name in names[1:]:
        if scope.sets.get(name, space) != space:
            raise _other_set(name, scope.sets[name], span)
        scope = replace(scope, sets={**scope.sets, name: space})
    return space, scope


def extent(name: Span, scope: Scope) -> tuple[IndexSet, Scope]:
    """The index set of one dimension of R^{...}: a set, or the only one of a size."""
    text = name.text.strip()
    if text in scope.sets:
        return scope.sets[text], scope
    count = _end(text, name, scope)
    fitting = [s for s in scope.spaces() if (s.lower, s.upper) == (Integer(1), count)]
    if len(fitting) > 1:
        which = " or ".join(space.name for space in fitting)
        raise Unreadable(name.place, text, f"which index set: {which}?", "write its name")
    return (fitting[0], scope) if fitting else _known("", Integer(1), count, name, scope)


def _known(name: str, lower: Expr, upper: Expr, span: Span, scope: Scope) -> tuple[IndexSet, Scope]:
    bounds = f"{lower}..{upper}"
    count = at_least(upper - lower + 1, scope)
    if count.is_negative:
        raise Unreadable(span.place, span.text.strip(), "an empty range", "write 1..N")
    if not count.is_nonnegative:
        what, advice = (
            "a range of fewer than no members at some size",
            "bound its size, or shift it",
        )
        raise Unreadable(span.place, span.text.strip(), what, advice)
    inhabited = count.is_positive is True
    space = IndexSet(name or bounds, lower, upper, inhabited, labels=bool(name))
    if scope.sets.get(space.name, space) != space:
        raise _other_set(name, scope.sets[space.name], span)
    return space, replace(scope, sets={**scope.sets, space.name: space})


def _other_set(name: str, other: IndexSet, span: Span) -> Unreadable:
    what = f"{name} is {other.lower}..{other.upper} already"
    return Unreadable(span.place, span.text.strip(), what, "give it another name")


def _end(text: str, span: Span, scope: Scope) -> Expr:
    found = _END.fullmatch(text)
    if found is None or max(map(len, (found[2], found[5] or ""))) > MOST_DIGITS:
        raise Unreadable(span.place, text, "no size has this name", f"write {FORMS['size']} before")
    sign, digits, name, plus, further = found.groups()
    value: Expr | None = Integer(int(digits)) if digits else Integer(1)
    if name:
        known = scope.things.get(_name(name))
        size_ = size_expression(known.body) if known and isinstance(known.body, Size) else None
        value = None if size_ is None else value * size_
    elif not digits:
        value = None
    if value is None:
        raise Unreadable(span.place, text, "no size has this name", f"write {FORMS['size']} before")
    value = -value if sign else value
    return value if further is None else value + int(f"{plus}{further}")
