"""What the terminal shows while it works and when it is done."""

from __future__ import annotations

import os
import subprocess
import sys
import termios
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sympy import Derivative, exp, log

from derivations.claim import Claim, Judgement, Proof, Unequal, Verdict, Witness
from derivations.language.tree import Array, Misfit
from derivations.proof.judge import Disagreement
from derivations.report.judging import Judge
from derivations.report.results import Results
from derivations.report.statement import readings
from derivations.report.stdio import ERASE, progress
from derivations.report.style import fold
from derivations.report.subject import Subject
from derivations.verify import main
from derivations.word2vec.claims import CLAIMS
from derivations.word2vec.losses import V, c, i, naive_softmax, o, sigma, x, z

# A small subject and judges that know the answers: here it is the telling that is tested.


CLAIM = Claim("e.complement", "e", "(e)", "a claim", Array(1 - sigma(z)), Array(sigma(-z)))
OTHER = Claim(
    "c.other",
    "c",
    "(c)",
    "another claim",
    Array(Derivative(naive_softmax(c, o), V[c, i], evaluate=False)),
    Array(V[c, i]),
    (Unequal(x, o),),
)
SLIP = Claim("e.exp", "e", "(e)", "the exp forgotten", Array(exp(z)), Array(log(sigma(z))))
SHAPELESS = Claim(
    "b.transposed",
    "b",
    "(b)",
    "a product the wrong way round",
    Array(V[c, i], (i, None), "∂J/∂v_c"),
    Misfit("U (ŷ − y)", "(N, d)", "(N, 1)"),
)
SUBJECT = Subject((CLAIM, OTHER), (SLIP, SHAPELESS))

WITNESS = Witness(
    sizes={"N": 2, "d": 1},
    words={"c": 1, "near[-1]": 2, "near[1]": 1},
    values={"V[1,1]": "1/2", "V[2,1]": "-1", "z": "3"},
    left=("0.268", "0.269"),
    right=("0.731", "0.732"),
)
PROOFS = (
    Proof("normal form", True, "the difference is zero", 0),
    Proof("small sizes", True, "N up to 4", 34),
)
FAILED = (Proof("normal form", False, "the difference is not zero", 0),)


def everything() -> Subject:
    return SUBJECT


def knowing(claim: Claim, sizes: str = "default") -> Judgement:
    """Proves the claims, refutes the slip, finds no meaning in the shapeless one."""
    if claim.id == SLIP.id:
        return Judgement(claim, Verdict.REFUTED, FAILED, WITNESS, seconds=0.002)
    if claim.id == SHAPELESS.id:
        return Judgement(claim, Verdict.ILL_TYPED, reason="(N, d) does not fit (N, 1)")
    proofs = tuple(replace(proof, detail=f"{proof.detail}; {sizes} sizes") for proof in PROOFS)
    return Judgement(claim, Verdict.PROVED, proofs, seconds=0.001)


def gullible(claim: Claim, sizes: str) -> Judgement:
    """Proves everything."""
    return Judgement(claim, Verdict.PROVED, PROOFS)


def at_a_loss(claim: Claim, sizes: str) -> Judgement:
    """Decides nothing."""
    return Judgement(claim, Verdict.UNDECIDED, reason="Max is outside the fragment")


def at_odds(claim: Claim, sizes: str) -> Judgement:
    """Finds its own arguments in disagreement about one claim."""
    if claim.id == OTHER.id:
        raise Disagreement("normal form: zero; small sizes: not zero at N = 2")
    return knowing(claim, sizes)


def results(judge: Judge = knowing) -> Results:
    return Results(
        tuple(judge(claim, "default") for claim in SUBJECT.claims),
        tuple(judge(claim, "default") for claim in SUBJECT.slips),
        seconds=1.25,
    )


