"""Ways to write names, functions, derivatives, sums and matrix algebra have the right verdicts.

`forms.md` has a false line beside the true ones in each notation. A line that may be meant
otherwise is doubtful: it can be proved, not refuted. One that is taken as a definition is defined.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from derivations.proof.judge import judge
from derivations.reader.derivation import reading
from derivations.reader.line import Line, NotRead

FILE = Path(__file__).with_name("forms.md")
_CASE = re.compile(r"^### (?P<name>.*?): (?P<verdicts>.*)$", re.MULTILINE)


def cases() -> list[tuple[str, list[str], str]]:
    """Name, verdicts and text of each group of lines."""
    _, *pieces = _CASE.split(FILE.read_text(encoding="utf-8"))
    groups = zip(pieces[::3], pieces[1::3], pieces[2::3], strict=True)
    return [(name, verdicts.split(", "), text) for name, verdicts, text in groups]


def verdict(entry: Line | NotRead) -> str:
    """What is said of one line."""
    if isinstance(entry, NotRead):
        assert entry.problem.advice, entry.problem
        return "not read"
    if entry.defines:
        return "defined"
    found = judge(entry.claim).verdict.value
    return "doubtful" if found == "refuted" and entry.doubt else found


@pytest.mark.parametrize(
    ("wanted", "text"), [case[1:] for case in cases()], ids=[case[0] for case in cases()]
)
def test_every_form_is_judged_as_it_is_meant(wanted: list[str], text: str) -> None:
    read = reading(text, "forms.md")
    assert not read.problems
    assert {entry.latex: verdict(entry) for entry in read.entries} == dict(
        zip((entry.latex for entry in read.entries), wanted, strict=True)
    )


@pytest.mark.parametrize(
    ("wanted", "text"), [case[1:] for case in cases()], ids=[case[0] for case in cases()]
)
def test_every_form_has_a_false_twin(wanted: list[str], text: str) -> None:
    assert {"refuted", "ill-typed", "doubtful"} & set(wanted), text
