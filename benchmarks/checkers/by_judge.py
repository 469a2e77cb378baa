"""This project's judge, as it runs in the command."""

from __future__ import annotations

from benchmarks.checkers.case import Case, Checker, Opinion
from derivations.claim import Verdict
from derivations.proof.judge import judge

_OPINIONS = {Verdict.PROVED: Opinion.ACCEPTED, Verdict.UNDECIDED: Opinion.SILENT}


def says(case: Case) -> Opinion:
    """Accepted only where it is proved."""
    return _OPINIONS.get(judge(case.claim).verdict, Opinion.REJECTED)


CHECKER = Checker("this judge", "for all sizes; derivations.proof.judge", says)
