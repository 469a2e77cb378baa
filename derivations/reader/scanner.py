"""The characters of a formula as tokens, one after the other."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from lark import Token

from derivations.reader import vocabulary as known
from derivations.reader.commands import Commands
from derivations.reader.limits import MOST_DIGITS
from derivations.reader.problem import Unreadable

_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_WORD = re.compile(rf"({'|'.join(known.BARE_WORDS)})(?=\s|\\|$)")
_ARROW = re.compile(r"<?=+>")
_DEFINED = re.compile(r":\s*=")
_WORD_ENDS = r"(?![A-Za-z])(?!\s*[-}])"  # in J_{neg-log} it is part of a name
_BARE = re.compile(rf"({'|'.join(sorted(known.BARE))}){_WORD_ENDS}")
_BRACKET = r"(?=\s*(?:\\(?:left|[bB]igg?l?)\s*)?(?:[(\[]|\\\{))"
_CALLED = re.compile(rf"({'|'.join(sorted(known.CALLED))}){_BRACKET}")
_MATRIX = re.compile(rf"({'|'.join(sorted(known.CALLED_MATRIX_FUNCTIONS))}){_BRACKET}")
_GLUED = re.compile(rf"({'|'.join(sorted(known.GLUED))})([A-Za-z]){_WORD_ENDS}")
_BLANK = re.compile(r"(?:[\s~]|%[^\n]*)+")


class Scanner(Commands):
    """Reads a span from left to right."""

    def tokens(self, unknown: dict[int, Unreadable] | None = None) -> Iterator[Token]:
        """All tokens; raises Unreadable at what is unknown.

        Where a mapping is given, what is unknown is a token as well, of the kind UNKNOWN, and the
        problem is in the mapping under the token's offset in the file.
        """
        braces: list[bool] = []  # the open ones, and whether they stand below something
        while self.at < len(self.text):
            blank = _BLANK.match(self.text, self.at)
            if blank:
                self.at = blank.end()
                continue
            start = self.at
            try:
                token = self._next()
            except Unreadable as problem:
                if unknown is None:
                    raise
                self.at = max(self.at, start + 1)
                token = self._token("UNKNOWN", self.text[start : self.at], start)
                unknown[self.span.start + start] = problem
            if token is not None:
                if token.type == "LBRACE":
                    braces.append(self.below or self.before == "SUB")
                elif token.type == "RBRACE" and braces:
                    braces.pop()
                self.below = bool(braces) and braces[-1]
                if token.type != "LBRACE" or self.before not in ("SUB", "SUP"):
                    self.before = token.type
                yield token
        if self.environments:
            (*_, last) = self.environments
            what = "an environment that is never closed"
            raise self._refuse(self.at, f"\\begin{{{last}}}", what, f"write \\end{{{last}}}")

    def _next(self) -> Token | None:
        start, char = self.at, self.text[self.at]
        if start in self.labelled:
            return self._label(start)
        if char == "\\":
            return self._command(start)
        if char == "$" and self.texts:
            return self._words_behind(start)
        if self.before in ("GAP", "AMP", "COMMA") and (word := _WORD.match(self.text, start)):
            self.at = word.end()
            return self._token("TEXT", word[1], start)
        if char.isascii() and char.isalpha():
            return self._letters(start)
        if char.isascii() and char.isdigit():
            return self._number(start)
        self.at += 1
        if char == ":" and (found := _DEFINED.match(self.text, start)):
            self.at = found.end()
            return self._token("RELATION", ":=", start)
        if char in "=<" and (arrow := _ARROW.match(self.text, start)):
            self.at = arrow.end()
            return self._token("IMPLIES", arrow.group(), start)
        if char == "." and self.text.startswith("..", self.at):
            self.at += 2
            return self._token("DOTS", "...", start)
        if char == "|" and self.text.startswith("|", self.at):
            self.at += 1
            return self._token("NORM", "||", start)
        if char in known.CHARACTERS:
            self.arguments = 0
            return self._token(known.CHARACTERS[char], char, start)
        if char in known.RELATIONS:
            return self._token("RELATION", known.RELATIONS[char], start)
        greek = unicodedata.name(char, "").removeprefix("GREEK SMALL LETTER ").lower()
        if greek in known.GREEK:
            return self._token("LETTER", f"\\{greek}", start)
        raise self._refuse(start, char, "an unknown character", "write it as LaTeX")

    def _letters(self, start: int) -> Token:
        """One letter, or a function that is written without its backslash: ``log(x)``."""
        begins = not self.text[start - 1 : start].isalpha()
        glued = _GLUED.match(self.text, start) if begins else None
        if glued is not None:
            advice = f"write \\{glued[1]} {glued[2]}"
            raise self._refuse(start, glued[0], "letters side by side, or a function?", advice)
        found = None
        if begins:
            found = _BARE.match(self.text, start) or _CALLED.match(self.text, start)
        matrix = _MATRIX.match(self.text, start) if begins else None
        if matrix is not None:
            self.at = matrix.end()
            return self._token("CALLED", matrix[1], start)
        self.at = found.end() if found is not None else start + 1
        if found is None:
            return self._token("LETTER", self.text[start], start)
        kind = "BARE" if found[1] in known.FUNCTIONS else "WORD"
        return self._token(kind, known.ONE_NAME.get(found[1], found[1]), start)

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
