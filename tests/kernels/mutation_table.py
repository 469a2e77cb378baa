"""Mistakes planted in the committed kernels, and which property kills which.

``python -m tests.kernels.mutation_table [examples]`` tries every property on every mutant, with the
same examples for all of them. The exit status is 1 if a mutant survives, a property kills nothing,
or the committed kernels fall.
"""

import argparse
import sys
from pathlib import Path

from tests.kernels.properties import PROPERTIES, TEXTS, examples, first_kill
from tests.planting import Mutant, mistakes, package_of

MUTANTS = mistakes(Path(__file__).with_name("mutants.diff"), once=False)
EXAMPLES = 300
COMMITTED = Mutant("(committed)", ())
Kills = dict[str, dict[str, int]]


def table(count: int) -> Kills:
    """For each mutant the properties that kill it, with the number of cases needed."""
    packages = {one.meant: package_of(one.texts(TEXTS)) for one in (COMMITTED, *MUTANTS)}
    kills: Kills = {meant: {} for meant in packages}
    for prop in PROPERTIES:
        cases = examples(prop, count)
        for meant, package in packages.items():
            number = first_kill(prop, package, cases)
            if number is not None:
                kills[meant][prop.name] = number
    return kills


def lines(kills: Kills, count: int) -> list[str]:
    """A column for each property, a row for each mutant: cases needed, or a dot."""
    text = [f"{count} examples for each property; a number is the first example that kills.", ""]
    text += [f"{i:3}  {prop.name}" for i, prop in enumerate(PROPERTIES, start=1)]
    width = max(map(len, kills))
    text += ["", " " * width + "".join(f"{i:4}" for i in range(1, len(PROPERTIES) + 1))]
    for meant, found in kills.items():
        cells = "".join(f"{found.get(prop.name, '.'):>4}" for prop in PROPERTIES)
        text.append(f"{meant:{width}}{cells}")
    columns = [sum(prop.name in found for found in kills.values()) for prop in PROPERTIES]
    text += [f"{'mutants killed':{width}}" + "".join(f"{total:4}" for total in columns), ""]
    good = f"{len(MUTANTS)} of {len(MUTANTS)} mutants killed by {len(PROPERTIES)} properties."
    return text + (failures(kills) or [good])


def failures(kills: Kills) -> list[str]:
    """What is wrong with the table."""
    wrong = [f"survives: {mutant.meant}" for mutant in MUTANTS if not kills[mutant.meant]]
    wrong += [f"false alarm: {name}" for name in kills[COMMITTED.meant]]
    used = {name for mutant in MUTANTS for name in kills[mutant.meant]}
    wrong += [f"kills nothing: {prop.name}" for prop in PROPERTIES if prop.name not in used]
    return wrong


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tests.kernels.mutation_table",
        description="Run every property on every planted mistake: which kills which.",
    )
    parser.add_argument(
        "examples",
        type=int,
        nargs="?",
        default=EXAMPLES,
        help="examples of each property (default %(default)s)",
    )
    count = parser.parse_args().examples
    kills = table(count)
    print("\n".join(lines(kills, count)))
    return 1 if failures(kills) else 0


if __name__ == "__main__":
    sys.exit(main())
