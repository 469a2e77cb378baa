"""Training by our kernels beside gensim's Word2Vec: ``python -m benchmarks.training``.

Both train on the same texts, two real ones by name or a file, each in two: trained on, and held
out; in turn, a round for each seed, with as many workers each, by one stopwatch. Measured are the
held-out loss, the seconds to it, and similarity as people see it.
"""

from __future__ import annotations

import argparse
import gzip
import json
import logging
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from math import inf, isfinite
from pathlib import Path
from statistics import mean, median, stdev
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.table import Table

from benchmarks.clock import PINNED, Stopwatch, restart
from benchmarks.tables import Peer, console, figure_type, installed, mark, positive, spread, table
from generated import negative_sampling
from proved_kernels.training.command_line import method_of
from proved_kernels.training.corpus import (
    Corpus,
    Refused,
    Text,
    corpus_of,
    keep_probabilities,
    noise_of,
    numbered,
    read,
)
from proved_kernels.training.trainer import Settings, new_model, stretch_bounds, train

GCIDE = Path("/usr/share/dictd/gcide.dict.dz")
_WORD = re.compile(r"[a-z]+")
_PARAGRAPH = re.compile(r"\n\s*\n")


def text_of(name: str, gcide: Path) -> Text:
    """``lee``, ``gcide`` or the path of a text; exits with what to install where it is missing."""
    if name == "gcide":
        return _dictionary(gcide)
    try:
        return read([str(test_data("lee_background.cor")) if name == "lee" else name])
    except Refused as error:
        sys.exit(str(error))


def test_data(name: str) -> Path:
    """A file that gensim ships for its tests."""
    spec = find_spec("gensim")
    if spec is None or spec.origin is None:
        sys.exit("this text comes with gensim: pip install gensim")
    path = Path(spec.origin).parent / "test" / "test_data" / name
    if not path.exists():
        sys.exit(f"this gensim came without its test data: {path} is missing")
    return path


def _dictionary(path: Path) -> Text:
    """A paragraph a sentence, words of letters, in lower case; dictzip is a kind of gzip."""
    try:
        with gzip.open(path) as file:
            content = file.read().decode("utf-8", "replace").lower()
    except FileNotFoundError:
        sys.exit(
            f"{path} is missing: install the Debian package dict-gcide, or unpack it anywhere with "
            "`apt-get download dict-gcide && dpkg -x dict-gcide_*.deb gcide` and say "
            "--gcide gcide/usr/share/dictd/gcide.dict.dz; or name a text of your own with --corpus"
        )
    except (OSError, EOFError) as error:
        sys.exit(f"{path}: {error}")
    return numbered(_WORD.findall(paragraph) for paragraph in _PARAGRAPH.split(content))


HELD_OUT = 0.05  # of the sentences


@dataclass(frozen=True)
class Split:
    """The corpus to train on, and held-out sentences in the numbers of its vocabulary."""

    corpus: Corpus
    held_ids: NDArray[np.intp]
    held_bounds: NDArray[np.int64]
    sentences: list[list[str]]  # the corpus once more, rare words included, for gensim


def split(text: Text, min_count: int) -> Split:
    """Leave out the last sentences; words that are not in the vocabulary are left out of both."""
    sentences = len(text.bounds) - 1
    cut = sentences - max(round(HELD_OUT * sentences), 1)
    end = text.bounds[cut]
    corpus = corpus_of(Text(text.words, text.ids[:end], text.bounds[: cut + 1]), min_count)
    number = {word: n for n, word in enumerate(corpus.words)}
    known = np.array([number.get(word, -1) for word in text.words], np.intp)[text.ids[end:]]
    before = np.concatenate(([0], np.cumsum(known >= 0)))
    words = np.array(text.words, object)
    return Split(
        corpus,
        known[known >= 0],
        before[text.bounds[cut:] - end],
        [part.tolist() for part in np.split(words[text.ids[:end]], text.bounds[1:cut])],
    )


MOST = 30_000  # pairs
_AT_ONCE = 2_000


@dataclass(frozen=True)
class HeldOut:
    """Pairs of a center and an outside word, and samples for each."""

    centers: NDArray[np.intp]
    outsides: NDArray[np.intp]
    negatives: NDArray[np.intp]

    def loss(self, V: NDArray[np.float32], U: NDArray[np.float32]) -> float:
        """The negative sampling loss of a pair, on average."""
        total = 0.0
        for k in range(0, len(self.centers), _AT_ONCE):
            part = slice(k, k + _AT_ONCE)
            losses, _, _ = negative_sampling.batch_value_and_grad(
                V, U, self.centers[part], self.outsides[part], self.negatives[part]
            )
            total += float(losses.sum(dtype=np.float64))
        return total / len(self.centers)