def every_claim_judged() -> Results:
    """The true claims of the real subject, as wide and as many as they are."""
    slips = [replace(claim, id=f"not.{claim.id}") for claim in CLAIMS]
    refuted = [Judgement(slip, Verdict.REFUTED, FAILED, WITNESS) for slip in slips]
    return Results(
        tuple(gullible(claim, "default") for claim in CLAIMS), tuple(refuted), seconds=1.0
    )


# The first screen shows what needs looking at: where, why, with numbers, and no more.


ROOT = Path(__file__).parents[2]
Tell = Callable[..., list[str]]
GIVEN = """\
```given
size n >= 1
index i in 1..n
vector w, x in R^n
scalar \\lambda
```
"""
RIGHT = "$$w^T w = \\sum_i w_i^2$$\n"
WRONG = "$$\\lambda w^T x = \\sum_i w_i x_i$$\n"


@pytest.fixture
def told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Tell:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.chdir(tmp_path)

    def tell(text: str, *options: str) -> list[str]:
        Path("own.md").write_text(GIVEN + text, encoding="utf-8")
        main(["own.md", "--repairs", "none", *options])
        return capsys.readouterr().out.splitlines()

    return tell


def test_a_file_that_is_right_is_one_line(told: Tell) -> None:
    (line,) = told(RIGHT)
    assert line.startswith("✓ own.md: 1 step · 1 proved · ")


def test_a_wrong_line_has_its_place_a_caret_the_difference_and_numbers(told: Tell) -> None:
    page = told(RIGHT + WRONG)
    assert page[0].startswith("✗ own.md: 2 steps · 1 proved · 1 to look at · ")
    assert page[1] == "start with line.2; everything before it is proved"
    assert page[3:8] == [
        "own.md:8:19  line.2  refuted",
        "    \\lambda w^T x = \\sum_i w_i x_i",
        "                  ^",
        "  the sides differ by (λ − 1) Σ_i w[i] x[i]",
        "  at n = 1; λ = 0; w = [1]; x = [1]: left 0, right 1",
    ]


def test_the_caret_stands_below_what_cannot_be_read(told: Tell) -> None:
    page = told("$$\\sum_i w_i + \\foo = 1$$\n")
    at = page.index("    \\sum_i w_i + \\foo = 1")
    assert page[at + 1] == "                 ^^^^"
    assert page[at - 1] == "own.md:7:16  line.1  not read"


def test_the_caret_stands_below_the_first_of_what_cannot_be_read(told: Tell) -> None:
    page = told("$$w^T x = q + q$$\n")
    assert page[page.index("    w^T x = q + q") + 1] == "            ^"


def test_the_caret_stands_below_what_has_no_meaning(told: Tell) -> None:
    page = told("$$1 + (w w^T) x = x + w x$$\n")
    caret = next(line for line in page if set(line) == {" ", "^"})
    below = page[page.index(caret) - 1]
    assert below[caret.index("^") :].startswith(("= x", "w x"))


def test_a_long_line_is_folded_and_keeps_its_caret(told: Tell) -> None:
    left = " + ".join(["\\sum_i w_i x_i"] * 8)
    page = told(f"$${left} = 7 \\sum_i w_i x_i$$\n")
    caret = next(line for line in page if line.strip() == "^")
    above = page[page.index(caret) - 1]
    assert above[caret.index("^")] == "="
    assert max(map(len, page[2:8])) <= 80


def test_all_lines_are_shown_on_demand(told: Tell) -> None:
    assert not any("w^T w" in line for line in told(RIGHT + WRONG))
    assert "✓ line.1  w^T w = \\sum_i w_i^2  proved" in told(RIGHT + WRONG, "-v")


def test_what_the_file_says_is_wrong_is_counted_and_not_shown(told: Tell) -> None:
    page = " ".join(told(WRONG + "- line.1 refuted, should be $\\sum_i \\lambda w_i x_i$\n"))
    assert "1 wrong, as the file says · 1 of 1 correction proved" in " ".join(page.split())
    assert "\\lambda" not in page


