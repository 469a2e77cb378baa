"""Lexer: the characters of a formula as tokens, markup dropped, every spelling of a sign made one.

Commands of LaTeX are read by the sort that each is of. Environments become brackets and
separators by where they stand (`latex_environments`), and each ``|`` is made a delimiter that
opens or closes, or a separator.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import accumulate, takewhile

from lark import Token

from derivations.reader import latex_commands as known
from derivations.reader.latex_commands import WORD_FUNCTIONS
from derivations.reader.latex_environments import laid_out
from derivations.reader.source import (
    BRACKETS,
    CLOSING_BRACKETS,
    DELIMITERS,
    MOST_CHARACTERS,
    MOST_DIGITS,
    MOST_NESTED,
    MOST_TOKENS,
    Sign,
    Span,
    Unreadable,
    enclosing,
    place_of,
    retyped,
)


class Position:
    """A place in a span that moves from left to right."""

    def __init__(self, span: Span) -> None:
        self.span, self.text, self.at = span, span.text, 0
        self.environments: list[str] = []  # that are still to be closed
        self.evaluated: list[bool] = []  # for each open \left, whether it is \left. ... \right|
        self.arguments = 0  # of a \frac that are still to come: \frac12 is one half
        self.before = ""  # the kind of the last token
        self.below = False  # whether it is in the braces of a subscript
        self.labelled: dict[int, str] = {}  # where braces over or under something end
        self.texts: list[int] = []  # where the \text ends that a formula stands in

    def _token(self, kind: str, value: str, start: int) -> Sign:
        first = self.span.start + start
        where = self.span.source.place(first)
        return Sign.placed(kind, value, first, self.span.start + self.at, where)

    def _faced(self, token: Sign, *, bold: bool = False) -> Token:
        """A letter with its face, where its text has it in bold and in plain type."""
        if token.value in self.span.source.bold(self.span.start + self.at - 1):
            token.face = "BOLD" if bold else "PLAIN"
        return token

    def _refuse(self, start: int, token: str, what: str, advice: str = "") -> Unreadable:
        return Unreadable(self.span.source.place(self.span.start + start), token, what, advice)

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
        self.at = self._closing(opening.end(), start, name)
        return self.text[opening.end() : self.at - 1]

    def _closing(self, at: int, start: int, name: str) -> int:
        """Where the braces that opened before ``at`` are closed; braces nest."""
        depth = 1
        while depth:
            if at >= len(self.text):
                what = "a brace that is never closed"
                raise self._refuse(start, f"\\{name}", what, "write } where its argument ends")
            if self.text[at] == "\\":
                at += 1
            else:
                depth += {"{": 1, "}": -1}.get(self.text[at], 0)
            at += 1
        return at


_COMMAND = re.compile(r"\\([A-Za-z]+\*?|.)", re.DOTALL)
_NEGATED = re.compile(r"\s*(=|\\in(?![A-Za-z]))")  # behind \not
# its braces hold a letter, and no argument of what stands before
_LETTER = re.compile(r"\s*\{\s*([A-Za-z])\s*\}")
_UNBRACED = re.compile(r"\s*([A-Za-z])(?![A-Za-z])")
_ONE = re.compile(r"\s*(?:\{\s*1\s*\}|1(?!\d))")
_HEIGHT = re.compile(r"\s*\[\s*-?[\d.]+\s*(?:pt|em|ex|mm|cm|in)\s*\]")  # \\[4pt]
_COLUMNS = re.compile(r"\s*\{(?:[^{}]|\{[^{}]*\})*\}")  # of an array
_OPTION = re.compile(r"\s*\[[a-z]*\]")
_DEGREE = re.compile(r"\s*\[([^\]]*)\]")  # of a root
_SIZED = re.compile(r"\s*(\.|\||\\[lr]?vert(?![A-Za-z]))")
_LEFT_OR_RIGHT = re.compile(r"\\(left|right)(?![A-Za-z])")
_ANGLE = re.compile(r"\s*([<>])")
_BELOW = re.compile(r"\s*\[[^\[\]]*\]")  # an option, or what stands below a sign
_SIGN = re.compile(r"\s*(=|\\equiv(?![A-Za-z]))")
_FORMULA = re.compile(r"\s*\{\s*\$")
_WORDS = re.compile(r"[A-Za-z]+(?:[ -][A-Za-z]+)*")


class Commands(Position):
    """Reads a command where it begins."""

    def _command(self, start: int) -> Token | None:
        found = _COMMAND.match(self.text, start)
        if found is None:
            raise self._refuse(
                start, "\\", "a command without a name", "write \\\\ twice for a line break"
            )
        self.at, name = found.end(), found[1]
        if name.endswith("*"):
            name, self.at = name[:-1], self.at - (name[:-1] not in known.LABELS)
        one = _ONE.match(self.text, self.at) if name in known.BOLD else None
        if one is not None:
            self.at = one.end()
            return self._token("INDICATOR", "1", start)
        letter = _LETTER.match(self.text, self.at) if name in known.MARKUP else None
        if name in known.CALLIGRAPHIC | known.BOLD and letter is None:
            letter = _UNBRACED.match(self.text, self.at)
        if letter is not None:
            self.at = letter.end()
            own = name in known.CALLIGRAPHIC and letter[1] in self.span.source.calligraphic
            text = f"\\mathcal{{{letter[1]}}}" if own else letter[1]
            return self._faced(self._token("LETTER", text, start), bold=name in known.BOLD)
        if name in known.MARKUP or name in known.SPACES or name in known.SILENT:
            return None
        if name in known.SIZING:
            return self._sized(name, start)
        if name in known.GAPS:
            return self._token("GAP", f"\\{name}", start)
        if name in known.SPACED:
            self._argument(start, name)
            return self._token("GAP", f"\\{name}", start)
        if name in known.UNSEEN or name in known.UNSEEN_PAIRS:
            for _ in range(1 + (name in known.UNSEEN_PAIRS)):
                self._argument(start, name)
            return None
        if name in known.BOXES and _FORMULA.match(self.text, self.at):
            return self._upright("text", start)
        if name in known.FRAMES or name in known.BRACES:
            return self._framed(name, start)
        if name in known.STACKED:
            return self._stacked(name, start)
        if name in known.LABELLED:
            below = _BELOW.match(self.text, self.at)
            self.at = below.end() if below else self.at
            return self._token("RELATION", f"= {self._words(start, name)}", start)
        if name in known.LABELS:
            label = self._argument(start, name)
            return self._token("LABEL", label, start) if name == "label" else None
        return self._token_of(name, start)

    def _sized(self, name: str, start: int) -> Token | None:
        """A size says nothing, but ``\\left. ... \\right|_{x = 0}`` is a bracket itself."""
        angle = _ANGLE.match(self.text, self.at)
        if angle is not None:
            self.at = angle.end()
            return self._token("LANGLE" if angle[1] == "<" else "RANGLE", angle[1], start)
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
            self.at = bracket.end()
            return self._token("NO_BRACKET", f"\\{name}", start)
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
        if name in known.BELOW and self.below:
            return self._token(known.BELOW[name], f"\\{name}", start)
        negated = _NEGATED.match(self.text, self.at) if name == "not" else None
        if negated is not None:
            self.at = negated.end()
            return self._token("RELATION", r"\ne" if negated[1] == "=" else r"\notin", start)
        if name in known.GREEK:
            return self._token("LETTER", f"\\{name}", start)
        if name in known.FUNCTIONS:
            return self._token("FUNCTION", known.ONE_NAME.get(name, name), start)
        if name in known.MATRIX_FUNCTIONS:
            return self._token("WORD", name, start)
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
        if name in known.DEFINING:
            return self._token("RELATION", ":=", start)
        if name in known.PROVED:
            return self._token("QED", f"\\{name}", start)
        if name in known.INFERENCES:
            return self._token("THEREFORE", f"\\{name}", start)
        if name in known.IMPLICATIONS:
            return self._token("IMPLIES", f"\\{name}", start)
        if name == "forall":
            return self._token("TEXT", "for all", start)
        if name in ("intertext", "shortintertext"):
            words = " ".join(self._argument(start, name).split())
            return self._token("INTERTEXT", words, start)
        height = _HEIGHT.match(self.text, self.at) if name == "\\" else None
        if height is not None:
            self.at = height.end()
        if name == "sqrt":
            self._square(start)
        if name in known.TOKENS:
            kind = known.TOKENS[name]
            return self._token(kind, "..." if kind == "DOTS" else f"\\{name}", start)
        raise self._refuse(start, f"\\{name}", "an unknown command", _nearest(name))

    def _square(self, start: int) -> None:
        """Nothing, or a two, in front of what a root is of."""
        found = _DEGREE.match(self.text, self.at)
        if found is not None and found[1].strip() != "2":
            what, advice = "only square roots are read", "write \\exp(\\frac{1}{n} \\log(...))"
            raise self._refuse(start, f"\\sqrt[{found[1]}]", what, advice)
        self.at = found.end() if found is not None else self.at
        self.arguments = 1

    def _framed(self, name: str, start: int) -> Token:
        """A frame or brace around what stands in braces, which are read as what they hold."""
        option = _BELOW.match(self.text, self.at) if name == "bbox" else None
        self.at = option.end() if option else self.at
        opening = re.compile(r"\s*\{").match(self.text, self.at)
        if opening is not None:
            end = self._closing(opening.end(), start, name)
            if name in known.BRACES:
                self.labelled[end] = name
        return self._token("FRAME", f"\\{name}", start)

    def _label(self, start: int) -> Token | None:
        """The label behind a brace, which is no subscript."""
        name = self.labelled.pop(start)
        mark = re.compile(r"\s*[_^]").match(self.text, start)
        if mark is None:
            return None
        self.at = mark.end()
        label = " ".join(self._argument(start, name).split())
        return self._token("ASIDE", f"the label {label!r} of \\{name} is not read", start)

    def _stacked(self, name: str, start: int) -> Token | None:
        """A sign with something above or below it: the sign, where it is one of a relation."""
        label = self._words(start, name)
        bare = _SIGN.match(self.text, self.at)
        self.at = bare.end() if bare else self.at
        sign = bare[1] if bare else self._argument(start, name).strip()
        if sign not in ("=", r"\equiv"):
            what, advice = "something above or below a sign", "declare a name for it and use that"
            raise self._refuse(start, f"\\{name}{{{label}}}{{{sign}}}", what, advice)
        return self._token("RELATION", f"= {label}", start)

    def _words(self, start: int, name: str) -> str:
        return " ".join(self._argument(start, name).split())

    def _words_behind(self, start: int) -> Token | None:
        """Words of a \\text behind a formula in it: up to the next formula, or to its end."""
        end = self.texts[-1]
        opening = self.text.find("$", start + 1, end)
        if opening < 0:
            self.texts.pop()
            words, self.at = self.text[start + 1 : end - 1], end
        else:
            words, self.at = self.text[start + 1 : opening], opening + 1
        words = " ".join(words.split()).strip(" ,.;:")
        return self._token("TEXT", words, start) if words else None

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
        if name in known.TEXTS and "$" in inside and not self.texts:
            self.texts.append(self.at)
            self.at = self.text.index("$", before) + 1
            words = " ".join(self.text[before : self.at - 1].replace("{", "", 1).split())
            return self._token("TEXT", words, start) if words else None
        inside = known.SPELLED.get(inside, inside)
        if not inside:
            return None
        if len(inside) == 1 and inside.isalpha():
            return self._token("DIFFERENTIAL" if inside == "d" else "LETTER", inside, start)
        scripted = self.before in ("SUB", "SUP")
        if self.below and not scripted and inside.lower() in known.BELOW:
            return self._token(known.BELOW[inside.lower()], inside, start)
        first = inside.split(" ")[0].lower()
        remarks = first in known.REMARKING_WORDS and not scripted
        if name in known.TEXTS and (remarks or " " in inside):
            return self._token("TEXT", inside, start)
        if _WORDS.fullmatch(inside) or inside in known.ARRAY_FUNCTIONS:
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
        inside, begins = self._argument(start, name), name == "begin"
        kinds = {**dict.fromkeys(known.MATRICES, "MATRIX"), **dict.fromkeys(known.CASES, "CASES")}
        kind = kinds.get(inside, "LAYOUT" if inside in known.ALIGNED else "")
        if not kind:
            every = known.MATRICES | known.ALIGNED | known.CASES
            advice = f"known are {', '.join(sorted(every))}"
            raise self._refuse(start, f"\\{name}{{{inside}}}", "an unknown environment", advice)
        self._balance(begins, inside, start)
        for skipped in (_OPTION, _COLUMNS if inside in known.WITH_COLUMNS else _OPTION):
            if begins and (found := skipped.match(self.text, self.at)):
                self.at = found.end()
        return self._token(f"{'BEGIN' if begins else 'END'}_{kind}", inside, start)


def _nearest(name: str) -> str:
    if name in known.CORRECT:
        return "declare a name for it and use that"
    every = [
        *known.GREEK,
        *known.FUNCTIONS,
        *known.MATRIX_FUNCTIONS,
        *known.TOKENS,
        *known.RELATIONS,
        *known.FRACTIONS,
    ]
    every += [*known.UPRIGHT, *known.MARKUP, *known.ACCENTS, *known.FRAMES, *known.BRACES]
    found = get_close_matches(name, [each for each in every if each.isalpha()], n=1)
    return f"did you mean \\{found[0]}?" if found else "declare a name for it and use that"


_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_BARE_WORD = re.compile(rf"({'|'.join(known.BARE_WORDS)})(?=\s|\\|$)")
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
        if self.before in ("GAP", "AMP", "COMMA") and (word := _BARE_WORD.match(self.text, start)):
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
            return self._faced(self._token("LETTER", self.text[start], start))
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


_NAMES = {"LETTER", "WORD", "NUMBER", "PRIME", "DOTS", "TOP", "INDICATOR", "DIFFERENTIAL", "MARK"}
_ENDS_OPERAND = frozenset({*_NAMES, *DELIMITERS.values()})
_DERIVATIVES = frozenset({"FRACTION", "NABLA", "PARTIAL"})
_ENDS_TERM = frozenset(
    {"PLUS", "MINUS", "RELATION", "COMMA", "SEMI", "AMP", "GAP", "BREAK", "TEXT", "COLON"}
    | {"IMPLIES", "THEREFORE", "INTERTEXT"}
)
_SUMS = frozenset({"SUM", "PROD"})
_OF_ENVIRONMENTS = ("BEGIN_", "END_", "NO_BRACKET")
_SEPARATES_IN = frozenset({"LPAR", "LSQB", "LSET"})


def _step(token: Token) -> int:
    """How much deeper the brackets are behind a token: one, minus one, or nothing."""
    return (token.type in BRACKETS) - (token.type in CLOSING_BRACKETS)


def still_open(tokens: Sequence[Token]) -> Token | None:
    """The innermost bracket that is opened and not closed, if there is one."""
    opened: list[Token] = []
    for token in tokens:
        if token.type in BRACKETS:
            opened.append(token)
        elif opened and token.type == BRACKETS[opened[-1].type]:
            opened.pop()
    return opened[-1] if opened else None


def innermost(tokens: list[Token]) -> list[str]:
    """The kind of the innermost bracket around each token, empty where there is none."""
    depths = [0, *enclosing(tokens)]
    found: list[str] = []
    opened: list[str] = []
    for token, before, depth in zip(tokens, depths, depths[1:], strict=False):
        found.append(opened[-1] if opened else "")
        if depth > before:
            opened.append(token.type)
        elif depth < before:
            opened.pop()
            found[-1] = opened[-1] if opened else ""
    return found


def _bars_classified(tokens: list[Token]) -> list[Token]:
    """The tokens with every BAR and NORM made an opening, a closing or a separating one.

    A bar closes the bracket around it where that is a bar. Otherwise, behind something it
    separates, as in P(O = o | C = c), and elsewhere it opens. With a subscript it says where the
    term before it is taken: ``\\frac{df}{dt} \\Big|_{t = 0}``.
    """
    result: list[Token] = []
    open_brackets: list[str] = []
    for number, token in enumerate(tokens):
        kind = token.type
        following = tokens[number + 1].type if number + 1 < len(tokens) else ""
        if following == "SUB" and _stands_alone(kind, open_brackets):
            result.insert(_start_of_term(result, token), retyped(token, "LEVALUATED"))
            result.append(retyped(token, "REVALUATED"))
            continue
        if kind == "NORM" and _is_alone(tokens, number, open_brackets):
            kind = "VERT"
            token = retyped(token, kind)
        elif kind in ("BAR", "NORM"):
            kind = _kind(kind, open_brackets, result)
            token = retyped(token, kind)
        if kind == "CDOT" and _stands_for_any(result, following):
            token = retyped(token, "LETTER")
        if kind == "CDOT" and _stands_for_all(result, following):
            token = retyped(token, "MARK")
        if kind in DELIMITERS:
            open_brackets.append(kind)
        elif open_brackets and kind == DELIMITERS[open_brackets[-1]]:
            open_brackets.pop()
        result.append(token)
    return result


def _is_alone(tokens: list[Token], number: int, open_brackets: list[str]) -> bool:
    """Whether a double bar is the only one in its brackets: it separates, as in KL(p || q)."""
    if not open_brackets or open_brackets[-1] not in _SEPARATES_IN:
        return False
    depths = accumulate(map(_step, tokens[number + 1 :]))
    inside = takewhile(lambda pair: pair[1] >= 0, zip(tokens[number + 1 :], depths, strict=True))
    alone = all(token.type != "NORM" for token, _ in inside)
    return alone and tokens[number - 1].type in _ENDS_OPERAND


def _stands_for_any(before: list[Token], following: str) -> bool:
    """Whether a dot stands for any argument: ``p(\\cdot | x)``."""
    opens = bool(before) and before[-1].type in ("LPAR", "COMMA")
    return opens and following in ("BAR", "VERT", "RPAR", "COMMA", "SEMI")


def _stands_for_all(before: list[Token], following: str) -> bool:
    """Whether a dot in a subscript stands for all members: ``A_{i \\cdot}``, ``A_{\\cdot, j}``."""
    if not before:
        return False
    at_an_end = before[-1].type in ("LBRACE", "COMMA") or following in ("RBRACE", "COMMA")
    return at_an_end and _is_below(before)


def _is_below(before: list[Token], of: frozenset[str] | None = None) -> bool:
    """Whether the innermost open bracket is that of a subscript, of one of some kinds of sign."""
    depth, at = 0, len(before)
    while at and depth <= 0:
        at -= 1
        depth += _step(before[at])
    if depth <= 0 or before[at].type != "LBRACE" or at < 1 or before[at - 1].type != "SUB":
        return False
    return of is None or (at > 1 and before[at - 2].type in of)


def _stands_alone(kind: str, open_brackets: list[str]) -> bool:
    """Whether a bar closes no bracket that is a bar."""
    return kind in ("BAR", "RBAR", "VERT") and "LBAR" not in open_brackets


def _start_of_term(before: list[Token], bar: Token) -> int:
    """Where the term begins that a bar with a subscript stands behind.

    Raises Unreadable unless it is one derivative, or one name with its argument.
    """
    depth, start = 0, len(before)
    inside: list[Token] = []
    while start and (depth or before[start - 1].type not in _ENDS_TERM):
        depth -= _step(before[start - 1])
        if depth < 0:
            break
        start -= 1
        inside += [] if depth else [before[start]]
    inside.reverse()
    signs = [token for token in inside if token.type in _DERIVATIVES]
    alone = inside and inside[0].type in _NAMES | {"FUNCTION", "ACCENT"}
    single = alone and not any(token.type in _NAMES for token in _unscripted(inside)[1:])
    if not (signs == inside[:1] and signs) and not (single and not signs):
        what, advice = "how far back does this bar reach?", r"write \left. ... \right|_{x = 0}"
        raise Unreadable(place_of(bar), bar.value, what, advice)
    return start


def _unscripted(tokens: list[Token]) -> list[Token]:
    """The tokens without those that are a script, or what an accent is over."""
    pairs = zip([None, *tokens], tokens, strict=False)
    scripts = ("SUB", "SUP", "ACCENT")
    kept = [token for before, token in pairs if before is None or before.type not in scripts]
    return [token for token in kept if token.type != "PRIME"]


def _kind(kind: str, open_brackets: list[str], before: list[Token]) -> str:
    around = open_brackets[-1] if open_brackets else ""
    if around == f"L{kind}":
        return f"R{kind}"
    behind_something = bool(before) and before[-1].type in _ENDS_OPERAND
    separates = around in _SEPARATES_IN or _is_below(before, _SUMS)
    if kind == "BAR" and behind_something and separates:
        return "VERT"
    return f"L{kind}"


def tokenize(
    span: Span, *, gaps: bool = False, unknown: dict[int, Unreadable] | None = None
) -> list[Token]:
    """The tokens of a formula, wide spaces, labels and asides only if ``gaps``.

    Raises Unreadable at what is too much, and at what is unknown where no mapping is given that
    takes these problems by their offsets.
    """
    if span.end - span.start > MOST_CHARACTERS:
        what = f"a formula of more than {MOST_CHARACTERS:,} characters"
        raise Unreadable(span.place, "", what)
    tokens: list[Token] = []
    depth = 0
    for token in _visible(_marks(_physics(_primes(Scanner(span).tokens(unknown))))):
        depth += _step(token)
        if depth > MOST_NESTED:
            raise Unreadable(place_of(token), token.value, f"more than {MOST_NESTED} brackets deep")
        if len(tokens) >= MOST_TOKENS:
            raise Unreadable(
                place_of(token), token.value, f"a formula of more than {MOST_TOKENS} signs"
            )
        tokens.append(token)
    if any(token.type.startswith(_OF_ENVIRONMENTS) for token in tokens):
        tokens = laid_out(tokens)
    beside = () if gaps else ("GAP", "LABEL", "ASIDE")
    laid = [token for token in tokens if token.type not in beside]
    return _bars_classified(list(_empty_cells(list(_ended_lines(laid)))))


def _empty_cells(tokens: list[Token]) -> Iterator[Token]:
    """The tokens with one for each cell of a matrix in which nothing stands."""
    begins, ends = ("BEGIN_MATRIX", "AMP", "BREAK"), ("AMP", "BREAK", "END_MATRIX")
    after = tokens[1:]
    for token, around, following in zip(tokens, innermost(tokens), [*after, None], strict=False):
        yield token
        inside = token.type == "BEGIN_MATRIX" or around == "BEGIN_MATRIX"
        if inside and token.type in begins and following is not None and following.type in ends:
            at = place_of(token)
            yield Sign.placed("EMPTY", "~", token.start_pos, token.end_pos, at)


def _ended_lines(tokens: list[Token]) -> Iterator[Token]:
    """The tokens without a comma at the end of a line below a sum."""
    stacks: list[bool] = []  # the open braces, and whether each holds the lines of a \substack
    for before, token, after in zip([None, *tokens], tokens, [*tokens[1:], None], strict=False):
        if token.type == "LBRACE":
            stacks.append(before is not None and before.type == "SUBSTACK")
        elif token.type == "RBRACE" and stacks:
            stacks.pop()
        ends = after is not None and after.type == "BREAK" and token.type in ("COMMA", "SEMI")
        if not (ends and stacks and stacks[-1]):
            yield token


_ARGUMENT_FOLLOWS = {"SUB", "SUP", "ACCENT", "SUBSTACK", "ROOT"}
_BY_BRACES = {"\\frac": 2}


@dataclass
class _Brace:
    """An open brace: whether it stays, whether it holds a function's argument or is framed.

    ``wanted`` are the arguments of a \\frac still to come behind it. ``loose`` says that it has
    something before it that could multiply what it holds, ``terms`` that this is a sum.
    """

    opening: Token
    stays: bool = False
    function: bool = False
    wanted: int = 0
    framed: bool = False
    loose: bool = False
    terms: bool = False
    nested: int = 0  # brackets that are open in it


def _visible(tokens: Iterator[Token]) -> Iterator[Token]:
    """The tokens without braces that only group: on paper they are not there.

    Braces stay around the argument of a command, and around that of a function, where nothing
    that they hold could be thought to stand outside, and no bracket in them is closed outside.
    A sum in a frame stands alone.
    """
    every = list(tokens)
    torn = _torn(every)
    before, wanted = "", 0  # the kind of the last token, the arguments of \frac still to come
    operand = False  # whether what stands before could be a factor of what follows, or a minus
    braces: list[_Brace] = []
    framed: _Brace | None = None  # that was closed right before, with a sum in it
    in_frame = False
    for at, token in enumerate(every):
        if token.type in ("ASIDE", "LABEL"):
            yield token
            continue
        if framed is not None and token.type not in _ENDS_FRAME:
            raise _unclear_frame(framed.opening)
        framed = None
        if token.type == "FRAME":
            in_frame = True
            continue
        in_frame, in_this = False, in_frame
        if token.type == "LBRACE":
            brace = _Brace(token, framed=in_this, loose=operand)
            brace.function = before in ("FUNCTION", "BARE", *WORD_FUNCTIONS) and at not in torn
            fraction = wanted > 0
            brace.stays = brace.function or fraction or before in _ARGUMENT_FOLLOWS
            brace.wanted = wanted - 1 if fraction else 0
            braces.append(brace)
            if len(braces) > MOST_NESTED:
                what = f"more than {MOST_NESTED} brackets deep"
                raise Unreadable(place_of(token), token.value, what)
            wanted, before = 0, "LBRACE"
            if brace.stays:
                operand = False
                yield token
            continue
        if token.type == "RBRACE":
            if not braces:
                what = "a brace is closed here that was never opened"
                raise Unreadable(place_of(token), "}", what, "write { where it begins, or leave it")
            brace = braces.pop()
            wanted, before = brace.wanted, "RBRACE"
            if brace.terms and brace.loose:
                raise _unclear_frame(brace.opening)
            framed = brace if brace.terms else None
            if brace.stays:
                operand = True
                yield token
            continue
        inside = braces[-1] if braces else None
        sign = token.type in ("PLUS", "MINUS") and before not in ("LBRACE", "SUP", "SUB")
        if inside is not None:
            inside.nested += _step(token)
            sign = sign and not inside.nested
        if inside is not None and inside.function and sign:
            what = "does the function reach over both terms? the braces are invisible on paper"
            raise Unreadable(place_of(token), token.value, what, "put its argument in parentheses")
        if inside is not None and inside.framed and sign and not inside.stays:
            inside.terms = True
        wanted = _BY_BRACES.get(token.value, 0) if token.type == "FRACTION" else max(wanted - 1, 0)
        before = token.value if token.value in WORD_FUNCTIONS else token.type
        operand = token.type not in _BEGINS_FRAME
        yield token
    if braces:
        opening = braces[-1].opening
        what = "a brace that is opened here is never closed"
        raise Unreadable(place_of(opening), "{", what, "write } where it ends")


_BESIDE_FRAME = frozenset(
    {"PLUS", "RELATION", "COMMA", "SEMI", "AMP", "GAP", "BREAK", "TEXT", "INTERTEXT"}
    | {"IMPLIES", "THEREFORE"}
)
_BEGINS_FRAME = _BESIDE_FRAME | {"BEGIN_LAYOUT"} | {*BRACKETS}
_ENDS_FRAME = _BESIDE_FRAME | {"MINUS", "DOT", "QED", "RBRACE", "END_LAYOUT", *BRACKETS.values()}


def _unclear_frame(opening: Token) -> Unreadable:
    what = "does the frame hold a sum together? it is no bracket on paper"
    return Unreadable(place_of(opening), "{", what, "put the sum in parentheses")


def _physics(tokens: Iterator[Token]) -> Iterator[Token]:
    """``\\pdv{f}{x}``, ``\\dv[2]{f}{x}`` and ``\\dv{x}`` of the physics package as fractions."""
    for token in tokens:
        if token.type != "DERIVATIVE":
            yield token
            continue
        rest = next(tokens, None)
        order, rest = _order(token, rest, tokens)
        arguments: list[list[Token]] = []
        while rest is not None and rest.type == "LBRACE" and len(arguments) < 3:
            arguments.append(_braced(rest, tokens))
            rest = next(tokens, None)
        if len(arguments) not in ((1, 2) if order else (1, 2, 3)):
            what = "which derivative is this?"
            advice = rf"write {token.value}{{f}}{{x}}, or \frac{{\partial^2 f}}{{\partial x^2}}"
            raise Unreadable(place_of(token), token.value, what, advice)
        above, *below = arguments if len(arguments) > 1 else ([], *arguments)
        power = order if len(below) == 1 else _square(token)
        yield Token.new_borrow_pos("FRACTION", r"\frac", token)
        yield Token.new_borrow_pos("LBRACE", "{", token)
        yield Token.new_borrow_pos("PARTIAL", r"\partial", token)
        yield from power
        yield from above[:-1]
        yield above[-1] if above else Token.new_borrow_pos("RBRACE", "}", token)
        yield Token.new_borrow_pos("LBRACE", "{", token)
        for inside in below:
            yield Token.new_borrow_pos("PARTIAL", r"\partial", token)
            yield from inside[:-1]
        yield from order
        yield below[-1][-1]
        if rest is not None:
            yield rest


def _order(
    token: Token, rest: Token | None, tokens: Iterator[Token]
) -> tuple[list[Token], Token | None]:
    """The ``[2]`` behind ``\\dv`` as a square, and the token behind it."""
    if rest is None or rest.type != "LSQB":
        return [], rest
    number, closing = next(tokens, None), next(tokens, None)
    kinds = [each.type if each is not None else "" for each in (number, closing)]
    if kinds != ["NUMBER", "RSQB"] or number != "2":
        what, advice = "only first and second derivatives are read", "write others one by one"
        raise Unreadable(place_of(token), token.value, what, advice)
    return _square(token), next(tokens, None)


def _square(token: Token) -> list[Token]:
    return [
        Token.new_borrow_pos(kind, value, token) for kind, value in (("SUP", "^"), ("NUMBER", "2"))
    ]


def _braced(opening: Token, tokens: Iterator[Token]) -> list[Token]:
    """What stands in braces, with the brace that closes them."""
    depth, inside = 1, list[Token]()
    for token in tokens:
        depth += {"LBRACE": 1, "RBRACE": -1}.get(token.type, 0)
        inside.append(token)
        if not depth:
            return inside
    raise Unreadable(place_of(opening), "{", "a brace that is never closed")


def _torn(tokens: list[Token]) -> set[int]:
    """Where braces open in which a bracket opens that closes outside, or the other way round."""
    found: set[int] = set()
    opened: list[tuple[int, int, int]] = []  # a brace, the brackets open before it, and at least
    depth = 0
    for at, token in enumerate(tokens):
        if token.type == "LBRACE":
            opened.append((at, depth, depth))
        elif token.type == "RBRACE" and opened:
            start, before, least = opened.pop()
            if depth != before or least < before:
                found.add(start)
            if opened:
                outer = opened[-1]
                opened[-1] = (outer[0], outer[1], min(outer[2], least))
        elif token.type in _OPENING or token.type in _CLOSING:
            depth += 1 if token.type in _OPENING else -1
            if opened:
                start, before, least = opened[-1]
                opened[-1] = (start, before, min(least, depth))
    return found


_OPENING = ("LPAR", "LSQB", "LSET")
_CLOSING = ("RPAR", "RSQB", "RSET")
_SIGNS = ("TIMES", "PLUS", "MINUS")
_BEGIN = ("LBRACE", "LSQB", "COMMA")
_END = ("RBRACE", "RSQB", "COMMA")


def _marks(tokens: Iterator[Token]) -> Iterator[Token]:
    """Signs that are names: ``w^*``, ``k_{**}``, ``s^{+}``, and the colon of ``A_{i,:}``."""
    every = list(_double_stars(tokens))
    for at, token in enumerate(every):
        before = [each.type for each in every[max(at - 2, 0) : at]]
        after = every[at + 1].type if at + 1 < len(every) else ""
        mark = False
        if token.type == "COLON":
            mark = before[-1:] in ([], *([each] for each in _BEGIN)) or after in _END
        elif token.type in _SIGNS:
            scripts = (["SUB"], ["SUP"], ["SUB", "LBRACE"], ["SUP", "LBRACE"])
            star = token.type == "TIMES"
            mark = before[-1:] in scripts or (before in scripts and (star or after == "RBRACE"))
            # A_{i*} and A_{i,*}; nothing is multiplied by what is not there
            mark |= (
                star and after == "RBRACE" and before[-1:] in (["LETTER"], ["NUMBER"], ["COMMA"])
            )
        text = "*" if token.type == "TIMES" else token.value
        yield Token.new_borrow_pos("MARK", text, token) if mark else token


def _double_stars(tokens: Iterator[Token]) -> Iterator[Token]:
    """Two stars that stand alone below or above a name, as one sign."""
    held: list[Token] = []
    for token in tokens:
        held.append(token)
        types = [each.type for each in held[-4:]]
        if types == ["LBRACE", "TIMES", "TIMES", "RBRACE"]:
            before = held[-5].type if len(held) > 4 else ""
            if before in ("SUB", "SUP"):
                held[-3:-1] = [Token.new_borrow_pos("MARK", "**", held[-3])]
    yield from held


def _primes(tokens: Iterator[Token]) -> Iterator[Token]:
    """``^\\prime`` and ``^{\\prime\\prime}`` as the signs that ``'`` is."""
    held: list[Token] = []
    for token in tokens:
        held.append(token)
        above, *inside = [each.type for each in held]
        primes = [each for each in held if each.type == "PRIME"]
        braced = inside[:1] == ["LBRACE"] and set(inside[1:-1]) <= {"PRIME"}
        ended = inside == ["PRIME"] or (braced and bool(primes) and inside[-1] == "RBRACE")
        goes_on = inside in ([], ["LBRACE"]) or (braced and inside[-1] == "PRIME")
        if above == "SUP" and ended:
            yield from primes
            held.clear()
        elif above != "SUP" or not goes_on:
            yield from held
            held.clear()
    yield from held
