"""The commands of README and of the pages succeed, or start where they take long."""

from __future__ import annotations

import importlib.util
import re
import shlex
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

from tests.pages.blocks import PAGES, README, ROOT, blocks, inline_commands
from tests.pages.shell import checkout, run

COMMANDS = list(
    dict.fromkeys(
        line.split("  #")[0].strip()
        for page in PAGES
        for block in blocks(page)
        if block.kind == "sh"
        for line in block.text.splitlines()
        if line.strip()
    )
)
INLINE = list(dict.fromkeys(each for page in PAGES for each in inline_commands(page)))
INSTALLING = [c for c in COMMANDS if "pip install" in c or "pipx install" in c]
# these take minutes, have no end, write where other tests read or fetch what is not here: they are
# started as far as their help, so that a wrong name is seen
LONG = re.compile(
    r"tests\.|benchmarks\.|pytest|-m playground|--prove|certify|derivations watch"
    r"|python -m codegen$|-m sphinx|mcp_server|-m codegen --into"
)
SLOW = [c for c in [*COMMANDS, *INLINE] if LONG.search(c) and c not in INSTALLING]
QUICK = [c for c in COMMANDS if c not in INSTALLING and c not in SLOW]
# the first is run at smaller sizes by tests/execute, the second one by tests/examples
A_WHILE = ("python -m codegen --check", "python -m examples.torch_data_parallel")
THE_TESTS, THE_SLOW_TESTS = "pytest -n auto", "pytest -n auto -m slow"


def started(command: str) -> str:
    """As far as is quick: to the markers, or to the help."""
    words = shlex.split(re.sub(r"^(\w+=\S+ )+", "", command))
    if words[0] == "pytest":
        return f"{command} --markers"
    beginning = words[:3] if words[:2] == ["python", "-m"] else words[:2]
    return f"{shlex.join(beginning)} --help"


def needs(command: str) -> str:
    """The optional library that an example is about, where it is not installed."""
    found = re.search(r"examples\.(torch|jax)_|examples\.on_(dask)", command)
    name = found[1] or found[2] if found else ""
    return name if name and importlib.util.find_spec(name) is None else ""


def test_the_pages_have_every_kind_of_command() -> None:
    assert len(INSTALLING) >= 2
    assert len(QUICK) >= 8
    assert len(SLOW) >= 5


@pytest.mark.parametrize(
    "command", [pytest.param(c, marks=[pytest.mark.slow] if c in A_WHILE else []) for c in QUICK]
)
def test_a_command_succeeds(command: str, tmp_path: Path) -> None:
    if needs(command):
        pytest.skip(f"{needs(command)} is not installed: pip install '.[{needs(command)}]'")
    done = run(command, checkout(tmp_path))
    assert done.code == 0, done.written


@pytest.mark.parametrize("command", dict.fromkeys(map(started, SLOW)))
def test_a_slow_command_starts(command: str, tmp_path: Path) -> None:
    done = run(command, checkout(tmp_path))
    assert done.code == 0, done.written
    places = re.findall(r"tests/[\w/.]+", command)
    assert [place for place in places if not (ROOT / place).exists()] == []


def test_continuous_integration_tests_as_readme_says_and_then_what_is_slow() -> None:
    """In this order, so that what README's command misses is seen to be missed."""
    assert any(command.endswith(f"/{THE_TESTS}") for command in INSTALLING)
    assert THE_SLOW_TESTS in SLOW
    lines = (ROOT / ".ci" / "run").read_text().splitlines()
    tested = [line for line in lines if "pytest" in line]
    assert tested == [f".venv/bin/{THE_TESTS}", f".venv/bin/{THE_SLOW_TESTS}"]


@pytest.mark.parametrize("command", INSTALLING)
def test_what_is_installed_is_offered(command: str) -> None:
    offered = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = re.findall(r"\.\[([\w,]+)\]", command)
    assert {name for each in extras for name in each.split(",")} <= set(
        offered["optional-dependencies"]
    )
    assert all(map(importlib.util.find_spec, re.findall(r"-m ([a-z]+\.[a-z]+)", command)))


@pytest.mark.slow
@pytest.mark.parametrize("command", [c for c in INSTALLING if "venv/bin/python" in c])
def test_the_first_command_of_readme_works_in_a_fresh_copy(command: str, tmp_path: Path) -> None:
    """The second one is what `.ci/run` does, from a clean checkout."""
    copy = tmp_path / "copy"
    tracked = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split("\0")
    for name in filter(None, tracked):
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, copy / name)
    quick = {"PIP_NO_COMPILE": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PYTHONPATH": ""}
    quick["PYTHONDONTWRITEBYTECODE"] = ""  # what is imported is compiled once
    done = run(command, copy, **quick)
    assert done.code == 0, done.written[-3000:]
    ends = next(block.text for block in blocks(README) if block.text.startswith("✓"))
    written = " ".join(done.written.split())
    assert " ".join(ends.split()) in written


def test_readme_has_both_installing_commands_and_fits_a_screen_or_three() -> None:
    text = README.read_text(encoding="utf-8")
    assert sum(command in text for command in INSTALLING) >= 2
    assert len(text.splitlines()) < 150
