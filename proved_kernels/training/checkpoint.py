"""Training put by in a file, to go on from exactly there.

No state of a random generator is kept: what is drawn follows from the seed and the place reached.
"""

from __future__ import annotations

import json
import zipfile
from dataclasses import asdict
from pathlib import Path

import numpy as np

from .atomic import replacing
from .method import Model
from .refused import Refused
from .settings import Settings
from .vocabulary import Corpus


def save(path: Path, model: Model, corpus: Corpus, settings: Settings) -> None:
    """Replace the file as a whole; killed at any moment, the one before is still there."""
    with replacing(path) as file:
        np.savez(
            file,
            V=model.V,
            U=model.U,
            stretches=model.stretches,
            settings=json.dumps(asdict(settings)),
            corpus=corpus.digest,
        )


def load(path: Path, corpus: Corpus, settings: Settings) -> Model:
    """The model as it was put by.

    Raises Refused if the file is no checkpoint, or one of other settings or another corpus.
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
    _same_settings(path, found, asdict(settings))
    if digest != corpus.digest:
        raise Refused(f"{path}: a checkpoint of another text")
    shape = (len(corpus.words), settings.vector_size)
    if not (model.V.shape == model.U.shape == shape and model.V.dtype == model.U.dtype == "f4"):
        raise Refused(f"{path}: not a checkpoint of this program")
    return model


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
