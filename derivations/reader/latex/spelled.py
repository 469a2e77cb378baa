"""Declared names as LaTeX."""

from __future__ import annotations

from functools import lru_cache

from derivations.reader.elaborate.spelling import name_of
from derivations.reader.formula import formula
from derivations.reader.latex.within import Unprintable
from derivations.reader.problem import Unreadable
from derivations.reader.source import Source
from derivations.reader.syntax import Accented, Leaf, Script


@lru_cache(maxsize=1024)
def spelled(name: str) -> str:
    """A declared name as LaTeX that the reader takes for it, words upright."""
    base, _, below = name.partition("_")
    base = rf"\mathrm{{{base}}}" if base.isalpha() and len(base) > 1 else base
    below = below.removeprefix("{").removesuffix("}")
    upright = rf"\mathrm{{{below}}}" if below[:2].isalpha() and len(below) > 1 else below
    for text in (f"{base}_{{{upright}}}", f"{base}_{{{below}}}") if below else (base, name):
        if _names(text, name):
            return text
    raise Unprintable(f"{name} cannot be written so that it is read as this name")


def _names(text: str, name: str) -> bool:
    """Whether the text is read as one name, and as this one."""
    try:
        node = formula(Source(text).whole)
    except Unreadable:
        return False
    base = node.base if isinstance(node, Script) else node
    return isinstance(base, Leaf | Accented) and name_of(node) == name