def held_out(split: Split, settings: Settings) -> HeldOut:
    """Pairs as training meets them: words thinned out, windows of random width, samples drawn.

    Where there are more than MOST, some are drawn from them.
    """
    rng = np.random.default_rng(0)
    keep = keep_probabilities(split.corpus, settings.sample)[split.held_ids]
    stays = rng.random(len(keep)) < keep
    sentence = np.repeat(np.arange(len(split.held_bounds) - 1), np.diff(split.held_bounds))[stays]
    ids = split.held_ids[stays]
    width = rng.integers(1, settings.window, len(ids), endpoint=True)
    centers, outsides = [], []
    for apart in range(1, settings.window + 1):
        together = sentence[apart:] == sentence[:-apart]
        left, right = ids[:-apart], ids[apart:]
        for center, outside, reach in (
            (left, right, width[:-apart]),
            (right, left, width[apart:]),
        ):
            within = together & (reach >= apart)
            centers.append(center[within])
            outsides.append(outside[within])
    some = rng.permutation(sum(map(len, centers)))[:MOST]
    noise = noise_of(split.corpus.counts, settings.ns_exponent)
    negatives = noise.draw((len(some), settings.negative), rng)
    return HeldOut(np.concatenate(centers)[some], np.concatenate(outsides)[some], negatives)


SETS = {"wordsim353": "wordsim353.tsv", "simlex999": "simlex999.txt"}


@dataclass(frozen=True)
class Rank:
    """Spearman's correlation, and the share of pairs whose words are known."""

    spearman: float
    known: float


def similarity(words: list[str], V: NDArray[np.float32]) -> dict[str, Rank]:
    """For each set that gensim ships."""
    from gensim.models import KeyedVectors

    logging.getLogger("gensim").setLevel(logging.ERROR)
    keyed = KeyedVectors(V.shape[1])
    keyed.add_vectors(words, V)
    found = {}
    for name, file in SETS.items():
        try:
            _, spearman, unknown = keyed.evaluate_word_pairs(test_data(file))
        except ValueError:  # no pair is known
            found[name] = Rank(float("nan"), 0.0)
        else:
            found[name] = Rank(float(spearman[0]), 1 - unknown / 100)
    return found


@dataclass(frozen=True)
class Trained:
    """Seconds of training alone, vectors in the order of the vocabulary, and the way there.

    ``curve`` has held-out losses and the seconds until each; taking them is not counted.
    """

    who: str
    seed: int
    seconds: float
    V: NDArray[np.float32]
    U: NDArray[np.float32]
    curve: list[tuple[float, float]]

    @property
    def loss(self) -> float:
        """The held-out loss at the end."""
        return self.curve[-1][1]

    def seconds_to(self, loss: float) -> float:
        """Until the held-out loss was at most this; infinite if it never was."""
        return next((seconds for seconds, reached in self.curve if reached <= loss), float("inf"))


GENSIM = "gensim"
Trainer = Callable[[Split, Settings, HeldOut], Trained]


def trained_by_gensim(split: Split, settings: Settings, held: HeldOut, workers: int = 1) -> Trained:
    """Train from the start; the vocabulary is built before the clock starts, as it is for ours."""
    from gensim.models import Word2Vec
    from gensim.models.callbacks import CallbackAny2Vec

    watch, points = Stopwatch(), []

    class Curve(CallbackAny2Vec):
        """The held-out loss after each epoch; the clock stands still meanwhile."""

        def on_train_begin(self, model: Any) -> None:
            watch.start()

        def on_epoch_end(self, model: Any) -> None:
            watch.stop()
            points.append((watch.seconds, held.loss(*_in_order(model, split))))
            watch.start()

    model = Word2Vec(
        sg=1,
        hs=0,
        workers=workers,
        vector_size=settings.vector_size,
        window=settings.window,
        min_count=settings.min_count,
        sample=settings.sample,
        negative=settings.negative,
        ns_exponent=settings.ns_exponent,
        alpha=settings.alpha,
        min_alpha=settings.min_alpha,
        seed=settings.seed,
    )
    model.build_vocab(split.sentences)
    model.train(
        split.sentences,
        total_examples=model.corpus_count,
        epochs=settings.epochs,
        callbacks=[Curve()],
    )
    V, U = _in_order(model, split)
    return Trained(GENSIM, settings.seed, points[-1][0], V, U, points)


def _in_order(model: Any, split: Split) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    order = [model.wv.key_to_index[word] for word in split.corpus.words]
    return model.wv.vectors[order], model.syn1neg[order]


OURS = "ours"
_POINTS = 25  # of the curve, with one worker


