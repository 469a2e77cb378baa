"""The command ``derivations kernel mine.py:gradient negative_sampling``: a function is checked."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter
from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

from derivations.report.stdio import ALL_WELL, FAILED, SCRIPT, WRONG_USAGE, forgiving_streams, write

EPILOG = """\
  derivations kernel mine.py:gradient negative_sampling --returns grad_U
  derivations kernel mine.py:step negative_sampling --rate lr
  derivations kernel mine.py:gradient a.1 --derivation notes.md --argument lam='\\lambda'
  derivations kernel package.module:f hierarchical_softmax --domain signs='{-1, 1}'
exit code 0 if nothing is wrong, 1 if something is, 2 for what cannot be checked as asked
"""


def parser() -> ArgumentParser:
    """What it accepts."""
    made = ArgumentParser(
        prog=f"{SCRIPT} kernel",
        description="Check a function of your own against a proved loss or gradient.",
        epilog=EPILOG,
        formatter_class=RawDescriptionHelpFormatter,
    )
    made.add_argument("function", metavar="FILE.py:NAME", help="or package.module:NAME")
    made.add_argument("claim", nargs="+", help="a subject by name, or claims in order")
    made.add_argument(
        "--derivation", metavar="FILE", help="a derivation file: claims are its lines"
    )
    made.add_argument("--returns", metavar="NAMES", help="which results, between commas")
    made.add_argument("--argument", action="append", default=[], metavar="NAME=SYMBOL",
                      help="which symbol an argument stands for; again for each")  # fmt: skip
    made.add_argument("--domain", action="append", default=[], metavar="NAME=DOMAIN",
                      help="'> 0', '(0, 1)', '{-1, 1}' or 'whole'")  # fmt: skip
    made.add_argument("--size", action="append", default=[], metavar="NAME=NUMBER",
                      help="one more size")  # fmt: skip
    made.add_argument("--dtype", action="append", default=[], help="float64, float32; both if none")
    made.add_argument("--scale", help='a factor that is a convention: "1/2", "1/B", "mean"')
    made.add_argument("--rate", metavar="NAME", help="the rate of a step in place")
    made.add_argument("--along", action="append", default=[], metavar="NAME=SYMBOL",
                      help="an argument that is a direction; again for each")  # fmt: skip
    made.add_argument("--columns", action="store_true", help="vectors are (d, 1)")
    made.add_argument("--not-saturated", action="store_true", help="no large scores")
    made.add_argument("--not-empty", action="store_true", help="no empty lists")
    made.add_argument("--seed", type=int, default=0, help="which numbers (0)")
    return made


def main(arguments: Sequence[str] | None = None) -> int:
    """Check, print the report, and return the exit code."""
    forgiving_streams()
    options = parser().parse_args(arguments)
    from derivations.implementation.kernel_check import check_kernel
    from derivations.implementation.question import BadArguments

    try:
        function = _loaded(options.function)
        report = check_kernel(
            function,
            options.claim[0] if len(options.claim) == 1 else options.claim,
            _pairs(options.argument, "--argument") or None,
            options.returns.split(",") if options.returns and "," in options.returns
            else options.returns,
            **_options(options),
        )  # fmt: skip
    except BadArguments as error:
        print(f"{SCRIPT} kernel: {error}", file=sys.stderr)
        return WRONG_USAGE
    write(f"{report}\n")
    return ALL_WELL if report.ok else FAILED


def _options(options: Namespace) -> dict[str, Any]:
    sizes: dict[str, tuple[int, ...]] = {}
    for name, number in _pairs(options.size, "--size", repeated=True):
        if not number.isdecimal():
            raise _bad(f"--size: {number!r} is no number")
        sizes[name] = (*sizes.get(name, ()), int(number))
    found: dict[str, Any] = {
        "derivation": options.derivation,
        "domains": dict(_pairs(options.domain, "--domain")),
        "sizes": sizes,
        "scale": options.scale,
        "rate": options.rate,
        "along": dict(_pairs(options.along, "--along")),
        "columns": options.columns,
        "saturated": not options.not_saturated,
        "empty": not options.not_empty,
        "seed": options.seed,
    }
    return found | ({"dtypes": options.dtype} if options.dtype else {})


def _pairs(texts: Sequence[str], option: str, *, repeated: bool = False) -> Any:
    pairs = [(name, value) for name, sign, value in (text.partition("=") for text in texts) if sign]
    if len(pairs) < len(texts):
        raise _bad(f"{option} takes NAME=VALUE")
    return pairs if repeated else dict(pairs)


def _loaded(text: str) -> Callable[..., Any]:
    """The function; its file is run, as by an import."""
    home, _, name = text.rpartition(":")
    if not home:
        raise _bad(f"{text!r} is not FILE.py:NAME or package.module:NAME")
    try:
        module = _of_file(Path(home)) if home.endswith(".py") else import_module(home)
    except Exception as error:  # whatever the user's own code raises
        raise _bad(f"{home}: {type(error).__name__}: {error}") from None
    found: Any = module
    for part in name.split("."):
        if not hasattr(found, part):
            known = [each for each, value in vars(module).items() if callable(value)]
            raise _bad(f"{home} has no {name!r}; there are {', '.join(known) or 'no functions'}")
        found = getattr(found, part)
    made: Callable[..., Any] = found
    return made


def _of_file(path: Path) -> Any:
    if not path.is_file():
        raise FileNotFoundError("no such file")
    spec = spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None:
        raise ImportError("no Python file")
    module = module_from_spec(spec)
    sys.modules.setdefault(path.stem, module)
    sys.path.insert(0, str(path.parent))
    spec.loader.exec_module(module)
    return module


def _bad(text: str) -> Exception:
    from derivations.implementation.question import BadArguments

    return BadArguments(text)


if __name__ == "__main__":
    sys.exit(main())
