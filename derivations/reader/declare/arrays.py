"""Declarations of scalars, vectors, families and matrices, with the range of their entries."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product

from sympy import IndexedBase, Integer, Rational, Symbol

from derivations.claim import Condition
from derivations.indices import IndexSet
from derivations.language.data_conditions import (
    Between,
    Count,
    OneOfTwo,
    Positive,
    PositiveDefinite,
    Symmetric,
)
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
from derivations.reader.declare.index_sets import (
    BY,
    IN,
    REALS,
    declared_letter,
    extent,
    index_set,
    names,
    split,
    wrong,
)
from derivations.reader.elaborate.indexing import subscripts
from derivations.reader.elaborate.properties import full_rank
from derivations.reader.parser import formula, listing
from derivations.reader.scope import (
    Named,
    Scope,
    declared_name,
    letter_of,
    symbol,
    with_thing,
    without,
)
from derivations.reader.source import Span, Unreadable
from derivations.reader.syntax import Content, Group, Node, Product, Script, written

# Which numbers a declared number or entry is: any, above zero, between two, one of two.
#
# Written as a set, ``(0, 1)`` or ``\{0, 1\}``, or as bounds, ``x > 0`` or ``0 < x < 1``.


_NUMBER = r"[+-]?\d+(?:\.\d+|/[1-9]\d*)?"
_ENDLESS = r"\+?(?:\\infty|∞|inf)"
_OPEN = rf"\(\s*({_NUMBER})\s*,\s*({_NUMBER}|{_ENDLESS})\s*\)"
_TWO = {"0,1": 0, "1,0": 0, "-1,1": 1, "1,-1": 1, "-1,+1": 1, "+1,-1": 1, r"\pm1": 1, "±1": 1}
_BRACES = r"\\?\{(.*?)\\?\}"
# a set of numbers, before the sign of a power or alone
COUNTS = r"(?:\\mathbb\{N\}|\N{DOUBLE-STRUCK CAPITAL N})(?:_0|_\{0\})?"
_REALS = r"(?:R|\\mathbb\{R\}|\N{DOUBLE-STRUCK CAPITAL R})"
_SET = rf"{_REALS}|{COUNTS}" r"|\([^()]*\)|\[[^\[\]]*\]|\\?\{[^{}]*\}"
BOUNDS = rf"(?:({_NUMBER})\s*(?:<|\\lt)\s*)?(\S.*?)\s*(?:(?:>|\\gt)\s*0|(?:<|\\lt)\s*({_NUMBER}))"


@dataclass(frozen=True)
class _Restricted:
    """Numbers above ``lower`` and below ``upper``; ``two``: 0 or 1 for False, -1 or 1 for True.

    A ``count`` is a whole number that is not below zero.
    """

    lower: Fraction | None = None
    upper: Fraction | None = None
    two: bool | None = None
    count: bool = False

    def __str__(self) -> str:
        found = "" if self.lower is None else f" above {self.lower}"
        found += "" if self.upper is None else f" below {self.upper}"
        found += " of counts" if self.count else ""
        return found if self.two is None else " of two signs" if self.two else " of two values"

    def said_of(self, of: Symbol | IndexedBase) -> list[Condition]:
        """What that says of a number or of the entries of an array."""
        said: list[Condition] = []
        if self.two is not None:
            said.append(OneOfTwo(of, Integer(self.two)))
        if self.count:
            said.append(Count(of))
        if self.lower is not None and self.lower >= 0:
            said.append(Positive(of))
        if self.lower is not None and self.upper is not None:
            said.append(Between(of, _rational(self.lower), _rational(self.upper)))
        return said


_ANY = _Restricted()
ABOVE_ZERO = _Restricted(Fraction(0))


def _in_set(span: Span) -> _Restricted:
    """What a set of numbers says, as ``R``, ``(0, 1)``, ``\\{0, 1\\}``."""
    text = span.text.strip()
    found, braces = re.fullmatch(_OPEN, text), re.fullmatch(_BRACES, text)
    if found is not None:
        return _between(found[1], found[2], span)
    if braces is not None and (two := _TWO.get("".join(braces[1].split()))) is not None:
        return _Restricted(two=bool(two))
    if re.fullmatch(COUNTS, text):
        return _Restricted(count=True)
    if text.startswith(("(", "[", "{", "\\{")):
        advice = "write R, (0, 1) or another open interval, \\{0, 1\\} or \\{-1, 1\\}"
        raise Unreadable(span.place, text, "this set of numbers is not read", advice)
    return _ANY


def bounded(lower: Span, upper: Span, whole: Span) -> _Restricted:
    """What bounds say: ``x > 0`` where neither is written, ``0 < x < 1``."""
    if not upper.text:
        return ABOVE_ZERO
    if not lower.text:
        advice = "write 0 < x < 1, or scalar x"
        raise Unreadable(whole.place, whole.text.strip(), "a bound below is missing", advice)
    return _between(lower.text, upper.text, whole)


def _between(lower: str, upper: str, span: Span) -> _Restricted:
    low = Fraction(lower)
    if re.fullmatch(_ENDLESS, upper):
        if low:
            what = "only numbers above zero have no upper bound"
            raise Unreadable(span.place, span.text.strip(), what, "write x > 0, or scalar x")
        return ABOVE_ZERO
    high = Fraction(upper)
    if low >= high:
        what = "there are no numbers between these"
        raise Unreadable(span.place, span.text.strip(), what, "write the smaller one first")
    return _Restricted(low, high)


def _rational(number: Fraction) -> Rational:
    return Rational(number.numerator, number.denominator)


# Partitioned matrices: ``matrix W in R^{n x (n + m)}``, one block for each size of a sum.
#
# The set of 1..n+m is two sets one behind the other, so that W is ``[W_1 \; W_2]`` (Horn and
# Johnson, Matrix Analysis, section 0.7.1). Its blocks are variables of their own; the name stands
# for both of them in front of what has blocks of the same sizes, ``W [h; x]``.


_SIZE = r"[A-Za-z](?:\w|_\{\w+\})*"
_SUM = rf"\(\s*{_SIZE}(?:\s*\+\s*{_SIZE})+\s*\)"
_SIDE = rf"({_SIZE}|{_SUM})"
_PATTERN = rf"(.*?){IN}{REALS}\{{\s*{_SIDE}{BY}{_SIDE}\s*\}}\s*"


def _is_partitioned(span: Span) -> bool:
    """Whether a size of a matrix is a sum of sizes in parentheses."""
    found = re.fullmatch(_PATTERN, span.text)
    return found is not None and "(" in found[2] + found[3]


def _partitioned(span: Span, scope: Scope) -> Scope:
    """The scope with the blocks of such matrices."""
    found, high, wide = split(span, _PATTERN, "matrix")
    down, scope = _blocks(high, scope)
    across, scope = _blocks(wide, scope)
    for name in names(found):
        cells = []
        for (row, rows), (column, columns) in product(enumerate(down, 1), enumerate(across, 1)):
            shape = (rows, columns)
            block = f"{name}^{{({row}{column})}}"
            plain, scope = symbol(scope, "thing", block, f"variable of shape {shape}")
            cells.append(Reference(Variable(shape, plain, block)))
        blocks = tuple(zip(*[iter(cells)] * len(across), strict=True))
        scope = without(scope, name)
        scope = replace(scope, in_blocks={**scope.in_blocks, name: blocks})
    return scope


def _blocks(size: Span, scope: Scope) -> tuple[list[IndexSet], Scope]:
    found: list[IndexSet] = []
    for each in re.finditer(r"[^()+]+", size.text):
        space, scope = extent(size.part(*each.span()), scope)
        found.append(space)
    return found, scope


# Scalars, vectors, families of vectors, and matrices.


_COUNT = r"((?:[\w.]|_\{\w+\})+(?:\s*[+-]\s*\d+)?)"
_IN_SIZE = rf"\{{?\s*{_COUNT}\s*\}}?\s*"
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
_IN = rf"({_SET})\^"


def _declared(
    scope: Scope,
    name: str,
    shape: Shape,
    *,
    numbers: _Restricted = _ANY,
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


def _of_entries(set_: Span, bounds: list[Span], known: list[str], keyword: str) -> _Restricted:
    """Which numbers the entries of all that is declared here are said to be."""
    lower, entry, upper = bounds
    if not entry.text:
        return _in_set(set_)
    node = formula(entry)
    if known != [declared_name(node.base if isinstance(node, Script) else node)]:
        raise wrong(entry, keyword)
    if not _is_any_entry(node, 2 if keyword == "matrix" else 1):
        raise wrong(entry, keyword)
    if _in_set(set_) != _ANY:
        raise Unreadable(entry.place, entry.text, "its numbers are said twice", "say it once")
    return bounded(lower, upper, entry)


def _is_any_entry(node: Node, axes: int) -> bool:
    """Whether a letter stands for each axis, or a vector or number is meant as a whole.

    ``p_1 > 0`` and ``X_{ii} > 0`` are about some entries, and ``X > 0`` has two meanings.
    """
    if not isinstance(node, Script) or node.sub is None:
        return axes < 2
    letters = [letter_of(each) for each in subscripts(node.sub)]
    return all(letters) and len({*letters}) == len(letters) == axes


def said_of_numbers(span: Span, scope: Scope) -> tuple[Condition, ...]:
    """What ``\\pi_k > 0``, ``0 < p < 1`` or ``y_i \\in \\{0, 1\\}`` says of what is declared.

    Nothing of anything else. It could stand in the declaration of these numbers itself.
    """
    bounds = re.fullmatch(BOUNDS, span.text.strip())
    in_set = re.fullmatch(rf"(.*?){IN}({_SET})\s*", span.text)
    if bounds is not None:
        lower, named, upper = split(span.stripped, BOUNDS, "if")
        numbers = bounded(lower, upper, named)
    elif in_set is not None:
        named, set_ = span.part(*in_set.span(1)), span.part(*in_set.span(2))
        numbers = _in_set(set_)
    else:
        return ()
    node = formula(named)
    base = replace(node, sub=None) if isinstance(node, Script) else node
    try:
        thing = scope.things.get(declared_name(base))
    except Unreadable:
        return ()
    body = thing.body if thing is not None else None
    of = body.of if isinstance(body, Row | Transpose) else body
    axes = sum(axis is not None for axis in of.shape) if isinstance(of, Reference) else 0
    if not isinstance(of, Reference) or not _is_any_entry(node, axes):
        return ()
    plain = of.variable.name
    return tuple(numbers.said_of(IndexedBase(plain) if of.shape else Symbol(plain, real=True)))


def scalar(span: Span, scope: Scope) -> Scope:
    """``scalar x``, ``scalar x > 0``, ``scalar 0 < x < 1``, ``scalar x in (0, 1)``."""
    if re.fullmatch(_EACH_ABOVE, span.text):
        for each in re.finditer(r"[^,]+", span.text):
            scope = scalar(span.part(*each.span()), scope)
        return scope
    found, set_ = split(span, rf"(.*?)(?:{IN}({_SET}))?\s*", "scalar")
    numbers = _in_set(set_)
    bounds = re.fullmatch(BOUNDS, found.text.strip())
    if bounds is not None and not set_.text:
        lower, found, upper = split(found.stripped, BOUNDS, "scalar")
        numbers = bounded(lower, upper, found)
    for name in names(found):
        scope = _declared(scope, name, (), numbers=numbers)
    return scope


def vector(span: Span, scope: Scope) -> Scope:
    """``vector y in R^N``, ``vector p in R^N, p_k > 0``, ``vector y in \\{0, 1\\}^N``."""
    found, set_, size, *bounds = split(span, rf"(.*?){IN}{_IN}{_IN_SIZE}{_BOUNDS}", "vector")
    space, scope = extent(size, scope)
    known = names(found)
    numbers = _of_entries(set_, bounds, known, "vector")
    for name in known:
        scope = _declared(scope, name, (space, None), numbers=numbers)
    return scope


def row(span: Span, scope: Scope) -> Scope:
    """``row y in R^N``: a vector that is a row."""
    found, size = split(span, rf"(.*?){IN}{REALS}{_IN_SIZE}", "row")
    space, scope = extent(size, scope)
    for name in names(found):
        scope = _declared(scope, name, (space, None))
        scope = with_thing(scope, name, Named((), Transpose(scope.things[name].body)))
    return scope


def vectors(span: Span, scope: Scope) -> Scope:
    """``vectors u_w in R^d, columns of U``, or ``vectors x_i in R^d, i in 1..n``."""
    whole_ = r"(?:,\s*(columns|rows)\s+of\s+([^\s,]+)\s*)?"
    number = rf"(?:,?\s*(?:for\s+)?(\S+){IN}(.+?)\s*)?"
    pattern = rf"(.*?){IN}{_IN}{_IN_SIZE}{whole_}{number}"
    name, numbers_, size, layout, matrix_, letter_, set_ = split(span, pattern, "vectors")
    space, scope = extent(size, scope)
    if set_.text:
        scope = _numbered(letter_, set_, scope)
    family, letter = _of_family(name, span, "vectors", scope)
    whole = declared_name(formula(matrix_)) if matrix_.text else ""
    if whole == family:
        raise wrong(span, "vectors")
    shape: Shape = (letter.space, space)
    numbers = _in_set(numbers_)
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
    if _is_partitioned(span):
        return _partitioned(span, scope)
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
