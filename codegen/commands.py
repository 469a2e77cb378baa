"""python -m codegen: write the generated package, check it, or prove what it computes."""

from __future__ import annotations

import argparse
import json
import sys
from argparse import Namespace
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from time import perf_counter

from codegen.array_language import LoweringError
from codegen.emitted import (
    GENERATED,
    back_ends,
    compare,
    mend,
    package,
    printed,
    runtime_texts,
    texts_in,
)
from codegen.execute.jobs import Report, jobs_of_all, prove, with_gradients
from codegen.execute.specification import ALL, DRAWN, FULL, PATTERNS, QUICK, Plan
from codegen.execute.uniformity import PLACES, undeclared
from codegen.kernel import (
    Disagreement,
    Equality,
    Misuse,
    Module,
    NotProved,
    equalities,
    require_fit,
    require_proved,
)
from codegen.line.accuracy import kernel_of
from codegen.line.line_module import NUMPY, write
from codegen.line.proved_line import Refusal
from codegen.subjects import CLAIMS, MODULES
from derivations.report.stdio import (
    ALL_WELL,
    FAILED,
    INTERRUPTED,
    PROGRAM_ERROR,
    WRONG_USAGE,
    progress,
)

# What was decided, for a reader and for a program.


MOST_SHOWN = 3  # failures of one function
BoundData = Mapping[str, str | float | None]  # one bound on rounding, for a program


def summary(reports: Sequence[Report], seconds: float) -> str:
    """One line: how many functions, cases and entries, and whether all are as proved."""
    good = sum(report.proved for report in reports)
    cases = sum(report.count.cases for report in reports)
    entries = sum(report.count.entries for report in reports)
    most = max((report.most for report in reports), default=0)
    return (
        f"{good} of {len(reports)} functions compute what is proved: run on symbols at sizes up to "
        f"{most}, {cases:,} cases, {entries:,} entries, {seconds:.0f} s"
    )


def failures(reports: Sequence[Report]) -> Iterator[str]:
    """What is wrong, kernel by kernel."""
    for report in reports:
        found = report.count.failures
        yield from (f"{failure}" for failure in found[:MOST_SHOWN])
        if not found and not report.proved:
            yield f"{report.name}: nothing was decided"


def table(reports: Sequence[Report]) -> Iterator[str]:
    """A line for each function: what it was run at, and what was found."""
    width = max((len(report.name) for report in reports), default=0)
    yield f"{'function':{width}}  sizes   all words   patterns   drawn   cases     runs   entries"
    for report in reports:
        words = report.words
        sizes = sum(words.values())
        ways = [words[kind] for kind in _MEANING]
        count = report.count
        verdict = "✓" if report.proved else "✗"
        drawn = f"; paths drawn in {count.drawn_paths:,} cases" if count.drawn_paths else ""
        drawn += f"; {report.left_out:,} sizes left out" if report.left_out else ""
        yield (
            f"{report.name:{width}}  {sizes:5}   {ways[0]:9}   {ways[1]:8}   {ways[2]:5}  "
            f"{count.cases:6,}  {count.runs:7,}  {count.entries:8,}  {verdict} "
            f"{report.seconds:.1f} s{drawn}"
        )


def legend(reports: Sequence[Report], plan: Plan) -> Iterator[str]:
    """What the columns of the table mean, and how much was run of each kind."""
    sizes, cases = _totals(reports)
    for kind, meaning in _MEANING.items():
        yield f"{kind}: {meaning}; {cases[kind]:,} cases at {sizes[kind]:,} sizes"
    yield (
        f"each case on every path, where there are at most {plan.paths:,}, and on a few in one "
        "other way to load the package, drawn by a fixed seed; in all ways where memory is given"
    )


def _totals(reports: Sequence[Report]) -> tuple[Counter[str], Counter[str]]:
    """Sizes and cases by how their words were chosen."""
    sizes, cases = Counter[str](), Counter[str]()
    for report in reports:
        sizes += report.words
        cases += report.cases
    return sizes, cases


_MEANING = {
    ALL: "every choice of words and of windows",
    PATTERNS: "every pattern of equal words, each with every choice of windows",
    DRAWN: "some choices of words and windows, by a fixed seed, where there are more patterns",
}


