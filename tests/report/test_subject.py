"""Claims are picked by id, by part, or by the beginning of their ids."""

import pytest

from derivations.report.subject import BadSubject, NoSuchClaim, Subject, word2vec
from tests.report.pretend import CLAIM, OTHER, SLIP, SUBJECT


def _ids(subject: Subject) -> list[str]:
    return [claim.id for claim in subject.everything]


def test_without_a_name_everything_is_picked() -> None:
    assert SUBJECT.pick([]) == SUBJECT


def test_an_id_picks_one_claim() -> None:
    assert _ids(SUBJECT.pick(["c.other"])) == ["c.other"]


def test_a_part_picks_its_claims_and_its_false_claims() -> None:
    assert _ids(SUBJECT.pick(["e"])) == ["e.complement", "e.exp"]


def test_the_beginning_of_ids_up_to_a_dot_picks_them() -> None:
    assert _ids(word2vec().pick(["h.naive"]))[:3] == [
        "h.naive.U",
        "h.naive.center",
        "h.naive.other",
    ]


def test_what_is_picked_keeps_the_order_of_the_subject() -> None:
    assert _ids(SUBJECT.pick(["e.exp", "c", "e.complement"])) == [
        "e.complement",
        "c.other",
        "e.exp",
    ]


def test_an_unknown_name_is_refused_and_the_nearest_are_named() -> None:
    with pytest.raises(NoSuchClaim, match=r"'c\.othr'.*did you mean c\.other"):
        SUBJECT.pick(["e", "c.othr"])


def test_a_name_like_no_other_is_refused_without_a_guess() -> None:
    with pytest.raises(NoSuchClaim) as caught:
        SUBJECT.pick(["%%%"])
    assert "did you mean" not in str(caught.value)


def test_to_pick_one_a_name_must_not_pick_several() -> None:
    assert _ids(SUBJECT.pick_one("c")) == ["c.other"]
    with pytest.raises(NoSuchClaim, match=r"more than one claim: e\.complement, e\.exp"):
        SUBJECT.pick_one("e")


def test_an_id_used_twice_is_refused_across_claims_and_false_claims() -> None:
    with pytest.raises(BadSubject, match=r"repeated: e\.exp"):
        Subject((CLAIM, SLIP), (OTHER, SLIP))


def test_a_subject_without_claims_is_refused() -> None:
    with pytest.raises(BadSubject, match="no claim"):
        Subject((), ())


def test_the_ids_of_the_real_subject_are_unique() -> None:
    ids = _ids(word2vec())
    assert len(ids) == len(set(ids)) > 40
