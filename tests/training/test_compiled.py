"""The compiled trainer trains what NumPy's does; its instructions are proved on symbols."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import numba.extending
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from llvmlite import ir
from numba import types
from numpy.typing import NDArray
from sympy import QQ, field

from proved_kernels.training import center_steps, simd
from proved_kernels.training import corpus as sources
from proved_kernels.training.corpus import Corpus, noise_of, read
from proved_kernels.training.saving import load_checkpoint, save_checkpoint
from proved_kernels.training.simd import aligned
from proved_kernels.training.trainer import (
    Model,
    Settings,
    Walk,
    functions,
    new_model,
    stretch_bounds,
    stretch_of,
    train,
    tree_of,
)
from tests.training.test_steps import LONGEST, longest, losses, slow, texts, ways
from tests.training.test_trainer import corpus, zipf_sentences

pytest.importorskip("numba", reason="pip install '.[compiled]'")


TEXT = corpus(zipf_sentences())
WAYS = [(cbow, hs) for cbow in (False, True) for hs in (False, True)]


def way(cbow: bool, hs: bool, **more: float) -> Settings:
    return Settings(vector_size=20, min_count=1, sample=0.1, epochs=2, cbow=cbow, hs=hs, **more)  # type: ignore[arg-type]


def trained_either_way(
    how: Settings, *, compiled: bool = True, workers: int = 1
) -> tuple[Model, float]:
    method = Walk(TEXT, how, compiled=compiled)
    model = method.laid_out(new_model(len(TEXT.words), how))
    losses = [reached.loss for reached in train(model, TEXT, how, method, workers)]
    return model, losses[0]


CompiledStep = tuple[Callable[..., Any], Callable[..., Any]]  # as Python, and compiled


@pytest.fixture(scope="module")
def compiled_step() -> CompiledStep:
    """``descend`` and ``rates`` as they are compiled into the walk, callable from here."""
    import numba

    own = {**vars(center_steps), **functions()}
    text = """
def moved(V, at, U, rows, signs, weights, moves, count, scores, rate, most, width):
    move = rates(rows, weights, moves, count, rate, most)
    v = load(V, at, width)
    gradient = descend(v, U, rows, signs, weights, moves, count, scores, width)
    store(V, at, added(v, -move, gradient))
