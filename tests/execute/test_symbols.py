"""Numbers that are symbols, the cases that kernels are run on, and what depends on a size."""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from codegen.array_language import Length, Places, Product, Step, nodes
from codegen.compiler import compiled, outlined
from codegen.emitted import GENERATED, texts_in
from codegen.execute.jobs import functions, loadings, report
from codegen.execute.running import Variant
from codegen.execute.specification import ALL, DRAWN, PATTERNS, Limits, Plan, cases, sizes
from codegen.execute.uniformity import PLACES, BranchCoverage, Place, dependent, undeclared
from codegen.interpret.array import numpy_of
from codegen.interpret.branching import Coverage, Refused, Split, State, every_path
from codegen.interpret.branching import Path as Choices
from codegen.interpret.symbolic import EXACT, Condition, csc_array, fraction, number
from codegen.kernel import Kernel, equalities
from codegen.subjects import CLAIMS, MODULES
from derivations.proof.field import Field
from tests.execute.test_execute import FUNCTIONS, equal, state, symbols

OPERATIONS: dict[str, Callable[[Any, Any], Any]] = {
    "sum": lambda a, b: a + b,
    "difference": lambda a, b: a - b,
    "product": lambda a, b: a * b,
    "quotient": lambda a, b: a / (b * b + 1),
    "matrix product": lambda a, b: a @ b.T,
    "matrix times vector": lambda a, b: a @ b[0],
    "inner product": lambda a, b: a[0] @ b[1],
    "square": lambda a, b: a**2,
    "negative": lambda a, b: -a,
    "sum along an axis": lambda a, b: a.sum(axis=0) + b.sum(axis=-1)[0],
    "sum of all": lambda a, b: (a * b).sum(),
    "einsum": lambda a, b: np.einsum("ij,kj->ik", a, b),
    "broadcast": lambda a, b: a[:, np.newaxis] * b,
    "take": lambda a, b: a.take([1, 0, 1], axis=0),
    "look-up": lambda a, b: a[np.array([1, 1]), np.array([0, 1])],
    "diagonal": lambda a, b: np.diagonal(a),
    "concatenate": lambda a, b: np.concatenate([a, b], axis=1),
    "transpose and reshape": lambda a, b: a.T.reshape(-1),
    "repeat": lambda a, b: np.repeat(a, [1, 2], axis=0),
    "minimum": lambda a, b: np.minimum(a, 0) + np.maximum(b, 0),
    "absolute": lambda a, b: np.abs(a) - np.where(b >= 0, b, 2 * a),
    "exp and log1p": lambda a, b: np.log1p(np.exp(-np.abs(a))) * b,
    "hyperbolic tangent": lambda a, b: np.tanh(a) * b,
    "sign": lambda a, b: np.sign(a) * b,
    "sums of runs": lambda a, b: np.add.reduceat(np.concatenate([a, b]), [0, 1], axis=0),
    "swapped axes": lambda a, b: np.swapaxes(a, 0, 1) @ b,
}


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_is_what_it_is_on_floats(name: str) -> None:
    """At 30 points, with an evaluation of the symbols that is written here."""
    own = state()
    a, b = symbols(own, "a", 2, 2), symbols(own, "b", 2, 2)
    got = OPERATIONS[name](a, b)
    rng = np.random.default_rng(5)
    for _ in range(30):
        x, y = rng.uniform(-2, 2, (2, 2)), rng.uniform(-2, 2, (2, 2))
        point: dict[Any, Any] = {("a", at): x[at] for at in np.ndindex(2, 2)}
        point |= {("b", at): y[at] for at in np.ndindex(2, 2)}
        want = np.asarray(OPERATIONS[name](x, y))
        found = np.array([_value(own, one, point) for one in EXACT.lifted(got).entries.flat])
        np.testing.assert_allclose(found.reshape(want.shape), want, rtol=1e-9, atol=1e-9)


