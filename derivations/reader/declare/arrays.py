"""Declarations of index sets and arrays over them: sizes, letters, scalars, vectors, matrices."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise, product

from sympy import Expr, IndexedBase, Integer, Rational, Symbol

from derivations.claim import (
    AtLeast,
    Between,
    Condition,
    Count,
    NonZero,
    OneOfTwo,
    Positive,
    PositiveDefinite,
    Symmetric,
    at_least,
)
from derivations.indices import IndexSet
from derivations.language.index_form import size as size_symbol
from derivations.language.index_form import size_expression
from derivations.language.tree import (
    Comparison,
    Entry,
    IndexVariable,
    ListEntry,
    Member,
    Numbered,
    Offset,
    Reference,
    Row,
    Shape,
    Size,
    Slice,
    Transpose,
    Variable,
    WordList,
)
from derivations.reader.elaborate import Environment
from derivations.reader.elaborate.indexing import (
    comparison,
    members_of,
    others_than,
    said,
    space_named,
    subset_named,
)
from derivations.reader.elaborate.properties import full_rank
from derivations.reader.environment import (
    Named,
    Scope,
    Subset,
    as_subscript,
    compound_letter,
    declared_name,
    letter_of,
    name_of,
    symbol,
    with_letter,
    with_thing,
    without,
)
from derivations.reader.source import MOST_DIGITS, Span, Unreadable
from derivations.reader.syntax import (
    Content,
    Group,
    Node,
    Product,
    Relation,
    Script,
    Terms,
    formula,
    is_even,
    listing,
    subscripts,
    written,
)

SIZES = "size N, d >= 1   or   size n >= 2"  # how they are declared
# pieces of patterns: the sign between a name and its set, and the real numbers
IN = r"\s+(?:\\?in|∈)\s+"
REALS = r"(?:R|\\mathbb\{R\}|\N{DOUBLE-STRUCK CAPITAL R})\^"

BY = r"(?:\s+x\s+|\s*×\s*|\s*\\times\s*)"


class NotAsWritten(Unreadable):
    """A declaration, or a piece of it, is not written as those of its kind are."""

    def __init__(self, span: Span) -> None:
        super().__init__(span.place, span.text.strip(), "not understood")
        self.span = span


def split(span: Span, pattern: str) -> list[Span]:
    """The groups of a pattern that the whole span must match; empty where one is left out."""
    found = re.fullmatch(pattern, span.text)
    if found is None:
        raise NotAsWritten(span)
    groups = range(1, found.re.groups + 1)
    return [span.part(*(found.span(n) if found[n] is not None else (0, 0))) for n in groups]


def names(span: Span) -> list[str]:
    """Names with commas between them."""
    content = listing(span)
    if not content.items or set(content.separators) - {","}:
        raise Unreadable(span.place, span.text.strip(), "names with commas between are expected")
    return [declared_name(node) for node in content.items]


# an end of a range: N, 2m, -m, K-1, 10
_BELOW = r"(?:_\{\w+\})?"
_END = re.compile(rf"(-?)\s*(\d*)\s*([^\W\d]\w*{_BELOW})?\s*(?:([+-])\s*(\d+))?", re.ASCII)
_NAME = re.compile(r"[A-Za-z]+")
_SIZE_NAME = re.compile(rf"[A-Za-z]+(?:_\w|{_BELOW})")  # d_k and d_{model} are names as well


def size(span: Span, scope: Scope) -> Scope:
    """``size N, d >= 1``, ``size n >= 2``."""
    found, least = split(span, r"([^>≥\\]*)(?:>=|≥|\\geq?)\s*(\d{1,2})\s*")
    value = int(least.text)
    for part in found.text.split(","):
        if not _SIZE_NAME.fullmatch(part.strip()):
            raise NotAsWritten(span)
        name = _name(part.strip())
        known = _least(scope.things.get(name), scope)
        if known is not None and min(value, 1) <= known[1] <= value:
            plain = known[0]  # the same size, of which more is said
            meant = {("thing", plain): (name, f"size of at least {value}")}
            scope = replace(scope, symbols={**scope.symbols, **meant})
        else:
            scope = _without_size(scope, name)
            plain, scope = symbol(scope, "thing", name, f"size of at least {value}")
        scope = with_thing(scope, name, Named((), Size(plain, min(value, 1))))
        above = AtLeast(size_symbol(plain, 1), Integer(value))
        if value > 1 and above not in scope.conditions:
            scope = replace(scope, conditions=(*scope.conditions, above))
    return scope


def _least(known: Named | None, scope: Scope) -> tuple[str, int] | None:
    """The printed name of a size that was declared before, and what it is at least."""
    if known is None or not isinstance(known.body, Size):
        return None
    own = size_symbol(known.body.name, known.body.least)
    said = (
        int(one.value) for one in scope.conditions if isinstance(one, AtLeast) and one.of == own
    )
    return known.body.name, max((known.body.least, *said))


def _without_size(scope: Scope, name: str) -> Scope:
    """The scope without what runs over another size of this name: nobody says which is meant."""
    known = scope.things.get(name)
    if known is None or not isinstance(known.body, Size):
        return scope
    own = size_symbol(known.body.name, known.body.least)

    def of_it(space: IndexSet) -> bool:
        return own in (space.lower + space.upper).free_symbols

    gone = [
        *(letter for letter, one in scope.letters.items() if of_it(one.space)),
        *(
            thing
            for thing, one in scope.things.items()
            if any(
                map(of_it, (*(each.space for each in one.letters), *filter(None, one.body.shape)))
            )
        ),
    ]
    for each in gone:
        scope = without(scope, each)
    kept = {each: space for each, space in scope.sets.items() if not of_it(space)}
    return replace(scope, sets=kept)


def _name(text: str) -> str:
    """The name of a size, however what stands below it is written: d_k is d_{k}."""
    base, _, below = text.partition("_")
    return f"{base}_{{{below.strip('{}')}}}" if below else base


def index(span: Span, scope: Scope) -> Scope:
    """``index c, o, w in Vocab = 1..N``."""
    letters, where = split(span, rf"(.*?){IN}(.*)")
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
    if not names and ".." not in bounds and bounds in scope.sets:
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
    count = at_least(upper - lower + 1, scope.conditions)
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
        raise Unreadable(span.place, text, "no size has this name", f"write {SIZES} before")
    sign, digits, name, plus, further = found.groups()
    value: Expr | None = Integer(int(digits)) if digits else Integer(1)
    if name:
        known = scope.things.get(_name(name))
        size_ = size_expression(known.body) if known and isinstance(known.body, Size) else None
        value = None if size_ is None else value * size_
    elif not digits:
        value = None
    if value is None:
        raise Unreadable(span.place, text, "no size has this name", f"write {SIZES} before")
    value = -value if sign else value
    return value if further is None else value + int(f"{plus}{further}")


_MARKED = IndexSet("a member, or none", Integer(1), Integer(2), labels=True)


def subset(span: Span, scope: Scope) -> Scope:
    """``subset S of 1..n`` or ``subset I_c = \\{i : y_i = c\\}``."""
    if "=" in span.text:
        node = listing(span).only
        if isinstance(node, Relation) and node.signs == ("=", r"\setminus"):
            return _without_members(as_subscript(node.parts[0]), node, scope)
        if not isinstance(node, Relation) or node.signs != ("=",):
            raise NotAsWritten(span)
        return _by_condition(as_subscript(node.parts[0]), node.parts[1], span, scope)
    name, where = split(span, r"\s*(\S+)\s+of\s+(.*\S)\s*")
    space, scope = index_set(where, scope) if ".." in where.text else extent(where, scope)
    text = declared_name(formula(name))
    plain, scope = symbol(scope, "list", text, f"subset of {space}")
    over = IndexVariable(space, "i", "i")
    marks = WordList(plain, _MARKED, space, text)
    member = Comparison(ListEntry(marks, over), Numbered(1))
    return _with_subset(scope, text, Subset((), over, (member,)))


def _by_condition(head: Node, body: Node, span: Span, scope: Scope) -> Scope:
    """The members that a condition says, for each value of the letter of the name, if it has one.

    Of the lists of labels in the condition every entry counts.
    """
    items = body.content.items if isinstance(body, Group) and body.bracket == r"\{" else ()
    if len(items) < 2:
        raise NotAsWritten(span)
    first, within = items[0], None
    if isinstance(first, Relation) and first.signs == (r"\in",):  # \{p \in A(i) : ...\}
        first, within = first.parts
    declared = scope.letters.get(letter_of(first))
    if declared is None:
        raise NotAsWritten(span)
    own = _letter(head, scope)
    over = IndexVariable(declared.space, declared.name, declared.latex)
    here = Environment(scope).under(body, letter_of(first), over)
    letters: tuple[IndexVariable, ...] = ()
    if own is not None:
        letters = (IndexVariable(own.space, own.name, own.latex),)
        here = here.under(head, own.latex, letters[0])
    where = tuple(comparison(each, here) for each in items[1:])
    if within is not None:
        where = (*_members_of(within, over, here), *where)
    if any(map(_is_shifted, (member for each in where for member in (each.left, each.right)))):
        raise Unreadable(body.at, written(body), "a member counted from a letter", "leave it out")
    if own is not None and isinstance(head, Script):
        head = Script(head.at, head.base, None, head.sup, head.primes)
    return _with_subset(scope, declared_name(head), Subset(letters, over, where))


def _members_of(named: Node, over: IndexVariable, here: Environment) -> tuple[Comparison, ...]:
    """What holds of the members of a subset that was declared before, or of a whole set."""
    found = subset_named(named, here)
    if found is not None:
        if found.over.space != over.space:
            what, advice = "a subset of another set", f"use a letter of {said(found.over.space)}"
            raise Unreadable(named.at, written(named), what, advice)
        return members_of(found, {found.over: over})
    if space_named(named, here) != over.space:
        what, advice = "another set than that of the letter", "use a letter of this set"
        raise Unreadable(named.at, written(named), what, advice)
    return ()


def _without_members(head: Node, node: Relation, scope: Scope) -> Scope:
    """``A(i) = I \\setminus \\{i\\}``."""
    _, named, left_out = node.parts
    own, here = _letter(head, scope), Environment(scope)
    letters: tuple[IndexVariable, ...] = ()
    if own is not None:
        letters = (IndexVariable(own.space, own.name, own.latex),)
        here = here.under(head, own.latex, letters[0])
    known = subset_named(named, here)
    space = known.over.space if known is not None else space_named(named, here)
    over = IndexVariable(space, "i", "i")
    where = (*_members_of(named, over, here), *others_than(over, left_out, here))
    if own is not None and isinstance(head, Script):
        head = Script(head.at, head.base, None, head.sup, head.primes)
    return _with_subset(scope, declared_name(head), Subset(letters, over, where))


def _is_shifted(member: Member) -> bool:
    if isinstance(member, ListEntry):
        return _is_shifted(member.at)
    return isinstance(member, Offset) and member.of is not None


def _letter(head: Node, scope: Scope) -> IndexVariable | None:
    """The index below the name of a subset."""
    if not isinstance(head, Script) or head.sub is None or head.sub.only is None:
        return None
    return scope.letters.get(letter_of(head.sub.only))


def _with_subset(scope: Scope, name: str, found: Subset) -> Scope:
    scope = without(scope, name)
    return replace(scope, subsets={**scope.subsets, name: found})


def labels(span: Span, scope: Scope) -> Scope:
    """``list w_k in Vocab, k in 1..K``."""
    entry, named, letter, places = split(span, rf"(.*?){IN}(\w+)\s*,\s*(\S+){IN}(.*)")
    if named.text not in scope.sets:
        raise Unreadable(named.place, named.text, "no index set has this name", "declare one")
    space, scope = index_set(places, scope)
    found, own = listing(entry).only, letter_of(formula(letter))
    node = as_subscript(found) if found is not None else None
    if not isinstance(node, Script) or node.sub is None or not own:
        raise NotAsWritten(span)
    base, inside = declared_name(node.base), node.sub.only
    origin = _origin(inside, own) if inside is not None else None
    if origin is None:
        raise NotAsWritten(span)
    values = scope.sets[named.text]
    latex = f"{base}_{origin}" if origin else base
    name, scope = symbol(scope, "list", latex, f"list in {values} over {space}")
    words = WordList(name, values, space, base, origin)
    others = tuple(each for each in scope.lists.get(base, ()) if each.origin != origin)
    scope = replace(scope, lists={**scope.lists, base: (*others, words)})
    return scope if own in scope.letters else declared_letter(own, space, scope)


def _origin(inside: Node, letter: str) -> str | None:
    """What the places are counted from: t in ``w_{t+j}``, nothing in ``w_j``."""
    if letter_of(inside) == letter:
        return ""
    if not isinstance(inside, Terms) or inside.signs != ("+", "+"):
        return None
    origin, place = map(letter_of, inside.parts)
    return origin if place == letter else None


def stand_in(span: Span, scope: Scope) -> Scope:
    """``read k as w_k``."""
    letter, entry = split(span, r"\s*(\S+)\s+as\s+(\S+)\s*")
    own = formula(letter)
    index, node = scope.letters.get(letter_of(own)), formula(entry)
    if index is None or not isinstance(node, Script) or node.sub is None or node.sub.only != own:
        raise NotAsWritten(span)
    lists = scope.lists.get(name_of(node.base), ())
    fitting = [words for words in lists if words.places == index.space and not words.origin]
    if len(fitting) != 1:
        raise NotAsWritten(span)
    return replace(scope, stand_ins={**scope.stand_ins, index.space: fitting[0]})


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

    A ``count`` is a whole number that is not below zero, ``nonzero`` is what is not zero.
    """

    lower: Fraction | None = None
    upper: Fraction | None = None
    two: bool | None = None
    count: bool = False
    nonzero: bool = False

    def __str__(self) -> str:
        found = "" if self.lower is None else f" above {self.lower}"
        found += "" if self.upper is None else f" below {self.upper}"
        found += " of counts" if self.count else ""
        found += " other than zero" if self.nonzero else ""
        return found if self.two is None else " of two signs" if self.two else " of two values"

    def said_of(self, of: Symbol | IndexedBase) -> list[Condition]:
        """What that says of a number or of the entries of an array."""
        said: list[Condition] = []
        if self.two is not None:
            said.append(OneOfTwo(of, Integer(self.two)))
        if self.count:
            said.append(Count(of))
        if self.nonzero:
            said.append(NonZero(of))
        if self.lower is not None and self.lower >= 0:
            said.append(Positive(of))
        if self.lower is not None and self.upper is not None:
            said.append(Between(of, _rational(self.lower), _rational(self.upper)))
        return said


