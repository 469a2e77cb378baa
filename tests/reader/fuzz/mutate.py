"""Changes of a text by whole tokens, so that most of it stays what the reader knows."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from random import Random

from derivations.reader import latex_commands

TOKEN = re.compile(r"\\[A-Za-z]+\*?|\\.|[A-Za-z]+|\d+|\s+|.", re.DOTALL)
LONGEST = 20_000
WORDS = (
    *(
        f"\\{name}"
        for name in [*latex_commands.TOKENS, *latex_commands.RELATIONS]
        if name.isalpha()
    ),
    *(
        f"\\{name}"
        for name in sorted(latex_commands.GREEK | latex_commands.UPRIGHT | latex_commands.ACCENTS)
    ),
    *latex_commands.CHARACTERS,
    *["$$", "\\", "{", "}", "$", "`", "-", "#", "=", "\n"],
    *("```given", "```", "define ", "index ", "size ", "vectors ", "list ", "read ", "if "),
    *("\\frac", "\\exp", "\\log", "\\sum", "\\text{if }", "\\quad", "e^", "_{w = o}", "^T", "^2"),
    *("- if $", "- a.1 refuted", "should be $", "0", "1", "9" * 13, "\\begin{pmatrix}", "\x00"),
    *("\\newcommand{\\x}", "\\def\\y#1{", "\\x", "\\y", "\\begin{", "\\end{", "\\[", "\\]", "%"),
    *(
        "\\input{part}",
        "\\section{",
        "\\item[",
        "\\begin{document}",
        "\\verb|",
        "\\iffalse",
        "\\fi",
    ),
    *("> ", "- ", "1. ", "<!--", "-->", "~~~", "```math", "**(a)**", "    ", '"cells"', "given\n"),
    *("²", "\u202e", "ﬁ", "−", "'", "(((((", ")))))", "{{{{{{", "}}}}}}"),
)
Tokens = list[str]
Change = Callable[[Tokens, Sequence[str], Random], Tokens]


def mutated(text: str, others: Sequence[str], random: Random) -> str:
    """The text after one to four changes, mostly behind its declarations."""
    given = text.rfind("```\n") + 4 if random.random() < 0.85 else 0
    tokens = TOKEN.findall(text[given:])
    for _ in range(random.choice((1, 1, 1, 2, 2, 3, 4))):
        tokens = random.choice(CHANGES)(tokens, others, random)
    return (text[:given] + "".join(tokens))[:LONGEST]


def _span(tokens: Tokens, random: Random, longest: int = 12) -> tuple[int, int]:
    start = random.randrange(len(tokens) + 1)
    return start, min(len(tokens), start + random.randrange(1, longest))


def _delete(tokens: Tokens, _: Sequence[str], random: Random) -> Tokens:
    start, end = _span(tokens, random)
    return tokens[:start] + tokens[end:]


def _insert(tokens: Tokens, _: Sequence[str], random: Random) -> Tokens:
    at, _end = _span(tokens, random)
    return [*tokens[:at], random.choice(WORDS), *tokens[at:]]


def _replace(tokens: Tokens, _: Sequence[str], random: Random) -> Tokens:
    at, _end = _span(tokens, random)
    return [*tokens[:at], random.choice(WORDS), *tokens[at + 1 :]]


def _repeat(tokens: Tokens, _: Sequence[str], random: Random) -> Tokens:
    start, end = _span(tokens, random)
    return tokens[:end] + tokens[start:end] * random.choice((1, 2, 5, 50)) + tokens[end:]


def _move(tokens: Tokens, _: Sequence[str], random: Random) -> Tokens:
    start, end = _span(tokens, random)
    rest = tokens[:start] + tokens[end:]
    at = random.randrange(len(rest) + 1)
    return rest[:at] + tokens[start:end] + rest[at:]


def _wrap(tokens: Tokens, _: Sequence[str], random: Random) -> Tokens:
    start, end = _span(tokens, random)
    opening, closing = random.choice(
        (("(", ")"), ("{", "}"), ("[", "]"), ("\\{", "\\}"), ("|", "|"), ("\\exp(", ")"))
    )
    times = random.choice((1, 1, 1, 3, 30, 60))
    return [*tokens[:start], opening * times, *tokens[start:end], closing * times, *tokens[end:]]


def _power(tokens: Tokens, _: Sequence[str], random: Random) -> Tokens:
    at, _end = _span(tokens, random)
    power = random.choice(("^9", "^{12}", "^{-3}", "^{9^9}", "^{(2)}", "_{1}", "_{w}", "^T", "'"))
    return [*tokens[:at], power, *tokens[at:]]


def _splice(tokens: Tokens, others: Sequence[str], random: Random) -> Tokens:
    other = TOKEN.findall(random.choice(others))
    start, end = _span(other, random, 40)
    at, _end = _span(tokens, random)
    return tokens[:at] + other[start:end] + tokens[at:]


CHANGES: tuple[Change, ...] = (
    _delete,
    _insert,
    _replace,
    _replace,
    _repeat,
    _move,
    _wrap,
    _power,
    _splice,
)
