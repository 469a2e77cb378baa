"""Small changes of an emitted theorem: a sign, a numeral, a name, a hypothesis dropped."""

from __future__ import annotations

import re
from collections.abc import Iterator

TOKEN = re.compile(r"[A-Za-z][\w']*|\d+|<=|<>|->|=>|:=|/\\|\S")
SIGNS = {"+": "-", "-": "+", "*": "+", "/": "*", "<=": "<", "<>": "=", "=": "<>"}
WORDS = {
    "exp": "ln",
    "ln": "exp",
    "Rmin": "Rmax",
    "Rabs": "exp",
    "has_partial2": "ex_partial2",
}


def mutants(text: str) -> Iterator[tuple[str, str]]:
    """Every text with one change, each after the line in question as it then stands."""
    start, end = text.index("Theorem"), text.index("Proof.")
    groups = _of_one_type(text[start:end])
    for token in TOKEN.finditer(text, text.index("\n"), end):
        for other in _others(token[0], groups):
            changed = text[: token.start()] + other + text[token.end() :]
            first = changed.rfind("\n", 0, token.start()) + 1
            yield changed[first:].partition("\n")[0], changed
    for hypothesis in re.finditer(r"^  \(.*\) ->\n", text, re.M):
        yield hypothesis[0].rstrip(), text[: hypothesis.start()] + text[hypothesis.end() :]


def _others(token: str, groups: list[list[str]]) -> Iterator[str]:
    """What is written for a token: another sign, function, numeral or letter of its type."""
    if token in SIGNS:
        yield SIGNS[token]
    if token in WORDS:
        yield WORDS[token]
    if token.isdigit():
        yield str(int(token) + 1)
    for group in groups:
        if token in group:
            yield from (name for name in group if name != token)


def _of_one_type(theorem: str) -> list[list[str]]:
    declared = theorem.partition(",\n")[0]
    return [group.split() for group in re.findall(r"\(([\w' ]+) : ", declared)]
