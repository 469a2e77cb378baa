"""Words behind a formula: a condition is taken or refused, never dropped; other words are noted."""

from __future__ import annotations

import pytest

from derivations.claim import Unequal
from derivations.reader.derivation import UnreadableFile, derivation
from derivations.reader.line import Line

GIVEN = """\
```given
size N, d >= 1
index c, o, w in Vocab = 1..N
vector y in R^Vocab
scalar z
```
"""


def _line(words: str) -> Line:
    (line,) = derivation(f"{GIVEN}$$y_w = y_o \\quad {words}$$\n", "own.md").lines
    return line


@pytest.mark.parametrize("words", [r"\text{if } w \ne o", r"\text{where } w \neq o."])
def test_a_condition_in_words_is_taken(words: str) -> None:
    assert isinstance(_line(words).claim.conditions[0], Unequal)


@pytest.mark.parametrize(
    "words", [r"\text{for all } w", r"\text{for every } w, o", r"\text{for } w \in Vocab"]
)
def test_words_that_say_a_letter_may_be_anything_say_nothing_new(words: str) -> None:
    line = _line(words)
    assert line.claim.conditions == ()
    assert line.notes == ()


@pytest.mark.parametrize(
    "words",
    [r"\text{if } z = 2", r"\text{where } z < y_w", r"\text{for } w < o", r"\text{for } w \in W"],
)
def test_a_condition_that_cannot_be_taken_is_refused_with_its_place(words: str) -> None:
    with pytest.raises(UnreadableFile, match=r"own.md:7:\d+: .*"):
        _line(words)


def test_other_words_are_noted() -> None:
    assert _line(r"\text{(where we drew } w)").notes == ("the remark '(where we drew' is not read",)
