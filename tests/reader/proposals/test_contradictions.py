"""Two displays that cannot both be right are shown with both places."""

from tests.reader.proposals.propose import asked, proposal, verdicts

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
    assert verdicts(f"{gradient}\n\n{second}") == ["proved", "proved"]
    assert verdicts(f"{gradient}\n\n{second.replace('2 c', 'c')}")[1] != "proved"
