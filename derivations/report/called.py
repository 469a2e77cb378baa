"""What a reader has to type for a command here: the console script, or a module of Python.

Installed by pipx there is only the script; from a checkout there may be only the modules.
"""

from __future__ import annotations

import sys
from pathlib import Path

SCRIPT, PACKAGE = "derivations", "proved-kernels"


def called(command: str) -> str:
    """``derivations verify`` where the script was called, else ``python -m derivations.verify``."""
    by_script = Path(sys.argv[0]).stem == SCRIPT if sys.argv else False
    return f"{SCRIPT} {command}" if by_script else f"python -m derivations.{command}"


def missing(needing: str, library: str) -> str:
    """What is said where an optional library is not installed."""
    by_pipx = "pipx" in Path(sys.prefix).parts
    how = f"pipx inject {PACKAGE} {library}" if by_pipx else f"pip install {library}"
    return f"{needing} needs {library}, which is not installed: {how}"


def version() -> str:
    """The version of this program as it is installed; 0 where it is not."""
    from importlib import metadata

    try:
        return metadata.version(PACKAGE)
    except metadata.PackageNotFoundError:
        return "0"
