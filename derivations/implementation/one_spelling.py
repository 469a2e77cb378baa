"""One name however it is spelled: ``lam``, ``\\lambda`` and ``λ``; ``W_tilde`` and ``W̃``."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_MARKS = {
    "\u0303": "_tilde",
    "\u0302": "_hat",
    "\u0304": "_bar",
    "\u0305": "_bar",
    "\u0307": "_dot",
}
_AROUND = re.compile(r"\\(?P<mark>tilde|hat|bar|dot)\s*\{?\s*(?P<of>\\?[^\W\d_]+)\s*\}?")
_SHORT = {"lam": "lambda", "lamda": "lambda", "eps": "epsilon", "Lam": "Lambda"}
_STYLES = re.compile(r"\\(?:mathbf|mathrm|boldsymbol|mathit|bm|text|mathcal|var)\s*")


def plain(name: str) -> str:
    """The name in ASCII letters."""
    name = _STYLES.sub("", name)
    name = _AROUND.sub(r"\g<of>_\g<mark>", name)
    found = []
    for letter in unicodedata.normalize("NFD", name):
        if letter in _MARKS:
            found.append(_MARKS[letter])
            continue
        said = unicodedata.name(letter, "").split()
        if said[:1] == ["GREEK"] and "LETTER" in said:
            greek = said[-1].lower().replace("lamda", "lambda")
            found.append(greek.capitalize() if "CAPITAL" in said else greek)
        elif letter not in "{}\\ $":
            found.append(letter)
    whole = "".join(found)
    return "_".join(_SHORT.get(part, part) for part in whole.split("_"))


def same(name: str, known: Iterable[str]) -> str | None:
    """Which of the known names it is; None where it is none, or more than one."""
    each = list(known)
    if name in each:
        return name
    found = [other for other in each if plain(other) == plain(name)]
    return found[0] if len(found) == 1 else None
