"""Which guard sees each planted fault: ``python -m tests.language.faults [terms]``.

The first column is the number of the random term on which the two meanings first differ; where
there is none, terms are tried that were written for it. The second one is the first value by hand
that is wrong (of meaning two). The exit status is 1 if the two meanings alone let a fault pass, or
differ without one.
"""

from __future__ import annotations

import argparse
import sys

from derivations.language import direct
from tests.language.faults.guards import differs_on_written, first_by_hand, first_difference
from tests.language.faults.in_direct import IN_DIRECT
from tests.language.faults.in_index_form import IN_INDEX_FORM

TERMS = 2500


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.language.faults", description=__doc__)
    parser.add_argument("terms", type=int, nargs="?", default=TERMS, help="(default %(default)s)")
    count: int = parser.parse_args().terms
    alarm = first_difference(None, count)
    print(f"without a fault: {'no difference' if alarm is None else f'FALSE ALARM at {alarm}'}")
    survivors = 0
    faults = (*IN_DIRECT, *IN_INDEX_FORM)
    width = max(len(fault.name) for fault in faults)
    for fault in faults:
        number = first_difference(fault, count)
        written = number is None and differs_on_written(fault)
        survivors += number is None and not written
        by_hand = first_by_hand(fault) if fault.module is direct else None
        meaning = "two" if fault.module is direct else "one"
        seen = f"term {number:,}" if number else "written" if written else "SURVIVES"
        print(f"{meaning}  {fault.name:{width}}  {seen:>10}  {by_hand or ''}".rstrip(), flush=True)
    print(f"{len(faults) - survivors} of {len(faults)} seen by the two meanings alone")
    return 1 if survivors or alarm is not None else 0


if __name__ == "__main__":
    sys.exit(main())
