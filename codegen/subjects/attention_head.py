"""An attention head: which argument each symbol stands for, what each function computes."""

from codegen.kernel import Argument, Arguments, Document, Draw, Kernel, Module, Value, argmax
from derivations.claim import Assumed, Claim
from derivations.indices import Index, total
from derivations.language.index_nodes import define, softmax
from derivations.language.tree import Array

document = Document("attention_head")
t, i, j, a, b = (document.index("f", letter) for letter in "tijab")
query, key, value, slope = (document.entry("b", name) for name in "QKVG")
tau = document.entry("b", r"\tau")()
score, probability, output = (document.entry("b", name) for name in "ZPO")
by_probability, error = (document.entry("b", name) for name in "DE")

# the softmax of a row of scores, relative to any key: taken relative to the leading one
own, leading = Index("o", i.space), Index("l", i.space)
forms = softmax(lambda place: score(t, place), (t,), i, own, leading)
leader = argmax("leader", "leader", (t,), i, score(t, i))
top = leader(t)
weight, weight_sum = forms.weight, forms.weight_sum
PROBABILITY = Claim(
    document.id("probability"),
    "stable",
    "not printed",
    "a probability, scores taken relative to any key",
    Array(probability(t, i)),
    Array(weight(t, leading, i) / weight_sum(t, leading)),
)
# where one probability is nearly 1, a mean is nearly the number there
centred = define(
    "centred",
    f"error[{{{i}}}]",
    (t, leading, i),
    probability(t, i)
    * (
        (by_probability(t, i) - by_probability(t, leading))
        - total(probability(t, j) * (by_probability(t, j) - by_probability(t, leading)), j)
    ),
)
CENTRED = Claim(
    document.id("centred"),
    "stable",
    "not printed",
    "a number less its mean, both relative to any key",
    Array(error(t, i)),
    Array(centred(t, leading, i)),
)

HEAD = (
    Argument("Q", query(t, a), (t, a), ("n", "d"), meaning="one query a row"),
    Argument("K", key(i, a), (i, a), ("m", "d"), meaning="one key a row"),
    Argument("V", value(i, b), (i, b), ("m", "e"), meaning="the value of each key, one a row"),
    Argument("scale", tau, meaning="what inner products are multiplied by, τ; above 0"),
)
UPSTREAM = Argument(
    "upstream", slope(t, b), (t, b), ("n", "e"), meaning="the derivative by each output, G"
)
LAYOUT = (t.space, i.space, a.space, b.space)
LOSS = document.entry("b", "L")()
SOFTMAX = {
    score(t, i): "scores",
    top: "leaders",
    weight(t, top, i): "weights",
    weight_sum(t, top): "weight_sums",
    weight(t, top, i) / weight_sum(t, top): "probabilities",
}
ASSUMED = Assumed(positive=frozenset({tau.name}))


def drawn(draw: Draw) -> Arguments:
    """Up to three queries: each may have several leaders; values of two coordinates."""
    queries, values = draw.U[:3], draw.numbers(len(draw.V), 2)
    upstream = draw.numbers(len(queries), 2)
    return queries, draw.V, values, draw.rng.uniform(0.1, 2), upstream


MODULES = (
    Module(
        "attention_head.py",
        "An attention head: values weighed by a softmax of scaled inner products.",
        (
            Kernel(
                name="outputs",
                title="The output of the head for each query.",
                loss=LOSS,
                arguments=HEAD,
                outputs=(Value("outputs", output(t, b), (t, b)),),
                layout=LAYOUT,
                rewrites=(PROBABILITY.id,),
                choices={leading: top},
                names=SOFTMAX,
                assumed=ASSUMED,
            ),
            Kernel(
                name="value_and_grad",
                title="The outputs weighed by what comes from above, and the gradients.",
                loss=LOSS,
                arguments=(*HEAD, UPSTREAM),
                outputs=(
                    Value("loss", LOSS),
                    document.gradient("grad_Q", "b.4"),
                    document.gradient("grad_K", "b.5"),
                    document.gradient("grad_V", "b.1"),
                    document.gradient("grad_scale", "b.6"),
                ),
                layout=LAYOUT,
                rewrites=(PROBABILITY.id, CENTRED.id),
                choices={leading: top},
                names={
                    **SOFTMAX,
                    output(t, b): "outputs",
                    by_probability(t, i): "by_probability",
                    by_probability(t, i) - by_probability(t, top): "relative",
                    total(
                        probability(t, j) * (by_probability(t, j) - by_probability(t, top)), j
                    ): "means",
                    centred(t, top, i): "errors",
                    total(key(i, a) * centred(t, top, i), i): "pull",
                },
                assumed=ASSUMED,
            ),
        ),
        origin="derivations/attention_head/ and codegen/subjects/attention_head.py",
        drawn={"value_and_grad": drawn},
    ),
)
CLAIMS = (*document.claims.values(), PROBABILITY, CENTRED)
