"""Contrastive softmax: which argument each symbol stands for, what each function computes."""

from sympy import Expr, KroneckerDelta, log

from codegen.kernel import Argument, Arguments, Document, Draw, Kernel, Module, Value
from codegen.subjects.word2vec.stable_steps import stable_softmax
from derivations.indices import Index, total

document = Document("contrastive")
b, c, i = (document.index("s", letter) for letter in "bci")
own = Index("o", b.space)
q, k, z = (document.entry("s", name) for name in "qkz")
p, r, similarity = (document.entry("s", name) for name in "prs")
beta = document.entry("s", r"\beta")()

ARGUMENTS = (
    Argument("Q", q(b, i), (b, i), ("B", "d"), meaning="one query a row"),
    Argument("K", k(b, i), (b, i), ("B", "d"), meaning="one key a row, each that of its query"),
    Argument("beta", beta, meaning="the inverse temperature"),
)
LAYOUT = (b.space, i.space)
LOSS, SYMMETRIC = document.function("s", "J")(), document.function("s", "J_{sym}")()
BY_QUERY = stable_softmax(
    "contrastive.by-query",
    lambda key: z(b, key),
    -log(p(b, own)),
    p(b, c) - KroneckerDelta(c, own),
    (c, own),
    (b,),
    own=b,
)
BY_KEY = stable_softmax(
    "contrastive.by-key",
    lambda query: z(query, c),
    -log(r(own, c)),
    r(b, c) - KroneckerDelta(b, own),
    (b, own),
    (c,),
    own=c,
    prefix="key_",
    letters=("h", "f"),
)


def by_all(error: Expr) -> Expr:
    """What each way of choosing adds to the derivative by the inverse temperature."""
    return total(total(error * similarity(b, c), c), b)


SIMILARITIES = {similarity(b, c): "similarities"}


def drawn(draw: Draw) -> Arguments:
    """Three queries and keys: each may have several leaders."""
    few = slice(3)
    return draw.U[few], draw.V[few], draw.rng.uniform(0.1, 3)


MODULES = (
    Module(
        "contrastive.py",
        "Contrastive softmax: each query tells its own key from the others of the batch.",
        (
            Kernel(
                name="loss",
                title="The contrastive loss of a batch.",
                loss=LOSS,
                arguments=ARGUMENTS,
                outputs=(Value("loss", LOSS),),
                layout=LAYOUT,
                rewrites=BY_QUERY.rewrites[:1],
                choices=BY_QUERY.choices,
                names=BY_QUERY.of_loss,
            ),
            Kernel(
                name="value_and_grad",
                title="The contrastive loss of a batch, and its gradients.",
                loss=LOSS,
                arguments=ARGUMENTS,
                outputs=(
                    Value("loss", LOSS),
                    document.gradient("grad_Q", "q.4", b),
                    document.gradient("grad_K", "k.3", c),
                    document.gradient("grad_beta", "t.2"),
                ),
                layout=LAYOUT,
                rewrites=BY_QUERY.rewrites,
                choices=BY_QUERY.choices,
                names={**SIMILARITIES, **BY_QUERY.of_loss, **BY_QUERY.of_error},
            ),
            Kernel(
                name="symmetric_value_and_grad",
                title="The mean of the loss by queries and the loss by keys, and its gradients.",
                loss=SYMMETRIC,
                arguments=ARGUMENTS,
                outputs=(
                    Value("loss", SYMMETRIC),
                    document.gradient("grad_Q", "s.2", b),
                    document.gradient("grad_K", "s.3", c),
                    document.gradient("grad_beta", "s.4"),
                ),
                layout=LAYOUT,
                rewrites=(*BY_QUERY.rewrites, *BY_KEY.rewrites),
                choices={**BY_QUERY.choices, **BY_KEY.choices},
                names={
                    **SIMILARITIES,
                    **BY_QUERY.of_loss,
                    **BY_QUERY.of_error,
                    **BY_KEY.of_loss,
                    **BY_KEY.of_error,
                    by_all(BY_QUERY.error): "by_query",
                    by_all(BY_KEY.error): "by_key",
                },
            ),
        ),
        origin="derivations/contrastive/ and codegen/subjects/contrastive.py",
        drawn={"value_and_grad": drawn, "symmetric_value_and_grad": drawn},
    ),
)
CLAIMS = (*document.claims.values(), *BY_QUERY.claims, *BY_KEY.claims)
