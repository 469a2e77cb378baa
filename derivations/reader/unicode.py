"""LaTeX names as plain text, for reports."""

from __future__ import annotations

import re
import unicodedata

_ACCENTS = {"hat": "\u0302", "bar": "\u0304", "tilde": "\u0303"}
# letters of their own, beside \\epsilon, \\theta, \\phi and others
_OTHER_FORMS = {
    "varepsilon": "\N{GREEK LUNATE EPSILON SYMBOL}",
    "vartheta": "\N{GREEK THETA SYMBOL}",
    "varphi": "\N{GREEK PHI SYMBOL}",
    "varpi": "\N{GREEK PI SYMBOL}",
    "varrho": "\N{GREEK RHO SYMBOL}",
    "varsigma": "\N{GREEK SMALL LETTER FINAL SIGMA}",
    "ell": "\N{SCRIPT SMALL L}",
}
_ACCENTED = re.compile(r"\\(hat|bar|tilde)\{(\\?[A-Za-z]+)\}")
_COMMAND = re.compile(r"\\([A-Za-z]+)")


def plain_name(latex: str) -> str:
    """``\\hat{y}`` as ŷ, ``J_{neg}`` as J_neg, ``\\sigma`` as σ."""

    def accented(found: re.Match[str]) -> str:
        base = plain_name(found[2])
        return unicodedata.normalize("NFC", base[0] + _ACCENTS[found[1]] + base[1:])

    text = _ACCENTED.sub(accented, latex).replace(r"\mathrm", "")
    text = _COMMAND.sub(_letter, text)
    return re.sub(r"[{}\s]", "", text).replace("^", "")


def _letter(found: re.Match[str]) -> str:
    name = found[1]
    if name in _OTHER_FORMS:
        return _OTHER_FORMS[name]
    case = "CAPITAL" if name[0].isupper() else "SMALL"
    spelled = name.upper().replace("LAMBDA", "LAMDA")
    try:
        return unicodedata.lookup(f"GREEK {case} LETTER {spelled}")
    except KeyError:
        return name
