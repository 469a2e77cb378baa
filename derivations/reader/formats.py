"""Texts of every kind as documents: what a file is decides who tells of it."""

from __future__ import annotations

from derivations.reader.document import Document, Writer
from derivations.reader.files import NOTEBOOK, TEX, Siblings, kind_of
from derivations.reader.problem import Page
from derivations.reader.source import Span, paged


def document_of(
    text: str, name: str, siblings: Siblings, *, inline: bool = False, page: Page | None = None
) -> Document:
    """The document that a text is; raises NoFile for a notebook that is none.

    ``page`` is said with every place in it.
    """
    kind = kind_of(name, text)
    writer = Writer(inline=inline, latex=kind == TEX)
    if kind == TEX:
        from derivations.reader.tex import write_tex

        write_tex(text, siblings, writer, page)
    elif kind == NOTEBOOK:
        from derivations.reader.notebook import write_notebook

        write_notebook(text, writer)
    else:
        from derivations.reader.markdown import write_markdown

        write_markdown(paged([(text, page)]).whole, writer)
    return writer.finished()


def declarations_of(text: str, name: str, siblings: Siblings) -> list[Span]:
    """The declarations of a file: its blocks, or all of its lines where it has none."""
    page = Page(-1, name)
    document = document_of(text, name, siblings, page=page)
    blocks = [*document.given, *(block for part in document.parts for block in part.given)]
    return [line for block in blocks for line in block] or paged([(text, page)]).whole.lines()
