"""A notebook: its Markdown cells, one after the other; code and what it printed are not read."""

from __future__ import annotations

import json

from derivations.reader.document import Writer
from derivations.reader.files import NoFile
from derivations.reader.markdown import write_markdown
from derivations.reader.problem import Page
from derivations.reader.source import Span, paged

RAW = "raw cell"


def write_notebook(text: str, writer: Writer) -> None:
    """Tell a writer what stands in the cells; raises NoFile for what is no notebook."""
    cells = [(n, *cell) for n, cell in enumerate(_cells(text), 1) if any(cell)]
    source = paged((said or raw, Page(number, f"cell {number}")) for number, said, raw in cells)
    starts = [start for start, _ in source.pages]
    ends = [*starts[1:], len(source.text)]
    for start, end, (_, said, _) in zip(starts, ends, cells, strict=True):
        if said:
            write_markdown(Span(source, start, end), writer)
        else:
            writer.skipped(Span(source, start, end), RAW)


def _cells(text: str) -> list[tuple[str, str]]:
    """The text of each cell that is Markdown, and of each that is raw; empty for all others."""
    try:
        notebook = json.loads(text)
        cells = notebook["cells"] if "cells" in notebook else notebook["worksheets"][0]["cells"]
        kinds = [cell["cell_type"] for cell in cells]
        texts = [_said(cell.get("source", "")) for cell in cells]
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError):
        raise NoFile("no notebook: no cells can be found in it") from None
    return [
        (said if kind == "markdown" else "", said if kind == "raw" else "")
        for kind, said in zip(kinds, texts, strict=True)
    ]


def _said(source: object) -> str:
    lines = source if isinstance(source, list) else [source]
    said = "".join(line for line in lines if isinstance(line, str))
    return said.replace("\r\n", "\n").replace("\r", "\n")
