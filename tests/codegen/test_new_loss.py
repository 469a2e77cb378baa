"""Kernels follow their documents; what is not proved, or does not fit, is no kernel."""

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sympy import (
    Add,
    Expr,
    IndexedBase,
    KroneckerDelta,
    Piecewise,
    Rational,
    Sum,
    Symbol,
    exp,
    log,
    pi,
    sin,
)

from codegen.array_language import LoweringError
from codegen.backends.numpy.numpy_package import front_text, module_text
from codegen.backends.numpy.numpy_text import code
from codegen.compiler import compiled
from codegen.kernel import (
    Argument,
    Document,
    Equality,
    Gradient,
    Kernel,
    Misuse,
    Module,
    NotProved,
    Value,
    argmax,
    equalities,
    require_fit,
    require_proved,
)
from codegen.lower.rules import row_sums
from codegen.matching import Rewrites, match, match_part, same_function
from codegen.subjects import CLAIMS as EVERY_CLAIM
from codegen.subjects import MODULES, cbow, found, glove
from codegen.subjects.word2vec.naive_softmax import NAIVE_SOFTMAX
from codegen.subjects.word2vec.skip_gram import SKIP_GRAM_WINDOW
from codegen.subjects.word2vec.stable_steps import BATCH, LAYOUT, NEGATIVES, PAIR, SIGMOID, SIGMOIDS
from derivations.claim import Claim, Verdict
from derivations.indices import Index, total
from derivations.language.index_nodes import define
from derivations.proof.judge import judge
from derivations.word2vec.claims import CLAIMS
from derivations.word2vec.losses import (
    DRAWS,
    D,
    P,
    U,
    V,
    a,
    b,
    c,
    centers,
    draw,
    h,
    i,
    j,
    k,
    naive_softmax,
    near,
    o,
    outsides,
    scalar,
    score,
    sigma,
    sigma_by_sign,
    w,
    x,
    y,
    yhat,
    z,
)
from derivations.word2vec.losses import score as plain_score
from generated._runtime.arrays import guarded
from tests.codegen.programs import COIN, emitted, lowering, slope

target = IndexedBase("target", real=True)  # what the score of a pair should be
trust = IndexedBase("trust", real=True)  # how much a pair counts
margin = Symbol("margin", real=True)


def claim(id: str, left: Any, right: Any) -> Claim:
    return Claim(id, "new", "a test", "a test", scalar(left), scalar(right))


def squared_error() -> tuple[Kernel, tuple[Claim, ...]]:
    """Weighted least squares of the scores of a batch: a pair loss as in GloVe."""
    pair = score(centers[b], outsides[b]) - target[b]
    fit = define("fit", "fit", (), total(Rational(1, 2) * trust[b] * pair**2, b))
    claims = (
        claim(
            "fit.V",
            D(fit(), V[x, i]),
            total(KroneckerDelta(centers[b], x) * trust[b] * pair * U[outsides[b], i], b),
        ),
        claim(
            "fit.U",
            D(fit(), U[x, i]),
            total(KroneckerDelta(outsides[b], x) * trust[b] * pair * V[centers[b], i], b),
        ),
    )
    numbers = (
        Argument("target", target[b], (b,), ("B",)),
        Argument("trust", trust[b], (b,), ("B",)),
    )
    kernel = Kernel(
        name="value_and_grad",
        title="Weighted least squares.",
        loss=fit(),
        arguments=(*BATCH, *numbers),
        outputs=(
            Value("loss", fit()),
            Gradient("grad_V", "fit.V", (x, i)),
            Gradient("grad_U", "fit.U", (x, i), dense="U"),
        ),
        layout=LAYOUT,
        names={score(centers[b], outsides[b]): "scores"},
    )
    return kernel, claims


