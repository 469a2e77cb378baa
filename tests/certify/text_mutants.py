"""Small changes of an emitted theorem: a sign, a number, a name, a hypothesis, a pair of parentheses."""

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
    """Every text with one change, each with what was changed and where."""
    start, end = text.index("Theorem"), text.index("Proof.")
    tokens = list(TOKEN.finditer(text, text.index("\n"), end))
    names = {t[0] for t in tokens if t[0] in _letters(text[start:end])}
    for token in tokens:
        for other in _others(token[0], _of_one_type(text[start:end], token[0]) if token[0] in names else []):
            changed = text[: token.start()] + other + text[token.end() :]
            line = changed[changed.rfind("\n", 0, token.start()) + 1 :].partition("\n")[0]
            yield f"{token[0]} to {other} in: {line}", changed
    for hypothesis in re.finditer(r"^  \(.*\) ->\n", text, re.M):
        yield f"without {hypothesis[0]}", text[: hypothesis.start()] + text[hypothesis.end() :]


def _others(token: str, names: list[str]) -> Iterator[str]:
    if token in SIGNS:
        yield SIGNS[token]
    if token in WORDS:
        yield WORDS[token]
    if token.isdigit():
        yield str(int(token) + 1)
    yield from names


def _letters(theorem: str) -> list[str]:
    return [name for group in _groups(theorem) for name in group]


def _of_one_type(theorem: str, name: str) -> list[str]:
    return [other for group in _groups(theorem) if name in group for other in group if other != name]


def _groups(theorem: str) -> list[list[str]]:
    said = theorem.partition(",\n")[0]
    return [group.split() for group in re.findall(r"\(([\w' ]+) : ", said)]
