"""LaTeX as tokens: markup dropped, every spelling of a sign made one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches

from lark import Token

from derivations.reader import vocabulary as known
from derivations.reader.bars import BRACKETS, told_apart
from derivations.reader.limits import MOST_DIGITS, MOST_NESTED, MOST_TOKENS
from derivations.reader.problem import Place, Unreadable
from derivations.reader.source import Span

_COMMAND = re.compile(r"\\([A-Za-z]+\*?|.)", re.DOTALL)
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_BLANK = re.compile(r"(?:[\s~]|%[^\n]*)+")
_WORD = re.compile(r"[A-Za-z]+(?:[ -][A-Za-z]+)*")


def tokenize(span: Span) -> list[Token]:
    """The tokens of a formula; raises Unreadable at what is unknown or too much."""
    tokens: list[Token] = []
    depth = 0
    for token in _primes(_Scanner(span).tokens()):
        depth += (token.type in BRACKETS) - (token.type in BRACKETS.values())
        if depth > MOST_NESTED:
            raise Unreadable(place(token), token.value, f"more than {MOST_NESTED} brackets deep")
        if len(tokens) >= MOST_TOKENS:
            raise Unreadable(
                place(token), token.value, f"a formula of more than {MOST_TOKENS} signs"
            )
        tokens.append(token)
    return told_apart(tokens)


def place(token: Token) -> Place:
    """Where a token stands."""
    return Place(token.line or 1, token.column or 1)


def _primes(tokens: Iterator[Token]) -> Iterator[Token]:
    """``^\\prime`` and ``^{\\prime}`` as the sign that ``'`` is."""
    held: list[Token] = []
    for token in tokens:
        held.append(token)
        kinds = [each.type for each in held]
        if kinds in (["SUP", "PRIME"], ["SUP", "LBRACE", "PRIME", "RBRACE"]):
            yield held[kinds.index("PRIME")]
            held.clear()
        elif kinds not in (["SUP"], ["SUP", "LBRACE"], ["SUP", "LBRACE", "PRIME"]):
            yield from held
            held.clear()
    yield from held


