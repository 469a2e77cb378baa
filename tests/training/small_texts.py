"""Small texts to train on, and the model after training."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from proved_kernels.training.corpus import numbered
from proved_kernels.training.minibatch import NegativeSampling
from proved_kernels.training.trainer import Model, Settings, new_model, train
from proved_kernels.training.word_counts import Corpus, corpus_of

SMALL = Settings(vector_size=8, min_count=1, sample=0, epochs=2)


def corpus(sentences: Sequence[Sequence[object]], min_count: int = 1) -> Corpus:
    return corpus_of(numbered([str(word) for word in words] for words in sentences), min_count)


def zipf_sentences(count: int = 40, length: int = 25, seed: int = 0) -> list[list[int]]:
    rng = np.random.default_rng(seed)
    ranks = np.minimum(rng.zipf(1.3, (count, length)), 60)
    return [row.tolist() for row in ranks]


def zipf_lines(count: int = 40, length: int = 25, seed: int = 0) -> str:
    return "\n".join(" ".join(f"w{w}" for w in row) for row in zipf_sentences(count, length, seed))


def trained(text: Corpus, settings: Settings) -> Model:
    model = new_model(len(text.words), settings)
    for _ in train(model, text, settings, NegativeSampling(text, settings)):
        pass
    return model
