"""Training as a session: from a checkpoint if there is one, with new ones on the way."""

from __future__ import annotations

from pathlib import Path
from time import monotonic

from . import checkpoint
from .progress import shown
from .settings import Settings
from .training import Model, Reached, new_model, train, words_done
from .vocabulary import Corpus


def run(
    corpus: Corpus, settings: Settings, path: Path | None, every: float
) -> tuple[Model, Reached | None, float]:
    """Train to the end: the model, what was reached last, and words a second.

    Where the checkpoint is of a finished training nothing is left to do, and None was reached.
    """
    if path and path.exists():
        model = checkpoint.load(path, corpus, settings)
    else:
        model = new_model(len(corpus.words), settings)
    begun = words_done(model, corpus)
    start = saved = monotonic()
    last = None
    for reached in shown(train(model, corpus, settings), corpus.read * settings.epochs, begun):
        last = reached
        if path and monotonic() - saved >= every:
            checkpoint.save(path, model, corpus, settings)
            saved = monotonic()
    speed = (last.words - begun) / max(monotonic() - start, 1e-9) if last else 0.0
    if path and last:
        checkpoint.save(path, model, corpus, settings)
    return model, last, speed
