r"""Macros that begin or end a display, as ``\newcommand{\be}{\begin{equation}}``, in Markdown.

They are written out before the text is divided, so that the displays are there to be found; what
defines them is emptied. All other macros are left for where they are used.
"""

from __future__ import annotations

import re

from derivations.reader.macros import DEFINING, Expansion, Frame, Macro, Macros
from derivations.reader.source import Span
from derivations.reader.vocabulary import ENVIRONMENTS

_NAMES = "|".join(map(re.escape, sorted(ENVIRONMENTS)))
_OPENS = re.compile(rf"\\(?:begin|end)\s*\{{(?:{_NAMES})\}}|\$\$|\\\[|\\\]")


def with_openings(span: Span, macros: Macros) -> Span:
    """A text in which such macros are written out; ``macros`` are those known so far."""
    text = span.text
    if not macros.known and not ("\\" in text and _OPENS.search(text)):
        return span
    if not macros.known and not any(f"\\{name}" in text for name in DEFINING):
        return span
    return _Openings(macros, span).whole()


class _Openings(Expansion):
    """Knows no macros but these."""

    def __init__(self, macros: Macros, span: Span) -> None:
        super().__init__(macros, span)
        self.opens = False
        self.before: dict[str, Macro | None] = {}

    def define(self, name: str, macro: Macro) -> None:
        """One that opens nothing is forgotten again, unless its other half does."""
        self.before.setdefault(name, self.macros.known.get(name))
        self.opens = self.opens or _OPENS.search(macro.body) is not None
        super().define(name, macro)

    def token(self, text: str, token: Span, frame: Frame) -> None:
        """A definition is emptied where it is one of these, and left as it is elsewhere."""
        if text[1:].rstrip("*") not in DEFINING or frame.deep:
            super().token(text, token, frame)
            return
        self.opens, self.before = False, {}
        understood = DEFINING[text[1:].rstrip("*")](self, token, frame.deep)
        end = self.frames[-1].span.start if self.frames else frame.span.end
        if understood and self.opens:
            for name in self.before:
                empty = rf"\def\{name}{{}}" if name.isalpha() else ""
                self.made.add(empty, token)
            return
        for name, macro in self.before.items():
            self.macros.known.pop(name, None)
            if macro is not None:
                self.macros.known[name] = macro
        self.write(Span(token.source, token.start, end))
