"""The command answers with the right exit code, and says why."""

import json
import os
import signal
import time
from collections.abc import Iterator

import pytest

from derivations.claim import Claim, Judgement
from derivations.report.judging import Judge
from derivations.report.subject import Subject
from derivations.verify import main
from tests.report.pretend import (
    CLAIM,
    OTHER,
    SHAPELESS,
    SLIP,
    at_a_loss,
    at_odds,
    everything,
    gullible,
    knowing,
)


def _code(*arguments: str, judge: Judge = knowing) -> int:
    return main(arguments, everything, judge)


def test_the_code_is_0_when_claims_are_proved_and_false_claims_fall(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert _code() == 0
    written = capsys.readouterr()
    assert "✓ 2 of 2 claims proved" in written.out
    assert written.err == ""


@pytest.mark.parametrize("judge", [gullible, at_a_loss])
def test_the_code_is_1_when_a_claim_is_not_proved_or_a_false_claim_stands(judge: Judge) -> None:
    assert _code(judge=judge) == 1


def test_a_false_claim_among_the_claims_gives_1() -> None:
    assert main([], lambda: Subject((CLAIM, SLIP), (SHAPELESS,)), knowing) == 1


def test_a_true_claim_among_the_false_ones_gives_1() -> None:
    assert main([], lambda: Subject((CLAIM,), (SLIP, OTHER)), knowing) == 1


def test_a_shapeless_claim_among_the_claims_gives_1() -> None:
    assert main([], lambda: Subject((CLAIM, SHAPELESS), ()), knowing) == 1


def test_only_what_is_picked_is_judged(capsys: pytest.CaptureFixture[str]) -> None:
    def picky(claim: Claim, sizes: str) -> Judgement:
        assert claim.id == "c.other"
        return knowing(claim, sizes)

    assert _code("c.other", judge=picky) == 0
    assert "e.complement" not in capsys.readouterr().out
    assert _code(judge=picky) == 1


def test_an_unknown_id_gives_2_and_names_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert _code("e.complemnt") == 2
    written = capsys.readouterr()
    assert "did you mean e.complement?" in written.err
    assert written.out == ""


def test_ids_that_are_not_unique_give_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([], lambda: Subject((CLAIM,), (CLAIM,)), knowing) == 2
    assert "repeated: e.complement" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        ["--format", "xml"],
        ["--sizes", "huge"],
        ["--nonsense"],
        ["--explain"],
        ["--explain", "c.other", "e.exp"],
        ["--explain", "c.other", "--list"],
        ["--explain", "c.other", "--format", "json"],
    ],
)
def test_wrong_usage_gives_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        _code(*arguments)
    assert ended.value.code == 2
    assert "usage: python -m derivations.verify" in capsys.readouterr().err


def test_a_part_cannot_be_explained_as_one_claim(capsys: pytest.CaptureFixture[str]) -> None:
    assert _code("--explain", "e") == 2
    assert "e.complement, e.exp" in capsys.readouterr().err


@pytest.mark.parametrize("format", ["table", "json"])
def test_a_disagreement_gives_3_and_is_loud(
    format: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _code("--all", "--format", format, judge=at_odds) == 3
    written = capsys.readouterr()
    assert "INTERNAL DISAGREEMENT about c.other:\n" in written.err
    assert "normal form: zero; small sizes: not zero at N = 2" in written.err
    assert "c.other" in written.out
    assert "undecided" in written.out
    assert "e.complement" in written.out


def test_a_disagreement_about_one_claim_keeps_no_other_from_its_verdict(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert _code("--format", "json", judge=at_odds) == 3
    found = json.loads(capsys.readouterr().out)
    verdicts = {each["id"]: each["verdict"] for each in found["claims"] + found["slips"]}
    assert verdicts == {
        "e.complement": "proved",
        "c.other": "undecided",
        "e.exp": "refuted",
        "b.transposed": "ill-typed",
    }
    assert found["summary"]["disagreements"] == ["c.other"]


@pytest.fixture
def heard() -> Iterator[None]:
    """Interrupts are heard also where the tests run in the background of a shell."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("heard")
def test_an_interrupt_gives_130_without_a_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    command = os.getpid()

    def interrupted(claim: Claim, sizes: str) -> Judgement:
        os.kill(command, signal.SIGINT)
        time.sleep(60)
        raise AssertionError

    assert _code("c.other", judge=interrupted) == 130
    assert capsys.readouterr().err == "python -m derivations.verify: interrupted\n"


def test_json_is_json_and_nothing_else(capsys: pytest.CaptureFixture[str]) -> None:
    assert _code("--format", "json") == 0
    assert json.loads(capsys.readouterr().out)["summary"]["passed"] is True


def test_the_list_judges_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    def never(claim: Claim, sizes: str) -> Judgement:
        raise AssertionError(claim.id)

    assert _code("--list", judge=never) == 0
    page = capsys.readouterr().out
    assert all(claim.id in page for claim in everything().everything)
    assert _code("--list", "--format", "json", judge=never) == 0
    listed = json.loads(capsys.readouterr().out)
    assert [entry["id"] for entry in listed["slips"]] == ["e.exp", "b.transposed"]


@pytest.mark.parametrize(("name", "code"), [("c.other", 0), ("e.exp", 0)])
def test_explaining_gives_the_code_of_the_one_claim(
    name: str, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _code("--explain", name) == code
    assert capsys.readouterr().out.startswith(f"{name}  ✓")
    assert _code("--explain", name, judge=at_a_loss) == 1


def test_help_has_examples_and_exit_codes(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    assert ended.value.code == 0
    text = capsys.readouterr().out
    assert "examples:" in text
    assert all(f"\n  {code} " in text for code in (0, 1, 2, 3, 130))
