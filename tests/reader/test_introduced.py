"""A display that says what an undeclared name is is its definition: never proved, never silent."""

from __future__ import annotations

import pytest

from derivations.proof.judge import judge
from derivations.reader.derivation import reading
from derivations.report.results import JudgedLine, results_of
from derivations.report.subject import Subject

GIVEN = r"""```given
size n >= 1
index i, j in 1..n
vector x, y in R^n
scalar a, b
define g(t) = t^2
```
"""


def judged(*displays: str, prose: str = "") -> list[JudgedLine]:
    """The lines of some displays, judged as the command judges them."""
    text = GIVEN + prose + "".join(f"\n$${each}$$\n" for each in displays)
    found = reading(text, "own.md")
    subject = Subject((), (), found.entries)
    return list(results_of(subject, [judge(each) for each in subject.everything], 0.0).lines)


def verdicts(*displays: str, prose: str = "") -> list[str]:
    """Their verdicts; ``defined`` for a line that is taken as a definition."""
    return [_verdict(each) for each in judged(*displays, prose=prose)]


def _verdict(line: JudgedLine) -> str:
    if line.line.defines:
        assert line.verdict.value == "undecided"
        assert f"definition of {line.line.defines}" in line.reason
        return "defined"
    return line.verdict.value


@pytest.mark.parametrize(
    ("displays", "wanted"),
    [
        (["L = a^2 + b", r"\frac{\partial L}{\partial a} = 2 a"], ["defined", "proved"]),
        (["L = a^2 + b", r"\frac{\partial L}{\partial a} = a"], ["defined", "refuted"]),
        (["L = a^2 + b", r"\frac{\partial L}{\partial a} = x"], ["defined", "ill-typed"]),
        (["L = a a = a^2 = 2 a"], ["defined", "proved", "refuted"]),
        ([r"z_i = a x_i", r"z^T z = a^2 x^T x"], ["defined", "proved"]),
        ([r"z_i = a x_i", r"z^T z = a x^T x"], ["defined", "refuted"]),
        ([r"\hat{x}_i = x_i - a", r"\sum_i \hat{x}_i = \sum_i x_i - n a"], ["defined", "proved"]),
        ([r"\sigma^2 = \sum_i x_i^2", r"2\sigma^2 = 2 x^T x"], ["defined", "proved"]),
        ([r"\sigma^2 = \sum_i x_i^2", r"2\sigma^2 = x^T x"], ["defined", "refuted"]),
        (["f(t) = t^3", "f(a) = a^3", "f'(a) = 3 a^2"], ["defined", "proved", "proved"]),
        (["f(t) = t^3", "f(a) = a^2", "f'(a) = 3 a"], ["defined", "refuted", "refuted"]),
        (["f(t) = t^3 = t t^2 = t^2"], ["defined", "proved", "refuted"]),
        (["f(x) = x^T x", r"\nabla_x f(x) = 2 x"], ["defined", "proved"]),
        ([r"J_\theta = a^2", "J_1 = a^2", "J_1 = a a"], ["not read", "defined", "proved"]),
        (["L = a^2, \\quad M = L + b", "M - b = L"], ["defined", "defined", "proved"]),
        (
            [r"\because L = a^2 \\ \therefore \frac{\partial L}{\partial x} = y^T"],
            ["defined", "undecided"],
        ),
        ([r"\because L = a^2 + 1 \\ \therefore 2 L = 2 a^2 + 2"], ["defined", "proved"]),
        (
            ["L := a^2", "L = a a", r"\frac{\partial L}{\partial a} = a"],
            ["proved"] * 2 + ["refuted"],
        ),
        (["L := a", "L = a"], ["proved"] * 2),
    ],
)
def test_what_follows_is_judged_by_it(displays: list[str], wanted: list[str]) -> None:
    assert verdicts(*displays) == wanted