def _value(own: State, entry: Any, point: dict[Any, float]) -> float:
    tree = number(own, entry).tree
    variables = {n: point[key] for key, n in own.field.numbers.items() if key in point}
    for n, argument in own.field.arguments.items():
        variables[n] = float(np.exp(_quotient(own.field, argument, variables)))
    known = {str(one): one for one in own.field.irreducible}
    for key, n in own.field.numbers.items():
        if isinstance(key, tuple) and key[0] == "log":
            inside = key[1] if isinstance(key[1], int) else _at(known[key[1]], variables)
            variables[n] = float(np.log(inside))
    while isinstance(tree, Split):
        condition = own.conditions[tree.condition]
        tree = tree.yes if _quotient(own.field, condition, variables) >= 0 else tree.no
    return _quotient(own.field, tree, variables)


def _quotient(field: Field, value: Any, variables: dict[int, float]) -> float:
    result = _at(value.numerator, variables)
    for n, power in value.denominator:
        result /= _at(field.irreducible[n], variables) ** power
    return result


def _at(polynomial: Any, variables: dict[int, float]) -> float:
    terms = polynomial.to_dict().items()
    return sum(
        float(Fraction(int(q.p), int(q.q)))
        * float(np.prod([variables[n] ** int(power) for n, power in enumerate(powers) if power]))
        for powers, q in terms
    )


