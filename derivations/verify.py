"""The command ``python -m derivations.verify``: judge claims and lines, tell what was found.

SymPy, and everything that needs it, is imported only when there is something to judge: help and
wrong usage answer at once.
"""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Callable, Sequence
from time import perf_counter
from typing import TYPE_CHECKING

from derivations.report.arguments import parse
from derivations.report.streams import complain, forgiving_streams, write

if TYPE_CHECKING:
    from derivations.report.judging import Judge
    from derivations.report.results import Results
    from derivations.report.subject import Subject

ALL_WELL, FAILED, WRONG_USAGE, DISAGREEMENT, INTERRUPTED = 0, 1, 2, 3, 130

WHAT_IT_MEANS = "One of the arguments is wrong. This is an error of the program, not of the claim."


def main(
    arguments: Sequence[str] | None = None,
    load: Callable[[], Subject] | None = None,
    judge: Judge | None = None,
) -> int:
    """Run the command and return its exit code."""
    forgiving_streams()
    options = parse(arguments)
    try:
        return _run(options, load, judge)
    except KeyboardInterrupt:
        return complain("interrupted", INTERRUPTED)


def _run(options: Namespace, load: Callable[[], Subject] | None, judge: Judge | None) -> int:
    from derivations.report.subject import BadSubject, NoSuchClaim, of_file, word2vec

    try:
        subject = of_file(options.file) if options.file else (load or word2vec)()
        picked = subject.pick_one(options.explain) if options.explain else subject.pick(options.ids)
    except (BadSubject, NoSuchClaim) as error:
        return complain(str(error), WRONG_USAGE)
    if options.list:
        return _list(picked, as_json=options.format == "json")
    return _verify(picked, options, judge)


def _list(subject: Subject, *, as_json: bool) -> int:
    if as_json:
        from derivations.report.as_json import list_as_json

        write(list_as_json(subject))
    else:
        from derivations.report.table import listing
        from derivations.report.terminal import rendered, width

        write(rendered(listing(subject, width())))
    return ALL_WELL


def _verify(subject: Subject, options: Namespace, judge: Judge | None) -> int:
    from derivations.report.judging import Disagreed, judge_all
    from derivations.report.ledger import results_of
    from derivations.report.progress import progress

    started = perf_counter()
    try:
        with progress(len(subject.everything)) as on_judged:
            judgements = judge_all(subject.everything, judge, options.sizes, on_judged)
    except Disagreed as error:
        return complain(f"INTERNAL DISAGREEMENT {error}\n{WHAT_IT_MEANS}", DISAGREEMENT)
    results = results_of(subject, judgements, perf_counter() - started)
    if results.lines and options.repairs != "none":
        from derivations.report.repairing import with_suggestions

        results = with_suggestions(results, options.repairs)
    write(_page(results, options))
    return FAILED if results.failures else ALL_WELL


def _page(results: Results, options: Namespace) -> str:
    if options.format == "json":
        from derivations.report.as_json import as_json

        return as_json(results)
    from derivations.report.terminal import rendered, width

    if options.explain:
        from derivations.certify.record import standing
        from derivations.certify.subjects import WORD2VEC, subject_name
        from derivations.report.explain import explanation

        subject = subject_name(options.file) if options.file else WORD2VEC
        theorems = list(standing(subject, results.judgements))
        return rendered(explanation(results, [("Certificate", theorems)]))
    from derivations.report.table import table

    return rendered(table(results, width(), options.file or ""))


if __name__ == "__main__":
    sys.exit(main())
