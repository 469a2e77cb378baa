"""The first derivation file is as its document prints it, slips and verdicts included."""

import json
import re
from pathlib import Path

import pytest

from derivations.claim import Claim, Verdict
from derivations.language.index_form import entry_of
from derivations.language.tree import Misfit, Term
from derivations.language.tree import spelled as shape_spelled
from derivations.proof.judge import judge
from derivations.reader.declare.block import KEYWORDS
from derivations.reader.derivation import derivation
from tests.false_claims import SLIPS
from tests.proof.by_hand import judged
from tests.reader.meaning import PRINTED_SLIPS, refusal, same, written_lines

PRINTED: dict[str, list[str]] = json.loads(
    Path(__file__).with_name("printed.json").read_text(encoding="utf-8")
)
LABEL = re.compile(r"\([ivx]+\)\s*\\quad")
LINE_BREAK = re.compile(r"\\\\\s*&")


def compact(latex: str) -> str:
    """Without white space, line breaks of the display and the number of the formula."""
    return "".join(LINE_BREAK.sub("", LABEL.sub("", latex)).split())


def test_the_file_has_the_printed_equalities_in_their_order() -> None:
    assert list(written_lines()) == list(PRINTED)
    assert len(PRINTED) == 50


@pytest.mark.parametrize("name", PRINTED)
def test_a_line_is_as_printed_with_the_verdict_and_the_correction_of_its_remark(name: str) -> None:
    line = written_lines()[name]
    assert [compact(line.left), compact(line.right)] == list(map(compact, PRINTED[name]))
    assert judge(line.claim).verdict is (line.expected or Verdict.PROVED)
    if line.expected:
        assert line.correction is not None
        assert judge(line.correction).verdict is Verdict.PROVED


def test_a_changed_sign_is_seen() -> None:
    assert compact(r"-u_o + \sum_x u_x") != compact(r"-u_o - \sum_x u_x")


def test_only_lines_that_do_not_hold_are_remarked_on() -> None:
    assert all(line.expected is not Verdict.PROVED for line in written_lines().values())
    assert sum(line.expected is not None for line in written_lines().values()) == 15


READ = {slip.id: slip for slip in SLIPS}
# the lists and the arbitrary function of the files, as the claims call them
IN_THE_DOCUMENT = {"J(2)": "J", "∂J(2)/∂V": "∂J/∂V", "∂J(2)/∂U": "∂J/∂U"}
CALLED = {"w_t": "near", **IN_THE_DOCUMENT}
# a false claim, and the line of the document that is it, from the start of its chain
LINES = {
    "slip.b.dropped-exp": "b.2",
    "slip.c.outside-dropped-exp": "c.2",
    "slip.c.other-dropped-exp": "c.5",
    "slip.h.center-in-window": "h.4",
}
WITHOUT_MEANING = {
    "slip.b.row-vector": "b.4",
    "slip.b.transposed": "b.5",
    "slip.c.extra-factor": "c.4",
}
# in a formula that is read, a number beside a vector is that number in every entry
ONE_BESIDE_A_VECTOR = "slip.c.extra-factor"


def agree(read: Term | Misfit, typed: Term | Misfit, called: dict[str, str] | None = None) -> bool:
    """Whether a side is the typed one, or fails in the same shapes."""
    if isinstance(read, Misfit) or isinstance(typed, Misfit):
        shapes = [(each.left, each.right) for each in (read, typed) if isinstance(each, Misfit)]
        return len(shapes) == 2 and shapes[0] == shapes[1]
    if shape_spelled(read.shape) != shape_spelled(typed.shape):
        return False
    (mine, axes), (other, typed_axes) = entry_of(read), entry_of(typed)
    names = {one.name: two.name for one, two in zip(axes, typed_axes, strict=True)}
    return same(mine, other, {**(CALLED if called is None else called), **names})


@pytest.mark.parametrize("typed", PRINTED_SLIPS, ids=lambda claim: claim.id)
def test_a_false_claim_is_read_as_it_was_typed_by_hand(typed: Claim) -> None:
    read = READ[typed.id]
    assert (read.part, read.place, read.title) == (typed.part, typed.place, typed.title)
    assert agree(read.left, typed.left)
    assert agree(read.right, typed.right) != (typed.id == ONE_BESIDE_A_VECTOR)
    assert list(map(str, read.conditions)) == list(map(str, typed.conditions))
    assert judge(typed).verdict is judged(read).verdict


def test_all_that_say_where_they_are_printed_were_typed() -> None:
    printed = {slip.id for slip in SLIPS if slip.place != "not printed"}
    assert printed == {typed.id for typed in PRINTED_SLIPS} | {"slip.g.split-printed"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("slip.b.dropped-exp", "slip.b.unweighted"),
        ("slip.b.transposed", "slip.b.rows-untransposed"),
        ("slip.c.extra-factor-entrywise", "slip.c.outside-dropped-exp"),
        ("slip.h.center-in-window", "slip.h.outside-for-center"),
    ],
)
def test_a_planted_difference_is_noticed(one: str, other: str) -> None:
    (typed,) = (claim for claim in PRINTED_SLIPS if claim.id == one)
    assert not agree(READ[other].right, typed.right)


def _in_the_document(slip: str) -> Claim:
    line = written_lines()[{**LINES, **WITHOUT_MEANING}[slip]]
    return line.from_start or line.claim


