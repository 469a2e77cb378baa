"""The command as a process: pipes, encodings, interrupts, hash seeds."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-m", "derivations.verify"]
PRETENDED = """
import sys
from derivations.verify import main
from tests.report import pretend
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
