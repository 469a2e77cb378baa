"""Small lines that other people write have the verdicts that are right (`small_lines.md`)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from derivations.proof.judge import judge
from derivations.reader.derivation import reading
from derivations.reader.line import Line

FILE = Path(__file__).with_name("small_lines.md")
_CASE = re.compile(r"^### (?P<name>.*?): (?P<verdicts>.*)$", re.MULTILINE)


def cases() -> list[tuple[str, list[str], str]]:
    """Name, verdicts and text of each small file."""
    _, *pieces = _CASE.split(FILE.read_text(encoding="utf-8"))
    parts = zip(pieces[::3], pieces[1::3], pieces[2::3], strict=True)
    return [(name, verdicts.split(", "), text) for name, verdicts, text in parts]


def verdicts(text: str) -> list[str]:
    """The verdict on each equality of a file, read or not."""
    entries = reading(text, "small.md").entries
    return [
        judge(entry.claim).verdict.value if isinstance(entry, Line) else "not read"
        for entry in entries
    ]


@pytest.mark.parametrize(
    ("wanted", "text"), [case[1:] for case in cases()], ids=[case[0] for case in cases()]
)
def test_a_small_line_has_the_verdict_that_is_right(wanted: list[str], text: str) -> None:
    assert verdicts(text) == wanted


def test_there_are_small_lines_of_every_kind() -> None:
    found = {verdict for _, wanted, _ in cases() for verdict in wanted}
    assert found == {"proved", "refuted", "undecided", "not read"}
    assert len(cases()) > 40


def test_a_sum_that_may_reach_over_two_terms_is_refused_where_it_is_defined() -> None:
    given = (
        "```given\nsize n >= 1\nindex i in 1..n\nvector y, p in R^n\nscalar a\n"
        "define L = -\\sum_i y_i \\log p_i + (1 - y_i) \\log(1 - p_i)\n```\n"
    )
    read = reading(f"{given}$$L = 0$$\n$$a = a$$\n", "small.md")
    (problem,) = read.problems
    assert "does the sum over i reach over both terms?" in problem.what
    assert [isinstance(entry, Line) for entry in read.entries] == [False, True]