def trained_by_us(
    split: Split, settings: Settings, held: HeldOut, backend: str = "numpy", workers: int = 1
) -> Trained:
    """Train from the start; with several workers the held-out loss is taken at the end alone."""
    method = method_of(backend, split.corpus, settings)
    model = method.laid_out(new_model(len(split.corpus.words), settings))
    steps = train(model, split.corpus, settings, method, workers)
    total = settings.epochs * (len(stretch_bounds(split.corpus)) - 1)
    points = _POINTS if workers == 1 else 1
    asked = {round(total * (k + 1) / points) for k in range(points)}
    watch, curve = Stopwatch(), []
    for number in range(1, total + 1):
        watch.start()
        next(steps)
        watch.stop()
        if number in asked:
            curve.append((watch.seconds, held.loss(model.V, model.U)))
    return Trained(OURS, settings.seed, watch.seconds, model.V, model.U, curve)


def warmed(split: Split, settings: Settings, held: HeldOut, backend: str) -> None:
    """Have everything compiled: one epoch, not counted."""
    if backend == "compiled":
        trained_by_us(split, replace(settings, epochs=1), held, backend)


@dataclass(frozen=True)
class Result:
    """One training of one round.

    ``reached`` are seconds to the held-out loss that gensim ends with, and the epochs it took.
    """

    trained: Trained
    words_per_second: float
    ranks: dict[str, Rank]
    reached: tuple[float, int]


def peers(backend: str, workers: int) -> dict[str, Trainer]:
    """gensim and ours; exits with what to install where gensim is missing."""

    def gensim() -> Trainer:
        import_module("gensim")
        return partial(trained_by_gensim, workers=workers)

    ours = partial(trained_by_us, backend=backend, workers=workers)
    everyone: list[Peer[Trainer]] = [Peer(GENSIM, gensim, ("gensim",)), Peer(OURS, lambda: ours)]
    called, missing = installed(everyone)
    if missing:
        sys.exit(missing[0])
    return called


def rounds(
    split: Split,
    settings: Settings,
    seeds: Sequence[int],
    tell: Callable[[str], None],
    backend: str = "numpy",
    workers: int = 1,
) -> list[tuple[Result, Result]]:
    """For each seed gensim's result and ours; who begins changes from round to round."""
    held = held_out(split, settings)
    warmed(split, settings, held, backend)
    trainers = peers(backend, workers)
    found = []
    for seed in seeds:
        asked = replace(settings, seed=seed)
        both = {}
        for name in trainers if seed % 2 else reversed(trainers):
            tell(f"seed {seed}: {name}")
            both[name] = trainers[name](split, asked, held)
        theirs, ours = both[GENSIM], both[OURS]
        tell(f"seed {seed}: to the same loss")
        reached = _reached(ours, theirs.loss, split, asked, held, trainers[OURS])
        found.append(
            (
                _result(theirs, split, asked, (theirs.seconds, asked.epochs)),
                _result(ours, split, asked, reached),
            )
        )
    return found


def _reached(
    ours: Trained,
    loss: float,
    split: Split,
    settings: Settings,
    held: HeldOut,
    again: Trainer,
) -> tuple[float, int]:
    """Where as many epochs do not get there, more of them are tried, up to twice as many."""
    epochs = settings.epochs
    while (seconds := ours.seconds_to(loss)) == inf and epochs < 2 * settings.epochs:
        epochs += 1
        ours = again(split, replace(settings, epochs=epochs), held)
    return seconds, epochs


def _result(
    trained: Trained, split: Split, settings: Settings, reached: tuple[float, int]
) -> Result:
    speed = split.corpus.read * settings.epochs / trained.seconds
    return Result(trained, speed, similarity(split.corpus.words, trained.V), reached)


Rounds = Sequence[tuple[Result, Result]]


@dataclass(frozen=True)
class Target:
    """What was promised, what was found, and whether that keeps it."""

    says: str
    found: str
    kept: bool


def speedups(rounds: Rounds) -> list[float]:
    """Our words a second by gensim's, round by round."""
    return [ours.words_per_second / theirs.words_per_second for theirs, ours in rounds]


def excesses(rounds: Rounds) -> list[float]:
    """Our held-out loss by gensim's, less one, round by round."""
    return [ours.trained.loss / theirs.trained.loss - 1 for theirs, ours in rounds]


def sooner(rounds: Rounds) -> list[float]:
    """gensim's seconds by ours, until the loss that gensim ends with; 0 where never reached."""
    return [theirs.reached[0] / ours.reached[0] for theirs, ours in rounds]


