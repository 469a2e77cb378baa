"""Texts to start from: the parts of the first derivation file, and spellings."""

from __future__ import annotations

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
    return texts
