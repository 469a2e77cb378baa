"""gensim's Word2Vec and this project's trainer on the same texts, by one stopwatch and one measure.

The texts are two real ones by name or a file, each in two: trained on, and held out. What is
measured is the held-out loss, the seconds to it, and similarity as people see it.
"""

from __future__ import annotations

import gzip
import logging
import re
import sys
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.clock import Stopwatch
from generated import negative_sampling
from proved_kernels.training.command_line import method_of
from proved_kernels.training.corpus import Refused, Text, numbered, read
from proved_kernels.training.trainer import Settings, new_model, stretch_bounds, train
from proved_kernels.training.word_counts import Corpus, corpus_of, keep_probabilities, noise_of

GCIDE = Path("/usr/share/dictd/gcide.dict.dz")
_WORD = re.compile(r"[a-z]+")
_NO_GENSIM = "this measures beside gensim: pip install gensim"
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
        sys.exit(_NO_GENSIM)
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


try:
    from gensim.models import Word2Vec
    from gensim.models.callbacks import CallbackAny2Vec
except ModuleNotFoundError:
    CallbackAny2Vec, Word2Vec = object, None

GENSIM = "gensim"


class _Curve(CallbackAny2Vec):  # type: ignore[misc]
    """The held-out loss after each epoch; the clock stands still meanwhile."""

    def __init__(self, split: Split, held: HeldOut) -> None:
        self.split, self.held = split, held
        self.watch = Stopwatch()
        self.points: list[tuple[float, float]] = []

    def on_train_begin(self, model: Any) -> None:
        self.watch.start()

    def on_epoch_end(self, model: Any) -> None:
        self.watch.stop()
        loss = self.held.loss(*_in_order(model, self.split))
        self.points.append((self.watch.seconds, loss))
        self.watch.start()


def trained_by_gensim(split: Split, settings: Settings, held: HeldOut, workers: int = 1) -> Trained:
    """Train from the start; the vocabulary is built before the clock starts, as it is for ours."""
    if Word2Vec is None:
        sys.exit(_NO_GENSIM)
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
    curve = _Curve(split, held)
    model.train(
        split.sentences,
        total_examples=model.corpus_count,
        epochs=settings.epochs,
        callbacks=[curve],
    )
    V, U = _in_order(model, split)
    return Trained(GENSIM, settings.seed, curve.points[-1][0], V, U, curve.points)


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
