"""python -m tests.lines.apart --count 1000 --seed 1: try many lines of these families."""

from __future__ import annotations

import argparse
import sys
from collections import Counter

from tests.lines.apart import FAMILIES
from tests.lines.apart.case import is_wrong, verdict
from tests.lines.apart.faults import FAULTS, seen
from tests.planting import Mutant, table


def main() -> int:
    """0 if no verdict is wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.lines.apart", description=__doc__)
    parser.add_argument("--count", type=int, default=100, help="lines of each family")
    parser.add_argument("--seed", default="1")
    parser.add_argument("--family", choices=sorted(FAMILIES), action="append")
    parser.add_argument("--faults", action="store_true", help="plant mistakes instead")
    chosen = parser.parse_args()
    if chosen.faults:
        return _faults()
    wrong = 0
    for name in chosen.family or FAMILIES:
        counts: Counter[tuple[str, bool, str]] = Counter()
        for number in range(chosen.count):
            found = FAMILIES[name](f"{chosen.seed}/{number}")
            said = verdict(found)
            counts[found.kind, found.true, said] += 1
            if is_wrong(found, said):
                wrong += 1
                print(f"WRONG: {said}\n{found.text}", flush=True)
        for (kind, true, said), times in sorted(counts.items()):
            print(f"{times:6}  {name}, {kind}, {'true' if true else 'false'}: {said}", flush=True)
    print(f"{wrong} wrong")
    return 1 if wrong else 0


def _faults() -> int:
    """0 if every planted mistake is seen."""
    families = {mutant.meant: family for family, mutant in FAULTS}

    def first(mutant: Mutant) -> str | None:
        found = seen(families[mutant.meant], mutant)
        return f"{families[mutant.meant]:16}line {found.tried}: {found.verdict}" if found else None

    return 1 if table([mutant for _, mutant in FAULTS], first) else 0


if __name__ == "__main__":
    sys.exit(main())
