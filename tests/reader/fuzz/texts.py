"""Texts for the reader: seeds, changes of them, and what comes of one."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import process_time

from derivations.proof.judge import judge
from derivations.reader import latex_commands
from derivations.reader.derivation import Derivation, UnreadableFile, reading
from derivations.reader.source import GivenUp, Siblings
from derivations.report.subject import document
from tests.planting import OutOfTime, time_limit
from tests.reader.alpha_equivalence import GIVEN, SAME
from tests.reader.test_conditions import SAME as CASES
from tests.reader.test_displays import DECORATED, ELSEWHERE, SEVERAL

FOLDER = TemporaryDirectory()  # of files that texts take in, themselves among them
Path(FOLDER.name, "part.tex").write_text("\\[ a = a \\]\n\\input{more}\n$$ u_o = u_o $$\n")
Path(FOLDER.name, "more.tex").write_text(
    "% given\n% scalar q\n\\input{part}\n\\[ q = q \\]\n\\input{../../spellings}\n"
)
SIBLINGS = Siblings(Path(FOLDER.name), "text.tex")
SLOW = 2.0  # seconds of computing that a text may take to be read
PATIENCE = 20  # seconds the lines of a text may take to be judged
SHORT = 1500  # characters of a text that may be judged
MOST_JUDGED = 3  # lines of it


@dataclass(frozen=True)
class Outcome:
    """What came of a text: read, refused, or a crash with its exception."""

    kind: str
    seconds: float
    crash: str = ""
    lines: int = 0


def outcome(text: str, *, judging: bool = False) -> Outcome:
    """Read the text, and judge its first lines if that is asked for.

    What begins as a notebook, or as a LaTeX document, is one; the others take nothing in.
    """
    start = process_time()
    try:
        found = reading(text, "text", inline=len(text) % 2 == 0, siblings=SIBLINGS)
    except UnreadableFile as error:
        seconds = process_time() - start
        if isinstance(error.__cause__, GivenUp) and error.__cause__.__cause__ is not None:
            return Outcome("crash", seconds, _said(error.__cause__.__cause__))
        return Outcome("refused", seconds)
    except Exception as error:
        return Outcome("crash", process_time() - start, _said(error))
    seconds = process_time() - start
    for problem in found.unread:
        if isinstance(problem.__cause__, GivenUp):
            return Outcome("crash", seconds, _said(problem.__cause__.__cause__))
    if found.unread:
        return Outcome("refused", seconds)
    if judging and len(text) <= SHORT:
        return _judged(found, seconds)
    return Outcome("read", seconds, lines=len(found.lines))


def _judged(found: Derivation, seconds: float) -> Outcome:
    try:
        with time_limit(PATIENCE):
            for line in found.lines[:MOST_JUDGED]:
                judge(line.claim)
    except OutOfTime:
        return Outcome("unjudged", seconds, "judging takes too long")
    except Exception as error:
        return Outcome("unjudged", seconds, _said(error))
    return Outcome("judged", seconds, lines=len(found.lines))


def _said(error: BaseException | None) -> str:
    trace, place = error.__traceback__ if error else None, ""
    while trace is not None:
        code = trace.tb_frame.f_code
        if "derivations" in code.co_filename:
            place = f"{code.co_filename.rpartition('derivations/')[2]}:{trace.tb_lineno}"
        trace = trace.tb_next
    return f"{type(error).__name__} at {place}: {str(error)[:80]}"


# Texts to start from: the parts of the first derivation file, and spellings.


GIVEN_ALONE = f"```given\n{GIVEN}```\n\n"


def seeds() -> list[str]:
    """All texts to start from."""
    whole = document("word2vec").read_text(encoding="utf-8")
    parts = re.split(r"(?m)^(?=## )", whole)
    given = parts[0]
    texts = [given + part for part in parts[1:]]
    for reference, others in SAME.items():
        texts += [f"{GIVEN_ALONE}$${reference} = {other}$$\n" for other in others]
    texts += [f"{GIVEN_ALONE}{display}\n" for display in (*SEVERAL, *DECORATED, *ELSEWHERE)]
    texts += [f"{GIVEN_ALONE}$$z = {cases} + x_1 + \\dots + x_n$$\n" for cases in CASES]
    return [*texts, *other_kinds()]


def other_kinds() -> list[str]:
    """The same spellings in LaTeX documents and notebooks, and Markdown of every sort."""
    spellings = [f"{one} = {other}" for one, others in SAME.items() for other in others[:1]]
    given = "\n".join(f"% {line}" for line in ("given", *GIVEN.splitlines()))
    texts = []
    for line in spellings[:40]:
        name = line[0] if line[0].isalpha() else "N"
        macro = f"\\newcommand{{\\x}}[1]{{#1}}\\def\\y{{{name}}}\n"
        body = f"\\section{{One}}\n\\begin{{align}}\n{line} % = \n\\end{{align}}\n\\input{{part}}\n"
        texts.append(f"\\documentclass{{article}}\n{macro}{given}\n\\begin{{document}}\n{body}")
        cells = [GIVEN_ALONE, f"> **(a)** $${line}$$\n- text\n\n  \\[{line}\\]\n- if $w \\ne o$\n"]
        told = [{"cell_type": "markdown", "source": cell} for cell in cells]
        texts.append(json.dumps({"cells": told}))
        texts.append(
            f"{GIVEN_ALONE}1. $\\def\\x{{{line}}}$ <!-- = -->\n\n   $$\n\\x\n$$\n~~~\n$$\n"
        )
    return texts


# Changes of a text by whole tokens, so that most of it stays what the reader knows.


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


# What a campaign has seen.


KEPT = 20  # texts kept of each sort


@dataclass
class Tally:
    """Counts, and the shortest text for each thing that went wrong."""

    counts: Counter[str] = field(default_factory=Counter)
    wrong: dict[str, str] = field(default_factory=dict)
    slow: list[tuple[float, str]] = field(default_factory=list)
    slowest: float = 0.0
    megabytes: list[float] = field(default_factory=list)
    coverage: int = 0

    def record(self, text: str, found: Outcome) -> None:
        """One text more."""
        self.counts["texts"] += 1
        self.counts[found.kind] += 1
        self.slowest = max(self.slowest, found.seconds)
        if found.crash:
            known = self.wrong.get(found.crash)
            if known is None or len(text) < len(known):
                self.wrong[found.crash] = text
        if found.seconds > SLOW:
            self.slow = sorted([*self.slow, (found.seconds, text)], reverse=True)[:KEPT]

    def save(self, path: Path) -> None:
        """As JSON."""
        path.write_text(json.dumps(vars(self)), encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> Tally:
        """From JSON."""
        found = cls(**json.loads(path.read_text(encoding="utf-8")))
        found.counts = Counter(found.counts)
        return found

    def merge(self, other: Tally) -> None:
        """What another process has seen, added."""
        self.counts += other.counts
        self.wrong.update(other.wrong)
        self.slow = sorted([*self.slow, *other.slow], reverse=True)[:KEPT]
        self.slowest = max(self.slowest, other.slowest)
        self.coverage = max(self.coverage, other.coverage)
        self.megabytes += other.megabytes

    @property
    def broken(self) -> dict[str, str]:
        """What broke while text was read: there may be nothing of this sort."""
        return {said: text for said, text in self.wrong.items() if "judging" not in said}

    def lines(self) -> list[str]:
        """The figures, one a line."""
        kinds = ", ".join(f"{n:,} {kind}" for kind, n in self.counts.items() if kind != "texts")
        lines = [f"{self.counts['texts']:,} texts: {kinds}"]
        if self.coverage:
            lines.append(f"coverage of the reader: {self.coverage:,} edges")
        lines.append(f"slowest {self.slowest:.2f} s, {len(self.slow)} over {SLOW:g} s")
        if self.megabytes:
            lines.append(f"memory, MB: {', '.join(f'{each:.0f}' for each in self.megabytes)}")
        lines += [f"{said}\n{text[-1200:]}\n" for said, text in self.wrong.items()]
        lines += [f"slow, {seconds:.1f} s\n{text[-1200:]}\n" for seconds, text in self.slow[:5]]
        return lines
