"""Docstrings of `generated` as they stand: formulas laid out by hand, as ``help`` shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

PLAIN = "generated"


def _as_it_stands(
    app: Sphinx, what: str, name: str, thing: object, options: object, lines: list[str]
) -> None:
    if name.partition(".")[0] != PLAIN or not any(lines):
        return
    lines[:] = ["::", "", *(f"    {line}" for line in lines), ""]


def setup(app: Sphinx) -> ExtensionMetadata:
    """Called by Sphinx."""
    app.connect("autodoc-process-docstring", _as_it_stands)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
