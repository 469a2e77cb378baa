"""Declarations that are proposed are accepted, say what prose says, and prove nothing false."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

import pytest

from derivations.proof.judge import judge
from derivations.reader.derivation import Derivation, document_of, reading
from derivations.reader.equation import Line
from derivations.reader.propose.proposal import Proposal, inserted, proposed
from derivations.reader.source import Siblings
from tests.lines.cases import Case, NoCase, make
from tests.lines.families import of_arrays, of_functions, of_sums
from tests.lines.random_terms import Family

# A text, what is proposed for it, and what it comes to with that.


GIVEN = re.compile(r"^```given\n.*?^```\n", re.DOTALL | re.MULTILINE)


def proposal(text: str) -> Proposal:
    """What is proposed for a text."""
    return proposed(document_of(text, "text.md", Siblings()))


def said(*displays: str) -> list[str]:
    """The declarations proposed for displays, without what is asked."""
    text = "\n\n".join(f"$${display}$$" for display in displays)
    lines = proposal(text).text().splitlines()
    return [line for line in lines if line and not line.startswith(("#", "```", "before"))]


def asked(*displays: str) -> list[str]:
    """The questions and contradictions of a proposal."""
    text = "\n\n".join(f"$${display}$$" for display in displays)
    return [line for line in proposal(text).text().splitlines() if line.startswith("#")]


def without(text: str) -> str:
    """A text without its declarations."""
    return GIVEN.sub("", text)


def read(text: str) -> Derivation:
    """A text without declarations, with those that are proposed."""
    return reading(inserted(text, proposal(text)), "text.md")


def verdicts_of_propose(text: str) -> list[str]:
    """The verdicts of a text with the declarations that are proposed."""
    entries = read(text).entries
    return [
        judge(each.claim).verdict.value if isinstance(each, Line) else "not read"
        for each in entries
    ]


# How many files come to the same verdicts with what is proposed as with what they declare.
#
# ``python -m tests.reader.test_proposals FILE ...``: a row a file, and every line on which the
# two differ. What is declared by hand is taken out, declarations are proposed for what is left, and
# every question is answered by its first choice.


VERIFY = (sys.executable, "-m", "derivations.verify", "--format", "json", "--repairs", "none")


def verdicts(text: str) -> list[tuple[str, str]]:
    """Each equality of a text with its verdict, in the order of the text."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "text.md")
        file.write_text(text, encoding="utf-8")
        done = subprocess.run([*VERIFY, str(file)], capture_output=True, text=True, check=False)
    try:
        lines = json.loads(done.stdout)["lines"]
    except (ValueError, KeyError):
        return []
    return [(line["latex"], line["verdict"]) for line in lines]


def compared(text: str) -> list[tuple[str, str, str]]:
    """Each equality: its verdict with what is declared, and with what is proposed."""
    bare = without(text)
    mine = verdicts(text)
    theirs = verdicts(inserted(bare, proposal(bare)))
    if len(mine) != len(theirs):
        return [("the number of lines", str(len(mine)), str(len(theirs)))]
    return [(line, one, other) for (line, one), (_, other) in zip(mine, theirs, strict=True)]


def main(files: list[str]) -> int:
    """Tell how many files agree in every line; exit code 0."""
    agree = lines = same = 0
    for file in files:
        found = compared(Path(file).read_text(encoding="utf-8"))
        apart = [each for each in found if each[1] != each[2]]
        agree += not apart
        lines += len(found)
        same += len(found) - len(apart)
        print(f"{file}: {len(found) - len(apart)} of {len(found)} lines agree")
        for line, one, other in apart:
            print(f"    declared {one}, proposed {other}: {line}")
    print(f"{agree} of {len(files)} files agree in every line, {same} of {lines} lines")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))


# Random files without their declarations: what is proposed is read, and proves nothing false.


FAMILIES = {
    "index sums": of_sums.INDEX_SUMS,
    "matrix algebra": of_arrays.MATRIX_ALGEBRA,
    "functions": of_functions.FUNCTIONS,
}
SEEDS = range(10)
DECLARED = re.compile(r"(scalar|vector|matrix) (.*?)(?: in R.*)?")


def cases(family: Family, *, true: bool) -> list[Case]:
    found = []
    for seed in SEEDS:
        try:
            found.append(make(family, f"proposal {seed}", true=true)[0])
        except NoCase:
            continue
    assert len(found) > len(SEEDS) // 2
    return found


def kinds(text: str) -> dict[str, str]:
    """What each name is declared to be: a number, a vector, or a matrix."""
    lines = filter(None, map(DECLARED.fullmatch, text.splitlines()))
    return {name.strip(): line[1] for line in lines for name in line[2].split(",")}


@pytest.mark.parametrize("family", FAMILIES)
def test_every_proposal_is_accepted_by_the_reader(family: str) -> None:
    for true in (True, False):
        for case in cases(FAMILIES[family], true=true):
            assert read(without(case.text())).problems == ()


