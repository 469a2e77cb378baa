"""What runs behind the page: each edit costs what it changes, and a hung line costs one line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from derivations.reader.source import Broken
from playground.checking import Checker

GIVEN = "```given\nscalar a, b\n```\n\n"
TRUE, FALSE = "$$a + a = 2 a$$\n", "$$(a + b)^2 = a^2 + b^2$$\n"


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


class Heard:
    """A checker, and the pieces of work that it has begun since it was asked last."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.checker = Checker(self.begun.append)

    def check(self, text: str, given_up: dict[str, str] | None = None) -> dict[str, Any]:
        self.begun.clear()
        told: dict[str, Any] = json.loads(self.checker.check(text, given_up or {}))
        return told

    @property
    def judged(self) -> list[str]:
        return [name for name in self.begun if name and ":" not in name]


def test_each_equality_has_its_mark_at_its_line_and_the_report_is_whole() -> None:
    told = Heard().check(GIVEN + TRUE + FALSE)
    assert told["code"] == 1
    marks = {line: [kind for _, kind, _, _ in each] for line, each in told["marks"].items()}
    assert marks == {"5": ["proved"], "6": ["refuted"]}
    assert "the sides differ by" in told["marks"]["6"][0][3]
    assert told["page"].startswith("<!DOCTYPE html>")
    assert "<math" in told["page"]


def test_an_edit_judges_what_it_changes_and_nothing_twice() -> None:
    here = Heard()
    here.check(GIVEN + TRUE + FALSE)
    assert len(here.judged) == 2
    assert here.check(GIVEN + TRUE + "$$(a + b)^2 = a^2 + 2 a b + b^2$$\n")["code"] == 0
    assert len(here.judged) == 1
    here.check(GIVEN + TRUE + FALSE)
    assert here.judged == []


def test_a_line_that_was_given_up_is_undecided_and_the_others_are_judged() -> None:
    here = Heard()
    here.check(GIVEN + FALSE)
    (name,) = here.judged
    told = Heard().check(GIVEN + TRUE + FALSE, {name: "it took too long"})
    assert [each[0][1] for each in told["marks"].values()] == ["proved", "undecided"]
    assert "it took too long" in told["marks"]["6"][0][3]


def test_a_piece_of_reading_that_was_given_up_costs_that_piece() -> None:
    here = Heard()
    here.check(GIVEN + TRUE + FALSE)
    pieces = [name for name in here.begun if ":" in name]
    told = Heard().check(GIVEN + TRUE + FALSE, {pieces[-1]: "it took too long"})
    kinds = [each[0][1] for each in told["marks"].values()]
    assert kinds[0] == "proved"
    assert "not-read" in kinds or "refuted" not in kinds


def test_where_the_stack_ran_out_a_new_worker_is_told_what_to_give_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    here = Heard()
    with monkeypatch.context() as patched:
        patched.setattr(
            "playground.checking.Attempts.require_sound", lambda _: broken({3: "too deep"})
        )
        told = here.check(GIVEN + TRUE)
    ((name, why),) = told["given_up"].items()
    assert (name.partition(":")[2], why) == ("3", "too deep")
    assert Heard().check(GIVEN + TRUE, told["given_up"])["code"] in (1, 2)


def broken(pieces: dict[int, str]) -> None:
    raise Broken(pieces)


def test_a_text_without_declarations_gets_a_proposal_and_an_empty_one_a_reason() -> None:
    told = Heard().check("$$J(w) = w^T A w$$\n\n$$\\nabla_w J = 2 A w$$\n")
    assert told["code"] == 2
    assert "vector w" in told["proposal"]
    assert Heard().check("")["said"]


def test_small_edits_are_sought_when_asked_for() -> None:
    here = Heard()
    assert "perhaps" not in here.check(GIVEN + "$$a + a = 3 a$$")["page"]
    assert "perhaps" in json.loads(here.checker.suggest())["page"]


def test_text_of_a_stranger_never_becomes_markup() -> None:
    told = Heard().check(GIVEN + "$$a = \\text{<script>alert(1)</script>}$$\n" + TRUE)
    assert "<script>alert" not in told["page"]