"""
    exec(text, own)
    return own["moved"], numba.njit(error_model="numpy")(own["moved"])


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 40), st.sampled_from([20, 32]))
def test_float32_is_near_float64(
    compiled_step: CompiledStep, seed: int, count: int, d: int
) -> None:
    rng = np.random.default_rng(seed)
    size = int(rng.integers(1, 30))
    V, U = (aligned(rng.normal(size=(size, d)).astype(np.float32)) for _ in range(2))
    length = -(-count // 16) * 16
    rows = rng.integers(0, size, length).astype(np.int32)
    signs = rng.choice([-1.0, 1.0], length).astype(np.float32)
    weights = rng.uniform(0, 2, length).astype(np.float32)
    moves, scores = np.zeros(length, np.float32), np.zeros(length, np.float32)
    at, rate, most = int(rng.integers(size)), np.float32(0.1), np.float32(rng.choice([0.5, 100]))
    exact = [array.astype(np.float64) for array in (V, U)]
    _, compiled = compiled_step
    wide = (0,) * -(-d // 16)
    compiled(V, at, U, rows, signs, weights, moves, count, scores, rate, most, wide)
    own = {**vars(center_steps)}
    move = center_steps.rates(
        rows, weights, direct := np.zeros(length), count, float(rate), float(most)
    )
    v = exact[0][at].copy()
    given_ = rows, signs.astype(float), weights.astype(float), direct, count, np.zeros(length), (0,)
    gradient = own["descend"](v, exact[1], *given_)
    exact[0][at] = v - move * gradient
    scale = 1 + float(np.abs(exact[1]).max()) * float(np.abs(v).max()) * d
    for got, wanted in zip((V, U), exact, strict=True):
        assert np.abs(got - wanted).max() <= 2e-6 * scale * (1 + count)


def sigmoids(z: NDArray[np.float32]) -> NDArray[np.float32]:
    import numba

    @numba.njit
    def slopes(scores, signs, weights, count):  # type: ignore[no-untyped-def]
        center_steps.slopes(scores, signs, weights, count)

    scores, one = z.copy(), np.ones_like(z)
    slopes(scores, one, one, len(z))
    return scores


def test_the_sigmoid_is_accurate_wherever_float32_has_a_number() -> None:
    bits = np.arange(0, 2**32, 40_961, dtype=np.uint64).astype(np.uint32)
    z = bits.view(np.float32)
    z = z[: len(z) // 16 * 16]
    special = np.array([0, -0.0, np.inf, -np.inf, np.nan, 88, -88, -103.9, -104, 1e38] * 8, "f4")
    z = np.concatenate((z, special))
    got = sigmoids(z)
    with np.errstate(over="ignore", invalid="ignore"):
        wide = z.astype(np.float64)
        wanted = np.exp(np.minimum(wide, 0)) / (1 + np.exp(-np.abs(wide)))
    assert np.array_equal(np.isnan(got), np.isnan(z))
    known = ~np.isnan(z)
    ulp = np.spacing(np.maximum(wanted[known].astype(np.float32), np.finfo(np.float32).tiny))
    assert (np.abs(got[known] - wanted[known]) / ulp).max() <= 3


@pytest.mark.slow
@pytest.mark.parametrize(("cbow", "hs"), WAYS)
def test_python_and_the_compiler_read_the_same_text_alike(cbow: bool, hs: bool) -> None:
    model, first = trained_either_way(way(cbow, hs))
    other, other_first = trained_either_way(way(cbow, hs), compiled=False)
    assert first == pytest.approx(other_first, rel=1e-4)
    assert np.abs(model.U).max() > 0.01
    assert np.abs(model.V - other.V).max() < 1e-4
    assert np.abs(model.U - other.U).max() < 1e-4


@pytest.mark.parametrize(("cbow", "hs"), WAYS)
def test_one_worker_gives_the_same_bytes_stopped_or_not_and_two_a_model_as_good(
    cbow: bool, hs: bool, tmp_path: Path
) -> None:
    how = way(cbow, hs)
    model, method = trained_either_way(how)[0], Walk(TEXT, how)
    half = method.laid_out(new_model(len(TEXT.words), how))
    next(train(half, TEXT, how, method))
    save_checkpoint(tmp_path / "c.npz", half, TEXT, how, method.backend)
    resumed = method.laid_out(load_checkpoint(tmp_path / "c.npz", TEXT, how, method.backend))
    assert len(list(train(resumed, TEXT, how, method))) == 1
    assert resumed.V.tobytes() == model.V.tobytes()
    assert resumed.U.tobytes() == model.U.tobytes()
    both = trained_either_way(how, workers=2)[0]
    stretch = stretch_of(TEXT, how, stretch_bounds(TEXT), 0)
    assert method.loss(both, stretch) == pytest.approx(method.loss(model, stretch), rel=0.05)


def drawn(counts: NDArray[np.int64], how_many: int, start: int) -> NDArray[np.int32]:
    samples, state = np.zeros(how_many, np.int32), np.array([start], np.uint64)
    with np.errstate(over="ignore"):
        center_steps.sampled(samples, *noise_of(counts, 0.75).guided(), state)
    return samples


def test_a_word_is_drawn_as_often_as_its_share_says_nearly_to_one() -> None:
    counts = np.array([1000, 500, *[7] * 200, 2, 1])
    shares = counts**0.75 / (counts**0.75).sum()
    found = np.bincount(drawn(counts, 20_000, 7), minlength=len(counts))
    assert np.abs(found - 20_000 * shares).max() < 3
    starts = np.random.default_rng(0).integers(0, 2**64, 3000, np.uint64).tolist()
    alone = np.bincount([drawn(counts, 4, start)[3] for start in starts], minlength=len(counts))
    assert alone[:2] / 3000 == pytest.approx(shares[:2], abs=0.02)
    last = 2**64 - 1 - int(center_steps._GOLDEN)  # the point after it is the last on the line
    assert drawn(counts, 1, last).tolist() == [len(counts) - 1]


def test_the_random_bits_are_those_of_splitmix64() -> None:
    state = np.array([1234567], np.uint64)
    with np.errstate(over="ignore"):
        found = [int(center_steps.drawn(state)) for _ in range(3)]
    assert found == [6457827717110365317, 3203168211198807973, 9817491932198370423]


def test_windows_reach_no_further_than_their_sentence_and_all_widths_are_drawn() -> None:
    ids = np.zeros(6000, np.int64)
    bounds = np.array([0, 1, 1, 3000, 6000])
    kept, before, after = (np.zeros(6000, np.int32) for _ in range(3))
    keep, state = np.array([2**32], np.uint64), np.array([3], np.uint64)
    n = functions()["thinned"](ids, bounds, keep, np.uint64(4), state, kept, before, after)
    assert n == 6000
    assert before[0] == after[0] == before[1] == after[2999] == before[3000] == 0
    shares = np.bincount(after[100:2900], minlength=5)[1:] / 2800
    assert shares == pytest.approx([0.25] * 4, abs=0.04)
    assert np.array_equal(before[100:2900], after[100:2900])


def test_frequent_words_have_the_short_paths_of_a_tree() -> None:
    starts, nodes, turns = tree_of(np.array([8, 4, 2, 1, 1]))
    lengths = np.diff(starts).tolist()
    assert lengths == [1, 2, 3, 4, 4]
    assert (nodes[starts[:-1]] == 3).all()  # the root
    paths = {(*nodes[a:b], *turns[a:b]) for a, b in pairwise(starts)}
    assert len(paths) == 5
    assert sum(2.0**-length for length in lengths) == 1


def test_compiled_code_reads_as_python_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = np.random.default_rng(0)
    spaces = [" ", "\n", "\t", "\r\n", "\r", "\x0b", "\x0c", "\x1c", "\x1f", "\0", "\x85", "\xa0"]
    spaces += ["\u2003", "\u2028", "\u3000", "\u1680"]
    letters = ["a", "b", "é", "猫", "\U0001d6fc", "\x1b", "\u200b", "c"]
    text = "".join(
        "".join(rng.choice(letters, rng.integers(0, 5))) + str(rng.choice(spaces))
        for _ in range(6000)
    )
    path = tmp_path / "text"
    path.write_text(text, encoding="utf-8", newline="")
    for length in (1 << 20, 997):
        monkeypatch.setattr(sources, "_LENGTH", length)
        python = read([str(path), str(path)])
        found = read([str(path), str(path)], compiled=True)
        assert found.words == python.words
        assert np.array_equal(found.ids, python.ids)
        assert np.array_equal(found.bounds, python.bounds)
        assert len(found.words) > 500


# sizes of rows that the tests above have compiled already; slow, for what it compiles alone
@pytest.mark.slow
@slow
@given(texts(), ways([5, 10, 20], [17, 32]))
def test_compiled_training_does_not_diverge(text: Corpus, how: Settings) -> None:
    method = Walk(text, how)
    model = method.laid_out(new_model(len(text.words), how))
    for _ in train(model, text, how, method):
        pass
    before, after = losses(text, how, model)
    assert after <= before
    assert longest(model) < LONGEST


pytest.importorskip("numba", reason="pip install '.[compiled]'")


L = center_steps.LANES
INSTRUCTIONS = Path(str(simd.__file__)).read_text(encoding="utf-8")
WIDTHS = ((0,), (0, 0, 0))
ROWS = 3


class Fault(Exception):
    """The processor would not do this, or nobody knows what it would do."""


@dataclass
class Pointer:
    """A place in a memory of numbers, and how many it leads to."""

    memory: list[Any]
    place: int
    count: int = 1

    def part(self, align: int) -> slice:
        if 4 * self.place % align or not 0 <= self.place <= len(self.memory) - self.count:
            raise Fault("not aligned, or outside")
        return slice(self.place, self.place + self.count)


def value(given: Any) -> Any:
    """A constant of LLVM as numbers; what is not defined is None."""
    if not isinstance(given, ir.Constant):
        return given
    if given.constant is ir.Undefined:
        return undefined(given.type)
    if isinstance(given.constant, (list, tuple)):
        return [value(each) for each in given.constant]
    whole = int(given.constant)
    assert whole == given.constant
    return whole


def undefined(kind: Any) -> Any:
    if not isinstance(kind, (ir.ArrayType, ir.VectorType)):
        return None
    return [undefined(kind.element) for _ in range(kind.count)]


class Builder:
    """What LLVM's builder is told, done at once."""

    def __init__(self) -> None:
        self.module = ir.Module()

    def gep(self, pointer: Pointer, by: list[Any]) -> Pointer:
        return Pointer(pointer.memory, pointer.place + value(by[0]))

    def bitcast(self, pointer: Pointer, kind: Any) -> Pointer:
        return Pointer(pointer.memory, pointer.place, getattr(kind.pointee, "count", 1))

    def load(self, pointer: Pointer, align: int) -> Any:
        return pointer.memory[pointer.part(align)]

    def store(self, vector: Any, pointer: Pointer, align: int) -> None:
        if len(vector) != pointer.count:
            raise Fault("another size")
        pointer.memory[pointer.part(align)] = vector

    def mul(self, one: Any, other: Any) -> Any:
        return one.type(value(one) * value(other))

    def insert_value(self, whole: Any, part: Any, place: int) -> Any:
        whole = list(value(whole))
        whole[place] = value(part)
        return whole

    def extract_value(self, whole: Any, place: int) -> Any:
        return value(whole)[place]

    def insert_element(self, vector: Any, number: Any, place: Any) -> Any:
        return self.insert_value(vector, number, value(place))

    def shuffle_vector(self, one: Any, other: Any, places: Any) -> Any:
        both = [*value(one), *value(other)]
        return [both[place] for place in value(places)]

    def _each(self, done: Callable[..., Any], *vectors: Any) -> Any:
        return [done(*parts) for parts in zip(*map(value, vectors), strict=True)]

    def fadd(self, one: Any, other: Any) -> Any:
        return self._each(lambda x, y: x + y, one, other)

    def fmul(self, one: Any, other: Any) -> Any:
        return self._each(lambda x, y: x * y, one, other)

    def fdiv(self, one: Any, other: Any) -> Any:
        return self._each(lambda x, y: x / y, one, other)

    def fneg(self, one: Any) -> Any:
        return self._each(lambda x: -x, one)

    def fcmp_ordered(self, sign: str, one: Any, other: Any) -> Any:
        told = {">=": lambda x, y: x >= y, "ord": lambda x, y: True}[sign]
        return self._each(told, one, other)

    def select(self, which: Any, yes: Any, no: Any) -> Any:
        return self._each(lambda w, y, n: y if w else n, which, yes, no)

    def call(self, function: Any, given: Any) -> Any:
        done: dict[str, Callable[..., Any]] = {
            "fmuladd": lambda x, y, z: x * y + z,
            "fabs": abs,
        }
        return self._each(done[function.name.split(".")[1]], *given)


