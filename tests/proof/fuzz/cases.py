"""One random case: two sides, how they are related, and the conditions that are assumed."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from sympy import Add, Expr, Mul, nan, zoo

from derivations.claim import Condition
from tests.proof.fuzz.expressions import Expressions, random_conditions
from tests.proof.fuzz.steps import of_functions, of_sums, slips
from tests.proof.fuzz.steps.of_sums import Place, Step, taken
from tests.proof.fuzz.writer import Writer

REWRITTEN, NEAR_MISS, WEAKENED, UNRELATED = "rewritten", "near miss", "weakened", "unrelated"
KINDS = {REWRITTEN: 50, NEAR_MISS: 35, WEAKENED: 10, UNRELATED: 5}
FAMILIES = (
    of_sums.STEPS,
    of_sums.STEPS_OF_DELTAS,
    of_functions.STEPS_OF_DIVISION,
    of_functions.STEPS,
    of_functions.STEPS_OF_LOGARITHMS,
    of_sums.STEPS_OF_RANGES,
    of_functions.STEPS_OF_SIGNS,
)
SLIPS = slips.STEPS + slips.STEPS_OF_SLIPS_OF_VALUES
MOST_NODES = 160


@dataclass(frozen=True)
class Case:
    """``left - right`` is judged; ``kind`` says what was done to make the one from the other.

    ``sides`` are given where each side is to be normalised by itself.

    Rewritten sides are equal, a near miss has one slip, a weakened case has lost a condition.
    """

    kind: str
    left: Expr
    right: Expr
    difference: Expr
    conditions: tuple[Condition, ...]
    steps: tuple[str, ...] = ()
    sides: tuple[Expr, Expr] | None = None

    @property
    def obvious(self) -> bool:
        """Whether the sides are written alike, or SymPy has made nothing of their difference."""
        return bool(self.left == self.right or self.difference == 0)


def case(seed: int, number: int) -> Case:
    """The case with this number; the same on every run."""
    rng = Random(f"{seed}:{number}")
    (kind,) = rng.choices(list(KINDS), list(KINDS.values()))
    while True:
        drawn = _drawn(rng, kind)
        if not drawn.difference.has(nan, zoo) and _size(drawn.difference) <= MOST_NODES:
            return drawn


def _drawn(rng: Random, kind: str) -> Case:
    write = Writer(rng, rng.choice((0.0, 0.9, 1.0, 1.0, 1.0)))
    some = Expressions(rng, write)
    left = some.real(rng.choice((2, 3, 4, 4)))
    conditions = random_conditions(rng, some, left)
    at = Place(rng, write, some, conditions)
    if kind == UNRELATED:
        right = some.real(rng.choice((1, 2)))
        names: list[str] = []
    else:
        right, names = _rewritten(at, left, slip=kind == NEAR_MISS)
    if kind == WEAKENED:
        conditions = tuple(c for c in conditions if rng.random() < 0.3)
    difference = write.minus(left, right)
    sides = None
    if rng.random() < 0.3:  # what SymPy makes of the difference is then nobody's business
        sides = (left, right)
        difference = Add(left, Mul(-1, right, evaluate=False), evaluate=False)
    return Case(kind, left, right, difference, conditions, tuple(names), sides)


def _rewritten(at: Place, left: Expr, *, slip: bool) -> tuple[Expr, list[str]]:
    """``left`` after a few steps, one of them a slip if that is asked for."""
    count = at.rng.choice((1, 1, 2, 3))
    slipped = at.rng.randrange(count) if slip else -1
    right, names = left, []
    for n in range(count):
        families = [SLIPS] if n == slipped else at.rng.sample(FAMILIES, len(FAMILIES))
        step, right = _one_step(at, families, right)
        names.append(step)
    return right, names


def _one_step(at: Place, families: list[tuple[Step, ...]], node: Expr) -> tuple[str, Expr]:
    """The first of the steps, in random order, that can be taken somewhere."""
    for family in families:
        for step in at.rng.sample(family, len(family)):
            new = taken(at, step, node)
            if new is not None:
                return step.__name__, new
    return "none", node


def _size(node: Expr) -> int:
    return 1 + sum(_size(part) for part in node.args)
