"""The command as a process: pipes, encodings, interrupts, hash seeds."""

import json
import os
import signal
import subprocess
import sys
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
# where a shell runs the tests in its background, interrupts are ignored, and so by all they start
HEARD = "import signal\nsignal.signal(signal.SIGINT, signal.default_int_handler)\n"


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
    done = _pretended()
    assert done.returncode == 0
    assert "\x1b" not in done.stdout
    assert done.stderr == ""
    assert "✓ proved" in done.stdout


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
    done = _pretended(PYTHONIOENCODING="ascii")
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


def test_an_interrupt_ends_the_workers_and_leaves_no_traceback() -> None:
    slow = PRETENDED.replace(
        "sys.exit(", "import time\nslow = lambda *_: print(flush=True) or time.sleep(60)\nsys.exit("
    ).replace("pretend.knowing", "slow")
    with subprocess.Popen(
        [sys.executable, "-c", HEARD + slow],
        cwd=ROOT,
        env=_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()  # a worker has begun
        os.killpg(process.pid, signal.SIGINT)
        complaint = process.stderr.read()
    assert process.returncode == 130
    assert complaint == b"python -m derivations.verify: interrupted\n"


def test_an_interrupt_while_the_workers_begin_leaves_no_traceback() -> None:
    late = (
        "import os, signal, threading, time\nfrom derivations.report import judging\n"
        "begin = judging._leave_interrupts_to_parent\n"
        "judging._leave_interrupts_to_parent = lambda: time.sleep(2) or begin()\n"
        "threading.Timer(1, lambda: os.killpg(0, signal.SIGINT)).start()\nsys.exit("
    )
    slow = PRETENDED.replace("sys.exit(", late).replace("pretend.knowing", "lambda *_: 1 / 0")
    with subprocess.Popen(
        [sys.executable, "-c", HEARD + slow],
        cwd=ROOT,
        env=_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    ) as process:
        assert process.stderr is not None
        complaint = process.stderr.read()
    assert process.returncode == 130
    assert complaint == b"python -m derivations.verify: interrupted\n"


def test_help_and_wrong_usage_answer_without_importing_sympy() -> None:
    probe = "import sys, derivations.verify; print('sympy' in sys.modules, 'rich' in sys.modules)"
    assert _run([sys.executable, "-c", probe]).stdout == "False False\n"
    done = _run([*COMMAND, "--format", "xml"])
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
