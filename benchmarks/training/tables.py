"""What was measured, as a table to read and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from statistics import median
from typing import Any

from rich.table import Table

from benchmarks.training.rounds import Result
from benchmarks.training.summary import Rounds, excesses, ranks, sooner, speedups, targets


def table(title: str, rounds: Rounds) -> Table:
    """A row for each trainer, and one for how they compare, round by round."""
    names = list(rounds[0][0].ranks)
    made = Table("", "words/s", "held-out loss", "s to gensim's loss", *names, title=title)
    for place in (0, 1):
        results = [pair[place] for pair in rounds]
        made.add_row(
            results[0].trained.who,
            _spread([each.words_per_second for each in results], ",.0f"),
            _spread([each.trained.loss for each in results], ".4f"),
            _reached(results),
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


def _reached(results: Sequence[Result]) -> str:
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
        "rounds": [[_result(result) for result in pair] for pair in rounds],
        "targets": [vars(target) for target in targets(rounds, corpus, backend, workers)],
    }


def _result(result: Result) -> dict[str, Any]:
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
