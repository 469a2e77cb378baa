"""A notebook: its Markdown cells, one after the other; code and what it printed are not read."""

from __future__ import annotations

import json

from derivations.reader.document import Writer
from derivations.reader.files import NoFile
from derivations.reader.markdown import write_markdown
from derivations.reader.problem import Page
from derivations.reader.source import Span, paged


def write_notebook(text: str, writer: Writer) -> None:
    """Tell a writer what stands in the cells; raises NoFile for what is no notebook."""
    cells = list(enumerate(_cells(text), 1))
    pages = [(said, Page(number, f"cell {number}")) for number, said in cells if said]
    source = paged(pages)
    starts = [start for start, _ in source.pages]
    for start, end in zip(starts, [*starts[1:], len(source.text)], strict=True):
        write_markdown(Span(source, start, end), writer)


def _cells(text: str) -> list[str]:
    """The text of each cell, empty for one that is not Markdown."""
    try:
        notebook = json.loads(text)
        cells = notebook["cells"] if "cells" in notebook else notebook["worksheets"][0]["cells"]
        return [_said(cell["source"]) if cell["cell_type"] == "markdown" else "" for cell in cells]
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError):
        raise NoFile("no notebook: no cells can be found in it") from None


def _said(source: object) -> str:
    lines = source if isinstance(source, list) else [source]
    said = "".join(line for line in lines if isinstance(line, str))
    return said.replace("\r\n", "\n").replace("\r", "\n")
