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
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from derivations.report.stdio import (
    ALL_WELL,
    FAILED,
    INTERRUPTED,
    PROGRAM_ERROR,
    WRONG_USAGE,
    complain,
    forgiving_streams,
    standard_input,
    visible,
    write,
)
from derivations.report.verify_options import STANDARD_INPUT, TABLE, is_about, parse
from derivations.report.verify_options import parser as parser
from derivations.report.workers import Answer, Limits, answer

if TYPE_CHECKING:
    from derivations.claim import Claim, Judgement
    from derivations.reader.source import Attempts
    from derivations.report.findings import Section
    from derivations.report.judging import Judge
    from derivations.report.results import FileResult, Results
    from derivations.report.subject import HowToRead, Instead, Read, Subject


WHAT_IT_MEANS = "One of the arguments is wrong. This is an error of the program, not of the claim."

Load = Callable[[], "Subject"]


def main(
    arguments: Sequence[str] | None = None, load: Load | None = None, judge: Judge | None = None
) -> int:
    """Run the command and return its exit code."""
    forgiving_streams()
    options = parse(arguments)
    given = standard_input() if STANDARD_INPUT in options.files else b""
    try:
        found = answered(options, given, load, judge)
    except KeyboardInterrupt:
        return complain("interrupted", INTERRUPTED)
    for complaint in found.complaints:
        complain(complaint, found.code)
    write(found.page)
    return found.code


def answered(
    options: Namespace,
    given: bytes = b"",
    load: Load | None = None,
    judge: Judge | None = None,
) -> Answer:
    """What a run comes to; ``given`` is what stands in the place of standard input."""
    limits = Limits(options.budget, options.memory)
    options.standard_input = given
    return answer(partial(_run, options, limits, load, judge), limits)


def _run(
    options: Namespace,
    limits: Limits,
    load: Load | None,
    judge: Judge | None,
    attempts: Attempts,
) -> Answer:
    from derivations.report.stdio import reading
    from derivations.report.subject import BadSubject, NoSuchClaim

    if options.html:
        from derivations.report.page import NotInstalled, require_converter

        try:
            require_converter()
        except NotInstalled as error:
            return Answer(WRONG_USAGE, complaints=(str(error),))
    if options.many:
        return _run_many(options, limits, judge, attempts)
    started = perf_counter()
    file = options.files[0] if options.files else ""
    if file and load is None and not options.given:
        from derivations.report.subject import instead

        said = instead(file, _how(options), attempts, new=options.new, write=options.write)
        if said is not None:
            page = said.page if options.format == TABLE else _page_instead(file, said, options)
            return Answer(said.code, page, (said.complaint,) if said.complaint else ())
    try:
        load = load or partial(_load, file, options, attempts)
        with reading(file, attempts):
            subject = load()
        attempts.require_sound()
        picked = subject.pick_one(options.explain) if options.explain else subject.pick(options.ids)
    except (BadSubject, NoSuchClaim) as error:
        return Answer(WRONG_USAGE, complaints=(str(error),))
    if options.list:
        return Answer(ALL_WELL, _list(picked, as_json=options.format == "json"))
    again = partial(_again, file, options, load, dict(attempts.given_up), 0)
    results = _judged(picked, options, limits, judge, again)
    results = replace(results, seconds=perf_counter() - started)
    page = _page(results, file, options, attempts)
    told = _complaints(results)
    if options.html:
        from derivations.report.results import FileResult

        told += _write_html(options.html, [FileResult(file, _code(results), results)], attempts)
    return Answer(_code(results), page, tuple(told))


