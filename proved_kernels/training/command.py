"""The command: text to vocabulary to vectors, and the words next to some."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from math import isnan

from rich.console import Console

from . import vectors
from .backends import chosen, method_of
from .corpus import numbered, read
from .default_text import NAME, sentences
from .neighbours import nearest
from .options import parsed, settings_of
from .refused import Refused
from .session import Outcome, run
from .vocabulary import Corpus, corpus_of

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
        vectors.write(options.output, corpus.words, outcome.model.V, options.format)
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
        text = numbered(sentences())
    name = ", ".join(options.text) or NAME
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
