"""Options of the command line."""

from __future__ import annotations

import os
from argparse import ArgumentParser, ArgumentTypeError, Namespace, RawDescriptionHelpFormatter
from collections.abc import Sequence
from glob import glob
from pathlib import Path

from derivations.reader.source import SUFFIXES
from derivations.report.stdio import called

PATTERN = "*?["  # signs of a pattern of names
STANDARD_INPUT = "-"
ABOUT = frozenset({"readme", "contributing", "changelog", "license", "index"})
TABLE, JSON = "table", "json"
OUTPUTS = sorted(path.stem for path in Path(__file__).with_name("outputs").glob("[a-z]*.py"))

# the budget by the choice of sizes
SECONDS = {"default": 10.0, "full": 600.0}
LONGEST = 1_000_000  # seconds
LEAST_MEMORY, MOST_MEMORY = 64, 1_000_000  # MiB

EPILOG = """\
examples:
  python -m derivations.verify                     judge everything about word2vec
  python -m derivations.verify homework.md         judge the lines of a derivation file
  python -m derivations.verify homework.md b.2     one of its lines
  python -m derivations.verify homework.tex        a LaTeX document, or a notebook (.ipynb)
  python -m derivations.verify solutions/ -        every file of a folder, and standard input
  python -m derivations.verify --new homework.md   propose declarations for it
  python -m derivations.verify --strict --given exercise.md --format csv solutions/
                                                   a course: what the exercise requires, and a
                                                   row for each line of each solution
  python -m derivations.verify b h.naive           part b, and all ids that begin with h.naive
  python -m derivations.verify --explain c.other   one claim or line in full
  python -m derivations.verify --format json       for machines

exit codes:
  0    every claim is proved, every false claim falls (is refuted or ill-typed), and
       every line is proved, or has the verdict it says it expects
  1    some claim, line or correction is not proved, some false claim does not fall, or a
       line, a declaration, a remark or a display of the file is not read
  2    wrong usage, or a file that is none: no text, too large, without a display; one
       that declares nothing, for which declarations are proposed instead;
       of many files, the worst is told
  3    two arguments about one claim contradict each other: an error of this project
  130  interrupted
"""


def parse(arguments: Sequence[str] | None) -> Namespace:
    """The options given; wrong usage ends the program with exit code 2."""
    command = parser()
    options = command.parse_intermixed_args(arguments)
    named = [name for name in options.ids if is_file(name)]
    if options.explain and is_file(options.explain):
        command.error("--explain takes the ID of a line")
    options.ids = [name for name in options.ids if name not in named]
    options.files = [
        file for file in files_of(named) if file in named or not _is_one(file, options.given)
    ]
    options.found = frozenset(options.files).difference(named)
    options.many = len(options.files) > 1 or options.files != named
    if options.many and (options.ids or options.explain):
        command.error("an ID is of one FILE")
    if (options.given or options.inline) and not options.files:
        command.error("--given and --inline are about a FILE")
    options.budget = options.budget or SECONDS[options.sizes]
    if options.explain and (options.ids or options.format != TABLE):
        command.error("--explain shows one claim, as text: no further ID, no --format")
    if options.new and (len(options.files) != 1 or options.ids):
        command.error("--new takes one FILE, and no ID")
    if options.html and not options.files:
        command.error("--html is about a FILE")
    if options.html and (options.explain or options.list or options.new):
        command.error("--html shows what was judged: no --explain, --list or --new")
    if options.write and not options.new:
        command.error("--write goes with --new")
    return options


def is_file(name: str) -> bool:
    """Whether a name is that of a file or folder, or a pattern of some, and no ID."""
    path = Path(name)
    looks = is_derivation(name) or any(sign in name for sign in ("/", os.sep, *PATTERN))
    return name == STANDARD_INPUT or looks or _exists(path)


def is_derivation(name: str) -> bool:
    """Whether a file is one of derivations, by its name."""
    return Path(name).suffix.lower() in SUFFIXES


def is_about(name: str) -> bool:
    """Whether a file is about the others of its folder, by its name."""
    return Path(name).stem.lower() in ABOUT


def may_take_in(name: str | Path) -> bool:
    """Whether a file may take in others, or be taken in by one, by its name."""
    return Path(name).suffix.lower() in (".tex", ".ltx")


def as_typed(path: Path) -> str:
    """A path as one would type it here."""
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)


def is_hidden(path: Path, folder: Path) -> bool:
    """Whether a file is below a folder, and it or what it stands in has a name with a dot."""
    return any(part.startswith(".") for part in path.relative_to(folder).parts)