@pytest.mark.parametrize(
    ("displays", "why"),
    [
        (["L = a"], "a name: as likely a claim"),
        (["L = 2"], "a number"),
        (["L = -2"], "a number with a sign"),
        ([r"L = a^2 \quad (i = j)"], "under a condition"),
        ([r"L = a^2 \quad \text{if } i = j"], "under a condition in words"),
        ([r"L = a^2 = b \quad (i = j)"], "under a condition in its row"),
        ([r"a = b \Rightarrow L = a^2"], "it follows from something"),
        (["a^2 = L"], "the name stands behind"),
        (["L = a^2 + L"], "it depends on itself"),
        (["L = a q"], "it depends on what is not known"),
        ([r"L = \sum_i x_i + a + y_i"], "how far the sum reaches is not clear"),
        (["L (i = j) = a^2"], "a condition, no argument"),
        (["f(z) = z^T z"], "an argument of an unknown shape"),
        (["f(z, q) = z q"], "two arguments that are not known"),
        (["f(2) = a^2"], "a value, no function"),
        ([r"\dot{L} = a^2"], "a derivative"),
        (["L' = a^2"], "a derivative"),
        (["I = a^2"], "it has a meaning where nobody declares it"),
        (["L_k = a^2"], "a subscript that nobody declares"),
    ],
)
def test_what_could_be_anything_else_introduces_nothing(displays: list[str], why: str) -> None:
    assert "defined" not in verdicts(*displays), why
    assert "proved" not in verdicts(*displays), why
    assert "not read" in verdicts(*displays), why


@pytest.mark.parametrize(
    "before", [r"\frac{\partial L}{\partial a} = 2 a", r"L \le b", r"\sqrt{L} = b"]
)
def test_what_stood_in_a_display_before_may_be_something_else(before: str) -> None:
    assert verdicts(before, "L = a^2", "2 L = 2 a a", "2 L = a") == [
        *("not read", "defined"),
        *("proved", "undecided"),
    ]


def test_words_above_say_what_a_display_is() -> None:
    lines = ("\\sqrt{L} = b\n$$\n\nwhere the loss is\n\n$$L = a^2", "2 L = 2 a a", "2 L = a")
    assert verdicts(*lines) == ["not read", "defined", "proved", "refuted"]
    lines = ("\\sqrt{L} = b\n$$\n\nand so we get\n\n$$L = a^2", "2 L = 2 a a", "2 L = a")
    assert verdicts(*lines) == ["not read", "defined", "proved", "undecided"]


def test_a_name_that_the_text_defines_is_not_introduced_by_a_display() -> None:
    assert verdicts("L = a^2", prose="The loss L = a b is given.\n") == ["not read"]
    assert verdicts("L = a^2", prose="Let $L = a b$.\n") == ["undecided"]
    assert verdicts("L = a^2", prose="Let $M = a b$.\n") == ["defined"]


def test_what_the_text_speaks_of_beside_its_displays_is_not_refuted() -> None:
    lines = ("L = a^2", "2 L = 2 a a", "2 L = a")
    assert verdicts(*lines, prose="The loss is $L$.\n") == ["defined", "proved", "undecided"]
    assert verdicts(*lines, prose="The rest is $M$, or $\\Lambda$.\n")[-1] == "refuted"
    hat = [each.replace("L", r"\hat{L}") for each in lines]
    assert verdicts(*hat, prose="Let $\\hat L$ be given.\n") == ["defined", "proved", "undecided"]
    assert verdicts(*hat, prose="The loss is $L$.\n")[-1] == "refuted"


def test_a_name_of_another_part_is_told_where_it_was_introduced() -> None:
    parts = ("L = a^2", "L = a^3", "L + 1 = a^2 + 1")
    text = "".join(f"## Exercise {n}\n\n$${each}$$\n\n" for n, each in enumerate(parts, 1))
    (problem,) = reading(GIVEN + text, "own.md").unread
    assert "introduced in part 2" in problem.what


def test_what_is_declared_is_not_introduced() -> None:
    """It is any number: a line that has it alone on its left may say what it is."""
    assert verdicts("a = b + 1", "x_1 = b + 1", "g(b) = b", "g_2 = a b") == [
        *["undecided"] * 2,
        "refuted",
        "not read",
    ]
    assert verdicts("b + 1 = a", "a = b + 1 + a", "2 x_1 = b + 1") == ["refuted"] * 3
    assert verdicts("a = b", "x_1 = 1", "b = -a") == ["refuted"] * 3


def test_nothing_is_introduced_by_what_could_not_be_declared() -> None:
    lost = "```given\nscalars a\nscalars L\n```\n"
    found = reading(GIVEN + lost + "$$M = a^2$$\n\n$$L = b^2$$\n\n$$K = b^2$$\n", "own.md")
    assert [each.defines for each in found.entries] == ["", "", "K"]
    assert len(found.lines) == 1


def test_a_name_that_is_said_to_be_two_things_is_neither() -> None:
    lines = judged("L = a^2", "L = b^2", r"\frac{\partial L}{\partial a} = 2 a", "a + L = a + a a")
    assert [each.verdict.value for each in lines] == ["undecided"] * 4
    for each in lines[1:]:
        assert "two things, at 9:3 and in line.2" in each.reason
    assert verdicts("L = a^2", "2 L = 2 a a", "L = b^2")[:2] == ["defined", "proved"]


