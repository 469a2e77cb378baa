"""What README shows is what happens."""

from __future__ import annotations

import importlib.util
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", README, re.DOTALL)
PYTHON_BLOCKS = [text for language, text in BLOCKS if language == "python"]
BLOCK_COMMANDS = [
    line.split("  #")[0].strip()
    for language, text in BLOCKS
    if language == "sh"
    for line in text.splitlines()
]
INLINE_COMMANDS = re.findall(r"`(python (?:examples/|-m )[^`]+)`", README)
COMMANDS = list(dict.fromkeys([*BLOCK_COMMANDS, *INLINE_COMMANDS]))
INSTALLING = [command for command in COMMANDS if "venv" in command]
# these take minutes: here they are started as far as their help, so that a wrong name is seen
SLOW = [c for c in COMMANDS if "tests." in c or "benchmarks." in c or "pytest" in c]
SLOW += [c for c in COMMANDS if c == "python -m codegen"]  # it writes where other tests read
SLOW += [c for c in COMMANDS if "-m playground" in c]  # it fetches 30 MB
SLOW += [c for c in COMMANDS if "--prove" in c or "derivations.certify" in c]
SLOW = [c for c in SLOW if c not in INSTALLING]
QUICK = [c for c in COMMANDS if c not in INSTALLING and c not in SLOW]
A_WHILE = ("python -m codegen --check",)  # run at smaller sizes by tests/execute/test_planted.py
THE_TESTS, THE_SLOW_TESTS = "pytest -n auto", "pytest -n auto -m slow"


def started(command: str) -> str:
    """As far as is quick: to the markers, or to the help."""
    if "pytest" in command:
        return f"{command} --markers"
    *words, _ = (*shlex.split(command), "")
    return f"{shlex.join(words[:3])} --help"


def run(command: str, folder: Path = ROOT, **variables: str) -> subprocess.CompletedProcess[str]:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env={**os.environ, "PATH": path, **variables},
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )


def test_readme_has_every_kind_of_command() -> None:
    assert len(INSTALLING) == 2
    assert len(QUICK) >= 8
    assert len(SLOW) >= 5
    assert len(PYTHON_BLOCKS) >= 2


def needs(command: str) -> str:
    """The optional library that an example is about, where it is not installed."""
    found = re.search(r"examples\.(torch|jax)_", command)
    return found[1] if found and importlib.util.find_spec(found[1]) is None else ""


@pytest.mark.parametrize(
    "command", [pytest.param(c, marks=[pytest.mark.slow] if c in A_WHILE else []) for c in QUICK]
)
def test_a_command_of_readme_succeeds(command: str) -> None:
    if needs(command):
        pytest.skip(f"{needs(command)} is not installed: pip install '.[{needs(command)}]'")
    done = run(command)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("command", dict.fromkeys(map(started, SLOW)))
def test_a_slow_command_of_readme_starts(command: str) -> None:
    done = run(command)
    assert done.returncode == 0, done.stdout + done.stderr
    places = re.findall(r"tests/[\w/.]+", command)
    assert [place for place in places if not (ROOT / place).exists()] == []


def test_continuous_integration_tests_as_readme_says_and_then_what_is_slow() -> None:
    """In this order, so that what README's command misses is seen to be missed."""
    assert any(command.endswith(f"/{THE_TESTS}") for command in INSTALLING)
    assert THE_SLOW_TESTS in SLOW
    lines = (ROOT / ".ci" / "run").read_text().splitlines()
    tested = [line for line in lines if "pytest" in line]
    assert tested == [f".venv/bin/{THE_TESTS}", f".venv/bin/{THE_SLOW_TESTS}"]


@pytest.mark.parametrize("block", PYTHON_BLOCKS)
def test_the_python_of_readme_runs(block: str) -> None:
    done = run(f"{shlex.quote(sys.executable)} -W error -c {shlex.quote(block)}")
    assert done.returncode == 0, done.stderr


def test_the_counterexample_shown_in_readme_is_the_one_that_is_found() -> None:
    shown = next(text for language, text in BLOCKS if text.startswith("Counterexample"))
    printed = run("python -m derivations.verify --explain slip.b.dropped-exp").stdout
    assert shown.strip() in printed


def test_the_first_screen_shown_in_readme_is_what_is_printed() -> None:
    shown = next(text for language, text in BLOCKS if text.startswith("$ python"))
    command, _, screen = shown.partition("\n")
    printed = run(f"COLUMNS=100 {command.removeprefix('$ ')}").stdout
    assert untimed(printed).startswith(untimed(screen))


def untimed(screen: str) -> str:
    return re.sub(r"[\d.]+ m?s$", "", screen, flags=re.MULTILINE)


@pytest.mark.parametrize("command", INSTALLING)
def test_the_installing_commands_of_readme_name_what_there_is(command: str) -> None:
    offered = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = re.findall(r"'\.\[(\w+)\]'", command)
    modules = re.findall(r"-m ([a-z]+\.[a-z]+)", command)
    assert extras or modules
    assert set(extras) <= set(offered["optional-dependencies"])
    assert all(importlib.util.find_spec(module) for module in modules)


@pytest.mark.slow
@pytest.mark.parametrize("command", INSTALLING)
def test_the_installing_commands_of_readme_work_in_a_fresh_copy(
    command: str, tmp_path: Path
) -> None:
    copy = tmp_path / "copy"
    tracked = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split("\0")
    for name in filter(None, tracked):
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, copy / name)
    # the tests themselves are running already: there they are only collected
    quick = {"PIP_NO_COMPILE": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    quick["PYTHONDONTWRITEBYTECODE"] = ""  # what is imported is compiled once
    done = run(command, copy, PYTEST_ADDOPTS="--collect-only", **quick)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert "claims proved" in done.stdout or "tests collected" in done.stdout
