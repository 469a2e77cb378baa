"""Names that a display says what they are behind what uses them: ``a = x S y, \\quad S = B^T B``.

What stands in one display is read together: such a name means in all of it what is said there. In
a row below, that may be a result as well, of what the rows above assume: what depends on it then
can be proved, and not refuted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from derivations.reader.attempts import Attempts
from derivations.reader.chains import Statement
from derivations.reader.declare.block import Known
from derivations.reader.declare.introduction import (
    Beside,
    Introduced,
    names_in,
)
from derivations.reader.declare.optima import is_marked
from derivations.reader.elaborate import IllFormed
from derivations.reader.elaborate.spelling import raised_name
from derivations.reader.inference.recurring import Recurring
from derivations.reader.introducing import DEFINING, is_plain, tree_of
from derivations.reader.problem import Question, Unreadable
from derivations.reader.refusal import read_by
from derivations.reader.scope import Scope
from derivations.reader.syntax import Leaf, Node, Script


def said_ahead(
    statements: Sequence[Statement], known: Known, attempts: Attempts, beside: Beside
) -> Recurring | None:
    """What is known with the names of a display that rows use above what says them."""
    used: set[tuple[str, int]] = set()  # names, each with its row
    waiting: dict[int, tuple[Node, Node]] = {}
    beside_it: set[int] = set()  # what stands in the row that uses it
    for number, each in enumerate(statements):
        trees = [tree_of(side, attempts) for side in each.sides]
        head, body = trees[:2]
        if number and head is not None and body is not None and isinstance(head, Leaf | Script):
            plain = is_plain(each, trees, known.scope) and not beside.equates(each.sides[0].latex)
            # w^* is another name than w
            mine = {raised_name(head)} if is_marked(head) else {*names_in(head)}
            rows = {row for name, row in used if name in mine}
            if plain and rows and not mine & {*names_in(body)}:
                waiting[number] = (head, body)
            if each.sides[0].row in rows:
                beside_it.add(number)
        for side, tree in zip(each.sides, trees, strict=True):
            used |= {(name, side.row) for name in (names_in(tree) if tree is not None else ())}
    names: dict[int, str] = {}
    while waiting:
        before = len(waiting)
        for number, pair in list(waiting.items()):
            found = _with_one(pair, known, attempts, beside, statements[number])
            if found is None:
                continue
            one, scope = found
            if number not in beside_it and one.asked is None:
                what = f"does {one.place} say what {one.name} is, or what follows?"
                asked = Question(one.place, one.name, what, "declare it")
                one = replace(one, asked=asked)
            introductions = known.introductions.with_one(one)
            known = replace(known, scope=scope, introductions=introductions)
            names[number] = one.name
            del waiting[number]
        if len(waiting) == before:
            break
    return Recurring(known, names) if names else None


def _with_one(
    pair: tuple[Node, Node], known: Known, attempts: Attempts, beside: Beside, said: Statement
) -> tuple[Introduced, Scope] | None:
    """One of them, and the scope with it; None where it says nothing that can be taken."""
    head, body = pair
    first, sign = said.sides[0], said.sides[1].sign_token
    plainly = sign is not None and sign.value == DEFINING
    piece = partial(known.saying, head, body, beside, plainly=plainly)
    try:
        return read_by(attempts, piece, first.place, first.latex)
    except (IllFormed, Unreadable):
        return None
