"""What the command line accepts."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter
from collections.abc import Sequence

EPILOG = """\
examples:
  python -m derivations.verify                     judge everything
  python -m derivations.verify b h.naive           part b, and all ids that begin with h.naive
  python -m derivations.verify --explain c.other   one claim in full
  python -m derivations.verify --format json       for machines

exit codes:
  0    every claim is proved, every false claim falls (is refuted or ill-typed)
  1    some claim is not proved, or some false claim does not fall
  2    wrong usage, or claims that share an id
  3    two arguments about one claim disagree: an error of this project
  130  interrupted
"""


def parse(arguments: Sequence[str] | None) -> Namespace:
    """The options given; wrong usage ends the program with exit code 2."""
    command = _parser()
    options = command.parse_intermixed_args(arguments)
    if options.explain and (options.ids or options.format == "json"):
        command.error("--explain shows one claim, as text: no further ID, no --format json")
    return options


def _parser() -> ArgumentParser:
    command = ArgumentParser(
        prog="python -m derivations.verify",
        description="Prove the claims of a derivation, and refute the false ones beside them.",
        epilog=EPILOG,
        formatter_class=RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    command.add_argument(
        "ids",
        nargs="*",
        metavar="ID",
        help="a claim, a part, or the beginning of ids up to a dot",
    )
    ways = command.add_mutually_exclusive_group()
    ways.add_argument("--explain", metavar="ID", help="show one claim in full")
    ways.add_argument("--list", action="store_true", help="show the claims, judge none")
    command.add_argument(
        "--format", choices=("table", "json"), default="table", help="(default: %(default)s)"
    )
    command.add_argument(
        "--sizes",
        choices=("default", "full"),
        default="default",
        help="how many small sizes to decide exactly (default: %(default)s)",
    )
    return command
