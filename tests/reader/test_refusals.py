"""What cannot be read is refused with its place, its token and what would settle it."""

import re

import pytest

from derivations.proof.judge import judge
from derivations.reader.derivation import UnreadableFile, derivation
from tests.reader.meaning import lines, problems, refusal
from tests.reader.refusals import DECLARATIONS, DISPLAYS

GIVEN = """size N, d >= 1
size K >= 0
index c, w in Vocab = 1..N
index k in 1..K
scalar z
"""


def said(text: str) -> tuple[str, str, str]:
    (problem,) = problems(text)
    return str(problem.place), problem.token, problem.what


@pytest.mark.parametrize("declaration", DECLARATIONS)
def test_a_declaration_is_refused_where_it_is_wrong(declaration: str) -> None:
    text = f"```given\n{GIVEN}{declaration}\n```\n\n$$z = z$$\n"
    assert said(text) == DECLARATIONS[declaration]


@pytest.mark.parametrize("display", DISPLAYS)
def test_a_display_or_remark_is_refused_where_it_is_wrong(display: str) -> None:
    assert said(f"```given\n{GIVEN}\n```\n\n{display}\n") == DISPLAYS[display]


def test_every_keyword_is_refused_in_some_way() -> None:
    first = {declaration.split()[0] for declaration in DECLARATIONS}
    keywords = "size index scalar vector vectors matrix list read define arbitrary if"
    assert first >= set(keywords.split())


def test_what_is_refused_is_named_by_file_line_column_token_and_advice() -> None:
    with pytest.raises(UnreadableFile) as caught:
        derivation("```given\nscalar z\n```\n\n$$z = \\sgima(z)$$\n", "notes.md")
    assert str(caught.value) == (
        "notes.md:5:7: at '\\sgima': an unknown command; did you mean \\sigma?"
    )


def test_all_that_is_wrong_is_said_at_once() -> None:
    found = problems(
        "```given\nscalar z\n```\n\n## (a) A\n\n$$z = q$$\n\n$$z = (z$$\n\n- a.1 refuted\n\n"
        "## (b) B\n\n```given\nscalars y\n```\n\n$$y = y$$\n\n## (c) C\n\n$$z = r$$\n"
    )
    assert [str(problem.place) for problem in found] == ["7:7", "9:8", "11:3", "16:1", "23:7"]


def test_a_good_line_beside_a_bad_one_is_not_reported() -> None:
    (problem,) = problems("```given\nscalar z\n```\n\n$$z = z$$\n\n$$z = q$$\n")
    assert problem.place.line == 7


@pytest.mark.parametrize(
    ("latex", "advice"),
    [
        (r"\frac{\partial^3}{\partial z^3} \sigma(z)", "only first and second derivatives"),
        (r"\frac{\partial^2 z}{\partial z}", "only first and second derivatives"),
        (r"\frac{\partial}{\partial z \partial s} z", "only first and second derivatives"),
        (r"\sigma''''(z)", "up to 3 primes"),
        (r"\nabla J", "a derivative by what"),
        (r"\nabla^2_{v_c} J", "or their sum"),
        (r"\frac{\partial J}{\partial (z s)}", "not written in terms of"),
        (r"v_c^2", r"x\^\{\\odot 2\}"),
        (r"A - z", "the number times I"),
        (r"\lVert U \rVert", r"write \\lVert A \\rVert_F"),
        (r"\|v_c\|_F^2", r"write \\lVert v \\rVert"),
        (r"\|v_c\|_\infty", "declare a name for it"),
        (r"|v_c|", r"write \\lVert v \\rVert for a norm"),
        (r"\max z", r"write \\max\(a, b\)"),
        (r"u_o' v_c", r"\\sigma'\(x\)"),
        (r"z^{1/3}", "only whole numbers and their halves"),
        (r"z^s", "only whole numbers"),
        (r"z^{13}", "an exponent above 12"),
        (r"\bar{y}", r"did you mean \\hat\{y\}"),
        (r"u", "it takes w"),
        (r"\sum z", r"write a letter below"),
        (r"\sum_{q} z", "declare it, or write its bounds"),
        (r"\sum_{i=1}^{M} z", "nothing has this name"),
        (r"\int_k z", "unknown command"),
        (r"\mathbf{1} \mathbf{1}^T", "write .mathbf.1._n"),
        (r"z \cdots s", "write out what the dots stand for"),
        (r"(u_1, \dots, u_N)", "a row or a column?"),
        (r"A_1", "a row or a column"),
    ],
)
def test_a_formula_beyond_the_reader_is_refused_with_advice(latex: str, advice: str) -> None:
    problem = refusal(latex)
    assert re.search(advice, f"{problem.what} {problem.advice}")
    assert problem.token
    assert problem.place.line == 1


@pytest.mark.parametrize("sign", ["<=", r"\le", "<", r"\ne", r"\approx", r"\in"])
def test_only_equalities_are_lines(sign: str) -> None:
    (problem,) = problems(f"```given\nscalar z, s\n```\n\n$$z {sign} s$$\n")
    assert "equalit" in f"{problem.what} {problem.advice}"


@pytest.mark.parametrize(
    "display",
    [
        r"$$U v_c = z$$",
        r"$$\log(v_c) = z$$",
        r"$$y_0 = z$$",
        r"$$v_c = v_c^T$$",
        r"$$v_c + 1 = z$$",
        r"$$z = \frac{z}{v_c}$$",
        r"$$z = \frac{z}{0}$$",
        r"$$z = w$$",
        r"$$\hat{y}_0 = z$$",
        r"$$\frac{\partial J}{\partial w} = z$$",
        r"$$\sum_{k=1}^K u_{0} = z$$",
    ],
)
def test_what_is_read_and_has_no_meaning_is_ill_typed(display: str) -> None:
    (line,) = lines(display)
    assert judge(line.claim).verdict.value == "ill-typed"