def as_json(
    reports: Sequence[Report],
    seconds: float,
    rounding: Sequence[BoundData] = (),
) -> str:
    """All of it, for a program, with the bounds on rounding."""
    sizes, cases = _totals(reports)
    found = {
        "functions": [_function(report) for report in reports],
        "summary": {
            "functions": len(reports),
            "proved": sum(report.proved for report in reports),
            "cases": sum(report.count.cases for report in reports),
            "sizes_by_words": dict(sizes),
            "cases_by_words": dict(cases),
            "runs": sum(report.count.runs for report in reports),
            "entries": sum(report.count.entries for report in reports),
            "seconds": round(seconds, 2),
        },
        "rounding": list(rounding),
    }
    return json.dumps(found, indent=2, ensure_ascii=False)


def _function(report: Report) -> dict[str, object]:
    return {
        "name": report.name,
        "proved": report.proved,
        "sizes_up_to": report.most,
        "sizes": dict(report.words),
        "sizes_left_out": report.left_out,
        "cases": report.count.cases,
        "cases_by_words": dict(report.cases),
        "runs": report.count.runs,
        "entries": report.count.entries,
        "cases_with_drawn_paths": report.count.drawn_paths,
        "variants": list(report.variants),
        "seconds": round(report.seconds, 2),
        "failures": [
            {"variant": failure.variant, "case": failure.case, "what": failure.what}
            for failure in report.count.failures
        ],
    }


# The part of ``python -m codegen --check`` and ``--prove`` that runs the files.


def executed(
    modules: Sequence[Module],
    claims: Mapping[str, Equality],
    options: Namespace,
    rounding: Sequence[BoundData] = (),
) -> int:
    """Run the files of a folder on symbols and tell what was decided; 0 if all is as proved.

    ``rounding`` is told beside it to a program.
    """
    started = perf_counter()
    plan = FULL if options.prove else QUICK
    jobs = jobs_of_all(modules, plan)
    try:
        with progress(len(jobs)) as on_done:
            reports = prove(modules, jobs, claims, texts_in(options.into), plan, on_done)
    except KeyboardInterrupt:
        print("codegen: interrupted", file=sys.stderr)
        return INTERRUPTED
    seconds = perf_counter() - started
    if options.format == "json":
        print(as_json(reports, seconds, rounding))
    else:
        lines = [*table(reports), *legend(reports, plan)] if options.prove else []
        print("\n".join([*lines, *failures(reports), summary(reports, seconds)]))
    return ALL_WELL if all(report.proved for report in reports) else FAILED


def main(arguments: Sequence[str] | None = None) -> int:
    """Judge the claims, lower the kernels, then write or compare. Returns the exit code."""
    given = sys.argv[1:] if arguments is None else arguments
    if given and not given[0].startswith("-"):
        return of_line(given)
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.format == "json" and not options.prove:
        parser.error("--format json goes with --prove")
    functions = [function for module in MODULES for function in module.functions]
    stated = equalities(CLAIMS)
    try:
        for function in functions:
            require_fit(function, stated)
        require_proved(functions, CLAIMS)
        texts = package(MODULES, stated)
    except Disagreement as disagreement:
        print(f"codegen: the judge contradicts itself: {disagreement}", file=sys.stderr)
        return PROGRAM_ERROR
    except (Misuse, NotProved, LoweringError) as refusal:
        print(f"codegen: {refusal}", file=sys.stderr)
        return FAILED
    runtime = runtime_texts()
    differences = compare(options.into, texts, runtime)
    foreign = [difference.path for difference in differences if difference.kind == "foreign"]
    if foreign:
        listed = ", ".join(map(str, foreign))
        print(f"codegen: not generated, so left alone: {listed}. Move it away.", file=sys.stderr)
        return FAILED
    if options.check or options.prove:
        found, gone = undeclared({**texts, **runtime}, PLACES)
        for place in found:
            print(f"{place}: depends on an extent or on a call, and is not declared")
        for place in gone:
            print(f"{place}: declared, and not there any more")
        if found or gone:
            print("Take it away, or say in codegen/execute/uniformity.py what it is for.")
            return FAILED
        for difference in differences:
            print(f"{difference.path}: {difference.kind}\n{difference.diff()}", end="")
        if differences:
            print(f"Mend with: {_command(options.into)}")
            return FAILED
        if options.prove:
            return _proved(stated, options)
        print(f"{options.into}: in sync, {len(texts)} files")
        return executed(printed(MODULES), stated, options)
    mend(differences)
    done = Counter(difference.kind for difference in differences)
    written, removed = done["missing"] + done["changed"], done["stale"]
    print(f"{options.into}: {written} written, {removed} removed, {len(texts)} in all")
    return ALL_WELL


