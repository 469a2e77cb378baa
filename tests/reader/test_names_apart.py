"""Names that look alike stay apart, and letters of other alphabets are bound like any other."""

from __future__ import annotations

import pytest

from derivations.claim import Verdict
from derivations.proof.judge import judge
from derivations.reader.derivation import UnreadableFile, derivation

GREEK = "```given\nsize n >= 1\nindex \\alpha in 1..n\nvector q in R^n\n"


def _verdict(text: str) -> Verdict:
    (line,) = derivation(text, "own.md").lines
    return judge(line.claim).verdict


def test_two_forms_of_a_greek_letter_are_two_numbers() -> None:
    text = "```given\nscalar \\epsilon, \\varepsilon, \\phi, \\varphi\n```\n$$%s$$"
    assert _verdict(text % r"\epsilon = \varepsilon") is Verdict.REFUTED
    assert _verdict(text % r"\phi \varphi = \varphi \phi") is Verdict.PROVED


def test_a_greek_letter_that_a_sum_binds_is_bound() -> None:
    text = GREEK + "```\n$$\\sum_\\alpha q_\\alpha = \\sum_{\\alpha=1}^n q_\\alpha$$"
    assert _verdict(text) is Verdict.PROVED


def test_a_name_that_depends_on_a_bound_greek_letter_is_refused() -> None:
    text = GREEK + "define g = q_\\alpha^2\n```\n$$\\sum_\\alpha g = n g$$"
    with pytest.raises(UnreadableFile, match="which is bound here"):
        derivation(text, "own.md")


@pytest.mark.parametrize("constant", ["0", "-1", "1 - 1"])
def test_a_logarithm_that_has_no_value_is_ill_typed(constant: str) -> None:
    assert _verdict(f"$$\\log({constant}) = 0$$") is Verdict.ILL_TYPED


@pytest.mark.parametrize("dots", [r"\dots", r"\ldots", r"\cdots", "..."])
def test_dots_are_dots_however_they_are_typed(dots: str) -> None:
    text = (
        "```given\nsize n, K >= 1\nindex w in Vocab = 1..n\nlist w_k in Vocab, k in 1..K\n"
        "vector a in R^Vocab\ndefine F(w_1, ..., w_K) = \\sum_k a_{w_k}\n```\n"
        f"$$F(w_1, {dots}, w_K) = \\sum_k a_{{w_k}}$$"
    )
    assert _verdict(text) is Verdict.PROVED


def test_a_declared_softmax_is_the_one_that_is_meant() -> None:
    text = (
        "```given\nscalar x\ndefine \\mathrm{softmax}(z) = 2 z\n```\n$$\\mathrm{softmax}(x) = 2 x$$"
    )
    assert _verdict(text) is Verdict.PROVED
