"""A small subject and judges that know the answers: here it is the telling that is tested."""

from dataclasses import replace

from sympy import Derivative, exp, log

from derivations.claim import Claim, Judgement, Proof, Unequal, Verdict, Witness
from derivations.language.tree import Array, Misfit
from derivations.proof.judge import Disagreement
from derivations.report.judging import Judge
from derivations.report.results import Results
from derivations.report.subject import Subject
from derivations.word2vec.claims import CLAIMS
from derivations.word2vec.losses import V, c, i, naive_softmax, o, sigma, x, z

CLAIM = Claim("e.complement", "e", "(e)", "a claim", Array(1 - sigma(z)), Array(sigma(-z)))
OTHER = Claim(
    "c.other",
    "c",
    "(c)",
    "another claim",
    Array(Derivative(naive_softmax(c, o), V[c, i], evaluate=False)),
    Array(V[c, i]),
    (Unequal(x, o),),
)
SLIP = Claim("e.exp", "e", "(e)", "the exp forgotten", Array(exp(z)), Array(log(sigma(z))))
SHAPELESS = Claim(
    "b.transposed",
    "b",
    "(b)",
    "a product the wrong way round",
    Array(V[c, i], (i, None), "∂J/∂v_c"),
    Misfit("U (ŷ − y)", "(N, d)", "(N, 1)"),
)
SUBJECT = Subject((CLAIM, OTHER), (SLIP, SHAPELESS))

WITNESS = Witness(
    sizes={"N": 2, "d": 1},
    words={"c": 1, "near[-1]": 2, "near[1]": 1},
    values={"V[1,1]": "1/2", "V[2,1]": "-1", "z": "3"},
    left=("0.268", "0.269"),
    right=("0.731", "0.732"),
)
PROOFS = (
    Proof("normal form", True, "the difference is zero", 0),
    Proof("small sizes", True, "N up to 4", 34),
)
FAILED = (Proof("normal form", False, "the difference is not zero", 0),)


def everything() -> Subject:
    return SUBJECT


def knowing(claim: Claim, sizes: str = "default") -> Judgement:
    """Proves the claims, refutes the slip, finds no meaning in the shapeless one."""
    if claim.id == SLIP.id:
        return Judgement(claim, Verdict.REFUTED, FAILED, WITNESS, seconds=0.002)
    if claim.id == SHAPELESS.id:
        return Judgement(claim, Verdict.ILL_TYPED, reason="(N, d) does not fit (N, 1)")
    proofs = tuple(replace(proof, detail=f"{proof.detail}; {sizes} sizes") for proof in PROOFS)
    return Judgement(claim, Verdict.PROVED, proofs, seconds=0.001)


def gullible(claim: Claim, sizes: str) -> Judgement:
    """Proves everything."""
    return Judgement(claim, Verdict.PROVED, PROOFS)


def at_a_loss(claim: Claim, sizes: str) -> Judgement:
    """Decides nothing."""
    return Judgement(claim, Verdict.UNDECIDED, reason="Max is outside the fragment")


def at_odds(claim: Claim, sizes: str) -> Judgement:
    """Finds its own arguments in disagreement about one claim."""
    if claim.id == OTHER.id:
        raise Disagreement("normal form: zero; small sizes: not zero at N = 2")
    return knowing(claim, sizes)


def results(judge: Judge = knowing) -> Results:
    return Results(
        tuple(judge(claim, "default") for claim in SUBJECT.claims),
        tuple(judge(claim, "default") for claim in SUBJECT.slips),
        seconds=1.25,
    )


def every_claim_judged() -> Results:
    """The true claims of the real subject, as wide and as many as they are."""
    slips = [replace(claim, id=f"not.{claim.id}") for claim in CLAIMS]
    refuted = [Judgement(slip, Verdict.REFUTED, FAILED, WITNESS) for slip in slips]
    return Results(
        tuple(gullible(claim, "default") for claim in CLAIMS), tuple(refuted), seconds=1.0
    )
