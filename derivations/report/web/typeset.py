"""Formulas, and sentences with formulas, as MathML by latex2mathml; else as their LaTeX."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from unicodedata import lookup, name
from xml.etree.ElementTree import Element, SubElement, fromstring

from derivations.report.stdio import missing

# What browsers leave to the author of MathML: bold and double-struck letters, space around words.
#
# Of ``mathvariant`` MathML Core knows ``normal`` alone: a letter in bold is a character of its own.
# A bracket grows with what is beside it unless it says that it does not; in LaTeX those behind
# ``left`` and ``right`` do, and no others.
# A word such as log stands as an operator, a thin space from what is beside it, but not from a
# bracket.


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


# Sentences with formulas in them: where the LaTeX begins and ends, so that it can be typeset.
#
# What is said of a line is plain text, which mentions formulas in the author's letters. A run of
# words is a formula where it has a command or a script in it; signs, numbers, single letters and
# products such as Xw beside these belong to it, words do not. What is quoted stands in the file
# as it is quoted, and stays so.


MOST_SIGNS_OF_A_FORMULA = 2000  # of what is longer nothing is typeset
_QUOTED = re.compile(
    r"""(?:(?<=\s)|^)(?P<mark>['"])(?P<source>\S(?:.*?\S)??)(?P=mark)(?=[\s,;:.)]|$)"""
)
_WORD = re.compile(r"(?:\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\}|\S)+")  # with what is in braces
_COMMAND = re.compile(r"\\[A-Za-z]|(?:(?<![A-Za-z])[A-Za-z]|[})\]])'*[_^](?![A-Za-z]{2})")
_SIGN = re.compile(r"[-+=<>|/(]+|\.\.\.")
_BESIDE = re.compile(
    r"[-+]?(?:\d+(?:\.\d+)?|[A-Zb-z]'?|[A-Z][A-Za-z])[)\]]*|[-+]?[A-Za-z]\([A-Za-z0-9, ]*\)"
)
_ENDS = ",;:.?!"
_CLOSED = {"{": "}", "(": ")", "[": "]"}


@dataclass(frozen=True)
class Piece:
    """A piece of a sentence: words, a formula, or what is quoted from the file."""

    text: str
    is_formula: bool = False
    is_quoted: bool = False


def pieces(text: str) -> Iterator[Piece]:
    """The sentence piece by piece; together they are the text, but for the marks of quotations."""
    if len(text) > MOST_SIGNS_OF_A_FORMULA:
        yield Piece(text)
        return
    done = 0
    for quoted in _QUOTED.finditer(text):
        yield from _formulas(text[done : quoted.start()])
        yield Piece(quoted["source"], is_quoted=True)
        done = quoted.end()
    yield from _formulas(text[done:])


@dataclass(frozen=True)
class _Word:
    """A word without the punctuation behind it, and where it stands."""

    text: str
    start: int
    ends_here: bool  # punctuation follows

    @property
    def end(self) -> int:
        return self.start + len(self.text)


def _formulas(text: str) -> Iterator[Piece]:
    words = [_word(found) for found in _WORD.finditer(text)]
    done = at = 0
    while at < len(words):
        last = _run(words, at)
        formula = text[words[at].start : words[last - 1].end] if last > at else ""
        if not formula or not _is_balanced(formula):
            at += 1
            continue
        if text[done : words[at].start]:
            yield Piece(text[done : words[at].start])
        yield Piece(formula, is_formula=True)
        done, at = words[last - 1].end, last
    if text[done:]:
        yield Piece(text[done:])


def _word(found: re.Match[str]) -> _Word:
    text = found[0]
    bare = text if _SIGN.fullmatch(text) else text.rstrip(_ENDS)
    return _Word(bare, found.start(), bare != text)


def _run(words: Sequence[_Word], at: int) -> int:
    """Behind the last word of the formula that begins here; the same where none does."""
    last = at
    has_command = False
    for number in range(at, len(words)):
        word = words[number]
        if _COMMAND.search(word.text) or _BESIDE.fullmatch(word.text):
            has_command |= bool(_COMMAND.search(word.text))
            last = number + 1
        elif not _SIGN.fullmatch(word.text):
            break
        if word.ends_here:
            break
    return last if has_command and not _SIGN.fullmatch(words[at].text) else at


def _is_balanced(formula: str) -> bool:
    waiting: list[str] = []
    for sign in formula:
        if sign in _CLOSED:
            waiting.append(_CLOSED[sign])
        elif sign in _CLOSED.values() and (not waiting or waiting.pop() != sign):
            return False
    return not waiting


# Formulas as MathML, by latex2mathml; as their LaTeX where that cannot be made.
#
# What is converted is a stranger's text. So what comes back is parsed, and only elements of MathML
# and attributes that say how it looks are kept: no link, no script, no style.


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
        for attribute in [attribute for attribute in each.attrib if attribute not in ATTRIBUTES]:
            del each.attrib[attribute]
    return True


def _without_alignment(latex: str) -> str:
    """The formula without the signs that only lay out its display; in a matrix they are needed."""
    depth, kept = 0, []
    for piece in _SIGNS.findall(latex):
        depth += {"\\begin": 1, "\\end": -1}.get(piece, 0)
        if piece != "&" or depth > 0:
            kept.append(piece)
    return "".join(kept)
