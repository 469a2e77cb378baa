"""The command ``python -m derivations.certify``: theorems for what was judged, checked by Coq."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Sequence

from derivations.certify.checking import check_all
from derivations.certify.coqc import Checked, NoCoq, version
from derivations.certify.emit import emit
from derivations.certify.options import parse
from derivations.certify.outcome import Outcome
from derivations.certify.plan import Disagreed, Plan, plan_of
from derivations.certify.record import out_of_date, record
from derivations.certify.store import Store, default_folder
from derivations.certify.subjects import WORD2VEC, all_subjects, subject_name
from derivations.report.progress import progress
from derivations.report.streams import forgiving_streams, visible, write
from derivations.report.subject import BadSubject, NoSuchClaim, Subject, of_file, word2vec

ALL_WELL, FAILED, WRONG_USAGE, DISAGREEMENT, INTERRUPTED = 0, 1, 2, 3, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code."""
    forgiving_streams()
    options = parse(arguments)
    try:
        return _run(options)
    except KeyboardInterrupt:
        return _complain("interrupted", INTERRUPTED)


def _run(options: Namespace) -> int:
    try:
        subjects = _subjects(options)
    except (BadSubject, NoSuchClaim) as error:
        return _complain(str(error), WRONG_USAGE)
    try:
        if not options.emit:
            version()
        plan = plan_of(subjects)
        if options.emit:
            return _emit(plan, options)
        checked = _checked(plan, options)
    except Disagreed as error:
        return _complain(f"INTERNAL DISAGREEMENT {error}", DISAGREEMENT)
    except NoCoq as missing:
        return _complain(str(missing), WRONG_USAGE)
    outcome = Outcome(plan, checked)
    write(_page(outcome, options))
    if options.record:
        record(outcome)
    stale = [] if options.file or options.ids else out_of_date(outcome)
    if stale:
        _complain(f"the record is not of these: {', '.join(stale)}; --record mends it", FAILED)
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
        return _complain(f"{error.filename}: {error.strerror}", WRONG_USAGE)
    write(f"{count} theorems written to {options.emit}; README there says how to check them\n")
    return ALL_WELL


def _checked(plan: Plan, options: Namespace) -> dict[str, Checked]:
    store = Store(options.cache or default_folder())
    with progress(len(plan.certificates)) as on_checked:
        return check_all(plan.certificates, store, options.jobs, on_checked)


def _page(outcome: Outcome, options: Namespace) -> str:
    if options.format == "json":
        from derivations.certify.pages import as_json

        return as_json(outcome)
    from derivations.certify.pages import table
    from derivations.report.terminal import rendered

    return rendered(table(outcome))


def _complain(message: str, code: int) -> int:
    print(f"python -m derivations.certify: {visible(message)}", file=sys.stderr)
    return code
