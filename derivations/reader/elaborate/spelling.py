"""Names in one spelling, whatever markup they were written with."""

from __future__ import annotations

from derivations.reader.syntax import Content, Leaf, Node, Script
from derivations.reader.written import written


def name_of(node: Node) -> str:
    """A name in one spelling: ``\\hat{y}``, ``J_{neg}``; superscripts and primes are no part."""
    if isinstance(node, Script):
        sub = f"_{{{plain(node.sub)}}}" if node.sub else ""
        return f"{name_of(node.base)}{sub}"
    return node.text if isinstance(node, Leaf) else written(node)


def plain(content: Content) -> str:
    """A subscript as text, upright or not: ``naive-softmax``."""
    text = written(content)
    for mark in (r"\mathrm{", "{", "}", " "):
        text = text.replace(mark, "")
    return text