class _Scanner:
    """Reads a span from left to right."""

    def __init__(self, span: Span) -> None:
        self.span, self.text, self.at = span, span.text, 0
        self.arguments = 0  # of a \frac that are still to come: \frac12 is one half

    def tokens(self) -> Iterator[Token]:
        while self.at < len(self.text):
            blank = _BLANK.match(self.text, self.at)
            if blank:
                self.at = blank.end()
                continue
            token = self._next()
            if token is not None:
                yield token

    def _token(self, kind: str, value: str, start: int) -> Token:
        where = self.span.source.place(self.span.start + start)
        return Token(
            kind,
            value,
            start_pos=self.span.start + start,
            end_pos=self.span.start + self.at,
            line=where.line,
            column=where.column,
        )

    def _refuse(self, start: int, token: str, what: str, advice: str = "") -> Unreadable:
        return Unreadable(self.span.source.place(self.span.start + start), token, what, advice)

    def _next(self) -> Token | None:
        start, char = self.at, self.text[self.at]
        if char == "\\":
            return self._command(start)
        if char.isascii() and char.isalpha():
            self.at += 1
            return self._token("LETTER", char, start)
        if char.isascii() and char.isdigit():
            return self._number(start)
        self.at += 1
        if char == "." and self.text.startswith("..", self.at):
            self.at += 2
            return self._token("DOTS", "...", start)
        if char in known.CHARACTERS:
            self.arguments = 0
            return self._token(known.CHARACTERS[char], char, start)
        if char in known.RELATIONS:
            return self._token("RELATION", known.RELATIONS[char], start)
        raise self._refuse(start, char, "an unknown character")

    def _number(self, start: int) -> Token:
        found = _NUMBER.match(self.text, start)
        assert found is not None
        digits = found.group()
        before = self.text[:start].rstrip()
        if self.arguments:
            digits, self.arguments = digits[0], self.arguments - 1
        elif before.endswith(("^", "_")) and len(digits) > 1:
            advice = f"write {before[-1]}{{{digits}}}"
            raise self._refuse(start, digits, "LaTeX raises only the first digit", advice)
        if len(digits) > MOST_DIGITS:
            raise self._refuse(start, digits[:20], f"a number of more than {MOST_DIGITS} digits")
        self.at = start + len(digits)
        return self._token("NUMBER", digits, start)

    def _command(self, start: int) -> Token | None:
        found = _COMMAND.match(self.text, start)
        if found is None:
            raise self._refuse(start, "\\", "a command without a name")
        self.at, name = found.end(), found[1]
        if name.endswith("*") and name not in known.ALIGNED:
            name, self.at = name[:-1], self.at - 1
        if name in known.MARKUP or name in known.SPACES or name in known.SILENT:
            return None
        if name in known.SIZING:
            if self.text[self.at :].lstrip().startswith("."):
                raise self._refuse(
                    start, found.group(), "a bracket left out", "write both brackets"
                )
            return None
        if name in known.LABELS:
            self._argument(start, name)
            return None
        return self._token_of(name, start)

    def _token_of(self, name: str, start: int) -> Token | None:
        if name in known.GREEK:
            return self._token("LETTER", f"\\{name}", start)
        if name in known.FUNCTIONS:
            return self._token("FUNCTION", "log" if name == "ln" else name, start)
        if name in known.ACCENTS:
            mark = {"widehat": "hat", "overline": "bar", "widetilde": "tilde"}.get(name, name)
            return self._token("ACCENT", mark, start)
        if name in known.FRACTIONS:
            self.arguments = 2
            return self._token("FRACTION", r"\frac", start)
        if name in known.BLACKBOARD:
            return self._blackboard(name, start)
        if name in known.UPRIGHT:
            return self._upright(name, start)
        if name in ("begin", "end"):
            return self._environment(name, start)
        if name in known.RELATIONS:
            return self._token("RELATION", known.RELATIONS[name], start)
        if name in known.TOKENS:
            return self._token(known.TOKENS[name], f"\\{name}", start)
        raise self._refuse(start, f"\\{name}", "an unknown command", _nearest(name))

    def _argument(self, start: int, name: str) -> str:
        """The text in braces after a command; braces nest."""
        opening = re.compile(r"\s*\{").match(self.text, self.at)
        if opening is None:
            single = re.compile(r"\s*([A-Za-z0-9])").match(self.text, self.at)
            if single is None:
                raise self._refuse(
                    start, f"\\{name}", "its argument is missing", "put it in braces"
                )
            self.at = single.end()
            return single[1]
        depth, at = 1, opening.end()
        while depth:
            if at >= len(self.text):
                raise self._refuse(start, f"\\{name}", "a brace that is never closed")
            depth += {"{": 1, "}": -1}.get(self.text[at], 0)
            at += 1
        self.at = at
        return self.text[opening.end() : at - 1]

    def _blackboard(self, name: str, start: int) -> Token:
        inside = self._argument(start, name).strip()
        if inside in ("1", "I"):
            return self._token("INDICATOR", "1", start)
        if len(inside) == 1 and inside.isalpha():
            return self._token("LETTER", inside, start)
        raise self._refuse(start, f"\\{name}{{{inside}}}", "unknown", "one letter is expected")

    def _upright(self, name: str, start: int) -> Token | None:
        before = self.at
        inside = self._argument(start, name).strip()
        if len(inside) == 1 and inside.isalpha():
            return self._token("LETTER", inside, start)
        first = inside.split(" ")[0].lower()
        if name.startswith("text") and (first in known.CONDITION_WORDS or " " in inside):
            return self._token("TEXT", inside, start)
        if _WORD.fullmatch(inside):
            kind = "FUNCTION" if inside in known.FUNCTIONS else "WORD"
            return self._token(kind, inside, start)
        if name.startswith("text"):
            return self._token("TEXT", inside, start)
        self.at = before  # upright type around a formula is markup
        return None

    def _environment(self, name: str, start: int) -> Token | None:
        inside = self._argument(start, name)
        if inside in known.ALIGNED:
            return None
        if inside in known.MATRICES:
            return self._token("BEGIN_MATRIX" if name == "begin" else "END_MATRIX", inside, start)
        advice = f"known are {', '.join(sorted(known.MATRICES | known.ALIGNED))}"
        raise self._refuse(start, f"\\{name}{{{inside}}}", "an unknown environment", advice)


def _nearest(name: str) -> str:
    every = [*known.GREEK, *known.FUNCTIONS, *known.TOKENS, *known.RELATIONS, *known.FRACTIONS]
    every += [*known.UPRIGHT, *known.MARKUP, *known.ACCENTS]
    found = get_close_matches(name, [each for each in every if each.isalpha()], n=1)
    return f"did you mean \\{found[0]}?" if found else "declare a name for it and use that"