@pytest.mark.parametrize("family", FAMILIES)
def test_no_false_line_is_proved_but_what_is_taken_for_a_definition(family: str) -> None:
    verdicts: Counter[str] = Counter()
    for case in cases(FAMILIES[family], true=False):
        text = without(case.text())
        if proposal(text).contradictions:
            continue  # what is proposed says itself that it does not fit
        if "introduced at" in proposal(text).text():
            continue  # the line itself says what its left side is, as far as the text goes
        entry = read(text).entries[-1]
        if isinstance(entry, Line) and entry.equality.reading is not None:
            continue  # with what is proposed it fits in one other reading alone, which is noted
        verdict = judge(entry.claim).verdict.value if isinstance(entry, Line) else "not read"
        assert verdict != "proved", case.text()
        verdicts[verdict] += 1
    assert verdicts["refuted"] > 0


def test_most_names_are_proposed_to_be_what_they_were_declared_as() -> None:
    same = other = 0
    for family in FAMILIES.values():
        for case in cases(family, true=True):
            declared, found = kinds(case.text()), kinds(proposal(without(case.text())).text())
            for name in declared.keys() & found.keys():
                same += declared[name] == found[name]
                other += declared[name] != found[name]
    assert same > 8 * other, (same, other)


def test_a_contradiction_planted_in_a_file_is_reported() -> None:
    planted = 0
    for case in cases(of_arrays.MATRIX_ALGEBRA, true=True):
        text = without(case.text())
        before = proposal(text)
        vectors = [name for name, kind in kinds(before.text()).items() if kind == "vector"]
        if before.contradictions or not vectors:
            continue
        name = vectors[0]
        after = proposal(f"{text}\n$${name}^\\top {name} = {name}$$\n")
        (found, *_) = after.contradictions
        assert found.first.line < found.second.line or found.first == found.second
        planted += 1
    assert planted > 2


# Two displays that cannot both be right are shown with both places.


RIGHT = r"$$(X \theta - y)^T (X \theta - y) = (y - X \theta)^T (y - X \theta)$$"


def test_a_text_without_contradictions_has_none() -> None:
    assert proposal(f"{RIGHT}\n\n$$y^T y = y^T y$$").contradictions == ()


def test_a_number_that_was_a_vector_before_is_shown_with_both_places() -> None:
    found = proposal(f"{RIGHT}\n\n$$y = y^T y$$").contradictions[0]
    assert any(name == "y" for _, name in found.names)
    assert found.first.line == 1
    assert found.second.line == 3


def test_two_ranges_of_one_place_are_shown() -> None:
    found = asked(r"\sum_{i=1}^n x_i y_i = \sum_{i=1}^n y_i x_i", r"\sum_{j=1}^m x_j y_j = x^T y")
    assert any(line.startswith("# !") for line in found) or any("list" in line for line in found)


def test_what_contradicts_is_left_out_and_the_rest_is_proposed() -> None:
    text = f"{RIGHT}\n\n$$y = y^T y$$"
    found = proposal(text)
    assert found.contradictions
    assert "matrix X in R^{" in found.text()
    assert "vector y in R^" in found.text()


def test_a_matrix_of_second_derivatives_contradicts_no_vector() -> None:
    gradient = r"$$\nabla_w (y^T X w + c w^T w) = X^T y + 2 c w$$"
    second = r"$$\nabla_w^2 (y^T X w + c w^T w) = 2 c I$$"
    assert proposal(gradient).contradictions == ()
    assert proposal(f"{gradient}\n\n{second}").contradictions == ()
    assert proposal(f"{gradient}\n\n{second}\n\n$$w = c$$").contradictions
    assert verdicts_of_propose(f"{gradient}\n\n{second}") == ["proved", "proved"]
    assert verdicts_of_propose(f"{gradient}\n\n{second.replace('2 c', 'c')}")[1] != "proved"


# Texts as students write them: what is proposed is enough for their lines to be judged rightly.


def text(*displays: str) -> str:
    return "\n\n".join(f"$${display}$$" for display in displays)


