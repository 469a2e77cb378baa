"""The checks see faults planted in the emitted code."""

import warnings
from functools import cache
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

import generated
from codegen.emitted import GENERATED, texts_in
from tests.backends import for_jax, loops
from tests.codegen.scene import loaded
from tests.subjects.checks import keeps_to_the_exact_value
from tests.subjects.kinds import KINDS, Kind
from tests.subjects.mutants import MUTANTS, Mutant

TEXTS = texts_in(GENERATED)
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


def planted_for_jax(mutant: Mutant) -> Any:
    """The modules of `generated.jax` with the fault."""
    file = f"jax/{mutant.module}.py"
    return for_jax({**TEXTS, file: TEXTS[file].replace(mutant.found, mutant.put)})


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda m: f"{m.module}: {m.meant}")
def test_a_planted_fault_is_seen(mutant: Mutant, tmp_path: Path) -> None:
    assert_seen(mutant, planted(mutant, tmp_path))


IN_JAX = [one for one in MUTANTS if one.found in TEXTS[f"jax/{one.module}.py"]]


@pytest.mark.parametrize("mutant", IN_JAX, ids=lambda m: f"{m.module}: {m.meant}")
def test_a_planted_fault_is_seen_in_the_text_for_jax(mutant: Mutant) -> None:
    assert_seen(mutant, planted_for_jax(mutant))


IN_LOOPS = [one for one in MUTANTS if one.loops is not None]


@pytest.mark.parametrize("mutant", IN_LOOPS, ids=lambda m: f"{m.module}: {m.meant}")
def test_a_planted_fault_is_seen_in_the_loops(mutant: Mutant) -> None:
    assert mutant.loops is not None
    file = f"compiled/{mutant.module}.py"
    assert mutant.loops[0] in TEXTS[file], "the code has changed: say the fault anew"
    assert_seen(mutant, loops({**TEXTS, file: TEXTS[file].replace(*mutant.loops)}, mutant.module))


def test_most_faults_can_be_planted_in_the_text_of_every_back_end() -> None:
    assert len(IN_JAX) > 0.7 * len(MUTANTS)
    assert len(IN_LOOPS) > 0.9 * len(MUTANTS)


def assert_seen(mutant: Mutant, kernels: Any) -> None:
    kinds = [kind for kind in KINDS if kind.module == mutant.module]
    assert not all(survives(kernels, kind) for kind in kinds)
