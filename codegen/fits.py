"""Whether a kernel's claims say what the kernel takes them to say.

A proved claim is a true equality, but of what? What is returned as the loss must be the loss;
each gradient must be one of that loss, hold at every word, and where it is one row, the other
rows must be zero.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain

from sympy import Derivative, Indexed, preorder_traversal

from codegen.equality import Equality
from codegen.kernel import Elementwise, Gradient, Kernel, Update, Value
from derivations.claim import Condition, Unequal
from derivations.indices import total
from derivations.language.data_conditions import Positive
from derivations.language.index_nodes import Defined, unfold


class Misuse(Exception):
    """A kernel that uses a claim for what it does not say."""


def require_fit(function: Kernel | Elementwise, claims: Mapping[str, Equality]) -> None:
    """Raise Misuse unless every claim that the function names is stated, and fits."""
    for id in function.claims:
        if id not in claims:
            raise Misuse(f"{function.name} rests on the claim {id!r}, which is not stated")
    if isinstance(function, Elementwise):
        return
    for id in (*function.rewrites, *function.calls.values()):
        if claims[id].conditions:
            raise Misuse(f"{function.name} rewrites by {id}, which holds only under conditions")
    for output in function.outputs:
        if isinstance(output, Update):
            _require_gradient(function, output.gradient, claims)
        elif isinstance(output, Gradient):
            _require_gradient(function, output, claims)
        elif not (_is_loss(output, function) or _is_part(output, function)):
            raise Misuse(f"{output.name} is not the loss {function.loss}, nor what it is made of")


def _require_gradient(kernel: Kernel, output: Gradient, claims: Mapping[str, Equality]) -> None:
    claim = claims[output.claim]
    if not _is_gradient(claim, kernel):
        raise Misuse(f"{claim.id} is no gradient of {kernel.loss}, which {kernel.name} computes")
    if not all(_is_given(condition, kernel) for condition in claim.conditions):
        raise Misuse(f"{kernel.name} returns {claim.id}, which holds only under conditions")
    if output.only_row is None:
        return
    row, word = output.only_row
    rest = claims[output.elsewhere]
    elsewhere = (Unequal(row, word),)
    if not (_is_gradient(rest, kernel) and rest.right == 0 and rest.conditions == elsewhere):
        raise Misuse(f"{rest.id} does not say that the rows other than {word} are zero")


def _is_given(condition: Condition, kernel: Kernel) -> bool:
    """Whether the kernel is for such arguments only, and says so."""
    return isinstance(condition, Positive) and condition.of.name in kernel.assumed.positive


def _is_loss(output: Value, kernel: Kernel) -> bool:
    """The kernel's loss, or the terms of a loss that is a sum over the output's axes."""
    if not output.axes:
        return bool(output.loss == kernel.loss)
    whole = output.loss
    for axis in output.axes:
        whole = total(whole, axis)
    return isinstance(kernel.loss, Defined) and bool(whole == kernel.loss.body)


def _is_part(output: Value, kernel: Kernel) -> bool:
    """Numbers or a definition that stand in the loss; they may not be called the loss."""
    if output.name.startswith("loss") or not isinstance(output.loss, Indexed | Defined):
        return False
    parts = {*preorder_traversal(kernel.loss)}
    while found := {p.opened for p in parts if isinstance(p, Defined)} - parts:
        parts |= {*chain.from_iterable(map(preorder_traversal, found))}
    return output.loss in parts - {kernel.loss}


def _is_gradient(claim: Equality, kernel: Kernel) -> bool:
    """Whether the left side is a derivative of the loss, in whichever part that was defined."""
    if not isinstance(claim.left, Derivative):
        return False
    of = claim.left.expr
    return bool(of == kernel.loss or unfold(of) == unfold(kernel.loss))
