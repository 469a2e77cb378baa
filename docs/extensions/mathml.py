"""Formulas as MathML, which browsers draw themselves: no script, no font, nothing to fetch."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree.ElementTree import tostring

from docutils import nodes
from sphinx.util import logging

from derivations.report.page import typeset

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata
    from sphinx.writers.html5 import HTML5Translator

LOGGER = logging.getLogger(__name__)


def mathml(latex: str, where: nodes.Node, *, displayed: bool) -> str:
    """The formula as text of HTML; a warning where it can only be shown as its LaTeX."""
    made = typeset(latex, displayed=displayed)
    if made.tag != "math":
        LOGGER.warning("this formula cannot be typeset: %s", latex, location=where)
    return tostring(made, encoding="unicode", method="html")


def _in_a_sentence(page: HTML5Translator, node: nodes.math) -> None:
    page.body.append(mathml(node.astext(), node, displayed=False))
    raise nodes.SkipNode


def _displayed(page: HTML5Translator, node: nodes.math_block) -> None:
    page.body.append(f'<div class="math">{mathml(node.astext(), node, displayed=True)}</div>')
    raise nodes.SkipNode


def setup(app: Sphinx) -> ExtensionMetadata:
    """Called by Sphinx."""
    app.add_html_math_renderer("mathml", (_in_a_sentence, None), (_displayed, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
