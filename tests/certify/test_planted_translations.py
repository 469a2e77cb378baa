"""A wrong translation is seen: planted into the translator, or made in the text."""

import pytest

from derivations.claim import Claim
from tests.certify.claimed.letters import Subject
from tests.certify.correspondence import Apart, compare, same_said
from tests.certify.interpreter.elaborate import IllTyped
from tests.certify.interpreter.parse import UnknownSyntax
from tests.certify.plants.conditions import CONDITIONS
from tests.certify.plants.expressions import EXPRESSIONS
from tests.certify.plants.planting import Plant
from tests.certify.texts import covered, emitted

PLANTS = {plant.mistake: plant for plant in (*EXPRESSIONS, *CONDITIONS)}


def corresponds(claim: Claim) -> None:
    texts = emitted(claim)
    compare(Subject(claim), texts.holds, texts.letters, range(3))
    if texts.falls is not None:
        same_said(texts.holds, texts.falls)


@pytest.mark.parametrize("mistake", PLANTS)
def test_a_wrong_translation_is_seen(mistake: str, monkeypatch: pytest.MonkeyPatch) -> None:
    plant: Plant = PLANTS[mistake]
    claim = covered()[plant.claim]
    corresponds(claim)
    plant.plant(monkeypatch)
    with pytest.raises((Apart, IllTyped, UnknownSyntax)) as seen:
        corresponds(claim)
    print(type(seen.value).__name__, str(seen.value)[:200])


def test_no_two_plants_are_called_the_same() -> None:
    assert len(PLANTS) == len(EXPRESSIONS) + len(CONDITIONS)
