"""The command: text to vocabulary to vectors, and the words next to some."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from rich.console import Console

from . import default_text, vectors
from .corpus import numbered, read
from .neighbours import nearest
from .options import parsed, settings_of
from .refused import Refused
from .session import run
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
    corpus = _corpus(options)
    named = [_number(word, corpus) for word in options.similar or ()]
    _say(f"{corpus.read:,} words, {len(corpus.words):,} of them distinct and frequent enough")
    model, reached, speed = run(corpus, settings, options.checkpoint, options.checkpoint_every)
    if reached:
        _say(f"trained: {speed:,.0f} words/s, at last loss {reached.loss:.4f} a pair")
    if options.output:
        vectors.write(options.output, corpus.words, model.V)
    for word in named or [rank for rank in SHOWN if rank < len(corpus.words)]:
        found = nearest(corpus.words, model.V, word, options.topn)
        _say(f"{corpus.words[word]}: {', '.join(f'{w} {c:.2f}' for w, c in found)}")


def _corpus(options: argparse.Namespace) -> Corpus:
    if options.text:
        text = read(options.text, options.encoding)
    else:
        text = numbered(default_text.sentences())
    name = options.text or default_text.NAME
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
