"""Whether a statement introduces a name, and in which scope its sides are read then."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial

from lark import Token

from derivations.language.tree import Entry, Power, Reference, Row, Term
from derivations.reader.asides import said_by
from derivations.reader.attempts import Attempts, GivenUp
from derivations.reader.chains import BECAUSE, NOT_JUDGED, Side, Statement
from derivations.reader.declare.block import Known
from derivations.reader.declare.introduction import (
    SIDES,
    Beside,
    Introduced,
    Shown,
    alone,
    introduced,
    is_head_of_function,
    names_alone,
    names_in,
    sides_used,
    with_argument,
    with_side,
)
from derivations.reader.declare.optima import without_mark
from derivations.reader.declare.undeclared_arguments import undeclared_arguments, with_arguments
from derivations.reader.declare.unrolled import within
from derivations.reader.elaborate import Environment, IllFormed
from derivations.reader.elaborate.chance.drawn import with_chances
from derivations.reader.elaborate.differentials.d_signs import with_differentials
from derivations.reader.elaborate.environment import resolve
from derivations.reader.elaborate.indexing import NO_MEMBER, trailing
from derivations.reader.elaborate.positive import is_above_zero
from derivations.reader.elaborate.spelling import raised_name
from derivations.reader.parse import parsed
from derivations.reader.problem import Implied, Question, Unreadable
from derivations.reader.refusal import read_by
from derivations.reader.scope import Scope
from derivations.reader.syntax import Accented, Leaf, Node, Script, Terms
from derivations.reader.written import written

DEFINING = ":="


@dataclass(frozen=True)
class Introducing:
    """What is known behind a statement, and the scope that its own sides are read in.

    ``name`` is the one that its first equality introduces, empty where it introduces none;
    ``plainly`` says that its sign is that of a definition. ``solves`` is the variable that the name
    in front may stand for: mu where it is mu with a hat, introduced or declared. ``refused`` is why
    what may have said what a name is could not be read so.
    """

    known: Known
    scope: Scope
    name: str = ""
    plainly: bool = False
    solves: Term | None = None
    refused: Unreadable | None = None


def introducing(
    statement: Statement, line: str, known: Known, attempts: Attempts, beside: Beside | None
) -> Introducing:
    """What a statement introduces; ``line`` is the id of its first equality.

    ``beside`` is what stands beside the displays; None where no statement introduces names.
    """
    trees = [tree_of(side, attempts) for side in statement.sides]
    of_sides = _speaking_of_sides(statement, trees, known, attempts)
    if of_sides is not None:
        return Introducing(known, of_sides)
    first, second, *_ = statement.sides
    plainly = second.sign_token is not None and second.sign_token.value == DEFINING
    before, scope = known.introductions, known.scope
    read = [tree for tree in trees if tree is not None]
    scope = with_differentials(read, with_chances(read, scope))
    known = replace(known, scope=replace(known.scope, moved_before=scope.moved_before))
    scope = _with_arguments(statement, read, scope)
    left, right = trees[:2]
    if left is not None and right is not None:
        _ask_of_update(statement, left, right, plainly=plainly)
    found = refused = None
    plain = False
    if left is not None and right is not None:
        head, body = left, right

        def piece() -> tuple[bool, Introducing | None]:
            if not is_plain(statement, trees, scope):
                return False, None
            if beside is None or beside.equates(first.latex):
                return True, None
            if scope.moved:
                return True, None  # df = ... says what f has for a differential
            known.lost.require_none((head, body), scope)
            say = partial(introduced, head, body, before=before, beside=beside, plainly=plainly)
            made = _where_all_is_there(say, (head, body), scope)
            if made is None:
                return True, None
            one, after = made
            if _says_what_is_best(statement, trees, scope):
                what, advice = f"is {one.name} so without what implies it?", "declare it"
                asked = Implied(first.place, one.name, what, advice)
                one = replace(one, asked=one.asked or asked)
            apart = before
            if one.name in after.families and one.name not in scope.families and not one.beside:
                apart = before.with_family_beside(one.name)
            inside = replace(known, scope=after, introductions=apart.with_one(one))
            solves = None if plainly else _undecorated(one.head, scope)
            within_it = with_argument(one.head, after)
            return True, Introducing(inside, within_it, one.name, plainly, solves)

        try:
            plain, found = read_by(attempts, piece, first.place, first.latex)
        except Unreadable as problem:
            _keep(problem, first)
            refused = problem
    again = before.headed(left, scope) if left is not None and found is None else None
    if found is not None:
        known = found.known
    elif again is not None:
        known = replace(known, introductions=before.with_again(again.name, line))
    after = known.introductions.mentioning(_mentioned(statement.sides, trees))
    if left is not None and right is not None and found is None and len(trees) == 2:
        after = replace(after, shown=Shown(left, right) if plain else None)
    known = replace(known, introductions=after)
    if found is not None:
        return replace(found, known=known)
    return Introducing(known, scope, solves=_declared_optimum(left, scope), refused=refused)


def _where_all_is_there(
    say: Callable[[Scope], tuple[Introduced, Scope] | None], trees: Sequence[Node], scope: Scope
) -> tuple[Introduced, Scope] | None:
    """What is introduced, at the members at which all is there that it is made of.

    ``b_t = a_{t-1}`` says what b is from the second member on.
    """
    try:
        return say(scope)
    except Unreadable as problem:
        if not problem.what.endswith(NO_MEMBER):
            raise
        for _, part in within(trees, scope):
            with suppress(Unreadable):
                made = say(part)
                return made and (made[0], replace(made[1], letters=scope.letters))
        raise


def _declared_optimum(head: Node | None, scope: Scope) -> Term | None:
    """The variable of which a declared one is named as its best value: w of a declared w^*."""
    if not isinstance(head, Script | Accented) or raised_name(head) not in scope.things:
        return None
    if not isinstance(scope.things[raised_name(head)].body, Reference):
        return None
    return _undecorated(head, scope)


def _with_arguments(statement: Statement, trees: Sequence[Node], scope: Scope) -> Scope:
    """The scope with what nothing declares and a function of a number is taken of, said so."""
    letters = undeclared_arguments(trees, scope)
    for name in letters:
        statement.notes.append(f"{name} is not declared: it is read as any number")
        place = statement.sides[0].place
        asked = Question(place, name, f"is {name} any number?", f"declare it, as in scalar {name}")
        statement.doubt = statement.doubt or asked
    return with_arguments(letters, scope)


def _undecorated(head: Node, scope: Scope) -> Term | None:
    """The variable, or its entry or row, of which a name is one with a hat, star or label.

    Of ``\\tilde{w}^*`` that is ``\\tilde{w}``, where this is declared; of ``\\hat{\\sigma}^2``
    it is the square of sigma, which is above zero.
    """
    for bare in dict.fromkeys((without_mark(head, accents=False), without_mark(head))):
        found = _variable(bare, scope) if bare != head else None
        if found is not None:
            return found
    return None


def _variable(node: Node, scope: Scope) -> Term | None:
    try:
        found = resolve(node, Environment(scope))
    except (IllFormed, Unreadable):
        return None
    power = isinstance(found, Power) and is_above_zero(found.base, scope)
    root = found.base if isinstance(found, Power) and power else found
    inside = root.of if isinstance(root, Entry | Row) else root
    return found if isinstance(inside, Reference) else None


def _ask_of_update(statement: Statement, left: Node, right: Node, *, plainly: bool) -> None:
    """``w = w - a g`` may be an update of w, and with the sign of a definition it is one."""
    if not isinstance(left, Leaf | Script | Accented) or not isinstance(right, Terms):
        return
    if right.parts[0] != left or right.signs[0] != "+":
        return
    name, second = written(left), statement.sides[1]
    if plainly:
        what, advice = "an assignment is no equality", "write = where it is meant as one"
        second.sign = second.sign or Unreadable(left.at, DEFINING, what, advice)
    else:
        what, advice = f"is {name} the new value of {name} here?", "call the new value otherwise"
        asked = Question(left.at, name, what, advice)
        statement.doubt = statement.doubt or asked


def _speaking_of_sides(
    statement: Statement, trees: Sequence[Node | None], known: Known, attempts: Attempts
) -> Scope | None:
    """The scope in which LHS and RHS are the sides of the equality before; None without these."""
    shown, scope = known.introductions.shown, known.scope
    used = [name for tree in trees if tree is not None for name in sides_used(tree, scope)]
    if shown is None or not used:
        return None
    for name in dict.fromkeys(used):
        of = f"the {'right' if SIDES[name] else 'left'} side of the equality at {shown.left.at}"
        start = statement.sides[0]
        try:
            known.lost.require_none((shown.left, shown.right), scope)
            scope = read_by(
                attempts, partial(with_side, name, shown, scope), start.place, start.latex
            )
        except Unreadable as problem:
            _keep(problem, start)
            return None
        statement.notes.append(f"{name} is read as {of}")
        question = Question(start.place, name, f"is this {of}?", "write it out, or declare it")
        statement.doubt = statement.doubt or question
    return scope


def introduces(name: str, statement: Statement, known: Known, attempts: Attempts) -> Introducing:
    """The same of a statement that a recurrence is made of, which is known already."""
    trees = [tree_of(side, attempts) for side in statement.sides]
    mentioned = known.introductions.mentioning(_mentioned(statement.sides, trees))
    sign = statement.sides[1].sign_token
    plainly = sign is not None and sign.value == DEFINING
    known = replace(known, introductions=mentioned)
    return Introducing(known, known.scope, name, plainly)


def tree_of(side: Side, attempts: Attempts) -> Node | None:
    """The syntax tree of a side; None where it cannot be read."""
    if side.problem is not None or side.tree is not None:
        return side.tree if side.problem is None else None
    try:
        side.tree = read_by(
            attempts, lambda: parsed(side.tokens, side.place), side.place, side.latex
        )
    except Unreadable as problem:
        _keep(problem, side)
    return side.tree


def _keep(problem: Unreadable, side: Side) -> None:
    """What came to no end is told of a side; what cannot be read, whoever reads it finds again."""
    if isinstance(problem.__cause__, GivenUp):
        side.problem = side.problem or problem


def is_plain(statement: Statement, trees: Sequence[Node | None], scope: Scope) -> bool:
    """Whether nothing is said of a statement that makes a condition, a case or a result of it."""
    doubt, here = statement.doubt, Environment(scope)
    because = doubt is None or doubt.token in BECAUSE or _says_what_is_best(statement, trees, scope)
    if statement.sides[1].proportional:
        return False
    if statement.sides[1].sign is not None or statement.premise or not because:
        return False
    if statement.remarks:
        return False
    for side, tree in zip(statement.sides, trees, strict=True):
        if tree is None and side.may_have_condition:
            return False
        of_function = tree is trees[0] and tree is not None and is_head_of_function(tree)
        if tree is not None and not of_function and trailing(tree, here)[1]:
            return False
        if any(_is_condition(words, side, here) for words in side.remarks):
            return False
    return True


def _says_what_is_best(statement: Statement, trees: Sequence[Node | None], scope: Scope) -> bool:
    """Whether a statement behind a sign of implication may say what a condition determines."""
    doubt, head = statement.doubt, trees[0]
    implied = statement.follows and doubt is not None and doubt.what == NOT_JUDGED
    return implied and head is not None and _undecorated(head, scope) is not None


def _is_condition(words: list[Token], side: Side, here: Environment) -> bool:
    """Whether words behind a side are a condition, or cannot be read."""
    try:
        said = said_by(words, side.span, here)
    except (IllFormed, Unreadable):
        return True
    return bool(said.conditions) or said.doubt is not None


def _mentioned(sides: Sequence[Side], trees: Sequence[Node | None]) -> Iterator[str]:
    """The names that stand in a statement; of what cannot be read all letters and words."""
    for side, tree in zip(sides, trees, strict=True):
        if tree is not None:
            yield from names_in(tree)
            yield from map(alone, names_alone(tree))
        for token in side.tokens if tree is None else ():
            if token.type in ("LETTER", "WORD"):
                yield f"~{token.value}"
