"""A name means what was declared last before it, and what depends on the older one says so."""

import pytest

from derivations.proof.judge import judge
from derivations.reader.derivation import derivation
from tests.reader.meaning import GIVEN, problems


def verdicts(text: str) -> dict[str, str]:
    return {line.id: judge(line.claim).verdict.value for line in derivation(text, "notes").lines}


def with_parts(*parts: str) -> str:
    """A file with a part for each text, named a, b, ..."""
    headed = (f"## ({name}) Part\n\n{part}\n" for name, part in zip("abcdef", parts, strict=False))
    return f"```given\n{GIVEN}```\n\n" + "\n".join(headed)


def test_a_declaration_holds_to_the_end_of_its_part() -> None:
    text = with_parts(
        "$$\\sum_x y_x = 1$$",
        "```given\nscalar x\n```\n\n$$x + x = 2 x$$\n",
        "$$\\sum_x y_x = 1$$",
    )
    assert verdicts(text) == {"a.1": "proved", "b.1": "proved", "c.1": "proved"}


def test_a_scalar_takes_the_name_from_a_label() -> None:
    (problem,) = problems(with_parts("```given\nscalar x\n```\n\n$$u_x = u_x \\quad (x \\ne o)$$"))
    assert problem.token == "u_x"
    assert "x is declared and no index" in problem.advice


def test_a_vector_takes_the_name_from_an_index() -> None:
    given = "```given\nvector i in R^d\n```\n\n"
    assert verdicts(with_parts(f"{given}$$i^T i = \\lVert i \\rVert^2$$")) == {"a.1": "proved"}


def test_an_index_takes_the_name_from_a_function() -> None:
    given = "```given\nindex J in 1..K\n```\n\n"
    assert verdicts(with_parts(f"{given}$$\\sum_J a = K a$$")) == {"a.1": "proved"}


@pytest.mark.parametrize("name", [r"\hat{y}_w", r"\hat{y}^T y", "J"])
def test_what_depends_on_a_letter_that_now_means_something_else_is_refused(name: str) -> None:
    given = "```given\nindex c in 1..K\n```\n\n"
    (problem,) = problems(with_parts(f"{given}$${name} = a$$"))
    assert "depends on a c that was declared otherwise before" in problem.what


def test_a_definition_keeps_what_it_was_made_of() -> None:
    given = "```given\ndefine g = 2 z\n```\n\n$$g = 2 z$$\n\n```given\ndefine f = g\n```\n\n"
    later = "```given\ndefine g = 3 z\n```\n\n$$f = 2 z$$\n\n$$g = 3 z$$\n"
    assert set(verdicts(with_parts(given + later)).values()) == {"proved"}


def test_a_letter_bound_in_a_sum_and_free_beside_it_leaves_a_note() -> None:
    (line,) = derivation(with_parts("$$y_w = \\sum_w y_w$$"), "notes").lines
    assert line.notes == ("w is free, and bound in a sum: inside the sum it is the bound one",)
