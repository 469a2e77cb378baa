"""What prose says of names is in the declarations that are proposed, as it says it."""

from __future__ import annotations

import pytest

from derivations.proof.judge import judge
from derivations.reader.derivation import document_of, reading
from derivations.reader.equation import Line
from derivations.reader.propose.proposal import inserted, proposed
from derivations.reader.source import Siblings


def declared(text: str) -> list[str]:
    """The lines of all proposed blocks, without what is asked."""
    found = proposed(document_of(text, "text.md", Siblings()))
    return [line for block in found.blocks for line in block.lines if not line.startswith("#")]


def asked(text: str) -> list[str]:
    """What is asked, told to contradict, or not taken."""
    found = proposed(document_of(text, "text.md", Siblings()))
    return [line for block in found.blocks for line in block.lines if line.startswith("#")]


def verdicts(text: str) -> list[str]:
    """The verdicts of the text with what is proposed for it."""
    found = proposed(document_of(text, "text.md", Siblings()))
    entries = reading(inserted(text, found), "text.md").entries
    return [
        judge(each.claim).verdict.value if isinstance(each, Line) else "not read"
        for each in entries
    ]


NETWORK = r"""
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
    lines = declared(NETWORK)
    assert "matrix W_{1} in R^{h x d}" in lines
    assert "vector b_{2} in R^k" in lines
    assert "define z = W_2 a + b_2" in lines
    assert r"if \sum_i y_i = 1" in lines
    assert verdicts(NETWORK)[2:] == ["proved", "proved", "refuted"]


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
    assert verdicts(PROBLEMS) == ["proved", "proved", "proved", "refuted"]


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
    assert verdicts(text) == ["proved"]


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
    assert verdicts(LABELS)[1:] == ["proved", "proved"]
    together = LABELS.replace("# Problem 2", "")
    assert "matrix R in R^{m x p}" in declared(together)
    assert verdicts(together)[1:] == ["proved", "proved"]


def test_displays_that_contradict_a_sentence_are_told_with_both_places() -> None:
    text = r"Let $A \in \mathbb{R}^{n \times m}$ and $x \in \mathbb{R}^n$." "\n\n$$A x = 2 A x$$\n"
    assert "# ! A, x: 1:6 against 3:3: m or n" in asked(text)
