"""Checkpoints: training to the end from where it was stopped, with progress on a terminal.

No state of a random generator is kept: what is drawn follows from the seed and the place reached.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from time import monotonic, perf_counter

import numpy as np
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from proved_kernels.training.corpus import Refused
from proved_kernels.training.embeddings import replacing
from proved_kernels.training.trainer import (
    Method,
    Model,
    Reached,
    Settings,
    Stretch,
    new_model,
    stretch_bounds,
    stretch_of,
    train,
    words_done,
)
from proved_kernels.training.word_counts import Corpus


def shown(reached: Iterable[Reached], words: int, begun: int) -> Iterator[Reached]:
    """Pass on what is reached and show it on standard error, unless that is no terminal.

    ``begun`` of the ``words`` were trained on by an earlier run and do not count for the speed.
    """
    console = Console(stderr=True)
    columns = (
        TextColumn("{task.percentage:3.0f} %"),
        BarColumn(),
        TextColumn("{task.fields[told]}"),
        TimeRemainingColumn(),
    )
    start = perf_counter()
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        task = progress.add_task("", total=words, completed=begun, told="")
        for each in reached:
            speed = (each.words - begun) / max(perf_counter() - start, 1e-9)
            told = f"{speed:,.0f} words/s, loss {each.loss:.4f}, rate {each.rate:.5f}"
            progress.update(task, completed=each.words, told=told)
            yield each


def save_checkpoint(
    path: Path, model: Model, corpus: Corpus, settings: Settings, backend: str
) -> None:
    """Replace the file as a whole; killed at any moment, the one before is still there."""
    with replacing(path) as file:
        np.savez(
            file,
            V=model.V,
            U=model.U,
            stretches=model.stretches,
            settings=json.dumps(_settings(settings, backend)),
            corpus=corpus.digest,
        )


def load_checkpoint(path: Path, corpus: Corpus, settings: Settings, backend: str) -> Model:
    """The model as it was put by.

    Raises Refused if the file is no checkpoint, or one of other settings, another back end or
    another corpus: the vectors would be others than those of one run.
    """
    try:
        with np.load(path, allow_pickle=False) as file:
            found = json.loads(str(file["settings"]))
            digest = str(file["corpus"])
            model = Model(file["V"], file["U"], int(file["stretches"]))
    except OSError as error:
        raise Refused(f"{path}: {error.strerror or error}") from error
    except (ValueError, KeyError, EOFError, TypeError, zipfile.BadZipFile) as error:
        raise Refused(f"{path}: not a checkpoint of this program") from error
    _same_settings(path, found, _settings(settings, backend))
    if digest != corpus.digest:
        raise Refused(f"{path}: a checkpoint of another text")
    shape = (len(corpus.words), settings.vector_size)
    if not (model.V.shape == model.U.shape == shape and model.V.dtype == model.U.dtype == "f4"):
        raise Refused(f"{path}: not a checkpoint of this program")
    return model


def _settings(settings: Settings, backend: str) -> dict[str, object]:
    """What has to be the same where training goes on."""
    return {**asdict(settings), "backend": backend}


def _same_settings(path: Path, found: object, wanted: dict[str, object]) -> None:
    if not isinstance(found, dict):
        raise Refused(f"{path}: not a checkpoint of this program")
    other = [
        f"--{name.replace('_', '-')} {found.get(name, 'absent')}, not {value}"
        for name, value in wanted.items()
        if found.get(name) != value
    ]
    if other:
        raise Refused(f"{path}: a checkpoint of {'; '.join(other)}")


_LOOKED_AT = 5_000  # words whose loss is taken before and after
_MOVED = 1e-3  # what a loss has to fall by, as a share of it, to have moved


@dataclass(frozen=True)
class Outcome:
    """The model, words a second, and the loss of a pair: at the very beginning and at the end.

    NaN where the text has no pair; no words a second where nothing was left to do.
    """

    model: Model
    speed: float
    first: float
    last: float

    @property
    def moved(self) -> bool:
        """Whether the loss is less than it was."""
        return self.last < self.first * (1 - _MOVED)


def run(
    corpus: Corpus,
    settings: Settings,
    method: Method,
    path: Path | None,
    every: float,
    workers: int = 1,
) -> Outcome:
    """Train to the end; where the checkpoint is of a finished training nothing is left to do."""
    model = method.laid_out(new_model(len(corpus.words), settings))
    some = _looked_at(corpus, settings)
    first = method.loss(model, some)
    if path and path.exists():
        model = method.laid_out(load_checkpoint(path, corpus, settings, method.backend))
    begun = words_done(model.stretches, corpus)
    start = saved = monotonic()
    worked = False
    trained = train(model, corpus, settings, method, workers)
    for reached in shown(trained, corpus.read * settings.epochs, begun):
        worked = True
        if path and reached.settled and monotonic() - saved >= every:
            save_checkpoint(path, model, corpus, settings, method.backend)
            saved = monotonic()
    took = max(monotonic() - start, 1e-9)
    if path and worked:
        save_checkpoint(path, model, corpus, settings, method.backend)
    speed = (words_done(model.stretches, corpus) - begun) / took
    return Outcome(model, speed, first, method.loss(model, some))


def _looked_at(corpus: Corpus, settings: Settings) -> Stretch:
    """The first sentences of the text, with samples that training does not draw."""
    whole = stretch_of(corpus, settings, stretch_bounds(corpus), 0)
    count = max(int((whole.bounds <= _LOOKED_AT).sum()), 2)
    bounds = whole.bounds[:count]
    key = (settings.seed, settings.epochs, 0)
    return replace(whole, ids=whole.ids[: bounds[-1]], bounds=bounds, key=key)
