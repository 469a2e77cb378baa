"""Each emitted statement says what its claim says, by an interpreter that knows only the text.

The claims are evaluated by the project's own evaluator, with the derivatives that SymPy takes.
More points: ``CORRESPONDENCE_POINTS=50 pytest -m '' tests/certify``.
"""

import os

import pytest

from derivations.certify.subjects import ROOT
from tests.certify.correspondence import compare, same_said
from tests.certify.texts import covered, emitted, not_reached

POINTS = int(os.environ.get("CORRESPONDENCE_POINTS", "5"))
SHARE = 4  # every fourth; all of them are slow


@pytest.mark.parametrize(
    "key",
    [
        pytest.param(key, marks=[pytest.mark.slow] if n % SHARE else [])
        for n, key in enumerate(covered())
    ],
)
def test_the_text_says_what_the_claim_says(key: str) -> None:
    claim = covered()[key]
    texts = emitted(claim)
    assert compare(claim, texts.holds, texts.letters, POINTS) > 0
    if texts.falls is not None:
        same_said(texts.holds, texts.falls)


REASONS = {
    "two_layer_network/h.5": "a derivative in the definition of phi2",
    "two_layer_network/h.6": "a derivative in the definition of phi2",
    "two_layer_network/r.4": "Signum has no counterpart in the library: Signum(a(j))",
    "two_layer_network/r.5": "Signum has no counterpart in the library: Signum(a(j))",
    "two_layer_network/r.6 corrected": "Signum has no counterpart in the library: Signum(a(j))",
    "two_layer_network/r.7": "Signum has no counterpart in the library: Signum(a(j))",
    "two_layer_network/r.7 corrected": "Signum has no counterpart in the library: Signum(a(j))",
    "two_layer_network/r.9 corrected": "Signum has no counterpart in the library: Signum(a(j))",
}


def test_every_subject_is_there() -> None:
    subjects = {key.partition("/")[0] for key in covered()}
    assert subjects == {path.parent.name for path in ROOT.glob("*/written.md")}
    assert len(covered()) > 520


def test_what_is_not_stated_is_known_with_its_reason() -> None:
    assert not_reached() == REASONS
