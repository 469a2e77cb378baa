"""The command as a process and in its limits; the subject is verified by it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from derivations import check
from derivations.claim import FALLEN, Claim, Judgement
from derivations.reader import statement_scope
from derivations.reader.derivation import derivation
from derivations.reader.environment import Scope
from derivations.reader.equation import Line, Meaning, elaborated
from derivations.reader.source import Attempts, GivenUp
from derivations.reader.syntax import Node, written
from derivations.report import findings, subject, workers
from derivations.report.judging import Judge
from derivations.report.stdio import PROGRAM_ERROR
from derivations.report.subject import BadSubject, NoSuchClaim, Subject, false_claims, word2vec
from derivations.report.verify_options import parse
from derivations.report.workers import Answer, Limits, answer
from derivations.verify import main
from derivations.word2vec.claims import TYPED_SLIPS
from tests.documents import SLIPS
from tests.proof.by_hand import judged
from tests.report.test_files import (
    PLANTED,
    TIGHT,
    aborted,
    asleep,
    broken,
    endless,
    endless_in_c,
    hungry,
    recursive,
)
from tests.report.test_screen import (
    CLAIM,
    OTHER,
    SHAPELESS,
    SLIP,
    SUBJECT,
    at_a_loss,
    at_odds,
    everything,
    gullible,
    knowing,
)

# The command as a process: pipes, encodings, interrupts, hash seeds.


ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-m", "derivations.verify"]
PRETENDED = """
import sys
from derivations.verify import main
from tests.report import test_screen as pretend
sys.exit(main(sys.argv[1:], pretend.everything, pretend.knowing))
"""


def _environment(**extra: str) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if k not in ("COLUMNS", "NO_COLOR", "FORCE_COLOR")}
    return {**kept, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", **extra}


def _run(command: list[str], **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=ROOT,
        env=_environment(**environment),
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )


def _pretended(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return _run([sys.executable, "-c", PRETENDED, *arguments], **environment)


def test_a_pipe_gets_plain_text_wider_than_80_columns_and_no_progress() -> None:
    done = _pretended("--all")
    assert done.returncode == 0
    assert "\x1b" not in done.stdout
    assert done.stderr == ""
    assert "✓ proved" in done.stdout


@pytest.mark.slow
def test_the_text_is_the_same_under_any_hash_seed() -> None:
    texts = {_run([*COMMAND, "--list"], PYTHONHASHSEED=seed).stdout for seed in ("0", "1", "42")}
    assert len(texts) == 1
    assert "Σ_w U[w,i] (ŷ[w] − y[w])" in texts.pop()


def test_the_list_as_json_has_every_claim_once(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--list", "--format", "json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    ids = [entry["id"] for entry in listed["claims"] + listed["slips"]]
    assert len(ids) == len(set(ids)) > 40


@pytest.mark.slow
def test_a_reader_that_leaves_early_causes_no_complaint() -> None:
    with subprocess.Popen(
        [*COMMAND, "--list"],
        cwd=ROOT,
        env=_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


def test_an_encoding_that_lacks_the_signs_causes_no_traceback() -> None:
    done = _pretended("--all", PYTHONIOENCODING="ascii")
    assert done.returncode == 0
    assert "e.complement" in done.stdout
    assert "Traceback" not in done.stderr


@pytest.mark.slow
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_reported_without_a_traceback() -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [*COMMAND, "--list"],
            cwd=ROOT,
            env=_environment(),
            stdout=full,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            check=False,
        )
    assert done.returncode != 0
    assert done.stderr.startswith("cannot write the results: ")


def _interrupted(program: str, begun: Path, by: int = signal.SIGINT) -> tuple[int, bytes]:
    """The exit code and what is complained of, interrupted once the program has made a file.

    Interrupts are taken also where the tests run in the background of a shell, which ignores them.
    """
    handled = "import signal\nsignal.signal(signal.SIGINT, signal.default_int_handler)\n"
    with subprocess.Popen(
        [sys.executable, "-c", handled + program, str(begun)],
        cwd=ROOT,
        env=_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    ) as process:
        assert process.stderr is not None
        while not begun.exists() and process.poll() is None:
            time.sleep(0.01)
        if by == signal.SIGINT:
            os.killpg(process.pid, by)
        else:
            process.send_signal(by)
        complaint = process.stderr.read()
    return process.returncode, complaint


BUSY = """
import sys, time
from pathlib import Path
begun = Path(sys.argv.pop())
"""


@pytest.mark.slow
def test_an_interrupt_ends_the_workers_and_leaves_no_traceback(tmp_path: Path) -> None:
    slow = "begin = lambda *_: begun.touch() or time.sleep(60)\nsys.exit("
    program = BUSY + PRETENDED.replace("sys.exit(", slow).replace("pretend.knowing", "begin")
    code, complaint = _interrupted(program, tmp_path / "begun")
    assert code == 130
    assert complaint == b"python -m derivations.verify: interrupted\n"


@pytest.mark.slow
def test_an_interrupt_while_the_workers_begin_leaves_no_traceback(tmp_path: Path) -> None:
    late = (
        "from derivations.report import workers\nleave = workers.leave_interrupts_to_parent\n"
        "workers.leave_interrupts_to_parent = lambda: begun.touch() or time.sleep(2) or leave()\n"
        "sys.exit("
    )
    program = BUSY + PRETENDED.replace("sys.exit(", late).replace(
        "pretend.knowing", "lambda *_: 1 / 0"
    )
    code, complaint = _interrupted(program, tmp_path / "begun")
    assert code == 130
    assert complaint == b"python -m derivations.verify: interrupted\n"


@pytest.mark.slow
@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_what_ends_the_command_leaves_no_process_behind(by: int, tmp_path: Path) -> None:
    stuck = (
        "import os, signal\n"
        "stuck = lambda *_: (tmp / str(os.getpid())).touch() or begun.touch() or 3 ** (2**34)\n"
        "sys.exit("
    )
    program = BUSY + "tmp = begun.parent\n" + PRETENDED.replace("sys.exit(", stuck)
    program = program.replace("pretend.knowing", "stuck")
    code, complaint = _interrupted(program, tmp_path / "begun", by)
    assert code == (130 if by == signal.SIGINT else -by)
    assert b"Traceback" not in complaint
    workers = [int(path.name) for path in tmp_path.iterdir() if path.name.isdigit()]
    assert workers
    late = time.monotonic() + 20
    while any(_is_there(worker) for worker in workers):
        assert time.monotonic() < late
        time.sleep(0.05)


def _is_there(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def test_help_and_wrong_usage_answer_without_importing_sympy() -> None:
    probe = "import sys, derivations.verify; print('sympy' in sys.modules, 'rich' in sys.modules)"
    assert _run([sys.executable, "-c", probe]).stdout == "False False\n"
    done = _run([*COMMAND, "--format", "xml"])
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


# What a whole run may do to its process, and what is answered all the same.


FAULTS: dict[Callable[..., object], str] = {
    fault: PLANTED[fault] for fault in (endless, endless_in_c, asleep, recursive, broken)
}
FAULTS |= {aborted: "SIGSEGV", hungry: "memory"}


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: str(fault.__name__))
def test_a_piece_that_comes_to_no_end_is_given_up_and_the_others_are_done(
    fault: Callable[[], None],
) -> None:
    def run(attempts: Attempts) -> Answer:
        said = []
        for piece in (lambda: "first", fault, lambda: "third", fault, lambda: "fifth"):
            try:
                said.append(str(attempts(piece)))
            except GivenUp as reason:
                said.append(f"given up: {reason}")
        attempts.require_sound()
        return Answer(0, "\n".join(said))

    page = answer(run, TIGHT).page.splitlines()
    assert page[::2] == ["first", "third", "fifth"]
    assert all(FAULTS[fault] in line for line in page[1::2])


def test_time_between_pieces_is_not_limited() -> None:
    def run(attempts: Attempts) -> Answer:
        attempts(lambda: None)
        late = time.process_time() + 0.5
        while time.process_time() < late:
            pass
        return Answer(0, "all")

    assert answer(run, Limits(seconds=0.2)).page == "all"


def test_what_ends_a_run_outside_of_all_pieces_is_told_without_a_traceback(
    capfd: pytest.CaptureFixture[str],
) -> None:
    def run(attempts: Attempts) -> Answer:
        raise ZeroDivisionError("planted")

    def left(attempts: Attempts) -> Answer:
        os._exit(5)

    found = answer(run, TIGHT)
    assert (found.code, found.page) == (PROGRAM_ERROR, "")
    assert "ZeroDivisionError: planted" in found.complaints[0]
    assert answer(left, TIGHT).code == PROGRAM_ERROR
    assert "Traceback" not in capfd.readouterr().err


GIVEN = "```given\nscalar a, b, c\n```\n\n"
LINES = "$$a = a$$\n\n$$b c = c b = b c$$\n\n$$b + c = c + b$$\n"


def planted_in_reading(
    fault: Callable[[], None],
) -> Callable[[Node, Scope, tuple[Node, ...]], Meaning]:
    def planted(node: Node, scope: Scope, chain: tuple[Node, ...]) -> Meaning:
        if written(node) == "cb":
            fault()
        return elaborated(node, scope, chain)

    return planted


def told(
    path: Path, text: str, capsys: pytest.CaptureFixture[str], *options: str
) -> dict[str, Any]:
    path.write_text(text, encoding="utf-8")
    main([str(path), "--format", "json", *options])
    content = json.loads(capsys.readouterr().out)
    assert isinstance(content, dict)
    return content


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: str(fault.__name__))
def test_reading_a_side_that_comes_to_no_end_costs_its_lines(
    fault: Callable[[], None],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(statement_scope, "elaborated", planted_in_reading(fault))
    options = ("--budget", "0.5", "--memory", "64")
    lines = told(tmp_path / "own.md", GIVEN + LINES, capsys, *options)["lines"]
    assert [line["verdict"] for line in lines] == ["proved", "not read", "not read", "proved"]
    assert FAULTS[fault] in lines[1]["reason"]
    assert lines[2]["chain_end_verdict"] == "proved"


def test_explaining_a_line_that_comes_to_no_end_says_what_was_found(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(findings, "sections", lambda judgement: endless())
    path = tmp_path / "own.md"
    path.write_text(GIVEN + "$$a = b$$\n", encoding="utf-8")
    assert main([str(path), "--explain", "line.1", "--budget", "0.5", "--repairs", "none"]) == 1
    page = capsys.readouterr().out
    assert page.startswith("line.1  ✗ refuted")
    assert "it takes more than 0.5 s" in page


def test_without_fork_the_answer_is_the_same(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    forked = told(tmp_path / "own.md", GIVEN + LINES, capsys)
    monkeypatch.setattr(workers, "FORKS", False)
    spawned = told(tmp_path / "own.md", GIVEN + LINES, capsys)
    for content in (forked, spawned):
        content["summary"].pop("seconds")
        for line in content["lines"]:
            line.pop("seconds")
    assert forked == spawned
    assert forked["summary"]["lines_proved"] == 4


HOSTILE = """\
```given
index k in 1..999999999999
index i in 1..999999999
size n >= 1
scalar a, b
vector z in R^{999999999999}
vector x in R^n
matrix A in R^{n x n}
```

