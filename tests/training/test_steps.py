"""Steps of training: their batches, and that the compiled step is the proved gradients."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from codegen.execute.running import Count, Variant, run_case
from codegen.execute.specification import Lengths, Limits, cases
from codegen.interpret.symbolic import symbolic
from codegen.kernel import Kernel
from proved_kernels.training import center_steps
from proved_kernels.training import trainer as module
from proved_kernels.training.corpus import Corpus, noise_of
from proved_kernels.training.trainer import (
    BOUND,
    CENTERS,
    SAMPLES,
    STEP,
    Blocks,
    Model,
    NegativeSampling,
    Settings,
    Stretch,
    Weights,
    blocks_of,
    new_model,
)
from tests.execute.test_execute import FUNCTIONS, STATED
from tests.training.test_trainer import SMALL, corpus, trained


class _Widths(np.random.Generator):
    """Draws the windows it is told; the rest as ever."""

    def __init__(self, widths: NDArray[np.intp]) -> None:
        super().__init__(np.random.PCG64(0))
        self.widths = widths

    def integers(self, *_: object, **__: object) -> Any:
        return self.widths


def pairs_of(blocks: Blocks) -> Counter[tuple[int, int]]:
    window = (blocks.lists.shape[1] - SAMPLES - CENTERS) // 2
    found: Counter[tuple[int, int]] = Counter()
    for row in range(len(blocks)):
        for p, center in enumerate(blocks.centers[row]):
            own = p + window
            assert blocks.lists[row, own] == center
            reach = range(own - blocks.before[row, p], own + blocks.after[row, p] + 1)
            found.update((int(center), int(blocks.lists[row, q])) for q in reach if q != own)
    return found


def made(lengths: list[int], window: int, seed: int) -> tuple[Blocks, Counter[tuple[int, int]]]:
    """Blocks of sentences of these lengths, every word another, and the pairs they should hold."""
    bounds = np.cumsum([0, *lengths])
    widths = np.random.default_rng(seed).integers(1, window + 1, bounds[-1])
    expected = Counter(
        (i, j)
        for first, last in pairwise(bounds)
        for i in range(first, last)
        for j in range(max(first, i - widths[i]), min(last, i + widths[i] + 1))
        if i != j
    )
    ids = np.arange(bounds[-1])
    keep = np.ones(len(ids))
    return blocks_of(
        ids, bounds, keep, noise_of(np.ones(1, int), 1), window, _Widths(widths)
    ), expected


@pytest.mark.parametrize("lengths", [[5], [1, 1, 1], [40], [3, 0, 20, 1, 17], [16, 16], []])
@pytest.mark.parametrize("window", [1, 5, 20])
def test_every_pair_of_a_window_is_there_once(lengths: list[int], window: int) -> None:
    blocks, expected = made(lengths, window, 0)
    assert pairs_of(blocks) == expected


def test_words_are_thinned_out_before_windows_are_drawn() -> None:
    keep = np.array([1.0, 0.0])
    ids = np.array([0, 1] * 20)
    rng = np.random.default_rng(0)
    blocks = blocks_of(ids, np.array([0, 40]), keep, noise_of(np.array([1, 1]), 1), 1, rng)
    assert pairs_of(blocks) == {(0, 0): 38}


def test_noise_is_drawn_by_counts_to_a_power() -> None:
    counts = np.array([1000, 100, 10, 1])
    found = noise_of(counts, 0.75).draw((100_000,), np.random.default_rng(0))
    shares = counts**0.75 / (counts**0.75).sum()
    assert np.bincount(found, minlength=4) / 100_000 == pytest.approx(shares, abs=0.005)


def test_samples_of_a_step_are_spread_over_the_noise_and_each_is_as_likely_as_alone() -> None:
    counts = np.array([1000, 100, 10, 1])
    shares = counts**0.75 / (counts**0.75).sum()
    together = 40
    noise, rng = noise_of(counts, 0.75), np.random.default_rng(0)
    found = noise.evenly((5000, together), together, rng)
    times = (found[:, :, np.newaxis] == np.arange(4)).sum(axis=1)
    assert np.abs(times - together * shares).max() < 2
    for place in (0, 17, together - 1):
        seen = np.bincount(found[:, place], minlength=4) / len(found)
        assert seen == pytest.approx(shares, abs=0.02)


def test_samples_of_a_stretch_are_drawn_step_by_step() -> None:
    counts = np.full(STEP * SAMPLES, 3)
    ids = np.zeros(3 * STEP * CENTERS, int)
    blocks = blocks_of(
        ids, np.array([0, len(ids)]), np.ones(1), noise_of(counts, 1), 2, np.random.default_rng(0)
    )
    samples = blocks.lists[:, -SAMPLES:].reshape(3, -1)
    assert all(len(set(step)) == len(counts) for step in samples.tolist())


DRAWS = 5


def text_of(window: int) -> Blocks:
    rng = np.random.default_rng(window)
    ids = rng.integers(0, 50, 400)
    bounds = np.unique(np.concatenate(([0, 400], rng.integers(0, 400, 20))))
    noise = noise_of(np.bincount(ids, minlength=50), 0.75)
    return blocks_of(ids, bounds, np.ones(50), noise, window, rng)


@pytest.mark.parametrize("window", [1, 5])
def test_a_center_counts_the_words_of_its_window_and_the_samples(window: int) -> None:
    blocks, weights = text_of(window), Weights(window, DRAWS)
    kinds, table = weights.of(blocks)
    for g, p in np.ndindex(*blocks.centers.shape):
        wanted = np.zeros(CENTERS + 2 * window + SAMPLES)
        own, before, after = p + window, blocks.before[g, p], blocks.after[g, p]
        wanted[own - before : own + after + 1] = 1
        wanted[own] = 0
        wanted[-SAMPLES:] = DRAWS * (before + after) / SAMPLES
        assert table[kinds[g, p]] == pytest.approx(wanted)
    assert weights.signs.tolist() == [-1] * (CENTERS + 2 * window) + [1] * SAMPLES


def test_where_a_table_of_all_windows_is_too_large_it_is_of_those_there_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    blocks = text_of(5)
    kinds, table = Weights(5, DRAWS).of(blocks)
    monkeypatch.setattr(module, "_LARGEST", 0)
    few = Weights(5, DRAWS)
    assert few.table is None
    some_kinds, some = few.of(blocks)
    assert len(some) < len(table)
    assert np.array_equal(some[some_kinds], table[kinds])


def test_the_bound_keeps_two_vectors_that_point_the_same_way_stable() -> None:
    z = np.linspace(-40, 40, 100_001)
    curvature = 2 * np.abs(z) / (2 + np.exp(z) + np.exp(-z))  # 2 |z| σ(z) σ(−z)
    assert curvature.max() == pytest.approx(0.448, abs=5e-4)
    assert BOUND * curvature.max() < 2 / 2  # half of what it bears


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
def test_without_the_bound_on_rates_training_diverges(
    text: str, rate: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = np.random.default_rng(0)
    ids = {
        "one word": np.zeros(1000, int),
        "a word in bursts": np.repeat(rng.integers(0, 20, 100), 10),
        "30 % one word": rng.choice(10, 1000, p=[0.3, *[0.7 / 9] * 9]),
    }[text]
    way = Settings(**{**vars(SMALL), "alpha": rate, "min_alpha": rate})
    made = corpus([ids.tolist()])
    assert is_well(made, way)
    monkeypatch.setattr(module, "BOUND", np.inf)  # one rate for every vector
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


TEXT = Path(str(center_steps.__file__)).read_text(encoding="utf-8")
KERNEL = FUNCTIONS["blocks.sgd_step"]
LIMITS = Limits(30, 30, 10)
SIZES: list[Lengths] = [
    {"N": n, "d": d, "G": 1, "S": 1, "L": length, "T": 1}
    for n, d, length in [
        (1, 1, 0),
        (1, 1, 1),
        (2, 1, 2),
        (2, 2, 1),
        (1, 2, 2),
        (3, 1, 1),
        (2, 1, 3),
        (1, 1, 5),
    ]
]


def edited(old: str = "", new: str = "") -> ModuleType:
    """The text of `center_steps` with a change."""
    assert not old or TEXT.count(old) == 1, "the code has changed: say the mistake anew"
    module = ModuleType("center_steps")
    exec(compile(TEXT.replace(old, new), "center_steps.py", "exec"), module.__dict__)
    return module


def as_kernel(step: ModuleType) -> Variant:
    """The step with the arguments of the proved kernel, for one block of one center."""

    def sgd_step(
        V: Any, U: Any, centers: Any, lists: Any, kinds: Any, weights: Any, signs: Any,
        rate: Any, most: Any,
    ) -> None:  # fmt: skip
        rows, weight = lists[0], weights[kinds[0, 0]]
        moves, scores = (symbolic(np.zeros(len(rows), object)) for _ in range(2))
        move = step.rates(rows, weight, moves, len(rows), rate, most)
        at, width = centers[0, 0], (0,)
        v = step.load(V, at, width)
        gradient = step.descend(v, U, rows, signs, weight, moves, len(rows), scores, width)
        step.store(V, at, step.added(v, -move, gradient))

    module = SimpleNamespace(sgd_step=sgd_step)
    loaded: Any = SimpleNamespace(module=lambda _: module, sparse=True, small=False, overflow=False)
    return Variant("read by Python", loaded)


def decided(step: ModuleType) -> Count:
    assert isinstance(KERNEL, Kernel)
    whole, variant = Count(), as_kernel(step)
    for lengths in SIZES:
        for case in cases(KERNEL, lengths, LIMITS)[1]:
            whole.add(run_case(KERNEL, "blocks", STATED, case, [variant], 64, whole.room or 20))
            if whole.failures:
                return whole
    return whole


def test_the_step_moves_both_vectors_as_the_proved_gradients_say() -> None:
    found = decided(edited())
    assert found.failures == []
    assert found.cases > 40
    assert found.entries > 150


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("gradient = added(gradient, scores[k],", "gradient = added(gradient, -scores[k],"),
        ("-(moves[k] * scores[k]), v)", "-scores[k], v)"),
        ("-(moves[k] * scores[k]), v)", "moves[k] * scores[k], v)"),
        ("load(U, rows[k], width), -(", "load(U, rows[0], width), -("),
        ("if rows[other] == rows[k]", "if other == k"),
        ("total = total + weights[k]", "total = weights[k]"),
        ("\n    for first in range(0, count, 4)", "\n    for first in range(0, count - 1, 4)"),
        ("sigmoid * signs[:count] * weights[:count]", "sigmoid * weights[:count]"),
        ("sigmoid * signs[:count] * weights[:count]", "sigmoid * signs[:count]"),
        ("z = signs[:count] * scores[:count]", "z = -signs[:count] * scores[:count]"),
        ("np.exp(np.minimum(z, 0)) / (1", "np.exp(np.minimum(z, 0)) / (2"),
        ("min(first + 4, count)", "min(first + 2, count)"),
        ("return row + factor * other", "return row + other"),
    ],
)  # fmt: skip
def test_a_wrong_step_is_seen(old: str, new: str) -> None:
    assert decided(edited(old, new)).failures
