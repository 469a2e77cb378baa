"""python -m codegen FILE LINE -o OUT: a module from one proved line, or why there is none."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from codegen.emitted import back_ends
from codegen.line.accuracy import proved_text, require_accurate
from codegen.line.made import NUMPY, Made, made, with_note, write
from codegen.line.sought import Refusal, found
from derivations.proof.judge import Disagreement
from derivations.report.stdio import ALL_WELL, FAILED, PROGRAM_ERROR, WRONG_USAGE


def main(arguments: Sequence[str]) -> int:
    """Make the module. Returns the exit code."""
    options = _parser().parse_args(arguments)
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


def kernel_of(
    path: Path, line: str, called: dict[str, str], backend: str = NUMPY
) -> tuple[Made, str]:
    """The module of a line, and what was found out about it; raises Refusal."""
    asked = found(path, line)
    module = made(asked, called, backend)
    executed = proved_text(module)
    worst = require_accurate(module, asked.claim.conditions)
    told = f"The text was {executed}. {module.by.MEASURED}, {worst}."
    return with_note(module, asked, told), told


def _pair(text: str) -> tuple[str, str]:
    printed, _, name = text.partition("=")
    return printed, name


def _parser() -> argparse.ArgumentParser:
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
