"""Repairs: those that people would make, screened, and as they are written."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from derivations.claim import Claim, Verdict
from derivations.language.tree import Term
from derivations.proof.judge import judge
from derivations.reader.derivation import derivation
from derivations.reader.unparser import both_sides
from derivations.repair import Before, Budget, Repair, Spent, Suggestion, repairs, suggestions
from derivations.repair.search import Screen, Sizes, apart, points
from tests.mutation.true_lines import WRITTEN
from tests.repair.test_operators import SCOPE, read, term

# Suggestions: proved, small, not trivial, the same every time, and never more than is asked.


FAULTY = [
    (r"\sigma'(z) = \sigma(z) (1 + \sigma(z))", r"\sigma(z) (1 - \sigma(z))"),
    (r"1 - \sigma(z) = \sigma(z)", r"\sigma(-z)"),
    (r"\sigma(z) = \frac{e^z}{e^z - 1}", r"\frac{\exp(z)}{\exp(z) + 1}"),
    (r"\sum_w y_w u_w = u_c", r"u_o"),
    (r"\sum_w y_w u_w = U^T y", r"U y"),
    (r"\sigma'(z) = \frac{e^{-z}}{1 + e^{-z}}", r"\frac{\exp(-z)}{(1 + \exp(-z))^2}"),
    (r"u_o = U^T y", r"U y"),
    (r"\sum_w \hat{y}_w u_w + z v_c = U \hat{y} + v_c", r"U \hat{y} + v_c z"),
    (r"\sum_w y_w \log(\hat{y}_w) = \log(\hat{y}_0)", r"\log(\hat{y}_o)"),
]


def printed(suggestion: Suggestion) -> tuple[str, str]:
    """Both sides of what is suggested."""
    equality = suggestion.equality
    assert isinstance(equality.left, Term)
    assert isinstance(equality.right, Term)
    return both_sides(equality.left, equality.right, equality.scope, equality.assumed)


@pytest.mark.parametrize(("line", "right"), FAULTY)
def test_a_slip_is_undone(line: str, right: str) -> None:
    assert right in {printed(each)[1] for each in suggestions(read(line))}


@pytest.mark.parametrize(("line", "right"), FAULTY)
def test_every_suggestion_is_proved_and_says_what_was_changed(line: str, right: str) -> None:
    for each in suggestions(read(line)):
        assert judge(each.claim).verdict is Verdict.PROVED
        assert each.edits
        assert each.claim.title == " = ".join(printed(each))
        assert printed(replace(each, equality=read(each.latex).equality)) == printed(each)


def test_the_side_that_is_left_alone_stands_in_the_words_of_the_author() -> None:
    first = suggestions(read(r"\sigma'(z) = \sigma(z) (1 + \sigma(z))"))[0]
    assert first.latex == r"\sigma'(z) = \sigma(z) (1 - \sigma(z))"
    first = suggestions(read(r"\frac{1}{1 + e^{z}} = \sigma(z)"))[0]
    assert first.latex == r"\frac{1}{1 + e^{z}} = \sigma(-z)"


def test_nothing_trivial_is_suggested() -> None:
    for line in (r"\sigma(z) = 1 - \sigma(z)", r"z - 1 = 1 - z", r"u_o = 2 u_o"):
        found = [printed(each) for each in suggestions(read(line), Budget(found=20))]
        for left, right in found:
            assert left != right
            assert {left, right} != {"0"}
            assert not any(detour in left + right for detour in ("- 0", "+ 0", "(1 - (1"))


def test_the_line_before_is_taken_as_it_should_have_been() -> None:
    line = read(r"\sigma(z) (1 + \sigma(z)) = \sigma(z) \sigma(-z)")
    before = Before("t.1", term(r"\sigma(z) (1 - \sigma(z))"))
    (found,) = suggestions(line, before=before)
    assert found.before == "t.1"
    assert found.edits == ()
    assert printed(found)[1] == r"\sigma(z) \sigma(-z)"


def test_without_use_for_the_line_before_the_left_side_stays_as_printed() -> None:
    line = read(r"1 - \sigma(z) = \sigma(z)")
    found = suggestions(line, before=Before("t.1", term(r"u_o")))
    assert found
    assert all(not each.before for each in found)


def test_two_edits_are_tried_after_one() -> None:
    (found, *_) = suggestions(read(r"-U y + U \hat{y} = U^T (\hat{y} - y)^T"))
    assert len(found.edits) == 2


def test_a_search_is_the_same_every_time_and_ends_where_the_count_says() -> None:
    line = read(r"\sigma(z) = \log(z) - 7")
    seen: list[Spent] = []
    ends = []
    for _ in range(2):
        assert suggestions(line, Budget(read=150), progress=seen.append) == []
        ends.append((seen[-1].read, seen[-1].judged))
    assert ends[0] == ends[1]
    assert ends[0][0] == 150


def test_no_more_is_suggested_than_is_asked_for() -> None:
    line = read(r"\sum_w y_w u_w = U^T y")
    assert len(suggestions(line, Budget(found=1))) == 1


def test_a_judge_that_is_never_asked_proves_nothing() -> None:
    assert suggestions(read(r"1 - \sigma(z) = \sigma(z)"), Budget(judged=0)) == []


def test_a_suggestion_is_what_its_print_is_read_as() -> None:
    (found, *_) = suggestions(read(r"\sum_w y_w u_w = u_c"))
    again = read(found.latex)
    assert again.claim.misfit is None
    assert judge(again.claim).verdict is Verdict.PROVED
    assert printed(found) == both_sides(*again.claim.terms, again.equality.scope)


def test_a_vector_that_is_not_zero_is_not_made_zero() -> None:
    """A zero that was written has the shape of the other side, whatever stands there then."""
    line = read(r"U (\hat{y} - y) = 0")
    for each in suggestions(line, Budget(found=20)):
        left, right = printed(each)
        assert {left, right} != {"0"}
        assert judge(each.claim).verdict is Verdict.PROVED


def test_what_is_read_in_no_way_gets_no_suggestion() -> None:
    line = read(r"z = \frac{z}{0}")
    assert line.equality.loose == (None, None)
    assert suggestions(line) == []


def test_a_name_on_both_sides_for_another_is_no_repair_and_a_forgotten_factor_is() -> None:
    given = "```given\nsize n >= 1\nvector x, v in R^n\n```\n"
    line = derivation(rf"{given}$$\frac{{\partial}}{{\partial x}} x^T x = x$$", "own").lines[0]
    found = suggestions(line, Budget(found=50))
    assert [printed(each)[1] for each in found] == ["2 x"]


def test_the_same_dropped_on_both_sides_is_no_repair() -> None:
    texts = [each.latex for each in suggestions(read(r"z \hat{y}_o = z y_o"), Budget(found=50))]
    assert "z = z" not in texts
    assert not any(r"\hat" not in text and "y" not in text for text in texts)


# Screening: sides that differ are told apart at some point, sides that are equal at none.


EQUAL = [
    (r"U y", r"u_o"),
    (r"\sigma(-z)", r"1 - \sigma(z)"),
    (r"\frac{\partial}{\partial z} \sigma(z)", r"\sigma(z) (1 - \sigma(z))"),
    (r"\sum_w \hat{y}_w", "1"),
]
DIFFERENT = [
    (r"U y", r"u_c"),
    (r"\sigma(-z)", r"\sigma(z)"),
    (r"\sum_{w : w \ne o} y_w", "1"),
    (r"\sum_k z", r"\sum_{k=2}^K z"),
    (r"\mathbb{1}_{w_k = w_i}", r"\mathbb{1}_{k = i}"),
]


def screen(conditions: str = "z = z", printed: Term | None = None) -> Screen:
    return Screen(SCOPE, read(conditions).equality.assumed, printed)


@pytest.mark.parametrize(("left", "right"), EQUAL)
def test_equal_sides_are_not_told_apart(left: str, right: str) -> None:
    assert screen().may_be_equal(term(left), term(right))


@pytest.mark.parametrize(("left", "right"), DIFFERENT)
def test_different_sides_are_told_apart(left: str, right: str) -> None:
    assert not screen().may_be_equal(term(left), term(right))


def test_conditions_hold_at_every_point() -> None:
    assert screen(r"z = z \quad (w = o)").may_be_equal(term("u_w"), term("u_o"))
    assert not screen().may_be_equal(term("u_w"), term("u_o"))
    sizes = Sizes(labels=(3, 3), windows=(1, 1), others=(2, 2))
    for conditions, differ in (((), True), (read(r"z = z \quad (w = o)").equality.assumed, False)):
        found = [next(points(SCOPE, conditions, sizes, seed)) for seed in range(30)]
        assert any(each.instance.indices["w"] != each.instance.indices["o"] for each in found) == (
            differ
        )


def test_a_side_without_a_value_is_not_equal_to_anything() -> None:
    nowhere = term(r"\log(-z z)")
    assert not screen().may_be_equal(nowhere, nowhere)


def test_zero_is_seen_to_vanish_and_nothing_else() -> None:
    assert screen().vanishes(term("U y - u_o"))
    assert not screen().vanishes(term("U y - u_c"))


def test_points_are_the_same_every_time() -> None:
    sizes = Sizes(labels=(4, 6), windows=(2, 3), others=(3, 4), few=True)
    first, second = (next(points(SCOPE, (), sizes, 7)) for _ in range(2))
    assert first == second
    one, other = first.values(term("u_o")), second.values(term("u_o"))
    assert one is not None
    assert other is not None
    assert not apart(one, other)


# The faulty lines of the written derivation: what is suggested is what was recorded.


FAULTY_OF_WRITTEN_REPAIRS = [
    "a.1",
    "a.3",
    "a.4",
    "b.2",
    "b.3",
    "b.4",
    "b.5",
    "c.2",
    "c.3",
    "c.4",
    "c.5",
    "c.6",
    "h.4",
]


@cache
def found() -> dict[str, Repair]:
    """The repairs of all faulty lines but those of part g, which take longer."""
    lines = derivation(WRITTEN.read_text(encoding="utf-8"), WRITTEN.name).lines
    some = [line for line in lines if line.part != "g"]
    return {each.line.id: each for each in repairs(some, lambda line: judge(line.claim).verdict)}


def same(claim: Claim, correction: Claim) -> bool:
    """Whether both sides of a claim are proved equal to those of the recorded one."""
    sides = [(claim.left, correction.left), (claim.right, correction.right)]
    claims = [replace(correction, left=one, right=other) for one, other in sides]
    return all(judge(each).verdict is Verdict.PROVED for each in claims)


def test_every_faulty_line_is_looked_at() -> None:
    assert list(found()) == FAULTY_OF_WRITTEN_REPAIRS


@pytest.mark.parametrize("name", FAULTY_OF_WRITTEN_REPAIRS)
def test_the_recorded_correction_or_an_equal_one_comes_first(name: str) -> None:
    repair = found()[name]
    assert repair.line.correction is not None
    assert same(repair.suggestions[0].claim, repair.line.correction)


def test_a_step_from_a_faulty_line_says_so() -> None:
    befores = {name: each.suggestions[0].before for name, each in found().items()}
    steps = {name: before for name, before in befores.items() if before}
    assert steps == {"a.4": "a.3", "b.3": "b.2", "b.5": "b.4", "c.3": "c.2", "c.6": "c.5"}