_ANY = _Restricted()
ABOVE_ZERO = _Restricted(Fraction(0))
_NOT_ZERO = _Restricted(nonzero=True)


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
    found, high, wide = split(span, _PATTERN)
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
_BOUNDED_BEFORE = rf"(?:(?:>|\\gt)\s*0|(?:<|\\lt)\s*{_NUMBER})\s*,"  # a > 0, b
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


def _of_entries(set_: Span, bounds: list[Span], known: list[str], axes: int) -> _Restricted:
    """Which numbers the entries of all that is declared here are said to be."""
    lower, entry, upper = bounds
    if not entry.text:
        return _in_set(set_)
    node = formula(entry)
    if known != [declared_name(node.base if isinstance(node, Script) else node)]:
        raise NotAsWritten(entry)
    if not _is_any_entry(node, axes):
        raise NotAsWritten(entry)
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
    """What ``\\pi_k > 0``, ``a, b \\ne 0`` or ``y_i \\in \\{0, 1\\}`` says of what is declared.

    Nothing of anything else. It could stand in the declaration of these numbers itself.
    """
    bounds = re.fullmatch(BOUNDS, span.text.strip())
    in_set = re.fullmatch(rf"(.*?){IN}({_SET})\s*", span.text)
    not_zero = re.fullmatch(r"(.*?)\s*(?:\\neq?|≠)\s*0\s*", span.text)
    if not_zero is not None:
        named, numbers = span.part(*not_zero.span(1)), _NOT_ZERO
    elif bounds is not None:
        lower, named, upper = split(span.stripped, BOUNDS)
        numbers = bounded(lower, upper, named)
    elif in_set is not None:
        named, set_ = span.part(*in_set.span(1)), span.part(*in_set.span(2))
        numbers = _in_set(set_)
    else:
        return ()
    said: list[Condition] = []
    for node in listing(named).items:
        of, found = _numbers_named(node, numbers, scope)
        if of is None:
            return ()
        plain = of.variable.name
        said += found.said_of(IndexedBase(plain) if of.shape else Symbol(plain, real=True))
    return tuple(said)


