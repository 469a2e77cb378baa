"""Checkpoints, and word vectors in the two formats of word2vec: written whole or not at all.

Whether a file can be written is asked before the work that it is for. gensim, spaCy and fastText
load the text, which is that of a .vec; gensim loads the binary format as well. Training goes on to
the end from where it was stopped: no state of a random generator is kept, as what is drawn follows
from the seed and the place reached.
"""

from __future__ import annotations

import gzip
import json
import os
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from time import monotonic, perf_counter
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from proved_kernels.training.corpus import STANDARD_INPUT, Corpus, Refused
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


def partial(path: Path) -> Path:
    """Where a file is written that is to take the place of ``path``."""
    return path.with_name(f"{path.name}.partial")


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """A file to write, which takes the place of ``path`` once it is complete and on disk.

    What is no file, as a device or a pipe, is written to as it is.
    """
    if path.exists() and not path.is_file():
        with path.open("wb") as file:
            yield file
        return
    with partial(path).open("wb") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())
    os.replace(partial(path), path)
    if os.name == "posix":
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def checked(option: str, path: Path, texts: Sequence[str]) -> None:
    """Raises Refused if nothing can be written there, or a text would be written over."""
    if not path.parent.is_dir():
        raise Refused(f"{option} {path}: no such folder")
    if path.is_dir():
        raise Refused(f"{option} {path}: is a folder")
    for text in texts:
        is_there = text != STANDARD_INPUT and path.exists() and Path(text).exists()
        if is_there and path.samefile(text):
            raise Refused(f"{option} {path}: is the text")
    if path.exists() and not path.is_file():  # a device, a pipe: written to as it is
        if not os.access(path, os.W_OK):
            raise Refused(f"{option} {path}: may not be written")
        return
    try:
        partial(path).open("wb").close()
        partial(path).unlink()
    except OSError as error:
        raise Refused(f"{option} {path}: {error.strerror}") from error


def write(
    path: Path, words: Sequence[str], vectors: NDArray[np.float32], form: str = "text"
) -> None:
    """A line with both sizes, then each word with its vector: by FORMS; ``.gz`` is compressed.

    The same bytes for the same vectors. Raises Refused for a word that UTF-8 has no bytes for.
    """
    with replacing(path) as file:
        try:
            if path.suffix == ".gz":
                with gzip.GzipFile("", "wb", fileobj=file, mtime=0) as packed:
                    _write(packed, words, vectors, form)
            else:
                _write(file, words, vectors, form)
        except UnicodeEncodeError as error:
            raise Refused(f"{path}: {error.object!r} cannot be written in UTF-8") from error


def _write(
    file: BinaryIO | gzip.GzipFile, words: Sequence[str], vectors: NDArray[np.float32], form: str
) -> None:
    file.write(b"%d %d\n" % vectors.shape)
    line = FORMS[form](vectors.shape[1])
    for word, vector in zip(words, vectors, strict=True):
        file.write(word.encode() + line(vector))


def _text(dimension: int) -> Callable[[NDArray[np.float32]], bytes]:
    """Nine digits, which give float32 back exactly."""
    digits = " %.9g" * dimension + "\n"
    return lambda vector: (digits % tuple(vector.tolist())).encode()


def _binary(dimension: int) -> Callable[[NDArray[np.float32]], bytes]:
    """The four bytes of each number, the lowest first."""
    return lambda vector: b" " + vector.astype("<f4").tobytes() + b"\n"


FORMS = {"text": _text, "binary": _binary}


def nearest(
    words: Sequence[str], vectors: NDArray[np.float32], of: int, topn: int
) -> list[tuple[str, float]]:
    """The ``topn`` words next to word number ``of`` by cosine, nearest first, itself left out."""
    lengths = np.linalg.norm(vectors, axis=1)
    cosines = vectors @ vectors[of] / np.maximum(lengths * lengths[of], np.finfo(np.float32).tiny)
    order = np.argsort(-cosines, kind="stable")
    order = order[order != of][:topn]
    return [(words[word], float(cosines[word])) for word in order]


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