LOGISTIC = (
    r"h_\theta(x) = \frac{1}{1 + e^{-\theta^T x}}",
    r"J(\theta) = -\sum_{i=1}^m y^{(i)} \log h_\theta(x^{(i)})"
    r" - \sum_{i=1}^m (1 - y^{(i)}) \log(1 - h_\theta(x^{(i)}))",
)
RIDGE = (r"L(w) = \|X w - y\|^2 + \lambda \|w\|^2",)
SOFTMAX = (
    r"p_k = \frac{e^{z_k}}{\sum_{j=1}^K e^{z_j}}, \qquad z_k = w_k^\top x",
    r"\ell = -\sum_{k=1}^K \log p_k",
)
NETWORK = (
    r"z^{[1]} = W^{[1]} x + b^{[1]}, \quad a^{[1]} = \sigma(z^{[1]})",
    r"s = v^T a^{[1]}",
)
FACTORS = (
    r"e_{ui} = r_{ui} - p_u^T q_i",
    r"L = \sum_{u=1}^U \sum_{i=1}^I e_{ui}^2",
    r"\|R - P Q^T\|^2 = L",
)
TRUE = {
    "logistic regression": (
        LOGISTIC,
        r"\frac{\partial J}{\partial \theta_j} ="
        r" \sum_{i=1}^m (h_\theta(x^{(i)}) - y^{(i)}) x_j^{(i)}",
    ),
    "its values as a vector": (LOGISTIC, r"\nabla_\theta J = X^T (h - y)"),
    "ridge regression": (RIDGE, r"\nabla_w L = 2 X^T (X w - y) + 2 \lambda w"),
    "softmax regression": (
        SOFTMAX,
        r"\frac{\partial p_k}{\partial z_j} = p_k (\delta_{kj} - p_j)",
    ),
    "a layer": (NETWORK, r"\frac{\partial s}{\partial v} = a^{[1]}"),
    "matrix factorisation": (
        FACTORS[:2],
        r"\frac{\partial L}{\partial p_u} = -2 \sum_{i=1}^I e_{ui} q_i",
    ),
    "the first coefficients by name": (
        (r"J(\theta_0, \theta_1) = \sum_{i=1}^m (\theta_0 + \theta_1 x_i - y_i)^2",),
        r"\frac{\partial J}{\partial \theta_0} = 2 \sum_{i=1}^m (\theta_0 + \theta_1 x_i - y_i)",
    ),
}
FALSE = {
    "logistic regression": (LOGISTIC, r"\nabla_\theta J = X^T (y - h)"),
    "ridge regression": (RIDGE, r"\nabla_w L = 2 X^T (X w - y) + \lambda w"),
    "softmax regression": (
        SOFTMAX,
        r"\frac{\partial p_k}{\partial z_j} = p_k (\delta_{kj} + p_j)",
    ),
    "matrix factorisation": (
        FACTORS[:2],
        r"\frac{\partial L}{\partial p_u} = 2 \sum_{i=1}^I e_{ui} q_i",
    ),
}


@pytest.mark.parametrize("kind", TRUE)
def test_a_true_line_is_proved(kind: str) -> None:
    before, line = TRUE[kind]
    assert verdicts_of_propose(text(*before, line))[-1] == "proved"


@pytest.mark.parametrize("kind", FALSE)
def test_a_false_line_is_refuted(kind: str) -> None:
    before, line = FALSE[kind]
    assert verdicts_of_propose(text(*before, line))[-1] == "refuted"


def test_what_stands_on_one_side_only_is_left_open_and_not_taken_for_a_variable() -> None:
    displays = (r"L(w) = w^T w", r"\nabla_w L = 2 g")
    assert verdicts_of_propose(text(*displays))[-1] == "not read"
    assert any(
        line.startswith("# ? g at 3:16: nothing says what it is") for line in asked(*displays)
    )


def test_a_number_above_a_name_is_an_index_and_a_mark_is_part_of_it() -> None:
    found = said(r"\sum_{i=1}^m x^{(i)} = \sum_{i=1}^m x^{(i)}", r"w^* + a = a + w^*")
    assert "vector x in R^m" in found
    assert "scalar w^{*}" in found


def test_a_power_of_a_bound_letter_is_no_index_where_other_powers_stand() -> None:
    display = r"\sum_{k=1}^n x^k + x^{2} = x^{2} + \sum_{k=1}^n x^k"
    assert "scalar x" in said(display)


def test_the_matrix_of_numbers_is_declared_by_its_entries() -> None:
    found = said(*FACTORS)
    assert "define R_{ui} = r_{ui}" in found
    assert "vectors p_u in R^d, rows of P" in found


def test_a_derivative_that_is_said_to_be_zero_is_one_by_another_member() -> None:
    displays = (
        r"J(v_c) = v_c^T v_c + \sum_{w \in V} w_0 b_w",
        r"\frac{\partial}{\partial v_w} (v_c^T v_c) = 0",
    )
    assert r"if w \ne c" in said(*displays)


def test_a_line_that_a_definition_was_taken_from_is_marked() -> None:
    first, second = read(text(*RIDGE, r"L(w) = \|y - X w\|^2 + \lambda \|w\|^2")).entries
    assert any("nothing shows that it is right" in note for note in first.notes)
    assert not any("nothing shows that it is right" in note for note in second.notes)


# Definitions that the text gives, and common ones.


