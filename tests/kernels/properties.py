"""Properties of word2vec's kernels, what must hold of every implementation, and what they kill."""

import tracemalloc
import warnings
from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import numpy as np
import pytest
from flint import arb, ctx
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

import generated
from codegen.emitted import GENERATED, texts_in
from tests.kernels import cases as strategies
from tests.kernels.cases import (
    Batch,
    Broken,
    Case,
    Floats,
    Kernels,
    Pair,
    Result,
    Window,
    arrays,
    loss,
    raw,
    raw_loss,
    value_and_grad,
)
from tests.kernels.oracle import (
    WORKING,
    Answer,
    Balls,
    allowed,
    assert_close,
    assert_promise,
    balls,
    blank,
    complex_step,
    differentiated,
    exactly,
)
from tests.planting import Mutant, fails, first_shown, package_of


@dataclass(frozen=True)
class Property:
    """`rule(kernels, case)` raises AssertionError, with both numbers and the case."""

    rule: Callable[[Kernels, Any], None]
    strategy: SearchStrategy[Any]

    @property
    def name(self) -> str:
        return self.rule.__name__

    def check(self, kernels: Kernels, case: Any) -> None:
        with ctx.workprec(WORKING):
            self.rule(kernels, case)


Rule = TypeVar("Rule", bound=Callable[[Any, Any], None])


class Properties(list[Property]):
    """A table of properties, made of the rules that are marked with what they are tried on."""

    def on(self, strategy: SearchStrategy[Any]) -> Callable[[Rule], Rule]:
        """One more property."""

        def add(rule: Rule) -> Rule:
            self.append(Property(rule, strategy))
            return rule

        return add


TEXTS = texts_in(GENERATED)


def times(more: int) -> pytest.MarkDecorator:
    """Parameter ``times``: as many cases as the profile says, and ``more`` times them, slowly."""
    return pytest.mark.parametrize("times", [1, pytest.param(more, marks=pytest.mark.slow)])


