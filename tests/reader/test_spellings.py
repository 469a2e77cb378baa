"""One thing in the many ways it is written."""

import pytest

from tests.reader.meaning import meaning
from tests.reader.spellings import SAME

PAIRS = [(reference, other) for reference, others in SAME.items() for other in others]


@pytest.mark.parametrize(("reference", "other"), PAIRS)
def test_a_spelling_means_what_the_reference_means(reference: str, other: str) -> None:
    assert meaning(other) == meaning(reference)


def test_there_are_enough_of_them() -> None:
    assert len({other for _, other in PAIRS}) >= 120


def test_references_differ() -> None:
    """All but the softmax and its name, which are one thing by definition."""
    meanings = {reference: meaning(reference) for reference in SAME}
    assert len(set(meanings.values())) == len(meanings) - 1
