"""One claim in full: everything there is to know of it, and to try by hand."""

from dataclasses import replace

from derivations.claim import Judgement
from derivations.report.explain import explained, explanation
from derivations.report.results import Results
from derivations.report.style import rendered
from tests.report.pretend import OTHER, SHAPELESS, SLIP, knowing


def _of_claim(judgement: Judgement) -> str:
    return _shown(Results((judgement,), (), 1.0))


def _of_slip(judgement: Judgement) -> str:
    return _shown(Results((), (judgement,), 1.0))


def _shown(results: Results) -> str:
    return rendered(explanation(results, explained(results)))


def test_a_proved_claim_is_shown_with_all_its_sections_in_order() -> None:
    text = _of_claim(knowing(OTHER))
    headings = [line for line in text.splitlines()[2:] if line and not line.startswith(" ")]
    assert headings == [
        "Statement",
        "For all",
        "Provided that",
        "Where",
        "Derivative found on the left",
        "Normal form of the left side",
        "Normal form of the right side",
        "Normal form of the difference",
        "Arguments",
    ]
    assert text.startswith("c.other  ✓ proved  in 1 ms\nanother claim (claim; ")
    assert "  ∂J_naive/∂V[c,i] = V[c,i]  (x ≠ o)\n" in text
    assert "  ✓ small sizes: N up to 4; default sizes (34 instances)\n" in text


def test_a_refuted_claim_is_shown_with_numbers_to_try_by_hand() -> None:
    text = _of_slip(knowing(SLIP))
    assert "the exp forgotten (false claim; " in text
    assert "  N, d = 2, 1\n" in text
    assert "  V = [[1/2], [-1]]\n" in text
    assert "  left side between 0.268 and 0.269\n" in text
    assert "  ✗ normal form: the difference is not zero\n" in text


def test_a_side_known_exactly_is_shown_as_a_number() -> None:
    judgement = knowing(SLIP)
    assert judgement.witness
    exact = replace(judgement, witness=replace(judgement.witness, left=("1", "1")))
    assert "  left side = 1\n" in _of_slip(exact)


def test_an_ill_typed_claim_is_shown_with_its_reason() -> None:
    text = _of_slip(knowing(SHAPELESS))
    assert "✓ ill-typed" in text
    assert "Reason\n  (N, d) does not fit (N, 1)\n" in text


def test_a_claim_that_is_refuted_has_not_passed() -> None:
    assert "✗ refuted" in _of_claim(knowing(SLIP))