def _proved(stated: Mapping[str, Equality], options: argparse.Namespace) -> int:
    """What the files compute in exact numbers, and how far floats can be from it."""
    from codegen.rounding import bound_rows  # imports the kernels, which may just have been written

    try:
        rounding = bound_rows.all_bounds()
    except KeyboardInterrupt:
        print("codegen: interrupted", file=sys.stderr)
        return INTERRUPTED
    code = executed(printed(MODULES), stated, options, bound_rows.as_data(rounding))
    if options.format == "text":
        print("\n".join(bound_rows.lines(rounding, with_gradients(MODULES))))
    return code or int(not all(row.holds for row in rounding))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m codegen",
        description="Lower the proved losses and gradients to NumPy kernels, and write them. With "
        "FILE LINE -o OUT: a module from one proved line of any derivation, for NumPy or another "
        "back end (python -m codegen "
        "FILE --help).",
        epilog="Exit code: 0 done, or in sync and as proved; 1 refused, out of sync or not as "
        "proved; 2 wrong usage; 3 the judge contradicts itself.",
    )
    doing = parser.add_mutually_exclusive_group()
    doing.add_argument(
        "--check",
        action="store_true",
        help="write nothing: compare every file, show a diff; then run the files on symbols at "
        "sizes up to 2, and compare with the claims",
    )
    doing.add_argument(
        "--prove",
        action="store_true",
        help="the same at sizes up to 3 with all patterns of equal words where there are few "
        "enough, and bounds on rounding; takes half an hour on 2 cores",
    )
    parser.add_argument(
        "--format",
        choices=("text", "json"),
        default="text",
        help="how --prove tells what was decided (default: text)",
    )
    parser.add_argument(
        "--into",
        type=Path,
        default=GENERATED,
        metavar="FOLDER",
        help="the package's folder (default: generated/ beside codegen/)",
    )
    return parser


def _command(into: Path) -> str:
    return "python -m codegen" if into == GENERATED else f"python -m codegen --into {into}"


def of_line(arguments: Sequence[str]) -> int:
    """``python -m codegen FILE LINE -o OUT``: a module from one proved line. The exit code."""
    options = _line_parser().parse_args(arguments)
    try:
        called = dict(map(_pair, options.name))
        module, told = kernel_of(Path(options.file), options.line, called, options.backend)
    except Disagreement as disagreement:
        print(f"codegen: the judge contradicts itself: {disagreement}", file=sys.stderr)
        return PROGRAM_ERROR
    except Refusal as refusal:
        print(f"codegen: {options.file}, {options.line}: {refusal}", file=sys.stderr)
        return FAILED
    if options.output is None:
        print(module.text, end="")
        return ALL_WELL
    try:
        write(options.output, module.text)
    except OSError as error:
        print(f"codegen: {error}", file=sys.stderr)
        return WRONG_USAGE
    print(f"{options.output}: {module.kernel.title}\n{told}")
    return ALL_WELL


def _pair(text: str) -> tuple[str, str]:
    printed, _, name = text.partition("=")
    return printed, name


def _line_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m codegen",
        description="A module for the loss and the gradient of one proved line of a file.",
        epilog="Exit code: 0 done; 1 refused, and why; 2 wrong usage; 3 the judge contradicts "
        "itself.",
    )
    parser.add_argument("file", help="a derivation: .md, .tex or .ipynb")
    parser.add_argument("line", help="the id of a line, such as a.1")
    parser.add_argument(
        "-o", "--output", type=Path, metavar="OUT", help="the module (default: print it)"
    )
    parser.add_argument(
        "--backend",
        choices=[*back_ends()],
        default=NUMPY,
        help="what the module is written for (default: %(default)s); one for another imports "
        "its runtime, generated.NAME, and needs the extra of that name",
    )
    parser.add_argument(
        "--name",
        action="append",
        default=[],
        metavar="LETTER=NAME",
        help="call what the report prints as LETTER by this name in the module",
    )
    return parser