@cache
def drawn(strategy: SearchStrategy[Any], count: int) -> list[Any]:
    """The same `count` cases on every run; fewer where a strategy has no more."""
    found: list[Any] = []

    @settings(
        max_examples=count,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def collect(case: Any) -> None:
        found.append(case)

    # Hypothesis seeds a derandomized test from its name and source, the same for all of them.
    collect()
    return found


def examples(prop: Property, count: int) -> list[Any]:
    """The cases that a property is tried on."""
    return drawn(prop.strategy, count)


def falls(prop: Property, kernels: Any) -> Callable[[Any], bool]:
    """Whether a case shows that kernels do not have a property."""
    return lambda case: fails(prop.check, kernels, case)


def first_kill(prop: Property, kernels: Any, cases: list[Any]) -> int | None:
    """How many cases it takes to see kernels fail; None if they survive them all."""
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return first_shown(falls(prop, kernels), cases)


def survivors(
    prop: Property,
    mutants: Iterable[Mutant],
    counts: Collection[int],
    view: Callable[[Any], Any] = lambda kernels: kernels,
) -> list[str]:
    """The mutants that a property lets pass: of few cases, and only if need be of more.

    Drawing cases is what takes long, and nearly all mutants fall to the first ones. The committed
    kernels have to pass all that is drawn: what kills a mutant is its own fault. ``view`` is how
    the property sees a package.
    """
    left = {one.meant: view(package_of(one.texts(TEXTS))) for one in mutants}
    assert left
    for count in counts:
        if not left:
            break
        cases = examples(prop, count)
        assert cases
        for case in cases:
            prop.check(view(generated), case)
        left = {name: one for name, one in left.items() if first_kill(prop, one, cases) is None}
    return list(left)


PROPERTIES = Properties()

# The numbers themselves: against the exact values, and against differences of the loss.


@PROPERTIES.on(strategies.pairs())
def matches_the_exact_values(kernels: Kernels, pair: Pair) -> None:
    assert_promise(value_and_grad(kernels, pair), pair)


@PROPERTIES.on(st.one_of(strategies.windows(), strategies.batches()))
def windows_and_batches_match_the_exact_values(kernels: Kernels, case: Window | Batch) -> None:
    assert_promise(value_and_grad(kernels, case), case)


@PROPERTIES.on(strategies.pairs(moderate=True))
def matches_the_complex_step(kernels: Kernels, pair: Pair) -> None:
    """Of the loss as specified; that central differences say the same is tested of the oracle."""
    got, want = value_and_grad(kernels, pair), differentiated(pair, complex_step)
    allow = allowed(pair)
    assert_close("grad_v", got.grad_v, want.grad_v, allow.grad_v, pair)
    assert_close("grad_U", got.grad_U, want.grad_U, allow.grad_U, pair)


@PROPERTIES.on(strategies.pairs())
def loss_alone_is_the_same_loss(kernels: Kernels, pair: Pair) -> None:
    alone, together = loss(kernels, pair), value_and_grad(kernels, pair).loss
    assert alone == together, f"loss() {alone!r}, value_and_grad {together!r}: {pair}"
    assert np.ndim(alone) == 0, f"loss() has shape {np.shape(alone)}: {pair}"


# Changes of names and coordinates that leave the loss alone and carry the gradients along.
#
# Every change is exact in floating point (a permutation, a power of two, a rotation of
# integers), so the two answers differ by no more than the two promises.


@PROPERTIES.on(strategies.relabelled())
def relabelling_words_permutes_grad_U(kernels: Kernels, case: tuple[Pair, list[int]]) -> None:
    pair, order = case[0], np.array(case[1])
    place = np.argsort(order)
    negatives = None if pair.negatives is None else place[pair.negatives]
    renamed = Pair(pair.v, int(place[pair.o]), pair.U[order], negatives)
    want = known(value_and_grad(kernels, pair), pair)
    moved = Answer(want.loss, want.grad_v, want.grad_U[order])
    assert_same(kernels, renamed, moved, plus(allowed(renamed), allowed(renamed)))


@PROPERTIES.on(strategies.rotated())
def rotating_coordinates_rotates_gradients(
    kernels: Kernels, case: tuple[Pair, list[int], list[int]]
) -> None:
    """A 3-4-5 rotation of the first two coordinates, then a signed permutation of all."""
    pair, order, signs = case
    d = len(order)
    rotation = balls(np.eye(d))
    if d > 1:
        rotation[:2, :2] = balls(np.array([[3.0, -4.0], [4.0, 3.0]])) / 5
    rotation = rotation[order] * balls(np.array(signs, dtype=float))[:, None]
    turned = replace(
        pair,
        v=exact_floats(rotation @ balls(pair.v), pair.v),
        U=exact_floats(balls(pair.U) @ rotation.T, pair.U),
    )
    want = known(value_and_grad(kernels, pair), pair)
    carried = Answer(want.loss, rotation @ want.grad_v, want.grad_U @ rotation.T)
    allow, spread = allowed(pair), abs(rotation)
    also = Answer(allow.loss, spread @ allow.grad_v, allow.grad_U @ spread.T)
    assert_same(kernels, turned, carried, plus(allowed(turned), also))


def exact_floats(values: Balls, like: Floats) -> Floats:
    """Rotated multiples of five are whole multiples again, so nothing is rounded here."""
    return np.array([float(x) for x in values.flat], dtype=like.dtype).reshape(values.shape)


@PROPERTIES.on(strategies.scaled())
def scaling_v_up_and_U_down_changes_nothing(kernels: Kernels, case: tuple[Pair, int]) -> None:
    pair, k = case
    scaled = replace(pair, v=np.ldexp(pair.v, k), U=np.ldexp(pair.U, -k))
    want = known(value_and_grad(kernels, pair), pair)
    factor = arb(2) ** k
    moved = Answer(want.loss, want.grad_v / factor, want.grad_U * factor)
    allow = allowed(pair)
    also = Answer(allow.loss, allow.grad_v / factor, allow.grad_U * factor)
    assert_same(kernels, scaled, moved, plus(allowed(scaled), also))


def assert_same(kernels: Kernels, case: Case, want: Answer, allow: Answer) -> None:
    got = value_and_grad(kernels, case)
    for (what, value), (_, margin) in zip(want.parts(), allow.parts(), strict=True):
        assert_close(what, getattr(got, what), value, margin, case)


def known(result: Result, case: object) -> Answer:
    """A kernel's result as exact numbers, to transform without rounding."""
    return Answer(
        exactly(result.loss, "loss", case)[()],
        exactly(result.grad_v, "grad_v", case),
        exactly(result.grad_U, "grad_U", case),
    )


def plus(one: Answer, two: Answer) -> Answer:
    return Answer(one.loss + two.loss, one.grad_v + two.grad_v, one.grad_U + two.grad_U)


# Identities of the softmax: what a shift, a sum over words or a split word must give.


@PROPERTIES.on(strategies.shifted())
def shifting_all_rows_of_U_changes_nothing(kernels: Kernels, case: tuple[Pair, Floats]) -> None:
    """The shift is of integers, hence exact."""
    pair, shift = case
    shifted = replace(pair, U=pair.U + shift)
    want = known(value_and_grad(kernels, pair), pair)
    assert_same(kernels, shifted, want, plus(allowed(shifted), allowed(pair)))


@PROPERTIES.on(strategies.softmax_pairs())
def rows_of_grad_U_sum_to_zero(kernels: Kernels, pair: Pair) -> None:
    total = exactly(value_and_grad(kernels, pair).grad_U, "grad_U", pair).sum(axis=0)
    allow = allowed(pair).grad_U.sum(axis=0)
    for i, column in enumerate(total):
        assert abs(column) <= allow[i], (
            f"column {i} of grad_U sums to {column.str(5)}, allowed {allow[i].str(5)}: {pair}"
        )


@PROPERTIES.on(strategies.softmax_pairs(moderate=True))
def scores_average_to_zero(kernels: Kernels, pair: Pair) -> None:
    """sum over o of yhat_o grad J(o) = 0, with yhat_o = exp(-J(o)) from the kernel's own loss."""
    mean_v: Any = arb(0)
    mean_U = spread_v = spread_U = mean_v
    for o in range(len(pair.U)):
        each = replace(pair, o=o)
        got, allow = known(value_and_grad(kernels, each), each), allowed(each)
        yhat = (-got.loss).exp()
        # An error in the loss is a factor exp(error) on yhat.
        off = yhat * (allow.loss.exp() - 1)
        mean_v, mean_U = mean_v + yhat * got.grad_v, mean_U + yhat * got.grad_U
        spread_v = spread_v + (yhat + off) * allow.grad_v + off * abs(got.grad_v)
        spread_U = spread_U + (yhat + off) * allow.grad_U + off * abs(got.grad_U)
    for what, mean, spread in (("grad_v", mean_v, spread_v), ("grad_U", mean_U, spread_U)):
        for at in np.ndindex(mean.shape):
            assert abs(mean[at]) <= spread[at], (
                f"mean of {what}{list(at)} is {mean[at].str(5)}, "
                f"allowed {spread[at].str(5)}: {pair}"
            )


@PROPERTIES.on(strategies.softmax_pairs())
def splitting_every_word_in_two_adds_log_2(kernels: Kernels, pair: Pair) -> None:
    """Each word becomes two equal ones: grad_v stays, and the two gradient rows add up."""
    N = len(pair.U)
    split = replace(pair, U=np.concatenate([pair.U, pair.U]))
    got, want = known(value_and_grad(kernels, split), split), value_and_grad(kernels, pair)
    one, two = allowed(pair), allowed(split)
    merged = two.grad_U[:N] + two.grad_U[N:] + one.grad_U
    loss = got.loss - arb(2).log()
    assert_close("loss", want.loss, loss, one.loss + two.loss, pair)
    assert_close("grad_v", want.grad_v, got.grad_v, one.grad_v + two.grad_v, pair)
    assert_close("grad_U", want.grad_U, got.grad_U[:N] + got.grad_U[N:], merged, pair)


@PROPERTIES.on(strategies.softmax_pairs())
def a_uniform_model_costs_log_N(kernels: Kernels, pair: Pair) -> None:
    """At v = 0: J = log N and grad_U = 0."""
    flat = replace(pair, v=np.zeros_like(pair.v))
    got = value_and_grad(kernels, flat)
    assert_close("loss", got.loss, arb(len(pair.U)).log(), allowed(flat).loss, flat)
    assert not got.grad_U.any(), f"grad_U is {got.grad_U!r}, not zero: {flat}"


# Identities of negative sampling: multiplicity, swapped roles, and what is left alone.


@PROPERTIES.on(strategies.drawn_again())
def a_word_drawn_l_times_counts_l_times(kernels: Kernels, case: tuple[Pair, int, int]) -> None:
    """f with l more draws of k lies on the line through f with none and f with one more."""
    pair, k, times = case
    assert pair.negatives is not None
    once = replace(pair, negatives=np.append(pair.negatives, k))
    often = replace(pair, negatives=np.append(pair.negatives, [k] * times))
    zero, one = (known(value_and_grad(kernels, p), p) for p in (pair, once))
    line = Answer(
        zero.loss + times * (one.loss - zero.loss),
        zero.grad_v + times * (one.grad_v - zero.grad_v),
        zero.grad_U + times * (one.grad_U - zero.grad_U),
    )
    slack = allowed(often)
    for _ in range(times):
        slack = plus(slack, plus(allowed(pair), allowed(once)))
    assert_same(kernels, often, line, slack)


@PROPERTIES.on(strategies.sampling_pairs())
def splitting_a_drawn_word_splits_its_row(kernels: Kernels, pair: Pair) -> None:
    """Every second draw goes to a copy of its word: the copies' gradient rows add up."""
    assert pair.negatives is not None
    N = len(pair.U)
    copied = np.arange(len(pair.negatives)) % 2 == 1
    split = replace(
        pair,
        U=np.concatenate([pair.U, pair.U]),
        negatives=np.where(copied, pair.negatives + N, pair.negatives),
    )
    got, want = known(value_and_grad(kernels, split), split), value_and_grad(kernels, pair)
    one, two = allowed(pair), allowed(split)
    merged = two.grad_U[:N] + two.grad_U[N:] + one.grad_U
    assert_close("loss", want.loss, got.loss, one.loss + two.loss, pair)
    assert_close("grad_v", want.grad_v, got.grad_v, one.grad_v + two.grad_v, pair)
    assert_close("grad_U", want.grad_U, got.grad_U[:N] + got.grad_U[N:], merged, pair)


@PROPERTIES.on(strategies.swappable())
def swapping_o_and_k_negates_v(kernels: Kernels, pair: Pair) -> None:
    """f(v, o, [k]) = f(-v, k, [o]): same loss, same grad_U, opposite grad_v."""
    assert pair.negatives is not None
    swapped = Pair(-pair.v, int(pair.negatives[0]), pair.U, np.array([pair.o]))
    want = known(value_and_grad(kernels, pair), pair)
    mirrored = Answer(want.loss, -want.grad_v, want.grad_U)
    assert_same(kernels, swapped, mirrored, plus(allowed(swapped), allowed(pair)))


@PROPERTIES.on(strategies.sampling_pairs())
def an_undecided_model_costs_log_2_a_draw(kernels: Kernels, pair: Pair) -> None:
    """At v = 0: J = (K + 1) log 2 and grad_U = 0."""
    assert pair.negatives is not None
    flat = replace(pair, v=np.zeros_like(pair.v))
    got = value_and_grad(kernels, flat)
    want = (len(pair.negatives) + 1) * arb(2).log()
    assert_close("loss", got.loss, want, allowed(flat).loss, flat)
    assert not got.grad_U.any(), f"grad_U is {got.grad_U!r}, not zero: {flat}"


@PROPERTIES.on(strategies.sampling_pairs())
def rows_that_were_not_drawn_are_exactly_zero(kernels: Kernels, pair: Pair) -> None:
    grad_U = value_and_grad(kernels, pair).grad_U
    others = np.delete(grad_U, pair.touched, axis=0)
    assert not others.any(), f"grad_U is {grad_U!r} outside rows {pair.touched}: {pair}"


# What both losses share as functions of the scores: one coefficient a word, and convexity.


@PROPERTIES.on(strategies.pairs())
def grad_U_has_rank_one(kernels: Kernels, pair: Pair) -> None:
    """Each row of grad_U is a multiple of v: g[i] v[j] = g[j] v[i]."""
    g: Any = exactly(value_and_grad(kernels, pair).grad_U, "grad_U", pair)
    products = np.multiply.outer(g, balls(pair.v))
    unsure = np.multiply.outer(allowed(pair).grad_U, abs(balls(pair.v)))
    minors, slack = products - products.swapaxes(1, 2), unsure + unsure.swapaxes(1, 2)
    for w, i, j in np.ndindex(minors.shape):
        assert abs(minors[w, i, j]) <= slack[w, i, j], (
            f"grad_U[{w}] is {g[w, i].str(17)} at {i} and {g[w, j].str(17)} at {j}, "
            f"not a multiple of v: {pair}"
        )


@PROPERTIES.on(strategies.pairs())
def grad_v_follows_from_grad_U(kernels: Kernels, pair: Pair) -> None:
    """grad_v = U^T delta, with delta read off grad_U = delta v^T where v is largest."""
    got, allow = value_and_grad(kernels, pair), allowed(pair)
    i = int(np.argmax(np.abs(pair.v)))
    if pair.v[i] == 0:
        return
    U, pivot = balls(pair.U), arb(float(pair.v[i]))
    delta = exactly(got.grad_U, "grad_U", pair)[:, i] / pivot
    unsure = allow.grad_U[:, i] / abs(pivot)
    assert_close("grad_v", got.grad_v, delta @ U, allow.grad_v + unsure @ abs(U), pair)


@PROPERTIES.on(strategies.moved())
def loss_lies_above_its_tangents(kernels: Kernels, case: tuple[Pair, Floats, Floats]) -> None:
    """Both losses are convex in v and in U: f(y) >= f(x) + grad f(x).(y - x)."""
    x, v, U = case
    for name, y in (("v", replace(x, v=v)), ("U", replace(x, U=U))):
        here, there = (known(value_and_grad(kernels, p), p) for p in (x, y))
        gradient = here.grad_v if name == "v" else here.grad_U
        unsure = allowed(x).grad_v if name == "v" else allowed(x).grad_U
        step = balls(getattr(y, name)) - balls(getattr(x, name))
        tangent = here.loss + (gradient * step).sum()
        slack = allowed(x).loss + allowed(y).loss + (unsure * abs(step)).sum()
        assert there.loss >= tangent - slack, (
            f"loss {there.loss.str(17)} at {y} is below {tangent.str(17)}, "
            f"the tangent in {name} at {x}"
        )


# Windows and batches are sums of pairs, and touch the rows of their words only.


@PROPERTIES.on(st.one_of(strategies.windows(), strategies.batches()))
def the_sum_of_its_pairs(kernels: Kernels, case: Window | Batch) -> None:
    """Windows and batches against the same implementation's single pairs, added exactly."""
    total = blank(case)
    for i, pair in enumerate(case.pairs()):
        at = () if isinstance(case, Window) else (i,)
        word = case.c if isinstance(case, Window) else case.centers[i]
        one = known(value_and_grad(kernels, pair), pair)
        total.loss[at] += one.loss
        total.grad_v[word] += one.grad_v
        total.grad_U[...] += one.grad_U
    assert_same(kernels, case, total, plus(allowed(case), allowed(case)))


@PROPERTIES.on(strategies.cut())
def windows_add(kernels: Kernels, case: tuple[Window, int]) -> None:
    """The window of A and B together is the window of A plus the window of B."""
    whole, cut = case
    first, second = whole.part(slice(None, cut)), whole.part(slice(cut, None))
    total = plus(*(known(value_and_grad(kernels, part), part) for part in (first, second)))
    assert_same(kernels, whole, total, plus(allowed(whole), allowed(whole)))


@PROPERTIES.on(strategies.windows())
def rows_of_absent_words_are_exactly_zero(kernels: Kernels, case: Window) -> None:
    got = value_and_grad(kernels, case)
    touched = [w for pair in case.pairs() for w in pair.touched]
    others_U = np.delete(got.grad_U, touched, axis=0)
    others_V = np.delete(got.grad_v, [case.c], axis=0)
    assert not others_U.any(), f"grad_U is {got.grad_U!r} outside rows {touched}: {case}"
    assert not others_V.any(), f"grad_V is {got.grad_v!r} outside row {case.c}: {case}"


@PROPERTIES.on(strategies.batches())
def row_gradients_list_each_word_once(kernels: Kernels, batch: Batch) -> None:
    """RowGrad: the words of the batch, sorted and distinct, one row of values for each."""
    _, grad_V, grad_U = raw(kernels, batch)
    assert_rows("grad_V", grad_V, np.unique(batch.centers), batch.V.shape, batch)
    if batch.negatives is not None:
        words = np.unique(np.append(batch.negatives, batch.outsides))
        assert_rows("grad_U", grad_U, words, batch.U.shape, batch)


def assert_rows(
    what: str, grad: object, words: np.ndarray, shape: tuple[int, ...], batch: Batch
) -> None:
    rows, values = grad.rows, grad.values  # type: ignore[attr-defined]
    assert np.array_equal(rows, words), f"{what}.rows is {rows!r}, not {words!r}: {batch}"
    assert np.issubdtype(rows.dtype, np.integer), f"{what}.rows has dtype {rows.dtype}: {batch}"
    expected = (len(words), shape[1])
    assert values.shape == expected, f"{what}.values: {values.shape}, not {expected}: {batch}"


@PROPERTIES.on(strategies.reordered())
def order_in_a_batch_does_not_matter(kernels: Kernels, case: tuple[Batch, list[int]]) -> None:
    batch, order = case
    negatives = None if batch.negatives is None else batch.negatives[order]
    shuffled = Batch(batch.V, batch.U, batch.centers[order], batch.outsides[order], negatives)
    want = known(value_and_grad(kernels, batch), batch)
    moved = Answer(want.loss[order], want.grad_v, want.grad_U)
    assert_same(kernels, shuffled, moved, plus(allowed(shuffled), allowed(shuffled)))


# What a kernel does with the arrays it is given and with those it hands over.


@PROPERTIES.on(strategies.cases())
def results_have_the_dtype_of_the_input(kernels: Kernels, case: Case) -> None:
    with np.errstate(all="ignore"):
        returned = raw(kernels, case)
    for array in arrays(returned):
        wanted = (case.U.dtype, np.dtype(np.int64), np.dtype(np.intp))
        assert array.dtype in wanted, f"a result has dtype {array.dtype}, not {wanted[0]}: {case}"
    if isinstance(case, Pair):
        for number in (returned[0], loss(kernels, case)):
            accepted = (float, case.U.dtype.type)
            assert isinstance(number, accepted), f"loss is a {type(number)}: {case}"


@PROPERTIES.on(strategies.cases())
def finite_input_gives_no_warning(kernels: Kernels, case: Case) -> None:
    """Under NumPy's own default settings, with every warning an error."""
    with np.errstate(all="warn", under="ignore"), warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            raw(kernels, case)
            if isinstance(case, Pair):
                raw_loss(kernels, case)
        except Warning as warning:
            raise AssertionError(f"warned {warning!r}: {case}") from warning


@PROPERTIES.on(strategies.cases())
def inputs_are_byte_identical_afterwards(kernels: Kernels, case: Case) -> None:
    given = [x for x in vars(case).values() if isinstance(x, np.ndarray)]
    before = [x.tobytes() for x in given]
    value_and_grad(kernels, case)
    if isinstance(case, Pair):
        loss(kernels, case)
    for array, saved in zip(given, before, strict=True):
        old = np.frombuffer(saved, array.dtype).reshape(array.shape)
        assert array.tobytes() == saved, f"an input was {old!r} and became {array!r}"


@PROPERTIES.on(strategies.same_shape_twice())
def results_survive_the_next_call(kernels: Kernels, cases: tuple[Case, Case]) -> None:
    first, second = cases
    with np.errstate(all="ignore"):
        kept = [*arrays(raw(kernels, first))]
        copies = [array.copy() for array in kept]
        raw(kernels, second)
    for array, copy in zip(kept, copies, strict=True):
        assert np.array_equal(array, copy, equal_nan=True), (
            f"a result was {copy!r} and became {array!r} after a second call: {cases}"
        )


@PROPERTIES.on(strategies.cases())
def results_own_their_memory(kernels: Kernels, case: Case) -> None:
    """No result overlaps an input, another result, or itself; each may be written to."""
    with np.errstate(all="ignore"):
        results = arrays(raw(kernels, case))
    given = [x for x in vars(case).values() if isinstance(x, np.ndarray)]
    for i, result in enumerate(results):
        for other in given + results[:i]:
            assert not np.may_share_memory(result, other), f"{result!r} shares memory: {case}"
        assert result.flags.writeable, f"{result!r} is read-only: {case}"
        overlaps = result.size > 1 and 0 in np.array(result.strides)[np.array(result.shape) > 1]
        assert not overlaps, f"{result!r} overlaps itself: {case}"


@PROPERTIES.on(strategies.same_shape_twice())
def the_same_call_gives_the_same_bits(kernels: Kernels, cases: tuple[Case, Case]) -> None:
    first, between = cases
    with np.errstate(all="ignore"):
        one = bits(raw(kernels, first))
        raw(kernels, between)
        two = bits(raw(kernels, first))
    assert one == two, f"two calls with the same arguments differ: {first}"


def bits(returned: tuple[Any, Any, Any]) -> list[bytes]:
    return [np.asarray(returned[0]).tobytes(), *(array.tobytes() for array in arrays(returned))]


# The same numbers in another layout, as lists, or in another precision.


def fortran(array: Floats) -> Floats:
    return np.asfortranarray(array)


def strided(array: Floats) -> Floats:
    """Every second entry along each axis of a larger array, the rest poisoned."""
    wide = np.full([2 * n for n in array.shape], 77, dtype=array.dtype)
    wide[tuple(slice(None, None, 2) for _ in array.shape)] = array
    return wide[tuple(slice(None, None, 2) for _ in array.shape)]


def reversed_(array: Floats) -> Floats:
    backwards = tuple(slice(None, None, -1) for _ in array.shape)
    return array[backwards].copy()[backwards]


def read_only(array: Floats) -> Floats:
    locked = array.copy()
    locked.flags.writeable = False
    return locked


def other_byte_order(array: Floats) -> Floats:
    return array.astype(array.dtype.newbyteorder())


def unaligned(array: Floats) -> Floats:
    memory = np.empty(array.nbytes + 1, dtype=np.uint8)[1:]
    shifted: Floats = memory.view(array.dtype).reshape(array.shape)
    shifted[...] = array
    return shifted


LAYOUTS: tuple[Callable[[Floats], Floats], ...] = (
    fortran,
    strided,
    reversed_,
    read_only,
    unaligned,
    other_byte_order,
)


@PROPERTIES.on(st.tuples(strategies.cases(), st.sampled_from(LAYOUTS)))
def any_layout_gives_the_same_answer(
    kernels: Kernels, drawn: tuple[Case, Callable[[Floats], Floats]]
) -> None:
    case, layout = drawn
    moved = changed(case, lambda x: layout(x) if isinstance(x, np.ndarray) else x)
    got = value_and_grad(kernels, moved)
    assert_promise(got, case)


@PROPERTIES.on(strategies.cases())
def lists_are_taken_for_arrays(kernels: Kernels, case: Case) -> None:
    """Lists hold Python's floats, so this is float64's promise."""
    listed = changed(case, as_list)
    double = changed(case, in_double)
    result = value_and_grad(kernels, listed)
    assert_promise(result, double)


@PROPERTIES.on(strategies.cases(True).map(strategies.in_float32))
def float32_agrees_with_float64(kernels: Kernels, case: Case) -> None:
    double = changed(case, in_double)
    want = known(value_and_grad(kernels, double), double)
    assert_same(kernels, case, want, plus(allowed(case), allowed(double)))


def as_list(value: Any) -> Any:
    """A list, unless it could not tell (0, K) from (0,)."""
    if not isinstance(value, np.ndarray) or (value.ndim == 2 and not len(value)):
        return value
    return value.tolist()


def in_double(value: Any) -> Any:
    if isinstance(value, np.ndarray) and value.dtype.kind == "f":
        return value.astype(np.float64)
    return value


def changed(case: Case, change: Callable[[Any], Any]) -> Case:
    return replace(case, **{name: change(value) for name, value in vars(case).items()})


# NaN and infinity stay visible, and words that are not involved are not even read.


@PROPERTIES.on(strategies.broken())
def nan_in_gives_nan_out(kernels: Kernels, broken: Broken) -> None:
    assert_visible(kernels, broken)


@PROPERTIES.on(strategies.broken_by_infinity())
def infinity_in_gives_no_finite_result(kernels: Kernels, broken: Broken) -> None:
    """Not even the limit: an infinite entry is a run that has diverged."""
    assert_visible(kernels, broken)


def assert_visible(kernels: Kernels, broken: Broken) -> None:
    """The fault reaches the loss, all of grad_v and the gradient rows that depend on it."""
    pair = spoilt(broken)
    got = value_and_grad(kernels, pair)
    everywhere = broken.array == "v" or pair.negatives is None
    rows = pair.touched if everywhere else [broken.at[0]]
    for what, part in (
        ("loss()", loss(kernels, pair)),
        ("loss", got.loss),
        ("grad_v", got.grad_v),
        ("grad_U", got.grad_U[rows]),
    ):
        assert not np.isfinite(part).any(), f"{what} is {part!r} in spite of {broken.value}: {pair}"


def spoilt(broken: Broken) -> Pair:
    array = getattr(broken.pair, broken.array).copy()
    array[broken.at] = broken.value
    return replace(broken.pair, **{broken.array: array})


@PROPERTIES.on(strategies.cases())
def absent_words_are_not_read(kernels: Kernels, case: Case) -> None:
    """NaN in the rows of words that take no part leaves the promise intact.

    In the softmax every row of U takes part.
    """
    poisoned: Any = case
    if case.negatives is not None:
        pairs = [case] if isinstance(case, Pair) else case.pairs()
        poisoned = replace(case, U=only(case.U, [w for pair in pairs for w in pair.touched]))
    if isinstance(case, Window):
        poisoned = replace(poisoned, V=only(case.V, [case.c]))
    if isinstance(case, Batch):
        poisoned = replace(poisoned, V=only(case.V, case.centers.tolist()))
    assert_promise(value_and_grad(kernels, poisoned), case)


def only(array: np.ndarray, used: list[int]) -> np.ndarray:
    kept = np.full_like(array, np.nan)
    kept[used] = array[used]
    return kept


# Negative sampling costs what its draws cost, whatever the size of the vocabulary.


N, D = 1_000_000, 16
DENSE = N * D * np.dtype(np.float64).itemsize
STATM = Path("/proc/self/statm")


def vocabulary() -> np.ndarray:
    """Rows that the system has promised but not yet provided: none is ever written."""
    return np.zeros((N, D))


def big_batch() -> Batch:
    draws = np.random.default_rng(0).integers(N, size=(64, 5))
    return Batch(vocabulary(), vocabulary(), draws[:, 0], draws[:, 1], draws)


def big_pair() -> Pair:
    return Pair(np.ones(D), N // 2, vocabulary(), np.array([3, N - 1, 3]))


def big_window() -> Window:
    negatives = np.array([[5, N - 2], [7, 7]])
    return Window(N // 3, np.array([1, N // 2]), vocabulary(), vocabulary(), negatives)


@PROPERTIES.on(st.just(big_batch))
def a_batch_never_allocates_a_dense_gradient(kernels: Kernels, make: Callable[[], Batch]) -> None:
    """A bitmap or a counter for each word is allowed; an (N, d) array is not."""
    batch = make()
    peak = peak_while(lambda: raw(kernels, batch))
    assert peak < DENSE / 4, f"{peak} bytes allocated; a dense gradient has {DENSE}"


@PROPERTIES.on(st.sampled_from([big_pair, big_window]))
def only_touched_rows_are_written(kernels: Kernels, make: Callable[[], Pair | Window]) -> None:
    """A fresh zero page costs nothing until it is written: the process hardly grows."""
    case = make()
    before = resident()
    kept = raw(kernels, case)
    grown = resident() - before
    assert grown < DENSE / 4, f"{grown} bytes written; a dense gradient has {DENSE}"
    del kept
    gradients = 1 if isinstance(case, Pair) else 2
    peak = peak_while(lambda: raw(kernels, case))
    assert peak < (gradients + 0.25) * DENSE, f"{peak} bytes allocated for {gradients} gradients"


def peak_while(work: Callable[[], object]) -> int:
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def resident() -> int:
    """Bytes of this process in memory, where the system tells."""
    return int(STATM.read_text().split()[1]) * 4096 if STATM.exists() else 0


# Wrong arguments: refused before any work, by a message that names argument and fault.


N_OF_ARGUMENTS, D_OF_ARGUMENTS = 50_000, 3
REFUSALS = (ValueError, IndexError, TypeError)
# Far below one array of N entries, far above a message.
WORK = N_OF_ARGUMENTS

ROWS = np.zeros((N_OF_ARGUMENTS, D_OF_ARGUMENTS))
GOOD: dict[str, Any] = {
    "v_c": np.ones(D_OF_ARGUMENTS),
    "o": 1,
    "c": 2,
    "U": ROWS,
    "V": ROWS,
    "outside": np.array([3, 4]),
    "centers": np.array([0, 1]),
    "outsides": np.array([5, 5]),
}
DRAWS = {"negatives": np.array([6, 7])}
TABLE = {"negatives": np.array([[6, 7], [8, 8]])}

# Each function's arguments in their order, and what it calls its negatives.
FUNCTIONS: dict[str, tuple[tuple[str, ...], dict[str, Any]]] = {
    "naive_softmax.loss": (("v_c", "o", "U"), {}),
    "naive_softmax.value_and_grad": (("v_c", "o", "U"), {}),
    "naive_softmax.batch_value_and_grad": (("V", "U", "centers", "outsides"), {}),
    "negative_sampling.loss": (("v_c", "o", "U", "negatives"), DRAWS),
    "negative_sampling.value_and_grad": (("v_c", "o", "U", "negatives"), DRAWS),
    "negative_sampling.batch_value_and_grad": (
        ("V", "U", "centers", "outsides", "negatives"),
        TABLE,
    ),
    "skip_gram.naive_softmax_value_and_grad": (("c", "outside", "V", "U"), {}),
    "skip_gram.negative_sampling_value_and_grad": (
        ("c", "outside", "V", "U", "negatives"),
        TABLE,
    ),
}


class Fault(NamedTuple):
    """A wrong value for an argument, and ways for the message to say what it was."""

    label: str
    value: Any
    was: tuple[str, ...]


class BadCall(NamedTuple):
    function: str
    argument: str
    fault: Fault

    def __str__(self) -> str:
        return f"{self.function}: {self.argument} {self.fault.label}"


def arguments_of(function: str) -> dict[str, Any]:
    names, negatives = FUNCTIONS[function]
    return {name: {**GOOD, **negatives}[name] for name in names}


def call(kernels: Kernels, function: str, arguments: dict[str, Any]) -> object:
    module, name = function.split(".")
    result: object = getattr(getattr(kernels, module), name)(*arguments.values())
    return result


# The faults that an argument can have, by what kind of argument it is.


RAGGED = [[1], [1, 2]]


def of_a_word() -> list[Fault]:
    return [
        Fault("is negative", -1, ("-1",)),
        Fault("is N", N_OF_ARGUMENTS, (str(N_OF_ARGUMENTS),)),
        Fault("is beyond any machine integer", 2**70, (str(2**70),)),
        Fault("is a float", 1.0, ("float",)),
        Fault("is a boolean", True, ("bool",)),
        Fault("is NumPy's boolean", np.True_, ("bool",)),
        Fault("is text", "1", ("str",)),
        Fault("is missing", None, ("None",)),
        Fault("is an array of one", np.array([1]), ("(1,)", "ndarray")),
    ]


def of_words(good: Any) -> list[Fault]:
    """Faults of an index array, whatever its number of axes."""
    negative, beyond = good.copy(), good.copy()
    negative.flat[-1], beyond.flat[0] = -1, N_OF_ARGUMENTS
    flat = str((good.size + 1,)) if good.ndim == 2 else str((*good.shape, 1))
    wrong = np.zeros(good.size + 1, int) if good.ndim == 2 else good[:, None]
    return [
        Fault("has a negative word", negative, ("-1",)),
        Fault("has the word N", beyond, (str(N_OF_ARGUMENTS),)),
        Fault("holds floats", good.astype(float), ("float64",)),
        Fault("holds booleans", good.astype(bool), ("bool",)),
        Fault("holds objects", good.astype(object), ("object",)),
        Fault("has the wrong number of axes", wrong, (flat,)),
        Fault("is one word", 1, ("()", "int")),
        Fault("is ragged", RAGGED, ("ragged", "inhomogeneous")),
    ]


def of_floats(good: Any) -> list[Fault]:
    return [
        Fault("holds booleans", np.zeros(good.shape, bool), ("bool",)),
        Fault("holds objects", np.zeros(good.shape, object), ("object",)),
        Fault("holds complex numbers", np.zeros(good.shape, complex), ("complex128",)),
        Fault("has an axis too many", good[None], (str((1, *good.shape)),)),
        Fault("has an axis too few", good[0], (str(good.shape[1:]),)),
        Fault("is ragged", RAGGED, ("ragged", "inhomogeneous")),
    ]


def of_fitting(good: Any) -> list[Fault]:
    """v_c and V must fit U."""
    wide = np.zeros((*good.shape[:-1], D_OF_ARGUMENTS + 1))
    longer = np.zeros((N_OF_ARGUMENTS + 1, D_OF_ARGUMENTS))
    faults = [Fault("is wider than U", wide, (str(wide.shape), f"= {D_OF_ARGUMENTS + 1}"))]
    if good.ndim == 2:
        faults.append(
            Fault("has a row more than U", longer, (str(longer.shape), f"= {N_OF_ARGUMENTS + 1}"))
        )
    return faults


def of_paired(good: Any) -> list[Fault]:
    """Faults of an argument that must be as long as another."""
    return [Fault("is too short", good[:1], (str(good[:1].shape),))]


def bad_calls() -> list[BadCall]:
    calls = []
    for function in FUNCTIONS:
        for argument, good in arguments_of(function).items():
            calls += [BadCall(function, argument, fault) for fault in faults(argument, good)]
    return calls


def faults(argument: str, good: Any) -> list[Fault]:
    if argument in ("o", "c"):
        return of_a_word()
    if argument == "U":
        return of_floats(good)
    if good.dtype.kind == "f":
        return of_floats(good) + of_fitting(good)
    paired: bool = argument == "outsides" or good is TABLE["negatives"]
    return of_words(good) + (of_paired(good) if paired else [])


BAD_CALLS = bad_calls()


@PROPERTIES.on(st.sampled_from(BAD_CALLS))
def bad_arguments_are_refused_before_any_work(kernels: Kernels, bad: BadCall) -> None:
    arguments = {**arguments_of(bad.function), bad.argument: bad.fault.value}
    with suppress(*REFUSALS):  # what a library imports at its first complaint is no work
        call(kernels, bad.function, arguments)
    tracemalloc.start()
    try:
        returned = call(kernels, bad.function, arguments)
    except REFUSALS as refusal:
        message = str(refusal)
    else:
        raise AssertionError(f"{bad} was accepted, giving {returned!r}")
    finally:
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    words = message.replace(",", " ").replace("[", " ").replace(":", " ").split()
    assert bad.argument in words, f"{bad}: {message!r} does not name {bad.argument}"
    said = any(way in message for way in bad.fault.was)
    assert said, f"{bad}: {message!r} does not say {bad.fault.was}"
    assert peak < WORK, f"{bad}: {peak} bytes allocated before it was refused"
