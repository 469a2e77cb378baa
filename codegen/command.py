"""python -m codegen: write the generated package, check it, or prove what it computes."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from codegen.arrays.tree import LoweringError
from codegen.backends.others import printed
from codegen.equality import Equality, equalities
from codegen.execute.command import INTERRUPTED, executed
from codegen.execute.places import PLACES
from codegen.execute.uniform import undeclared
from codegen.execute.units import with_gradients
from codegen.fits import Misuse, require_fit
from codegen.package import GENERATED, package, runtime_texts
from codegen.proved import Disagreement, NotProved, require_proved
from codegen.subjects import CLAIMS, MODULES
from codegen.sync import compare, mend


def main(arguments: Sequence[str] | None = None) -> int:
    """Judge the claims, lower the kernels, then write or compare. Returns the exit code."""
    given = sys.argv[1:] if arguments is None else arguments
    if given and not given[0].startswith("-"):
        from codegen.line import command

        return command.main(given)
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
        return 3
    except (Misuse, NotProved, LoweringError) as refusal:
        print(f"codegen: {refusal}", file=sys.stderr)
        return 1
    runtime = runtime_texts()
    differences = compare(options.into, texts, runtime)
    foreign = [difference.path for difference in differences if difference.kind == "foreign"]
    if foreign:
        listed = ", ".join(map(str, foreign))
        print(f"codegen: not generated, so left alone: {listed}. Move it away.", file=sys.stderr)
        return 1
    if options.check or options.prove:
        found, gone = undeclared({**texts, **runtime}, PLACES)
        for place in found:
            print(f"{place}: depends on an extent or on a call, and is not declared")
        for place in gone:
            print(f"{place}: declared, and not there any more")
        if found or gone:
            print("Take it away, or say in codegen/execute/places.py what it is for.")
            return 1
        for difference in differences:
            print(f"{difference.path}: {difference.kind}\n{difference.diff()}", end="")
        if differences:
            print(f"Mend with: {_command(options.into)}")
            return 1
        if options.prove:
            return _proved(stated, options)
        print(f"{options.into}: in sync, {len(texts)} files")
        return executed(printed(MODULES), stated, options)
    mend(differences)
    done = Counter(difference.kind for difference in differences)
    written, removed = done["missing"] + done["changed"], done["stale"]
    print(f"{options.into}: {written} written, {removed} removed, {len(texts)} in all")
    return 0


def _proved(stated: Mapping[str, Equality], options: argparse.Namespace) -> int:
    """What the files compute in exact numbers, and how far floats can be from it."""
    from codegen.rounding import told  # imports the kernels, which may just have been written

    try:
        rounding = told.bounds()
    except KeyboardInterrupt:
        print("codegen: interrupted", file=sys.stderr)
        return INTERRUPTED
    code = executed(printed(MODULES), stated, options, told.as_data(rounding))
    if options.format == "text":
        print("\n".join(told.lines(rounding, with_gradients(MODULES))))
    return code or int(not all(row.holds for row in rounding))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m codegen",
        description="Lower the proved losses and gradients to NumPy kernels, and write them. With "
        "FILE LINE -o OUT: a module from one proved line of any derivation (python -m codegen "
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
