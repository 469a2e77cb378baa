"""The naive softmax loss, of a pair and of a batch. Data."""

from codegen.kernel import Gradient, Kernel, Module, Parts, Value
from codegen.subjects.word2vec.stable_steps import (
    BATCH,
    LAYOUT,
    LEADER,
    ORIGIN,
    PAIR,
    at_once,
    excesses,
    leading,
    plural,
)
from derivations.word2vec.losses import (
    V,
    b,
    batch_naive_softmax,
    c,
    centers,
    i,
    naive_softmax,
    o,
    outsides,
    x,
)

PAIRS_IN_PARTS = Parts(
    axis=b,
    large="scores",
    steps=(
        "leaders",
        "top_scores",
        "outside_scores",
        "weights",
        "trailing",
        "losses",
        "weight_sums",
        "outside_weights",
        "others",
        "rest",
    ),
    kept="rest",
    out="grad_U",
)

NAIVE_SOFTMAX = Module(
    "naive_softmax.py",
    "The naive softmax loss: how badly a center word predicts an outside word.",
    (
        Kernel(
            name="loss",
            title="The naive softmax loss of one pair.",
            loss=naive_softmax(c, o),
            arguments=PAIR,
            outputs=(Value("loss", naive_softmax(c, o)),),
            layout=LAYOUT,
            rewrites=("stable.loss",),
            choices=LEADER,
            names=leading(c),
        ),
        Kernel(
            name="value_and_grad",
            title="The naive softmax loss of one pair, and its gradients.",
            loss=naive_softmax(c, o),
            arguments=PAIR,
            outputs=(
                Value("loss", naive_softmax(c, o)),
                Gradient("grad_v_c", "b.entry", (i,)),
                Gradient("grad_U", "c.any", (x, i)),
            ),
            layout=LAYOUT,
            rewrites=("stable.loss", "stable.error"),
            choices=LEADER,
            names={**leading(c), **excesses(c, o)},
        ),
        Kernel(
            name="batch_value_and_grad",
            title="The naive softmax loss of each pair, and the gradients of their sum.",
            loss=batch_naive_softmax(),
            arguments=BATCH,
            outputs=(
                Value("losses", batch_naive_softmax.body.function, (b,)),
                Gradient("grad_V", "batch.naive.V", (x, i)),
                Gradient("grad_U", "batch.naive.U", (x, i)),
            ),
            layout=LAYOUT,
            rewrites=("stable.loss", "stable.error-at-once"),
            choices=LEADER,
            names={
                V[centers[b], i]: "v_c",
                **plural(at_once(centers[b], outsides[b])),
            },
            parts=PAIRS_IN_PARTS,
        ),
    ),
    origin=ORIGIN,
    counted=True,
)
