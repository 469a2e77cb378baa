"""Files of every kind are judged as they are, each line with a reason and a counterexample."""

from __future__ import annotations

import faulthandler
import io
import json
import os
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flint import fmpz

from derivations.claim import Claim, Judgement, Verdict
from derivations.report import workers
from derivations.report.findings import explained, explanation
from derivations.report.judging import Judge, judge_all
from derivations.report.results import Results
from derivations.report.statement import as_python, in_short
from derivations.report.style import rendered
from derivations.report.workers import Limits
from derivations.verify import main
from tests.report.test_screen import (
    CLAIM,
    OTHER,
    SHAPELESS,
    SLIP,
    SUBJECT,
    WITNESS,
    at_odds,
    everything,
    knowing,
)

GIVEN = "```given\nscalar a, b\n```\n\n"
TRUE, FALSE = "$$a + b = b + a$$\n", "$$a b = a + b$$\n"


def judged(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, Any]:
    code = main([*map(str, arguments), "--format", "json", "--repairs", "none"])
    return code, json.loads(capsys.readouterr().out)


def verdicts(content: dict[str, Any]) -> list[str]:
    return [line["verdict"] for line in content["lines"]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "true.md").write_text(GIVEN + TRUE)
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "false.md").write_text(GIVEN + FALSE)
    (tmp_path / "deep" / "notes.txt").write_text("nothing")
    (tmp_path / ".hidden").mkdir()
    (tmp_path / ".hidden" / "copy.md").write_text(GIVEN + FALSE)
    return tmp_path


def test_each_file_of_a_folder_has_its_own_result_and_the_worst_code_is_told(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "none.md").write_text("prose")
    code, content = judged(capsys, folder)
    assert code == 2
    names = [Path(each["file"]).name for each in content["files"]]
    assert names == ["false.md", "none.md", "true.md"]
    assert [each["code"] for each in content["files"]] == [1, 2, 0]
    assert "no line to judge" in content["files"][1]["error"]
    assert verdicts(content["files"][0]) == ["refuted"]
    assert verdicts(content["files"][2]) == ["proved"]
    assert content["summary"] == {"passed": False, "files": 3, "files_passed": 1, "code": 2}


def test_a_file_that_another_one_takes_in_is_judged_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "300")
    given = "% given\n% scalar a, b\n\n"
    (tmp_path / "main.tex").write_text(given + TRUE + "\\input{part}\n% \\input{other}\n")
    (tmp_path / "part.tex").write_text(FALSE)
    (tmp_path / "other.tex").write_text(given + FALSE)
    code, content = judged(capsys, tmp_path)
    assert code == 1
    found = {Path(each["file"]).name: each for each in content["files"]}
    assert verdicts(found["main.tex"]) == ["proved", "refuted"]
    assert verdicts(found["other.tex"]) == ["refuted"]
    assert found["part.tex"]["code"] == 0
    assert found["part.tex"]["taken_in_by"] == found["main.tex"]["file"]
    assert "lines" not in found["part.tex"]
    main([str(tmp_path), "--repairs", "none", "-v"])
    assert "main.tex, which takes it in" in " ".join(capsys.readouterr().out.split())
    code, content = judged(capsys, tmp_path / "part.tex", tmp_path / "main.tex")
    assert [each["taken_in_by"] for each in content["files"]] == [None, None]


def test_files_that_take_each_other_in_are_judged_in_one_of_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for one, other in (("one", "other"), ("other", "one")):
        text = f"% given\n% scalar a, b\n\n{TRUE}\\input{{{other}}}\n"
        (tmp_path / f"{one}.tex").write_text(text)
    _, content = judged(capsys, tmp_path)
    assert sum(each["taken_in_by"] is not None for each in content["files"]) == 1


def test_many_files_and_patterns_are_one_run(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, content = judged(capsys, folder / "true.md", folder / "**" / "*.md", folder / "true.md")
    assert code == 1
    assert [Path(each["file"]).name for each in content["files"]] == ["true.md", "false.md"]


def test_many_files_are_counted_and_those_to_look_at_are_named(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "300")
    assert main([str(folder), "--repairs", "none"]) == 1
    page = capsys.readouterr().out
    assert "true.md" not in page
    assert "✗ 1 of 2 files as they should be · 2 steps · 1 proved" in page
    assert "false.md: 1 step · 0 proved · 1 to look at" in page
    assert main([str(folder), "--repairs", "none", "-v"]) == 1
    assert "true.md: 1 step · 1 proved" in capsys.readouterr().out


def test_a_folder_without_files_is_wrong_usage(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(tmp_path)]) == 2
    assert "a folder without derivation files" in capsys.readouterr().err


