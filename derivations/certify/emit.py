"""Writing the theorems to a folder, with the library and how to check them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from derivations.certify.certificate import Certificate
from derivations.certify.coqc import file_text
from derivations.certify.library import EVERY_FILE, LOGICAL, sources

README = f"""\
The theorems and their proofs; library/ is what they rest on. To check all of them:

  coq_makefile -f _CoqProject -o Makefile && make

Coq 8.16 or newer is needed, with Coquelicot and Interval.
Each file ends with Print Assumptions, which answers with the axioms its theorems rest on.
({LOGICAL} is the name of this folder in Coq.)
"""
QUIET = "-arg -w -arg -ambiguous-paths"  # what Coq says of Coquelicot beside Interval


def emit(certificates: Iterable[Certificate], folder: Path) -> int:
    """Write everything to ``folder`` and return how many theorems there are; raises OSError."""
    files: dict[str, list[Certificate]] = {}
    for certificate in certificates:
        files.setdefault(certificate.file, []).append(certificate)
    library = folder / "library"
    library.mkdir(parents=True, exist_ok=True)
    for name, text in sources().items():
        (library / f"{name}.v").write_text(text, encoding="utf-8")
    for name, each in files.items():
        (folder / f"{name}.v").write_text(file_text(each), encoding="utf-8")
    listed = [
        *(f"library/{name}.v" for name in EVERY_FILE),
        *(f"{name}.v" for name in sorted(files)),
    ]
    project = "\n".join([f"-R . {LOGICAL}", QUIET, *listed]) + "\n"
    (folder / "_CoqProject").write_text(project, encoding="utf-8")
    (folder / "README").write_text(README, encoding="utf-8")
    return sum(map(len, files.values()))