def _run_many(
    options: Namespace, limits: Limits, judge: Judge | None, attempts: Attempts
) -> Answer:
    """Every file by itself, judged while the next ones are read."""
    from derivations.report.judging import AsRead
    from derivations.report.results import FileResult
    from derivations.report.stdio import progress
    from derivations.report.subject import (
        BadSubject,
        NothingToJudge,
        Read,
        instead,
        taken_elsewhere,
    )

    read: list[Read] = []
    complaints: list[str] = []
    judging = AsRead(judge, options.sizes, limits, attempts, options.found, len(options.files))
    with progress(len(options.files), "read") as on_read:
        for file in options.files:
            on_read(file)
            judging.read += 1
            first = attempts.number
            said = None if options.given else instead(file, _how(options), attempts)
            if said is not None:
                read.append(Read(file, first, error=said.complaint, proposal=said.page))
                continue
            first = attempts.number
            try:
                subject = _load(file, options, attempts)
                read.append(Read(file, first, subject))
                if not options.list:
                    judging.add(file, subject)
            except NothingToJudge as error:
                if file in options.found and is_about(file):
                    complaints.append(f"{file} is passed over: no equality stands in it")
                    continue
                read.append(Read(file, first, error=str(error)))
            except BadSubject as error:
                read.append(Read(file, first, error=str(error)))
    attempts.require_sound()
    taken = taken_elsewhere(read, options.found)
    if options.list:
        listed = [each for each in read if each.file not in taken]
        return Answer(ALL_WELL, _list_many(listed, options))
    judging.waiting = {name: of for name, of in judging.waiting.items() if name not in taken}
    judging.finish()
    found: list[FileResult] = []
    for each in read:
        file = each.file
        if file in taken:
            found.append(FileResult(file, ALL_WELL, taken_in_by=taken[file]))
            continue
        if each.subject is None:
            found.append(FileResult(file, WRONG_USAGE, error=each.error, proposal=each.proposal))
            continue
        again = partial(_again, file, options, None, dict(attempts.given_up), each.first)
        if file in judging.judgements:
            results = _results(each.subject, judging.judgements[file], options, limits)
        else:
            results = _judged(each.subject, options, limits, judge, again)
        results = replace(results, seconds=sum(one.seconds for one in results.judgements))
        found.append(FileResult(file, _code(results), results))
        complaints += (f"{file}: {said}" for said in _complaints(results))
    if options.html:
        complaints += _write_html(options.html, found, attempts)
    worst = max((each.code for each in found), default=ALL_WELL)
    return Answer(worst, _page_of_many(found, options), tuple(complaints))


def _write_html(path: str, files: list[FileResult], attempts: Attempts) -> list[str]:
    """Write the page; what is to be complained of where that cannot be done."""
    from derivations.report.page import page
    from derivations.report.results import JudgedLine

    def in_full(file: FileResult, line: JudgedLine) -> list[Section]:
        assert file.results is not None
        only = replace(file.results, claims=(), slips=(), lines=(line,))
        return _in_full(only, file.name, attempts)

    try:
        Path(path).write_text(page(files, in_full), encoding="utf-8")
    except OSError as error:
        return [f"{path}: {error.strerror}"]
    return []


def _page_instead(file: str, said: Instead, options: Namespace) -> str:
    from derivations.report.results import FileResult

    return _page_of_many([FileResult(file, said.code, None, said.complaint, said.page)], options)


def _how(options: Namespace) -> HowToRead:
    from derivations.report.subject import HowToRead

    return HowToRead(options.inline, options.given, options.standard_input)


def _load(file: str, options: Namespace, attempts: Attempts) -> Subject:
    from derivations.report.subject import of_file, word2vec

    how = _how(options)
    subject = of_file(file, attempts, how) if file else word2vec(attempts)
    if not options.strict:
        return subject
    lines = tuple(replace(line, expected=None) for line in subject.lines)
    return replace(subject, lines=lines, strict=True)


def _again(
    file: str, options: Namespace, load: Load | None, given_up: dict[int, str], first: int
) -> tuple[Claim, ...]:
    """The claims, once more in another process."""
    from derivations.reader.source import Attempts

    attempts = Attempts(given_up, number=first)
    return (load() if load else _load(file, options, attempts)).everything


