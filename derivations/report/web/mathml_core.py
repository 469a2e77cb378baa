"""What browsers leave to the author of MathML: bold and double-struck letters, space around words.

Of ``mathvariant`` MathML Core knows ``normal`` alone: a letter in bold is a character of its own.
A bracket grows with what is beside it unless it says that it does not; in LaTeX those behind
``left`` and ``right`` do, and no others.
A word such as log stands as an operator, a thin space from what is beside it, but not from a
bracket.
"""

from __future__ import annotations

from unicodedata import lookup, name
from xml.etree.ElementTree import Element

VARIANTS = {
    "bold": ("MATHEMATICAL BOLD",),
    "bold-italic": ("MATHEMATICAL BOLD ITALIC",),
    "double-struck": ("MATHEMATICAL DOUBLE-STRUCK", "DOUBLE-STRUCK"),
    "script": ("MATHEMATICAL SCRIPT", "SCRIPT"),
    "fraktur": ("MATHEMATICAL FRAKTUR", "BLACK-LETTER"),
    "sans-serif": ("MATHEMATICAL SANS-SERIF",),
    "monospace": ("MATHEMATICAL MONOSPACE",),
}
SCRIPTED = frozenset({"msub", "msup", "msubsup", "munder", "mover", "munderover"})
BRACKETS = frozenset("([{|∥‖⟨/")
GROWING = frozenset("‖∥|⟨⟩⌊⌋⌈⌉")
THIN = "0.1667em"


def finish(formula: Element, *, displayed: bool) -> None:
    """Put in letters and spaces, everywhere; what was displayed is drawn so."""
    formula.set("displaystyle", str(displayed).lower())
    for node in formula.iter():
        variant = node.get("mathvariant", "")
        if variant in VARIANTS and node.text:
            node.text = "".join(_letter(each, VARIANTS[variant]) for each in node.text)
            del node.attrib["mathvariant"]
        if node.text in GROWING and not {"stretchy", "minsize"} & {*node.keys()}:
            node.set("stretchy", "false")
        if node.tag not in SCRIPTED:
            _space(list(node))


def _letter(letter: str, names: tuple[str, ...]) -> str:
    """The letter or digit in another style, where Unicode has it."""
    words = name(letter, "").split()
    said = " ".join(word for word in words if word not in ("LATIN", "GREEK", "LETTER"))
    for each in names:
        try:
            return lookup(f"{each} {said}")
        except KeyError:
            continue
    return letter


def _space(children: list[Element]) -> None:
    for before, node, after in zip(
        [None, *children], children, [*children[1:], None], strict=False
    ):
        word = _core(node)
        text = word.text or ""
        if word.tag not in ("mi", "mo") or len(text) < 2 or not (text.isascii() and text.isalpha()):
            continue
        word.tag = "mo"
        word.set("lspace", "0" if before is None or before.tag == "mo" else THIN)
        closed = after is None or (after.tag == "mo" and after.text in BRACKETS)
        word.set("rspace", "0" if closed else THIN)


def _core(node: Element) -> Element:
    """What scripts stand at."""
    while node.tag in SCRIPTED and len(node):
        node = node[0]
    return node
