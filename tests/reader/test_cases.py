"""Values by cases: one for each condition, which exclude one another and leave nothing out."""

from __future__ import annotations

import pytest

from derivations.language.tree import Cases
from derivations.proof.judge import judge
from derivations.reader.derivation import reading
from derivations.reader.line import NotRead
from tests.reader.meaning import GIVEN, lines, meaning, read, refusal

SAME = (
    r"\begin{cases} z & w = o \\ s & w \ne o \end{cases}",
    r"\begin{cases} z & \text{if } w = o \\ s & \text{otherwise} \end{cases}",
    r"\begin{cases} z, & \text{if } w = o, \\ s, & \text{otherwise.} \end{cases}",
    r"\begin{cases} z & \text{if $w = o$} \\ s & \text{else} \end{cases}",
    r"\begin{cases} z & \mbox{for } o = w \\ s & \mbox{for } o \neq w \\ \end{cases}",
    r"\begin{cases} z \quad w = o \\ s \quad otherwise \end{cases}",
    r"\begin{cases} z & (w = o) \\ s & (w \ne o) \end{cases}",
    r"\begin{cases} z \text{ if } w = o \\ s \text{ otherwise } \end{cases}",
    r"\begin{dcases} z & w = o \\ s & w \ne o \end{dcases}",
    r"\left\{ \begin{array}{ll} z & w = o \\ s & w \ne o \end{array} \right.",
    r"\left\{ \begin{array}{lr} z & : w = o \\ s & : w \ne o \end{array} \right.",
    r"\left\{ \begin{aligned} &z && \text{if } w = o \\ &s && \text{else} \end{aligned} \right.",
    r"\left\{ \begin{matrix} z, & w = o \\ s, & w \ne o \end{matrix} \right.",
    r"\{ \begin{array}{l} z, w = o \\ s, w \ne o \end{array}",
)


@pytest.mark.parametrize("latex", SAME)
def test_cases_are_read_in_every_layout(latex: str) -> None:
    value, notes = read(latex)
    assert isinstance(value, Cases)
    assert notes == ()
    assert meaning(latex) == meaning(SAME[1])


TRUE_LINES = (
    r"y_w = \begin{cases} 1 & w = o \\ 0 & w \ne o \end{cases}",
    r"\begin{cases} 1 & w = o \\ 0 & w \ne o \end{cases} = \mathbb{1}_{w = o}",
    r"\sum_w \begin{cases} u_w & w = o \\ 0 & \text{otherwise} \end{cases} = u_o",
    r"\frac{\partial}{\partial z} \begin{cases} z^2 & w = o \\ s & w \ne o \end{cases} = 2 z y_w",
    r"\frac{\partial J}{\partial u_w} = \begin{cases} (\hat{y}_o - 1) v_c & w = o \\ "
    r"\hat{y}_w v_c & w \ne o \end{cases}",
    r"z \begin{cases} 1 & i = 1 \\ 2 & i = j, i \ne 1 \\ 0 & \text{otherwise} \end{cases} = "
    r"\mathbb{1}_{i = 1} z + 2 z \mathbb{1}_{i = j, i \ne 1}",
)
FALSE_LINES = (
    r"y_w = \begin{cases} 0 & w = o \\ 1 & w \ne o \end{cases}",
    r"y_w = \begin{cases} 1 & w = c \\ 0 & w \ne c \end{cases}",
    r"\sum_w \begin{cases} u_w & w = o \\ 0 & \text{otherwise} \end{cases} = u_c",
    r"\frac{\partial}{\partial z} \begin{cases} z^2 & w = o \\ s & \text{else} \end{cases} = 2 z",
    r"\frac{\partial J}{\partial u_w} = \begin{cases} (\hat{y}_o - 1) v_c & w = o \\ "
    r"\hat{y}_o v_c & w \ne o \end{cases}",
    r"z \begin{cases} 1 & i = 1 \\ 2 & i = j, i \ne 1 \\ 0 & \text{otherwise} \end{cases} = "
    r"\mathbb{1}_{i = 1} z + 2 z \mathbb{1}_{i = j}",
)
INDICES = GIVEN.replace("size K, m >= 0", "size K >= 1\nsize m >= 0")


@pytest.mark.parametrize("latex", TRUE_LINES)
def test_true_cases_are_proved(latex: str) -> None:
    (line,) = lines(f"$${latex}$$", INDICES)
    assert judge(line.claim).verdict.value == "proved"


@pytest.mark.parametrize("latex", FALSE_LINES)
def test_cases_of_which_one_is_false_are_refuted(latex: str) -> None:
    (line,) = lines(f"$${latex}$$", INDICES)
    judgement = judge(line.claim)
    assert judgement.verdict.value == "refuted"
    assert judgement.witness is not None


def test_cases_may_be_defined() -> None:
    given = GIVEN.replace(
        r"define y_w = \mathbb{1}_{w = o}",
        r"define y_w = \begin{cases} 1 & \text{if } w = o \\ 0 & \text{otherwise} \end{cases}",
    )
    (line,) = lines(r"$$-\sum_w y_w \log \hat{y}_w = -\log \hat{y}_o$$", given)
    assert judge(line.claim).verdict.value == "proved"
    (false,) = lines(r"$$-\sum_w y_w \log \hat{y}_w = -\log \hat{y}_c$$", given)
    assert judge(false.claim).verdict.value == "refuted"


@pytest.mark.parametrize(
    ("latex", "what"),
    [
        (r"\begin{cases} z & w = o \\ s & w = c \end{cases}", "in all other cases"),
        (
            r"\begin{cases} z & w = o \\ s & w = c \\ 0 & \text{else} \end{cases}",
            "where two cases meet",
        ),
        (r"\begin{cases} z & z > 0 \\ s & z > 1 \\ 0 & z \le 0 \end{cases}", "two cases meet"),
        (r"\begin{cases} z & z > 1 \\ 0 & z < 0 \end{cases}", "in all other cases"),
        (r"\begin{cases} z & z > 0, w = o \\ 0 & \text{else} \end{cases}", "of numbers"),
        (r"\begin{cases} z & w = o \\ s \end{cases}", "a case without a condition"),
        (r"\begin{cases} z & \text{otherwise} \end{cases}", "a single case"),
        (r"\begin{cases} s & \text{else} \\ z & w = o \end{cases}", "a case behind all others"),
        (r"\begin{cases} z & \text{by day} \\ s & \text{by night} \end{cases}", "words in a case"),
        (r"\begin{cases} z & z = s \\ 0 & \text{else} \end{cases}", "an index is expected"),
        (r"2 + \begin{cases} z = s & w = o \\ 0 & w \ne o \end{cases}", "equalities within cases"),
        (r"\left\{ z", "breaks off"),
    ],
)
def test_cases_that_may_mean_two_things_are_refused(latex: str, what: str) -> None:
    problem = refusal(latex)
    assert what in problem.what
    assert problem.advice


def test_cases_that_mention_what_was_lost_say_where_it_is_declared() -> None:
    given = "scalar z\nsize N >= 1\nindex w, o in Vocab = 1..N\ndefine h = \\foo\n"
    cases = r"\begin{cases} h & w = o \\ 0 & w \ne o \end{cases}"
    text = f"```given\n{given}```\n$$z = {cases}$$\n"
    (line,) = reading(text, "own.md").entries
    assert isinstance(line, NotRead)
    assert "its declaration could not be read; see 5:" in line.problem.said
