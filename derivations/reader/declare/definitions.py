"""Definitions: a name, what its arguments stand for, and the formula that it abbreviates.

Scope is lexical: what a formula mentions is what its names mean where it stands. Letters that it
leaves free are parameters of the definition as well, the first ones: the one-hot vector of o
depends on o without naming it, and is that of w where a function of w has o for its parameter.
"""

from __future__ import annotations

from dataclasses import replace

from derivations.language.traversal import free_in, parts, with_members
from derivations.language.tree import (
    Apply,
    Arbitrary,
    Call,
    Constant,
    Definition,
    Entrywise,
    IndexVariable,
    Mapped,
    Negative,
    Parameter,
    Plus,
    Power,
    Quotient,
    Reference,
    Table,
    Term,
    Times,
)
from derivations.reader.declare.distributions import depending
from derivations.reader.declare.naming import symbol, with_function, with_thing
from derivations.reader.declare.parameters import of_letters, parameters, pattern
from derivations.reader.elaborate import Environment, IllFormed, resolve
from derivations.reader.elaborate.environment import JACOBIAN, first_layout
from derivations.reader.elaborate.indexing import subscripts
from derivations.reader.elaborate.operators import open_sums
from derivations.reader.elaborate.spelling import as_word, declared_name, letter_of, raised_name
from derivations.reader.elaborate.unsized import is_unsized
from derivations.reader.measure import measured
from derivations.reader.problem import Unreadable
from derivations.reader.scope import Function, Named, Scope
from derivations.reader.syntax import Content, Group, Node, Product, Script
from derivations.reader.written import written


def with_definition(left: Node, right: Node, scope: Scope) -> Scope:
    """The scope with ``left = right`` added."""
    left = as_word(left)
    if isinstance(left, Product):
        return _with_function(left, right, scope)
    letters = _letters(left, scope)
    body = body_of(right, scope, left)
    name = declared_name(left.base if letters and isinstance(left, Script) else left)
    if letters and not body.shape and len(letters) <= 2:
        letters, body = (), _gathered(body, letters)
    plain, scope = symbol(scope, "thing", name, f"definition {written(left)} = {written(right)}")
    definition, implicit = _closed(plain, letters, body, of_letters(letters, name), scope)
    return with_thing(scope, name, Named(letters, Call(definition, (*implicit, *letters))))


def _closed(
    name: str,
    own: tuple[Parameter, ...],
    body: Term,
    shown: tuple[str | int, ...],
    scope: Scope,
) -> tuple[Definition, tuple[IndexVariable, ...]]:
    """The definition with the letters that it leaves free as its first parameters, and these."""
    free = [letter for letter in free_in(body).indices if letter not in own]
    implicit = tuple(sorted(free, key=lambda letter: letter.name))
    shifted = tuple(p + len(implicit) if isinstance(p, int) else p for p in shown)
    return Definition(name, (*implicit, *own), body, shifted, scope.names), implicit


def _gathered(body: Term, letters: tuple[IndexVariable, ...]) -> Term:
    """Numbers with one or two subscripts as the vector or matrix they are the entries of."""
    axes = [IndexVariable(each.space, each.name, each.latex) for each in letters]
    row, column = axes if len(axes) == 2 else (axes[0], None)
    return Table((row, column), with_members(body, dict(zip(letters, axes, strict=True))))


def _letters(left: Node, scope: Scope) -> tuple[IndexVariable, ...]:
    """The subscripts of a family's name; none where the subscript is part of the name."""
    if not isinstance(left, Script) or left.sub is None:
        return ()
    parts_ = subscripts(left.sub)
    variables = [scope.letters.get(letter_of(part)) for part in parts_]
    found = tuple(variable for variable in variables if variable)
    if len(found) < len(parts_):
        return ()
    if len(set(found)) < len(found):
        raise Unreadable(left.at, written(left), "one letter twice", "give each its own letter")
    return found


def _with_function(left: Product, right: Node, scope: Scope) -> Scope:
    letters: tuple[IndexVariable, ...] = ()
    last = left.factors[-1]
    if isinstance(last, Script) and isinstance(last.base, Group):
        letters = _letters(last, scope)
        left = Product(left.at, (*left.factors[:-1], last.base), left.joins)
    name, content = _head(left)
    head, inside = parameters(content, scope, arbitrary=False)
    body = body_of(right, inside, left)
    number = _of_a_number(content, body, scope) if not letters else None
    if number is not None:
        head, inside = parameters(content, number, arbitrary=False)
        body = body_of(right, inside, left)
    if isinstance(last, Script):
        if not letters or body.shape or len(letters) > 2:
            advice = "write one or two letters below: f(x)_i"
            raise Unreadable(last.at, written(last), "entries of what?", advice)
        body = _gathered(body, letters)
    own = tuple(parameter for _, parameter in head if parameter is not None)
    plain, scope = symbol(scope, "thing", name, f"function {written(left)} = {written(right)}")
    shown = pattern(name, content, head)
    definition, implicit = _closed(plain, own, body, shown, scope)
    slots = tuple(slot for slot, _ in head)
    apart = tuple(each for each in content.separators if each != ",")
    function = Function(name, slots, definition, implicit, apart)
    return with_function(scope, name, function)


