"""python -m benchmarks.training: proved-word2vec beside gensim, as many workers each."""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path

from benchmarks.clock import PINNED
from benchmarks.tables import console, mark, positive


def main(arguments: list[str]) -> None:
    """One table for each corpus."""
    options = _parser().parse_args(arguments)
    if any(os.environ.get(name) != value for name, value in PINNED.items()):
        command = [sys.executable, "-m", "benchmarks.training", *arguments]
        os.execve(sys.executable, command, {**os.environ, **PINNED})
    # these import NumPy, which reads how many threads it may use
    from benchmarks.training.report import as_data, compared, rounds, save_plot, targets
    from benchmarks.training.trainers import GCIDE, split, text_of
    from proved_kernels.training.trainer import Settings

    settings = Settings(epochs=options.epochs)
    out, errors = console(), console(error=True)
    found = {}
    for name in options.corpus:
        parts = split(text_of(name, options.gcide or GCIDE), settings.min_count)
        corpus = parts.corpus
        with errors.status(name) as status:
            seeds = range(options.first_seed, options.first_seed + options.seeds)
            found[name] = rounds(
                parts, settings, seeds, status.update, options.backend, options.workers
            )
        if options.format == "table":
            title = f"{name}: {corpus.read:,} words, vocabulary {len(corpus.words):,}"
            out.print(compared(title, found[name]))
            for target in targets(found[name], name, options.backend, options.workers):
                out.print(f"  {mark(target.kept)}: {target.says}: {target.found}")
    if options.format == "json":
        data = {
            name: as_data(each, name, options.backend, options.workers)
            for name, each in found.items()
        }
        print(json.dumps({"settings": vars(settings), "corpora": data}, indent=1))
    else:
        out.print(
            f"median (spread) of {options.seeds} seeds, {options.epochs} epochs, in turn; "
            f"{options.backend}, workers: {options.workers} each; BLAS on one thread; processor "
            "time; all words of the text count, those that "
            "are thinned out too"
        )
    if options.plot:
        save_plot(options.plot, found)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.training", description=__doc__)
    parser.add_argument(
        "--corpus",
        nargs="+",
        default=["lee", "gcide"],
        metavar="NAME",
        help="lee (in gensim), gcide (a Debian package), or text files, one sentence a line",
    )
    parser.add_argument("--gcide", type=Path, help="where gcide.dict.dz is, if not installed")
    parser.add_argument("--epochs", type=positive, default=5)
    parser.add_argument("--seeds", type=positive, default=3, help="rounds, one seed each (3)")
    parser.add_argument("--first-seed", type=positive, default=1, help="of the rounds (1)")
    parser.add_argument("--backend", choices=("numpy", "compiled"), default="numpy")
    parser.add_argument("--workers", type=positive, default=1, help="of both (1)")
    parser.add_argument("--format", choices=("table", "json"), default="table")
    parser.add_argument("--plot", type=Path, metavar="PNG", help="also draw loss against time")
    return parser


if __name__ == "__main__":
    main(sys.argv[1:])
