"""Continuous bag of words: which argument each symbol stands for, what each function computes."""

from codegen.kernel import Argument, Document, Kernel, Module, Value
from codegen.subjects.word2vec.stable_steps import LOG_SIGMOID, SIGMOIDS, stable_softmax

document = Document("cbow")
w, o, x = (document.index("s", letter) for letter in "wox")
i, j, k = (document.index("n", letter) for letter in "ijk")
u, v = document.entry("s", "u"), document.entry("s", "v")
context, sample = document.words("n", "c"), document.words("n", "w")
h, z = document.entry("s", "h"), document.entry("s", "z")
sigma = document.function("n", r"\sigma")

CONTEXT = Argument(
    "context",
    context(j),
    (j,),
    ("C",),
    meaning="the words around, as often as they stand there",
)
OUTSIDE_WORD = Argument("o", o, meaning="the word between, to be predicted")
CONTEXT_ROWS = Argument("V", v(w, i), (w, i), ("N", "d"), meaning="one context vector a row")
OUTSIDE_ROWS = Argument("U", u(w, i), (w, i), ("N", "d"), meaning="one outside vector a row")
NEGATIVES = Argument(
    "negatives", sample(k), (k,), ("K",), meaning="sampled words, each counted as often as drawn"
)
ARGUMENTS = (CONTEXT, OUTSIDE_WORD, CONTEXT_ROWS, OUTSIDE_ROWS)
LAYOUT = (j.space, k.space, w.space, i.space)

NAIVE = document.function("s", "J_{naive}")(o)
SOFTMAX = stable_softmax(
    "cbow.stable",
    z,
    NAIVE,
    document.entry("s", r"\hat{y}")(w) - document.entry("s", "y")(w),
    (w, o),
)
NEGATIVE_SAMPLING = document.function("n", "J_{neg}")(o)
MEAN = {h(i): "mean"}
SAMPLED = {
    **MEAN,
    u(o, i): "u_o",
    u(sample(k), i): "u_k",
    z(o): "score",
    z(sample(k)): "sample_scores",
}
ERRORS = {sigma(-z(o)): "error", sigma(z(sample(k))): "sample_errors"}

MODULES = (
    Module(
        "cbow.py",
        "Continuous bag of words: the mean of a context predicts the word between.",
        (
            Kernel(
                name="naive_softmax_loss",
                title="The naive softmax loss of one context.",
                loss=NAIVE,
                arguments=ARGUMENTS,
                outputs=(Value("loss", NAIVE),),
                layout=LAYOUT,
                rewrites=SOFTMAX.rewrites[:1],
                choices=SOFTMAX.choices,
                names={**MEAN, **SOFTMAX.of_loss},
            ),
            Kernel(
                name="naive_softmax_value_and_grad",
                title="The naive softmax loss of one context, and its gradients.",
                loss=NAIVE,
                arguments=ARGUMENTS,
                outputs=(
                    Value("loss", NAIVE),
                    document.gradient("grad_V", "s.6", x),
                    document.gradient("grad_U", "u.2", x),
                ),
                layout=LAYOUT,
                rewrites=SOFTMAX.rewrites,
                choices=SOFTMAX.choices,
                names={**MEAN, **SOFTMAX.of_loss, **SOFTMAX.of_error},
            ),
            Kernel(
                name="negative_sampling_loss",
                title="The negative sampling loss of one context.",
                loss=NEGATIVE_SAMPLING,
                arguments=(*ARGUMENTS, NEGATIVES),
                outputs=(Value("loss", NEGATIVE_SAMPLING),),
                layout=LAYOUT,
                calls=LOG_SIGMOID,
                names=SAMPLED,
            ),
            Kernel(
                name="negative_sampling_value_and_grad",
                title="The negative sampling loss of one context, and its gradients.",
                loss=NEGATIVE_SAMPLING,
                arguments=(*ARGUMENTS, NEGATIVES),
                outputs=(
                    Value("loss", NEGATIVE_SAMPLING),
                    document.gradient("grad_V", "n.3", x),
                    document.gradient("grad_U", "n.6", x),
                ),
                layout=LAYOUT,
                calls=SIGMOIDS,
                names={**SAMPLED, **ERRORS},
            ),
        ),
        origin="derivations/cbow/ and codegen/subjects/cbow.py",
        # not of negative_sampling_value_and_grad: its 1 / C is a number of Python's own
        bounded=("naive_softmax_value_and_grad", "negative_sampling_loss"),
    ),
)
CLAIMS = (*document.claims.values(), *SOFTMAX.claims)
