"""The negative sampling loss, of a pair and of a batch. Data."""

from codegen.kernel import Gradient, Kernel, Module, Value
from codegen.subjects.word2vec.stable_steps import (
    BATCH,
    BATCH_NEGATIVES,
    LAYOUT,
    LOG_SIGMOID,
    NEGATIVES,
    ORIGIN,
    PAIR,
    SIGMOIDS,
    plural,
    sampled,
    sampling_errors,
    sampling_pull,
)
from derivations.word2vec.losses import (
    V,
    b,
    batch_negative_sampling,
    c,
    centers,
    draw,
    i,
    k,
    negative_sampling,
    o,
    outsides,
    x,
)

NEGATIVE_SAMPLING = Module(
    "negative_sampling.py",
    "The negative sampling loss: an outside word told from words drawn at random.",
    (
        Kernel(
            name="loss",
            title="The negative sampling loss of one pair.",
            loss=negative_sampling(c, o),
            arguments=(*PAIR, NEGATIVES),
            outputs=(Value("loss", negative_sampling(c, o)),),
            layout=LAYOUT,
            calls=LOG_SIGMOID,
            names=sampled(c, o, draw[k]),
        ),
        Kernel(
            name="value_and_grad",
            title="The negative sampling loss of one pair, and its gradients.",
            loss=negative_sampling(c, o),
            arguments=(*PAIR, NEGATIVES),
            outputs=(
                Value("loss", negative_sampling(c, o)),
                Gradient("grad_v_c", "g.center", (i,)),
                Gradient("grad_U", "g.row", (x, i), dense="U"),
            ),
            layout=LAYOUT,
            rewrites=("e.complement",),
            calls=SIGMOIDS,
            names={**sampled(c, o, draw[k]), **sampling_errors(c, o, draw[k])},
        ),
        Kernel(
            name="batch_value_and_grad",
            title="The negative sampling loss of each pair, and the gradients of their sum.",
            loss=batch_negative_sampling(),
            arguments=(*BATCH, BATCH_NEGATIVES),
            outputs=(
                Value("losses", batch_negative_sampling.body.function, (b,)),
                Gradient("grad_V", "batch.neg.V", (x, i)),
                Gradient("grad_U", "batch.neg.U", (x, i)),
            ),
            layout=LAYOUT,
            rewrites=("e.complement",),
            calls=SIGMOIDS,
            names={
                V[centers[b], i]: "v_c",
                **plural(sampled(centers[b], outsides[b], draw[b, k])),
                **plural(sampling_errors(centers[b], outsides[b], draw[b, k])),
                sampling_pull(centers[b], outsides[b], draw[b, k]): "pull",
            },
            gathering=b,
        ),
    ),
    origin=ORIGIN,
    counted=True,
)
