"""Both trainers in turn, one round for each seed, and how their vectors do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from math import inf

from benchmarks.training import by_gensim, by_us
from benchmarks.training.held_out import HeldOut, held_out
from benchmarks.training.similarity import Rank, similarity
from benchmarks.training.split import Split
from benchmarks.training.trained import Trained
from proved_kernels.training.settings import Settings


@dataclass(frozen=True)
class Result:
    """One training of one round.

    ``reached`` are seconds to the held-out loss that gensim ends with, and the epochs it took.
    """

    trained: Trained
    words_per_second: float
    ranks: dict[str, Rank]
    reached: tuple[float, int]


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
    by_us.warmed(split, settings, held, backend)
    trainers = {
        by_gensim.NAME: partial(by_gensim.trained, workers=workers),
        by_us.NAME: partial(by_us.trained, backend=backend, workers=workers),
    }
    found = []
    for seed in seeds:
        asked = replace(settings, seed=seed)
        both = {}
        for name in trainers if seed % 2 else reversed(trainers):
            tell(f"seed {seed}: {name}")
            both[name] = trainers[name](split, asked, held)
        theirs, ours = both[by_gensim.NAME], both[by_us.NAME]
        tell(f"seed {seed}: to the same loss")
        reached = _reached(ours, theirs.loss, split, asked, held, trainers[by_us.NAME])
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
    again: Callable[[Split, Settings, HeldOut], Trained],
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
