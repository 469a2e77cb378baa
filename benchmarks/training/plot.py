"""Held-out loss against seconds of training, one panel a corpus."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

from benchmarks.training.summary import Rounds


def save_plot(path: Path, corpora: Mapping[str, Rounds]) -> None:
    """One line for each seed. Exits with what to install where matplotlib is missing."""
    try:
        from matplotlib.figure import Figure
    except ModuleNotFoundError:
        sys.exit("a plot needs matplotlib: pip install '.[bench]'")
    figure = Figure(figsize=(6.5 * len(corpora), 4.5), layout="constrained")
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
