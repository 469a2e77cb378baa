"""Which property kills which planted bug:  python -m tests.kernels.mutation_table [examples]

Every property is tried on every mutant, with the same examples for all of them.  The
exit status is 1 if a mutant survives, a property kills nothing, or the correct kernel falls.
"""

import argparse
import sys

from tests.kernels.examples import examples, first_kill
from tests.kernels.mutants import MUTANTS
from tests.kernels.mutants.interface import Kernel
from tests.kernels.properties import PROPERTIES

EXAMPLES = 300
KERNELS: tuple[type[Kernel], ...] = (Kernel, *MUTANTS)


def table(count: int) -> dict[type[Kernel], dict[str, int]]:
    """For each kernel the properties that kill it, with the number of cases needed."""
    kills: dict[type[Kernel], dict[str, int]] = {kernel: {} for kernel in KERNELS}
    for prop in PROPERTIES:
        cases = examples(prop, count)
        for kernel, found in kills.items():
            number = first_kill(prop, kernel().namespace(), cases)
            if number is not None:
                found[prop.name] = number
    return kills


def lines(kills: dict[type[Kernel], dict[str, int]], count: int) -> list[str]:
    """A column for each property, a row for each mutant: cases needed, or a dot."""
    text = [f"{count} examples for each property; a number is the first example that kills.", ""]
    text += [f"{i:3}  {prop.name}" for i, prop in enumerate(PROPERTIES, start=1)]
    width = max(len(mutant.__name__) for mutant in MUTANTS)
    text += ["", " " * width + "".join(f"{i:4}" for i in range(1, len(PROPERTIES) + 1))]
    for kernel, found in kills.items():
        name = "(correct)" if kernel is Kernel else kernel.__name__
        cells = "".join(f"{found.get(prop.name, '.'):>4}" for prop in PROPERTIES)
        text.append(f"{name:{width}}{cells}")
    columns = [sum(prop.name in found for found in kills.values()) for prop in PROPERTIES]
    text += [f"{'mutants killed':{width}}" + "".join(f"{total:4}" for total in columns), ""]
    good = f"{len(MUTANTS)} of {len(MUTANTS)} mutants killed by {len(PROPERTIES)} properties."
    return text + (failures(kills) or [good])


def failures(kills: dict[type[Kernel], dict[str, int]]) -> list[str]:
    """What is wrong with the table."""
    wrong = [f"survives: {mutant.__name__}" for mutant in MUTANTS if not kills[mutant]]
    wrong += [f"false alarm: {name}" for name in kills[Kernel]]
    used = {name for mutant in MUTANTS for name in kills[mutant]}
    wrong += [f"kills nothing: {prop.name}" for prop in PROPERTIES if prop.name not in used]
    return wrong


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tests.kernels.mutation_table",
        description="Run every property on every planted kernel bug: which kills which.",
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
