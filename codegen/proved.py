"""The gate: only claims that the judge has proved are lowered, or rewritten by."""

from __future__ import annotations

from collections.abc import Iterable

from codegen.kernel import Elementwise, Kernel
from derivations.claim import Claim, Verdict
from derivations.proof.judge import Disagreement, judge

__all__ = ["Disagreement", "NotProved", "require_proved"]


class NotProved(Exception):
    """Claims that kernels rest on and that are not proved: which, and what the judge said."""


def require_proved(functions: Iterable[Kernel | Elementwise], claims: Iterable[Claim]) -> None:
    """Judge every claim that the functions rest on; raise NotProved unless all are proved."""
    stated = {claim.id: claim for claim in claims}
    resting: dict[str, list[str]] = {}
    for function in functions:
        for id in function.claims:
            resting.setdefault(id, []).append(function.name)
    failures = []
    for id, names in resting.items():
        judgement = judge(stated[id])
        if judgement.verdict is not Verdict.PROVED:
            because = f" ({judgement.reason})" if judgement.reason else ""
            unique = ", ".join(dict.fromkeys(names))
            failures.append(f"{id} is {judgement.verdict.value}{because}; needed by {unique}")
    if failures:
        raise NotProved("\n".join(failures))