def ranks(rounds: Rounds, name: str) -> tuple[list[float], list[float]]:
    """gensim's correlations and ours."""
    theirs, ours = zip(*rounds, strict=True)
    return [each.ranks[name].spearman for each in theirs], [
        each.ranks[name].spearman for each in ours
    ]


def targets(rounds: Rounds, corpus: str, backend: str, workers: int) -> list[Target]:
    """Judged on the medians; similarity by the spread between seeds."""
    speed, excess = median(speedups(rounds)), median(excesses(rounds))
    least = 4 if backend == "numpy" else 12 if corpus == "lee" else 15
    judged = [
        Target(
            f"at least {least} times gensim's words/s",
            f"{speed:.2f} times, at worst {min(speedups(rounds)):.2f}",
            speed >= least,
        ),
        Target("held-out loss at most 1 % above gensim's", f"{excess:+.2%}", excess <= 0.01),
    ]
    if backend == "compiled" and workers == 1:
        earlier = median(sooner(rounds))
        told = "gensim's own loss at least 12 times sooner"
        judged.append(Target(told, f"{earlier:.2f} times", earlier >= 12))
    for name in rounds[0][0].ranks:
        theirs, ours = ranks(rounds, name)
        if len(rounds) > 1:
            noise = 2 * (stdev(theirs) ** 2 + stdev(ours) ** 2) ** 0.5
            less = mean(theirs) - mean(ours)
            found = f"{-less:+.3f}, noise {noise:.3f}"
            judged.append(Target(f"{name} within noise of gensim's", found, less <= noise))
    return judged


def compared(title: str, rounds: Rounds) -> Table:
    """A row for each trainer, and one for how they compare, round by round."""
    names = list(rounds[0][0].ranks)
    made = table("", "words/s", "held-out loss", "s to gensim's loss", *names, title=title)
    for place in (0, 1):
        results = [pair[place] for pair in rounds]
        made.add_row(
            results[0].trained.who,
            spread([each.words_per_second for each in results], ",.0f"),
            spread([each.trained.loss for each in results], ".4f"),
            _seconds_reached(results),
            *(spread(ranks(rounds, name)[place], ".3f") for name in names),
        )
    made.add_row(
        "ratio",
        spread(speedups(rounds), ".2f"),
        spread(excesses(rounds), "+.2%"),
        spread(sooner(rounds), ".2f"),
        *[""] * len(names),
    )
    return made


def _seconds_reached(results: Sequence[Result]) -> str:
    epochs = sorted({each.reached[1] for each in results})
    seconds = spread([each.reached[0] for each in results], ".2f")
    return f"{seconds}\nin {' or '.join(map(str, epochs))} epochs"


def as_data(rounds: Rounds, corpus: str, backend: str, workers: int) -> dict[str, Any]:
    """The same for programs; a loss never reached is null, so is a correlation of no pairs."""
    return {
        "rounds": [[_result_as_data(result) for result in pair] for pair in rounds],
        "targets": [vars(target) for target in targets(rounds, corpus, backend, workers)],
    }


def _result_as_data(result: Result) -> dict[str, Any]:
    seconds, epochs = result.reached
    return {
        "trainer": result.trained.who,
        "seed": result.trained.seed,
        "words_per_second": result.words_per_second,
        "seconds": result.trained.seconds,
        "held_out_loss": result.trained.loss,
        "to_gensims_loss": {"seconds": seconds, "epochs": epochs} if isfinite(seconds) else None,
        "similarity": {
            name: vars(rank) if rank.known else None for name, rank in result.ranks.items()
        },
        "curve": result.trained.curve,
    }


def save_plot(path: Path, corpora: Mapping[str, Rounds]) -> None:
    """One line for each seed. Exits with what to install where matplotlib is missing."""
    figure = figure_type()(figsize=(6.5 * len(corpora), 4.5), layout="constrained")
    panels = figure.subplots(1, len(corpora), squeeze=False)[0]
    for axes, (name, rounds) in zip(panels, corpora.items(), strict=True):
        for number, pair in enumerate(rounds):
            for result, style in zip(pair, ("C1o-", "C0.-"), strict=True):
                seconds, losses = zip(*result.trained.curve, strict=True)
                label = None if number else result.trained.who
                axes.semilogx(seconds, losses, style, alpha=0.8, label=label)
        axes.set_title(name)
        axes.set_xlabel("seconds of training")
        axes.set_ylabel("held-out loss of a pair")
        axes.grid(visible=True, alpha=0.3)
        axes.legend()
    figure.savefig(path, dpi=150)


def main(arguments: list[str]) -> None:
    """One table for each corpus."""
    options = _parser().parse_args(arguments)
    restart("benchmarks.training", arguments, PINNED)
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