def test_a_function_of_more_arguments_is_said_to_be_two_things_too() -> None:
    lines = judged("L(a) = a^2", "L(a, b) = a b", r"\frac{\partial L}{\partial a} = b")
    assert lines[2].verdict.value == "undecided"
    assert "two things, at 9:3 and in line.2" in lines[2].reason


def test_products_of_vectors_without_a_dot_leave_what_they_define_asked() -> None:
    lines = judged("s = x y", "2 s = 2 x^T y", "3 s = 2 x^T y")
    assert [each.verdict.value for each in lines] == ["undecided", "proved", "undecided"]


def test_a_family_that_is_said_again_under_another_letter_is_two_things_too() -> None:
    lines = judged("q_i = x_i + y_i", "q_j = x_j - y_j", r"\sum_i q_i = \sum_i x_i")
    assert [each.verdict.value for each in lines] == ["undecided"] * 3
    for each in lines[1:]:
        assert "two things, at 9:3 and in line.2" in each.reason
    assert verdicts("q_i = x_i + y_i", "q_j = y_j + x_j", "q_i = 2 x_i", "q_i + 1 = y_i") == [
        *["defined", "proved", "undecided", "undecided"]
    ]
    assert verdicts("q_i = x_i + y_i", "q_j = y_j + x_j", "q_i + 1 = y_i")[2] == "refuted"


def test_a_name_with_another_thing_below_it_may_be_another_name() -> None:
    lines = judged("L_i = a x_i", "L_x = a + b", "2 L_i = 3 a x_i")
    assert [each.verdict.value for each in lines] == ["undecided", "undecided", "refuted"]
    assert "is this another one?" in lines[1].reason


def test_a_name_with_a_number_below_it_is_another_name_than_that_of_a_family() -> None:
    assert verdicts("L_i = a x_i", "L_b = a + b", "2 L_i = 3 a x_i", "2 L_b = a") == [
        *["defined", "defined", "refuted", "refuted"]
    ]
    assert verdicts("L_i = a x_i", "L_b(a) = a b", "L_b(2) = 2 b", "L_b(2) = b")[1:] == [
        *["defined", "proved", "refuted"]
    ]


def test_a_name_may_be_said_again_in_other_words() -> None:
    assert verdicts("L = a^2", "L = a a", "2 L = 2 a a", "2 L = a") == [
        *["defined", "proved", "proved", "refuted"]
    ]


def test_each_part_introduces_its_own_names() -> None:
    second = "\n## Exercise 2\n\n$$L + 1 = a$$\n"
    text = GIVEN + "## Exercise 1\n\n$$L = a^2$$\n" + second + "$$L = b^2$$\n"
    entries = reading(text, "own.md").entries
    assert [each.defines for each in entries] == ["L", "", ""]
    text = GIVEN + "## Exercise 1\n\n$$L = a^2$$\n\n## Exercise 2\n\n$$L = b^2$$\n"
    assert [each.defines for each in reading(text, "own.md").entries] == ["L", "L"]


def test_every_line_says_which_definition_it_rests_on() -> None:
    first, second = judged("L = a^2", "2 L = 2 a^2")
    assert first.line.notes == ("this is taken as the definition of L, which is not declared",)
    assert second.line.notes == ("L is not declared: it is read as what 9:3 says",)
    (plain,) = judged("L := a^2")
    assert "this is taken as the definition of L, which is not declared" in plain.line.notes


@pytest.mark.parametrize("side", ["{LHS}", r"\text{{{LHS}}}", r"\mathrm{{{LHS}}}"])
def test_sides_of_the_equality_before_have_names(side: str) -> None:
    left, right = side.format(LHS="LHS"), side.format(LHS="RHS")
    shown = r"\sum_i (x_i + a) = \sum_i x_i + n a"
    proved = [*["proved"] * 4]
    assert (
        verdicts(shown, rf"{left} = \sum_i x_i + \sum_i a = n a + \sum_i x_i = {right}") == proved
    )
    assert verdicts(shown, rf"{left} = \sum_i x_i")[1] == "undecided"
    assert verdicts(rf"{left} = \sum_i x_i + 1 = a = {right}") == ["defined", "refuted", "not read"]
    assert verdicts("a = b = b^2", f"{left} = a + 1", "b = a + 2 = b", f"b = {right}") == [
        *["refuted", "refuted", "defined", "undecided", "refuted", "not read"]
    ]
