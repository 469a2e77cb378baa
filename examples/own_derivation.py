"""Check a derivation of one's own: least squares, once right and once with the usual mistake."""

from sympy import Derivative, IndexedBase, Integer, Symbol

from derivations.claim import Claim
from derivations.indices import Index, IndexSet, total
from derivations.language.tree import Array
from derivations.proof.judge import judge

n = Symbol("n", integer=True, positive=True)
d = Symbol("d", integer=True, positive=True)
SAMPLES = IndexSet("sample", Integer(1), n)
COORDINATES = IndexSet("coordinate", Integer(1), d)
s = Index("s", SAMPLES)
i, h = Index("i", COORDINATES), Index("h", COORDINATES)
X, y, w = IndexedBase("X"), IndexedBase("y"), IndexedBase("w")

residual = total(X[s, h] * w[h], h) - y[s]
loss = total(residual**2, s) / 2
gradient = Array(Derivative(loss, w[i], evaluate=False))


def claim(name: str, right: object) -> Claim:
    return Claim(name, "least squares", "my notes", name, gradient, Array(right))


for each in (
    claim("the gradient", total(residual * X[s, i], s)),
    claim("the residual forgotten", total(X[s, i], s)),
):
    judgement = judge(each)
    print(f"{each.id}: {judgement.verdict.value}")
    if judgement.witness:
        print(f"  at {judgement.witness.values}")
        print(f"  left {judgement.witness.left[0]}, right {judgement.witness.right[0]}")
