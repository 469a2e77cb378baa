"""What is not proved, or does not fit, is no kernel; documents and subjects as grounds."""

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sympy import Add, Expr, IndexedBase, KroneckerDelta, Piecewise, Sum, Symbol, exp, log, pi, sin

from codegen.array_language import LoweringError
from codegen.backends.numpy.numpy_package import front_text, module_text
from codegen.backends.numpy.numpy_text import code
from codegen.compiler import compiled
from codegen.kernel import (
    Document,
    Equality,
    Gradient,
    Misuse,
    Module,
    NotProved,
    Value,
    equalities,
    require_fit,
    require_proved,
)
from codegen.lower.rules import row_sums
from codegen.matching import Rewrites, match, match_part, same_function
from codegen.subjects import CLAIMS as EVERY_CLAIM
from codegen.subjects import MODULES, cbow, found, glove
from codegen.subjects.word2vec import NAIVE_SOFTMAX, SKIP_GRAM_WINDOW
from derivations.claim import Claim, Verdict
from derivations.indices import Index, total
from derivations.language.index_nodes import define
from derivations.proof.judge import judge
from derivations.word2vec.claims import CLAIMS
from derivations.word2vec.losses import (
    DRAWS,
    P,
    U,
    V,
    b,
    c,
    draw,
    h,
    i,
    j,
    k,
    naive_softmax,
    near,
    o,
    scalar,
    score,
    sigma,
    sigma_by_sign,
    w,
    x,
    z,
)
from generated._runtime.arrays import guarded
from tests.codegen.scene import COIN, lowering

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
def test_patterns(name: str) -> None:
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
BATCH: Any = NAIVE_SOFTMAX.functions[2]
WINDOW: Any = SKIP_GRAM_WINDOW.functions[0]


def claims_with(changed: Claim) -> tuple[Claim, ...]:
    return tuple(changed if claim.id == changed.id else claim for claim in CLAIMS)


def claim(id: str) -> Claim:
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
    true: Any = claim("c.any")
    false = replace(true, right=scalar(2 * true.right.entry))
    with pytest.raises(NotProved, match=r"c\.any is refuted.*value_and_grad"):
        require_proved([KERNEL], claims_with(false))


def test_a_false_rewrite_is_refused() -> None:
    true: Any = claim("stable.loss")
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
        (replace(BATCH, outputs=(Value("losses", KERNEL.loss, (b,)),)), "is not the loss"),
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
    own = Document("cbow").function("n", r"\sigma")(t).func
    assert own is not sigma
    assert same_function(own, sigma)
    assert same_function(sigma, sigma)
    assert not same_function(own, sigma_by_sign)
    assert not same_function(own, define("sigma", "σ({t})", (t,), 1 / (1 + exp(t))))
    assert not same_function(own, naive_softmax)
    assert not same_function(type(naive_softmax(c, o)), define("f", "f", (o, c), z))


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
