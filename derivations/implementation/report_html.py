"""A report as a notebook shows it: a table, and lines to paste behind each finding."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from xml.etree.ElementTree import Element, SubElement, tostring

from derivations.implementation.finding import Finding

HEADINGS = ("what it looks like", "where", "should be", "is", "error/(u B)", "inputs")


def as_html(
    headline: str,
    findings: Sequence[Finding],
    cells: Callable[[Finding], Sequence[str]],
    call: Callable[[Finding], str],
    tried: Sequence[str],
) -> str:
    """The whole as an element."""
    whole = Element("div")
    SubElement(SubElement(whole, "p"), "strong").text = headline
    if findings:
        table = SubElement(whole, "table")
        head = SubElement(SubElement(table, "thead"), "tr")
        for heading in HEADINGS:
            SubElement(head, "th").text = heading
        body = SubElement(table, "tbody")
        for finding in findings:
            row = SubElement(body, "tr")
            for cell in cells(finding):
                SubElement(row, "td", {"style": "text-align: left"}).text = cell
    for finding in findings:
        _folded(whole, f"{finding.kind.value}, to try", f"{finding.reproduce}\n{call(finding)}")
    _folded(whole, "what was tried", "\n".join(tried))
    return tostring(whole, encoding="unicode", method="html")


def _folded(whole: Element, title: str, text: str) -> None:
    part = SubElement(whole, "details")
    SubElement(part, "summary").text = title
    SubElement(part, "pre", {"style": "white-space: pre-wrap"}).text = text
