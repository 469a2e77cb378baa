"""Medians and spread over the rounds, ratios of the same round, and what was promised."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import mean, median, stdev

from benchmarks.training.rounds import Result

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
