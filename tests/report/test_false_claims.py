"""False claims: read from their file, with a few that were typed, part by part."""

from pathlib import Path

import pytest

from derivations.claim import FALLEN
from derivations.reader.derivation import derivation
from derivations.reader.line import Line
from derivations.report import subject
from derivations.report.subject import BadSubject, false_claims
from derivations.word2vec.typed_slips import TYPED_SLIPS
from tests.false_claims import SLIPS
from tests.proof.judged import judged

WRITTEN: tuple[Line, ...] = derivation(
    subject.SLIPS.read_text(encoding="utf-8"), subject.SLIPS.name
).lines
CALLED = {slip.id: slip for slip in SLIPS}


def test_every_written_and_every_typed_false_claim_is_one_of_126() -> None:
    written = [f"slip.{line.id}" for line in WRITTEN]
    assert sorted(CALLED) == sorted([*written, *(slip.id for slip in TYPED_SLIPS)])
    assert len(SLIPS) == len(CALLED) == 126


def test_the_false_claims_of_a_part_stand_together() -> None:
    parts = [slip.part for slip in SLIPS]
    assert parts == sorted(parts, key=list(dict.fromkeys(parts)).index)


@pytest.mark.parametrize("line", WRITTEN, ids=lambda line: line.id)
def test_a_written_one_falls_as_its_bullet_says(line: Line) -> None:
    assert line.expected in FALLEN
    assert judged(CALLED[f"slip.{line.id}"]).verdict is line.expected


def test_every_written_one_has_a_name_of_its_own() -> None:
    assert [line.id for line in WRITTEN if line.id.rpartition(".")[2].isdecimal()] == []


def _read(text: str, monkeypatch: pytest.MonkeyPatch, folder: Path) -> str:
    """The false claims of another file, or what is wrong with it."""
    file = folder / "own.md"
    file.write_text(f"```given\nscalar z\n```\n\n{text}", encoding="utf-8")
    monkeypatch.setattr(subject, "SLIPS", file)
    try:
        first, *_ = false_claims()
    except BadSubject as error:
        return str(error)
    return f"{first.id}: {first.title} ({first.place})"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a sign\nlost\n\n$$z = -z$$\n- line.1 refuted", "slip.line.1: a sign lost (not printed)"),
        (
            "a sign lost; printed in (a), line 2\n\n$$z = -z \\label{sign}$$\n- line.sign refuted",
            "slip.line.sign: a sign lost ((a), line 2)",
        ),
        ("a sign lost\n\n$$z = -z$$", "own.md:7:7: line.1: a false claim needs a verdict"),
        ("a sign lost\n\n$$z = -z$$\n- line.1 proved", "line.1: a false claim needs a verdict"),
        ("$$z = -z$$\n- line.1 refuted", "it falls with, and words above it"),
    ],
)
def test_a_false_claim_says_how_it_falls_and_what_is_wrong_with_it(
    text: str, said: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert said in _read(text, monkeypatch, tmp_path)