def margin_loss() -> tuple[Kernel, tuple[Claim, ...]]:
    """Negative sampling that asks for a margin on the outside word."""
    short = score(c, o) - margin
    negatives = total(log(sigma(-score(c, draw[k]))), k)
    loss = define("J_margin", "J_margin", (c, o), -log(sigma(short)) - negatives)(c, o)
    pull, push = 1 - sigma(short), 1 - sigma(-score(c, draw[k]))
    claims = (
        claim(
            "margin.v",
            D(loss, V[c, i]),
            total(push * U[draw[k], i], k) - pull * U[o, i],
        ),
        claim(
            "margin.U",
            D(loss, U[x, i]),
            (total(KroneckerDelta(draw[k], x) * push, k) - KroneckerDelta(x, o) * pull) * V[c, i],
        ),
    )
    kernel = Kernel(
        name="value_and_grad",
        title="Negative sampling with a margin.",
        loss=loss,
        arguments=(*PAIR, NEGATIVES, Argument("margin", margin, meaning="the margin")),
        outputs=(
            Value("loss", loss),
            Gradient("grad_v_c", "margin.v", (i,)),
            Gradient("grad_U", "margin.U", (x, i), dense="U"),
        ),
        layout=LAYOUT,
        rewrites=("e.complement",),
        calls=SIGMOIDS,
    )
    return kernel, claims


def built(kernel: Kernel, claims: tuple[Claim, ...], folder: Path) -> Any:
    claims = (*claims, *CLAIMS)
    require_fit(kernel, equalities(claims))
    return emitted([SIGMOID, Module("new.py", "New.", (kernel,))], claims, folder).new


