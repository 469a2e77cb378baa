"""Candidates of repair: the catalogue of edits, and edited lines in the order they are tried."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from derivations.language.tree import Number, Reference, Term, Times
from derivations.repair import letter_edits, sum_edits, term_edits
from derivations.repair.operator import Edit, Operator, Surroundings

# All operators, one a kind, and every variant of a term by one edit.


OPERATORS = (
    Operator("exp inserted", term_edits.exp_around),
    Operator("exp dropped", term_edits.exp_dropped),
    Operator("log inserted", term_edits.log_around),
    Operator("log dropped", term_edits.log_dropped),
    Operator("sign of a term", term_edits.of_a_term),
    Operator("sign of an argument", term_edits.of_an_argument),
    Operator("minus moved outside", term_edits.moved_outside),
    Operator("brackets dropped behind a minus", term_edits.not_distributed),
    Operator("letter exchanged", letter_edits.letter_exchanged),
    Operator("letter exchanged everywhere", letter_edits.everywhere),
    Operator("nought and letter", letter_edits.nought),
    Operator("name exchanged", letter_edits.name_exchanged),
    Operator("hat put or dropped", letter_edits.hat),
    Operator("subscript dropped", letter_edits.subscript_dropped),
    Operator("subscript added", letter_edits.subscript_added),
    Operator("transpose dropped", sum_edits.transpose_dropped),
    Operator("transpose added", sum_edits.transpose_added),
    Operator("side transposed", sum_edits.whole_side),
    Operator("factors exchanged", term_edits.factors_exchanged),
    Operator("factor dropped", term_edits.factor_dropped),
    Operator("factor added", term_edits.factor_added),
    Operator("term dropped", term_edits.term_dropped),
    Operator("fraction turned over", term_edits.turned_over),
    Operator("denominator dropped", term_edits.denominator_dropped),
    Operator("restriction dropped", sum_edits.restriction_dropped),
    Operator("restriction added", sum_edits.restriction_added),
    Operator("relation negated", sum_edits.negated),
    Operator("bound shifted", sum_edits.bound_shifted),
    Operator("range by words", sum_edits.by_words),
    Operator("sum dropped", sum_edits.sum_dropped),
    Operator("number changed", term_edits.changed),
    Operator("doubled", term_edits.doubled),
    Operator("square dropped", term_edits.square_dropped),
    Operator("square added", term_edits.square_added),
    Operator("complement dropped", term_edits.complement_dropped),
    Operator("complement added", term_edits.complement_added),
    Operator("function dropped", term_edits.function_dropped),
    Operator("function exchanged", term_edits.function_exchanged),
    Operator("norm for its square", term_edits.root_put),
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


# The edited lines, in the order they are tried.
#
# One edit on the right, then one on the left; then one kind of edit in two places on the right,
# an edit on each side, and any two on the right. What people get wrong once they often get wrong
# twice.


RIGHT, LEFT = "on the right", "on the left"


@dataclass(frozen=True)
class Variant:
    """A side after some edits, and these in words."""

    term: Term
    edits: tuple[str, ...] = ()
    kind: str = ""


@dataclass(frozen=True)
class Candidate:
    """A line after some edits, its sides told apart so that either is evaluated only once."""

    left: Variant
    right: Variant

    @property
    def edits(self) -> tuple[str, ...]:
        """All edits in words."""
        return (*self.left.edits, *self.right.edits)


Stage = Callable[[], Iterator[Candidate]]


def stages(around: Surroundings, *, left_is_right: bool) -> Iterator[Stage]:
    """One stage after the other; the left side stays as it is where it is known to be right."""
    printed = tuple(map(Variant, around.sides))
    if left_is_right:
        yield lambda: iter([Candidate(*printed)])
    right = [*_edited(printed[1], around, RIGHT), *_doubled(printed[1], around)]
    yield lambda: (Candidate(printed[0], each) for each in right)
    left = [] if left_is_right else list(_edited(printed[0], around, LEFT))
    yield lambda: (Candidate(each, printed[1]) for each in left)
    yield lambda: (Candidate(printed[0], each) for each in _twice(right, around, alike=True))
    yield lambda: (Candidate(one, other) for one in left for other in right)
    yield lambda: (Candidate(printed[0], each) for each in _twice(right, around, alike=False))


def _edited(
    before: Variant, around: Surroundings, where: str, operators: Iterable[Operator] = OPERATORS
) -> Iterator[Variant]:
    for edit in variants(before.term, around, operators):
        yield Variant(edit.term, (*before.edits, f"{edit.words}, {where}"), edit.kind)


def _doubled(whole: Variant, around: Surroundings) -> Iterator[Variant]:
    """Twice a side that is nothing but a name: what is left of a square that was differentiated."""
    if isinstance(whole.term, Reference):
        twice = Times(Number(Fraction(2)), whole.term)
        yield Variant(twice, (f"2 times {around.latex(whole.term)}, {RIGHT}",), "doubled")


def _twice(once: list[Variant], around: Surroundings, *, alike: bool) -> Iterator[Variant]:
    """The right side after two edits, of one kind or of two; kinds with few variants first."""
    seen = {variant.term for variant in once}
    counts = Counter(variant.kind for variant in once)
    for variant in sorted(once, key=lambda variant: counts[variant.kind]):
        operators = [each for each in OPERATORS if alike == (each.kind == variant.kind)]
        for twice in _edited(variant, around, RIGHT, operators):
            if twice.term not in seen:
                seen.add(twice.term)
                yield twice
