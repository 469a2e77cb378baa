"""Kernels follow their documents: of a new loss, of a changed one, and of two files together."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sympy import Expr, IndexedBase, KroneckerDelta, Rational, Symbol, exp, log

from codegen.kernel import (
    Argument,
    Gradient,
    Kernel,
    Module,
    Value,
    argmax,
    equalities,
    require_fit,
    require_proved,
)
from codegen.subjects.word2vec.stable_steps import BATCH, LAYOUT, NEGATIVES, PAIR, SIGMOID, SIGMOIDS
from derivations.claim import Claim
from derivations.indices import total
from derivations.language.index_nodes import define
from derivations.word2vec.claims import CLAIMS
from derivations.word2vec.losses import (
    D,
    U,
    V,
    a,
    b,
    c,
    centers,
    draw,
    i,
    k,
    naive_softmax,
    o,
    outsides,
    scalar,
    score,
    sigma,
    w,
    x,
    y,
    yhat,
)
from derivations.word2vec.losses import score as plain_score
from tests.codegen.scene import emitted, slope

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
from codegen.execute.work_units import report
from codegen.execute.work_units import loadings
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
