"""The checks see mistakes planted in the emitted code."""

import warnings
from dataclasses import replace
from typing import Any

import pytest

from tests.backends import for_jax
from tests.kernels.examples import TEXTS, drawn
from tests.planting import Mutant, Rewritten, fails, package_of
from tests.subjects.checks import keeps_to_the_exact_value
from tests.subjects.kinds import KINDS, Kind
from tests.subjects.planted import MUTANTS

EXAMPLES = 60


def examples(kind: Kind) -> list[dict[str, Any]]:
    """The cases of a kind that mutants are tried on."""
    return drawn(kind.cases, EXAMPLES)


def is_seen(mutant: Mutant, kernels: Any) -> bool:
    """Whether some kind of kernel is not what it should be."""
    module = mutant.meant.partition(":")[0]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return any(
            fails(keeps_to_the_exact_value, kernels, kind, case)
            for kind in KINDS
            if kind.module == module
            for case in examples(kind)
        )


def in_jax(mutant: Mutant) -> Mutant:
    """The same mistake in the text for JAX."""
    (change,) = mutant.changes
    assert isinstance(change, Rewritten)
    return replace(mutant, changes=(replace(change, file=f"jax/{change.file}"),))


@pytest.mark.parametrize("mutant", MUTANTS, ids=str)
def test_a_planted_mistake_is_seen(mutant: Mutant) -> None:
    assert is_seen(mutant, package_of(mutant.texts(TEXTS)))


IN_JAX = [one for one in map(in_jax, MUTANTS) if not fails(one.texts, TEXTS)]


@pytest.mark.parametrize("mutant", IN_JAX, ids=str)
def test_a_planted_mistake_is_seen_in_the_text_for_jax(mutant: Mutant) -> None:
    assert is_seen(mutant, for_jax(mutant.texts(TEXTS)))


def test_most_mistakes_can_be_planted_in_the_text_for_jax() -> None:
    assert len(IN_JAX) > 0.7 * len(MUTANTS)
