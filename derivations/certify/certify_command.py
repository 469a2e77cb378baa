"""The command ``python -m derivations.certify``: theorems for what was judged, checked by Coq."""

from __future__ import annotations

import os
from argparse import ArgumentParser, ArgumentTypeError, Namespace, RawDescriptionHelpFormatter
from collections.abc import Sequence
from pathlib import Path

from derivations.certify.coqc import (
    Checked,
    Disagreed,
    NoCoq,
    Outcome,
    Plan,
    Store,
    check_all,
    default_folder,
    emit,
    out_of_date,
    plan_of,
    record,
    version,
)
from derivations.certify.writer import identifier
from derivations.report.stdio import (
    ALL_WELL,
    FAILED,
    INTERRUPTED,
    PROGRAM_ERROR,
    WRONG_USAGE,
    complain,
    forgiving_streams,
    progress,
    write,
)
from derivations.report.subject import (
    DOCUMENT,
    HOME,
    BadSubject,
    NoSuchClaim,
    Subject,
    document,
    of_file,
    word2vec,
)
from derivations.report.verify_options import is_file

# What is certified where nothing is picked: word2vec and the other documents, or all subjects.

COMMAND = "python -m derivations.certify"


WORD2VEC = "word2vec"
# said in a subject's file: what takes minutes, so that it is certified where the file is named, or
# all are asked for
FURTHER = "<!-- certified with --all: Coq takes minutes -->"


def documents() -> list[str]:
    """The subjects that are one file, by their folders: those that are quick, then the others."""
    names = {file.parent.name for file in HOME.glob(f"*/{DOCUMENT}")}
    return sorted(sorted(names - {WORD2VEC}), key=is_further)


def is_further(name: str) -> bool:
    """Whether its certificates take minutes, as its file says."""
    return FURTHER in document(name).read_text(encoding="utf-8")


def all_subjects(*, further: bool = False) -> dict[str, Subject]:
    """The subjects of this project by name, those that take longer where they are asked for."""
    names = [name for name in documents() if further or not is_further(name)]
    return {WORD2VEC: word2vec(), **{name: of_file(str(document(name))) for name in names}}


def subject_name(file: str) -> str:
    """What the subject of a derivation file is called."""
    path = Path(file).resolve()
    stem = path.parent.name if path.name == DOCUMENT else path.stem
    return identifier(stem.replace("-", "_"))


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
    return command


def _jobs(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise ArgumentTypeError(f"{text!r} is not a number of jobs")
    return int(text)


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code."""
    forgiving_streams()
    options = parse(arguments)
    try:
        return _run(options)
    except KeyboardInterrupt:
        return complain("interrupted", INTERRUPTED, COMMAND)


def _run(options: Namespace) -> int:
    try:
        subjects = _subjects(options)
    except (BadSubject, NoSuchClaim) as error:
        return complain(str(error), WRONG_USAGE, COMMAND)
    try:
        if not options.emit:
            version()
        plan = plan_of(subjects)
        if options.emit:
            return _emit(plan, options)
        checked = _checked(plan, options)
    except Disagreed as error:
        return complain(f"INTERNAL DISAGREEMENT {error}", PROGRAM_ERROR, COMMAND)
    except NoCoq as missing:
        return complain(str(missing), WRONG_USAGE, COMMAND)
    outcome = Outcome(plan, checked)
    write(_page(outcome, options))
    if options.record:
        record(outcome)
    stale = [] if options.file or options.ids else out_of_date(outcome)
    if stale:
        complain(
            f"the record is not of these: {', '.join(stale)}; --record mends it", FAILED, COMMAND
        )
    return FAILED if outcome.failures or stale else ALL_WELL


def _subjects(options: Namespace) -> dict[str, Subject]:
    if options.file:
        return {subject_name(options.file): of_file(options.file).pick(options.ids)}
    if options.ids:
        return {WORD2VEC: word2vec().pick(options.ids)}
    return all_subjects(further=options.all)


def _emit(plan: Plan, options: Namespace) -> int:
    try:
        count = emit(plan.certificates, options.emit)
    except OSError as error:
        return complain(f"{error.filename}: {error.strerror}", WRONG_USAGE, COMMAND)
    write(f"{count} theorems written to {options.emit}; README there says how to check them\n")
    return ALL_WELL


def _checked(plan: Plan, options: Namespace) -> dict[str, Checked]:
    store = Store(default_folder())
    with progress(len(plan.certificates)) as on_checked:
        return check_all(plan.certificates, store, options.jobs, on_checked)


def _page(outcome: Outcome, options: Namespace) -> str:
    if options.format == "json":
        from derivations.certify.coqc import as_json

        return as_json(outcome)
    from derivations.certify.coqc import table
    from derivations.report.style import rendered

    return rendered(table(outcome))