def test_a_squared_error_is_lowered_from_its_claims(tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    rows_V, rows_U = rng.standard_normal((4, 3)), rng.standard_normal((4, 3))
    center, outside = np.array([0, 2, 0, 3, 0]), np.array([1, 1, 1, 2, 3])
    wanted, counts = rng.standard_normal(5), rng.random(5)

    def expected() -> float:
        scores = (rows_V[center] * rows_U[outside]).sum(axis=1)
        return float((counts * (scores - wanted) ** 2).sum() / 2)

    value_and_grad = built(*squared_error(), tmp_path).value_and_grad
    loss, grad_V, grad_U = value_and_grad(rows_V, rows_U, center, outside, wanted, counts)
    assert loss == pytest.approx(expected(), rel=1e-13)
    assert list(grad_V.rows) == [0, 2, 3]
    assert grad_V.dense(4) == pytest.approx(slope(expected, rows_V), abs=1e-7)
    assert grad_U == pytest.approx(slope(expected, rows_U), abs=1e-7)


def test_a_margin_is_lowered_from_its_claims(tmp_path: Path) -> None:
    rng = np.random.default_rng(4)
    v, rows, drawn = rng.standard_normal(3), rng.standard_normal((5, 3)), [1, 1, 2, 4]

    def expected() -> float:
        scores = rows @ v
        return float(np.log1p(np.exp(0.5 - scores[2])) + np.log1p(np.exp(scores[drawn])).sum())

    new = built(*margin_loss(), tmp_path)
    loss, grad_v, grad_U = new.value_and_grad(v, 2, rows, drawn, 0.5)
    assert loss == pytest.approx(expected(), rel=1e-13)
    assert grad_v == pytest.approx(slope(expected, v), abs=1e-7)
    assert grad_U == pytest.approx(slope(expected, rows), abs=1e-7)
    far = new.value_and_grad([1.0], 0, [[800.0]], [], 100.0)[0]
    assert far == pytest.approx(np.exp(-700.0), rel=1e-14)
    assert new.value_and_grad([1.0], 0, [[50.0]], [], 100.0)[0] == 50


def test_new_arguments_are_checked_like_the_others(tmp_path: Path) -> None:
    value_and_grad = built(*squared_error(), tmp_path).value_and_grad
    rows = np.ones((2, 1))
    with pytest.raises(ValueError, match=r"centers has shape \(2,\), should be \(1,\)"):
        value_and_grad(rows, rows, [0, 1], [1, 1], [1.0], [1.0])
    with pytest.raises(TypeError, match="trust is of dtype bool"):
        value_and_grad(rows, rows, [0], [1], [1.0], [True])


def softmax_loss(cold: Expr) -> tuple[Kernel, tuple[Claim, ...]]:
    """The naive softmax of scores divided by a temperature, with all the claims it needs."""
    score = define("score_t", "z[{w}]", (c, w), plain_score(c, w) / cold)
    P = define("P_t", "P({o}|{c})", (o, c), exp(score(c, o)) / total(exp(score(c, w)), w))
    loss = define("J_t", "J_t", (c, o), -log(P(o, c)))
    weight = define("weight_t", "e[{w}]", (c, a, w), exp(score(c, w) - score(c, a)))
    weights = define("weights_t", "Σe", (c, a), total(weight(c, a, w), w))
    is_o = KroneckerDelta(w, o)
    others = define("others_t", "Σe≠", (c, a, o), total((1 - is_o) * weight(c, a, w), w))
    share, rest = weight(c, a, w) / weights(c, a), others(c, a, o) / weights(c, a)
    error = define("error_t", "error[{w}]", (c, o, a, w), (1 - is_o) * share - is_o * rest)
    lag = score(c, a) - score(c, o) + log(1 + others(c, a, a))

    def claim(id: str, left: Expr, right: Expr) -> Claim:
        return Claim(id, "t", "a test", "a test", scalar(left), scalar(right))

    J, by_row = loss(c, o), (P(x, c) - y(o, x)) / cold
    claims = (
        claim("t.loss", J, lag),
        claim("t.error", P(w, c) - y(o, w), error(c, o, a, w)),
        claim("t.center", D(J, V[c, i]), total(U[x, i] * by_row, x)),
        claim("t.row", D(J, U[x, i]), by_row * V[c, i]),
    )
    kernel = Kernel(
        name="value_and_grad",
        title="The softmax loss at a temperature.",
        loss=J,
        arguments=(*PAIR, Argument("cold", cold, meaning="the temperature")),
        outputs=(
            Value("loss", J),
            Gradient("grad_v_c", "t.center", (i,)),
            Gradient("grad_U", "t.row", (x, i)),
        ),
        layout=LAYOUT,
        rewrites=("t.loss", "t.error"),
        choices={a: argmax("top", "top", (c,), w, score(c, w))(c)},
    )
    return kernel, claims


@pytest.fixture
def warm(tmp_path: Path) -> Any:
    kernel, claims = softmax_loss(Symbol("T", positive=True))
    require_fit(kernel, equalities(claims))
    return emitted([Module("warm.py", "A temperature.", (kernel,))], claims, tmp_path).warm


def loss_at(v: Any, word: int, rows: Any, cold: float) -> float:
    scores = rows @ v / cold
    return float(np.log(np.exp(scores).sum()) - scores[word])


@pytest.mark.parametrize("cold", [0.3, 1.0, 7.0])
def test_a_temperature_reaches_the_loss_and_both_gradients(warm: Any, cold: float) -> None:
    rng = np.random.default_rng(1)
    v, rows = rng.standard_normal(3), rng.standard_normal((5, 3))
    loss, grad_v, grad_U = warm.value_and_grad(v, 2, rows, cold)
    assert loss == pytest.approx(loss_at(v, 2, rows, cold), rel=1e-13)
    assert grad_v == pytest.approx(slope(lambda: loss_at(v, 2, rows, cold), v), abs=1e-7)
    assert grad_U == pytest.approx(slope(lambda: loss_at(v, 2, rows, cold), rows), abs=1e-7)


def test_the_changed_kernel_is_as_stable_as_the_first(warm: Any) -> None:
    loss, _, grad_U = warm.value_and_grad([1.0], 0, [[400.0], [0.0]], 10.0)
    assert loss == pytest.approx(np.exp(-40.0), rel=1e-14)
    assert grad_U[0, 0] == pytest.approx(-np.exp(-40.0) / 10, rel=1e-14)


def test_a_scaled_loss_scales_the_kernel(tmp_path: Path) -> None:
    """A number is multiplied into sums by SymPy: the rewrites must still find their terms."""
    tripled = define("J_3", "3 J", (c, o), 3 * naive_softmax(c, o))
    J, error = tripled(c, o), 3 * (yhat(c, x) - y(o, x))
    claims = (
        Claim("s.v", "s", "", "", scalar(D(J, V[c, i])), scalar(total(error * U[x, i], x))),
        Claim("s.U", "s", "", "", scalar(D(J, U[x, i])), scalar(error * V[c, i])),
        *CLAIMS,
    )
    top = argmax("top", "top", (c,), w, plain_score(c, w))
    kernel = Kernel(
        name="value_and_grad",
        title="Three times the loss.",
        loss=J,
        arguments=PAIR,
        outputs=(
            Value("loss", J),
            Gradient("grad_v_c", "s.v", (i,)),
            Gradient("grad_U", "s.U", (x, i)),
        ),
        layout=LAYOUT,
        rewrites=("stable.loss", "stable.error"),
        choices={a: top(c)},
    )
    require_proved([kernel], claims)
    scaled = emitted([Module("scaled.py", "Scaled.", (kernel,))], claims, tmp_path).scaled
    rng = np.random.default_rng(2)
    v, rows = rng.standard_normal(3), rng.standard_normal((5, 3))
    loss, grad_v, grad_U = scaled.value_and_grad(v, 1, rows)
    assert loss == pytest.approx(3 * loss_at(v, 1, rows, 1), rel=1e-13)
    assert grad_v == pytest.approx(3 * slope(lambda: loss_at(v, 1, rows, 1), v), abs=1e-7)
    assert grad_U == pytest.approx(3 * slope(lambda: loss_at(v, 1, rows, 1), rows), abs=1e-7)


ROOT = Path(__file__).resolve().parents[2]
DERIVATION = r"""# Least squares of the scores of one vector

```given
size N, d >= 1
index i, x in Vocab = 1..N
vectors u_i in R^d, columns of U
vector v in R^d
vector y in R^{Vocab}
```

## (a) One vector

```given
define e_i = v^T u_i - y_i
define J(U, v) = \sum_i e_i^2
```

$$J(U, v) = \sum_i (v^T u_i - y_i)^2$$

$$\frac{\partial}{\partial v} J(U, v) = 2 \sum_i e_i u_i$$

$$\frac{\partial}{\partial u_x} J(U, v) = 2 e_x v$$
"""
KERNELS = '''"""Least squares: which argument each symbol stands for."""

from codegen.kernel import Document
from codegen.kernel import Argument, Kernel, Module, Value
from derivations.indices import Index

document = Document("least_squares")
i, x = (document.index("a", letter) for letter in "ix")
u, v, y, e = (document.entry("a", name) for name in "uvye")
by_v = document.gradient("grad_v", "a.2")
(h,) = by_v.axes
LOSS = document.function("a", "J")()

MODULES = (
    Module(
        "least_squares.py",
        "Least squares of scores.",
        (
            Kernel(
                name="value_and_grad",
                title="Least squares, and their gradients.",
                loss=LOSS,
                arguments=(
                    Argument("v", v(h), (h,), ("d",)),
                    Argument("U", u(i, h), (i, h), ("N", "d")),
                    Argument("y", y(i), (i,), ("N",)),
                ),
                outputs=(Value("loss", LOSS), by_v, document.gradient("grad_U", "a.3", x)),
                layout=(i.space, h.space),
                names={e(i): "errors"},
            ),
        ),
    ),
)
CLAIMS = tuple(document.claims.values())
'''
PROGRAM = """
from pathlib import Path

import numpy as np

from codegen.kernel import equalities
from codegen.execute.specification import Limits, Plan
from codegen.execute.jobs import report
from codegen.execute.jobs import loadings
from codegen.emitted import package, runtime_texts
from codegen.kernel import require_proved
from codegen.subjects import CLAIMS, MODULES
from codegen.emitted import compare, mend

stated, runtime = equalities(CLAIMS), runtime_texts()
(module,) = (one for one in MODULES if one.path == "least_squares.py")
require_proved(module.functions, CLAIMS)
texts = package(MODULES, stated)
mend(compare(Path("generated"), texts, runtime))

import generated
from codegen.rounding.bound_rows import ARGUMENTS
from codegen.rounding.bound_rows import cases
from codegen.rounding.bound_rows import compare as compared
from derivations.certify.certify_command import all_subjects

kernel = generated.least_squares.value_and_grad
assert "least_squares" in generated.__all__
plan = Plan(most=2, sizes=4, each=Limits(4, 4, 4), few=Limits(1, 1, 1), paths=4)
ways = loadings({**texts, **runtime})
found = report("least_squares.value_and_grad", module.functions[0], stated, ways, plan)
assert found.proved, found.count.failures
bounds = compared(cases(kernel, np.dtype(np.float64), seed=0), 50)
assert kernel in ARGUMENTS and bounds.compared >= 50 and not bounds.beyond
assert "least_squares" in all_subjects()
print("proved, run on symbols, bounded, to be certified")
"""


def linked(folder: Path, of: Path) -> None:
    """Folders of links to the files of another one: what is written here is not written there."""
    folder.mkdir()
    for each in of.iterdir():
        if each.is_dir() and each.name != "__pycache__":
            linked(folder / each.name, each)
        elif each.is_file():
            (folder / each.name).symlink_to(each)


@pytest.mark.slow  # a process of its own, which reads and judges the derivations of all subjects
def test_a_loss_is_two_files_and_no_list(tmp_path: Path) -> None:
    for name in ("derivations", "codegen", "generated"):
        linked(tmp_path / name, ROOT / name)
    folder = tmp_path / "derivations" / "least_squares"
    folder.mkdir()
    (folder / "written.md").write_text(DERIVATION, encoding="utf-8")
    (tmp_path / "codegen" / "subjects" / "least_squares.py").write_text(KERNELS, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == "proved, run on symbols, bounded, to be certified\n"
    assert not list((ROOT / "generated").rglob("least_squares*"))


# What no rule lowers exactly is refused, with the name of what was met.


REFUSED = {
    "an unknown function": (sin(z), "sin"),
    "an unknown number": (pi * z, "Pi"),
    "an unknown family": (IndexedBase("W", real=True)[w, i], "no argument of the kernel holds W"),
    "an unknown symbol": (x.func("q", x.space) * z, "q is a word"),
    "a fraction of a power": (z ** (U[o, i]), "power"),
    "a delta alone": (KroneckerDelta(w, o) * z, "stands alone"),
    "a word as a number": (o + z, "o is a word"),
    "a drawn word as a number": (draw[k] * z, "is a word"),
    "the first word by its number": (U[1, i], "1 is no word"),
    "a word next to another": (U[o + 1, i], "is no word"),
    "a draw where a word belongs": (U[k, i], "k is no word"),
    "a word where a coordinate belongs": (V[o, x], "x is no coordinate"),
    "a window with its center": (total(U[near[j], i], j), "leave out"),
    "the center of a window": (U[near[0], i], "0 is no word"),
    "part of an index set": (Sum(U[w, i], (w, 1, o)), "whole index set"),
    "a sum over no index set": (Sum(z, (z, 1, 2)), "whole index set"),
    "three cases": (Piecewise((z, z > 2), (2 * z, z > 1), (1, True)), "two cases"),
    "an entry of what does not vary": ((1 - KroneckerDelta(w, o)) * z, "no axis w"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused_by_name(name: str) -> None:
    expression, named = REFUSED[name]
    with pytest.raises(LoweringError, match=named):
        lowering().lower(expression)


def test_a_gradient_with_a_term_at_no_word_is_not_row_sparse() -> None:
    mixed = KroneckerDelta(x, o) * V[o, i] + U[x, i]
    assert row_sums(mixed, x, lowering()) is None
    with pytest.raises(LoweringError, match="depends on the row x"):
        row_sums(KroneckerDelta(x, o) * U[x, i], x, lowering())


PATTERNS: dict[str, tuple[Callable[[], object], object]] = {
    "an index is no other set's": (lambda: match(score(c, w), score(c, k), [w]), None),
    "a variable stands for one thing": (lambda: match(score(w, w), score(c, o), [w]), None),
    "and for that one again": (lambda: match(score(w, w), score(o, o), [w]), {w: o}),
    "terms in another order": (
        lambda: match(Add(1, -sigma(z)), Add(-sigma(COIN[k]), 1), [z]),
        {z: COIN[k]},
    ),
    "a bound index is never captured": (
        lambda: match(total(U[w, h] * z, h), total(U[w, h] * V[o, h], h), [z]),
        None,
    ),
    "some terms of a sum, up to a number": (
        lambda: match_part(1 - sigma(z), 3 - 3 * sigma(-z) + COIN[k], [z]),
        ({z: -z}, 3, COIN[k]),
    ),
    "not terms in other proportions": (lambda: match_part(1 - sigma(z), 3 - sigma(z), [z]), None),
}


@pytest.mark.parametrize("name", PATTERNS)
def test_a_pattern_matches_what_it_should_and_nothing_else(name: str) -> None:
    attempt, expected = PATTERNS[name]
    assert attempt() == expected


def test_rewrites_that_never_end_are_refused() -> None:
    swap = [Equality("there", sigma(z), log(z)), Equality("back", log(z), sigma(z))]
    with pytest.raises(ValueError, match="do not come to an end"):
        Rewrites(swap, {}).apply(sigma(z))


def test_a_draw_is_counted_though_nothing_depends_on_it() -> None:
    expression: Expr = total(z, Index("l", DRAWS))
    assert code(lowering().lower(expression)) == "z * t.shape[0]"


# Only what is proved, and says what the kernel needs, is lowered.


STATED = equalities(EVERY_CLAIM)
KERNEL: Any = NAIVE_SOFTMAX.functions[1]
BATCHED: Any = NAIVE_SOFTMAX.functions[2]
WINDOW: Any = SKIP_GRAM_WINDOW.functions[0]


def claims_with(changed: Claim) -> tuple[Claim, ...]:
    return tuple(changed if claim.id == changed.id else claim for claim in CLAIMS)


def claimed(id: str) -> Claim:
    return next(claim for claim in CLAIMS if claim.id == id)


def with_gradient(kernel: Any, place: int, **changes: Any) -> Any:
    outputs = list(kernel.outputs)
    outputs[place] = replace(outputs[place], **changes)
    return replace(kernel, outputs=tuple(outputs))


def test_every_kernel_rests_on_claims_that_fit() -> None:
    functions = [function for module in MODULES for function in module.functions]
    for function in functions:
        require_fit(function, STATED)
    assert all(function.claims or is_definition(function) for function in functions)


def is_definition(function: Any) -> bool:
    """Whether it returns the loss as it is defined, or a part of it, and nothing else."""
    return all(isinstance(output, Value) for output in function.outputs)


def test_a_false_gradient_is_refused() -> None:
    true: Any = claimed("c.any")
    false = replace(true, right=scalar(2 * true.right.entry))
    with pytest.raises(NotProved, match=r"c\.any is refuted.*value_and_grad"):
        require_proved([KERNEL], claims_with(false))


def test_a_false_rewrite_is_refused() -> None:
    true: Any = claimed("stable.loss")
    false = replace(true, right=scalar(true.right.entry + 1))
    with pytest.raises(NotProved, match=r"stable\.loss is refuted"):
        require_proved([KERNEL], claims_with(false))


@pytest.mark.parametrize(
    ("kernel", "message"),
    [
        (with_gradient(KERNEL, 1, claim="no.such"), "not stated"),
        (with_gradient(KERNEL, 1, claim="g.center"), "no gradient of"),
        (with_gradient(KERNEL, 2, claim="c.other"), "only under conditions"),
        (with_gradient(WINDOW, 1, elsewhere="h.neg.other"), "rows other than c are zero"),
        (with_gradient(WINDOW, 1, elsewhere="h.naive.U"), "rows other than c are zero"),
        (replace(KERNEL, rewrites=("f.outside",)), "only under conditions"),
        (replace(KERNEL, loss=KERNEL.loss.func(x, x)), "is not the loss"),
        (replace(BATCHED, outputs=(Value("losses", KERNEL.loss, (b,)),)), "is not the loss"),
        (replace(KERNEL, outputs=(Value("loss", P(o, c)),)), "is not the loss"),
        (replace(KERNEL, outputs=(Value("part", P(c, o)),)), "nor what it is made of"),
    ],
)
def test_a_claim_about_something_else_is_refused(kernel: Any, message: str) -> None:
    with pytest.raises(Misuse, match=message):
        require_fit(kernel, STATED)


@pytest.mark.parametrize(
    ("kernel", "unused"),
    [
        (replace(KERNEL, rewrites=(*KERNEL.rewrites, "e.complement")), r"e\.complement"),
        (replace(KERNEL, names={**KERNEL.names, z + 1: "nothing"}), "nothing"),
        (replace(KERNEL, calls={"sigmoid": "stable.sigmoid"}), "sigmoid"),
    ],
)
def test_a_rule_that_nothing_uses_is_refused(kernel: Any, unused: str) -> None:
    with pytest.raises(LoweringError, match=unused):
        compiled(kernel, STATED)


def test_a_gradient_without_its_axes_is_refused() -> None:
    kernel = replace(KERNEL, outputs=(Gradient("grad_U", "b.entry", (x, *KERNEL.outputs[1].axes)),))
    with pytest.raises(LoweringError, match="grad_U should have axes"):
        compiled(replace(kernel, rewrites=("stable.error",), names={}), STATED)


def test_a_part_of_the_loss_may_be_returned_under_its_own_name() -> None:
    require_fit(replace(KERNEL, outputs=(Value("part", P(o, c)),)), STATED)


# Inner products that are not finite: NaN where an input is not, else of the right sign.


BIG = 1.5e308


def product(left: Any, right: Any) -> Any:
    left, right = np.array(left, float), np.array(right, float)
    with np.errstate(all="ignore"):
        return guarded((left * right).sum(axis=-1), left, right)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("place", [0, 1])
def test_an_input_that_is_not_finite_gives_nan(bad: float, place: int) -> None:
    sides = [[1.0, 2.0], [3.0, 4.0]]
    sides[place][1] = bad
    assert np.isnan(product(*sides))


def test_only_the_products_that_it_enters_are_nan() -> None:
    got = product([[1.0, np.inf], [1.0, 1.0]], [1.0, 1.0])
    assert np.isnan(got[0])
    assert got[1] == 2


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ([BIG, BIG], [1, 1], np.inf),
        ([BIG, BIG], [-1, -1], -np.inf),
        ([BIG, BIG, BIG], [1, 1, -3], -BIG),
        ([BIG, BIG, BIG], [1, 1, -4], -np.inf),
        ([BIG, -BIG], [BIG, BIG], 0),
        ([BIG, 0, BIG], [BIG, 1, -BIG], 0),
    ],
)
def test_an_overflow_on_the_way_is_mended(left: Any, right: Any, expected: float) -> None:
    assert product(left, right) == pytest.approx(expected, rel=1e-14)


def test_broadcast_sides_are_mended_at_their_own_places() -> None:
    rows = np.array([[BIG, BIG, -BIG], [1.0, 2.0, 3.0]])
    ones = np.array([[[1.0, 1.0, 2.0]], [[1.0, 1.0, 1.0]]])
    got = product(np.broadcast_to(rows, (2, 2, 3)), np.broadcast_to(ones, (2, 2, 3)))
    assert got.tolist() == [[0, 9], [BIG, 6]]


def test_finite_products_are_returned_as_they_are() -> None:
    products = np.array([1.0, 2.0])
    assert guarded(products, np.array([[np.nan]]), np.array([np.nan])) is products


def test_float32_stays_float32() -> None:
    row = np.array([[3e38, 3e38, -3e38]], np.float32)
    with np.errstate(all="ignore"):
        got = guarded(np.array([np.inf], np.float32), row, np.ones(3, np.float32))
    assert got.dtype == np.float32
    assert got[0] == np.float32(3e38)


t = Symbol("t", real=True)
CBOW: Any = cbow.MODULES[0].functions[1]


def test_every_claim_has_an_id_of_its_own() -> None:
    assert len({claim.id for claim in EVERY_CLAIM}) == len(EVERY_CLAIM)


def test_a_line_stands_for_its_chain_from_the_start() -> None:
    document = Document("cbow")
    line = next(line for line in document.derivation.lines if line.id == "s.6")
    assert line.from_start is not None
    assert document.claims["s.6"] == replace(line.from_start, id="cbow.s.6")
    assert document.claims["s.3"].left == document.claims["s.6"].left


def test_the_sigmoid_of_a_document_is_the_one_that_the_stable_forms_are_of() -> None:
    def same(left: Any, right: Any) -> bool:
        return same_function(left, right)

    own = Document("cbow").function("n", r"\sigma")(t).func
    assert own is not sigma
    assert same(own, sigma)
    assert same(sigma, sigma)
    assert not same(own, sigma_by_sign)
    assert not same(own, define("sigma", "σ({t})", (t,), 1 / (1 + exp(t))))
    assert not same(own, naive_softmax)
    assert not same(type(naive_softmax(c, o)), define("f", "f", (o, c), z))


def test_a_refuted_line_is_not_lowered() -> None:
    x = Document("cbow").index("s", "x")
    faulty = replace(CBOW, outputs=(CBOW.outputs[0], cbow.document.gradient("grad_V", "s.7", x)))
    assert judge(cbow.document.claims["s.7"]).verdict is Verdict.REFUTED
    with pytest.raises(NotProved, match=r"cbow\.s\.7 is refuted"):
        require_proved([faulty], EVERY_CLAIM)


def test_the_gradient_of_another_loss_does_not_fit() -> None:
    x = Document("cbow").index("s", "x")
    other = replace(CBOW, outputs=(CBOW.outputs[0], cbow.document.gradient("grad_V", "n.3", x)))
    with pytest.raises(Misuse, match="no gradient of"):
        require_fit(other, STATED)


def test_a_line_under_a_condition_does_not_fit() -> None:
    under = cbow.document.gradient("grad_V", "s.9", Document("cbow").index("s", "x"))
    with pytest.raises(Misuse, match="only under conditions"):
        require_fit(replace(CBOW, outputs=(CBOW.outputs[0], under)), STATED)


@pytest.mark.parametrize("name", ["words", "row_sums", "np"])
def test_a_name_that_would_hide_a_function_is_refused(name: str) -> None:
    kernel: Any = glove.MODULES[0].functions[2]
    renamed = tuple(
        replace(argument, name=name) if argument.name == "rows" else argument
        for argument in kernel.arguments
    )
    with pytest.raises(LoweringError, match=f"hides {name}"):
        module_text(Module("new.py", "New.", (replace(kernel, arguments=renamed),)), STATED)


def test_every_module_says_what_it_is_made_from() -> None:
    root = Path(__file__).parents[2]
    for module in MODULES:
        assert all((root / part).exists() for part in module.origin.split(" and ")), module.path


SUBJECT = """
from codegen.kernel import Module

MODULES = (Module("tiny.py", "A tiny loss.", ()),)
CLAIMS = ()
"""


def test_a_file_in_the_folder_is_a_subject(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "made_up_subjects"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "tiny.py").write_text(SUBJECT)
    monkeypatch.syspath_prepend(str(tmp_path))
    modules, claims = found([str(package)], package.name)
    for name in (package.name, f"{package.name}.tiny"):
        monkeypatch.delitem(sys.modules, name)
    assert ([module.path for module in modules], claims) == (["tiny.py"], ())
    text = front_text([*MODULES, *modules])
    assert "    tiny                                a tiny loss\n" in text
    assert text.count("    tiny,\n") == 1


def test_every_subject_of_the_folder_has_kernels() -> None:
    paths = {module.path for module in MODULES}
    assert {"naive_softmax.py", "cbow.py", "glove.py", "contrastive.py"} <= paths
