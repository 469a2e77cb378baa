"""The text of a module proved: run on exact symbols, and compared with the line as it was written.

As for the package: at every size up to a bound and at one longer, every choice of labels or some,
on every path. Where the line has cases by the sign of a number, that is refused: which case holds
is not decided there.
"""

from __future__ import annotations

from dataclasses import dataclass

from codegen.execute.plan import Limits, Plan
from codegen.execute.prove import report
from codegen.execute.uniform import dependent
from codegen.execute.variants import loadings
from codegen.line.made import NAME, Made
from codegen.line.refusal import Refusal
from codegen.package import GENERATED, texts_in

MODULE = "gradient"
PLAN = Plan(most=2, sizes=16, each=Limits(4, 4, 4), few=Limits(1, 1, 1), paths=8, longer=3)


@dataclass(frozen=True)
class Executed:
    """How much was run."""

    cases: int
    entries: int

    def __str__(self) -> str:
        sizes = f"sizes up to {PLAN.most}, and {PLAN.longer}"
        return f"run on symbols at {sizes}: {self.cases} cases, {self.entries} entries"


def proved_text(made: Made) -> Executed:
    """Run the text; raises Refusal where an entry is not what the line says."""
    for place in dependent({f"{MODULE}.py": made.text}):
        raise Refusal(f"the program depends on a size: {place}")
    texts = {**texts_in(GENERATED), f"{MODULE}.py": made.text}
    name = f"{MODULE}.{NAME}"
    try:
        found = report(name, made.kernel, made.claims, loadings(texts), PLAN)
    except Exception as error:
        raise Refusal(
            f"the program cannot be run on symbols, so that it is not proved: "
            f"{type(error).__name__}: {error}"
        ) from None
    if not found.proved:
        wrong = found.count.failures[0] if found.count.failures else "nothing was decided"
        raise Refusal(f"the program does not compute the line: {wrong}")
    return Executed(found.count.cases, found.count.entries)
