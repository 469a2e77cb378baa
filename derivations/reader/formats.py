"""Texts of every kind as documents: what a file is decides who tells of it."""

from __future__ import annotations

from derivations.reader.document import UNNAMED, Document, Given, Writer
from derivations.reader.files import NOTEBOOK, TEX, Siblings, kind_of
from derivations.reader.problem import Page
from derivations.reader.source import Span, paged


def document_of(
    text: str,
    name: str,
    siblings: Siblings,
    *,
    inline: bool = False,
    page: Page | None = None,
    declares: bool = False,
) -> Document:
    """The document that a text is; raises NoFile for a notebook that is none.

    ``page`` is said with every place in it; ``declares`` that its declarations alone are wanted.
    """
    kind = kind_of(name, text)
    writer = Writer(inline=inline, latex=kind == TEX, declares=declares)
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


def declarations_of(text: str, name: str, siblings: Siblings) -> Given:
    """The declarations of a file: its blocks, or all of its lines where it has none.

    Those under a heading are for the part of its name.
    """
    page = Page(-1, name)
    document = document_of(text, name, siblings, page=page, declares=True)
    common = [line for block in document.given for line in block]
    parts: dict[str, list[Span]] = {}
    for part in document.parts:
        lines = common if part.name == UNNAMED else parts.setdefault(part.name, [])
        lines += (line for block in part.given for line in block)
    if not common and not any(parts.values()):
        common = paged([(text, page)]).whole.lines()
    under = {part.name: part.under.name for part in document.parts if part.under is not None}
    return Given(common, parts, under)
