"""Declarations of index sets: sizes, sets and subsets, the letters that run over them, lists."""

from __future__ import annotations

import re
from dataclasses import replace

from sympy import Expr, Integer

from derivations.indices import IndexSet
from derivations.language.data_conditions import AtLeast
from derivations.language.index_form import size as size_symbol
from derivations.language.tree import (
    Comparison,
    IndexVariable,
    ListEntry,
    Member,
    Numbered,
    Offset,
    Size,
    WordList,
)
from derivations.reader.elaborate import Environment
from derivations.reader.elaborate.indexing import (
    at_least,
    comparison,
    members_of,
    others_than,
    said,
    size_expression,
    space_named,
    subset_named,
)
from derivations.reader.parser import formula, listing
from derivations.reader.scope import (
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
from derivations.reader.syntax import Group, Node, Relation, Script, Terms, written

# How each declaration is written, and the pieces that they share.


FORMS = {
    "size": "size N, d >= 1   or   size n >= 2",
    "index": "index c, o, w in Vocab = 1..N   or   index k in 1..K",
    "scalar": "scalar x   or   scalar x > 0   or   scalar 0 < x < 1",
    "vector": "vector y in R^N   or   vector y in R^N, y_k > 0   or   vector y in \\{0, 1\\}^N",
    "row": "row y in R^N",
    "vectors": "vectors u_w in R^d, columns of U   or   vectors x_i in R^d, i in 1..n",
    "matrix": "matrix X in R^{n x d}   or   matrix A in R^{n x n}, symmetric, invertible"
    "   or   matrix W in R^{n x d}, entries w_{ij}   or   matrix W in R^{n x (n + m)}",
    "matrices": "matrices A_k in R^{d x d}, k in 1..K, symmetric, invertible",
    "list": "list w_k in Vocab, k in 1..K",
    "subset": r"subset S of 1..n   or   subset I_c = \{i : y_i = c\}",
    "read": "read k as w_k",
    "define": r"define \sigma(z) = \frac{1}{1 + e^{-z}}",
    "layout": "layout numerator   or   layout denominator",
    "arbitrary": "arbitrary J(v_c, o, U)",
    "distribution": r"distribution \pi_\theta(a | s)",
    "draw": r"draw x \sim \mathcal{N}(\mu, \sigma^2)   or   draw y \sim \text{Bernoulli}(p)",
    "use": "use sigmoid, cross-entropy of y and p, one-hot y of o   or   use word2vec"
    "   or   use softmax of each row",
    "if": r"if o \notin \{w_1, ..., w_K\}   or   if w_1, ..., w_K distinct"
    r"   or   if X^T X invertible   or   if p_k > 0   or   if y_i \in \{0, 1\}",
    "require": r"require J = ...   or   require \frac{\partial J}{\partial a} = 2 a",
}
# pieces of patterns: the sign between a name and its set, and the real numbers
IN = r"\s+(?:\\?in|∈)\s+"
REALS = r"(?:R|\\mathbb\{R\}|\N{DOUBLE-STRUCK CAPITAL R})\^"

BY = r"(?:\s+x\s+|\s*×\s*|\s*\\times\s*)"


def wrong(span: Span, keyword: str) -> Unreadable:
    """The error that a declaration is not written as it should be."""
    return Unreadable(span.place, span.text.strip(), "not understood", f"write {FORMS[keyword]}")


def split(span: Span, pattern: str, keyword: str) -> list[Span]:
    """The groups of a pattern that the whole span must match; empty where one is left out."""
    found = re.fullmatch(pattern, span.text)
    if found is None:
        raise wrong(span, keyword)
    groups = range(1, found.re.groups + 1)
    return [span.part(*(found.span(n) if found[n] is not None else (0, 0))) for n in groups]


def names(span: Span) -> list[str]:
    """Names with commas between them."""
    content = listing(span)
    if not content.items or set(content.separators) - {","}:
        raise Unreadable(span.place, span.text.strip(), "names with commas between are expected")
    return [declared_name(node) for node in content.items]


# Sizes, index sets, and the letters that run over them.


# an end of a range: N, 2m, -m, K-1, 10
_BELOW = r"(?:_\{\w+\})?"
_END = re.compile(rf"(-?)\s*(\d*)\s*([^\W\d]\w*{_BELOW})?\s*(?:([+-])\s*(\d+))?", re.ASCII)
_NAME = re.compile(r"[A-Za-z]+")
_SIZE_NAME = re.compile(rf"[A-Za-z]+(?:_\w|{_BELOW})")  # d_k and d_{model} are names as well


def size(span: Span, scope: Scope) -> Scope:
    """``size N, d >= 1``, ``size n >= 2``."""
    found, least = split(span, r"([^>≥\\]*)(?:>=|≥|\\geq?)\s*(\d{1,2})\s*", "size")
    value = int(least.text)
    for part in found.text.split(","):
        if not _SIZE_NAME.fullmatch(part.strip()):
            raise wrong(span, "size")
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
        if value > 1 and (known is None or value > known[1] or plain != known[0]):
            above = AtLeast(size_symbol(plain, 1), Integer(value))
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


# Subsets of index sets: any one, or the members that meet a condition.


_MARKED = IndexSet("a member, or none", Integer(1), Integer(2), labels=True)


def subset(span: Span, scope: Scope) -> Scope:
    """``subset S of 1..n`` or ``subset I_c = \\{i : y_i = c\\}``."""
    if "=" in span.text:
        node = listing(span).only
        if isinstance(node, Relation) and node.signs == ("=", r"\setminus"):
            return _without_members(as_subscript(node.parts[0]), node, scope)
        if not isinstance(node, Relation) or node.signs != ("=",):
            raise wrong(span, "subset")
        return _by_condition(as_subscript(node.parts[0]), node.parts[1], span, scope)
    name, where = split(span, r"\s*(\S+)\s+of\s+(.*\S)\s*", "subset")
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
        raise wrong(span, "subset")
    first, within = items[0], None
    if isinstance(first, Relation) and first.signs == (r"\in",):  # \{p \in A(i) : ...\}
        first, within = first.parts
    declared = scope.letters.get(letter_of(first))
    if declared is None:
        raise wrong(span, "subset")
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


# Lists of labels, and letters that stand for their entries.


def labels(span: Span, scope: Scope) -> Scope:
    """``list w_k in Vocab, k in 1..K``."""
    entry, named, letter, places = split(span, rf"(.*?){IN}(\w+)\s*,\s*(\S+){IN}(.*)", "list")
    if named.text not in scope.sets:
        raise Unreadable(named.place, named.text, "no index set has this name", "declare one")
    space, scope = index_set(places, scope)
    found, own = listing(entry).only, letter_of(formula(letter))
    node = as_subscript(found) if found is not None else None
    if not isinstance(node, Script) or node.sub is None or not own:
        raise wrong(span, "list")
    base, inside = declared_name(node.base), node.sub.only
    origin = _origin(inside, own) if inside is not None else None
    if origin is None:
        raise wrong(span, "list")
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
    letter, entry = split(span, r"\s*(\S+)\s+as\s+(\S+)\s*", "read")
    own = formula(letter)
    index, node = scope.letters.get(letter_of(own)), formula(entry)
    if index is None or not isinstance(node, Script) or node.sub is None or node.sub.only != own:
        raise wrong(span, "read")
    lists = scope.lists.get(name_of(node.base), ())
    fitting = [words for words in lists if words.places == index.space and not words.origin]
    if len(fitting) != 1:
        raise wrong(span, "read")
    return replace(scope, stand_ins={**scope.stand_ins, index.space: fitting[0]})