REFUSED: dict[str, tuple[Callable[[Any], Any], str]] = {
    "an unknown function": (lambda a: np.arctan(a), "np.arctan"),
    "an unknown reduction": (lambda a: np.multiply.reduce(a), "np.multiply.reduce"),
    "an unknown array function": (lambda a: np.median(a), "np.median"),
    "a start of a sum": (lambda a: a.sum(initial=1), "np.add.reduce with initial="),
    "a cast within a sum": (lambda a: a.sum(dtype=np.float32), "np.add.reduce with dtype="),
    "a part of an operation": (lambda a: np.add(a, a, where=[True] * 3), "np.add with where="),
    "equality": (lambda a: a == a, "np.equal"),
    "a float of a symbol": (lambda a: float(a[0]), "a number as a float"),
    "a cast to floats": (lambda a: a.astype(np.float64), "conversion of object to float64"),
    "a float that is no fraction": (lambda a: a * 0.123456789, "rounding of no fraction"),
    "NaN": (lambda a: a + np.nan, "as an exact number"),
    "a root": (lambda a: a**0.5, "exponent is no whole number"),
    "the logarithm of anything": (lambda a: np.log1p(a), "may not be positive"),
    "memory that was not written to": (
        lambda a: a + numpy_of(EXACT).empty(3, object),
        "nothing was written",
    ),
    "a number as a truth value": (lambda a: a.item(0) and 1, "truth value"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_exact_is_refused_by_name(name: str) -> None:
    how, message = REFUSED[name]
    with pytest.raises(Refused, match=message):
        how(symbols(state(), "a", 3))


def test_a_single_entry_is_changed_in_place_and_no_other() -> None:
    own = state()
    scores = symbols(own, "a", 3)
    before = scores.copy()
    scores[0] += 1
    assert equal(own, scores[0].item(), (before[0] + 1).item())
    assert not equal(own, scores[0].item(), before[0].item())
    assert scores[1].item() is before[1].item()


def test_views_share_memory_and_copies_do_not() -> None:
    own = state()
    a = symbols(own, "a", 3)
    view, copy = a[:2], a.copy()
    before = a[0].item()
    view[0] = a[2]
    assert a[0].item() is a[2].item()
    assert copy[0].item() is before


def test_a_sigmoid_has_no_cases_left() -> None:
    own = state()
    z = symbols(own, "z")
    decay = np.exp(-np.abs(z))
    assert isinstance(decay.item().tree, Split)
    sigmoid = np.where(z >= 0, 1, decay) / (1 + decay)
    assert not isinstance(sigmoid.item().tree, Split)
    assert equal(own, sigmoid, 1 / (1 + np.exp(-z)))


def test_a_branch_with_another_value_keeps_its_case() -> None:
    own = state()
    z = symbols(own, "z")
    assert isinstance(np.where(z >= 0, z, 2 * z).item().tree, Split)


def test_a_truth_value_is_chosen_and_then_kept() -> None:
    for choice, holds in ((0, True), (1, False)):
        z = symbols(state(choice), "z")
        condition = (z >= 0).item()
        assert isinstance(condition, Condition)
        assert bool(condition) is holds
        assert bool(condition) is holds


@given(st.lists(st.integers(1, 3), max_size=4))
def test_every_path_is_gone_once(ways: list[int]) -> None:
    covered = Coverage()
    found = list(every_path(lambda path: tuple(map(path.choose, ways)), 200, covered))
    assert sorted(found) == sorted(np.ndindex(*ways))
    assert covered.all_paths
    assert covered.runs == len(found)


def test_too_many_paths_are_drawn_and_said_to_be() -> None:
    covered = Coverage()
    found = list(every_path(lambda path: [path.choose(3) for _ in range(5)], 10, covered))
    assert len(found) == covered.runs == 10
    assert not covered.all_paths


def test_as_many_paths_as_there_are_is_all_of_them() -> None:
    covered = Coverage()
    list(every_path(lambda path: path.choose(3), 3, covered))
    assert covered.all_paths
    assert covered.runs == 3


def test_a_path_that_forks_later_is_gone_too() -> None:
    def run(path: Choices) -> tuple[int, ...]:
        first = path.choose(2)
        return (first, path.choose(3)) if first else (first,)

    assert list(every_path(run, 50, Coverage())) == [(0,), (1, 0), (1, 1), (1, 2)]


@given(st.fractions(min_value=-9, max_value=9, max_denominator=60))
def test_a_float_is_the_fraction_it_is_the_rounding_of(q: Fraction) -> None:
    assert fraction(float(q)) == q


@given(st.data())
def test_the_sparse_product_is_the_dense_one(data: st.DataObject) -> None:
    rows, columns = data.draw(st.integers(1, 4)), data.draw(st.integers(0, 4))
    lengths = data.draw(st.lists(st.integers(0, 3), min_size=columns, max_size=columns))
    starts = np.cumsum([0, *lengths])
    places = data.draw(
        st.lists(st.integers(0, rows - 1), min_size=int(starts[-1]), max_size=int(starts[-1]))
    )
    values = np.arange(1, len(places) + 1)
    dense = np.zeros((rows, columns), int)
    for column in range(columns):
        for n in range(starts[column], starts[column + 1]):
            dense[places[n], column] += values[n]
    right = np.arange(columns * 2).reshape(columns, 2) - 3
    got = csc_array((values, np.array(places, int), starts), (rows, columns)) @ right
    assert np.array_equal(got.entries, dense @ right)


FEW = Limits(4, 4, 4)
PAIR: Any = FUNCTIONS["negative_sampling.value_and_grad"]
SPANS: Any = FUNCTIONS["spans.value_and_grad"]


def lengths(kernel: Any, **wanted: int) -> Any:
    return next(
        one for one in sizes(kernel, 3) if all(one[name] == n for name, n in wanted.items())
    )


def test_every_size_up_to_the_bound_is_there_small_ones_first() -> None:
    found = [(one["N"], one["d"], one["K"]) for one in sizes(PAIR, 3)]
    assert sorted(found) == sorted(
        (n, d, k) for n in (1, 2, 3) for d in (1, 2, 3) for k in range(4)
    )
    assert found[0] == (1, 1, 0)


def test_places_around_centers_follow_from_the_reach() -> None:
    for one in sizes(SPANS, 2):
        assert one["S + 2 m"] == one["S"] + 2 * one["m"]


def test_few_words_are_all_taken() -> None:
    which, found = cases(PAIR, lengths(PAIR, N=3, K=2), Limits(27, 4, 4))
    assert which == ALL
    chosen = {(case.integers["o"], *np.asarray(case.integers["negatives"])) for case in found}
    assert len(chosen) == len(found) == 27


def test_more_words_are_taken_by_their_pattern() -> None:
    which, found = cases(PAIR, lengths(PAIR, N=3, K=2), Limits(26, 5, 4))
    assert which == PATTERNS
    chosen = {(case.integers["o"], *np.asarray(case.integers["negatives"])) for case in found}
    assert chosen == {(0, 0, 0), (0, 0, 1), (0, 1, 0), (0, 1, 1), (0, 1, 2)}


def test_even_more_are_drawn_and_said_to_be() -> None:
    which, found = cases(PAIR, lengths(PAIR, N=3, K=2), FEW)
    assert which == DRAWN
    assert len(found) == 4
    assert list(map(str, found)) == list(map(str, cases(PAIR, lengths(PAIR, N=3, K=2), FEW)[1]))


def test_every_window_is_met_by_all_words_of_a_small_block() -> None:
    which, found = cases(SPANS, lengths(SPANS, N=1, d=1, G=1, S=1, R=1, m=1), FEW)
    assert which == ALL
    windows = {
        tuple(np.asarray(c.integers[name]).item() for name in ("before", "after")) for c in found
    }
    assert windows == {(0, 0), (0, 1), (1, 0), (1, 1)}


@pytest.mark.parametrize("name", [n for n in FUNCTIONS if "." in n and "_sigmoid" not in n])
def test_words_are_in_range_and_of_the_shapes_of_the_kernel(name: str) -> None:
    kernel: Any = FUNCTIONS[name]
    for one in sizes(kernel, 2)[:20]:
        for case in cases(kernel, one, FEW)[1]:
            for argument in kernel.arguments:
                if argument.is_integer:
                    value = np.asarray(case.integers[argument.name])
                    assert value.shape == tuple(one[letter] for letter in argument.letters)
                    assert np.all(value >= 0)


TEXTS = texts_in(GENERATED)
KERNELS = [one for module in MODULES for one in module.functions if isinstance(one, Kernel)]


def test_all_that_depends_on_an_extent_is_declared_and_there() -> None:
    assert undeclared(TEXTS, PLACES) == ([], [])


LOSS = "    loss = (scores[leader] - scores[o]) + np.log1p(trailing)\n"
SCORES = "    scores = guarded(U @ v_c, U, v_c)  # z[w]\n"
IMPORT = "import numpy as np\n"
QUIET = '@np.errstate(over="ignore", invalid="ignore", under="ignore")\ndef loss'
LAST = "U: ArrayLike) -> float:"


def then(line: str, *more: str) -> tuple[str, str]:
    """The line, with more behind it."""
    return line, line + "".join(f"    {one}\n" for one in more)


def before(line: str, *more: str) -> tuple[str, str]:
    """The line, with more before it."""
    return line, "".join(f"    {one}\n" for one in more) + line


PLANTED = {
    "a branch on a length": then(LOSS, "if len(U) > 3:", "    loss = loss + 1"),
    "a choice by a length": then(LOSS, "loss = loss if U.shape[1] < 4 else 0.0"),
    "the first four coordinates": (SCORES, SCORES.replace("U @ v_c", "U[:, :4] @ v_c[:4]")),
    "all but what is behind the third": (SCORES, SCORES.replace("U @ v_c", "U[:3] @ v_c")),
    "every fourth left out": then(SCORES, "scores = scores * ((np.arange(len(U)) + 1) % 4 != 0)"),
    "places below four": then(SCORES, "scores = np.where(np.arange(len(U)) < 4, scores, 0)"),
    "a length cut off": then(LOSS, "loss = loss * len(U) / min(len(U), 3)"),
    "a length cut off by NumPy": then(LOSS, "loss = loss * np.maximum(U.shape[0], 3)"),
    "a quotient of a length": then(LOSS, "loss = loss + len(U) // 4"),
    "a remainder of a name for a length": then(LOSS, "n = len(U)", "loss = loss + n % 1000 - n"),
    "a loop over some": then(LOSS, "for k in range(3):", "    loss = loss + 0 * k"),
    "a length compared under a name": then(LOSS, "many = U.size", "loss = loss + (many > 12)"),
    "a count of calls": before(LOSS, "global calls", "calls += 1"),
    "a count on the function": before(LOSS, "loss.calls = getattr(loss, 'calls', 0) + 1"),
    "a default that remembers": (LAST, "U: ArrayLike, seen: Any = []) -> float:"),
    "a list of the module": (IMPORT, IMPORT + "\nSEEN: list[int] = []\n"),
    "a counter of the module": (IMPORT, IMPORT + "\nCOUNTER = iter(range(100000))\n"),
    "a condition on the module": then(LOSS, "if READY:", "    loss = loss + 1"),
    "a result that is kept": (QUIET, "@cache\ndef loss"),
    "the clock": (IMPORT, "import time\n\n" + IMPORT),
    "noise": then(LOSS, "loss = loss + 0 * np.random.rand()"),
    "what raised before": then(LOSS, "try:", "    loss += 0", "except ValueError:", "    loss = 0"),
}


@pytest.mark.parametrize("name", PLANTED)
def test_an_edit_that_goes_wrong_at_a_larger_size_or_a_later_call_is_seen(name: str) -> None:
    old, new = PLANTED[name]
    text = TEXTS["naive_softmax.py"]
    assert old in text
    spoilt = {**TEXTS, "naive_softmax.py": text.replace(old, new, 1)}
    found, gone = undeclared(spoilt, PLACES)
    assert found
    assert not gone


RUNTIME = {
    "another threshold": ("_runtime/rows.py", "<= OFTEN", "<= 1000"),
    "a bound on rows": (
        "_runtime/rows.py",
        "rows = terms.rows.take(",
        "rows = terms.rows[:64].take(",
    ),
    "another block of a sum": (
        "compiled/_runtime/rows.py",
        "range(blocks * _BLOCK,",
        "range(2 * _BLOCK,",
    ),
    "few coordinates of a row": (
        "compiled/_runtime/rows.py",
        "for i in range(len(row)):\n        row[i] += other[i]",
        "for i in range(min(len(row), 64)):\n        row[i] += other[i]",
    ),
    "few words at a time": (
        "_runtime/arrays.py",
        "return ",
        "if len(values) > 9: return 0\n    return ",
    ),
}


@pytest.mark.parametrize("name", RUNTIME)
def test_an_edit_of_the_runtime_is_seen(name: str) -> None:
    file, old, new = RUNTIME[name]
    assert old in TEXTS[file]
    assert undeclared({**TEXTS, file: TEXTS[file].replace(old, new, 1)}, PLACES)[0]


LOOP = "    for w in range(N):\n        add_multiple(pull, rest[w], U[w])\n"
ADD = "add_multiple(pull, rest[w], U[w])"
IN_LOOPS = {
    "some words left out": (LOOP, LOOP.replace("range(N)", "range(3)")),
    "words from the fourth on": (LOOP, LOOP.replace("range(N)", "range(3, N)")),
    "all but the last": (LOOP, LOOP.replace("range(N)", "range(N - 1)")),
    "words in steps": (LOOP, LOOP.replace("range(N)", "range(0, N, 1)")),
    "a branch on what a loop counts": (ADD, f"if w < 3:\n            {ADD}"),
    "another word from the fourth on": (ADD, "add_multiple(pull, rest[min(w, 3)], U[w])"),
    "a place that is computed": (ADD, "add_multiple(pull, rest[w - w // 4], U[w])"),
    "a place under another name": (ADD, f"v = w - (w & 4)\n        {ADD.replace('[w]', '[v]')}"),
    "a name for the count": (ADD, "v = w\n        add_multiple(pull, rest[v], U[w])"),
    "a count as a number": (ADD, ADD.replace("rest[w]", "rest[w] + 0 * number(w)")),
    "a count that vanishes on three words": (ADD, ADD.replace("rest[w]", "w * (w - 1) * rest[w]")),
    "a branch on a length": (LOOP, f"{LOOP}    if N > 3:\n        pull[0] = number(1)\n"),
}


@pytest.mark.parametrize("name", IN_LOOPS)
def test_an_edit_of_a_loop_that_goes_wrong_at_a_larger_size_is_seen(name: str) -> None:
    old, new = IN_LOOPS[name]
    file = "compiled/naive_softmax.py"
    assert TEXTS[file].count(old) == 1
    found, gone = undeclared({**TEXTS, file: TEXTS[file].replace(old, new)}, PLACES)
    assert found
    assert not gone


def test_what_depends_on_no_extent_is_let_be() -> None:
    text = "def f(x):\n    y = x.sum(axis=0) / x.shape[0]\n    return y[..., 0] + x.T @ x\n"
    assert dependent({"f.py": text}) == []


@pytest.mark.parametrize("kernel", KERNELS, ids=lambda one: one.name)
def test_programs_use_lengths_to_multiply_and_to_count_with_alone(kernel: Kernel) -> None:
    program = outlined(compiled(kernel, equalities(CLAIMS)))
    inside = program.part.steps if program.part else ()
    steps = [one for one in (*inside, *program.steps) if isinstance(one, Step)]
    using = {
        type(node)
        for step in steps
        for node in nodes(step.value)
        if any(isinstance(part, Length) for part in node.parts)
    }
    assert using <= {Product, Places}


# thresholds, tiles and parts: what large inputs need is run by small ones
TURNING = (
    *(f"_runtime/{name}.py" for name in ("arrays", "batches", "rows")),
    *("naive_softmax.py", "spans.py"),
)
RUN = {
    "naive_softmax.batch_value_and_grad",
    "negative_sampling.batch_value_and_grad",
    "negative_sampling.value_and_grad",
    "blocks.loss",
    "contrastive.value_and_grad",
    "skip_gram.naive_softmax_value_and_grad",
    *(f"spans.{name}" for name in ("loss", "value_and_grad", "sgd_step", "weights")),
}
# branches that raise, or that only an empty list or infinite numbers take
NEVER = {
    "if not isinstance(work, Workspace):",
    "if work.grad_U.shape != U.shape or work.grad_U.dtype != U.dtype:",
    "if rows.shape[:-1] != words.shape:",
    "if len(self.rows) and self.rows[-1] >= N:",
    "rows[-1] + 1 if len(rows) else 0",
    "if isfinite(np.vdot(products, products)):",
    "work.grad_U.shape != U.shape",
    "rows.shape[:-1] != words.shape",
    # of `in_threads`, which no kernel calls
    "if isinstance(parts[0], RowGrad):",
    "if len(parts) < threads:",
    "if len(places) != 1 or threads == 1 or max(places) < threads:",
    "len(parts) < threads",
    "len(places) != 1",
}


def every_way_to_look_up(way: Variant) -> None:
    """Entries of three axes, which no kernel has, and a list that is one for all rows."""
    entries, made = way.loaded.module("_runtime.arrays"), state()
    values, first = symbols(made, "x", 2, 2, 2), np.array([[0], [1]])
    assert equal(made, entries.picked(values, first), [*values[0, :, 0:1].T, values[1, :, 1]])
    assert equal(made, entries.sum_without(values, first), [values[0, :, 1], values[1, :, 0]])
    assert equal(made, entries.sum_without(values[0], first), values[0, :, ::-1].T)


@pytest.mark.slow  # row sums of every list of words: a quarter of a minute
def test_both_sides_of_every_threshold_are_run() -> None:
    watched = BranchCoverage(PLACES)
    plan = Plan(2, 6, Limits(3, 3, 3), Limits(1, 1, 1), paths=2, longer=3)
    known = dict(functions(MODULES))
    for name in ("_runtime.rows.row_sums", *sorted(RUN)):
        ways = loadings(TEXTS, watched)
        assert report(name, known.get(name), equalities(CLAIMS), ways, plan).proved
    every_way_to_look_up(ways[0])
    left = {place.text for place in watched.one_sided(TURNING)}
    assert left <= NEVER
    assert {"OFTEN", "ndim", "offset"} <= {
        word for place in watched.ways for word in re.findall("[A-Za-z]+", place.text)
    }


def test_a_comparison_of_places_that_has_one_answer_is_told() -> None:
    place = Place("f.py", "f", "x != 0")
    for x, left in (([0, 1], []), ([1, 2], [place]), ([], [place])):
        watched = BranchCoverage(frozenset([place]))
        code, told = watched.compiled("def f(x):\n    return x != 0\n", "f.py")
        names: dict[str, Any] = {**told}
        exec(code, names)
        assert (names["f"](np.array(x)) == (np.array(x) != 0)).all()
        assert watched.one_sided(["f.py"]) == left
