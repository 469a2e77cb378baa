"""Scalars, vectors, families of vectors, and matrices."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from sympy import IndexedBase, Symbol

from derivations.claim import Condition
from derivations.language.data_conditions import PositiveDefinite, Symmetric
from derivations.language.tree import (
    Entry,
    IndexVariable,
    Reference,
    Row,
    Shape,
    Slice,
    Transpose,
    Variable,
)
from derivations.reader.declare.forms import BY, IN, REALS, names, split, wrong
from derivations.reader.declare.naming import symbol, with_thing
from derivations.reader.declare.partitioned import is_partitioned, partitioned
from derivations.reader.declare.restricted import ANY, BOUNDS, SET, Restricted, bounded, in_set
from derivations.reader.declare.sets import declared_letter, extent, index_set
from derivations.reader.elaborate.invertible import full_rank
from derivations.reader.elaborate.spelling import declared_name, letter_of
from derivations.reader.formula import formula, listing
from derivations.reader.problem import Unreadable
from derivations.reader.scope import Named, Scope
from derivations.reader.source import Span
from derivations.reader.syntax import Content, Group, Node, Product, Script
from derivations.reader.written import written

_COUNT = r"((?:[\w.]|_\{\w+\})+(?:\s*[+-]\s*\d+)?)"
_SIZE = rf"\{{?\s*{_COUNT}\s*\}}?\s*"
_TWO_SIZES = rf"\{{\s*{_COUNT}{BY}{_COUNT}\s*\}}\s*"
_ENTRIES = r"(?:,\s*entries\s+(\S.*?)\s*)?"
SYMMETRIC, INVERTIBLE, DEFINITE = "symmetric", "invertible", "positive definite"
SQUARE = {  # what may be said of a square matrix
    SYMMETRIC: SYMMETRIC,
    INVERTIBLE: INVERTIBLE,
    "non singular": INVERTIBLE,
    "nonsingular": INVERTIBLE,
    "symmetric positive definite": DEFINITE,
    DEFINITE: DEFINITE,
    # each is a limit of positive definite ones, and where it has no inverse none is claimed
    "symmetric positive semi definite": DEFINITE,
    "symmetric positive semidefinite": DEFINITE,
    "positive semi definite": DEFINITE,
    "positive semidefinite": DEFINITE,
}
_KINDS = "|".join(each.replace(" ", r"[\s-]+") for each in SQUARE)
# \Sigma \succ 0: positive definite, and \Sigma \succeq 0
_ABOVE_ZERO = r"([^\s,]+?)\s*(?:\\succ(?:eq)?|≻|⪰)\s*0"
_SAID = rf"((?:,\s*(?:{_KINDS}|{_ABOVE_ZERO.replace('(', '(?:', 1)})(?!\w)\s*)*)"
_EACH_ABOVE = r"(?:[^,{}]*>\s*0\s*,)+[^,{}]*>\s*0\s*"  # a > 0, b > 0
_BOUNDS = rf"(?:,\s*{BOUNDS}\s*)?"
_IN = rf"({SET})\^"


def _declared(
    scope: Scope,
    name: str,
    shape: Shape,
    *,
    numbers: Restricted = ANY,
    kinds: Sequence[str] = (),
    letter: IndexVariable | None = None,
) -> Scope:
    """The scope with a variable of this name and shape; the one there is where it is the same.

    ``kinds`` are what is said of a square matrix, as in `SQUARE`; with a ``letter`` it is one for
    each of its members.
    """
    over = letter.space if letter is not None else None
    more = "".join(f" {each}" for each in kinds) + str(numbers)
    several = f" over {over}" if over is not None else ""
    plain, scope = symbol(scope, "thing", name, f"variable of shape {shape}{more}{several}")
    array = IndexedBase(plain)
    definite = DEFINITE in kinds
    said: list[Condition] = [Symmetric(array)] if definite or SYMMETRIC in kinds else []
    if definite or INVERTIBLE in kinds:
        said.append(full_rank(Variable(shape, plain, over=over)))
    if definite:
        said.append(PositiveDefinite(array))
    said += numbers.said_of(array if shape else Symbol(plain, real=True))
    new = tuple(each for each in said if each not in scope.conditions)
    scope = replace(scope, conditions=(*scope.conditions, *new))
    if letter is not None:
        family = Variable(shape, plain, name, over=over)
        return with_thing(scope, name, Named((letter,), Slice(family, letter)))
    return with_thing(scope, name, Named((), Reference(Variable(shape, plain, name))))


def _of_entries(set_: Span, bounds: list[Span], known: list[str], keyword: str) -> Restricted:
    """Which numbers the entries of all that is declared here are said to be."""
    lower, entry, upper = bounds
    if not entry.text:
        return in_set(set_)
    node = formula(entry)
    if known != [declared_name(node.base if isinstance(node, Script) else node)]:
        raise wrong(entry, keyword)
    if in_set(set_) != ANY:
        raise Unreadable(entry.place, entry.text, "its numbers are said twice", "say it once")
    return bounded(lower, upper, entry)


def scalar(span: Span, scope: Scope) -> Scope:
    """``scalar x``, ``scalar x > 0``, ``scalar 0 < x < 1``, ``scalar x in (0, 1)``."""
    if re.fullmatch(_EACH_ABOVE, span.text):
        for each in re.finditer(r"[^,]+", span.text):
            scope = scalar(span.part(*each.span()), scope)
        return scope
    found, set_ = split(span, rf"(.*?)(?:{IN}({SET}))?\s*", "scalar")
    numbers = in_set(set_)
    bounds = re.fullmatch(BOUNDS, found.text.strip())
    if bounds is not None and not set_.text:
        lower, found, upper = split(found.stripped, BOUNDS, "scalar")
        numbers = bounded(lower, upper, found)
    for name in names(found):
        scope = _declared(scope, name, (), numbers=numbers)
    return scope


def vector(span: Span, scope: Scope) -> Scope:
    """``vector y in R^N``, ``vector p in R^N, p_k > 0``, ``vector y in \\{0, 1\\}^N``."""
    found, set_, size, *bounds = split(span, rf"(.*?){IN}{_IN}{_SIZE}{_BOUNDS}", "vector")
    space, scope = extent(size, scope)
    known = names(found)
    numbers = _of_entries(set_, bounds, known, "vector")
    for name in known:
        scope = _declared(scope, name, (space, None), numbers=numbers)
    return scope


def row(span: Span, scope: Scope) -> Scope:
    """``row y in R^N``: a vector that is a row."""
    found, size = split(span, rf"(.*?){IN}{REALS}{_SIZE}", "row")
    space, scope = extent(size, scope)
    for name in names(found):
        scope = _declared(scope, name, (space, None))
        scope = with_thing(scope, name, Named((), Transpose(scope.things[name].body)))
    return scope


def vectors(span: Span, scope: Scope) -> Scope:
    """``vectors u_w in R^d, columns of U``, or ``vectors x_i in R^d, i in 1..n``."""
    whole_ = r"(?:,\s*(columns|rows)\s+of\s+([^\s,]+)\s*)?"
    number = rf"(?:,?\s*(?:for\s+)?(\S+){IN}(.+?)\s*)?"
    pattern = rf"(.*?){IN}{_IN}{_SIZE}{whole_}{number}"
    name, numbers_, size, layout, matrix_, letter_, set_ = split(span, pattern, "vectors")
    space, scope = extent(size, scope)
    if set_.text:
        scope = _numbered(letter_, set_, scope)
    family, letter = _of_family(name, span, "vectors", scope)
    whole = declared_name(formula(matrix_)) if matrix_.text else ""
    if whole == family:
        raise wrong(span, "vectors")
    shape: Shape = (letter.space, space)
    numbers = in_set(numbers_)
    plain, scope = symbol(scope, "thing", whole or family, f"rows of shape {shape}{numbers}")
    said = [e for e in numbers.said_of(IndexedBase(plain)) if e not in scope.conditions]
    scope = replace(scope, conditions=(*scope.conditions, *said))
    columns = layout.text == "columns"
    rows = Reference(Variable(shape, plain, whole, transposed=columns, family=family))
    scope = with_thing(scope, family, Named((letter,), Row(rows, letter)))
    if not whole:
        return scope
    return with_thing(scope, whole, Named((), Transpose(rows) if columns else rows))


def _of_family(name: Span, span: Span, keyword: str, scope: Scope) -> tuple[str, IndexVariable]:
    """The name of a family, and the letter for its members."""
    node = _family(listing(name).only, scope)
    if not isinstance(node, Script) or node.sub is None or node.sub.only is None:
        raise wrong(span, keyword)
    letter = scope.letters.get(letter_of(node.sub.only))
    if letter is None:
        advice = "add the numbers that it stands for, as in ', i in 1..n'"
        raise Unreadable(node.at, written(node), "its subscript is no declared index", advice)
    return declared_name(Script(node.at, node.base, primes=node.primes)), letter


def _numbered(letter: Span, where: Span, scope: Scope) -> Scope:
    """The scope with a letter for the numbers of vectors, which may have been declared before."""
    over, after = index_set(where, scope)
    name = letter_of(formula(letter))
    known = after.letters.get(name)
    if not name:
        raise Unreadable(letter.place, letter.text, "an index is a single letter")
    if known is None:
        return declared_letter(name, over, after)
    same = (known.space.lower, known.space.upper) == (over.lower, over.upper)
    if known.space != over and not same:
        raise Unreadable(letter.place, name, f"it runs over {known.space.name}, as declared before")
    return scope


def _family(node: Node | None, scope: Scope) -> Node | None:
    """``x^{(i)}`` as ``x_i``: the number of a vector may stand above its name."""
    if not isinstance(node, Script) or node.sub is not None or node.sup is None:
        return node
    above = node.sup.only
    inner = above.content.only if isinstance(above, Group) else above
    if inner is None or letter_of(inner) not in scope.letters:
        return node
    return Script(node.at, node.base, Content(node.at, (inner,)), None, node.primes)


def matrix(span: Span, scope: Scope) -> Scope:
    """``matrix X in R^{n x d}``, with ``symmetric``, ``X_{ij} > 0``, ``entries x_{ij}`` behind."""
    if is_partitioned(span):
        return partitioned(span, scope)
    pattern = rf"(.*?){IN}{_IN}{_TWO_SIZES}{_SAID}{_BOUNDS}{_ENTRIES}"
    found, set_, high, wide, said, *bounds, entries = split(span, pattern, "matrix")
    rows, scope = extent(high, scope)
    columns, scope = extent(wide, scope)
    known = names(found)
    kinds = _kinds(said, (rows, columns), found)
    numbers = _of_entries(set_, bounds, known, "matrix")
    for name in known:
        shape = (rows, columns)
        scope = _declared(scope, name, shape, numbers=numbers, kinds=kinds)
    return _with_entries(entries, known, scope) if entries.text else scope


def _kinds(said: Span, shape: Shape, name: Span) -> list[str]:
    """What is said of a square matrix, as in `SQUARE`; ``A \\succ 0`` is said of A alone."""
    spelled = [" ".join(each.replace("-", " ").split()) for each in said.text.split(",")[1:]]
    for number, each in enumerate(spelled):
        above = re.fullmatch(_ABOVE_ZERO, each)
        if above is not None and above[1] != name.text.strip():
            what, advice = f"this is said of {above[1]}", "declare each such matrix by itself"
            raise Unreadable(said.place, each, what, advice)
        spelled[number] = each if above is None else DEFINITE
    if spelled and shape[:1] != shape[1:]:
        what = "its rows and columns run over different sets"
        raise Unreadable(said.place, said.text.strip(", "), what, "a square matrix may be that")
    return [SQUARE[each] for each in spelled]


def matrices(span: Span, scope: Scope) -> Scope:
    """``matrices A_k in R^{d x d}, k in 1..K, symmetric``: a matrix for each k."""
    number = rf"(?:,?\s*(?:for\s+)?(\S+){IN}([^,]+?)\s*)?"
    pattern = rf"(.*?){IN}{REALS}{_TWO_SIZES}{number}{_SAID}"
    name, high, wide, letter_, set_, said = split(span, pattern, "matrices")
    rows, scope = extent(high, scope)
    columns, scope = extent(wide, scope)
    if set_.text:
        scope = _numbered(letter_, set_, scope)
    family, letter = _of_family(name, span, "matrices", scope)
    kinds = _kinds(said, (rows, columns), name)
    return _declared(scope, family, (rows, columns), kinds=kinds, letter=letter)


def _with_entries(said: Span, known: list[str], scope: Scope) -> Scope:
    """``entries q_{kj}``: another name for the entries, its subscripts in either order."""
    node = formula(said)
    sub = node.sub.items if isinstance(node, Script) and node.sub is not None else ()
    parts = sub[0].factors if len(sub) == 1 and isinstance(sub[0], Product) else sub
    letters = tuple(scope.letters[each] for each in map(letter_of, parts) if each in scope.letters)
    name = declared_name(replace(node, sub=None) if isinstance(node, Script) else node)
    if len(known) != 1 or name in known or len(letters) != 2 or letters[0] is letters[1]:
        raise wrong(said, "matrix")
    whole = scope.things[known[0]].body
    orders = (
        each for each in (letters, letters[::-1]) if tuple(e.space for e in each) == whole.shape
    )
    order = next(orders, None)
    if order is None:
        what = f"these letters do not run over the rows and columns of {known[0]}"
        raise Unreadable(said.place, said.text.strip(), what, "use a letter of each")
    return with_thing(scope, name, Named(letters, Entry(whole, order)))
