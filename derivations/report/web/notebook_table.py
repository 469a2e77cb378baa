"""A table of lines as a notebook shows it, formulas typeset.

They are MathML where the converter is there, which every browser draws. Without it they stand
between dollar signs, which MathJax typesets in Jupyter.
"""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree.ElementTree import Element, SubElement, tostring

from derivations.report.stdio import visible
from derivations.report.web.typeset import NotInstalled, pieces, require_converter, said, typeset

Row = tuple[str, str, str, str]  # id, LaTeX, verdict, and what is said of it
HEADINGS = ("line", "as printed", "verdict", "")


def notebook_table(rows: Iterable[Row]) -> str:
    """The rows as a table of HTML."""
    table = Element("table")
    head = SubElement(SubElement(table, "thead"), "tr")
    for heading in HEADINGS:
        SubElement(head, "th").text = heading
    body = SubElement(table, "tbody")
    converts = _converts()
    for name, latex, verdict, why in rows:
        row = SubElement(body, "tr")
        SubElement(row, "td").text = visible(name)
        formula = SubElement(row, "td", {"style": "text-align: left"})
        if converts:
            formula.append(typeset(latex))
        else:
            formula.text = _between_dollars(latex)
        SubElement(row, "td").text = verdict
        cell = said("td", visible(why)) if converts else _as_text(visible(why))
        cell.set("style", "text-align: left")
        row.append(cell)
    return tostring(table, encoding="unicode", method="html")


def sentence(tag: str, text: str) -> str:
    """A sentence as an element of HTML."""
    made = said(tag, visible(text)) if _converts() else _as_text(visible(text), tag)
    return tostring(made, encoding="unicode", method="html")


def _converts() -> bool:
    try:
        require_converter()
    except NotInstalled:
        return False
    return True


def _as_text(text: str, tag: str = "td") -> Element:
    made = Element(tag)
    made.text = "".join(
        _between_dollars(each.text) if each.is_formula else each.text for each in pieces(text)
    )
    return made


def _between_dollars(latex: str) -> str:
    shown = " ".join(visible(latex).split())
    return shown if "$" in shown else f"${shown}$"
