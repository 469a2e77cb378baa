"""Training ends finite and no worse than it began, whatever the text; without the rule it fails."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from proved_kernels.training import negative_sampling
from proved_kernels.training.method import Model, Stretch
from proved_kernels.training.negative_sampling import NegativeSampling
from proved_kernels.training.settings import Settings
from proved_kernels.training.training import new_model
from proved_kernels.training.vocabulary import Corpus

from .small_texts import SMALL, corpus, trained

LONGEST = 30.0  # no vector is longer; on such texts they are below 10


@st.composite
def texts(draw: st.DrawFn) -> Corpus:
    """One word is 30 % of the text, the others share the rest; scattered, or in bursts."""
    words = draw(st.integers(2, 40))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    burst = draw(st.sampled_from([1, 5, 40]))
    skew = draw(st.sampled_from([0.0, 1.0]))
    rest = 1 / np.arange(1, words) ** skew
    shares = np.concatenate(([0.3], 0.7 * rest / rest.sum()))
    drawn = rng.choice(words, 800, p=shares)
    ids = np.repeat(drawn, rng.integers(1, burst + 1, 800))[:800]
    length = draw(st.sampled_from([3, 20, 800]))
    return corpus([ids[k : k + length].tolist() for k in range(0, 800, length)])


rates = st.sampled_from([0.025, 0.05, 0.1])


@st.composite
def ways(draw: st.DrawFn, negatives: list[int], sizes: list[int]) -> Settings:
    """Settings with vectors of these sizes; the rate may stay as high as it begins."""
    alpha = draw(rates)
    return Settings(
        vector_size=draw(st.sampled_from(sizes)),
        min_count=1,
        sample=0,
        window=draw(st.sampled_from([1, 5, 10])),
        negative=draw(st.sampled_from(negatives)),
        alpha=alpha,
        min_alpha=draw(st.sampled_from([0.0001, alpha])),
        epochs=2,
        seed=draw(st.integers(0, 9)),
    )


def losses(text: Corpus, way: Settings, model: Model) -> tuple[float, float]:
    """The loss before and after, over the whole text with other samples."""
    method = NegativeSampling(text, way)
    whole = Stretch(text.ids, text.bounds, (5,), way.alpha, way.min_alpha)
    return method.loss(new_model(len(text.words), way), whole), method.loss(model, whole)


def longest(model: Model) -> float:
    return max(float(np.linalg.norm(each, axis=1).max()) for each in (model.V, model.U))


def is_well(text: Corpus, way: Settings) -> bool:
    model = trained(text, way)
    before, after = losses(text, way, model)
    return after <= before and longest(model) < LONGEST


# the same texts on every run
slow = settings(
    deadline=None,
    max_examples=20,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)


@slow
@given(texts(), ways([5, 10, 20], [2, 10, 50]))
def test_training_does_not_diverge(text: Corpus, way: Settings) -> None:
    assert is_well(text, way)


# with few samples, vectors that know nothing are nearly the best there are for a text without
# structure, and the noise of a rate that stays high decides whether the loss ends above them
@slow
@given(texts(), ways([1, 2], [1, 2, 10, 50]))
def test_with_few_samples_vectors_stay_bounded(text: Corpus, way: Settings) -> None:
    assert longest(trained(text, way)) < LONGEST


# a vector of one number has to pass through zero to change its direction: after two epochs of 800
# words its loss may still be a little above where it began
@slow
@given(texts(), ways([5, 10, 20], [1]))
def test_vectors_of_one_number_stay_bounded(text: Corpus, way: Settings) -> None:
    assert longest(trained(text, way)) < LONGEST


@pytest.mark.parametrize("text", ["one word", "a word in bursts", "30 % one word"])
@pytest.mark.parametrize("rate", [0.025, 0.1])
def test_without_the_rule_it_would(text: str, rate: float, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(0)
    ids = {
        "one word": np.zeros(1000, int),
        "a word in bursts": np.repeat(rng.integers(0, 20, 100), 10),
        "30 % one word": rng.choice(10, 1000, p=[0.3, *[0.7 / 9] * 9]),
    }[text]
    way = Settings(**{**vars(SMALL), "alpha": rate, "min_alpha": rate})
    made = corpus([ids.tolist()])
    assert is_well(made, way)
    monkeypatch.setattr(negative_sampling, "BOUND", np.inf)  # one rate for every vector
    with np.errstate(all="ignore"):
        assert not is_well(made, way)


def test_the_text_of_the_property_has_its_frequent_word() -> None:
    found: list[Corpus] = []

    @settings(max_examples=20, database=None)
    @given(texts())
    def collect(text: Corpus) -> None:
        found.append(text)

    collect()
    assert any(0.25 < text.counts[0] / text.counts.sum() < 0.35 for text in found)


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    with np.errstate(over="raise", invalid="raise"):
        yield
