"""Only what is proved, and says what the kernel needs, is lowered."""

from dataclasses import replace
from typing import Any

import pytest

from codegen.arrays.nodes import LoweringError
from codegen.compiler import compiled
from codegen.grounds import Misuse, NotProved, equalities, require_fit, require_proved
from codegen.kernel import Gradient, Value
from codegen.subjects import CLAIMS as EVERY_CLAIM
from codegen.subjects import MODULES
from codegen.subjects.word2vec import NAIVE_SOFTMAX, SKIP_GRAM_WINDOW
from derivations.claim import Claim
from derivations.word2vec.claims import CLAIMS
from derivations.word2vec.losses import P, b, c, o, scalar, x, z

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
