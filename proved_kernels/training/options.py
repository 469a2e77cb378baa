"""The command line: settings by gensim's and word2vec's names, and where files go."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import fields
from math import isfinite
from pathlib import Path

from .backends import BACKENDS
from .outlets import checked
from .refused import Refused
from .settings import Settings
from .sources import STANDARD_INPUT
from .vectors import FORMS

_HELP = {
    "cbow": "have the mean of a window predict the word between, in place of skip-gram",
    "hs": "hierarchical softmax, in place of negative sampling",
    "vector_size": "entries of a vector",
    "window": "how many words on each side may be in a window, at most",
    "min_count": "leave out words that occur less often",
    "sample": "thin out words that are a larger share of the text than this; 0 keeps all",
    "negative": "negative samples for each pair",
    "ns_exponent": "samples are drawn by counts to this power",
    "alpha": "learning rate at the start",
    "min_alpha": "learning rate at the end",
    "epochs": "how often the text is read",
    "seed": "the same seed gives the same vectors, with one worker",
}
_LEAST = {"sample": 0.0, "ns_exponent": -10.0, "min_alpha": 0.0, "seed": 0}
_MOST = {
    "vector_size": 100_000,
    "window": 1_000,
    "negative": 1_000,
    "sample": 1.0,
    "ns_exponent": 10.0,
    "alpha": 1.0,
    "min_alpha": 1.0,
}


def parsed(arguments: Sequence[str] | None) -> argparse.Namespace:
    """The options; exits with 2 and what is wrong, before any work."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.min_alpha > options.alpha:
        parser.error("--min-alpha should not be above --alpha")
    if options.text.count(STANDARD_INPUT) > 1:
        parser.error("standard input, -, can be read only once")
    for name in ("output", "checkpoint"):
        path = getattr(options, name)
        try:
            if path:
                checked(f"--{name}", path, options.text)
        except Refused as error:
            parser.error(str(error))
    return options


def _parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(
        prog="proved-word2vec",
        description="Train word vectors: skip-gram or CBOW, with negative sampling or "
        "hierarchical softmax.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    made.add_argument(
        "text",
        nargs="*",
        default=[],
        help="text files, one sentence a line, words apart by spaces; .gz as well; - is standard "
        "input; without any, the docstrings of Python's standard library",
    )
    made.add_argument(
        "--encoding", help="of the text; UTF-8, or what its byte order mark says, if not given"
    )
    made.add_argument(
        "--output", type=Path, metavar="FILE", help="write the vectors here; .gz is compressed"
    )
    made.add_argument(
        "--format", choices=sorted(FORMS), default="text", help="of word2vec, for the vectors"
    )
    made.add_argument(
        "--checkpoint", type=Path, help="keep what is reached here, and go on from it"
    )
    made.add_argument(
        "--checkpoint-every", type=_number("seconds", 0.0, 1e9, float), default=30.0, metavar="S",
        help="seconds between two checkpoints",
    )  # fmt: skip
    made.add_argument(
        "--backend", choices=BACKENDS, default="numpy",
        help="compiled needs Numba, pip install 'proved-kernels[compiled]'; auto takes it where "
        "it is installed",
    )  # fmt: skip
    made.add_argument(
        "--workers", type=_number("workers", 1, 1024, int), default=1, metavar="N",
        help="threads, of the compiled back end; the vectors are then others on every run",
    )  # fmt: skip
    made.add_argument(
        "--similar", action="append", metavar="WORD", help="show the words next to it"
    )
    made.add_argument("--topn", type=_number("words", 1, 10**6, int), default=5, help="how many")
    for field in fields(Settings):
        if isinstance(field.default, bool):
            made.add_argument(f"--{field.name}", action="store_true", help=_HELP[field.name])
            continue
        kind: type[float] = type(getattr(Settings, field.name))
        least, most = _LEAST.get(field.name, 1e-9 if kind is float else 1), _MOST.get(field.name)
        made.add_argument(
            f"--{field.name.replace('_', '-')}",
            type=_number(field.name, least, 2**31 if most is None else most, kind),
            default=field.default,
            metavar="X" if kind is float else "N",
            help=_HELP[field.name],
        )
    return made


def settings_of(options: argparse.Namespace) -> Settings:
    """The settings among the options."""
    return Settings(**{field.name: getattr(options, field.name) for field in fields(Settings)})


def _number(
    name: str, least: float, most: float, kind: Callable[[str], float]
) -> Callable[[str], float]:
    def number(text: str) -> float:
        try:
            value = kind(text)
        except ValueError:
            value = float("nan")
        if not (isfinite(value) and least <= value <= most):
            sort = "an integer" if kind is int else "a number"
            raise argparse.ArgumentTypeError(
                f"{text!r} should be {sort} from {least:g} to {most:g}"
            )
        return value

    return number
