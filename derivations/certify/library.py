"""The library that all theorems rest on: its files, in the order in which Coq reads them."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from pathlib import Path

FILES = ("Sums", "Derivatives", "Tactics", "Refutation")
FOLDER = Path(__file__).parent / "library"
LOGICAL = "Certify"

# what stands above the theorems of a file
HEAD = f"""\
Require Import Reals ZArith Lra Lia List.
From Coquelicot Require Import Coquelicot.
From Interval Require Import Tactic.
From {LOGICAL} Require Import {" ".join(FILES)}.
Open Scope R_scope.
"""


@cache
def sources() -> dict[str, str]:
    """The text of each file of the library."""
    return {name: (FOLDER / f"{name}.v").read_text(encoding="utf-8") for name in FILES}


@cache
def library_digest() -> str:
    """What tells this library, and what is imported beside it, from any other."""
    return sha256("\n".join([*sources().values(), HEAD]).encode()).hexdigest()


@cache
def axioms(*, at_witness: bool) -> frozenset[str]:
    """The axioms that a theorem may rest on: those of the real numbers that Coquelicot uses.

    A counterexample may also use the machine integers with which intervals are computed.
    """
    files = ("axioms.txt", "axioms_of_witnesses.txt")[: 1 + at_witness]
    lines = (line for name in files for line in (FOLDER / name).read_text("utf-8").splitlines())
    return frozenset(line for line in lines if line and not line.startswith("#"))
