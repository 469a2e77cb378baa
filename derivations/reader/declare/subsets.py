"""Subsets of index sets: any one, or the members that meet a condition."""

from __future__ import annotations

from dataclasses import replace

from sympy import Integer

from derivations.indices import IndexSet
from derivations.language.tree import (
    Comparison,
    IndexVariable,
    ListEntry,
    Member,
    Numbered,
    Offset,
    WordList,
)
from derivations.reader.declare.forms import split, wrong
from derivations.reader.declare.naming import symbol, without
from derivations.reader.declare.sets import extent, index_set
from derivations.reader.elaborate import Environment
from derivations.reader.elaborate.indexing import (
    comparison,
    members_of,
    others_than,
    said,
    space_named,
    subset_named,
)
from derivations.reader.elaborate.spelling import as_subscript, declared_name, letter_of
from derivations.reader.formula import formula, listing
from derivations.reader.problem import Unreadable
from derivations.reader.scope import Scope, Subset
from derivations.reader.source import Span
from derivations.reader.syntax import Group, Node, Relation, Script
from derivations.reader.written import written

_MARKED = IndexSet("a member, or none", Integer(1), Integer(2), labels=True)


def subset(span: Span, scope: Scope) -> Scope:
    """``subset S of 1..n`` or ``subset I_c = \\{i : y_i = c\\}``."""
    if "=" in span.text:
        node = listing(span).only
        if isinstance(node, Relation) and node.signs == ("=", r"\setminus"):
            return _without_members(as_subscript(node.parts[0]), node, span, scope)
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


def _without_members(head: Node, node: Relation, span: Span, scope: Scope) -> Scope:
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
