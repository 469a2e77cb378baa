"""Handing files to Coq: what it accepted, on which axioms, and what it said of the rest.

Many theorems share a file, since Coq takes seconds to load what they rest on. Coq stops at the
first that it does not accept; that one is named, and the others after it are tried again.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from shutil import which

from derivations.certify.certificate import Certificate
from derivations.certify.library import EVERY_FILE, LOGICAL, head, sources

MOST_SECONDS = 300  # for one proof; the slowest takes some ten seconds
MOST_SECONDS_A_FILE = 1800
INSTALL = """\
coqc was not found: the certificates are checked by Coq 8.16 or newer with the libraries
Coquelicot and Interval. On Debian or Ubuntu:
  apt-get install coq libcoq-coquelicot libcoq-interval
With opam:
  opam install coq coq-coquelicot coq-interval
Without Coq, --emit DIR still writes all theorems and proofs, to be read or checked elsewhere."""

_ERROR = re.compile(r'^File "[^"]*", line (\d+), characters [^\n]*\n(?!Warning)(.*)', re.M | re.S)
_MARK = "accepted so far"
_AXIOM = re.compile(r"^(\S+)\s*:", re.M)  # its type may stand on the next line


class NoCoq(Exception):
    """Coq, or a library it needs, is not there."""


@dataclass(frozen=True)
class Checked:
    """What Coq said of one certificate: the axioms it rests on, or why it was not accepted."""

    certificate: Certificate
    axioms: frozenset[str]
    complaint: str = ""

    @property
    def accepted(self) -> bool:
        """Whether the proof was accepted and rests on the allowed axioms alone."""
        return not self.complaint and self.axioms <= self.certificate.axioms

    @property
    def reason(self) -> str:
        """Why it was not accepted."""
        return (
            self.complaint or f"rests on {', '.join(sorted(self.axioms - self.certificate.axioms))}"
        )


@cache
def version() -> str:
    """What Coq calls itself; raises NoCoq."""
    if which("coqc") is None:
        raise NoCoq(INSTALL)
    done = subprocess.run(["coqc", "--print-version"], capture_output=True, text=True)
    return done.stdout.strip()


def compile_library(folder: Path) -> None:
    """Compile the library in ``folder``, unless it is there already; raises NoCoq."""
    version()
    if all((folder / f"{name}.vo").exists() for name in EVERY_FILE):
        return
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in sources().items():
        path = folder / f"{name}.v"
        path.write_text(text, encoding="utf-8")
        done = _coqc(path, folder)
        if done.returncode:
            raise NoCoq(f"the library does not compile here.\n{done.stderr}\n{INSTALL}")


def check(
    certificates: Sequence[Certificate],
    library: Path,
    file: Path,
    on_checked: Callable[[Checked], None],
) -> None:
    """Have Coq check the certificates in one file, again from the next where one fails."""
    left = list(certificates)
    singly = False
    while left:
        file.write_text(file_text(left, timed=True, singly=singly), encoding="utf-8")
        done = _coqc(file, library)
        if done.returncode:
            failed = left.pop(done.stdout.count(_MARK))
            on_checked(Checked(failed, frozenset(), _complaint(done.stderr)))
            continue
        answers = _assumptions(done.stdout)
        groups = [[each] for each in left] if singly else _groups(left)
        found = [
            Checked(each, names)
            for group, names in zip(groups, answers, strict=True)
            for each in group
        ]
        if singly or all(each.accepted for each in found):
            for each in found:
                on_checked(each)
            return
        singly = True  # to name those that rest on more than they may


def _groups(certificates: Sequence[Certificate]) -> list[list[Certificate]]:
    """Those that may rest on the same axioms: asking of each alone takes longer than proving it."""
    kinds = dict.fromkeys(each.axioms for each in certificates)
    return [[each for each in certificates if each.axioms == kind] for kind in kinds]


def file_text(
    certificates: Sequence[Certificate], *, timed: bool = False, singly: bool = False
) -> str:
    """The theorems in one file, and after them the question on what they rest."""
    clock = f"Set Default Timeout {MOST_SECONDS}.\n" if timed else ""
    mark = f'Goal True. idtac "{_MARK}". Abort.\n' if timed else ""
    groups = [[each] for each in certificates] if singly else _groups(certificates)
    questions = [
        f"Definition theorems_{number} :=\n  ({', '.join(each.theorem for each in group)}).\n"
        f"Print Assumptions theorems_{number}.\n"
        for number, group in enumerate(groups)
    ]
    above = head(smooth=any(each.smooth for each in certificates)) + clock
    return "\n".join([above, *(each.text + mark for each in certificates), *questions])


def _coqc(path: Path, library: Path) -> subprocess.CompletedProcess[str]:
    command = ["coqc", "-q", "-w", "none", "-R", str(library), LOGICAL, str(path)]
    try:
        return subprocess.run(
            command, capture_output=True, text=True, timeout=MOST_SECONDS_A_FILE, cwd=path.parent
        )
    except subprocess.TimeoutExpired as late:
        stdout = late.stdout.decode() if isinstance(late.stdout, bytes) else (late.stdout or "")
        return subprocess.CompletedProcess(command, 1, stdout, "not checked in time")


def _assumptions(output: str) -> list[frozenset[str]]:
    """The axioms of each theorem, in the order asked."""
    blocks = re.split(r"^(?=Axioms:|Closed under)", output, flags=re.M)[1:]
    return [frozenset(_AXIOM.findall(block.partition("Axioms:")[2])) for block in blocks]


def _complaint(errors: str) -> str:
    found = _ERROR.search(errors)
    said = found[2] if found else errors
    return " ".join(said.replace("Error:", "").split())[:500] or "Coq gave no reason"
