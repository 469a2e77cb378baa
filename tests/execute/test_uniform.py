"""Nothing in emitted text depends on how large its inputs are, or on calls, but where it says so.

Each edit planted here is right at every size up to 3, or on a first call, and so passes the run on
symbols.
"""

import re
from typing import Any

import numpy as np
import pytest

from codegen.arrays.nodes import Length, Places, Product, nodes
from codegen.arrays.program import Step
from codegen.compiler import compiled
from codegen.emitted import GENERATED, texts_in
from codegen.execute.running import Variant
from codegen.execute.specification import Limits, Plan
from codegen.execute.uniformity import PLACES, Place, Watched, dependent, undeclared
from codegen.execute.work_units import functions, loadings, report
from codegen.kernel import Kernel, equalities
from codegen.subjects import CLAIMS, MODULES
from tests.execute.scene import equal, symbols, world

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
        "_runtime/scatter.py",
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
        "_runtime/entries.py",
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
    program = compiled(kernel, equalities(CLAIMS))
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
    *(f"_runtime/{name}.py" for name in ("entries", "parts", "products", "rows", "scatter")),
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
}


def every_way_to_look_up(way: Variant) -> None:
    """Entries of three axes, which no kernel has, and a list that is one for all rows."""
    entries, made = way.loaded.module("_runtime.entries"), world()
    values, first = symbols(made, "x", 2, 2, 2), np.array([[0], [1]])
    assert equal(made, entries.picked(values, first), [*values[0, :, 0:1].T, values[1, :, 1]])
    assert equal(made, entries.sum_without(values, first), [values[0, :, 1], values[1, :, 0]])
    assert equal(made, entries.sum_without(values[0], first), values[0, :, ::-1].T)


@pytest.mark.slow  # row sums of every list of words: a quarter of a minute
def test_both_sides_of_every_threshold_are_run() -> None:
    watched = Watched(PLACES)
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
        watched = Watched(frozenset([place]))
        code, told = watched.compiled("def f(x):\n    return x != 0\n", "f.py")
        names: dict[str, Any] = {**told}
        exec(code, names)
        assert (names["f"](np.array(x)) == (np.array(x) != 0)).all()
        assert watched.one_sided(["f.py"]) == left
