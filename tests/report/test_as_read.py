"""Of many files the first ones are judged before the last ones are read, and each once."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from derivations.claim import Verdict
from derivations.reader.attempts import Attempts
from derivations.report.judging import AsRead
from derivations.report.subject import of_file
from derivations.report.workers import Limits

TEXT = "```given\nscalar a, b\n```\n\n$$a + b = b + a$$\n\n$$a + b = a b$$\n"


def judging(attempts: Attempts, *names: str) -> AsRead:
    return AsRead(None, "default", Limits(), attempts, frozenset(names), len(names))


def test_what_is_enough_is_judged_before_the_next_file_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("derivations.report.judging.ENOUGH", 4)
    told: list[str] = []

    def tell(name: str, found: Mapping[str, Any]) -> None:
        told.append(name.rpartition("/")[2])

    attempts = Attempts(telling=tell)
    files = [str(tmp_path / f"{name}.md") for name in "abc"]
    work = judging(attempts, *files)
    counts = []
    for file in files:
        Path(file).write_text(TEXT)
        work.add(file, of_file(file, attempts))
        counts.append(len(told))
    assert counts == [0, 4, 4]
    work.finish()
    assert told[-2:] == ["c.md: line.1", "c.md: line.2"]
    for file in files:
        verdicts = [each.verdict for each in work.judgements[file]]
        assert verdicts == [Verdict.PROVED, Verdict.REFUTED]
        assert [each.claim.id for each in work.judgements[file]] == ["line.1", "line.2"]
    again = judging(Attempts(known=dict(attempts.known), telling=tell), *files)
    for file in files:
        again.add(file, of_file(file))
    again.finish()
    assert len(told) == 6
    assert list(again.judgements) == files


def test_a_file_that_another_may_take_in_waits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("derivations.report.judging.ENOUGH", 1)
    file = tmp_path / "part.tex"
    file.write_text("% given\n% scalar a\n\n\\[a = a\\]\n")
    work = judging(Attempts(), str(file))
    work.add(str(file), of_file(str(file)))
    assert not work.judgements
    work.finish()
    assert str(file) in work.judgements
