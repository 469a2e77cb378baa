"""A LaTeX document, for pdflatex with the packages of Debian's texlive-latex-recommended.

Formulas are typeset as they were read, printed anew, so that they compile whatever a file says;
what was not read stands there letter by letter.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

from derivations.claim import Judgement, Verdict
from derivations.language.tree import Term
from derivations.reader.equation import Line
from derivations.reader.unparser import both_sides
from derivations.report.findings import of_line
from derivations.report.results import FileResult, JudgedLine, Role
from derivations.report.stdio import visible

PREAMBLE = r"""\documentclass[a4paper]{article}
\usepackage[utf8]{inputenc}
\usepackage[margin=2cm]{geometry}
\usepackage{amsmath,amssymb,bm,xcolor}
\definecolor{proved}{rgb}{0,0.4,0}
\definecolor{other}{rgb}{0.7,0,0}
\setlength{\parindent}{0pt}
\allowdisplaybreaks
\sloppy
"""
_COMMAND = re.compile(r"\\([A-Za-z]+)")
_SPECIAL = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    **{each: f"\\{each}" for each in "{}$&#%_"},
}
_SIGNS = {
    "−": "-",
    "′": r"^\prime",
    "·": r"\cdot",
    "×": r"\times",
    "≠": r"\neq",
    "≤": r"\leq",
    "≥": r"\geq",
    "∈": r"\in",
    "∉": r"\notin",
    "∂": r"\partial",
    "∇": r"\nabla",
    "√": r"\surd",
    "∞": r"\infty",
    "⊙": r"\odot",
    "∣": r"\mid",
    "…": r"\ldots",
    "→": r"\to",
    "\N{SCRIPT SMALL L}": r"\ell",
    "✓": r"\checkmark",
}
_ACCENTS = {"\u0302": r"\hat", "\u0303": r"\tilde", "\u0304": r"\bar"}


def page(files: Sequence[FileResult]) -> str:
    """A section a file, a paragraph a line."""
    body = "".join(each for file in files for each in _file(file))
    commands = sorted(set(_COMMAND.findall(body)))
    known = "".join(f"\\providecommand{{\\{name}}}{{\\mathrm{{{name}}}}}\n" for name in commands)
    signs = "".join(map(_declared, sorted({each for each in body if ord(each) > 127})))
    return f"{PREAMBLE}{known}{signs}\\begin{{document}}\n{body}\\end{{document}}\n"


def _file(file: FileResult) -> Iterator[str]:
    yield f"\\section*{{{_text(file.name or 'word2vec')}}}\n"
    if file.results is None:
        yield f"{_text(file.error or f'judged in {file.taken_in_by}')}\n\n"
        return
    for judged in file.results.lines:
        yield from _line(judged)
    for shown in file.results.required:
        yield _heading(f"{shown.id}: {shown.verdict}", good=shown.is_shown)
        yield f"\\texttt{{{_text(shown.required.latex)}}}\n\n{_text(shown.said)}\n\n"
    for problem in file.results.problems:
        yield f"{_text(f'not read: {problem}')}\n\n"


def _line(judged: JudgedLine) -> Iterator[str]:
    found = of_line(judged)
    proved = judged.verdict is Verdict.PROVED or judged.role is not Role.CLAIM
    name = f"{judged.line.id}, line {found.line}: {judged.told}"
    yield _heading(name, good=proved)
    yield _formula(judged.line, judged.judgement) or f"\\texttt{{{_text(judged.line.latex)}}}\n\n"
    if not proved:
        yield f"{_text(found.message)}\n\n"
    correction = _formula(judged.line, judged.correction)
    if not correction and judged.suggestions:
        correction = _display(judged.suggestions[0].latex)
    if correction and not proved:
        yield f"Should be:{correction}"


def _heading(text: str, *, good: bool) -> str:
    colour = "proved" if good else "other"
    return f"\\paragraph{{\\textcolor{{{colour}}}{{{_text(text)}}}}}\\mbox{{}}\n\n"


def _formula(line: object, judgement: Judgement | None) -> str:
    """What was judged, printed anew; empty where it has no meaning."""
    if judgement is None or not isinstance(line, Line):
        return ""
    left, right = judgement.claim.left, judgement.claim.right
    if not (isinstance(left, Term) and isinstance(right, Term)):
        return ""
    sides = both_sides(left, right, line.equality.scope, judgement.claim.conditions)
    return _display(" = ".join(sides))


def _display(latex: str) -> str:
    return f"\n\\begin{{equation*}}\n{visible(latex)}\n\\end{{equation*}}\n"


def _text(text: str) -> str:
    shown = visible(text).replace("\n", " ")
    return "".join(_SPECIAL.get(each, each) for each in shown)


def _declared(sign: str) -> str:
    """How a letter that is none of ASCII is set, in text and in formulas."""
    return f"\\DeclareUnicodeCharacter{{{ord(sign):04X}}}{{{_set(sign)}}}\n"


def _set(sign: str) -> str:
    if sign in _SIGNS:
        return f"\\ensuremath{{{_SIGNS[sign]}}}"
    name = unicodedata.name(sign, "")
    greek = re.fullmatch(r"GREEK (CAPITAL|SMALL) LETTER ([A-Z]+)", name)
    if greek is not None:
        letter = greek[2].lower().replace("lamda", "lambda")
        letter = letter.capitalize() if greek[1] == "CAPITAL" else letter
        return f"\\ensuremath{{\\csname {letter}\\endcsname}}"
    pieces = unicodedata.normalize("NFKD", sign)
    base, marks = pieces[0], pieces[1:]
    if base.isascii() and base.isalnum():
        accent = next((_ACCENTS[each] for each in marks if each in _ACCENTS), "")
        return f"\\ensuremath{{{accent}{{{base}}}}}" if accent else base
    return f"[U+{ord(sign):04X}]"
