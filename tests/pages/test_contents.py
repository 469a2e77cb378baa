"""What else stands on the pages is so: programs, derivations, the picture, links, options."""

from __future__ import annotations

import json
import re
import shlex
import sys
from collections import Counter
from pathlib import Path

import pytest

from derivations import check
from tests.pages.blocks import DOCS, PAGES, ROOT, Block, of_kind
from tests.pages.shell import checkout, run

GALLERY = DOCS / "gallery"
DERIVATIONS = of_kind("derivation")
PICTURE = "python -m derivations.verify examples/homework.md --format svg"
LINK = re.compile(r"\]\((?!https?:|#)([^)#\s]+)(#[^)\s]*)?\)|<img src=\"([^\"]+)\"")


@pytest.mark.parametrize("block", of_kind("python"), ids=str)
def test_a_program_runs(block: Block, tmp_path: Path) -> None:
    program = f"{shlex.quote(sys.executable)} -W error -c {shlex.quote(block.text)}"
    done = run(program, checkout(tmp_path))
    assert done.code == 0, done.written


@pytest.mark.parametrize("block", DERIVATIONS, ids=str)
def test_a_derivation_has_the_verdicts_that_are_shown(block: Block) -> None:
    text = (DOCS / block.argument).read_text(encoding="utf-8") if block.argument else block.text
    report = check(text)
    assert ", ".join(line.verdict for line in report) == block.options["verdicts"], report.error


def test_the_gallery_shows_every_file_once_and_has_right_ones_and_wrong_ones() -> None:
    shown = [block.argument for block in DERIVATIONS if block.argument]
    assert sorted(shown) == sorted(f"gallery/{path.name}" for path in GALLERY.glob("*.md"))
    assert len(shown) >= 30
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