DEFINED = {
    "introduced by its first equality": (
        [r"J(x) = x^T x", r"\nabla_x J(x) = 2 x"],
        r"define J(x) = x^T x",
    ),
    "a family of numbers": (
        [r"a_j = \frac{e^{z_j}}{\sum_{k=1}^K e^{z_k}}", r"\sum_{j=1}^K a_j = 1"],
        r"define a_j = \frac{e^{z_j}}{\sum_{k = 1}^K e^{z_k}}",
    ),
    "a hat in the place of a fraction": (
        [
            r"\sum_{w \in V} \frac{e^{z_w}}{\sum_{x \in V} e^{z_x}} b_w"
            r" = \sum_{w \in V} \hat{y}_w b_w"
        ],
        r"define \hat{y}_w = \frac{e^{z_w}}{\sum_{x \in V} e^{z_x}}",
    ),
    "a derivative of a function that is spelt out": (
        [r"\frac{\partial L}{\partial x} = \frac{\partial}{\partial x} (x^T x) = 2 x"],
        r"define L = x^T x",
    ),
    "one-hot, as its sum leaves one term": (
        [r"-\sum_{w \in V} y_w \log(p_w) = -\log(p_o)"],
        r"define y_w = \mathbb{1}_{w = o}",
    ),
    "the sigmoid": ([r"1 - \sigma(x) = \sigma(-x)"], r"define \sigma(z) = \frac{1}{1 + e^{-z}}"),
    "the cross-entropy": (
        [
            r"\sum_{k=1}^K (y_k + p_k) = \sum_{k=1}^K (p_k + y_k)",
            r"\mathrm{CE}(y, p) = -\sum_{k=1}^K y_k \log(p_k)",
        ],
        r"define \mathrm{CE}(y, p) = -\sum_{k = 1}^K y_k \log(p_k)",
    ),
}


@pytest.mark.parametrize("kind", DEFINED)
def test_a_definition_is_found(kind: str) -> None:
    displays, wanted = DEFINED[kind]
    assert wanted in said(*displays)
    text = "\n\n".join(f"$${display}$$" for display in displays)
    assert set(verdicts_of_propose(text)) == {"proved"}


def test_what_a_definition_is_taken_from_is_said() -> None:
    questions = asked("J(x) = x^T x", r"\nabla_x J(x) = 2 x")
    assert "# ? J: introduced at 1:3" in questions


def test_a_false_line_after_a_definition_is_refuted() -> None:
    assert verdicts_of_propose("$$J(x) = x^T x$$\n\n$$\\nabla_x J(x) = x$$") == [
        "proved",
        "refuted",
    ]


def test_a_later_equality_of_a_defined_name_is_judged() -> None:
    assert verdicts_of_propose("$$J = a^2 + a$$\n\n$$J = a (a + 2)$$") == ["proved", "refuted"]


def test_a_short_name_is_taken_for_the_long_one() -> None:
    displays = [r"J_{reg}(x) = x^T x", r"\frac{\partial J}{\partial x} = 2 x"]
    assert "define J = J_{reg}(x)" in said(*displays)


def test_what_depends_on_more_than_the_text_says_is_not_declared() -> None:
    text = r"$$\frac{\partial L}{\partial x} = 2 x^T x$$"
    assert verdicts_of_propose(text) == ["not read"]
    assert any(
        line.startswith("# ? L at 1:3: nothing says what it is")
        for line in asked(r"\frac{\partial L}{\partial x} = 2 x^T x")
    )


def test_a_function_on_both_sides_may_be_any() -> None:
    display = r"\frac{\partial}{\partial x} (x f(x)) = f(x) + x \frac{\partial}{\partial x} f(x)"
    assert "arbitrary f(x)" in said(display)
    assert verdicts_of_propose(f"$${display}$$") == ["proved"]


def test_a_function_whose_values_are_raised_to_a_power_is_one() -> None:
    raised = r"h_\theta(x)^y (1 - h_\theta(x))^{1-y} = (1 - h_\theta(x))^{1-y} h_\theta(x)^y"
    assert r"arbitrary h_{\theta}(x)" in said(raised)
    assert not [line for line in said("a (b + c)^2 = a b^2 + 2 a b c + a c^2") if "arb" in line]


def test_a_probability_that_is_not_said_is_any_function_with_its_bar() -> None:
    displays = [r"\sum_{w \in V} y_w \log P(O = w | C = c) = \log P(O = o | C = c)"]
    assert "arbitrary P(O = w | C = c)" in said(*displays)
    assert verdicts_of_propose(f"$${displays[0]}$$") == ["proved"]
    wrong = displays[0].replace("= \\log P(O = o", "= 2 \\log P(O = o")
    assert verdicts_of_propose(f"$${wrong}$$") == [
        "not read"
    ]  # what y is does not follow from this one


def test_the_pi_behind_a_number_is_declared_by_nobody() -> None:
    assert r"scalar \pi" not in said(r"\log(2\pi s) = \log(2\pi) + \log s")
    assert r"scalar \pi" not in said(r"s \sin(\pi / 2) = s")
    assert r"scalar \pi" in said(r"s \pi + \pi = \pi (s + 1)")


