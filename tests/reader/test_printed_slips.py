"""False claims that the document prints are read as they were typed by hand, and as it has them."""

import pytest

from derivations.claim import Claim
from derivations.language.index_form import entry_of
from derivations.language.tree import Misfit, Term, spelled
from derivations.proof.judge import judge
from tests.false_claims import SLIPS
from tests.proof.by_hand import judged
from tests.reader.meaning import PRINTED_SLIPS, same, written_lines

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
    if spelled(read.shape) != spelled(typed.shape):
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
