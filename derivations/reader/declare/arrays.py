"""Scalars, vectors, families of vectors, and matrices."""

from __future__ import annotations

from sympy import IndexedBase, Symbol

from derivations.reader.array import Array
from derivations.reader.axes import axis
from derivations.reader.declare.forms import IN, REALS, names, split, wrong
from derivations.reader.declare.naming import with_thing
from derivations.reader.declare.sets import extent
from derivations.reader.elaborate.spelling import declared_name, letter_of
from derivations.reader.formula import formula, listing
from derivations.reader.meaning import Scope, Thing
from derivations.reader.problem import Unreadable
from derivations.reader.source import Span
from derivations.reader.syntax import Script
from derivations.reader.unicode import plain_name
from derivations.reader.written import written

_SIZE = r"\{?\s*([\w.]+)\s*\}?\s*"


def scalar(span: Span, scope: Scope) -> Scope:
    """``scalar x``."""
    for name in names(span):
        scope = with_thing(scope, name, Thing((), Array(Symbol(plain_name(name), real=True))))
    return scope


def vector(span: Span, scope: Scope) -> Scope:
    """``vector y in R^N``."""
    found, size = split(span, rf"(.*?){IN}{REALS}{_SIZE}", "vector")
    space, scope = extent(size, scope)
    for name in names(found):
        index = axis(space, scope)
        entry = IndexedBase(plain_name(name))[index]
        scope = with_thing(scope, name, Thing((), Array(entry, (index, None))))
    return scope


def vectors(span: Span, scope: Scope) -> Scope:
    """``vectors u_w in R^d, columns of U``."""
    pattern = rf"(.*?){IN}{REALS}{_SIZE}(?:,\s*(columns|rows)\s+of\s+(\S+)\s*)?"
    name, size, layout, matrix_ = split(span, pattern, "vectors")
    space, scope = extent(size, scope)
    node = listing(name).only
    if not isinstance(node, Script) or node.sub is None or node.sub.only is None:
        raise wrong(span, "vectors")
    letter = scope.letters.get(letter_of(node.sub.only))
    if letter is None:
        raise Unreadable(node.at, written(node), "its subscript is no declared index")
    family, index = declared_name(node.base), axis(space, scope)
    whole = declared_name(formula(matrix_)) if matrix_.text else ""
    base = IndexedBase(plain_name(whole or family))
    if whole == family:
        raise wrong(span, "vectors")
    members = Thing((letter,), Array(base[letter, index], (index, None)))
    scope = with_thing(scope, family, members)
    if not whole:
        return scope
    words = axis(letter.space, scope, index)
    axes = (index, words) if layout.text == "columns" else (words, index)
    return with_thing(scope, whole, Thing((), Array(base[words, index], axes)))


def matrix(span: Span, scope: Scope) -> Scope:
    """``matrix X in R^{n x d}``."""
    by = r"(?:\s+x\s+|\s*×\s*|\s*\\times\s*)"
    pattern = rf"(.*?){IN}{REALS}\{{\s*([\w.]+){by}([\w.]+)\s*\}}\s*"
    found, high, wide = split(span, pattern, "matrix")
    rows, scope = extent(high, scope)
    columns, scope = extent(wide, scope)
    row = axis(rows, scope)
    column = axis(columns, scope, row)
    for name in names(found):
        entry = IndexedBase(plain_name(name))[row, column]
        scope = with_thing(scope, name, Thing((), Array(entry, (row, column))))
    return scope
