"""The console script ``derivations``: each of the project's commands by one word."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from difflib import get_close_matches
from importlib import import_module

from derivations.report.stdio import WRONG_USAGE

USAGE = """\
usage: derivations [--version | --help] COMMAND ...

  verify       judge a derivation line by line: what is proved, what is wrong and why
  new          propose declarations for a file that has none
  watch        judge files again whenever they are saved, and tell what has moved
  certify      have verdicts confirmed by Coq
  kernel       check a function of your own against a proved loss or gradient
  completion   print what bash, zsh or fish takes to complete all this
  COMMAND --help   the options of each

homework, a paper
  derivations new --write homework.md          what the letters mean, put in; look at each "# ?"
  derivations verify homework.md               what needs looking at, and no more
  derivations watch homework.md                the same after each save
  derivations verify homework.md --html page.html

a course (in exercise.md, "require \\nabla_w J = ..." says what a solution has to show)
  derivations verify solutions/ --given exercise.md --strict --html all.html
  derivations verify solutions/ --given exercise.md --strict --format csv > results.csv
  (--format gradescope for one solution; a file that cannot be read stops no other)

a gate in CI
  derivations verify notes/                    exit code 0 if all is as the files say, 1 if not
  derivations verify notes/ --format github    annotations; or junit, sarif
  pytest --derivations notes/                  a test a line

scoring what a model derived, from Python
  from derivations import check, check_many
  rewards = [report.all_proved for report in check_many(texts, given="exercise.md")]

What a file looks like: a block of declarations, then displays ($$ ... $$); each = is judged.
  ```given
  size n >= 1
  index i in 1..n
  vector x, y in R^n
  ```
  $$\\frac{\\partial}{\\partial x_i} x^T y = y_i$$
"""
COMMANDS = {
    "verify": ("derivations.verify", ()),
    "new": ("derivations.verify", ("--new",)),
    "watch": ("derivations.watch", ()),
    "certify": ("derivations.certify.certify_command", ()),
    "kernel": ("derivations.implementation.kernel_command", ()),
    "completion": ("derivations.completion", ()),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command that is named first, and return its exit code."""
    name, *rest = list(sys.argv[1:] if arguments is None else arguments) or ["--help"]
    if name in COMMANDS:
        module, before = COMMANDS[name]
        run: Callable[[Sequence[str]], int] = import_module(module).main
        return run([*before, *rest])
    if name == "--version":
        from derivations.report.stdio import version
        from proved_kernels import told

        print(f"derivations {version()}")
        return int(told())
    if name in ("--help", "-h"):
        print(USAGE, end="")
        return 0
    near = get_close_matches(name, COMMANDS, n=1)
    said = f"did you mean {near[0]}?" if near else f"there are {', '.join(COMMANDS)}"
    print(f"derivations: {name!r} is no command; {said} (derivations --help)", file=sys.stderr)
    return WRONG_USAGE
