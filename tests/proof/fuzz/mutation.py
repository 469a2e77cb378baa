"""How many expressions it takes to see a planted fault."""

from __future__ import annotations

from collections.abc import Sequence

from tests.planting import Mutant, table
from tests.proof.fuzz.cases import case
from tests.proof.fuzz.check import check
from tests.proof.fuzz.run import BLOCK
from tests.proof.fuzz.tally import Tally

COUNT = 3000
ENOUGH = 300  # so many expressions have zeros that need their conditions
BLIND = "blind"


def first_kill(mutant: Mutant, count: int, seed: int) -> tuple[int, str] | None:
    """The number of the first expression that shows the fault, and how; None if none does.

    A normal form that never needs a condition shows itself in the figures of the whole run.
    """
    tally = Tally()
    with mutant.planted():
        for number in range(count):
            block, place = divmod(number, BLOCK)
            drawn, where = case(seed + block, place), f"{seed + block}:{place}"
            outcome = check(drawn.difference, drawn.conditions, where, drawn.sides)
            tally.record(drawn, outcome, where)
            if outcome.finding is not None:
                return number + 1, outcome.finding.fault
    return (count, BLIND) if count >= ENOUGH and tally.vacuous() else None


def survivors(mutants: Sequence[Mutant], count: int, seed: int) -> int:
    """Print what kills each mutant; how many survive."""

    def seen(mutant: Mutant) -> str | None:
        killed = first_kill(mutant, count, seed)
        return killed and f"expression {killed[0]:6,}  {killed[1]}"

    return table(mutants, seen)
