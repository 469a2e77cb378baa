"""The part of ``python -m codegen --check`` and ``--prove`` that runs the files."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Mapping, Sequence
from time import perf_counter
from typing import Any

from codegen.equality import Equality
from codegen.execute.plan import FULL, QUICK
from codegen.execute.prove import prove
from codegen.execute.report import as_json, failures, legend, summary, table
from codegen.execute.units import units_of_all
from codegen.kernel import Module
from codegen.package import texts_in
from derivations.report.progress import progress

INTERRUPTED = 130


def executed(
    modules: Sequence[Module],
    claims: Mapping[str, Equality],
    options: Namespace,
    rounding: Sequence[Mapping[str, Any]] = (),
) -> int:
    """Run the files of a folder on symbols and tell what was decided; 0 if all is as proved.

    ``rounding`` is told beside it to a program.
    """
    started = perf_counter()
    plan = FULL if options.prove else QUICK
    units = units_of_all(modules, plan)
    try:
        with progress(len(units)) as on_done:
            reports = prove(modules, units, claims, texts_in(options.into), plan, on_done)
    except KeyboardInterrupt:
        print("codegen: interrupted", file=sys.stderr)
        return INTERRUPTED
    seconds = perf_counter() - started
    if options.format == "json":
        print(as_json(reports, seconds, rounding))
    else:
        lines = [*table(reports), *legend(reports, plan)] if options.prove else []
        print("\n".join([*lines, *failures(reports), summary(reports, seconds)]))
    return 0 if all(report.proved for report in reports) else 1
