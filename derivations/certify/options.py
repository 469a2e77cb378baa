"""What the command line of ``python -m derivations.certify`` accepts."""

from __future__ import annotations

import os
from argparse import ArgumentParser, ArgumentTypeError, Namespace, RawDescriptionHelpFormatter
from collections.abc import Sequence
from pathlib import Path

from derivations.certify.subjects import documents, is_further
from derivations.report.arguments import is_file

EPILOG = """\
examples:
  python -m derivations.certify                      word2vec and the documents that are quick
  python -m derivations.certify --all                the six further subjects too: some minutes more
  python -m derivations.certify b h.naive            part b of word2vec, and ids that begin so
  python -m derivations.certify homework.md          the lines of a derivation file
  python -m derivations.certify --emit theorems      write the files for Coq; it need not be there

exit codes:
  0    Coq accepted every certificate there is, and each rests on the allowed axioms alone; what is
       not stated in Coq is listed with the reason
  1    some certificate was not accepted, or the record is of others
  2    wrong usage, a file that cannot be read, or no Coq
  3    two arguments about one claim disagree: an error of this project
  130  interrupted
"""


def parse(arguments: Sequence[str] | None) -> Namespace:
    """The options given; wrong usage ends the program with exit code 2."""
    command = parser()
    options = command.parse_intermixed_args(arguments)
    files = [name for name in options.ids if is_file(name)]
    if len(files) > 1:
        command.error("one FILE at a time")
    options.file = files[0] if files else None
    options.ids = [name for name in options.ids if name not in files]
    if (options.record or options.all) and (options.ids or options.file):
        command.error("--all and --record are of whole subjects: no FILE, no ID")
    return options


def parser() -> ArgumentParser:
    command = ArgumentParser(
        prog="python -m derivations.certify",
        description="State every proved claim as a theorem of Coq for all sizes, and every "
        "refuted one as a theorem that it fails at its witness; have coqc check the proofs.",
        epilog=EPILOG,
        formatter_class=RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    command.add_argument("ids", nargs="*", metavar="FILE | ID", help="as of derivations.verify")
    command.add_argument(
        "--all",
        action="store_true",
        help="the subjects that take longer too: " + ", ".join(filter(is_further, documents())),
    )
    command.add_argument("--emit", metavar="DIR", type=Path, help="write the files and stop there")
    command.add_argument(
        "--record",
        action="store_true",
        help="note what was accepted in derivations/certify/checked.json, for verify --explain",
    )
    command.add_argument(
        "--format", choices=("table", "json"), default="table", help="(default: %(default)s)"
    )
    command.add_argument(
        "--jobs", type=_jobs, default=_cores(), help="files checked at once (default: %(default)s)"
    )
    command.add_argument(
        "--cache", metavar="DIR", type=Path, help="where to remember what was accepted"
    )
    return command


def _jobs(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise ArgumentTypeError(f"{text!r} is not a number of jobs")
    return int(text)


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
