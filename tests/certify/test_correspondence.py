"""Each emitted statement says what its claim says, by an interpreter that knows only the text.

The claims are evaluated by the project's own evaluator, with the derivatives that SymPy takes.
More points: ``CORRESPONDENCE_POINTS=50 pytest -m '' tests/certify``.
"""

import os

import pytest

from tests.certify.correspondence import compare, same_said
from tests.certify.texts import covered, emitted

POINTS = int(os.environ.get("CORRESPONDENCE_POINTS", "5"))
PARTS, FEW = 12, 3  # of twelve parts the first three; all of them are slow


@pytest.mark.parametrize(
    "part",
    [pytest.param(n, marks=[pytest.mark.slow] if n >= FEW else []) for n in range(PARTS)],
)
def test_the_texts_say_what_the_claims_say(part: int) -> None:
    for key in list(covered())[part::PARTS]:
        claim = covered()[key]
        texts = emitted(claim)
        assert compare(claim, texts.holds, texts.letters, POINTS) > 0, key
        if texts.falls is not None:
            same_said(texts.holds, texts.falls)


def test_every_subject_is_there() -> None:
    subjects = {key.partition("/")[0] for key in covered()}
    assert subjects == {"word2vec", "cbow", "glove", "contrastive", "hierarchical_softmax"}
    assert len(covered()) > 340
