"""The command line: text to vocabulary to vectors, by settings of gensim's and word2vec's names."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import fields
from importlib.util import find_spec
from math import isfinite, isnan
from pathlib import Path

from rich.console import Console

from proved_kernels.training.corpus import (
    DEFAULT,
    STANDARD_INPUT,
    Corpus,
    Refused,
    corpus_of,
    default_sentences,
    numbered,
    read,
)
from proved_kernels.training.saving import FORMS, Outcome, checked, nearest, run, write
from proved_kernels.training.trainer import Method, NegativeSampling, Settings

BACKENDS = ("numpy", "compiled", "auto")


def chosen(backend: str, workers: int) -> str:
    """``numpy`` or ``compiled``; raises Refused for what is not installed or cannot be done."""
    installed = find_spec("numba") is not None
    if backend == "compiled" and not installed:
        raise Refused("--backend compiled needs Numba: pip install 'proved-kernels[compiled]'")
    if backend == "auto":
        backend = "compiled" if installed else "numpy"
    if workers > 1 and backend == "numpy":
        raise Refused(f"--workers {workers}: several threads need --backend compiled")
    return backend


def method_of(backend: str, corpus: Corpus, settings: Settings) -> Method:
    """The method for a back end that was chosen.

    On NumPy skip-gram with negative sampling is trained in batches; the rest center by center, by
    the text that is compiled elsewhere, which takes some hundred times as long.
    """
    if backend == "numpy" and not settings.cbow and not settings.hs:
        return NegativeSampling(corpus, settings)
    from proved_kernels.training.trainer import Walk

    return Walk(corpus, settings, compiled=backend == "compiled")


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
        "--checkpoint-every", type=_within(0.0, 1e9, float), default=30.0, metavar="S",
        help="seconds between two checkpoints",
    )  # fmt: skip
    made.add_argument(
        "--backend", choices=BACKENDS, default="numpy",
        help="compiled needs Numba, pip install 'proved-kernels[compiled]'; auto takes it where "
        "it is installed",
    )  # fmt: skip
    made.add_argument(
        "--workers", type=_within(1, 1024, int), default=1, metavar="N",
        help="threads, of the compiled back end; the vectors are then others on every run",
    )  # fmt: skip
    made.add_argument(
        "--similar", action="append", metavar="WORD", help="show the words next to it"
    )
    made.add_argument("--topn", type=_within(1, 10**6, int), default=5, help="how many")
    for field in fields(Settings):
        if isinstance(field.default, bool):
            made.add_argument(f"--{field.name}", action="store_true", help=_HELP[field.name])
            continue
        kind: type[float] = type(getattr(Settings, field.name))
        least, most = _LEAST.get(field.name, 1e-9 if kind is float else 1), _MOST.get(field.name)
        made.add_argument(
            f"--{field.name.replace('_', '-')}",
            type=_within(least, 2**31 if most is None else most, kind),
            default=field.default,
            metavar="X" if kind is float else "N",
            help=_HELP[field.name],
        )
    return made


def settings_of(options: argparse.Namespace) -> Settings:
    """The settings among the options."""
    return Settings(**{field.name: getattr(options, field.name) for field in fields(Settings)})


def _within(least: float, most: float, kind: Callable[[str], float]) -> Callable[[str], float]:
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


SHOWN = range(100, 600, 100)  # ranks of the words whose neighbours are shown unless some are named


def main(arguments: Sequence[str] | None = None) -> int:
    """Run it; 0 when done, 2 for wrong usage or a file that cannot be used."""
    options = parsed(arguments)
    try:
        _run(options)
    except Refused as error:
        return _wrong(str(error))
    except OSError as error:
        return _wrong(f"{error.filename}: {error.strerror}" if error.filename else str(error))
    except KeyboardInterrupt:
        print("stopped; the same command goes on from the checkpoint, if any", file=sys.stderr)
        return 130
    return 0


def _run(options: argparse.Namespace) -> None:
    settings = settings_of(options)
    backend = chosen(options.backend, options.workers)
    corpus = _corpus(options, compiled=backend == "compiled")
    named = [_number(word, corpus) for word in options.similar or ()]
    _say(f"{corpus.read:,} words, {len(corpus.words):,} of them distinct and frequent enough")
    method = method_of(backend, corpus, settings)
    checkpoints = options.checkpoint, options.checkpoint_every
    outcome = run(corpus, settings, method, *checkpoints, options.workers)
    threads = f", {options.workers} workers" if options.workers > 1 else ""
    _say(f"{_told(outcome)} ({backend}{threads})")
    if not outcome.moved:
        print(f"warning: {_unmoved(outcome)}", file=sys.stderr)
    if options.output:
        write(options.output, corpus.words, outcome.model.V, options.format)
    for word in named or [rank for rank in SHOWN if rank < len(corpus.words)]:
        found = nearest(corpus.words, outcome.model.V, word, options.topn)
        _say(f"{corpus.words[word]}: {', '.join(f'{w} {c:.2f}' for w, c in found)}")


def _told(outcome: Outcome) -> str:
    speed = f"trained: {outcome.speed:,.0f} words/s" if outcome.speed else "trained already"
    if isnan(outcome.first):
        return speed
    return f"{speed}, loss of a pair {outcome.last:.4f}, {outcome.first:.4f} at the start"


def _unmoved(outcome: Outcome) -> str:
    if isnan(outcome.first):
        return (
            "no word has a neighbour in its sentence: nothing to train on, the vectors are random"
        )
    return (
        "the loss did not move, the vectors are hardly more than the random ones of the start: "
        "more --epochs, a higher --alpha or more text would help"
    )


def _corpus(options: argparse.Namespace, *, compiled: bool) -> Corpus:
    if options.text:
        text = read(options.text, options.encoding, compiled=compiled)
    else:
        text = numbered(default_sentences())
    name = ", ".join(options.text) or DEFAULT
    if not text.words:
        raise Refused(f"{name}: no words")
    corpus = corpus_of(text, options.min_count)
    if not corpus.words:
        raise Refused(f"{name}: no word occurs {options.min_count} times; lower --min-count")
    return corpus


def _number(word: str, corpus: Corpus) -> int:
    if word not in corpus.words:
        raise Refused(f"--similar {word}: not in the vocabulary")
    return corpus.words.index(word)


def _say(line: str) -> None:
    Console(highlight=False, soft_wrap=True).print(line, markup=False)


def _wrong(message: str) -> int:
    print(f"error: {message}", file=sys.stderr)
    return 2
