"""Scanner: the characters of a formula as tokens, commands of LaTeX by the sort that each is of."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from difflib import get_close_matches

from lark import Token

from derivations.reader import latex_commands as known
from derivations.reader.source import MOST_DIGITS, Place, Span, Unreadable


class Sign(Token):
    """A token that knows its place; lines and columns alone do not tell the page."""

    place: Place = Place()

    @classmethod
    def placed(cls, kind: str, value: str, start: int | None, end: int | None, at: Place) -> Sign:
        """A token of text that stands between these offsets of its source."""
        made = cls(kind, value, start_pos=start, end_pos=end, line=at.line, column=at.column)
        made.place = at
        return made


def place_of(token: Token) -> Place:
    """Where a token stands."""
    return token.place if isinstance(token, Sign) else Place(token.line or 1, token.column or 1)


def retyped(token: Token, kind: str) -> Token:
    """The same token as one of another kind."""
    return Sign.placed(kind, token.value, token.start_pos, token.end_pos, place_of(token))


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

    def _token(self, kind: str, value: str, start: int) -> Token:
        first = self.span.start + start
        where = self.span.source.place(first)
        return Sign.placed(kind, value, first, self.span.start + self.at, where)

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


# Commands of LaTeX as tokens, each by the sort of command it is.


_COMMAND = re.compile(r"\\([A-Za-z]+\*?|.)", re.DOTALL)
_NEGATED = re.compile(r"\s*(=|\\in(?![A-Za-z]))")  # behind \not
# its braces hold a letter, and no argument of what stands before
_LETTER = re.compile(r"\s*\{\s*([A-Za-z])\s*\}")
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
        if letter is not None:
            self.at = letter.end()
            return self._token("LETTER", letter[1], start)
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


# The characters of a formula as tokens, one after the other.


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
