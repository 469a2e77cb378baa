"""Transcripts: commands behind ``$``, each with what it wrote; ``...`` stands for any lines.

The same code writes them that compares them: ``python -m tests.pages`` puts in what is written now.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.pages.blocks import PAGES, Block, blocks
from tests.pages.shell import checkout, run

PROMPT, ANY = "$ ", "..."
CAPTION = "caption"
TIME = re.compile(r"(?<![\w.])\d[\d.]* m?s$", re.MULTILINE)


@dataclass(frozen=True)
class Step:
    """A command, what the page says it writes, and whether it is about files of the page."""

    block: Block
    command: str
    shown: str
    is_own: bool


def steps(block: Block, own: list[str]) -> Iterator[Step]:
    """The commands of a block; ``own`` are the names of the files of the page so far."""
    for piece in re.split(r"^(?=\$ )", block.text, flags=re.MULTILINE):
        if not piece.startswith(PROMPT):
            continue
        line, _, shown = piece.partition("\n")
        command = line.removeprefix(PROMPT)
        names = {word.rstrip("/") for word in shlex.split(command)}
        yield Step(block, command, shown, any(name in names for name in own))


def session(page: Path) -> Iterator[Block | Step]:
    """The files and the commands of a page, in order."""
    own: list[str] = []
    for block in blocks(page):
        if CAPTION in block.options:
            own += [block.options[CAPTION], block.options[CAPTION].rpartition("/")[0]]
            own = list(filter(None, own))
            yield block
        elif block.kind == "console":
            yield from steps(block, own)


def shared_steps() -> dict[str, list[Step]]:
    """By command, the steps that are about files of the checkout alone; each is run once."""
    found: dict[str, list[Step]] = {}
    for page in PAGES:
        for step in session(page):
            if isinstance(step, Step) and not step.is_own:
                found.setdefault(step.command, []).append(step)
    return found


def own_steps(page: Path, folder: Path) -> Iterator[tuple[Step, str]]:
    """The steps about files of the page, each with what it writes when they are taken in order."""
    checkout(folder)
    for each in session(page):
        if isinstance(each, Block):
            path = folder / each.options[CAPTION]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(each.text, encoding="utf-8")
        elif each.is_own:
            yield each, run(each.command, folder).written


def agrees(shown: str, written: str) -> bool:
    """Whether that is what is written, times and what stands for any lines left aside."""
    pieces = _untimed(shown).rstrip("\n").split("\n")
    pattern = r"\n".join(r"(?:.*\n)*?.*" if piece == ANY else re.escape(piece) for piece in pieces)
    return re.fullmatch(pattern, _untimed(written).rstrip("\n")) is not None


def _untimed(text: str) -> str:
    return TIME.sub("1 s", text)


def mended(page: Path) -> str:
    """The page with what its commands write now, where that is not what it shows."""
    text = page.read_text(encoding="utf-8")
    with TemporaryDirectory() as own, TemporaryDirectory() as other:
        checkout(Path(other))
        found = list(own_steps(page, Path(own)))
        found += [
            (step, run(step.command, Path(other)).written)
            for step in session(page)
            if isinstance(step, Step) and not step.is_own
        ]
    for step, written in found:
        if not agrees(step.shown, written):
            if ANY in step.shown.splitlines():
                raise SystemExit(f"{step.block}: it leaves lines out: mend it by hand")
            shown = f"{PROMPT}{step.command}\n{step.shown}"
            text = text.replace(shown, f"{PROMPT}{step.command}\n{written.rstrip()}\n", 1)
    return text
