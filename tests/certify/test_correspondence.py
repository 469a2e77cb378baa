"""Each emitted statement says what its claim says, by an interpreter that knows only the text.

The claims are evaluated by the project's own evaluator, with the derivatives that SymPy takes.
More points: ``CORRESPONDENCE_POINTS=50 pytest -m '' tests/certify``.
"""

import os

import pytest

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


WORDS = {"word2vec", "cbow", "glove", "contrastive", "hierarchical_softmax"}
REASONS = (
    "a derivative in",  # by what is defined
    "a root of what varies",
    "Signum has no counterpart",
)


def test_every_subject_is_there() -> None:
    subjects = {key.partition("/")[0] for key in covered()}
    assert subjects > WORDS
    assert subjects >= {"logistic_regression", "attention_head", "variational_autoencoder"}
    assert len(covered()) > 480


def test_what_is_not_reached_is_of_few_kinds() -> None:
    assert {key for key in not_reached() if key.partition("/")[0] in WORDS} == set()
    assert [why for why in not_reached().values() if not why.startswith(REASONS)] == []
    assert len(not_reached()) < 60
