"""Both trainers in turn, a round for each seed: medians, spread, ratios and what was promised."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from math import inf, isfinite
from pathlib import Path
from statistics import mean, median, stdev
from typing import Any

from rich.table import Table

from benchmarks.tables import figure_type, table
from benchmarks.training.trainers import (
    GENSIM,
    OURS,
    HeldOut,
    Rank,
    Split,
    Trained,
    held_out,
    similarity,
    trained_by_gensim,
    trained_by_us,
    warmed,
)
from proved_kernels.training.trainer import Settings


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
    warmed(split, settings, held, backend)
    trainers = {
        GENSIM: partial(trained_by_gensim, workers=workers),
        OURS: partial(trained_by_us, backend=backend, workers=workers),
    }
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
            _spread([each.words_per_second for each in results], ",.0f"),
            _spread([each.trained.loss for each in results], ".4f"),
            _seconds_reached(results),
            *(_spread(ranks(rounds, name)[place], ".3f") for name in names),
        )
    made.add_row(
        "ratio",
        _spread(speedups(rounds), ".2f"),
        _spread(excesses(rounds), "+.2%"),
        _spread(sooner(rounds), ".2f"),
        *[""] * len(names),
    )
    return made


def _seconds_reached(results: Sequence[Result]) -> str:
    epochs = sorted({each.reached[1] for each in results})
    seconds = _spread([each.reached[0] for each in results], ".2f")
    return f"{seconds}\nin {' or '.join(map(str, epochs))} epochs"


def _spread(values: Sequence[float], form: str) -> str:
    shown = f"{median(values):{form}}"
    if len(values) > 1:
        shown += f"\n({min(values):{form}} to {max(values):{form}})"
    return shown


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