def test_one_file_is_told_as_before(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, content = judged(capsys, folder / "true.md")
    assert code == 0
    assert "files" not in content
    assert verdicts(content) == ["proved"]


def test_any_existing_path_is_a_file(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    (folder / "README").write_text(GIVEN + TRUE)
    assert judged(capsys, "README")[0] == 0


class _Stream:
    def __init__(self, data: bytes) -> None:
        self.buffer = io.BytesIO(data)

    def close(self) -> None:
        self.buffer.close()


@pytest.mark.parametrize(
    "text",
    [
        GIVEN + TRUE,
        "\\documentclass{article}\n% given\n% scalar a, b\n\\begin{document}\n\\[a + b = b + a\\]",
        json.dumps({"cells": [{"cell_type": "markdown", "source": GIVEN + TRUE}]}),
    ],
    ids=["markdown", "latex", "notebook"],
)
def test_standard_input_is_a_file_of_any_kind(
    text: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", _Stream(text.encode()))
    code, content = judged(capsys, "-")
    assert code == 0
    assert verdicts(content) == ["proved"]


def test_declarations_of_a_file_of_their_own_win(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "```given\nscalar a, b, c\ndefine f = a\n```\n\n$$f = a$$\n\n$$f = b$$\n\n$$c = c$$\n"
    (folder / "own.md").write_text(text)
    assert verdicts(judged(capsys, folder / "own.md")[1]) == ["proved", "refuted", "proved"]
    for given in (
        "scalar a, b\ndefine f = b\n",
        "# ours\n\n```given\nscalar a, b\ndefine f = b\n```\n",
    ):
        (folder / "given.md").write_text(given)
        code, content = judged(capsys, folder / "own.md", "--given", folder / "given.md")
        assert code == 1
        assert verdicts(content) == ["refuted", "proved", "proved"]


def test_what_the_text_declares_wrongly_costs_nothing_where_it_is_declared_elsewhere(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "own.md").write_text("```given\nscalar a, b\ndefine f = \\foo\n```\n\n$$f = a$$\n")
    (folder / "given.md").write_text("scalar a, b\ndefine f = a\n")
    assert judged(capsys, folder / "own.md")[0] == 1
    code, content = judged(capsys, folder / "own.md", "--given", folder / "given.md")
    assert (code, content["problems"]) == (0, [])


def test_declarations_of_their_own_may_use_what_the_text_declares(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = (
        "```given\nsize n >= 1\nvector x in R^n\ndefine g = 2 f\n```\n\n"
        "$$g = 2 x^T x$$\n\n$$f = g$$\n"
    )
    (folder / "own.md").write_text(own)
    (folder / "given.md").write_text("define f = x^T x\nsize m >= 1\n")
    _, content = judged(capsys, folder / "own.md", "--given", folder / "given.md")
    assert verdicts(content) == ["not read", "not read"]
    (folder / "own.md").write_text(
        own.replace("define g = 2 f\n```\n", "```\n```given\ndefine g = 2 f\n```\n")
    )
    _, content = judged(capsys, folder / "own.md", "--given", folder / "given.md")
    assert (verdicts(content), content["problems"]) == (["proved", "refuted"], [])


def test_declarations_of_their_own_under_a_heading_are_of_the_part_of_its_name(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = (
        "```given\nscalar a\n```\n\n## (a)\n$$f = a$$\n"
        "## (b)\n```given\ndefine f = 2 a\n```\n$$f = 2 a$$\n"
    )
    (folder / "own.md").write_text(own)
    (folder / "given.md").write_text("## (a)\n```given\ndefine f = a\n```\n")
    _, content = judged(capsys, folder / "own.md", "--given", folder / "given.md")
    assert verdicts(content) == ["proved", "proved"]
    (folder / "given.md").write_text("```given\ndefine f = a\n```\n")
    _, content = judged(capsys, folder / "own.md", "--given", folder / "given.md")
    assert verdicts(content) == ["proved", "refuted"]


def test_what_is_wrong_in_the_declarations_says_in_which_file(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "given.md").write_text("scalar a, b\nscalr c\n")
    _, content = judged(capsys, folder / "true.md", "--given", folder / "given.md")
    (problem,) = content["problems"]
    assert (problem["within"], problem["line"]) == ("given.md", 2)


def test_formulas_in_the_text_are_judged_on_demand_and_assumptions_are_not(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (
        "Clearly $a + b = b + a$, and \\(a b = a\\).\n\n"
        "If $a = b$ then $a = 2$. So $2 a = a + a$. $$a = a$$\n"
    )
    (folder / "own.md").write_text(GIVEN + text)
    _, content = judged(capsys, folder / "own.md")
    assert [line["id"] for line in content["lines"]] == ["line.1"]
    _, content = judged(capsys, folder / "own.md", "--inline")
    assert {line["id"]: line["verdict"] for line in content["lines"]} == {
        "line.inline1": "proved",
        "line.inline2": "refuted",
        "line.inline3": "proved",
        "line.1": "proved",
    }
    assert sum(each["count"] for each in content["elsewhere"]) == 2
    # it is judged, and what stands below it may be meant under it
    assumed = "We minimise $a^2$ subject to $a + b = 1$. Thus $a = 2 b$.\n\n"
    (folder / "own.md").write_text(GIVEN + assumed + "$$3 a = 6 b$$\n")
    _, content = judged(capsys, folder / "own.md", "--inline")
    assert {line["id"]: line["verdict"] for line in content["lines"]} == {
        "line.inline1": "undecided",
        "line.1": "undecided",
    }


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_encodings_are_told_by_how_a_file_begins(
    encoding: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (GIVEN + "Übung\n\n" + TRUE).replace("\n", "\r\n")
    (tmp_path / "own.md").write_bytes(text.encode(encoding))
    code, content = judged(capsys, tmp_path / "own.md")
    assert code == 0
    assert content["lines"][0]["line"] == 7


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ((GIVEN + "Übung\n" + TRUE).encode("latin-1"), "may be Latin-1 or Windows-1252"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\xff\xff", "not text in UTF-8"),
        (b"\xff\xfe$\0$", "not text in UTF-16"),
    ],
)
def test_what_is_in_another_encoding_is_refused_by_name(
    data: bytes, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "own.md").write_bytes(data)
    assert main([str(tmp_path / "own.md")]) == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [["a.md", "b.md", "line.1"], ["a.md", "b.md", "--explain", "line.1"], ["--inline"]],
)
def test_ids_are_of_one_file_and_some_options_of_files(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2


def test_what_is_about_a_folder_is_passed_over_where_no_equality_stands_in_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.md").write_text("```given\nscalar a\n```\n$$a + a = 2 a$$\n")
    about = tmp_path / "README.md"
    about.write_text("Notes of a course.\n")
    assert main([str(tmp_path)]) == 0
    told = capsys.readouterr()
    assert "1 of 1 file as they should be" in told.out
    assert "README.md is passed over: no equality stands in it" in told.err
    assert main([str(tmp_path / "a.md"), str(about)]) == 2
    about.write_text("Here $a = b$.\n")
    assert main([str(tmp_path)]) == 2


# Claims judged at once are judged as if one by one, and what one of them does costs it alone.


CLAIMS = SUBJECT.everything
TIGHT = Limits(seconds=0.5, memory=64)


@pytest.fixture(params=[1, 2])
def processes(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(workers, "cores", lambda: request.param)
    return int(request.param)


def _nobody(_: str) -> None:
    """Hears of what is judged."""


@pytest.mark.usefixtures("processes")
def test_judgements_come_in_the_order_of_the_claims_with_their_claims() -> None:
    heard: list[str] = []
    judgements = judge_all(CLAIMS, knowing, "default", heard.append)
    assert judgements == [knowing(claim) for claim in CLAIMS]
    assert all(found.claim is claim for found, claim in zip(judgements, CLAIMS, strict=True))
    assert sorted(heard) == sorted(claim.id for claim in CLAIMS)


@pytest.mark.usefixtures("processes")
def test_the_sizes_asked_for_reach_the_judge() -> None:
    judgement, *_ = judge_all(CLAIMS, knowing, "full", _nobody)
    assert judgement.proofs[0].detail == "the difference is zero; full sizes"


@pytest.mark.usefixtures("processes")
def test_a_disagreement_leaves_its_claim_undecided_and_the_others_judged() -> None:
    found = {each.claim.id: each for each in judge_all(CLAIMS, at_odds, "default", _nobody)}
    at_fault = found.pop(OTHER.id)
    assert (at_fault.verdict, at_fault.disagreement) == (Verdict.UNDECIDED, True)
    assert "normal form: zero; small sizes: not zero at N = 2" in at_fault.reason
    assert list(found.values()) == [knowing(claim) for claim in CLAIMS if claim is not OTHER]


def test_several_cores_are_used_where_there_are_several(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "cores", lambda: 2)

    def where(claim: Claim, sizes: str) -> Judgement:
        time.sleep(0.1)
        return Judgement(claim, Verdict.PROVED, reason=str(os.getpid()))

    judged_in = {judgement.reason for judgement in judge_all(CLAIMS, where, "", _nobody)}
    assert len(judged_in) == 2
    assert str(os.getpid()) not in judged_in


def broken() -> None:
    raise ZeroDivisionError("planted")


def recursive(depth: int = 0) -> int:
    return recursive(depth + 1) + 1


def exhausting() -> None:
    raise MemoryError


def hungry() -> list[bytes]:
    return [b"." * 2**20 for _ in range(2**14)]


def hungry_in_c() -> None:
    faulthandler.disable()
    fmpz(3) ** (2**34)


def endless() -> None:
    while True:
        pass


def endless_in_c() -> None:
    3 ** (2**30)


def asleep() -> None:
    time.sleep(60)


def aborted() -> None:
    faulthandler.disable()  # of the tests' own
    os.kill(os.getpid(), signal.SIGSEGV)


def left() -> None:
    os._exit(7)


def interrupted() -> None:
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(0.1)
    raise ValueError("an interrupt is left to the parent")


def unspeakable() -> Callable[[], None]:
    return lambda: None


PLANTED = {
    broken: "an error of this program, ZeroDivisionError: planted",
    recursive: "nested too deep",
    exhausting: "more than 64 MiB of memory (--memory)",
    hungry: "more than 64 MiB of memory (--memory)",
    hungry_in_c: "more than 64 MiB of memory (--memory)",
    endless: "more than 0.5 s (--budget)",
    endless_in_c: "more than 0.5 s (--budget)",
    asleep: "more than 0.5 s (--budget)",
    aborted: "its process crashed (SIGSEGV)",
    left: "its process ended with code 7",
    interrupted: "an interrupt is left to the parent",
}


def failing(fault: Callable[[], object]) -> Judge:
    """A judge that does something terrible with one claim."""

    def judge(claim: Claim, sizes: str) -> Judgement:
        if claim.id == OTHER.id:
            fault()
        return knowing(claim, sizes)

    return judge


@pytest.mark.slow
@pytest.mark.usefixtures("processes")
@pytest.mark.parametrize("fault", PLANTED, ids=lambda fault: str(fault.__name__))
def test_what_is_raised_or_takes_too_much_costs_its_claim(fault: Callable[[], object]) -> None:
    start = time.monotonic()
    heard: list[str] = []
    judgements = judge_all(CLAIMS, failing(fault), "default", heard.append, TIGHT)
    found = {each.claim.id: each for each in judgements}
    assert found[OTHER.id].verdict is Verdict.UNDECIDED
    assert PLANTED[fault] in found[OTHER.id].reason
    assert "Traceback" not in found[OTHER.id].reason
    others = [claim for claim in CLAIMS if claim is not OTHER]
    assert [found[claim.id] for claim in others] == [knowing(claim) for claim in others]
    assert sorted(heard) == sorted(claim.id for claim in CLAIMS)
    assert time.monotonic() - start < 30


def test_evidence_that_cannot_be_sent_costs_its_claim() -> None:
    def judge(claim: Claim, sizes: str) -> Judgement:
        return Judgement(claim, Verdict.PROVED, reason=unspeakable())  # type: ignore[arg-type]

    (judgement,) = judge_all((CLAIM,), judge, "default", _nobody)
    assert judgement.verdict is Verdict.UNDECIDED
    assert "an error of this program" in judgement.reason


def test_all_claims_may_take_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "cores", lambda: 2)

    def judge(claim: Claim, sizes: str) -> Judgement:
        asleep()
        return knowing(claim, sizes)

    judgements = judge_all(CLAIMS, judge, "default", _nobody, Limits(seconds=0.1))
    assert {each.verdict for each in judgements} == {Verdict.UNDECIDED}


def test_no_process_is_left_when_whoever_listens_fails() -> None:
    def listening(_: str) -> None:
        raise KeyboardInterrupt

    def judge(claim: Claim, sizes: str) -> Judgement:
        if claim is not CLAIMS[0]:
            time.sleep(60)
        return knowing(claim, sizes)

    start = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        judge_all(CLAIMS, judge, "full", listening)
    assert time.monotonic() - start < 30


def test_without_fork_and_a_way_to_the_claims_all_is_judged_in_this_process(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(workers, "FORKS", False)

    def where(claim: Claim, sizes: str) -> Judgement:
        if claim is OTHER:
            broken()
        return Judgement(claim, Verdict.PROVED, reason=str(os.getpid()))

    first, second = judge_all((CLAIM, OTHER), where, "", _nobody)
    assert first.reason == str(os.getpid())
    assert second.verdict is Verdict.UNDECIDED


def claims_again() -> tuple[Claim, ...]:
    return everything().everything


def sleeping(claim: Claim, sizes: str) -> Judgement:
    return failing(asleep)(claim, sizes)


@pytest.mark.slow
def test_processes_that_cannot_be_forked_come_by_the_claims_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(workers, "FORKS", False)
    limits = Limits(seconds=5)
    judgements = judge_all(CLAIMS, sleeping, "default", _nobody, limits, claims_again)
    found = {each.claim.id: each for each in judgements}
    assert limits.too_long in found[OTHER.id].reason
    assert found[CLAIM.id] == knowing(CLAIM)


# A counterexample can be read at a glance and typed into Python.


def test_the_lines_run_as_python_and_give_the_values() -> None:
    names: dict[str, object] = {}
    exec("\n".join(as_python(WITNESS)), names)
    assert names["N"] == 2
    assert names["c"] == 1
    assert names["near"] == {-1: 2, 1: 1}
    assert names["V"] == [[0.5], [-1]]
    assert names["z"] == 3


def test_an_entry_that_neither_side_reads_is_zero() -> None:
    sparse = replace(WITNESS, words={}, values={"U[2,2]": "1", "U[1,1]": "5"})
    assert as_python(sparse) == ["N, d = 2, 1", "U = [[5, 0], [0, 1]]"]


def test_a_witness_in_short_is_its_sizes_and_both_sides() -> None:
    assert in_short(WITNESS) == "N=2, d=1: 0.268 ≠ 0.731"


def test_sides_that_are_close_are_shown_with_the_digits_that_tell_them_apart() -> None:
    close = replace(WITNESS, left=("-1.00001", "-1.000009"), right=("-1.00002", "-1.00002"))
    assert in_short(close) == "N=2, d=1: −1.00001 ≠ −1.00002"


def test_a_side_that_may_be_zero_is_shown_as_zero() -> None:
    around_zero = replace(WITNESS, left=("-0.00000001", "0.00000001"))
    assert in_short(around_zero) == "N=2, d=1: 0 ≠ 0.731"


def test_sides_closer_than_floats_are_shown_as_certified() -> None:
    low, high = "1.00000000000000000001", "1.00000000000000000002"
    tiny = replace(WITNESS, sizes={}, left=(low, low), right=(high, high))
    assert in_short(tiny) == f"{low} ≠ {high}"


# One claim in full: everything there is to know of it, and to try by hand.


def _of_claim(judgement: Judgement) -> str:
    return _shown(Results((judgement,), (), 1.0))


def _of_slip(judgement: Judgement) -> str:
    return _shown(Results((), (judgement,), 1.0))


def _shown(results: Results) -> str:
    return rendered(explanation(results, explained(results)))


def test_a_proved_claim_is_shown_with_all_its_sections_in_order() -> None:
    text = _of_claim(knowing(OTHER))
    headings = [line for line in text.splitlines()[2:] if line and not line.startswith(" ")]
    assert headings == [
        "Statement",
        "For all",
        "Provided that",
        "Where",
        "Derivative found on the left",
        "Normal form of the left side",
        "Normal form of the right side",
        "Normal form of the difference",
        "Arguments",
    ]
    assert text.startswith("c.other  ✓ proved  in 1 ms\nanother claim (claim; ")
    assert "  ∂J_naive/∂V[c,i] = V[c,i]  (x ≠ o)\n" in text
    assert "  ✓ small sizes: N up to 4; default sizes (34 instances)\n" in text


def test_a_refuted_claim_is_shown_with_numbers_to_try_by_hand() -> None:
    text = _of_slip(knowing(SLIP))
    assert "the exp forgotten (false claim; " in text
    assert "  N, d = 2, 1\n" in text
    assert "  V = [[1/2], [-1]]\n" in text
    assert "  left side between 0.268 and 0.269\n" in text
    assert "  ✗ normal form: the difference is not zero\n" in text


def test_a_side_known_exactly_is_shown_as_a_number() -> None:
    judgement = knowing(SLIP)
    assert judgement.witness
    exact = replace(judgement, witness=replace(judgement.witness, left=("1", "1")))
    assert "  left side = 1\n" in _of_slip(exact)


def test_an_ill_typed_claim_is_shown_with_its_reason() -> None:
    text = _of_slip(knowing(SHAPELESS))
    assert "✓ ill-typed" in text
    assert "Reason\n  (N, d) does not fit (N, 1)\n" in text


def test_a_claim_that_is_refuted_has_not_passed() -> None:
    assert "✗ refuted" in _of_claim(knowing(SLIP))
