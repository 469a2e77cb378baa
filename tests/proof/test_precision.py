"""Judging leaves the precision of the interval library as it found it."""

from flint import ctx

from derivations.proof.judge import judge
from tests.false_claims import SLIPS


def test_finding_a_witness_does_not_change_the_precision() -> None:
    with ctx.workprec(77):
        judgement = next(j for j in map(judge, SLIPS) if j.witness is not None)
        assert judgement.witness is not None
        assert ctx.prec == 77
