"""Each emitted statement says what its claim says, by an interpreter that knows only the text.

The claims are evaluated by the project's own evaluator, with the derivatives that SymPy takes.
More points: ``CORRESPONDENCE_POINTS=50 pytest -m '' tests/certify``.
"""

import os

import pytest

from tests.certify.correspondence import compare, same_said
from tests.certify.texts import covered, emitted

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


def test_every_subject_is_there() -> None:
    subjects = {key.partition("/")[0] for key in covered()}
    assert subjects == {"word2vec", "cbow", "glove", "contrastive", "hierarchical_softmax"}
    assert len(covered()) > 340
