"""Formulas as MathML, by latex2mathml; as their LaTeX where that cannot be made.

What is converted is a stranger's text. So what comes back is parsed, and only elements of MathML
and attributes that say how it looks are kept: no link, no script, no style.
"""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, SubElement, fromstring

from derivations.report.called import missing
from derivations.report.web.mathml_core import finish
from derivations.report.web.sentences import pieces

NAMESPACE = "{http://www.w3.org/1998/Math/MathML}"
MOST_SIGNS = 4000
_INDICES = re.compile(r"(?<=[^\W\d_])\[([\w,+− -]+)\]|(?<=[ΣΠ])_(?:\{([^{}]+)\}|(\w))")
_SIGNS = re.compile(r"\\[A-Za-z]+|\\.|.", re.DOTALL)
_ELEMENTS = """
math mrow mi mn mo ms mtext mspace mfrac msqrt mroot mstyle mpadded mphantom menclose msub msup
msubsup munder mover munderover mmultiscripts mprescripts mtable mtr mtd
"""
_ATTRIBUTES = """
display mathvariant stretchy fence form separator largeop movablelimits accent accentunder lspace
rspace minsize maxsize width height depth linethickness displaystyle scriptlevel columnalign
rowspacing columnspacing columnlines notation
"""
ELEMENTS, ATTRIBUTES = frozenset(_ELEMENTS.split()), frozenset(_ATTRIBUTES.split())


class NotInstalled(Exception):
    """The converter is not there; the message says how to get it."""


def require_converter() -> None:
    """Raises NotInstalled where latex2mathml is not there."""
    try:
        import latex2mathml.converter  # noqa: F401
    except ImportError as error:
        raise NotInstalled(missing("--html", "latex2mathml")) from error


def typeset(latex: str, *, displayed: bool = True) -> Element:
    """A formula as an element of HTML, with its LaTeX as title.

    One that is not ``displayed`` is drawn as in a sentence.
    """
    found = _converted(latex) if len(latex) <= MOST_SIGNS else None
    if found is None:
        return _source(latex)
    finish(found, displayed=displayed)
    found.set("title", latex)
    return found


def said(tag: str, text: str) -> Element:
    """A sentence as an element of HTML, the formulas in it typeset, quotations as they stand."""
    whole = Element(tag)
    for piece in pieces(text):
        if piece.is_formula:
            whole.append(typeset(_with_indices_below(piece.text), displayed=False))
        elif piece.is_quoted:
            whole.append(_source(piece.text))
        else:
            _add_words(whole, piece.text)
    return whole


def _with_indices_below(formula: str) -> str:
    """Indices such as those of x[i]^2 as LaTeX has them: x_{i}^2."""
    return re.sub(r"(?<=[^\W\d_])\[([\w,]+)\]", r"_{\1}", formula)


def _add_words(whole: Element, text: str) -> None:
    """Words, with indices such as those of X[s,i] and Σ_s set below."""
    done = 0
    for found in _INDICES.finditer(text):
        _add_text(whole, text[done : found.start()])
        below = SubElement(whole, "sub")
        below.text = next(filter(None, found.groups()))
        done = found.end()
    _add_text(whole, text[done:])


def _add_text(whole: Element, text: str) -> None:
    if len(whole):
        whole[-1].tail = (whole[-1].tail or "") + text
    else:
        whole.text = (whole.text or "") + text


def _source(latex: str) -> Element:
    plain = Element("code", {"class": "latex"})
    plain.text = latex
    return plain


def _converted(latex: str) -> Element | None:
    from latex2mathml.converter import convert

    try:
        made = fromstring(convert(_without_alignment(latex)))
    except Exception:  # whatever a stranger's text does to the converter costs the typesetting
        return None
    if any("\\" in (node.text or "") for node in made.iter()):
        return None  # a command that the converter does not know
    if not _clean(made):
        return None
    return made


def _clean(node: Element) -> bool:
    """Whether all of it is MathML, once attributes are taken off that do not say how it looks."""
    for each in node.iter():
        each.tag = each.tag.removeprefix(NAMESPACE)
        if each.tag not in ELEMENTS:
            return False
        for name in [name for name in each.attrib if name not in ATTRIBUTES]:
            del each.attrib[name]
    return True


def _without_alignment(latex: str) -> str:
    """The formula without the signs that only lay out its display; in a matrix they are needed."""
    depth, kept = 0, []
    for piece in _SIGNS.findall(latex):
        depth += {"\\begin": 1, "\\end": -1}.get(piece, 0)
        if piece != "&" or depth > 0:
            kept.append(piece)
    return "".join(kept)
