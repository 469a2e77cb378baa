"""The checks see faults planted in the emitted code."""

import warnings
from functools import cache
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

import generated
from tests.codegen.emitted import loaded
from tests.subjects.checks import keeps_to_the_exact_value
from tests.subjects.kinds import KINDS, Kind
from tests.subjects.mutants import MUTANTS, Mutant

FOLDER = Path(str(generated.__file__)).parent
EXAMPLES = 60


def planted(mutant: Mutant, folder: Path) -> Any:
    """The generated package with the fault in it, loaded under a name of its own."""
    copytree(FOLDER, folder, dirs_exist_ok=True)
    path = folder / f"{mutant.module}.py"
    text = path.read_text(encoding="utf-8")
    assert mutant.found in text, "the code has changed: say the fault anew"
    path.write_text(text.replace(mutant.found, mutant.put), encoding="utf-8")
    return loaded(folder)


@cache
def examples(kind: Kind) -> list[dict[str, Any]]:
    drawn: list[dict[str, Any]] = []

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(kind.cases)
    def collect(case: dict[str, Any]) -> None:
        drawn.append(case)

    collect()
    return drawn


def survives(kernels: Any, kind: Kind) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for case in examples(kind):
            try:
                keeps_to_the_exact_value(kernels, kind, case)
            except Exception:  # a fault may also make a legal call fail
                return False
    return True


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda m: f"{m.module}: {m.meant}")
def test_a_planted_fault_is_seen(mutant: Mutant, tmp_path: Path) -> None:
    kernels = planted(mutant, tmp_path)
    kinds = [kind for kind in KINDS if kind.module == mutant.module]
    assert not all(survives(kernels, kind) for kind in kinds)