def _list(subject: Subject, *, as_json: bool) -> str:
    if as_json:
        from derivations.report.as_json import list_as_json

        return list_as_json(subject)
    from derivations.report.findings import listing
    from derivations.report.style import rendered, width

    return rendered(listing(subject, width()))


def _list_many(read: list[Read], options: Namespace) -> str:
    if options.format == "json":
        from derivations.report.as_json import list_of_files_as_json

        return list_of_files_as_json(read)
    from derivations.report.findings import listing
    from derivations.report.style import rendered, width

    pages = (
        rendered(listing(each.subject, width())) if each.subject else f"{each.error}\n"
        for each in read
    )
    return "\n".join(
        f"{visible(each.file)}\n{page}" for each, page in zip(read, pages, strict=True)
    )


def _judged(
    subject: Subject,
    options: Namespace,
    limits: Limits,
    judge: Judge | None,
    again: Callable[[], tuple[Claim, ...]],
) -> Results:
    from derivations.report.judging import judge_all
    from derivations.report.stdio import progress

    with progress(len(subject.everything)) as on_judged:
        judgements = judge_all(subject.everything, judge, options.sizes, on_judged, limits, again)
    return _results(subject, judgements, options, limits)


def _results(
    subject: Subject, judgements: Sequence[Judgement], options: Namespace, limits: Limits
) -> Results:
    """The results with suggestions, where these are wanted."""
    from derivations.report.results import results_of

    results = results_of(subject, judgements, 0.0)
    if results.lines and options.repairs != "none":
        from derivations.report.judging import with_suggestions

        results = with_suggestions(results, options.repairs, limits)
    return results


def _code(results: Results) -> int:
    if results.disagreements:
        return PROGRAM_ERROR
    return ALL_WELL if results.passed else FAILED


def _complaints(results: Results) -> list[str]:
    """What two arguments contradict each other about, loudly."""
    return [
        f"INTERNAL DISAGREEMENT about {each.claim.id}:\n  {each.reason}\n{WHAT_IT_MEANS}"
        for each in results.disagreements
    ]


def _page_of_many(files: list[FileResult], options: Namespace) -> str:
    if options.format == "json":
        from derivations.report.as_json import files_as_json

        return files_as_json(files)
    if options.format != TABLE:
        from derivations.report.outputs import page

        return page(options.format, files)
    from derivations.report.style import rendered, width

    if options.all:
        from derivations.report.findings import table_of_many

        return rendered(table_of_many(files, width(), places=options.verbose))
    from derivations.report.findings import screens

    return rendered(screens(files, width(), everything=options.verbose))


def _page(results: Results, file: str, options: Namespace, attempts: Attempts) -> str:
    if options.format == "json":
        from derivations.report.as_json import as_json

        return as_json(results, file)
    if options.format != TABLE:
        from derivations.report.outputs import page
        from derivations.report.results import FileResult

        return page(options.format, [FileResult(file, _code(results), results)])
    from derivations.report.style import rendered, width

    if options.explain:
        from derivations.report.findings import explanation

        return rendered(explanation(results, _in_full(results, file, attempts)))
    if file and not options.all:
        from derivations.report.findings import screen

        return rendered(screen(results, width(), file, everything=options.verbose))
    if not (options.all or options.ids):
        from derivations.report.findings import overview

        return rendered(overview(results))
    from derivations.report.findings import table

    return rendered(table(results, width(), file, places=options.verbose))


def _in_full(results: Results, file: str, attempts: Attempts) -> list[Section]:
    """All there is to say of one claim or line, unless that comes to no end."""
    from derivations.certify.certify_command import WORD2VEC, subject_name
    from derivations.certify.coqc import standing
    from derivations.reader.source import GivenUp
    from derivations.report.findings import explained, in_short

    subject = subject_name(file) if file else WORD2VEC

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
