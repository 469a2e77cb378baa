"""The table says everything at every width, in marks before colours."""

import re
from dataclasses import replace

import pytest
from rich.console import RenderableType

from derivations.claim import Verdict
from derivations.report.statement import readings
from derivations.report.style import rendered
from derivations.report.tables import listing, table
from tests.report.pretend import (
    CLAIM,
    OTHER,
    SHAPELESS,
    SLIP,
    SUBJECT,
    at_a_loss,
    every_claim_judged,
    gullible,
    results,
)

WIDTHS = (60, 80, 120, 160)


def _at(width: int, content: RenderableType, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setenv("COLUMNS", str(width))
    return rendered(content).splitlines()


def _row(lines: list[str], name: str) -> str:
    return next(line for line in lines if line.split()[:1] == [name])


@pytest.mark.parametrize("width", WIDTHS)
def test_no_line_is_wider_than_the_page_and_none_ends_in_blanks(
    width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = _at(width, table(every_claim_judged(), width), monkeypatch)
    assert all(len(line) <= width and line == line.rstrip() for line in lines)


@pytest.mark.parametrize("width", WIDTHS[1:])
def test_every_word_of_every_statement_is_on_the_page(
    width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged = every_claim_judged()
    page = set(" ".join(_at(width, table(judged, width), monkeypatch)).split())
    for judgement in judged.claims:
        words = {word for line in readings(judgement.claim) for word in line.split()}
        assert words <= page


def test_rows_stand_under_their_part_with_verdict_arguments_and_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lines = _at(140, table(results(), 140), monkeypatch)
    assert lines.index(" part e") < lines.index(_row(lines, CLAIM.id))
    assert re.search(r"1 − σ\(z\) = σ\(−z\) +✓ +✓ 34 +✓ proved +1 ms$", _row(lines, CLAIM.id))
    assert re.search(r"N=2, d=1: 0.268 ≠ 0.731 +✓ refuted +2 ms$", _row(lines, SLIP.id))
    assert "does not fit (N, 1)" in _row(lines, SHAPELESS.id)


def test_an_argument_that_was_not_made_is_a_dash(monkeypatch: pytest.MonkeyPatch) -> None:
    judged = results()
    first, second = judged.claims
    partly = replace(judged, claims=(first, replace(second, proofs=first.proofs[1:])))
    assert re.search(
        r"- +✓ 34 +✓ proved", _row(_at(140, table(partly, 140), monkeypatch), OTHER.id)
    )


def test_the_last_line_sums_up(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _at(140, table(results(), 140), monkeypatch)[-1] == (
        "✓ 2 of 2 claims proved · 2 of 2 false claims fell (1 refuted, 1 ill-typed)"
        " · 68 instances decided · 1.2 s"
    )


def test_a_claim_not_proved_is_marked_and_named_with_its_reason(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lines = _at(140, table(results(at_a_loss), 140), monkeypatch)
    assert "✗ undecided" in _row(lines, CLAIM.id)
    assert any("Max is outside the fragment" in line for line in lines)
    assert "  e.complement is undecided" in lines
    assert lines[-1].endswith("--explain e.complement")


def test_a_false_claim_that_stands_is_marked(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = _at(140, table(results(gullible), 140), monkeypatch)
    assert "✗ proved" in _row(lines, SLIP.id)
    assert "  e.exp is proved" in lines
    assert any(line.startswith("✗ 2 of 2 claims proved · 0 of 2 false claims") for line in lines)


def test_a_verdict_is_never_left_to_colour() -> None:
    assert {verdict.value for verdict in Verdict} == {
        "proved",
        "refuted",
        "ill-typed",
        "undecided",
        "not read",
    }
    assert "✓ proved" in rendered(table(results(), 140))


def test_without_a_terminal_there_is_no_escape_code() -> None:
    assert "\x1b" not in rendered(table(results(), 140))


def test_colours_are_used_unless_they_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert "\x1b[32m✓ proved" in rendered(table(results(), 140))
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in rendered(table(results(), 140))


def test_the_listing_shows_titles_and_places(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = _at(140, listing(SUBJECT, 140), monkeypatch)
    assert "another claim" in _row(lines, OTHER.id)
    assert _row(lines, SLIP.id).endswith("(e)")