def _numbers_named(
    node: Node, numbers: _Restricted, scope: Scope
) -> tuple[Reference | None, _Restricted]:
    """The number, or the array by any of its entries, that a formula names, and what it is then.

    What has an even power above zero is not zero.
    """
    if not isinstance(node, Script):
        return _referred(node, 0, scope), numbers
    whole = _referred(node, 0, scope)
    if whole is not None:
        return whole, numbers
    if node.sub is None and is_even(node) and numbers in (ABOVE_ZERO, _NOT_ZERO):
        return _referred(node.base, 0, scope), _NOT_ZERO
    of = _referred(replace(node, sub=None), None, scope)
    axes = sum(axis is not None for axis in of.shape) if of is not None else 0
    return (of if _is_any_entry(node, axes) else None), numbers


def _referred(node: Node, axes: int | None, scope: Scope) -> Reference | None:
    """The variable that a name stands for, if it has so many axes."""
    try:
        thing = scope.things.get(declared_name(node))
    except Unreadable:
        return None
    body = thing.body if thing is not None else None
    of = body.of if isinstance(body, Row | Transpose) else body
    if not isinstance(of, Reference):
        return None
    return of if axes is None or sum(axis is not None for axis in of.shape) == axes else None


def scalar(span: Span, scope: Scope) -> Scope:
    """``scalar x``, ``scalar x > 0``, ``scalar 0 < x < 1``, ``scalar x in (0, 1)``."""
    ends = [each.end() for each in re.finditer(_BOUNDED_BEFORE, span.text)]
    if ends:  # what is said of some of them is said of those before it, up to the last bound
        for start, end in pairwise((0, *ends, len(span.text) + 1)):
            scope = scalar(span.part(start, end - 1), scope)
        return scope
    found, set_ = split(span, rf"(.*?)(?:{IN}({_SET}))?\s*")
    numbers = _in_set(set_)
    bounds = re.fullmatch(BOUNDS, found.text.strip())
    if bounds is not None and not set_.text:
        lower, found, upper = split(found.stripped, BOUNDS)
        numbers = bounded(lower, upper, found)
    for name in names(found):
        scope = _declared(scope, name, (), numbers=numbers)
    return scope