@dataclass
class Matrix:
    """Rows of numbers, one after the other in memory."""

    memory: list[Any]
    width: int

    def array(self) -> Any:
        made = np.empty(len(self.memory), object)
        made[:] = self.memory
        return made.reshape(-1, self.width)


def run(module: ModuleType, name: str, *given: Any) -> Any:
    """One of the instructions on these arguments: the type of each, and what it is."""
    signature, made = getattr(module, name)._defn(None, *(kind for kind, _ in given))
    context = SimpleNamespace(
        make_array=lambda _: lambda *_, value: SimpleNamespace(data=Pointer(value.memory, 0)),
        get_dummy_value=lambda: None,
    )
    return made(context, Builder(), signature, [each for _, each in given])


def symbols(*shapes: int) -> tuple[Any, list[list[Any]]]:
    made = field(f"x0:{sum(shapes)}", QQ)
    names = iter(made[1:])
    return made[0], [[next(names) for _ in range(count)] for count in shapes]


def index(at: int) -> tuple[Any, Any]:
    return types.int64, ir.Constant(ir.IntType(64), at)


def rows_differ(module: ModuleType) -> bool:
    """Whether an instruction on rows does anything else than its function in `center_steps`."""
    for width in WIDTHS:
        d, row = L * len(width), module.Row(len(width))
        kind = types.Array(types.float32, 2, "C")
        _, (memory, other, (factor,)) = symbols(ROWS * d, d, 1)
        V, wide = Matrix(memory, d), types.UniTuple(types.int64, len(width))

        def flat(vector: Any) -> list[Any]:
            return [each for part in value(vector) for each in part]

        def split(numbers: Any, d: int = d) -> list[Any]:
            return [list(numbers[k : k + L]) for k in range(0, d, L)]

        for at in range(ROWS):
            loaded = run(module, "_load", (kind, V), index(at), (wide, None))
            if flat(loaded) != center_steps.load(V.array(), at, width).tolist():
                return True
            sum_ = run(
                module, "_added", (row, loaded), (types.float32, factor), (row, split(other))
            )
            once: Any = np.empty(1, object)
            array = np.empty(d, object)
            once[:], array[:] = [factor], other
            wanted = center_steps.added(center_steps.load(V.array(), at, width), once, array)
            if flat(sum_) != wanted.tolist():
                return True
            changed, expected = Matrix(list(memory), d), V.array()
            run(module, "_store", (kind, changed), index(at), (row, sum_))
            center_steps.store(expected, at, wanted)
            if changed.memory != expected.ravel().tolist():
                return True
        if flat(run(module, "_nothing", (wide, None))) != [0] * d:
            return True
    return False