# Each rule that shapes follow from: a display, and what is declared for it.


RULES = {
    # the ends of a sum are the range of its letter, and a size
    r"\sum_{i=1}^{n} x_i = \sum_{i=1}^n x_i": [
        "size n >= 1",
        "index i in 1..n",
        "vector x in R^n",
    ],
    # a set by its name
    r"\sum_{w \in Vocab} p_w = \sum_{w \in Vocab} p_w": [
        "size N >= 1",
        "index w in Vocab = 1..N",
        "vector p in R^Vocab",
    ],
    # what stands in an exponential is a number
    r"\exp(a) \exp(b) = \exp(a + b)": ["scalar a", "scalar b"],
    # what is transposed is a column, if its letter is small; inner axes meet
    r"u^T v = v^T u": ["size d >= 1", "vector u in R^d", "vector v in R^d"],
    # a matrix before a vector, the terms of a sum have one shape
    r"(X \theta - y)^T (X \theta - y) = (y - X \theta)^T (y - X \theta)": [
        "size d, n >= 1",
        "matrix X in R^{d x n}",
        "vector \\theta in R^n",
        "vector y in R^d",
    ],
    # two subscripts are an entry, and both are indices of ranges of their own
    r"\sum_{i=1}^m \sum_{j=1}^n A_{ij} y_j = \sum_{i=1}^m \sum_{j=1}^n A_{ij} y_j": [
        "size m, n >= 1",
        "index i in 1..m",
        "index j in 1..n",
        "matrix A in R^{m x n}",
        "vector y in R^n",
    ],
    # a vector for each index, and the matrix that they are the columns of
    r"\sum_{w \in V} \exp(u_w^T v) u_w = \sum_{w \in V} \exp(v^T u_w) u_w": [
        "size d, N >= 1",
        "index w in V = 1..N",
        "vector v in R^d",
        "vectors u_w in R^d",
    ],
    # the derivative by a vector has its shape
    r"\frac{\partial}{\partial x} (x^T x) = 2 x": ["size d >= 1", "vector x in R^d"],
    # a diagonal matrix is made of a vector, and has no name to be declared
    r"\operatorname{diag}(x) A y = x \odot (A y)": [
        "size d, n >= 1",
        "vector x in R^d",
        "matrix A in R^{d x n}",
        "vector y in R^n",
    ],
    # letters that are compared run over one set
    r"\sum_{k=1}^K \mathbb{1}_{k = c} z_k = z_c": [
        "size K >= 1",
        "index k, c in 1..K",
        "vector z in R^K",
    ],
}


@pytest.mark.parametrize("display", RULES)
def test_shapes_follow_from_a_display(display: str) -> None:
    assert sorted(said(display)) == sorted(RULES[display])
    assert verdicts_of_propose(f"$${display}$$") == ["proved"]


def test_a_false_line_in_the_same_notation_is_refuted() -> None:
    wrong = [
        r"\sum_{i=1}^{n} x_i = \sum_{i=1}^n 2 x_i",
        r"\exp(a) \exp(b) = \exp(a b)",
        r"u^T v = 2 v^T u",
        r"(X \theta - y)^T (X \theta - y) = (y + X \theta)^T (y - X \theta)",
        r"\frac{\partial}{\partial x} (x^T x) = x",
    ]
    assert [verdicts_of_propose(f"$${display}$$") for display in wrong] == [["refuted"]] * len(
        wrong
    )


def test_columns_and_rows_of_a_matrix_are_told_by_its_products() -> None:
    columns = r"\sum_{w \in W} y_w u_w = U y"
    rows = r"\sum_{i=1}^m y_i x_i = X^\top y"
    exponents = r"\exp(u_w^\top v) = \exp(v^\top u_w)"
    assert "vectors u_w in R^d, columns of U" in said(exponents, columns)
    assert "vectors x_i in R^d, rows of X" in said(r"\exp(x_i^\top v) = \exp(v^\top x_i)", rows)


def test_a_letter_of_a_range_stands_for_a_label_where_labels_belong() -> None:
    found = said(
        r"\sum_{w \in Vocab} \exp(u_w^T v) = \sum_{w \in Vocab} \exp(v^T u_w)",
        r"\sum_{k=1}^K \log(1 + \exp(u_k^T v)) = \sum_{k=1}^K \log(1 + \exp(v^T u_k))",
    )
    assert "list w_k in Vocab, k in 1..K" in found
    assert "read k as w_k" in found


def test_what_is_open_is_a_question_and_its_first_choice_is_in_force() -> None:
    assert said("a + b = b + a") == ["scalar a", "scalar b"]
    assert asked("a + b = b + a") == ["# ? a at 1:3: scalar | vector"]


