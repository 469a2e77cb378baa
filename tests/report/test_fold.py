"""A long line is broken where a reader would break it, and nothing is lost."""

from hypothesis import given
from hypothesis import strategies as st

from derivations.report.statement import readings
from derivations.report.style import fold
from derivations.word2vec.claims import CLAIMS

LINES = [line for claim in CLAIMS for line in readings(claim)]
LONGEST = max(len(word) for line in LINES for word in line.split())
NARROWEST = LONGEST * 3 // 2 + 1  # a third may be indentation


@given(st.sampled_from(LINES), st.integers(NARROWEST, 160))
def test_pieces_fit_the_width_and_hold_every_word(line: str, width: int) -> None:
    pieces = fold(line, width)
    assert all(len(piece) <= width for piece in pieces)
    assert " ".join(pieces).split() == line.split()


@given(st.text(alphabet="ab ()=−", min_size=1, max_size=60), st.integers(1, 20))
def test_any_text_fits_any_width(line: str, width: int) -> None:
    pieces = fold(line, width)
    assert all(len(piece) <= width for piece in pieces)
    assert "".join(pieces).replace(" ", "") == line.replace(" ", "")


def test_a_short_line_stays_whole() -> None:
    assert fold("a = b", 5) == ["a = b"]


def test_a_line_breaks_before_a_sign_outside_brackets() -> None:
    assert fold("f(x) = (a + b) c + d", 16) == ["f(x) = (a + b) c", "    + d"]
    assert fold("J_naive = (a + b) c + d", 16) == ["J_naive", "    = (a + b) c", "    + d"]


def test_a_sum_sign_is_not_parted_from_its_summand() -> None:
    broken = fold("∂J/∂V[c,i] = U[o,i] + Σ_w U[w,i] P(w|c)", 24)
    assert not any(piece.endswith(("Σ_w", "+", "=")) for piece in broken)
