"""Names of Python for the names of a text: letters spelled out, what is no letter left out."""

from __future__ import annotations

from collections.abc import Collection
from itertools import count
from keyword import iskeyword
from unicodedata import combining, name, normalize

_SPELLED = {"LAMDA": "LAMBDA", "CIRCUMFLEX ACCENT": "HAT", "MACRON": "BAR", "OVERLINE": "BAR"}


def identifier(printed: str, taken: Collection[str]) -> str:
    """A name that is not taken: Greek letters and accents spelled out, signs left out."""
    words: list[str] = []
    word = ""
    for sign in normalize("NFD", printed):
        if sign.isascii() and sign.isalnum():
            word += sign
            continue
        words, word = [*words, word], ""
        if sign in ("'", "′"):
            words.append("prime")
        elif combining(sign) or sign.isalpha():
            words.append(_spelled(sign))
    stem = "_".join(one for one in (*words, word) if one) or "x"
    stem = f"x_{stem}" if stem[0].isdigit() else stem
    stem = f"{stem}_" if iskeyword(stem) else stem
    numbered = (stem if n == 1 else f"{stem}_{n}" for n in count(1))
    return next(one for one in numbered if one not in taken)


def _spelled(sign: str) -> str:
    """The name of a letter or of an accent, a capital letter with a capital."""
    full = name(sign, "")
    kind, _, own = full.rpartition("LETTER ")
    own = own if kind else full.removeprefix("COMBINING ")
    own = _SPELLED.get(own, own).lower().replace(" ", "_").replace("-", "_")
    return own.capitalize() if "CAPITAL" in kind else own
