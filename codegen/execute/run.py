"""One kernel at one case, on every path and in every variant: run, and compared."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field

from codegen.equality import Equality
from codegen.execute.call import Call, Variant
from codegen.execute.cases import Case
from codegen.execute.compare import Mismatch, mismatches
from codegen.execute.point import shown
from codegen.execute.specification import Specification
from codegen.execute.wanted import Wanted, wanted
from codegen.interpret.branching import Refused, World
from codegen.interpret.paths import Coverage, Path, every_path
from codegen.kernel import Kernel
from derivations.proof.field import Branch, Finer, TooManyVariables
from derivations.proof.fragment import NoValue

ROOM = (20, 40, 80, 160, 400)  # variables of the field, tried in turn
MOST_SIGNS = 256  # ways that the signs of terms can be at one case
MOST_FINER = 8
FEW_PATHS = 4  # of every variant but the first


@dataclass(frozen=True)
class Failure:
    """Where the emitted text does not compute what was proved."""

    kernel: str
    variant: str
    case: str
    what: str

    def __str__(self) -> str:
        return f"{self.kernel} ({self.variant}) at {self.case}: {self.what}"


@dataclass
class Count:
    """What was run and decided."""

    cases: int = 0
    runs: int = 0
    entries: int = 0
    drawn_paths: int = 0
    room: int = 0  # variables of the largest field
    failures: list[Failure] = field(default_factory=list)

    def add(self, other: Count) -> None:
        """Count what another one counted."""
        self.cases += other.cases
        self.runs += other.runs
        self.entries += other.entries
        self.drawn_paths += other.drawn_paths
        self.room = max(self.room, other.room)
        self.failures += other.failures


def run_case(
    kernel: Kernel,
    module: str,
    claims: Mapping[str, Equality],
    case: Case,
    variants: Sequence[Variant],
    most_paths: int,
    room: int = ROOM[0],
) -> Count:
    """Run the kernel at one case under each variant; at most one failure of each is told.

    Every path is gone in the first variant, up to so many; a few in the others. The field is laid
    out for ``room`` variables, for more where these are too few.
    """
    finer: dict[Hashable, int] = {}
    rooms = [each for each in ROOM if each >= room]
    while rooms:
        try:
            limits = (most_paths, rooms[0])
            return _in_all_signs(kernel, module, claims, case, variants, limits, finer)
        except TooManyVariables:
            rooms.pop(0)
        except Finer as wanted:
            if len(finer) > MOST_FINER:
                raise
            finer[wanted.key] = finer.get(wanted.key, 1) * wanted.by
    raise Refused(f"more than {ROOM[-1]} variables at {case}")


def _in_all_signs(
    kernel: Kernel,
    module: str,
    claims: Mapping[str, Equality],
    case: Case,
    variants: Sequence[Variant],
    limits: tuple[int, int],
    finer: Mapping[Hashable, int],
) -> Count:
    """The case once for each way that the signs of terms can be which a value turns on."""
    most_paths, room = limits
    whole = Count()
    waiting: list[dict[str, int]] = [{}]
    without_value: Exception | None = None
    for _ in range(MOST_SIGNS):
        signs = waiting.pop()
        try:
            meant = Specification(kernel, claims, case, room, signs, finer)
            whole.add(_run(kernel, module, meant, variants, most_paths))
        except (NoValue, ZeroDivisionError) as error:
            without_value = error
        except Branch as unknown:
            waiting += ({**signs, unknown.term: sign} for sign in unknown.signs if sign)
        if not waiting or whole.failures:
            if not whole.runs and without_value is not None:
                raise without_value
            whole.cases = 1
            return whole
    raise Refused(f"more than {MOST_SIGNS} cases by sign at {case}")


def _run(
    kernel: Kernel,
    module: str,
    meant: Specification,
    variants: Sequence[Variant],
    most_paths: int,
) -> Count:
    count = Count(cases=1, room=meant.field.variables)
    given = {a.name: meant.argument(a) for a in kernel.arguments if not a.is_integer}
    outputs = wanted(kernel, meant, given)
    size = sum(len(output.entries) for output in outputs.values())
    for number, variant in enumerate(variants):
        most = min(most_paths, FEW_PATHS) if number else most_paths
        covered = Coverage()

        def once(path: Path, variant: Variant = variant) -> str | None:
            world = World(meant.field, path)
            return _wrong(Call(kernel, meant.case, world, given), variant, module, outputs)

        for wrong in every_path(once, most, covered):
            if wrong is not None:
                name = f"{module}.{kernel.name}"
                count.failures.append(Failure(name, variant.name, str(meant.case), wrong))
                break
        count.runs += covered.runs
        count.entries += covered.runs * size
        count.drawn_paths += number == 0 and not covered.all_paths
    return count


def _wrong(call: Call, variant: Variant, module: str, outputs: Mapping[str, Wanted]) -> str | None:
    """What is wrong with one run, if anything is. Whatever is raised is wrong, too."""
    try:
        returned = call.made(variant, module)
        for name, output in outputs.items():
            want, axes = output.trees(call.world), call.axes[name]
            for wrong in mismatches(call.world, name, returned[name], want, axes):
                return _described(wrong, call.world)
        return call.spoilt()
    except (TooManyVariables, Branch, Finer, NoValue):
        raise
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def _described(wrong: Mismatch, world: World) -> str:
    entry = "" if not wrong.entry else str(list(wrong.entry))
    if wrong.got is None or wrong.want is None or wrong.case is None:
        return f"{wrong.output}{entry} {wrong.reason}"
    values = shown(wrong.got, wrong.want, wrong.case, world)
    return f"{wrong.output}{entry} {wrong.reason}: {values}"