@pytest.mark.parametrize("slip", [slip for slip in LINES if slip != "slip.c.other-dropped-exp"])
def test_a_false_claim_is_the_line_that_it_says_it_is(slip: str) -> None:
    assert agree(READ[slip].right, _in_the_document(slip).right, IN_THE_DOCUMENT)


def test_a_false_claim_is_not_another_line() -> None:
    assert not agree(
        READ["slip.b.dropped-exp"].right, written_lines()["c.2"].claim.right, IN_THE_DOCUMENT
    )


def test_a_line_that_calls_its_word_otherwise_is_the_same() -> None:
    """The document's w is free there and bound in the sum; the false claim calls it x."""
    read, document = READ["slip.c.other-dropped-exp"], _in_the_document("slip.c.other-dropped-exp")
    for mine, printed in zip(read.terms, document.terms, strict=True):
        assert same(entry_of(mine)[0], entry_of(printed)[0], {"x": "w"})


@pytest.mark.parametrize("slip", WITHOUT_MEANING)
def test_a_line_without_a_meaning_fails_in_the_shapes_of_the_false_claim(slip: str) -> None:
    reasons = (judged(READ[slip]).reason, judged(_in_the_document(slip)).reason)
    shapes = {reason.split(": ", 1)[1].split(";")[0] for reason in reasons}
    assert len(shapes) == 1


NOTED = {
    "is read as a bar": {"eq.2", "b.3", "b.4", "c.3", "c.4", "c.6", "c.7"},
    "a comma is lost in": {"h.1", "h.2", "h.3", "h.4", "h.5", "h.6"},
    "is read as a product": {"g.8"},
    "\\exp without parentheses": {"eq.1"},
    "excludes nothing: 0 is not a member of 1..K": {"f.5", "f.6"},
    "of the sum is read as a condition": {"h.5", "h.6"},
    "w is free, and bound in a sum": {"c.1", "c.2", "c.5", "c.6"},
    "is not read": {"g.6", "g.7"},
    "is read entry by entry": {"a.3"},
    "is read in every entry": {"c.4"},
}


@pytest.mark.parametrize("text", NOTED)
def test_a_slip_is_noted_where_it_stands(text: str) -> None:
    found = {name for name, line in written_lines().items() if any(text in n for n in line.notes)}
    assert found == NOTED[text]


def test_nothing_else_is_noted() -> None:
    unknown = [
        n for line in written_lines().values() for n in line.notes if not any(t in n for t in NOTED)
    ]
    assert unknown == []


@pytest.mark.parametrize(
    ("name", "which", "misfit"),
    [
        ("a.1", "right", ("\\hat{y}_0", "0", "a member of Vocab = 1..N")),
        ("a.3", "right", ("y_0", "0", "a member of Vocab = 1..N")),
        ("a.4", "left", ("y_0", "0", "a member of Vocab = 1..N")),
    ],
)
def test_a_zero_where_a_word_belongs_has_no_meaning(
    name: str, which: str, misfit: tuple[str, str, str]
) -> None:
    assert getattr(written_lines()[name].claim, which) == Misfit(*misfit)


def test_the_slips_of_punctuation_mean_what_was_meant() -> None:
    """The remark of each line is that it holds; these are the readings it holds in."""
    for name in ("c.7", "g.8"):
        sides = written_lines()[name].claim.sides
        assert sides.left == sides.right


def test_a_letter_that_a_sum_binds_around_a_derivative_is_not_noted_as_free() -> None:
    text = (
        "```given\nsize N, d >= 1\nindex w in Vocab = 1..N\nvectors u_w in R^d, columns of U\n"
        "vector v in R^d\ndefine E = \\sum_w u_w^T v\n```\n"
        "$$\\sum_w \\frac{\\partial E}{\\partial u_w} = N v$$\n"
    )
    (line,) = derivation(text, "own.md").lines
    assert line.notes == ()


PAGE = (Path(__file__).parents[2] / "derivations" / "FORMAT.md").read_text(encoding="utf-8")


def example() -> str:
    """The file on the page."""
    found = re.search(r"````markdown\n(.*?)````", PAGE, re.DOTALL)
    assert found is not None
    return found[1]


def test_the_example_has_ten_lines_and_is_judged_as_the_page_says() -> None:
    assert len(example().splitlines()) <= 10
    first, second = derivation(example(), "example").lines
    assert judge(first.claim).verdict.value == "proved"
    assert judge(second.claim).verdict.value == "ill-typed"
    assert second.expected is judge(second.claim).verdict
    assert second.correction is not None
    assert judge(second.correction).verdict.value == "proved"


def test_a_mistake_planted_in_the_example_is_found() -> None:
    planted = example().replace("(a x_s - y_s) x_s =", "(a x_s - y_s) =")
    assert planted != example()
    assert judge(derivation(planted, "example").lines[0].claim).verdict.value == "refuted"


def test_every_declaration_is_on_the_page() -> None:
    assert all(f"| `{keyword} " in PAGE for keyword in KEYWORDS)


def test_what_the_page_says_is_refused_is_refused() -> None:
    listed = PAGE.partition("what could mean two things:")[2]
    formulas = re.findall(r"`([^`]+)`", listed.partition("a row that begins")[0])
    assert len(formulas) == 3
    for formula in formulas:
        given = "size d >= 1\nscalar x\nvector p, q, r in R^d\nmatrix A in R^{d x d}\n"
        assert refusal(formula, given).advice
