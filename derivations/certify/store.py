"""What Coq accepted before, by content: the library, the theorem, its proof and Coq's version."""

from __future__ import annotations

import json
import os
from hashlib import sha256
from pathlib import Path

from derivations.certify.certificate import Certificate
from derivations.certify.coqc import Checked, version
from derivations.certify.library import library_digest


def default_folder() -> Path:
    """Where caches belong: ``$XDG_CACHE_HOME``, or ``~/.cache``."""
    home = os.environ.get("XDG_CACHE_HOME")
    return (Path(home) if home else Path.home() / ".cache") / "proved-kernels"


class Store:
    """A folder with one small file for each certificate that was accepted."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def library(self) -> Path:
        """The folder of the compiled library."""
        key = sha256(f"{version()}\n{library_digest()}".encode()).hexdigest()
        return self.folder / f"library-{key[:16]}"

    def find(self, certificate: Certificate) -> Checked | None:
        """What was found before; None where nothing was, or what is there cannot be read."""
        try:
            known = json.loads(self._file(certificate).read_text(encoding="utf-8"))
            return Checked(certificate, frozenset(map(str, known["axioms"])))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def keep(self, checked: Checked) -> None:
        """Keep what was accepted."""
        file = self._file(checked.certificate)
        file.parent.mkdir(parents=True, exist_ok=True)
        beside = file.with_suffix(f".{os.getpid()}")
        beside.write_text(json.dumps({"axioms": sorted(checked.axioms)}), encoding="utf-8")
        beside.replace(file)

    def _file(self, certificate: Certificate) -> Path:
        key = sha256(f"{version()}\n{certificate.digest}".encode()).hexdigest()
        return self.folder / "accepted" / f"{key}.json"
