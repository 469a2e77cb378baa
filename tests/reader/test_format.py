"""The page about the file format says what is so."""

import re
from pathlib import Path

from derivations.proof.judge import judge
from derivations.reader.declare.arrays import FORMS
from derivations.reader.derivation import derivation
from tests.reader.meaning import refusal

PAGE = (Path(__file__).parents[2] / "derivations" / "FORMAT.md").read_text(encoding="utf-8")


def example() -> str:
    """The file on the page."""
    found = re.search(r"````markdown\n(.*?)````", PAGE, re.DOTALL)
    assert found is not None
    return found[1]


def test_the_example_has_ten_lines_and_is_judged_as_the_page_says() -> None:
    assert len(example().splitlines()) <= 10
    first, second = derivation(example(), "example").lines
    assert judge(first.claim).verdict.value == "proved"
    assert judge(second.claim).verdict.value == "ill-typed"
    assert second.expected is judge(second.claim).verdict
    assert second.correction is not None
    assert judge(second.correction).verdict.value == "proved"


def test_a_mistake_planted_in_the_example_is_found() -> None:
    planted = example().replace("(a x_s - y_s) x_s =", "(a x_s - y_s) =")
    assert planted != example()
    assert judge(derivation(planted, "example").lines[0].claim).verdict.value == "refuted"


def test_every_declaration_is_on_the_page() -> None:
    assert all(f"| `{keyword} " in PAGE for keyword in FORMS)


def test_what_the_page_says_is_refused_is_refused() -> None:
    listed = PAGE.partition("what could mean two things:")[2]
    formulas = re.findall(r"`([^`]+)`", listed.partition("a row that begins")[0])
    assert len(formulas) == 3
    for formula in formulas:
        given = "size d >= 1\nscalar x\nvector p, q, r in R^d\nmatrix A in R^{d x d}\n"
        assert refusal(formula, given).advice
