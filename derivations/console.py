"""The console script ``derivations``: each of the project's commands by one word."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from importlib import import_module

USAGE = """\
usage: derivations [--version | --help] COMMAND ...

  verify   judge a derivation line by line (derivations verify --help)
  new      propose declarations for a file that has none
  certify  have verdicts confirmed by Coq (derivations certify --help)
"""
COMMANDS = {
    "verify": ("derivations.verify", ()),
    "new": ("derivations.verify", ("--new",)),
    "certify": ("derivations.certify.command", ()),
}
WRONG_USAGE = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command that is named first, and return its exit code."""
    name, *rest = list(sys.argv[1:] if arguments is None else arguments) or ["--help"]
    if name in COMMANDS:
        module, before = COMMANDS[name]
        run: Callable[[Sequence[str]], int] = import_module(module).main
        return run([*before, *rest])
    if name == "--version":
        from derivations.report.as_json import version

        print(f"derivations {version()}")
        return 0
    if name in ("--help", "-h"):
        print(USAGE, end="")
        return 0
    print(f"derivations: {name!r} is no command\n\n{USAGE}", end="", file=sys.stderr)
    return WRONG_USAGE
