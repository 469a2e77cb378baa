"""The command as a process: pipes, signals, full disks; and a run of one's own lines in limits."""

from __future__ import annotations

import faulthandler
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from derivations import verify
from derivations.reader import chain
from derivations.reader.equation import Side, elaborated
from derivations.reader.scope import Scope
from derivations.reader.source import Attempts, GivenUp
from derivations.reader.syntax import Node, written
from derivations.report import explain, workers
from derivations.report.stdio import PROGRAM_ERROR
from derivations.report.workers import Answer, Limits, answer
from derivations.verify import main

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


def test_the_list_as_json_has_every_claim_once() -> None:
    listed = json.loads(_run([*COMMAND, "--list", "--format", "json"]).stdout)
    ids = [entry["id"] for entry in listed["claims"] + listed["slips"]]
    assert len(ids) == len(set(ids)) > 40


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


def test_an_interrupt_ends_the_workers_and_leaves_no_traceback(tmp_path: Path) -> None:
    slow = "begin = lambda *_: begun.touch() or time.sleep(60)\nsys.exit("
    program = BUSY + PRETENDED.replace("sys.exit(", slow).replace("pretend.knowing", "begin")
    code, complaint = _interrupted(program, tmp_path / "begun")
    assert code == 130
    assert complaint == b"python -m derivations.verify: interrupted\n"


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


TIGHT = Limits(seconds=0.5, memory=64)


def endless() -> None:
    while True:
        pass


def endless_in_c() -> None:
    3 ** (2**30)


def asleep() -> None:
    time.sleep(60)


def aborted() -> None:
    faulthandler.disable()
    os.kill(os.getpid(), signal.SIGSEGV)


def hungry() -> None:
    bytearray(2**30)


def recursive() -> None:
    recursive()


def broken() -> None:
    raise KeyError("planted")


FAULTS = {
    endless: "it takes more than 0.5 s (--budget)",
    endless_in_c: "it takes more than 0.5 s (--budget)",
    asleep: "it takes more than 0.5 s (--budget)",
    aborted: "SIGSEGV",
    hungry: "memory",
    recursive: "nested too deep",
    broken: "an error of this program, KeyError: 'planted'",
}


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
) -> Callable[[Node, Scope, tuple[Node, ...]], Side]:
    def planted(node: Node, scope: Scope, chain: tuple[Node, ...]) -> Side:
        if written(node) == "cb":
            fault()
        return elaborated(node, scope, chain)

    return planted


def judged(
    path: Path, text: str, capsys: pytest.CaptureFixture[str], *options: str
) -> dict[str, Any]:
    path.write_text(text, encoding="utf-8")
    main([str(path), "--format", "json", *options])
    content = json.loads(capsys.readouterr().out)
    assert isinstance(content, dict)
    return content


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: str(fault.__name__))
def test_reading_a_side_that_comes_to_no_end_costs_its_lines(
    fault: Callable[[], None],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(chain, "elaborated", planted_in_reading(fault))
    options = ("--budget", "0.5", "--memory", "64")
    lines = judged(tmp_path / "own.md", GIVEN + LINES, capsys, *options)["lines"]
    assert [line["verdict"] for line in lines] == ["proved", "not read", "not read", "proved"]
    assert FAULTS[fault] in lines[1]["reason"]
    assert lines[2]["chain_end_verdict"] == "proved"


def test_explaining_a_line_that_comes_to_no_end_says_what_was_found(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(explain, "sections", lambda judgement: endless())
    path = tmp_path / "own.md"
    path.write_text(GIVEN + "$$a = b$$\n", encoding="utf-8")
    assert main([str(path), "--explain", "line.1", "--budget", "0.5", "--repairs", "none"]) == 1
    page = capsys.readouterr().out
    assert page.startswith("line.1  ✗ refuted")
    assert "it takes more than 0.5 s" in page


def test_without_fork_the_answer_is_the_same(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    forked = judged(tmp_path / "own.md", GIVEN + LINES, capsys)
    monkeypatch.setattr(workers, "FORKS", False)
    spawned = judged(tmp_path / "own.md", GIVEN + LINES, capsys)
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
    lines = judged(tmp_path / "own.md", HOSTILE + displays, capsys, *options)["lines"]
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
    first, second = judged(tmp_path / "own.md", text, capsys, *options)["lines"]
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
    assert verify.parse(["--sizes", "full"]).budget > verify.parse([]).budget
    assert verify.parse(["--sizes", "full", "--budget", "3"]).budget == 3


def test_what_was_found_out_before_a_process_is_replaced_is_not_found_out_again(
    tmp_path: Path,
) -> None:
    log = tmp_path / "log"

    def run(attempts: Attempts) -> Answer:
        if "a" not in attempts.known:
            with log.open("a") as file:
                file.write("a")
            attempts.tell("a", {"seconds": 1.5})
        with suppress(GivenUp):
            attempts(lambda: os.kill(os.getpid(), signal.SIGKILL))
        return Answer(0, str(attempts.known["a"]["seconds"]))

    assert answer(run, TIGHT) == Answer(0, "1.5")
    assert log.read_text() == "a"