"""
ENDLESS = (
    r"\log(999999999989^{12}+1) = 0",
    r"\sum_{i=1}^{999999999} a = a",
    r"\sum_k z_k = a",
    r"\sum_i a^i = 2 a",
)


def test_hostile_lines_end_in_a_verdict_within_the_budget(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    displays = "".join(f"$${line}$$\n\n$$a + b = b + a$$\n\n" for line in ENDLESS)
    options = ("--budget", "1", "--memory", "256")
    lines = told(tmp_path / "own.md", HOSTILE + displays, capsys, *options)["lines"]
    hostile, good = lines[::2], lines[1::2]
    assert {line["verdict"] for line in good} == {"proved"}
    for line in hostile:
        assert line["verdict"] in ("undecided", "not read")
        assert line["reason"]
        assert line["seconds"] < 3 * 1 + 1


def test_a_search_for_repairs_that_finds_nothing_in_time_leaves_the_verdict(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = "```given\nsize n >= 1\nscalar a, b\nvector x in R^n\nmatrix A in R^{n x n}\n```\n\n"
    text = given + "$$" + "A " * 23 + "x = x$$\n\n$$(a + b) a = a^2 - b a$$\n"
    options = ("--budget", "0.5", "--memory", "128")
    first, second = told(tmp_path / "own.md", text, capsys, *options)["lines"]
    assert first["verdict"] == "refuted"
    assert not first["suggestions"]
    assert second["verdict"] == "refuted"
    assert second["suggestions"]


@pytest.mark.parametrize(
    "options", [["--budget", "0"], ["--budget", "x"], ["--budget", "nan"], ["--memory", "1"]]
)
def test_a_budget_that_is_none_is_wrong_usage(options: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["own.md", *options])
    assert ended.value.code == 2


def test_at_all_sizes_there_is_more_time() -> None:
    assert parse(["--sizes", "full"]).budget > parse([]).budget
    assert parse(["--sizes", "full", "--budget", "3"]).budget == 3


def test_what_was_found_out_before_a_process_is_replaced_is_not_found_out_again(
    tmp_path: Path,
) -> None:
    log = tmp_path / "log"

    def run(attempts: Attempts) -> Answer:
        if "a" not in attempts.known:
            with log.open("a") as file:
                file.write("a")
            attempts.tell("a", partial(Judgement, seconds=1.5))
        with suppress(GivenUp):
            attempts(lambda: os.kill(os.getpid(), signal.SIGKILL))
        return Answer(0, str(attempts.known["a"].keywords["seconds"]))

    assert answer(run, TIGHT) == Answer(0, "1.5")
    assert log.read_text() == "a"


# The command answers with the right exit code, and says why.


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


# False claims: read from their file, with a few that were typed, part by part.


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


# Claims are picked by id, by part, or by the beginning of their ids.


def _ids(subject: Subject) -> list[str]:
    return [claim.id for claim in subject.everything]


def test_without_a_name_everything_is_picked() -> None:
    assert SUBJECT.pick([]) == SUBJECT


def test_an_id_picks_one_claim() -> None:
    assert _ids(SUBJECT.pick(["c.other"])) == ["c.other"]


def test_a_part_picks_its_claims_and_its_false_claims() -> None:
    assert _ids(SUBJECT.pick(["e"])) == ["e.complement", "e.exp"]


def test_the_beginning_of_ids_up_to_a_dot_picks_them() -> None:
    assert _ids(word2vec().pick(["h.naive"]))[:3] == [
        "h.naive.U",
        "h.naive.center",
        "h.naive.other",
    ]


def test_what_is_picked_keeps_the_order_of_the_subject() -> None:
    assert _ids(SUBJECT.pick(["e.exp", "c", "e.complement"])) == [
        "e.complement",
        "c.other",
        "e.exp",
    ]


def test_an_unknown_name_is_refused_and_the_nearest_are_named() -> None:
    with pytest.raises(NoSuchClaim, match=r"'c\.othr'.*did you mean c\.other"):
        SUBJECT.pick(["e", "c.othr"])


def test_a_name_like_no_other_is_refused_without_a_guess() -> None:
    with pytest.raises(NoSuchClaim) as caught:
        SUBJECT.pick(["%%%"])
    assert "did you mean" not in str(caught.value)


def test_to_pick_one_a_name_must_not_pick_several() -> None:
    assert _ids(SUBJECT.pick_one("c")) == ["c.other"]
    with pytest.raises(NoSuchClaim, match=r"more than one claim: e\.complement, e\.exp"):
        SUBJECT.pick_one("e")


def test_an_id_used_twice_is_refused_across_claims_and_false_claims() -> None:
    with pytest.raises(BadSubject, match=r"repeated: e\.exp"):
        Subject((CLAIM, SLIP), (OTHER, SLIP))


def test_a_subject_without_claims_is_refused() -> None:
    with pytest.raises(BadSubject, match="no claim"):
        Subject((), ())


def test_the_ids_of_the_real_subject_are_unique() -> None:
    ids = _ids(word2vec())
    assert len(ids) == len(set(ids)) > 40


# A derivative set to zero claims nothing: it passes where the text goes on from it.
#
# A wrong step could hide in a condition, so what is set to zero has to be shown to be a derivative.


VERIFY_GIVEN = r"""
size n, d >= 1
matrix X in R^{n x d}
vector y in R^n
vector w in R^d
define J(w) = \frac{1}{2} \lVert X w - y \rVert^2
"""
NORMAL = r"\Rightarrow X^T X w = X^T y"
GRADIENT = r"$$\nabla_w J = X^T X w - X^T y$$"

PASS = {
    "a derivative that is named": rf"$$\nabla_w J = 0 {NORMAL}$$",
    "at the end of the chain of a derivative": (rf"$$\nabla_w J = X^T X w - X^T y = 0 {NORMAL}$$"),
    "what a line above shows to be one": rf"{GRADIENT}$$X^T X w - X^T y = 0 {NORMAL}$$",
    "the same the other way round": rf"{GRADIENT}$$0 = X^T X w - X^T y {NORMAL}$$",
}


@pytest.mark.parametrize("text", PASS.values(), ids=PASS)
def test_a_condition_that_is_used_passes_and_is_told_as_one(text: str) -> None:
    report = check(text, VERIFY_GIVEN)
    assert report.passed, report
    assert [each.role for each in report].count("condition") == 1
    assert report.all_proved


FAIL = {
    "a wrong derivative": rf"{GRADIENT}$$X^T X w + X^T y = 0 \Rightarrow X^T X w = - X^T y$$",
    "a derivative that nothing shows": rf"$$X^T X w - X^T y = 0 {NORMAL}$$",
    "the end of a wrong chain": (
        r"$$\nabla_w J = X^T X w + X^T y = 0 \Rightarrow X^T X w = - X^T y$$"
    ),
    "a derivative shown under other names": (
        "```given\nvector v in R^d\n```\n"
        r"$$\nabla_v (v^T v) = 2 v$$$$2 w = 0 \Rightarrow w = 0$$"
    ),
    "one from which nothing is said to follow": r"$$X w = X w$$$$\nabla_w J \overset{!}{=} 0$$",
}


@pytest.mark.parametrize("text", FAIL.values(), ids=FAIL)
def test_a_condition_in_which_a_wrong_step_could_hide_does_not_pass(text: str) -> None:
    report = check(text, VERIFY_GIVEN)
    assert not report.passed
    conditions = [each for each in report if "it is a condition" in each.reason]
    assert [each.role for each in conditions] in ([], ["claim"])


def test_screen_and_other_programs_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "own.md"
    file.write_text(f"```given\n{VERIFY_GIVEN}\n```\n{PASS['a derivative that is named']}")
    assert main([str(file), "-v"]) == 0
    shown = capsys.readouterr().out
    assert "2 steps · 1 proved · 1 condition" in shown
    assert r"⇒ line.1  \nabla_w J = 0  condition" in shown
    assert main([str(file), "--all"]) == 0
    assert "⇒ condition" in capsys.readouterr().out
    assert main([str(file), "--format", "json"]) == 0
    lines = json.loads(capsys.readouterr().out)["lines"]
    assert [(each["role"], each["verdict"]) for each in lines] == [
        ("condition", "undecided"),
        ("claim", "proved"),
    ]


# A new name defined in passing passes where a line uses it: by itself it shows nothing.


EXERCISE = r"""
size n, d >= 1
matrix X in R^{n x d}
vector y in R^n
vector w in R^d
define J(w) = \frac{1}{2} \lVert X w - y \rVert^2
"""
DEFINED = r"$$\nabla_w J = X^T r$$"


def passes(tmp_path: Path, text: str, *options: str) -> bool:
    (tmp_path / "exercise.md").write_text(EXERCISE)
    (tmp_path / "own.md").write_text(text)
    given = ["--given", str(tmp_path / "exercise.md"), "--repairs", "none"]
    code = main([*given, *options, str(tmp_path / "own.md")])
    assert code in (0, 1)
    return code == 0


PASS_OF_DEFINITIONS = (
    f"$$r = X w - y$$\n\n{DEFINED}",
    f"$$r := X w - y$$\n\n{DEFINED}",
    f"$$r = X w - y, \\quad g = X^T r$$\n\n$$\\nabla_w J = g$$\n\n{DEFINED}",
    "$$g = \\nabla_w J = X^T (X w - y)$$",
)


@pytest.mark.parametrize("text", PASS_OF_DEFINITIONS)
def test_a_name_that_is_defined_and_used_is_no_failure(text: str, tmp_path: Path) -> None:
    assert passes(tmp_path, text, "--strict")


FAIL_OF_DEFINITIONS = {
    "the answer hidden in a definition": "$$G = X^T (X w - y)$$",
    "the answer as a definition beside what is proved": "$$0 = 0$$\n\n$$G = X^T y$$",
    "a wrong definition that is used": f"$$r = X w$$\n\n{DEFINED}",
    "used by nothing but the next definition": f"$$r = X w - y$$\n\n$$g = X^T r$$\n\n{DEFINED}",
    "the given loss defined anew": "$$J(w) := 2 w^T w$$\n\n$$\\nabla_w J = 4 w$$",
    "a given vector defined anew": "$$y := X w$$\n\n$$\\nabla_w J = 0$$",
    "the given loss declared anew": "```given\ndefine J(w) = w^T w\n```\n\n$$X w = X w$$",
}


@pytest.mark.parametrize("text", FAIL_OF_DEFINITIONS.values(), ids=FAIL_OF_DEFINITIONS)
def test_a_definition_that_stands_for_a_claim_or_for_what_is_given_is_a_failure(
    text: str, tmp_path: Path
) -> None:
    assert not passes(tmp_path, text)


def test_with_strict_the_sign_of_a_definition_does_not_stand_for_a_claim(tmp_path: Path) -> None:
    text = "$$X w = X w$$\n\n$$G := X^T y$$"
    assert passes(tmp_path, text)
    assert not passes(tmp_path, text, "--strict")


def test_a_line_looked_at_alone_is_used_by_those_that_are_not(tmp_path: Path) -> None:
    (tmp_path / "own.md").write_text(f"```given\n{EXERCISE}\n```\n\n{PASS_OF_DEFINITIONS[0]}")
    assert main([str(tmp_path / "own.md"), "--explain", "line.1"]) == 0
    assert main([str(tmp_path / "own.md"), "line.1"]) == 0


def test_other_programs_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = f"$$r = X w - y$$\n\n{DEFINED}\n\n$$G = X w$$"
    assert not passes(tmp_path, text, "--format", "json")
    lines = json.loads(capsys.readouterr().out)["lines"]
    told = [(each["defines"], each["verdict"], each["as_expected"]) for each in lines]
    assert told == [("r", "undecided", True), ("", "proved", True), ("G", "undecided", False)]
    passes(tmp_path, text, "--format", "gradescope")
    tests = json.loads(capsys.readouterr().out)["tests"]
    points = [(each["status"], each["score"], each["max_score"]) for each in tests]
    assert points == [("passed", 0, 0), ("passed", 1, 1), ("failed", 0, 1)]


def test_definitions_alone_are_nothing_proved() -> None:
    given = "scalar a, b"
    report = check("$$c = a + b$$\n\n$$c^2 = a^2 + 2 a b + b^2$$", given)
    assert report.passed
    assert report.all_proved
    assert report["line.1"].role == "definition"
    assert not check("$$c := a + b$$\n\n$$d := c$$", given).all_proved
