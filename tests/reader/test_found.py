"""What fuzzing found, each in its smallest form: refused now, with a place."""

from __future__ import annotations

import pytest

from derivations.reader.derivation import UnreadableFile, derivation

GIVEN = """\
```given
size N, K >= 1
index o, w in Vocab = 1..N
index k in 1..K
list w_k in Vocab, k in 1..K
scalar z
"""
FOUND = {
    "a logarithm of a logarithm of ...": "```\n$$z = " + r"\ln " * 150 + "(z)$$",
    "a word that is none beside \\notin": "if o^{(2)} \\notin \\{w_1, ..., w_K\\}\n```\n$$z = z$$",
    "a product beside \\notin": "if oY \\notin \\{w_1, ..., w_K\\}\n```\n$$z = z$$",
    "a sum over nothing": "```\n$$z = \\sum_{}^K z$$",
    "exponentials of exponentials of ... a number": "```\n$$\\frac{1}{"
    + r"\exp(" * 6
    + "2"
    + ")" * 6
    + "} z = z$$",
    "a power of e of a power of e of ... a number": "```\n$$z = "
    + "e^{" * 6
    + "-2"
    + "}" * 6
    + "$$",
    "brackets that close before they open": "scalar a) + (b\n```\n$$z = z$$",
}


@pytest.mark.parametrize("name", FOUND)
def test_what_broke_the_reader_is_refused(name: str) -> None:
    with pytest.raises(UnreadableFile, match=r"^own.md:\d+:\d+: "):
        derivation(GIVEN + FOUND[name], "own.md")


def test_exponentials_of_exponentials_of_a_symbol_are_read() -> None:
    text = GIVEN + "```\n$$\\exp(\\exp(\\exp(\\exp(z)))) = e^{e^{e^{e^z}}}$$"
    assert len(derivation(text, "own.md").lines) == 1


def test_a_few_logarithms_within_one_another_are_read() -> None:
    text = GIVEN + "```\n$$\\log \\log \\log (z) = \\log(\\log(\\log(z)))$$"
    assert len(derivation(text, "own.md").lines) == 1
