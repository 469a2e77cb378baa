"""The pages say what holds: commands run, transcripts are what is printed, contents complete."""

from __future__ import annotations

import importlib.util
import json
import re
import shlex
import shutil
import subprocess
import tomllib
from collections import Counter
from functools import partial
from pathlib import Path

import pytest

from derivations import check
from tests.pages.transcripts import (
    DOCS,
    PAGES,
    README,
    ROOT,
    Block,
    Step,
    agrees,
    blocks,
    checkout,
    forked,
    inline_commands,
    of_kind,
    of_text,
    own_steps,
    run,
    session,
    shared_steps,
)

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


GALLERY = DOCS / "gallery"
DERIVATIONS = of_kind("derivation")
PICTURE = "python -m derivations.verify examples/homework.md --format svg"
LINK = re.compile(r"\]\((?!https?:|#)([^)#\s]+)(#[^)\s]*)?\)|<img src=\"([^\"]+)\"")


@pytest.mark.slow
@pytest.mark.parametrize("block", of_kind("python"), ids=str)
def test_a_program_runs(block: Block, tmp_path: Path) -> None:
    done = forked(partial(of_text, block.text), (), checkout(tmp_path))
    assert done.code == 0, done.written


@pytest.mark.parametrize("text", ["assert False", "import nothing", "print('\\d')", "exit(3)"])
def test_a_program_that_fails_or_warns_is_seen(text: str, tmp_path: Path) -> None:
    assert forked(partial(of_text, text), (), tmp_path).code != 0


@pytest.mark.parametrize("block", [b for b in DERIVATIONS if not b.argument], ids=str)
def test_a_derivation_has_the_verdicts_that_are_shown(block: Block) -> None:
    report = check(block.text)
    assert ", ".join(line.verdict for line in report) == block.options["verdicts"], report.error


@pytest.mark.parametrize("chapter", sorted(GALLERY.glob("*.md")), ids=lambda each: each.stem)
def test_a_chapter_of_the_gallery_is_shown_part_by_part_with_the_verdicts_it_has(
    chapter: Path,
) -> None:
    report = check(chapter.read_text(encoding="utf-8"))
    found: dict[str, list[str]] = {}
    for line in report:
        found.setdefault(line.id.partition(".")[0], []).append(line.verdict)
    shown = [block for block in DERIVATIONS if block.argument == f"gallery/{chapter.name}"]
    told = [(block.options["part"], block.options["verdicts"]) for block in shown]
    assert told == [(part, ", ".join(verdicts)) for part, verdicts in found.items()], report.error


def test_the_gallery_has_right_ones_and_wrong_ones() -> None:
    assert len([block for block in DERIVATIONS if block.argument]) >= 30
    right = [b for b in DERIVATIONS if set(b.options["verdicts"].split(", ")) == {"proved"}]
    wrong = [b for b in DERIVATIONS if "refuted" in b.options["verdicts"]]
    assert len(right) >= 5
    assert len(wrong) >= 10


def test_the_certificates_that_are_counted_are_those_that_are_recorded() -> None:
    recorded = json.loads((ROOT / "derivations/certify/checked.json").read_text("utf-8"))
    found = Counter(
        (name.partition("/")[0], entry["theorem"].rpartition(".")[2])
        for name, entry in recorded.items()
    )
    page = (DOCS / "proved.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\w+) \| \d+ \| (\d+) \| (\d+) \|", page, re.MULTILINE)
    assert len(rows) == 6
    for subject, certified, refuted in rows:
        assert (found[subject, "holds"], found[subject, "falls"]) == (int(certified), int(refuted))
    others = {key: n for key, n in found.items() if key[0] not in {row[0] for row in rows}}
    holds = sum(n for (_, how), n in others.items() if how == "holds")
    counted = f"Of {sum(others.values())} theorems {holds} are for all sizes"
    assert counted in page


def test_the_picture_in_readme_is_what_the_command_draws(tmp_path: Path) -> None:
    assert run(PICTURE, checkout(tmp_path)).written == (DOCS / "verdict.svg").read_text("utf-8")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_is_linked_to_is_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    linked = [page.parent / (found[1] or found[3]) for found in LINK.finditer(text)]
    assert [str(path) for path in linked if not path.exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_files_that_are_named_are_there(page: Path) -> None:
    folders = "derivations|codegen|generated|examples|docs|tests|benchmarks|playground"
    named = re.findall(rf"`((?:{folders})/[\w./-]+)`", page.read_text(encoding="utf-8"))
    assert [name for name in named if not (ROOT / name).exists()] == []


SHARED = shared_steps()
WITH_FILES = [
    page for page in PAGES if any(isinstance(s, Step) and s.is_own for s in session(page))
]
MEND = "python -m tests.pages.transcripts"


@pytest.mark.parametrize("command", SHARED)
def test_a_transcript_is_what_is_written(command: str, tmp_path: Path) -> None:
    written = run(command, checkout(tmp_path)).written
    for step in SHARED[command]:
        assert agrees(step.shown, written), f"{step.block}: {MEND} puts in\n{written}"


@pytest.mark.parametrize("page", WITH_FILES, ids=lambda page: str(page.relative_to(ROOT)))
def test_the_transcripts_about_the_files_of_a_page_are_what_is_written(
    page: Path, tmp_path: Path
) -> None:
    for step, written in own_steps(page, tmp_path):
        assert agrees(step.shown, written), f"{step.block}: {MEND} puts in\n{written}"


def test_a_transcript_that_differs_in_one_sign_does_not_agree() -> None:
    assert agrees("✓ a: 2 steps · 1.8 s\n...\nend", "✓ a: 2 steps · 39 ms\nb\nc\nend\n")
    assert not agrees("✓ a: 2 steps · 1.8 s\n...\nend", "✓ a: 3 steps · 1.8 s\nb\nc\nend\n")
    assert not agrees("✓ a", "✓ a\nb\n")
    assert not agrees("", "no output was expected")
