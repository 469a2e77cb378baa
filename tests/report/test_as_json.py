"""The JSON has the keys it documents, and holds what was found."""

import json
from collections.abc import Callable
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from derivations.report import as_json as page
from derivations.report.as_json import as_json, list_as_json
from derivations.report.statement import statement
from derivations.verify import main
from tests.report.pretend import CLAIM, SUBJECT, WITNESS, at_a_loss, gullible, results

ENTRY = {
    "id",
    "part",
    "place",
    "title",
    "statement",
    "verdict",
    "reason",
    "proofs",
    "instances",
    "witness",
    "seconds",
}
PROOF = {"name", "holds", "detail", "instances"}
COUNTEREXAMPLE = {"sizes", "words", "values", "left", "right"}


def _read(text: str) -> dict[str, Any]:
    content = json.loads(text)
    assert isinstance(content, dict)
    return content


def test_every_entry_has_exactly_the_documented_keys() -> None:
    content = _read(as_json(results()))
    top = {"version", "file", "claims", "slips", "lines", "problems", "elsewhere"}
    top |= {"required", "summary"}
    assert set(content) == top
    for entry in content["claims"] + content["slips"]:
        assert set(entry) == ENTRY
        assert all(set(proof) == PROOF for proof in entry["proofs"])
    assert set(content["slips"][0]["witness"]) == COUNTEREXAMPLE


def test_every_key_is_documented() -> None:
    assert page.__doc__ is not None
    summary = set(_read(as_json(results()))["summary"])
    for key in ENTRY | PROOF | COUNTEREXAMPLE | summary:
        assert f"``{key}``" in page.__doc__


def test_an_entry_holds_what_was_found() -> None:
    content = _read(as_json(results()))
    proved, refuted = content["claims"][0], content["slips"][0]
    assert proved["id"] == CLAIM.id
    assert proved["statement"] == statement(CLAIM)
    assert (proved["verdict"], proved["instances"], proved["witness"]) == ("proved", 34, None)
    assert refuted["witness"]["values"] == WITNESS.values
    assert refuted["witness"]["left"] == list(WITNESS.left)


def test_the_summary_counts_and_names_what_failed() -> None:
    assert _read(as_json(results()))["summary"] == {
        "passed": True,
        "claims": 2,
        "proved": 2,
        "slips": 2,
        "fallen": 2,
        "lines": 0,
        "lines_proved": 0,
        "lines_not_read": 0,
        "lines_as_expected": 0,
        "failures": [],
        "disagreements": [],
        "required": 0,
        "required_shown": 0,
        "instances": 68,
        "seconds": 1.25,
    }
    stands = _read(as_json(results(gullible)))["summary"]
    assert (stands["passed"], stands["failures"]) == (False, ["e.exp", "b.transposed"])
    assert _read(as_json(results(at_a_loss)))["summary"]["proved"] == 0


def test_a_listing_has_no_verdicts() -> None:
    content = _read(list_as_json(SUBJECT))
    assert [entry["id"] for entry in content["claims"]] == ["e.complement", "c.other"]
    assert set(content["slips"][0]) == {"id", "part", "place", "title", "statement"}


def test_the_text_is_the_same_for_the_same_results() -> None:
    assert as_json(results()) == as_json(replace(results()))


@pytest.fixture
def valid() -> Callable[[str], bool]:
    schema = json.loads(files("derivations.report").joinpath("results.schema.json").read_text())
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    return lambda text: bool(validator.is_valid(json.loads(text)))


def test_what_is_written_is_valid_by_the_schema(
    valid: Callable[[str], bool], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert valid(as_json(results()))
    given = "```given\nscalar a, b\n```\n"
    (tmp_path / "own.md").write_text(f"{given}$$a = a$$\n\n$$a = b$$\n$$a = \\foo$$\n$a = b$\n")
    (tmp_path / "none.md").write_text("no formula")
    for name in ("own.md", ""):
        main([str(tmp_path / name), "--format", "json"])
        assert valid(capsys.readouterr().out)


def test_what_lacks_a_key_or_has_one_more_is_not_valid(valid: Callable[[str], bool]) -> None:
    content = _read(as_json(results()))
    assert not valid(json.dumps({**content, "more": 1}))
    del content["summary"]["passed"]
    assert not valid(json.dumps(content))