def declared(text: str) -> list[str]:
    """The lines of all proposed blocks, without what is asked."""
    found = proposed(document_of(text, "text.md", Siblings()))
    return [line for block in found.blocks for line in block.lines if not line.startswith("#")]


def asked_of_text(text: str) -> list[str]:
    """What is asked, told to contradict, or not taken."""
    found = proposed(document_of(text, "text.md", Siblings()))
    return [line for block in found.blocks for line in block.lines if line.startswith("#")]


def verdicts_as_stated(text: str) -> list[str]:
    """The verdicts of the text with what is proposed for it."""
    found = proposed(document_of(text, "text.md", Siblings()))
    entries = reading(inserted(text, found), "text.md").entries
    return [
        judge(each.claim).verdict.value if isinstance(each, Line) else "not read"
        for each in entries
    ]


TWO_LAYERS = r"""
We have inputs $x \in \mathbb{R}^{d}$, weights $W_1 \in \mathbb{R}^{h \times d}$ and
$W_2 \in \mathbb{R}^{k \times h}$, and biases $b_1 \in \mathbb{R}^h$, $b_2 \in \mathbb{R}^k$.
The target $y \in \{0,1\}^k$ is one-hot. With $\sum_i y_i = 1$ let $a = \tanh(W_1 x + b_1)$,
and $z = W_2 a + b_2$.

$$p_i = \frac{e^{z_i}}{\sum_{j=1}^k e^{z_j}}, \qquad L = -\sum_{i=1}^k y_i \log p_i$$

$$\frac{\partial L}{\partial W_2} = (p - y) a^\top$$

$$\frac{\partial L}{\partial b_1} = (W_2^\top (p - y)) \odot (1 - a^2)$$

$$\frac{\partial L}{\partial b_1} = (W_2^\top (p - y)) \odot (1 - a)$$
"""


def test_shapes_and_definitions_of_a_network_are_those_of_its_sentences() -> None:
    lines = declared(TWO_LAYERS)
    assert "matrix W_{1} in R^{h x d}" in lines
    assert "vector b_{2} in R^k" in lines
    assert "define z = W_2 a + b_2" in lines
    assert r"if \sum_i y_i = 1" in lines
    assert verdicts_as_stated(TWO_LAYERS)[2:] == ["proved", "proved", "refuted"]


PROBLEMS = r"""
# Problem 1

Let $x \in \mathbb{R}^n$ and $f(x) = \frac12 \|x\|^2$.

$$\nabla f(x) = x$$

# Problem 2

Let $x \in \mathbb{R}^d$, $A \in \mathbb{R}^{d \times d}$ symmetric and $f(x) = x^\top A x$.

$$\nabla f(x) = 2 A x$$

# Problem 3

Let $f(x) = \log(1 + e^{-x})$ for a real number $x$.

$$f'(x) = -\frac{1}{1 + e^{x}}$$

$$f'(x) = \frac{1}{1 + e^{x}}$$
"""


def test_each_part_has_the_x_and_the_f_that_its_sentence_introduces() -> None:
    assert [line for line in declared(PROBLEMS) if line.startswith("define")] == [
        r"define f(x) = \frac{1}{2} \|x\|^2",
        r"define f(x) = x^{\top} Ax",
        r"define f(x) = \log(1 + e^{-x})",
    ]
    assert verdicts_as_stated(PROBLEMS) == ["proved", "proved", "proved", "refuted"]


def test_a_power_is_none_of_a_sum_whose_condition_names_no_letter_alone() -> None:
    assert "x_{2}" not in said(r"\sum_{i<j} a_i a_j = \frac{1}{x^2 - 1}", "x^2 = x x")


def test_a_sum_that_ends_at_a_letter_of_another_is_over_a_part_of_its_set() -> None:
    right, wrong = (
        r"\sum_{i=1}^n \sum_{j=i}^n a_i b_j = \sum_{j=1}^n " + rf"\sum_{{{ends}}} a_i b_j"
        for ends in ("i=1}^{j", "i=j}^{n")
    )
    assert "index i, j in 1..n" in said(right)
    assert verdicts_of_propose(text(right, wrong)) == ["proved", "refuted"]


def test_what_is_inverted_and_capital_is_a_matrix_and_what_stands_behind_one_a_vector() -> None:
    woodbury = r"(A + U C V)^{-1} = A^{-1} - A^{-1} U (C^{-1} + V A^{-1} U)^{-1} V A^{-1}"
    rank_one = r"(A + u v^\top)^{-1} = A^{-1} - \frac{A^{-1} u v^\top A^{-1}}{1 + v^\top A^{-1} u}"
    wrong = rank_one.replace("1 +", "1 -")
    assert "matrix A in R^{d x d}" in said(woodbury)
    assert verdicts_of_propose(text(woodbury, rank_one, wrong)) == ["proved", "proved", "refuted"]
    assert "vector y in R^d" in said(r"w = (X^T X)^{-1} X^T y")
    assert r"scalar Z" not in said(r"p_i = Z^{-1} e^{x_i}", r"Z = \sum_i e^{x_i}")


