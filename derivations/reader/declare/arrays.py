"""Scalars, vectors, families of vectors, and matrices."""

from __future__ import annotations

from derivations.language.tree import Reference, Row, Shape, Transpose, Variable
from derivations.reader.declare.forms import IN, REALS, names, split, wrong
from derivations.reader.declare.naming import symbol, with_thing
from derivations.reader.declare.sets import extent
from derivations.reader.elaborate.spelling import declared_name, letter_of
from derivations.reader.formula import formula, listing
from derivations.reader.problem import Unreadable
from derivations.reader.scope import Named, Scope
from derivations.reader.source import Span
from derivations.reader.syntax import Script
from derivations.reader.written import written

_SIZE = r"\{?\s*([\w.]+)\s*\}?\s*"


def _declared(scope: Scope, name: str, shape: Shape) -> Scope:
    """The scope with a variable of this name and shape; the one there is where it is the same."""
    plain, scope = symbol(scope, "thing", name, f"variable of shape {shape}")
    return with_thing(scope, name, Named((), Reference(Variable(shape, plain, name))))


def scalar(span: Span, scope: Scope) -> Scope:
    """``scalar x``."""
    for name in names(span):
        scope = _declared(scope, name, ())
    return scope


def vector(span: Span, scope: Scope) -> Scope:
    """``vector y in R^N``."""
    found, size = split(span, rf"(.*?){IN}{REALS}{_SIZE}", "vector")
    space, scope = extent(size, scope)
    for name in names(found):
        scope = _declared(scope, name, (space, None))
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
    family = declared_name(node.base)
    whole = declared_name(formula(matrix_)) if matrix_.text else ""
    if whole == family:
        raise wrong(span, "vectors")
    shape: Shape = (letter.space, space)
    plain, scope = symbol(scope, "thing", whole or family, f"rows of shape {shape}")
    columns = layout.text == "columns"
    rows = Reference(Variable(shape, plain, whole, transposed=columns, family=family))
    scope = with_thing(scope, family, Named((letter,), Row(rows, letter)))
    if not whole:
        return scope
    return with_thing(scope, whole, Named((), Transpose(rows) if columns else rows))


def matrix(span: Span, scope: Scope) -> Scope:
    """``matrix X in R^{n x d}``."""
    by = r"(?:\s+x\s+|\s*×\s*|\s*\\times\s*)"
    pattern = rf"(.*?){IN}{REALS}\{{\s*([\w.]+){by}([\w.]+)\s*\}}\s*"
    found, high, wide = split(span, pattern, "matrix")
    rows, scope = extent(high, scope)
    columns, scope = extent(wide, scope)
    for name in names(found):
        scope = _declared(scope, name, (rows, columns))
    return scope
