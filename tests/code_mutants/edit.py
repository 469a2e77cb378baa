"""One edit of the text of a file."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from difflib import unified_diff
from typing import Any


@dataclass(frozen=True)
class Edit:
    """Bytes ``start`` to ``end`` of a file replaced by ``new``."""

    file: str
    line: int
    function: str
    kind: str
    start: int
    end: int
    new: str
    old: str

    def __str__(self) -> str:
        shown = f"{self.old!r} -> {self.new!r}" if self.new else f"{self.old!r} taken away"
        return f"{self.file}:{self.line} {self.function} {self.kind}: {shown}"

    @property
    def change(self) -> str:
        """What is replaced by what, on one line."""
        return " ".join(f"{self.old} -> {self.new}".split())

    def diff(self, text: str) -> str:
        """The lines that change, before and after."""
        before, after = text.splitlines(), self.applied(text).splitlines()
        changed = list(unified_diff(before, after, lineterm="", n=0))[3:]
        return "\n".join(changed)

    def applied(self, text: str) -> str:
        """The text with the edit made."""
        data = text.encode()
        return (data[: self.start] + self.new.encode() + data[self.end :]).decode()


class Source:
    """A file as bytes, and where the nodes of its tree stand in it."""

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self.data = text.encode()
        self.starts = [0]
        for line in self.data.splitlines(keepends=True):
            self.starts.append(self.starts[-1] + len(line))

    def start(self, node: Any) -> int:
        """Where a node begins."""
        return int(self.starts[node.lineno - 1] + node.col_offset)

    def end(self, node: Any) -> int:
        """Where it ends."""
        return int(self.starts[node.end_lineno - 1] + node.end_col_offset)

    def text(self, node: ast.AST) -> str:
        """The text of a node."""
        return self.data[self.start(node) : self.end(node)].decode()

    def between(self, first: ast.AST, second: ast.AST) -> str:
        """The text from the end of one node to the start of another."""
        return self.data[self.end(first) : self.start(second)].decode()

    def edit(
        self, function: str, node: Any, kind: str, new: str, last: ast.AST | None = None
    ) -> Edit:
        """The node, or all from it to ``last``, replaced."""
        start, end = self.start(node), self.end(last or node)
        old = self.data[start:end].decode()
        return Edit(self.file, node.lineno, function, kind, start, end, new, old)
