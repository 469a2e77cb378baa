"""The emitted modules of a claim: all that the tests of this folder ask of the translator."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from derivations.certify.certificate import certificate
from derivations.certify.certify_command import all_subjects
from derivations.certify.declarations import Letters
from derivations.certify.theorem import statement
from derivations.certify.writer import NotCovered
from derivations.claim import Claim, Judgement, Verdict, Witness

NOWHERE = Witness({}, {}, {}, ("0", "0"), ("0", "0"))


@dataclass(frozen=True)
class Emitted:
    """``holds`` says that the claim is true, ``falls`` that it is false, whatever it is.

    ``falls`` is None where the translator has no such text. ``letters`` are the names in both.
    """

    holds: str
    falls: str | None
    letters: Letters


def emitted(claim: Claim) -> Emitted:
    """The texts of one claim; raises NotCovered."""
    holds = certificate("", Judgement(claim, Verdict.PROVED)).text
    letters, falls = statement(claim).letters, None
    if not letters.functions:  # the translator has no counterexamples with arbitrary functions
        falls = certificate("", Judgement(claim, Verdict.REFUTED, witness=NOWHERE)).text
    return Emitted(holds, falls, letters)


@cache
def covered() -> dict[str, Claim]:
    """Every well-typed claim, false claim and line that has a text, by subject and id."""
    return {key: claim for key, claim in _well_typed().items() if not reason_against(claim)}


@cache
def not_reached() -> dict[str, str]:
    """Those that have none, with the reason."""
    reasons = {key: reason_against(claim) for key, claim in _well_typed().items()}
    return {key: reason for key, reason in reasons.items() if reason}


@cache
def _well_typed() -> dict[str, Claim]:
    return {
        f"{name}/{claim.id}": claim
        for name, subject in all_subjects().items()
        for claim in subject.everything
        if claim.misfit is None
    }


def reason_against(claim: Claim) -> str:
    """Why a claim has no text; empty where it has one."""
    try:
        emitted(claim)
    except NotCovered as reason:
        return str(reason)
    return ""
