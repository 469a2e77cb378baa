"""Stable forms of a document's softmax, stated in its own names for the judge to prove."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sympy import Expr, Symbol

from codegen.kernel import Argmax, argmax
from derivations.claim import Claim
from derivations.indices import Index
from derivations.language.index_nodes import softmax
from derivations.language.tree import Array

PLACE = "not printed"


@dataclass(frozen=True)
class StableSoftmax:
    """Two claims to rewrite by, the choice of the leader, and the steps that get a name.

    ``of_loss`` are the steps of the loss, ``of_error`` the further ones of its gradients, the
    last of them the ``error`` itself.
    """

    claims: tuple[Claim, Claim]
    choices: Mapping[Symbol, Expr | Argmax]
    of_loss: Mapping[Expr, str]
    of_error: Mapping[Expr, str]
    error: Expr

    @property
    def rewrites(self) -> tuple[str, ...]:
        """The ids of the claims."""
        return tuple(claim.id for claim in self.claims)


def stable_softmax(
    id: str,
    score: Callable[[Expr], Expr],
    loss: Expr,
    error: Expr,
    members: tuple[Index, Index],
    given: tuple[Index, ...] = (),
    own: Index | None = None,
    prefix: str = "",
    letters: tuple[str, str] = ("a", "e"),
) -> StableSoftmax:
    """The forms of a softmax whose scores are ``score(w)``, beside the ``given`` indices.

    ``members`` are w and o; ``loss`` is how the document writes minus the logarithm of the
    probability of o, ``error`` how it writes the probability of w less one where w is o. The
    kernel takes them at ``own`` for o; its steps are named after what they are, with ``prefix``.
    ``letters`` are printed for the leader and the weights: others for each softmax of a kernel.
    """
    w, o = members
    a = Index(letters[0], w.space)
    forms = softmax(score, given, w, o, a, letters[1])
    claims = (
        Claim(
            f"{id}.loss",
            "stable",
            PLACE,
            "minus a log-probability as a lag behind the leader a",
            Array(loss),
            Array(forms.lag(*given, o, a)),
        ),
        Claim(
            f"{id}.error",
            "stable",
            PLACE,
            "a probability less one without a subtraction, scores taken relative to any a",
            Array(error),
            Array(forms.error(*given, o, a, w)),
        ),
    )
    leader = argmax("leader", "leader", given, w, score(w))
    top = leader(*given)
    chosen, s = own or o, "s" if given else ""  # one for each of the given, or one
    of_loss: dict[Expr, str] = {
        score(w): "scores",
        top: f"{prefix}leader{s}",
        forms.weight(*given, top, w): f"{prefix}weights",
        forms.weight_of_others(*given, top, top): f"{prefix}trailing",
    }
    if given:
        of_loss[forms.lag(*given, chosen, top)] = f"{prefix}losses"
    of_error = {
        forms.weight_sum(*given, top): f"{prefix}weight_sum{s}",
        forms.weight_of_others(*given, top, chosen): f"{prefix}others",
        forms.error(*given, chosen, top, w): f"{prefix}error{s}",
    }
    return StableSoftmax(claims, {a: top}, of_loss, of_error, [*of_error][-1])
