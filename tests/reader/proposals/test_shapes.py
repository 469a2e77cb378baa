"""Each rule that shapes follow from: a display, and what is declared for it."""

import pytest

from tests.reader.proposals.propose import asked, said, verdicts

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
    assert verdicts(f"$${display}$$") == ["proved"]


def test_a_false_line_in_the_same_notation_is_refuted() -> None:
    wrong = [
        r"\sum_{i=1}^{n} x_i = \sum_{i=1}^n 2 x_i",
        r"\exp(a) \exp(b) = \exp(a b)",
        r"u^T v = 2 v^T u",
        r"(X \theta - y)^T (X \theta - y) = (y + X \theta)^T (y - X \theta)",
        r"\frac{\partial}{\partial x} (x^T x) = x",
    ]
    assert [verdicts(f"$${display}$$") for display in wrong] == [["refuted"]] * len(wrong)


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