def products_differ(module: ModuleType) -> bool:
    for width in WIDTHS:
        d, row = L * len(width), module.Row(len(width))
        line, kind = types.Array(types.float32, 1, "C"), types.Array(types.float32, 2, "C")
        _, (memory, v, before) = symbols(ROWS * d, d, 12)
        U, four = Matrix(memory, d), types.UniTuple(types.int64, 4)
        for first, places in ((0, (0, 1, 2, 1)), (4, (2, 2, 0, 1)), (7, (1, 0, 0, 2))):
            scores = Matrix(list(before), 12)
            parts = [v[k : k + L] for k in range(0, d, L)]
            at = [ir.Constant(ir.IntType(64), place) for place in places]
            run(module, "_products", (line, scores), index(first), (row, parts), (kind, U),
                (four, at))  # fmt: skip
            wanted, vector = np.empty(12, object), np.empty(d, object)
            wanted[:], vector[:] = before, v
            listed: Any = [0] * first + list(places)
            center_steps.products(wanted, first, first + 4, vector, U.array(), listed, width)
            if scores.memory != wanted.tolist():
                return True
    return False


def slopes_differ(module: ModuleType) -> bool:
    line = types.Array(types.float32, 1, "C")
    _, (weights, powers) = symbols(2 * L, L)

    def power(z: int) -> Any:
        return powers[abs(z) - 1] if z else powers[0] ** 0

    def exp(builder: Builder, x: Any) -> Any:
        if any(each > 0 for each in x):
            raise Fault("the polynomial is for numbers up to 0")
        return list(map(power, x))

    module._exp = exp  # type: ignore[attr-defined]
    scores = [(k * 5) % (L + 1) * (-1) ** (k // 2) for k in range(2 * L)]
    signs = [(-1) ** (k // 3) for k in range(2 * L)]
    moved = Matrix(list(scores), 2 * L)
    given = [(line, moved), (line, Matrix(signs, 2 * L)), (line, Matrix(weights, 2 * L))]
    run(module, "_slopes", *given, index(L))
    for k in range(L, 2 * L):
        z = signs[k] * scores[k]
        sigmoid = (power(0) if z >= 0 else power(z)) / (1 + power(z))
        if moved.memory[k] != sigmoid * signs[k] * weights[k]:
            return True
    return moved.memory[:L] != scores[:L]


def differs(module: ModuleType) -> bool:
    try:
        return slopes_differ(module) or rows_differ(module) or products_differ(module)
    except Fault:
        return True


def of_text(text: str, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The module of a text; Numba does not hear of its overloads."""
    monkeypatch.setattr(numba.extending, "overload", lambda *_, **__: lambda function: function)
    module = ModuleType("proved_kernels.training.read")
    module.__package__ = "proved_kernels.training"
    monkeypatch.setitem(__import__("sys").modules, module.__name__, module)
    exec(compile(text, "simd.py", "exec"), module.__dict__)
    return module


def test_each_instruction_does_what_its_function_on_rows_says(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert not differs(of_text(INSTRUCTIONS, monkeypatch))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("at.type(count * LANES)", "at.type(LANES)"),
        ("ir.IntType(64)(n * LANES)", "ir.IntType(64)(n)"),
        ("[_constant(0)] * count", "[_constant(1)] * count"),
        ("for each in (more, base))", "for each in (base, more))"),
        ("builder.load(some[k][n], align=64),", "builder.load(some[0][n], align=64),"),
        ("sums = [_constant(0)] * 4", "sums = [_constant(1)] * 4"),
        ("[0, 4, 1, 5]), picked(x, y, [2, 6, 3, 7])", "[0, 4, 1, 5]), picked(x, y, [2, 6, 3, 3])"),
        ("picked(one, other, [0, 1, 4, 5])", "picked(one, other, [0, 4, 1, 5])"),
        ("while length > 4:", "while length > 8:"),
        ("builder.fmul(sign, score)", "builder.fmul(sign, sign)"),
        ("builder.fmul(builder.fmul(sigmoid, sign), weight)", "builder.fmul(sigmoid, weight)"),
        ("is_positive, _constant(1), small", "is_positive, small, _constant(1)"),
        ("builder.fadd(_constant(1), small)", "builder.fadd(_constant(2), small)"),
        ("place = builder.gep(data, [given[3]])", "place = builder.gep(data, [given[3].type(0)])"),
    ],
)  # fmt: skip
def test_a_wrong_instruction_is_seen(old: str, new: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert INSTRUCTIONS.count(old) == 1, "the code has changed: say the mistake anew"
    assert differs(of_text(INSTRUCTIONS.replace(old, new), monkeypatch))