def vector(span: Span, scope: Scope) -> Scope:
    """``vector y in R^N``, ``vector p in R^N, p_k > 0``, ``vector y in \\{0, 1\\}^N``."""
    found, set_, size, *bounds = split(span, rf"(.*?){IN}{_IN}{_IN_SIZE}{_BOUNDS}")
    space, scope = extent(size, scope)
    known = names(found)
    numbers = _of_entries(set_, bounds, known, 1)
    for name in known:
        scope = _declared(scope, name, (space, None), numbers=numbers)
    return scope


def row(span: Span, scope: Scope) -> Scope:
    """``row y in R^N``: a vector that is a row."""
    found, size = split(span, rf"(.*?){IN}{REALS}{_IN_SIZE}")
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
    name, numbers_, size, layout, matrix_, letter_, set_ = split(span, pattern)
    space, scope = extent(size, scope)
    if set_.text:
        scope = _numbered(letter_, set_, scope)
    family, letter = _of_family(name, span, scope)
    whole = declared_name(formula(matrix_)) if matrix_.text else ""
    if whole == family:
        raise NotAsWritten(span)
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


def _of_family(name: Span, span: Span, scope: Scope) -> tuple[str, IndexVariable]:
    """The name of a family, and the letter for its members."""
    node = _family(listing(name).only, scope)
    if not isinstance(node, Script) or node.sub is None or node.sub.only is None:
        raise NotAsWritten(span)
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
    found, set_, high, wide, said, *bounds, entries = split(span, pattern)
    rows, scope = extent(high, scope)
    columns, scope = extent(wide, scope)
    known = names(found)
    kinds = _kinds(said, (rows, columns), found)
    numbers = _of_entries(set_, bounds, known, 2)
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
    name, high, wide, letter_, set_, said = split(span, pattern)
    rows, scope = extent(high, scope)
    columns, scope = extent(wide, scope)
    if set_.text:
        scope = _numbered(letter_, set_, scope)
    family, letter = _of_family(name, span, scope)
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
        raise NotAsWritten(said)
    whole = scope.things[known[0]].body
    orders = (
        each for each in (letters, letters[::-1]) if tuple(e.space for e in each) == whole.shape
    )
    order = next(orders, None)
    if order is None:
        what = f"these letters do not run over the rows and columns of {known[0]}"
        raise Unreadable(said.place, said.text.strip(), what, "use a letter of each")
    return with_thing(scope, name, Named(letters, Entry(whole, order)))
