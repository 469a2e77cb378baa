"""Random conditions on words, often about the very names that an expression binds or compares."""

from __future__ import annotations

from random import Random

from sympy import Expr, KroneckerDelta

from derivations.claim import Condition, Distinct, NotAmong, Unequal
from derivations.word2vec.losses import WORDS
from tests.proof.fuzz.expressions import Expressions
from tests.proof.fuzz.vocabulary import LISTS, SPACES

SWITCHED_ON = 0.6


def random_conditions(rng: Random, some: Expressions, about: Expr) -> tuple[Condition, ...]:
    """None, one or a few conditions."""
    if rng.random() >= SWITCHED_ON:
        return ()
    drawn = (_condition(rng, some, about) for _ in range(rng.choice((1, 1, 2, 3))))
    return tuple(condition for condition in drawn if condition is not None)


def _condition(rng: Random, some: Expressions, about: Expr) -> Condition | None:
    dice = rng.random()
    if dice < 0.25:
        return Distinct(rng.choice(list(LISTS)))
    if dice < 0.5:
        return NotAmong(some.index(WORDS, 0), rng.choice(list(LISTS)))
    deltas = sorted(about.atoms(KroneckerDelta), key=str)
    if deltas and dice < 0.8:
        return Unequal(*rng.choice(deltas).args)
    space = rng.choice(SPACES)
    left, right = some.index(space), some.index(space)
    return Unequal(left, right) if left != right else None
