"""Both losses summed over a window. Data."""

from sympy import KroneckerDelta

from codegen.kernel import Gradient, Kernel, Module, Value
from codegen.subjects.word2vec.stable_steps import (
    LAYOUT,
    LEADER,
    ORIGIN,
    SIGMOIDS,
    SKIP_GRAM,
    WINDOW_NEGATIVES,
    errors,
    leader,
    leading,
    plural,
    sampled,
    sampling_errors,
)
from derivations.indices import total
from derivations.word2vec.losses import (
    V,
    c,
    draw,
    error,
    i,
    j,
    k,
    near,
    w,
    window_naive_softmax,
    window_negative_sampling,
    x,
)

SKIP_GRAM_WINDOW = Module(
    "skip_gram.py",
    "Skip-gram: a pair loss summed over the outside words of one center word.",
    (
        Kernel(
            name="naive_softmax_value_and_grad",
            title="The naive softmax loss of a window, and its gradients.",
            loss=window_naive_softmax(c),
            arguments=SKIP_GRAM,
            outputs=(
                Value("loss", window_naive_softmax(c)),
                Gradient("grad_V", "h.naive.center", (x, i), "V", (x, c), "h.naive.other"),
                Gradient("grad_U", "h.naive.U", (x, i)),
            ),
            layout=LAYOUT,
            rewrites=("stable.loss", "stable.error"),
            choices=LEADER,
            names={
                V[c, i]: "v_c",
                **leading(c),
                **errors(c, near[j]),
                error(c, near[j], leader(c), w): "errors",
                total((1 - KroneckerDelta(j, 0)) * error(c, near[j], leader(c), w), j): "error",
            },
        ),
        Kernel(
            name="negative_sampling_value_and_grad",
            title="The negative sampling loss of a window, and its gradients.",
            loss=window_negative_sampling(c),
            arguments=(*SKIP_GRAM, WINDOW_NEGATIVES),
            outputs=(
                Value("loss", window_negative_sampling(c)),
                Gradient("grad_V", "h.neg.center", (x, i), "V", (x, c), "h.neg.other"),
                Gradient("grad_U", "h.neg.U", (x, i), "U"),
            ),
            layout=LAYOUT,
            rewrites=("e.complement",),
            calls=SIGMOIDS,
            names={
                V[c, i]: "v_c",
                **plural(sampled(c, near[j], draw[j, k])),
                **plural(sampling_errors(c, near[j], draw[j, k])),
            },
        ),
    ),
    origin=ORIGIN,
    counted=True,
)
