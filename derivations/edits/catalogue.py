"""All operators, one a kind, and every variant of a term by one edit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from derivations.edits import (
    elementary,
    exponentials,
    minus,
    numerals,
    operands,
    reletter,
    rename,
    restrictions,
    summations,
    transposes,
)
from derivations.edits.operator import Edit, Operator, Surroundings
from derivations.language.tree import Term

OPERATORS = (
    Operator("exp inserted", exponentials.exp_around),
    Operator("exp dropped", exponentials.exp_dropped),
    Operator("log inserted", exponentials.log_around),
    Operator("log dropped", exponentials.log_dropped),
    Operator("sign of a term", minus.of_a_term),
    Operator("sign of an argument", minus.of_an_argument),
    Operator("minus moved outside", minus.moved_outside),
    Operator("brackets dropped behind a minus", minus.not_distributed),
    Operator("letter exchanged", reletter.exchanged),
    Operator("letter exchanged everywhere", reletter.everywhere),
    Operator("nought and letter", reletter.nought),
    Operator("name exchanged", rename.exchanged),
    Operator("hat put or dropped", rename.hat),
    Operator("subscript dropped", rename.subscript_dropped),
    Operator("subscript added", rename.subscript_added),
    Operator("transpose dropped", transposes.dropped),
    Operator("transpose added", transposes.added),
    Operator("side transposed", transposes.whole_side),
    Operator("factors exchanged", operands.exchanged),
    Operator("factor dropped", operands.dropped),
    Operator("factor added", operands.added),
    Operator("term dropped", operands.term_dropped),
    Operator("fraction turned over", operands.turned_over),
    Operator("denominator dropped", operands.denominator_dropped),
    Operator("restriction dropped", restrictions.dropped),
    Operator("restriction added", restrictions.added),
    Operator("relation negated", restrictions.negated),
    Operator("bound shifted", summations.bound_shifted),
    Operator("range by words", restrictions.by_words),
    Operator("sum dropped", summations.dropped),
    Operator("number changed", numerals.changed),
    Operator("doubled", numerals.doubled),
    Operator("square dropped", numerals.square_dropped),
    Operator("square added", numerals.square_added),
    Operator("complement dropped", numerals.complement_dropped),
    Operator("complement added", numerals.complement_added),
    Operator("function dropped", elementary.dropped),
    Operator("function exchanged", elementary.exchanged),
    Operator("norm for its square", elementary.root_put),
)


def variants(
    term: Term, around: Surroundings, operators: Iterable[Operator] = OPERATORS
) -> Iterator[Edit]:
    """Every variant once, under the first kind that makes it."""
    seen = {term}
    for operator in operators:
        for edit in operator(term, around):
            if edit.term not in seen:
                seen.add(edit.term)
                yield edit
