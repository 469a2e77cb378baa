r"""Conditionals of a LaTeX document: what is switched off is left out, and counted.

Switches are decided, of ``\newif``, ``\newtoggle``, ``\newbool``. Of ``\ifx``, ``\ifnum`` and their
kin no branch is judged, and what it would define is not read.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from derivations.reader.elsewhere import elsewhere, regions
from derivations.reader.macros import CONSTANT, DEFINING, Expansion, Frame, Macro
from derivations.reader.problem import Unreadable
from derivations.reader.source import Span

LEFT_OUT = "left out by a conditional"
_WHAT = "a conditional that only TeX can decide"
_ADVICE = r"write \newif and its switch, or leave one branch"
_SCAN = re.compile(r"\\(?:newif\s*\\[A-Za-z@]+|(if[A-Za-z@]*|else|fi)(?![A-Za-z@]))|(?<!\\)%[^\n]*")
_DEFINED = re.compile(
    rf"\\(?:{'|'.join(map(re.escape, sorted(DEFINING)))})\s*\{{?\s*\\([A-Za-z@]+)"
)
_NO_CONDITIONAL = frozenset({"iff", "ifthenelse", "iftoggle", "ifbool"})
_BRACE = re.compile(r"\s*(?=\{)")
_BOOLEAN = re.compile(r"\\(?:boolean|value)\s*\{([^{}]*)\}")
_SWITCHING = (
    *("newtoggle", "newbool", "newboolean"),
    *("toggletrue", "togglefalse", "booltrue", "boolfalse"),
)
_SETTING = ("settoggle", "setbool", "setboolean")
_CHOOSING = ("iftoggle", "ifbool", "ifthenelse")


class Conditionals:
    """Decides the conditionals of one document as it is written out."""

    def __init__(self, to: Expansion, told: Callable[[Unreadable], None]) -> None:
        self.to, self.told = to, told
        self.left_out: list[Span] = []
        self.opened = 0  # conditionals whose first branch is being written
        self.unclosed = False  # one was found that never ends: no other one is looked for
        to.handlers["iftrue"] = lambda token, deep: self._true()
        to.handlers["iffalse"] = lambda token, deep: self._false(token)
        to.handlers["else"] = self._else
        to.handlers["fi"] = self._fi
        for name in _SWITCHING:
            to.handlers[name] = self._switch
        for name in _SETTING:
            to.handlers[name] = self._set
        for name in _CHOOSING:
            to.handlers[name] = self._choose

    def is_conditional(self, name: str) -> bool:
        """Whether a command begins a conditional that a ``\\fi`` ends."""
        macro = self.to.macros.known.get(name)
        if macro is not None:
            return macro.body in CONSTANT
        return name.startswith("if") and name not in _NO_CONDITIONAL

    def undecided(self, name: str, token: Span, deep: int) -> bool:
        """Leave out a conditional that is not decided; False where it is none, and takes braces."""
        if not self.is_conditional(name) or self.unclosed or self._stands(_BRACE):
            return False
        skipped = self._skip(until_else=False)
        if skipped is None:
            return False
        self._refuse(token, skipped, deep)
        return True

    def _refuse(self, token: Span, skipped: Span, deep: int) -> None:
        """Say of a conditional that it is not decided, where that matters."""
        self.left_out.append(skipped)
        for found in _DEFINED.finditer(skipped.text):
            what = f"a macro that {token.text} defines: {_WHAT}"
            self.to.define(found[1], Macro(0, "", refused=what))
        count = sum(each.count for each in elsewhere(list(regions(skipped))))
        if count and not deep:
            said = f"{_WHAT}: {count} equalit{'y is' if count == 1 else 'ies are'} not judged"
            self.told(Unreadable(token.place, token.text, said, _ADVICE))
        self.to.spoil(token, _WHAT, _ADVICE)

    def _true(self) -> None:
        self.opened += 1

    def _false(self, token: Span) -> None:
        skipped = None if self.unclosed else self._skip(until_else=True)
        if skipped is None:
            self.to.write(token)
            return
        self.left_out.append(skipped)

    def _else(self, token: Span, deep: int) -> None:
        skipped = self._skip(until_else=False) if self.opened and not self.unclosed else None
        if skipped is None:
            self.to.write(token)
            return
        self.opened -= 1
        self.left_out.append(skipped)

    def _fi(self, token: Span, deep: int) -> None:
        if self.opened:
            self.opened -= 1
        else:
            self.to.write(token)

    def _skip(self, *, until_else: bool) -> Span | None:
        """What stands before the ``\\fi`` that ends this, or before its ``\\else``, both taken."""
        while self.to.frames and not self.to.frames[-1].span.text.strip():
            self.to.frames.pop()  # the blank behind a macro that is a conditional
        if not self.to.frames:
            return None
        span, depth = self.to.frames[-1].span, 0
        for found in _SCAN.finditer(span.source.text, span.start, span.end):
            name = found[1]
            if name is None:
                continue
            if name == "fi":
                depth -= 1
            elif name != "else":
                depth += self.is_conditional(name)
            if depth < 0 or (depth == 0 and name == "else" and until_else):
                self.opened += name == "else"
                self.to.advance(found.end())
                return Span(span.source, span.start, found.start())
        self.unclosed = True
        return None

    def _stands(self, pattern: re.Pattern[str]) -> bool:
        span = self.to.frames[-1].span if self.to.frames else None
        return span is not None and bool(pattern.match(span.source.text, span.start, span.end))

    # Switches by name -----------------------------------------------------------------------------

    def _switch(self, token: Span, deep: int) -> None:
        name = self.to.argument()
        if name is not None:
            self._turn(name.text, to="true" if token.text.endswith("true") else "false")

    def _set(self, token: Span, deep: int) -> None:
        name, value = self.to.argument(), self.to.argument()
        if name is not None and value is not None:
            self._turn(name.text, to=value.text.strip())

    def _turn(self, name: str, *, to: str) -> None:
        refused = "" if to in ("true", "false") else f"the switch {name}: {_WHAT}"
        self.to.define(f"switch{{{name.strip()}}}", Macro(0, to, refused=refused))

    def _choose(self, token: Span, deep: int) -> None:
        """One of two arguments, by a switch."""
        test, *branches = [self.to.argument() for _ in range(3)]
        first, second = branches
        if test is None or first is None or second is None:
            self.to.spoil(token, "an argument of this conditional is missing", "put it in braces")
            return
        name = test.text.strip()
        if token.text == r"\ifthenelse":
            boolean = _BOOLEAN.fullmatch(name)
            name = boolean[1].strip() if boolean else ""
        switch = self.to.macros.known.get(f"switch{{{name}}}")
        if switch is None or switch.refused:
            self._refuse(token, Span(test.source, first.start, max(first.end, second.end)), deep)
            return
        taken, other = (first, second) if switch.body == "true" else (second, first)
        self.left_out.append(other)
        if taken.end > taken.start:
            self.to.frames.append(Frame(taken, deep))