def _of_a_number(content: Content, body: Term, scope: Scope) -> Scope | None:
    """The scope without the vector that a function is named with, where it takes each entry.

    ``\\sigma(z) = 1 / (1 + e^{-z})`` is a function of one number, whatever z is.
    """
    name = letter_of(content.only) if content.only is not None else ""
    known = scope.things.get(name)
    if known is None or known.letters or not isinstance(known.body, Reference):
        return None
    if body.shape != known.body.shape or not _is_entry_by_entry(body, known.body):
        return None
    others = {each: thing for each, thing in scope.things.items() if each != name}
    return replace(scope, things=others)


def _is_entry_by_entry(term: Term, of: Reference) -> bool:
    """Whether each entry is the same function of one entry of ``of``, and of nothing else."""
    if term == of:
        return True
    if of.variable not in free_in(term).variables:
        return isinstance(term, Constant) or not term.shape
    alone = isinstance(
        term, Plus | Negative | Times | Quotient | Entrywise | Apply | Mapped | Power
    )
    return alone and all(_is_entry_by_entry(part, of) for part in parts(term))


def with_arbitrary(left: Node, scope: Scope) -> Scope:
    """The scope with an arbitrary function of numbers, labels, rows and matrices added."""
    left = as_word(left)
    if not isinstance(left, Product):
        raise Unreadable(left.at, written(left), "say what it depends on: J(v_c, o, U)")
    name, content = _head(left)
    head, _ = parameters(content, scope, arbitrary=True)
    own = tuple(parameter for _, parameter in head if parameter is not None)
    plain, scope = symbol(scope, "thing", name, f"arbitrary {written(left)}")
    made = Arbitrary(plain, own, pattern(name, content, head))
    slots = tuple(slot for slot, _ in head)
    apart = tuple(each for each in content.separators if each != ",")
    function = depending(Function(name, slots, made, (), apart), left.factors[0], scope)
    new = {raised_name(item) for item in content.items if not is_declared(item, scope)}
    awaiting = {**scope.awaiting, **{each: (left, function) for each in new if each}}
    return replace(with_function(scope, name, function), awaiting=awaiting)


def with_awaiting(name: str, scope: Scope) -> Scope:
    """The scope in which a function that was declared of a name, before it was, is of that."""
    left, function = scope.awaiting.get(name, (None, None))
    if left is None or function is None or scope.functions.get(function.name) is not function:
        return scope
    return with_arbitrary(left, scope)


def is_declared(node: Node, scope: Scope) -> bool:
    """Whether what stands as an argument of a function is declared."""
    name = raised_name(node)
    return any(name in each for each in (*scope.declared, scope.lists))


def _head(left: Product) -> tuple[str, Content]:
    last = left.factors[-1]
    if len(left.factors) != 2 or any(left.joins) or not isinstance(last, Group):
        raise Unreadable(left.at, written(left), "a name and its arguments are expected here")
    name = left.factors[0]
    if isinstance(name, Script) and name.primes:
        advice = "a prime on a function is its derivative; call it otherwise"
        raise Unreadable(name.at, written(name), "a name is expected here", advice)
    return declared_name(name), last.content


def body_of(right: Node, scope: Scope, left: Node) -> Term:
    """The formula of a definition of ``left``; raises Unreadable where it is not plain."""
    here = Environment(scope, layout=first_layout(scope))
    try:
        body = resolve(right, here)
    except IllFormed as error:
        raise Unreadable(right.at, written(left), str(error.misfit)) from None
    if JACOBIAN in here.met and not scope.layout:
        what = "derivatives of vectors by vectors in a definition"
        advice = "declare their layout, as in layout numerator, or write the entries"
        raise Unreadable(right.at, written(left), what, advice)
    if here.doubts:
        raise Unreadable(right.at, written(left), "a definition must be plain", here.doubts[0])
    excess = measured(body).excess
    if excess:
        raise Unreadable(right.at, written(left), excess)
    if is_unsized(body):
        advice = "write its size, as in I_n or \\mathbf{1}_n"
        raise Unreadable(right.at, written(left), "of which size is this?", advice)
    _require_clear_sums(body, right)
    return body


def _require_clear_sums(term: Term, whole: Node) -> None:
    """Refuse ``\\sum_i y_i + z_i``: a letter bound in one term and free in one behind it."""
    if isinstance(term, Plus):
        for place, part in enumerate(term.parts):
            open_letters = {letter.latex: letter for letter in open_sums(part)}
            for later in term.parts[place + 1 :]:
                for letter in free_in(later).indices:
                    if letter.latex and letter.latex in open_letters:
                        what = f"does the sum over {letter.name} reach over both terms?"
                        advice = "write \\sum [ ... ] over both, or another letter in one"
                        raise Unreadable(whole.at, written(whole), what, advice)
    for part in parts(term):
        _require_clear_sums(part, whole)
