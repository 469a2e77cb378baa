"""Sentences with formulas in them: where the LaTeX begins and ends, so that it can be typeset.

What is said of a line is plain text, which mentions formulas in the author's letters. A run of
words is a formula where it has a command or a script in it; signs, numbers, single letters and
products such as Xw beside these belong to it, words do not. What is quoted stands in the file as it
is quoted, and stays so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

MOST_SIGNS = 2000  # of what is longer nothing is typeset
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
    if len(text) > MOST_SIGNS:
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
