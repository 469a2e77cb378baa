"""Side conditions of a display: conditions and ranges beside its equalities, and assumptions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lark import Token

from derivations.claim import Claim, Condition, Premise
from derivations.indices import IndexSet
from derivations.language.data_conditions import OfData
from derivations.language.tree import Term
from derivations.reader.display import ASSUMED_BEFORE, Side, Statement, worded
from derivations.reader.elaborate import Environment, IllFormed
from derivations.reader.elaborate.indexing import (
    alone,
    bound_of,
    conditions,
    is_run,
    member_of,
    size_expression,
    space_named,
)
from derivations.reader.equation import NOTHING, elaborated, equated
from derivations.reader.latex_commands import (
    CONDITION_WORDS,
    QUANTIFYING_WORDS,
    REASON_WORDS,
    RESTRICTING_WORDS,
)
from derivations.reader.line import TEXT_SAYS, Stated
from derivations.reader.parser import bracketed, listing, parsed
from derivations.reader.scanner import place_of
from derivations.reader.scope import Scope
from derivations.reader.source import Span, Unreadable
from derivations.reader.syntax import Node, Product, Relation, written

# What is said beside the equalities: conditions, in words or not, and the ranges of letters.


_WORDS = CONDITION_WORDS | QUANTIFYING_WORDS
MOST_OF_MEMBER = 8  # tokens of a member of an index set
_BETWEEN = (r"\le", r"\le")


@dataclass(frozen=True)
class Said:
    """The conditions that are said, and what may be one and is not read."""

    conditions: tuple[Condition, ...] = ()
    doubt: Unreadable | None = None


def said_by(words: list[Token], span: Span, here: Environment) -> Said:
    """What a remark in words says; other words than those of a condition leave a note.

    Raises Unreadable where a condition begins that cannot be taken.
    """
    first, *rest = words
    given = first.value.lower().split()
    if not rest or not set(given) <= _WORDS:
        here.note(f"the remark {first.value!r} is not read")
        if not given or given[0] not in RESTRICTING_WORDS:
            return Said()
        what, advice = "a condition in words", r"write it as in \text{if } w = o"
        return Said((), Unreadable(place_of(first), first.value, what, advice))
    content = bracketed(rest, span)
    ranges = _ranges(content.items, here)
    if ranges is not None:
        return ranges
    try:
        return Said(conditions(alone(content), here))
    except Unreadable as problem:
        advice = "conditions are like w \\ne o; what a letter means is declared in a ```given block"
        raise Unreadable(problem.place, problem.token, problem.what, advice) from None


# Ranges of letters: for all w, k = 1, ..., K -----------------------------------------------------


def _ranges(items: Sequence[Node], here: Environment) -> Said | None:
    """The ranges that items say, or None where they say something else.

    A range that is the declared one says nothing. Where it is another one, the line is claimed of
    all that were declared, which is more: it may be false beyond the range.
    """
    found = Said()
    waiting: list[Node] = []  # letters before the first relation: i, j = 1, ..., n
    at = 0
    while at < len(items):
        item = items[at]
        at += 1
        if here.scope.letter(written(item)) is not None:
            waiting.append(item)
            continue
        if not isinstance(item, Relation):
            return None
        run = _run(item, items[at:])
        if run is not None and run[0] is item.parts[-1]:
            at += len(run) - 1  # the others are items of their own
        letter, ends = _letter_and_ends(item, run)
        for each in (*waiting, letter):
            index = here.scope.letter(written(each)) if each is not None else None
            if each is None or index is None or ends is None:
                return None
            if not _is_range(ends, index.space, here):
                what = f"is {written(each)} of another range here than it was declared of?"
                advice = "declare a letter for this range"
                doubt = Unreadable(item.at, written(item), what, advice)
                found = Said((), found.doubt or doubt)
        waiting = []
    return found


def _run(relation: Relation, rest: Sequence[Node]) -> tuple[Node, ...] | None:
    """The members that ``k = 1, 2, \\ldots, K`` lists: its right side, and what follows."""
    first = relation.parts[-1]
    if isinstance(first, Product) and len(first.factors) == 3 and not any(first.joins):
        return first.factors if is_run(first.factors) else None
    for length in (2, 3):
        items = (first, *rest[:length])
        if is_run(items):
            return items
    return None


def _letter_and_ends(
    relation: Relation, run: tuple[Node, ...] | None
) -> tuple[Node | None, tuple[Node, ...] | None]:
    """The letter of a range with its ends, or with the one node that names its set."""
    letter, *others = relation.parts
    if relation.signs == ("=",) and run is not None:
        return letter, (run[0], run[-1])
    if relation.signs == (r"\in",):
        return letter, (others[0],)
    if relation.signs == _BETWEEN:
        return others[0], (letter, others[1])
    return None, None


def _is_range(ends: tuple[Node, ...], space: IndexSet, here: Environment) -> bool:
    if len(ends) == 1:
        return space_named(ends[0], here) == space
    lower, upper = (size_expression(bound_of(end, here)) for end in ends)
    return (lower, upper) == (space.lower, space.upper)


# Equalities that are conditions ------------------------------------------------------------------


def conditioned(found: list[Statement], scope: Scope) -> list[Statement]:
    """The statements, those between indices alone made conditions of their neighbours.

    That is where one stands behind a comma or a wide space, ``\\quad i = j``, or where something
    follows from it, ``w = o \\Rightarrow ...``.
    """
    kept: list[Statement] = []
    premises: list[list[Token]] = []
    for number, each in enumerate(found):
        behind, before = each.perhaps and kept, each.premise and number + 1 < len(found)
        unequal = before and all(side.sign is not None for side in each.sides[1:])
        of_indices = (behind or before) and _is_of_indices(each, scope)
        if unequal or of_indices or (behind and _is_reason(each, scope)):
            said = [_as_remark(each), *(words for side in each.sides for words in side.remarks)]
            if before:
                premises += said
            else:
                kept[-1].sides[-1].remarks += said
                asked = kept[-1].doubt
                if not of_indices and asked is not None and asked.what == ASSUMED_BEFORE:
                    kept[-1].doubt = None
            continue
        if premises:
            each.remarks += premises
            each.doubt, premises = None, []
        kept.append(each)
    return kept


def _is_of_indices(statement: Statement, scope: Scope) -> bool:
    """Whether all sides are members of index sets, and one of them a letter."""
    here = Environment(scope)
    letters = False
    for side in statement.sides:
        if side.problem is not None or len(side.tokens) > MOST_OF_MEMBER:
            return False
        try:
            member = member_of(parsed(side.tokens, side.place), here)
        except (IllFormed, Unreadable):
            return False
        if member is None:
            return False
        letters = letters or not isinstance(member, int)
    return letters


def _is_reason(statement: Statement, scope: Scope) -> bool:
    """Whether a statement is what was assumed of data: ``\\text{since } \\sum_k y_k = 1``."""
    if statement.word not in REASON_WORDS or len(statement.sides) != 2:
        return False
    here = Environment(scope)
    try:
        trees = tuple(parsed(side.tokens, side.place) for side in statement.sides)
        found = conditions([Relation(trees[0].at, trees, ("=",))], here)
    except (IllFormed, Unreadable):
        return False
    return all(isinstance(each, OfData) for each in found)


def _as_remark(statement: Statement) -> list[Token]:
    first = statement.sides[0].tokens[0]
    word = worded("if", first)
    found = [word]
    for side in statement.sides:
        found += _behind_sign(side)
    return found


def _behind_sign(side: Side) -> list[Token]:
    sign = [side.sign_token] if side.sign_token is not None else []
    return [*sign, *side.tokens]


# Assumptions that formulas of the text state: an equality, or what entries add up to.


def stated(span: Span, scope: Scope, lost: Callable[[Node], None]) -> Stated | None:
    """What a formula states, where it is one equality that can be read; else None.

    ``lost`` raises Unreadable for what uses a declaration that was lost.
    """
    try:
        return _stated(span, scope, lost)
    except (Unreadable, IllFormed):
        return None


def _stated(span: Span, scope: Scope, lost: Callable[[Node], None]) -> Stated | None:
    items = listing(span).items
    relation = items[0] if len(items) == 1 else None
    if not isinstance(relation, Relation) or relation.signs != ("=",):
        return None
    lost(relation)
    where = f"{TEXT_SAYS}{span.stripped.place}"
    try:
        found = conditions([relation], Environment(scope))
    except (Unreadable, IllFormed):
        found = ()
    of_data = tuple(each for each in found if isinstance(each, OfData))
    if len(of_data) < len(found):
        return None  # of indices
    left, right = (elaborated(part, scope) for part in relation.parts)
    claim = equated(Claim("", "", "", "", *NOTHING, scope.conditions), left, right)
    asked = left.questions or right.questions
    if claim.misfit is not None or asked or left.conditions or right.conditions:
        return None
    assert isinstance(claim.left, Term)
    assert isinstance(claim.right, Term)
    return Stated(where, Premise(where, claim.left, claim.right, claim.conditions), of_data)
