"""Commands of LaTeX as tokens, each by the sort of command it is."""

from __future__ import annotations

import re
from difflib import get_close_matches

from lark import Token

from derivations.reader import vocabulary as known
from derivations.reader.position import Position

_COMMAND = re.compile(r"\\([A-Za-z]+\*?|.)", re.DOTALL)
_ONE = re.compile(r"\s*(?:\{\s*1\s*\}|1(?!\d))")
_HEIGHT = re.compile(r"\s*\[\s*-?[\d.]+\s*(?:pt|em|ex|mm|cm|in)\s*\]")  # \\[4pt]
_SIZED = re.compile(r"\s*(\.|\||\\[lr]?vert(?![A-Za-z]))")
_LEFT_OR_RIGHT = re.compile(r"\\(left|right)(?![A-Za-z])")
_WORD = re.compile(r"[A-Za-z]+(?:[ -][A-Za-z]+)*")


class Commands(Position):
    """Reads a command where it begins."""

    def _command(self, start: int) -> Token | None:
        found = _COMMAND.match(self.text, start)
        if found is None:
            raise self._refuse(
                start, "\\", "a command without a name", "write \\\\ twice for a line break"
            )
        self.at, name = found.end(), found[1]
        if name.endswith("*") and name not in known.ALIGNED:
            name, self.at = name[:-1], self.at - 1
        one = _ONE.match(self.text, self.at) if name in known.BOLD else None
        if one is not None:
            self.at = one.end()
            return self._token("INDICATOR", "1", start)
        if name in known.MARKUP or name in known.SPACES or name in known.SILENT:
            return None
        if name in known.SIZING:
            return self._sized(name, start)
        if name in known.GAPS:
            return self._token("GAP", f"\\{name}", start)
        if name in known.LABELS:
            label = self._argument(start, name)
            return self._token("LABEL", label, start) if name == "label" else None
        return self._token_of(name, start)

    def _sized(self, name: str, start: int) -> Token | None:
        """A size says nothing, but ``\\left. ... \\right|_{x = 0}`` is a bracket itself."""
        bracket = _SIZED.match(self.text, self.at)
        if name == "left":
            self.evaluated.append(self._is_evaluated())
            if self.evaluated[-1] and bracket is not None:
                self.at = bracket.end()
                return self._token("LEVALUATED", r"\left.", start)
        if name == "right" and self.evaluated and self.evaluated.pop() and bracket is not None:
            self.at = bracket.end()
            return self._token("REVALUATED", r"\right|", start)
        if bracket is not None and bracket[1] == ".":
            raise self._refuse(start, f"\\{name}", "a bracket left out", "write both brackets")
        return None

    def _is_evaluated(self) -> bool:
        """Whether ``\\left.`` stands here, with a bar behind the ``\\right`` that closes it."""
        depth = 1
        if not self.text[self.at :].lstrip().startswith("."):
            return False
        for found in _LEFT_OR_RIGHT.finditer(self.text, self.at):
            depth += 1 if found[1] == "left" else -1
            if not depth:
                bracket = _SIZED.match(self.text, found.end())
                return bracket is not None and bracket[1] != "."
        return False

    def _token_of(self, name: str, start: int) -> Token | None:
        if name in known.REFUSED:
            raise self._refuse(start, f"\\{name}", *known.REFUSED[name])
        if name in known.GREEK:
            return self._token("LETTER", f"\\{name}", start)
        if name in known.FUNCTIONS:
            return self._token("FUNCTION", known.ONE_NAME.get(name, name), start)
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
        height = _HEIGHT.match(self.text, self.at) if name == "\\" else None
        if height is not None:
            self.at = height.end()
        if name in known.TOKENS:
            kind = known.TOKENS[name]
            return self._token(kind, "..." if kind == "DOTS" else f"\\{name}", start)
        raise self._refuse(start, f"\\{name}", "an unknown command", _nearest(name))

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
            return self._token("DIFFERENTIAL" if inside == "d" else "LETTER", inside, start)
        first = inside.split(" ")[0].lower()
        if name in known.TEXTS and (first in known.CONDITION_WORDS or " " in inside):
            return self._token("TEXT", inside, start)
        if _WORD.fullmatch(inside):
            kind = "FUNCTION" if inside in known.FUNCTIONS else "WORD"
            return self._token(kind, known.ONE_NAME.get(inside, inside), start)
        if name in known.TEXTS:
            return self._token("TEXT", inside, start)
        self.at = before  # upright type around a formula is markup
        return None

    def _balance(self, begins: bool, inside: str, start: int) -> None:
        if begins:
            self.environments.append(inside)
        elif not self.environments or self.environments.pop() != inside:
            advice = f"write \\begin{{{inside}}} before it"
            raise self._refuse(start, f"\\end{{{inside}}}", "an end without its beginning", advice)

    def _environment(self, name: str, start: int) -> Token | None:
        inside = self._argument(start, name)
        if inside in known.ALIGNED:
            self._balance(name == "begin", inside, start)
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
