"""What a reader has to type for a command here: the console script, or a module of Python.

Installed by pipx there is only the script; from a checkout there may be only the modules.
"""

from __future__ import annotations

import sys
from pathlib import Path

SCRIPT = "derivations"


def called(command: str) -> str:
    """``derivations verify`` where the script was called, else ``python -m derivations.verify``."""
    by_script = Path(sys.argv[0]).stem == SCRIPT if sys.argv else False
    return f"{SCRIPT} {command}" if by_script else f"python -m derivations.{command}"
