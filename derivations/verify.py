"""The command ``python -m derivations.verify``: judge claims and lines, tell what was found.

SymPy, and everything that needs it, is imported only when there is something to judge, and in a
process of its own: help and wrong usage answer at once.
"""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING

from derivations.report.arguments import parse
from derivations.report.session import PROGRAM_ERROR, Answer, answer
from derivations.report.streams import complain, forgiving_streams, write
from derivations.report.workers import Limits

if TYPE_CHECKING:
    from derivations.claim import Claim
    from derivations.reader.attempts import Attempts
    from derivations.report.judging import Judge
    from derivations.report.results import Results
    from derivations.report.sections import Section
    from derivations.report.subject import Subject

ALL_WELL, FAILED, WRONG_USAGE, DISAGREEMENT, INTERRUPTED = 0, 1, 2, PROGRAM_ERROR, 130

WHAT_IT_MEANS = "One of the arguments is wrong. This is an error of the program, not of the claim."

Load = Callable[[], "Subject"]


def main(
    arguments: Sequence[str] | None = None, load: Load | None = None, judge: Judge | None = None
) -> int:
    """Run the command and return its exit code."""
    forgiving_streams()
    options = parse(arguments)
    limits = Limits(options.budget, options.memory)
    try:
        found = answer(partial(_run, options, limits, load, judge), limits)
    except KeyboardInterrupt:
        return complain("interrupted", INTERRUPTED)
    for complaint in found.complaints:
        complain(complaint, found.code)
    write(found.page)
    return found.code


def _run(
    options: Namespace,
    limits: Limits,
    load: Load | None,
    judge: Judge | None,
    attempts: Attempts,
) -> Answer:
    from derivations.report.subject import BadSubject, NoSuchClaim

    started = perf_counter()
    try:
        subject = _loaded(options.file, load, attempts)
        attempts.require_sound()
        picked = subject.pick_one(options.explain) if options.explain else subject.pick(options.ids)
    except (BadSubject, NoSuchClaim) as error:
        return Answer(WRONG_USAGE, complaints=(str(error),))
    if options.list:
        return Answer(ALL_WELL, _list(picked, as_json=options.format == "json"))
    again = partial(_again, options.file, load, dict(attempts.given_up))
    results = _judged(picked, options, limits, judge, again)
    results = replace(results, seconds=perf_counter() - started)
    return Answer(_code(results), _page(results, options, attempts), tuple(_complaints(results)))


def _loaded(file: str | None, load: Load | None, attempts: Attempts) -> Subject:
    from derivations.report.subject import of_file, word2vec

    return load() if load else of_file(file, attempts) if file else word2vec(attempts)


def _again(file: str | None, load: Load | None, given_up: dict[int, str]) -> tuple[Claim, ...]:
    """The claims, once more in another process."""
    from derivations.reader.attempts import Attempts

    return _loaded(file, load, Attempts(given_up)).everything


def _list(subject: Subject, *, as_json: bool) -> str:
    if as_json:
        from derivations.report.as_json import list_as_json

        return list_as_json(subject)
    from derivations.report.table import listing
    from derivations.report.terminal import rendered, width

    return rendered(listing(subject, width()))


def _judged(
    subject: Subject,
    options: Namespace,
    limits: Limits,
    judge: Judge | None,
    again: Callable[[], tuple[Claim, ...]],
) -> Results:
    from derivations.report.judging import judge_all
    from derivations.report.progress import progress
    from derivations.report.results import results_of

    with progress(len(subject.everything)) as on_judged:
        judgements = judge_all(subject.everything, judge, options.sizes, on_judged, limits, again)
    results = results_of(subject, judgements, 0.0)
    if results.lines and options.repairs != "none":
        from derivations.report.repairing import with_suggestions

        results = with_suggestions(results, options.repairs, limits)
    return results


def _code(results: Results) -> int:
    if results.disagreements:
        return DISAGREEMENT
    return ALL_WELL if results.passed else FAILED


def _complaints(results: Results) -> list[str]:
    """What two arguments contradict each other about, loudly."""
    return [
        f"INTERNAL DISAGREEMENT about {each.claim.id}:\n  {each.reason}\n{WHAT_IT_MEANS}"
        for each in results.disagreements
    ]


def _page(results: Results, options: Namespace, attempts: Attempts) -> str:
    if options.format == "json":
        from derivations.report.as_json import as_json

        return as_json(results)
    from derivations.report.terminal import rendered, width

    if options.explain:
        from derivations.report.explain import explanation

        return rendered(explanation(results, _in_full(results, options, attempts)))
    from derivations.report.table import table

    return rendered(table(results, width(), options.file or "", places=options.verbose))


def _in_full(results: Results, options: Namespace, attempts: Attempts) -> list[Section]:
    """All there is to say of one claim or line, unless that comes to no end."""
    from derivations.certify.record import standing
    from derivations.certify.subjects import WORD2VEC, subject_name
    from derivations.reader.attempts import GivenUp
    from derivations.report.explain import explained, in_short

    subject = subject_name(options.file) if options.file else WORD2VEC

    def everything() -> list[Section]:
        theorems = list(standing(subject, results.judgements))
        return [*explained(results), ("Certificate", theorems)]

    try:
        found = attempts(everything)
    except GivenUp as reason:
        found = list(in_short(results, str(reason)))
    return found


if __name__ == "__main__":
    sys.exit(main())
