"""What stands on a page between fences, and the commands within its sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from markdown_it import MarkdownIt

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
DOCS = ROOT / "docs"
PAGES = [README, *sorted(DOCS.glob("*.md"))]
OPTION = re.compile(r":([\w-]+):(?: +(.*))?")
COMMAND = re.compile(r"python (?:examples/|-m )[^`]+")


@dataclass(frozen=True)
class Block:
    """One block: ``kind`` is the first word behind the fence, a directive's name without braces.

    ``line`` is that of its first line of text, counted from 0. ``options`` are a directive's.
    """

    page: Path
    line: int
    kind: str
    argument: str
    text: str
    options: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line + 1}"


def blocks(page: Path) -> Iterator[Block]:
    """The blocks of a page, in order."""
    for token in MarkdownIt().parse(page.read_text(encoding="utf-8")):
        if token.type != "fence" or token.map is None:
            continue
        first, _, argument = token.info.strip().partition(" ")
        kind, lines, options = first.strip("{}"), token.content.splitlines(keepends=True), {}
        while first.startswith("{") and lines and (found := OPTION.fullmatch(lines[0].strip())):
            options[found[1]] = found[2] or ""
            lines.pop(0)
        skipped = len(token.content.splitlines()) - len(lines)
        text = "".join(lines)
        yield Block(page, token.map[0] + 1 + skipped, kind, argument, text, options)


def of_kind(kind: str) -> list[Block]:
    """All blocks of a kind on all pages."""
    return [block for page in PAGES for block in blocks(page) if block.kind == kind]


def inline_commands(page: Path) -> Iterator[str]:
    """The commands that stand within sentences."""
    for token in MarkdownIt().enable("table").parse(page.read_text(encoding="utf-8")):
        for child in token.children or ():
            if child.type == "code_inline" and COMMAND.fullmatch(child.content):
                yield child.content