def test_a_function_written_out_cell_by_cell_has_matrices_for_values() -> None:
    rotation = r"R(t) = \begin{pmatrix} \cos t & -\sin t \\ \sin t & \cos t \end{pmatrix}"
    lines = (rotation, r"R(a) R(t) = R(a + t)", r"R(t)^{-1} = R(-t)", r"R(t)^{-1} = R(t)")
    assert not any("!" in line for line in asked_of_text(text(*lines)))
    assert verdicts_of_propose(text(*lines))[1:] == ["proved", "proved", "refuted"]


def test_a_dot_over_a_function_is_a_derivative_and_names_nothing_new() -> None:
    given = "Let $A, w > 0$ and $t \\in \\mathbb{R}$.\n\n$$x(t) = A \\cos(w t)$$\n"
    right, wrong = (rf"$$\dot x(t) = {sign} A w \sin(w t)$$" for sign in ("-", ""))
    assert verdicts_as_stated(f"{given}\n{right}\n\n{wrong}\n")[1:] == ["proved", "refuted"]


def test_a_bold_one_is_a_vector_and_a_variance_above_zero_is_a_square() -> None:
    prose = r"Let $S \in \mathbb{R}^{n \times n}$ be invertible, $\sigma^2 > 0$ and $h \neq 0$."
    lines = (
        r"w_m = \frac{S^{-1} \mathbf{1}}{\mathbf{1}^\top S^{-1} \mathbf{1}}",
        r"\mathbf{1}^\top w_m = 1",
        r"\mathbf{1}^\top w_m = \frac{h^2}{h}",
        r"\sqrt{\sigma^2} = \sigma",
    )
    found = f"{prose}\n\n" + "\n\n".join(f"$${each}$$" for each in lines)
    assert {r"if \sigma > 0", r"if h \ne 0"} <= {*declared(found)}
    assert verdicts_as_stated(found)[1:] == ["proved", "refuted", "proved"]


def test_a_letter_that_a_sentence_introduces_may_stand_on_one_side_alone() -> None:
    line = r"\frac{f(x + h) - 2 f(x) + f(x - h)}{h^2} = f''(x)"
    prose = r"Let $x, h \in \mathbb{R}$ and $f(x) = x^2$."
    assert verdicts_as_stated(f"{prose}\n\n$${line}$$") == ["proved"]
    assert verdicts_as_stated(f"{prose}\n\n$$h x = h x + h$$") == ["refuted"]


def test_an_information_i_is_no_identity_matrix() -> None:
    prose = r"Let $P \in \mathbb{R}^{n \times m}$ and $a_i = \sum_j P_{ij}$."
    lines = r"$$I = \sum_{i,j} P_{ij} a_i$$", r"$$I = \sum_i a_i^2$$", r"$$I = \sum_i a_i$$"
    assert verdicts_as_stated("\n\n".join((prose, *lines)))[1:] == ["proved", "refuted"]


def test_a_mean_that_nothing_defines_is_left_open() -> None:
    display = r"\sum_{i=1}^n (x_i - \bar{x})^2 = \sum_{i=1}^n x_i^2 - n \bar{x}^2"
    mean = r"Let $\bar{x} = \frac{1}{n} \sum_{i=1}^n x_i$."
    assert not any("scalar" in line for line in declared(f"$${display}$$"))
    assert verdicts_as_stated(f"$${display}$$") == ["not read"]
    assert verdicts_as_stated(f"{mean}\n\n$${display}$$") == ["proved"]


MATRICES = r"""
Let $A = \begin{pmatrix} 2 & 1 \\ 1 & 2 \end{pmatrix}$ and $v = (1, 1)^T$. Then

$$\det(A - \lambda I) = \lambda^2 - 4 \lambda + 3$$

$$A v = 3 v$$

$$A v = 2 v$$

Let $f(x, y) = x^3 - 3 x y$.

$$\nabla f(1, 2) = (-3, -3)^T$$

$$\nabla^2 f = \begin{pmatrix} 6 x & -3 \\ 3 & 0 \end{pmatrix}$$

$$\frac{\partial f}{\partial x}(1, \frac{\pi}{2}) = 3 - \frac{3 \pi}{2}$$
"""


def test_matrices_and_lists_that_a_sentence_gives_are_defined_by_it() -> None:
    assert [line for line in declared(MATRICES) if line.startswith("define")] == [
        r"define A = \begin{pmatrix} 2 & 1 \\ 1 & 2 \end{pmatrix}",
        r"define v = (1, 1)^T",
        r"define f(x, y) = x^3 - 3xy",
    ]
    assert verdicts_as_stated(MATRICES) == [
        *("proved", "proved", "refuted", "proved", "refuted", "proved")
    ]


