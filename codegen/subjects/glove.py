"""GloVe: which argument each symbol stands for, what each function computes."""

from codegen.kernel import Argument, Arguments, Document, Draw, Kernel, Module, Value

document = Document("glove")
i, j, x, h = (document.index("a", letter) for letter in "ijxh")
p = document.index("p", "p")
w, context = document.entry("a", "w"), document.entry("a", r"\tilde{w}")
bias, context_bias = document.entry("a", "b"), document.entry("a", r"\tilde{b}")
weight, target, error = (document.entry("a", name) for name in "fLe")
listed, listed_context = document.words("p", "r")(p), document.words("p", "c")(p)
listed_weight, listed_target, listed_error = (document.entry("p", name) for name in "gTe")

PARAMETERS = (
    Argument("W", w(i, h), (i, h), ("N", "d"), meaning="one word vector a row"),
    Argument("C", context(j, h), (j, h), ("N", "d"), meaning="one context vector a row"),
    Argument("b", bias(i), (i,), ("N",), meaning="the bias of each word"),
    Argument("c", context_bias(j), (j,), ("N",), meaning="the bias of each word as a context"),
)
ALL_PAIRS = (
    *PARAMETERS,
    Argument("weights", weight(i, j), (i, j), ("N", "N"), meaning="what each pair counts"),
    Argument(
        "targets",
        target(i, j),
        (i, j),
        ("N", "N"),
        meaning="the logarithms of their counts, 0 where a pair counts nothing",
    ),
)
SOME_PAIRS = (
    *PARAMETERS,
    Argument("rows", listed, (p,), ("P",), meaning="the word of each pair"),
    Argument("columns", listed_context, (p,), ("P",), meaning="its context word"),
    Argument("weights", listed_weight(p), (p,), ("P",), meaning="what each pair counts"),
    Argument(
        "targets", listed_target(p), (p,), ("P",), meaning="the logarithm of the count of each pair"
    ),
)


def drawn(draw: Draw) -> Arguments:
    """All pairs, none of which counts less than nothing."""
    N = len(draw.U)
    return (
        *(draw.U, draw.V, draw.numbers(N), draw.numbers(N)),
        *(abs(draw.numbers(N, N)), draw.numbers(N, N)),
    )


def batch_drawn(draw: Draw) -> Arguments:
    """Some pairs, none of which counts less than nothing."""
    N, P = len(draw.U), draw.B
    return (
        *(draw.U, draw.V, draw.numbers(N), draw.numbers(N), draw.words(P), draw.words(P)),
        *(abs(draw.numbers(P)), draw.numbers(P)),
    )


LAYOUT = (p.space, i.space, h.space)
LOSS, LISTED_LOSS = document.function("a", "J")(), document.function("p", "J_{list}")()

MODULES = (
    Module(
        "glove.py",
        "GloVe: word vectors whose inner products are the logarithms of counts.",
        (
            Kernel(
                name="loss",
                title="The weighted squares of all pairs of words.",
                loss=LOSS,
                arguments=ALL_PAIRS,
                outputs=(Value("loss", LOSS),),
                layout=LAYOUT,
                names={error(i, j): "errors"},
            ),
            Kernel(
                name="value_and_grad",
                title="The weighted squares of all pairs of words, and their gradients.",
                loss=LOSS,
                arguments=ALL_PAIRS,
                outputs=(
                    Value("loss", LOSS),
                    document.gradient("grad_W", "a.4", x),
                    document.gradient("grad_C", "a.6", x),
                    document.gradient("grad_b", "a.7", x),
                    document.gradient("grad_c", "a.8", x),
                ),
                layout=LAYOUT,
                names={error(i, j): "errors", weight(i, j) * error(i, j): "weighted"},
            ),
            Kernel(
                name="batch_value_and_grad",
                title="The weighted squares of a list of pairs of words, and their gradients.",
                loss=LISTED_LOSS,
                arguments=SOME_PAIRS,
                outputs=(
                    Value("loss", LISTED_LOSS),
                    document.gradient("grad_W", "p.2", x),
                    document.gradient("grad_C", "p.3", x),
                    document.gradient("grad_b", "p.4", x, dense="b"),
                    document.gradient("grad_c", "p.5", x, dense="c"),
                ),
                layout=LAYOUT,
                names={
                    w(listed, h): "w",
                    context(listed_context, h): "v",
                    listed_error(p): "errors",
                },
            ),
        ),
        origin="derivations/glove/ and codegen/subjects/glove.py",
        drawn={"value_and_grad": drawn, "batch_value_and_grad": batch_drawn},
    ),
)
CLAIMS = tuple(document.claims.values())
