"""Repairs: edits of terms, printed and read back; those that people would make, screened."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from derivations.claim import Claim, Verdict
from derivations.language.traversal import parts, same
from derivations.language.tree import Misfit, Rows, Term
from derivations.language.unfit import is_fit, literal
from derivations.proof.judge import judge
from derivations.reader.derivation import derivation
from derivations.reader.environment import Environment, loosely, resolve
from derivations.reader.equation import Line
from derivations.reader.source import Source
from derivations.reader.syntax import formula
from derivations.reader.unparser import both_sides, latex
from derivations.repair import Before, Budget, Repair, Spent, Suggestion, repairs, suggestions
from derivations.repair.edits import OPERATORS, variants
from derivations.repair.operator import Surroundings
from derivations.repair.search import Screen, Sizes, apart, points
from tests.documents import written
from tests.mutation.campaign import TrueLine, true_lines

# Single lines and formulas under the declarations that these tests share.


GIVEN = r"""
size N, d >= 1
size K, m >= 0
index c, o, w, x in Vocab = 1..N
index k, i in 1..K
index j in -m..m
scalar z
vectors u_w in R^d, columns of U
vectors v_w in R^d, columns of V
list w_k in Vocab, k in 1..K
read k as w_k
define P(O = o | C = c) = \frac{\exp(u_o^T v_c)}{\sum_w \exp(u_w^T v_c)}
define \hat{y}_w = P(O = w | C = c)
define y_w = \mathbb{1}_{w = o}
define \sigma(z) = \frac{1}{1 + e^{-z}}
"""


def read(latex: str) -> Line:
    """The line that a display makes."""
    text = f"```given\n{GIVEN}```\n\n## (t) Test\n\n$${latex}$$\n"
    return derivation(text, "test").lines[0]


SCOPE = read("z = z").equality.scope


def term(latex: str) -> Term:
    """The term of a formula."""
    return resolve(formula(Source(latex).whole), Environment(SCOPE))


def around(*sides: str) -> Surroundings:
    """What edits of a line with these sides may draw on."""
    return Surroundings(SCOPE, tuple(map(loose, sides)))


def loose(latex: str) -> Term:
    """The term of a formula, whether it fits or not."""
    with loosely():
        return term(latex)


# Each operator makes the change it is named after, and nothing else is called by its name.


EXAMPLES = [
    ("exp inserted", r"\sum_w u_w^T v_c", r"\sum_w \exp(u_w^T v_c)"),
    ("exp inserted", r"1 + z", r"1 + \exp(z)"),
    ("exp inserted", r"\log(u_o^T v_c) z", r"\log(u_o^T v_c) \exp(z)"),
    ("exp dropped", r"\sum_w \exp(u_w^T v_c)", r"\sum_w u_w^T v_c"),
    ("exp dropped", r"1 + e^{-z}", r"1 - z"),
    ("log inserted", r"-\sigma(z)", r"-\log(\sigma(z))"),
    ("log dropped", r"-\log(\hat{y}_o)", r"-\hat{y}_o"),
    ("sign of a term", r"1 - \sigma(z)", r"1 + \sigma(z)"),
    ("sign of a term", r"-U y", r"U y"),
    ("sign of a term", r"U y", r"-U y"),
    ("sign of an argument", r"\sigma(z)", r"\sigma(-z)"),
    ("sign of an argument", r"\sigma(-z)", r"\sigma(z)"),
    ("minus moved outside", r"\sigma(-z)", r"-\sigma(z)"),
    ("brackets dropped behind a minus", r"1 - (z - 2)", r"1 - z - 2"),
    ("letter exchanged", r"u_o", r"u_w"),
    ("letter exchanged", r"u_o", r"u_k"),
    ("letter exchanged", r"\sum_w u_w", r"\sum_w u_o"),
    ("letter exchanged", r"\sum_w u_w", r"\sum_c u_w"),
    ("letter exchanged everywhere", r"\hat{y}_w - y_w", r"\hat{y}_o - y_o"),
    ("letter exchanged everywhere", r"\sum_w y_w u_o", r"\sum_w y_w u_w"),
    ("nought and letter", r"\hat{y}_0", r"\hat{y}_o"),
    ("nought and letter", r"\hat{y}_o", r"\hat{y}_0"),
    ("name exchanged", r"u_o", r"v_o"),
    ("name exchanged", r"\frac{\partial}{\partial u_w} z", r"\frac{\partial}{\partial v_w} z"),
    ("hat put or dropped", r"U \hat{y}", r"U y"),
    ("subscript dropped", r"\log(\hat{y}_w)", r"\log(\hat{y})"),
    ("subscript added", r"\log(\hat{y})", r"\log(\hat{y}_w)"),
    ("transpose dropped", r"U^T u_o", r"U u_o"),
    ("transpose added", r"U y", r"U y^T"),
    ("transpose added", r"U (\hat{y} - y)", r"U (\hat{y} - y)^T"),
    ("side transposed", r"-y^T U^T + \hat{y}^T U^T", r"-U y + U \hat{y}"),
    ("factors exchanged", r"U y", r"y U"),
    ("factor dropped", r"\sigma(z) v_c", r"v_c"),
    ("factor added", r"\sigma(z) - z", r"\sigma(z) z - z"),
    ("factor added", r"\sum_w y_w - \frac{1}{2}", r"(\sum_c y_c) y_w - \frac{1}{2}"),
    ("term dropped", r"v_c + u_o", r"u_o"),
    ("fraction turned over", r"\frac{z}{1 + z}", r"\frac{1 + z}{z}"),
    ("denominator dropped", r"\frac{1 + z}{2} z", r"(1 + z) z"),
    ("restriction dropped", r"\sum_{w : w \ne o} u_w", r"\sum_w u_w"),
    ("restriction added", r"\sum_j z", r"\sum_{j : j \ne 0} z"),
    ("restriction added", r"\sum_w u_w", r"\sum_{w : w \ne o} u_w"),
    ("relation negated", r"\mathbb{1}_{w = o}", r"\mathbb{1}_{\{w \ne o\}}"),
    ("relation negated", r"\sum_{w : w \ne o} u_w", r"\sum_{w : w = o} u_w"),
    ("bound shifted", r"\sum_{k = 1}^K z", r"\sum_{k=2}^K z"),
    ("bound shifted", r"\sum_{k = 1}^K z", r"\sum_{k=1}^{K - 1} z"),
    ("range by words", r"\sum_{i = 1}^K z", r"\sum_{i : w_i \ne w_k} z"),
    ("sum dropped", r"1 + \sum_w y_w", r"1 + y_w"),
    ("number changed", r"1 + z", r"2 + z"),
    ("number changed", r"z^2", r"z^3"),
    ("doubled", r"\sigma(z)", r"2 \sigma(z)"),
    ("square dropped", r"(1 + z)^2", r"1 + z"),
    ("square added", r"\frac{1}{1 + z}", r"\frac{1}{(1 + z)^2}"),
    ("complement dropped", r"v_c [1 - \sigma(z)]", r"v_c \sigma(z)"),
    ("complement added", r"\sigma(z) v_c", r"(1 - \sigma(z)) v_c"),
    ("function dropped", r"1 - \tanh(z)", r"1 - z"),
    ("function dropped", r"\frac{v_c}{\lVert v_c \rVert}", r"\frac{v_c}{\lVert v_c \rVert^2}"),
    ("function exchanged", r"z \sinh(z)", r"z \cosh(z)"),
    ("function exchanged", r"\max(0, z)", r"\min(0, z)"),
    ("norm for its square", r"\lVert u_o \rVert^2 z", r"\lVert u_o \rVert z"),
]  # fmt: skip
UNTOUCHED = [
    ("bound shifted", r"\sum_w u_w"),
    ("relation negated", r"P(O = o | C = c)"),
    ("factors exchanged", r"\frac{\partial}{\partial v_c} P(O = o | C = c)"),
    ("fraction turned over", r"\frac{\partial}{\partial v_c} \sigma(z)"),
    ("nought and letter", r"1 + 0"),
    ("number changed", r"\sum_{k = 2}^K z"),
    ("letter exchanged", r"U \hat{y}"),
]


@pytest.mark.parametrize(("kind", "before", "after"), EXAMPLES)
def test_an_operator_makes_the_change_it_is_named_after(kind: str, before: str, after: str) -> None:
    (operator,) = [each for each in OPERATORS if each.kind == kind]
    whole = loose(before)
    made = {latex(edit.term, SCOPE) for edit in operator(whole, around(before))}
    assert after in made


@pytest.mark.parametrize(("kind", "before"), UNTOUCHED)
def test_an_operator_leaves_alone_what_is_none_of_its_business(kind: str, before: str) -> None:
    (operator,) = [each for each in OPERATORS if each.kind == kind]
    assert list(operator(term(before), around(before))) == []


def test_every_operator_has_a_name_of_its_own_and_an_example() -> None:
    kinds = [operator.kind for operator in OPERATORS]
    assert len(set(kinds)) == len(kinds)
    assert set(kinds) == {kind for kind, _, _ in EXAMPLES}


SIDE = r"-u_o + \sum_x \frac{\exp(u_x^T v_c)}{\sum_w \exp(u_w^T v_c)} u_x"


def test_every_variant_is_new_and_there_once() -> None:
    texts = [latex(edit.term, SCOPE) for edit in variants(term(SIDE), around(SIDE))]
    assert len(texts) > 80
    assert latex(term(SIDE), SCOPE) not in texts
    assert len(set(texts)) == len(texts)


def test_what_does_not_fit_is_told_from_what_does() -> None:
    fit = {latex(edit.term, SCOPE): is_fit(edit.term) for edit in variants(term("U y"), around())}
    assert fit["V y"]
    assert not fit["U y^T"]
    assert not fit["y U"]


def test_an_edit_that_fits_mends_what_did_not() -> None:
    whole = loose(r"U^T (\hat{y} - y)^T")
    assert not is_fit(whole)
    once = [edit.term for edit in variants(whole, around())]
    twice = {latex(each.term, SCOPE): each.term for t in once for each in variants(t, around())}
    assert r"U (\hat{y} - y)" not in [latex(each, SCOPE) for each in once]
    assert is_fit(twice[r"U (\hat{y} - y)"])


def test_literal_numbers_take_the_shape_of_what_they_stand_beside() -> None:
    texts = {
        latex(edit.term, SCOPE): edit.term for edit in variants(term("1 - y"), around("z", "y"))
    }
    changed = texts["1 - y_w"]
    assert is_fit(changed)
    assert changed.shape == ()
    assert texts["2 - y"].shape == term("y").shape


def test_what_a_name_leaves_unsaid_is_not_changed() -> None:
    texts = [latex(edit.term, SCOPE) for edit in variants(term(r"\hat{y}_c v_c"), around())]
    assert r"\hat{y}_w v_w" in texts
    assert not any("|" in text for text in texts)


def test_edits_are_said_in_words() -> None:
    side = r"\sum_w u_w^T v_c"
    words = {edit.words for edit in variants(term(side), around(side))}
    assert "exp around u_w^T v_c" in words
    assert "the sum over w dropped" in words


@pytest.mark.parametrize(
    "formula", [r"\max(0, u_o^T v_c + z)", r"\lvert u_o^T v_c \rvert", r"\tanh(u_o^T v_c)"]
)
def test_what_an_edit_has_made_is_edited_further_whether_it_fits_or_not(formula: str) -> None:
    once = [edit.term for edit in variants(term(formula), around(formula))]
    assert not all(map(is_fit, once))
    assert all(list(variants(each, around(formula))) for each in once)


# An edited term prints as a line that is read back as what it was.


EVERY = 7  # so many variants are passed over for one that is looked at


def holds_rows(term: Term) -> bool:
    """Whether a matrix is written cell by cell: its cells may all be one after an edit."""
    return isinstance(term, Rows) or any(map(holds_rows, parts(term)))


@pytest.mark.parametrize("line", true_lines(), ids=lambda line: line.id)
def test_an_edited_side_is_read_back_from_its_print(line: TrueLine) -> None:
    equality = line.equality
    assert not isinstance(equality.left, Misfit)
    assert not isinstance(equality.right, Misfit)
    around = Surroundings(equality.scope, (equality.left, equality.right))
    edits = list(variants(equality.right, around))
    assert edits
    for edit in edits[::EVERY]:
        if not is_fit(edit.term) or holds_rows(edit.term):
            continue
        text = latex(edit.term, equality.scope)
        assert same(
            resolve(formula(Source(text).whole), Environment(equality.scope)), literal(edit.term)
        )


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
    lines = written("word2vec").lines
    some = [line for line in lines if line.part != "g"]
    return {each.line.id: each for each in repairs(some, lambda line: judge(line.claim).verdict)}


def is_the_recorded_one(claim: Claim, correction: Claim) -> bool:
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
    assert is_the_recorded_one(repair.suggestions[0].claim, repair.line.correction)


def test_a_step_from_a_faulty_line_says_so() -> None:
    befores = {name: each.suggestions[0].before for name, each in found().items()}
    steps = {name: before for name, before in befores.items() if before}
    assert steps == {"a.4": "a.3", "b.3": "b.2", "b.5": "b.4", "c.3": "c.2", "c.6": "c.5"}
