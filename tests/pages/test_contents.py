"""What else stands on the pages is so: programs, derivations, the picture, links, options."""

from __future__ import annotations

import re
import shlex
import sys
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