def on_a_terminal(name: str, folder: Path) -> str:
    """What a run writes to a terminal of 60 columns on standard error."""
    ours, theirs = os.openpty()
    termios.tcsetwinsize(theirs, (24, 60))
    command = [sys.executable, "-m", "derivations.verify", name, "--repairs", "none"]
    kept = {k: v for k, v in os.environ.items() if k not in ("COLUMNS", "LINES")}
    environment = {**kept, "PYTHONPATH": str(ROOT), "COLUMNS": "60"}
    done = subprocess.run(
        command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=theirs, check=False
    )
    assert done.returncode == 0
    os.close(theirs)
    written = b""
    with suppress(OSError):  # nobody writes to it any more
        while piece := os.read(ours, 65536):
            written += piece
    os.close(ours)
    return written.decode()


@pytest.mark.skipif(sys.platform == "win32", reason="a terminal of POSIX")
def test_progress_moves_with_what_is_read_and_judged_and_is_erased(tmp_path: Path) -> None:
    for name in ("a.md", "b.md"):
        (tmp_path / name).write_text(GIVEN + 3 * RIGHT, encoding="utf-8")
    shown = on_a_terminal(".", tmp_path).split(ERASE)
    assert "╌" * 30 + " 0/2 read" in shown
    assert "╌" * 30 + " 0/6" in [each.rstrip() for each in shown]
    assert shown[-1] == ""
    assert all(len(each) < 60 for each in shown)
    assert "\x1b" not in "".join(shown)


def test_progress_counts_in_the_order_in_which_work_is_done(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    monkeypatch.setattr("derivations.report.stdio.REFRESH_SECONDS", -1)
    monkeypatch.setenv("COLUMNS", "48")
    with progress(3, "judging") as on_judged:
        for name in ("line.2", "line.1", "a line of which the name is long"):
            on_judged(name)
    with progress(None, "reading own.md") as on_read:
        on_read("")
    shown = capsys.readouterr().err.split(ERASE)
    assert shown == [
        "",
        "╌" * 30 + " 0/3 judging",
        "━" * 10 + "╌" * 20 + " 1/3 judging line",
        "━" * 20 + "╌" * 10 + " 2/3 judging line",
        "━" * 30 + " 3/3 judging a li",
        "",
        "reading own.md",
        "reading own.md · 1",
        "",
    ]


def test_where_a_declaration_is_not_read_that_comes_first(told: Tell) -> None:
    page = told(f"```given\nvektor z\n```\n{WRONG}")
    assert page[1] == "start with own.md:8:1, which is not read"
    at = page.index("not read:")
    assert page[at + 1].startswith("  own.md:8:1: at 'vektor': no keyword of a declaration")
    assert page[-3:-1] != ["", ""]


# A run without a file is told in a dozen lines: part by part, errata, and what to type next.


def page(capsys: pytest.CaptureFixture[str], *options: str) -> str:
    main(list(options), everything, knowing)
    return capsys.readouterr().out


def test_each_part_has_its_claims_and_its_false_claims(capsys: pytest.CaptureFixture[str]) -> None:
    told = page(capsys)
    rows = {line.split()[0]: " ".join(line.split()) for line in told.splitlines() if line.strip()}
    assert rows["e"] == "e 1 of 1 proved 1 of 1 fell"
    assert rows["c"] == "c 1 of 1 proved"
    assert "2 of 2 claims proved · 2 of 2 false claims fell" in told


def test_it_says_what_to_type_next(capsys: pytest.CaptureFixture[str]) -> None:
    told = page(capsys)
    assert "python -m derivations.verify homework.md" in told
    assert len(told.splitlines()) < 20


def test_a_false_claim_that_does_not_fall_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([], everything, gullible) == 1
    told = capsys.readouterr().out
    assert "0 of 1 fell" in told
    assert "e.exp is proved" in told


def test_the_whole_table_is_there_on_demand(capsys: pytest.CaptureFixture[str]) -> None:
    assert "e.complement" not in page(capsys)
    assert "e.complement" in page(capsys, "--all")


# A long line is broken where a reader would break it, and nothing is lost.


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
