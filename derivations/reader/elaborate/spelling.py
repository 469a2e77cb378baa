"""Names in one spelling, whatever markup they were written with."""

from __future__ import annotations

from derivations.reader.problem import Unreadable
from derivations.reader.syntax import Accented, Content, Leaf, Node, Script
from derivations.reader.written import written

NAMES = r"names are letters, \sigma, \hat{y}, J_{neg}, \mathrm{loss}"
PRIME = "′"  # unlike the ' of axes, which nobody writes


def name_of(node: Node) -> str:
    """A name in one spelling: ``\\hat{y}``, ``J_{neg}``; superscripts and primes are no part."""
    if isinstance(node, Script):
        sub = f"_{{{plain(node.sub)}}}" if node.sub else ""
        return f"{name_of(node.base)}{sub}"
    return node.text if isinstance(node, Leaf) else written(node)


def declared_name(node: Node) -> str:
    """The name that a node is; raises Unreadable for anything that is no name."""
    base = node.base if isinstance(node, Script) else node
    base = base.base if isinstance(base, Accented) else base
    scripts = isinstance(node, Script) and (node.sup or node.primes)
    if scripts or not isinstance(base, Leaf) or base.kind not in ("LETTER", "WORD"):
        raise Unreadable(node.at, written(node), "a name is expected here", NAMES)
    return name_of(node)


def plain(content: Content) -> str:
    """A subscript as text, upright or not: ``naive-softmax``."""
    text = written(content)
    for mark in (r"\mathrm{", "{", "}", " "):
        text = text.replace(mark, "")
    return text


def letter_of(node: Node) -> str:
    """The name of a letter, primed or not; empty for anything else."""
    if isinstance(node, Script) and not (node.sub or node.sup):
        inner = letter_of(node.base)
        return inner + PRIME * node.primes if inner else ""
    return node.text if isinstance(node, Leaf) and node.kind == "LETTER" else ""
