"""The first derivation file prints what its document prints, and the verdicts it expects."""

import json
import re
from pathlib import Path

import pytest

from derivations.claim import Verdict
from derivations.proof.judge import judge
from tests.reader.meaning import written_lines

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
