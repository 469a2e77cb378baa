"""The exact decision of an equality at one small instance, from the second meaning of its sides.

Both sides are evaluated directly (`language/direct.py`), derivatives by rule on pairs; the
equality holds there when the two values are the same element of the exact field, which
`field.py` says is decided. Where the sign of a term is needed that is not certain, the run is
split in two, one for each sign, as often as another sign is asked for (lazy case split): the
equality has to hold in all cases in which its sides have values. A case that no numbers are in
says nothing, so a difference in a case refutes only together with a witness.

The two meanings are compared with each other: the value of a side in index notation, with the
derivative taken at symbolic size, must be the same element. This is done at the first
instance, at each that is larger and more varied in its sizes, words and indices than those before
it (so at the most varied one of all that are tried), and wherever the equality fails. Two that
differ mean a fault of this program: a Disagreement.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field

from flint import arb
from sympy import Expr

from derivations.claim import Claim, Condition
from derivations.language.data_conditions import Assumed, data_assumed
from derivations.language.direct import Direct
from derivations.language.index_nodes import differentiated
from derivations.language.tree import Term
from derivations.proof.evaluate import Interpreter
from derivations.proof.field import Branch, Field, Finer, Signs, TooManyVariables, Value
from derivations.proof.fragment import NoValue, OutsideFragment
from derivations.proof.index_evaluation import Instance, Places
from derivations.proof.witness import Balls, find_witness

ROOM = (16, 40, 120, 400)
MOST_CASES = 400
MOST_FINER = 8


class Disagreement(Exception):
    """Two arguments that must agree do not: a fault in this program, never a verdict."""


@dataclass(frozen=True)
class Side:
    """One side in both meanings: a term, and its index notation with derivatives taken."""

    term: Term
    form: Expr


@dataclass(frozen=True)
class Failure:
    """A case in which two sides are not one element: the assumed signs, and whether the field is
    one in which only the zero function is zero.
    """

    signs: Signs
    complete: bool

    @property
    def certain(self) -> bool:
        """Whether the sides differ at some numbers for sure."""
        return self.complete and not self.signs

    @property
    def at_zero(self) -> bool:
        """Whether a sign that was written is zero there: the normal form is claimed elsewhere."""
        return 0 in self.signs.values()


@dataclass(frozen=True)
class Question:
    """Whether two sides are equal; ``axes`` are the names of the indices that run over them.
    What was decided is remembered, and where both meanings of all sides were compared.
    """

    left: Side
    right: Side
    axes: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()
    decided: dict[Hashable, Failure | None] = field(default_factory=dict, compare=False)
    compared: list[int] = field(default_factory=list, compare=False)  # how varied they were

    def assumed_at(self, instance: Instance) -> Assumed:
        """What is given of the data there."""
        places = Places(instance)
        return data_assumed(
            self.conditions, lambda space: places.members(space.lower, space.upper, {})
        )


def question_of(claim: Claim, merged: Claim | None = None) -> Question:
    """What is asked: the terms as claimed, and their index notation.

    ``merged`` is the claim with equal words written as one, where that was done: its index
    notation, which other arguments read, is the one that the terms are compared with.
    """
    sides = (merged or claim).sides
    left, right = (
        Side(term, differentiated(form))
        for term, form in zip(claim.terms, (sides.left, sides.right), strict=True)
    )
    axes = tuple(axis.name for axis in sides.axes)
    return Question(left, right, axes, claim.conditions)


def holds(question: Question, instance: Instance) -> bool:
    """Whether the sides are equal at an instance, in all cases; raises as `failing` does."""
    return failing(question, instance) is None


def failing(question: Question, instance: Instance) -> Failure | None:
    """A case in which the sides differ; None where they are equal.

    What is known is not decided again. Raises Disagreement where the two meanings of a side
    differ, OutsideFragment for what is not decided, and NoValue or ZeroDivisionError where a
    side has no value.
    """
    key = instance.key
    if key not in question.decided:
        question.decided[key] = _decided(question, instance)
    return question.decided[key]


def in_numbers(question: Question, instance: Instance, balls: Balls) -> tuple[arb, arb]:
    """Both sides in certified intervals."""
    direct = Direct(instance, balls)
    at = [instance.indices[name] for name in question.axes]
    return direct.entry(question.left.term, at), direct.entry(question.right.term, at)


def _decided(question: Question, instance: Instance) -> Failure | None:
    finer: dict[Hashable, int] = {}
    rooms = iter(ROOM)
    room = next(rooms)
    for _ in range(len(ROOM) + MOST_FINER):
        try:
            return _over_all_signs(question, instance, room, finer)
        except Finer as wanted:
            finer[wanted.key] = finer.get(wanted.key, 1) * wanted.by
        except TooManyVariables:
            room = next(rooms, 0)
            if not room:
                raise OutsideFragment(f"more than {ROOM[-1]} variables at one instance") from None
    raise OutsideFragment("exponentials of too many fractions of one argument")


def _over_all_signs(
    question: Question, instance: Instance, room: int, finer: Mapping[Hashable, int]
) -> Failure | None:
    assumed = question.assumed_at(instance)
    waiting: list[Mapping[str, int]] = [{}]
    without_value: Exception | None = None
    tried, equal = 0, 0
    while waiting:
        signs = waiting.pop()
        tried += 1
        if tried > MOST_CASES:
            raise OutsideFragment(f"more than {MOST_CASES} cases by sign at one instance")
        try:
            exact = Field(room, signs, assumed, finer)
            if not _Run(question, instance, exact).equal():
                return Failure(signs, exact.complete)
            equal += 1
        except Branch as unknown:
            waiting += [{**signs, unknown.term: sign} for sign in unknown.signs]
        except (NoValue, ZeroDivisionError) as error:
            without_value = error
    if not equal and without_value is not None:
        raise without_value
    return None


class _Run:
    """One case at one instance in one field."""

    def __init__(self, question: Question, instance: Instance, exact: Field) -> None:
        self.question, self.instance, self.exact = question, instance, exact
        self.direct = Direct(instance, exact)
        self.index_notation = Interpreter(instance, exact)
        self.at = [instance.indices[name] for name in question.axes]

    def equal(self) -> bool:
        """Whether the sides are equal; the meanings are compared where that is due."""
        sides = (self.question.left, self.question.right)
        varied = _variety(self.instance)
        due = varied > max(self.question.compared, default=-1)
        values = [self.direct.entry(side.term, self.at) for side in sides]
        equal = self.exact.equal(*values)
        if due or not equal:
            for side, value in zip(sides, values, strict=True):
                self._compare(side, value)
            self.question.compared.append(varied)
        return equal

    def _compare(self, side: Side, value: Value) -> None:
        """Raise Disagreement where index notation says something else."""
        if self.exact.equal(value, self.index_notation.value(side.form)):
            return
        where = f"at {self.instance}: {side.form}"
        if not Failure(self.exact.signs, self.exact.complete).certain and self._no_numbers(side):
            raise OutsideFragment(f"both meanings of a side on assumed signs {where}")
        raise Disagreement(f"the value by rule and the one in index notation differ {where}")

    def _no_numbers(self, side: Side) -> bool:
        """Whether no small numbers show that the meanings of a side differ."""
        assumed = self.question.assumed_at(self.instance)
        return find_witness(self._both(side), self.instance, assumed) is None

    def _both(self, side: Side) -> Callable[[Balls], tuple[arb, arb]]:
        def evaluate(balls: Balls) -> tuple[arb, arb]:
            direct = Direct(self.instance, balls).entry(side.term, self.at)
            return direct, Interpreter(self.instance, balls).value(side.form)

        return evaluate


def _variety(instance: Instance) -> int:
    """How large an instance is, and how many different sizes, words and indices it has."""
    sizes = instance.sizes.values()
    chosen = {*instance.words.values(), *instance.indices.values()}
    return sum(sizes) + len(set(sizes)) + len(chosen)
