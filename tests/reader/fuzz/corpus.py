"""Texts to start from: the parts of the first derivation file, and spellings."""

from __future__ import annotations

import json
import re

from tests.reader.meaning import GIVEN
from tests.reader.spellings import SAME
from tests.reader.test_cases import SAME as CASES
from tests.reader.test_displays import DECORATED, ELSEWHERE, SEVERAL
from tests.reader.written import FILE

GIVEN_ALONE = f"```given\n{GIVEN}```\n\n"


def seeds() -> list[str]:
    """All texts to start from."""
    whole = FILE.read_text(encoding="utf-8")
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