ENDING = "\n\n$$y = A x$$\n\n$$x^T A x = x^T y$$\n"
# a sentence, and what is declared because of it
SENTENCES = {
    r"Let $A \in \mathbb{R}^{n \times n}$ be symmetric.": "matrix A in R^{n x n}, symmetric",
    r"Take a positive definite matrix $A \in \mathbb{R}^{m \times m}$.": (
        "matrix A in R^{m x m}, positive definite"
    ),
    r"Let $A \in \mathbb{R}^{n \times n}$. It is not symmetric.": "matrix A in R^{n x n}",
    r"Let $x, y \in \mathbb{R}^m$.": "vector x in R^m",
    r"Here $A \in \mathbb R$ is a number.": "scalar A",
    r"Let $A > 0$.": "if A > 0",
    r"We have data $x \in \mathbb{R}^n$, $A > 0$.": "if A > 0",
}


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_sentence_is_declared_as_it_stands(sentence: str) -> None:
    assert SENTENCES[sentence] in declared(sentence + ENDING)


@pytest.mark.parametrize(
    "sentence",
    [
        r"If $A > 0$, the product is easy.",
        r"Let $A \in \mathbb{R}^{n \times n}$, not necessarily symmetric.",
        r"Let $A \in \mathbb{R}^{n \times m}$ be symmetric.",
        r"Let $A_1 > 0$.",
    ],
)
def test_a_case_or_a_denial_is_no_condition_on_all_of_a_text(sentence: str) -> None:
    lines = declared(sentence + ENDING)
    assert not [line for line in lines if line.startswith("if") or "symmetric" in line]


def test_numbers_of_a_family_are_said_of_its_letter() -> None:
    text = r"Let $w_1, \dots, w_n > 0$ with $\sum_i w_i = 1$." "\n\n"
    text += r"$$\sum_{i=1}^n 2 w_i = 2$$"
    assert [line for line in declared(text) if line.startswith("if")] == [
        "if w_i > 0",
        r"if \sum_i w_i = 1",
    ]
    assert verdicts_as_stated(text) == ["proved"]


LABELS = r"""
# Problem 1

Consider labels $y_i \in \{-1, 1\}$, inputs $x_i \in \mathbb{R}^d$ for $i = 1, \dots, n$ and

$$L(w) = \sum_{i=1}^n \log(1 + \exp(-y_i w^\top x_i))$$

Let $\sigma(z) = \frac{1}{1+e^{-z}}$. Then

$$\nabla^2 L(w) = \sum_{i=1}^n \sigma(w^\top x_i) \sigma(-w^\top x_i) x_i x_i^\top$$

# Problem 2

Let $R \in \mathbb{R}^{m \times i}$.

$$R - R = 0$$
"""


def test_labels_are_said_of_all_examples_and_an_index_may_be_a_size_elsewhere() -> None:
    assert r"if y_i \in \{-1, 1\}" in declared(LABELS)
    assert "index i in 1..n" in declared(LABELS)
    assert "matrix R in R^{m x i}" in declared(LABELS)
    assert verdicts_as_stated(LABELS)[1:] == ["proved", "proved"]
    together = LABELS.replace("# Problem 2", "")
    assert "matrix R in R^{m x p}" in declared(together)
    assert verdicts_as_stated(together)[1:] == ["proved", "proved"]


def test_displays_that_contradict_a_sentence_are_told_with_both_places() -> None:
    text = r"Let $A \in \mathbb{R}^{n \times m}$ and $x \in \mathbb{R}^n$." "\n\n$$A x = 2 A x$$\n"
    assert "# ! A, x: 1:6 against 3:3: m or n" in asked_of_text(text)


MEMBER = r"""
Let $x \in \mathbb{R}^n$ and $m \in \mathbb{R}$.

$$\sum_i (x_i - m)^2 = \sum_i x_i^2 - n m^2$$

The best choice is $m = \frac{1}{n} \sum_i x_i$.
"""
STANDS_BEHIND = r"""
Let $x, b \in \mathbb{R}^d$ and $t \in \mathbb{R}$.

$$L = \frac{1}{2} (v^\top z - t)^2$$

Here $z = W x + b$ is the pre-activation.

$$\frac{\partial L}{\partial b} = (v^\top z - t) v$$
"""


def test_a_member_of_a_set_is_any_one_until_a_sentence_finds_a_value_for_it() -> None:
    """True of the mean, the line is false of any m; a name without a set is what stands behind."""
    assert "scalar m" in declared(MEMBER)
    assert verdicts_as_stated(MEMBER) == ["refuted"]
    assert verdicts_as_stated(
        MEMBER.replace(r"$m \in \mathbb{R}$", r"$m = \frac{1}{n} \sum_i x_i$")
    ) == ["proved"]
    assert "define z = Wx + b" in declared(STANDS_BEHIND)
    assert verdicts_as_stated(STANDS_BEHIND)[-1] == "proved"
