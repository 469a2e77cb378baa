"""The library that all theorems rest on: its files, in the order in which Coq reads them."""

from __future__ import annotations

import re
from functools import cache
from hashlib import sha256
from pathlib import Path

FILES = ("Sums", "Derivatives", "Tactics", "Refutation")
SMOOTH = "Smooth"  # rests on all of these; only what needs it imports it
EVERY_FILE = (*FILES, SMOOTH)
# the subjects for which the first files are enough, and quicker
FIRST = ("cbow", "contrastive", "glove", "hierarchical_softmax", "word2vec")
FOLDER = Path(__file__).parent / "library"
LOGICAL = "Certify"

HEAD = f"""\
Require Import Reals ZArith Lra Lia List.
From Coquelicot Require Import Coquelicot.
From Interval Require Import Tactic.
From {LOGICAL} Require Import {" ".join(FILES)}.
Open Scope R_scope.
"""
SMOOTH_HEAD = f"{HEAD}From {LOGICAL} Require Import {SMOOTH}.\n"
# what is known in that file alone
SMOOTH_WORDS = re.compile(r"\b(sqrt|PI|sin|cos|atan|has_second\w*)\b|\^ ([3-9]|[1-9]\d+)\b|\b0 < ")


def needs_smooth(statement: str) -> bool:
    """Whether a statement has something that the first files know nothing of."""
    return SMOOTH_WORDS.search(statement) is not None


def head(*, smooth: bool) -> str:
    """What stands above the theorems of a file."""
    return SMOOTH_HEAD if smooth else HEAD


@cache
def sources() -> dict[str, str]:
    """The text of each file of the library."""
    return {name: (FOLDER / f"{name}.v").read_text(encoding="utf-8") for name in EVERY_FILE}


@cache
def library_digest(*, smooth: bool = True) -> str:
    """What tells this library, and what is imported beside it, from any other."""
    files = EVERY_FILE if smooth else FILES
    texts = [*(sources()[name] for name in files), head(smooth=smooth)]
    return sha256("\n".join(texts).encode()).hexdigest()


@cache
def axioms(*, at_witness: bool) -> frozenset[str]:
    """The axioms that a theorem may rest on: those of the real numbers that Coquelicot uses.

    A counterexample may also use the machine integers with which intervals are computed.
    """
    files = ("axioms.txt", "axioms_of_witnesses.txt")[: 1 + at_witness]
    lines = (line for name in files for line in (FOLDER / name).read_text("utf-8").splitlines())
    return frozenset(line for line in lines if line and not line.startswith("#"))
