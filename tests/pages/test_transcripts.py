"""What the pages show of a command is what it writes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pages.blocks import PAGES, ROOT
from tests.pages.shell import checkout, run
from tests.pages.transcripts import Step, agrees, own_steps, session, shared_steps

SHARED = shared_steps()
WITH_FILES = [
    page for page in PAGES if any(isinstance(s, Step) and s.is_own for s in session(page))
]
MEND = "python -m tests.pages"


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