def files_of(names: Sequence[str]) -> list[str]:
    """The files that names are of, each once; what is of none stands for itself."""
    return list(dict.fromkeys(file for name in names for file in _files_of(name) or [name]))


def _is_one(file: str, other: str | None) -> bool:
    """Whether two names are of one file."""
    return other is not None and _exists(Path(other)) and Path(file).samefile(other)


def _files_of(name: str) -> list[str]:
    if _exists(Path(name)) and Path(name).is_dir():
        below = (path for path in Path(name).rglob("*") if path.suffix.lower() in SUFFIXES)
        return sorted(
            str(path) for path in below if path.is_file() and not is_hidden(path, Path(name))
        )
    if any(sign in name for sign in PATTERN) and not _exists(Path(name)):
        return sorted(each for each in glob(name, recursive=True) if Path(each).is_file())
    return [name]


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def parser() -> ArgumentParser:
    command = ArgumentParser(
        prog=called("verify"),
        description="Judge a derivation line by line: what is proved, and what is wrong.",
        epilog=_epilog(),
        formatter_class=RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    command.add_argument(
        "ids",
        nargs="*",
        metavar="FILE | ID",
        help="files (.md, .tex, .ipynb), folders, patterns, or - for standard input; or a claim, a "
        "line, a part, or the beginning of ids to a dot",
    )
    ways = command.add_mutually_exclusive_group()
    ways.add_argument("--explain", metavar="ID", help="show one claim or line in full")
    ways.add_argument("--list", action="store_true", help="show what there is to judge")
    ways.add_argument(
        "--new",
        action="store_true",
        help="propose declarations for FILE, as blocks to paste; exit code 1 where two of its "
        "displays contradict each other",
    )
    command.add_argument(
        "--write", action="store_true", help="with --new: put the blocks into FILE"
    )
    command.add_argument(
        "--format",
        choices=(TABLE, JSON, *OUTPUTS),
        default=TABLE,
        help="how the results are written: for a person, or for other programs "
        "(default: %(default)s)",
    )
    command.add_argument(
        "--html",
        metavar="PAGE",
        help="also write the results as one page of HTML, with formulas typeset and every step to "
        "open (needs the extra html: latex2mathml)",
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
        "200 of them judged, and twice the budget spent (default: %(default)s)",
    )
    add_limits(command)
    add_how_to_read(command)
    command.add_argument(
        "--strict",
        action="store_true",
        help="only what is proved passes: what a file says it expects of its own lines is ignored "
        "(what is required has to be shown with and without it)",
    )
    command.add_argument(
        "-v",
        "--verbose",
        action="store_true",
        help="show the lines that are as they should be too, with the notes on how they were read, "
        "and where each equality stands that is not judged: inline, in comments, in code",
    )
    command.add_argument(
        "--all", action="store_true", help="show everything that was judged, as one table"
    )
    return command


def _epilog() -> str:
    name = "python -m derivations.verify"
    return EPILOG.replace(name, called("verify"))


def add_limits(command: ArgumentParser) -> None:
    """The options on what one line may take."""
    command.add_argument(
        "--budget",
        type=_seconds,
        metavar="SECONDS",
        help="what reading a line, judging it, and judging the chain up to it may each take; "
        f"then it is undecided, or not read (default: {SECONDS['default']:g}; "
        f"{SECONDS['full']:g} with --sizes full)",
    )
    command.add_argument(
        "--memory",
        type=_mebibytes,
        default=1024,
        metavar="MIB",
        help="what they may need of memory, where the system can bound it (default: %(default)s)",
    )


def add_how_to_read(command: ArgumentParser) -> None:
    """The options on how a file is read."""
    command.add_argument(
        "--given",
        metavar="FILE",
        help="declarations that win over those of the files that are judged, as of an exercise, "
        "and the equalities that these have to show (require A = B)",
    )
    command.add_argument(
        "--inline",
        action="store_true",
        help="judge equalities in the text as well, unless they stand in a sentence that assumes "
        "or defines something",
    )


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 < seconds < LONGEST:
        raise ArgumentTypeError(f"{text} is not between 0 and {LONGEST:,}")
    return seconds


def _mebibytes(text: str) -> int:
    size = int(text)
    if not LEAST_MEMORY <= size < MOST_MEMORY:
        raise ArgumentTypeError(f"{text} is not between {LEAST_MEMORY} and {MOST_MEMORY:,}")
    return size
