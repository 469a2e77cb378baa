"""What the command line accepts."""

from __future__ import annotations

import os
from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter
from collections.abc import Sequence

EPILOG = """\
examples:
  python -m derivations.verify                     judge everything about word2vec
  python -m derivations.verify homework.md         judge the lines of a derivation file
  python -m derivations.verify homework.md b.2     one of its lines
  python -m derivations.verify b h.naive           part b, and all ids that begin with h.naive
  python -m derivations.verify --explain c.other   one claim or line in full
  python -m derivations.verify --format json       for machines

exit codes:
  0    every claim is proved, every false claim falls (is refuted or ill-typed), and
       every line is proved, or has the verdict it says it expects
  1    some claim, line or correction is not proved, or some false claim does not fall
  2    wrong usage, or a file that cannot be read
  3    two arguments about one claim disagree: an error of this project
  130  interrupted
"""


def parse(arguments: Sequence[str] | None) -> Namespace:
    """The options given; wrong usage ends the program with exit code 2."""
    command = _parser()
    options = command.parse_intermixed_args(arguments)
    names = [*options.ids, *filter(None, [options.explain])]
    files = [name for name in names if is_file(name)]
    if len(files) > 1 or (files and options.explain in files):
        command.error("one FILE at a time, and --explain takes the ID of a line")
    options.file = files[0] if files else None
    options.ids = [name for name in options.ids if name not in files]
    if options.explain and (options.ids or options.format == "json"):
        command.error("--explain shows one claim, as text: no further ID, no --format json")
    return options


def is_file(name: str) -> bool:
    """Whether a name is that of a file: ids have no slash and do not end in .md."""
    return name.endswith(".md") or "/" in name or os.sep in name


def _parser() -> ArgumentParser:
    command = ArgumentParser(
        prog="python -m derivations.verify",
        description="Judge a derivation line by line: what is proved, and what is wrong.",
        epilog=EPILOG,
        formatter_class=RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    command.add_argument(
        "ids",
        nargs="*",
        metavar="FILE | ID",
        help="a derivation file (.md); a claim, a line, a part, or the beginning of ids to a dot",
    )
    ways = command.add_mutually_exclusive_group()
    ways.add_argument("--explain", metavar="ID", help="show one claim or line in full")
    ways.add_argument("--list", action="store_true", help="show what there is to judge")
    command.add_argument(
        "--format", choices=("table", "json"), default="table", help="(default: %(default)s)"
    )
    command.add_argument(
        "--sizes",
        choices=("default", "full"),
        default="default",
        help="how many small sizes to decide exactly (default: %(default)s)",
    )
    command.add_argument(
        "--repairs",
        choices=("unexpected", "all", "none"),
        default="unexpected",
        help="for which wrong lines small edits are sought that make them true: those that do not "
        "say they are wrong, all, or none; for each line at most 5,000 edited lines are looked at, "
        "200 of them judged, and 20 seconds spent (default: %(default)s)",
    )
    return command
