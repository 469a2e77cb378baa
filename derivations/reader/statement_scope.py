"""A statement in its scope: whether it introduces a name, and what its sides mean."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial

from lark import Token

from derivations.claim import Condition
from derivations.language.traversal import parts
from derivations.language.tree import (
    Argument,
    Call,
    Definition,
    Entry,
    Power,
    Reference,
    Row,
    Term,
    Variable,
)
from derivations.reader.declare.block import Known, introduction
from derivations.reader.declare.definitions import (
    SIDES,
    Beside,
    Introduced,
    Shown,
    alone,
    is_head_of_function,
    is_known,
    is_standard,
    names_alone,
    names_in,
    sides_used,
    with_argument,
    with_side,
    without_mark,
)
from derivations.reader.declare.recurrences import entries_apart, in_steps, within
from derivations.reader.display import BECAUSE, NOT_JUDGED, Side, Statement
from derivations.reader.elaborate import Environment, IllFormed
from derivations.reader.elaborate.derivatives import varied_along, with_differentials
from derivations.reader.elaborate.indexing import NO_MEMBER
from derivations.reader.elaborate.probabilities import with_chances
from derivations.reader.elaborate.properties import is_above_zero
from derivations.reader.environment import (
    DIFFERENTIAL,
    PROBABILITIES,
    PROBABILITY_NAME,
    UNKNOWN,
    Function,
    Named,
    Scope,
    name_of,
    raised_name,
    read_by,
    resolve,
    symbol,
    with_thing,
)
from derivations.reader.equation import Meaning, elaborated, trailing
from derivations.reader.premises import said_by
from derivations.reader.source import Attempts, GivenUp, Implied, Question, Unreadable
from derivations.reader.syntax import (
    Accented,
    Group,
    Leaf,
    Node,
    Product,
    Script,
    Terms,
    nodes,
    parsed,
    written,
)

# Letters that nothing declares and a function of one number is taken of: ``\sigma'(z)``.
#
# Such a letter is read as a number, in its statement alone. It may be meant as a vector, of which
# the function is taken entry by entry: what is proved then holds entry by entry too, and nothing
# falls. A letter with something below it, or that is transposed or in a dot product, is no number.


def _undeclared_arguments(trees: Sequence[Node], scope: Scope) -> list[str]:
    """These letters, of the sides of a statement."""
    found = {
        letter: None
        for tree in trees
        for node in nodes(tree)
        if isinstance(node, Product)
        for letter in _undeclared_in(node, scope)
        if not is_known(letter, scope) and not is_standard(letter)
    }
    return [each for each in found if not any(_is_array(each, tree) for tree in trees)]


def with_arguments(letters: Sequence[str], scope: Scope) -> Scope:
    """The scope in which these letters are numbers."""
    for name in letters:
        printed, scope = symbol(scope, "thing", name, "argument of a function of one number")
        scope = with_thing(scope, name, Named((), Reference(Variable((), printed, name))))
    return scope


def _undeclared_in(node: Product, scope: Scope) -> Iterator[str]:
    """The letters that stand alone in brackets behind a function of one number."""
    for place, (name, group) in enumerate(zip(node.factors, node.factors[1:], strict=False)):
        if node.joins[place] or not isinstance(group, Group) or group.bracket != "(":
            continue
        base = name.base if isinstance(name, Script) and not (name.sub or name.sup) else name
        only = group.content.only
        if isinstance(only, Leaf) and only.kind == "LETTER" and _is_of_number(base, scope):
            yield only.text


def _is_of_number(name: Node, scope: Scope) -> bool:
    function = scope.functions.get(name_of(name)) if isinstance(name, Leaf | Script) else None
    if not isinstance(function, Function) or len(function.slots) != 1 or function.slots[0].vector:
        return False
    meaning = function.meaning
    if not isinstance(meaning, Definition) or function.slots[0].declared is not None:
        return False
    own = meaning.parameters[len(function.implicit) :]
    return len(own) == 1 and isinstance(own[0], Variable) and not own[0].shape


def _is_array(letter: str, tree: Node) -> bool:
    """Whether a letter is written as that of a vector somewhere."""
    return any(_is_letter(part, letter) for node in nodes(tree) for part in _of_arrays(node))


def _of_arrays(node: Node) -> Iterator[Node]:
    """What is no number in a node, by how it is written."""
    if isinstance(node, Script):
        above = node.sup.items if node.sup else ()
        turned = any(isinstance(e, Leaf) and (e.kind == "TOP" or e.text == "T") for e in above)
        if node.sub is not None or turned:
            yield node.base
    if isinstance(node, Product) and {r"\cdot", r"\odot"} & {*node.joins}:
        yield from node.factors
    if isinstance(node, Group) and node.bracket in ("<", r"\|"):
        yield from (each for part in node.content.items for each in nodes(part))


def _is_letter(node: Node, letter: str) -> bool:
    return isinstance(node, Leaf) and node.text == letter


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
    if PROBABILITY_NAME.may_stand_in(*read):
        scope = with_chances(read, scope)
    if scope.moved or scope.unsure_of_d or DIFFERENTIAL.may_stand_in(*read[:1]):
        scope = with_differentials(read, scope)
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
            known.require_kept((head, body), scope)
            say = partial(introduction, head, body, before=before, beside=beside, plainly=plainly)
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
    letters = _undeclared_arguments(trees, scope)
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
            known.require_kept((shown.left, shown.right), scope)
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


Sides = tuple[Meaning, Meaning]  # what both sides of an equality mean


@dataclass(frozen=True)
class PrintedSide:
    """A side as it stands there, and what it means with the words behind it, or why not.

    ``doubt`` is what may be a condition of it, and is not read.
    """

    side: Side
    meaning: Meaning | None = None
    problem: Unreadable | None = None
    doubt: Unreadable | None = None

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """Those of its own, as far as it is read."""
        return self.meaning.conditions if self.meaning is not None else ()


def both(left: PrintedSide, right: PrintedSide) -> Sides | None:
    """What two sides mean; None where one of them is not read."""
    one, other = left.meaning, right.meaning
    return None if one is None or other is None else (one, other)


@dataclass(frozen=True)
class SideContext:
    """What sides are read in; ``explained`` is what is told of one that cannot be read."""

    attempts: Attempts
    known: Known
    scope: Scope
    explained: Callable[[Unreadable], Unreadable]

    def elaborated(
        self, side: Side, remarks: Sequence[list[Token]] = (), chain: tuple[Node, ...] = ()
    ) -> PrintedSide:
        """A side with what it means under remarks; raises Unreadable and IllFormed.

        ``chain`` is all that the derivatives of its chain are taken by.
        """
        here = Environment(self.scope)
        said: tuple[Condition, ...] = ()
        doubt: Unreadable | None = None
        for words in (*remarks, *side.remarks):
            self.known.require_kept_in(words)
            found = said_by(words, side.span, here)
            said += found.conditions
            doubt = doubt or found.doubt
        node = side.tree or parsed(side.tokens, side.place)
        self.known.require_kept([node], self.scope)
        value = elaborated(node, self.scope, chain)
        notes = (*side.notes, *here.notes, *value.notes)
        value = replace(value, conditions=(*said, *value.conditions), notes=notes)
        return PrintedSide(side, value, doubt=doubt)


def meanings(
    statement: Statement, refused: Unreadable | None, context: SideContext
) -> tuple[list[PrintedSide], Scope]:
    """The sides of a statement with what they mean, and the scope that they are read in.

    What recurrences define is written out there; where something is not there at every member, a
    letter runs over those at which all is. ``refused`` is why its first side says nothing new.
    """
    scope, problem = _written_out(statement, context)
    trees = _trees(statement)
    varied = varied_along(trees)

    def read(scope: Scope, problem: Unreadable | None) -> list[PrintedSide]:
        inside = replace(context, scope=scope)
        return [
            _printed(side, statement, varied, side.problem or problem, refused, inside)
            for side in statement.sides
        ]

    found = read(scope, problem)
    for said, part in within(trees, scope) if any(map(_is_without_member, found)) else ():
        try:
            inside = in_steps(trees, part)
        except Unreadable:
            continue
        again = read(inside, None)
        if all(
            new.meaning is not None or (old.meaning is None and not _is_without_member(old))
            for old, new in zip(found, again, strict=True)
        ):
            statement.notes.append(f"this is claimed of {said}")
            found, scope = again, inside
            break
    return _shared(found), scope


def _trees(statement: Statement) -> list[Node]:
    return [side.tree for side in statement.sides if side.tree is not None]


def _written_out(statement: Statement, context: SideContext) -> tuple[Scope, Unreadable | None]:
    """The scope with what recurrences define as it stands in a statement, or why not."""
    scope, first = context.scope, statement.sides[0]
    letters = {name: step.letter.latex for name, step in scope.steps.items()}
    if not letters:
        return scope, None
    for side in statement.sides:
        if side.tree is not None:
            side.tree = entries_apart(side.tree, letters)
    piece = partial(in_steps, _trees(statement), scope)
    try:
        return read_by(context.attempts, piece, first.place, first.latex), None
    except Unreadable as problem:
        return scope, problem


def _printed(
    side: Side,
    statement: Statement,
    varied: tuple[Node, ...],
    problem: Unreadable | None,
    refused: Unreadable | None,
    context: SideContext,
) -> PrintedSide:
    if problem is not None:
        return PrintedSide(side, problem=problem)
    piece = partial(context.elaborated, side, statement.remarks, varied)
    try:
        return read_by(context.attempts, piece, side.place, side.latex)
    except Unreadable as error:
        first = side is statement.sides[0] and error.what == UNKNOWN
        return PrintedSide(side, problem=context.explained((refused if first else None) or error))


def _is_without_member(printed: PrintedSide) -> bool:
    """Whether a side is not read because something need not be there."""
    return printed.problem is not None and printed.problem.what.endswith(NO_MEMBER)


def _shared(printed: Sequence[PrintedSide]) -> list[PrintedSide]:
    """The sides, where what stands as a condition in a row is one of all that stands in it."""
    found: list[PrintedSide] = []
    for each in printed:
        row = [other for other in printed if other.side.row == each.side.row]
        said = tuple(dict.fromkeys(c for other in row for c in other.conditions))
        doubt = each.doubt or next((other.doubt for other in row if other.doubt), None)
        value = each.meaning and replace(each.meaning, conditions=said)
        found.append(replace(each, meaning=value, doubt=doubt))
    return found


# Densities that a display introduces, where they are taken of other variables than there.
#
# ``p(x) = \exp(-x^2)`` says what the density of x is. What ``p(y)`` is elsewhere, p at y or the
# density of another variable, nobody says: such a line can be proved, and not refuted.


def question_of_density(found: Introduced, terms: Iterable[Term], scope: Scope) -> Question | None:
    """What is asked of a line in which an introduced density is taken of other variables."""
    head = found.head
    name = head.factors[0] if isinstance(head, Product) else head
    base = name.base if isinstance(name, Script) else name
    if (
        not isinstance(head, Product)
        or not isinstance(base, Leaf)
        or base.text not in PROBABILITIES
    ):
        return None
    try:
        value = resolve(head, Environment(scope))
    except (IllFormed, Unreadable):
        value = None
    own = _values(value.arguments) if isinstance(value, Call) else None
    if all(
        _values(each) in ((), own) for each in _arguments_of_definition(terms, found.definition)
    ):
        return None
    what = f"is this {found.name} of {found.place}, or that of other variables?"
    return Question(head.at, found.name, what, "declare it")


def _values(arguments: tuple[Argument, ...]) -> tuple[Argument, ...]:
    """Those that are no members of sets: which variable has these for values, the set says."""
    return tuple(each for each in arguments if isinstance(each, Term))


def _arguments_of_definition(
    terms: Iterable[Term], definition: Definition
) -> list[tuple[Argument, ...]]:
    """The arguments of all applications of a definition, in definitions as well."""
    waiting, seen = list(terms), set[Definition]()
    collected: list[tuple[Argument, ...]] = []
    while waiting:
        term = waiting.pop()
        waiting += parts(term)
        if not isinstance(term, Call):
            continue
        if term.definition.name == definition.name:
            collected.append(term.arguments)
        elif term.definition not in seen:
            seen.add(term.definition)
            waiting.append(term.definition.body)
    return collected
