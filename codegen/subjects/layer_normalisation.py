"""Layer normalisation: which argument each symbol stands for, what each function computes."""

from codegen.kernel import Argument, Arguments, Document, Draw, Kernel, Module, Value
from derivations.claim import Assumed
from derivations.indices import total

document = Document("layer_normalisation")
i, k = (document.index("b", letter) for letter in "ik")
entry, gain, shift, u = (document.entry("b", name) for name in ("x", r"\gamma", r"\beta", "u"))
epsilon = document.entry("b", r"\epsilon")()
mean, deviation = document.entry("b", r"\mu")(), document.entry("b", r"\sigma")()
normalised, output = document.entry("b", r"\hat{x}"), document.entry("b", "y")
g = document.entry("b", "g")

LAYER = (
    Argument("x", entry(i), (i,), ("n",), meaning="the inputs of the layer"),
    Argument("gain", gain(i), (i,), ("n",), meaning="what each normalised input is scaled by, γ"),
    Argument("shift", shift(i), (i,), ("n",), meaning="what is added to each, β"),
    Argument("epsilon", epsilon, meaning="what is added to the variance; above 0"),
)
UPSTREAM = Argument("upstream", u(i), (i,), ("n",), meaning="the derivative by each output, u")
LAYOUT = (i.space,)
LOSS = document.entry("b", "L")()
STEPS = {
    mean: "mean",
    entry(i) - mean: "centred",
    deviation: "deviation",
    normalised(i): "normalised",
}


def drawn(draw: Draw) -> Arguments:
    """One layer, with what is added to the variance between 1e-5 and 1."""
    x = draw.U[:, 0]
    gain, shift, upstream = (draw.numbers(len(x)) for _ in range(3))
    return x, gain, shift, 10 ** draw.rng.uniform(-5, 0), upstream


MODULES = (
    Module(
        "layer_normalisation.py",
        "Layer normalisation: inputs less their mean, over their deviation, scaled and shifted.",
        (
            Kernel(
                name="outputs",
                title="The outputs of the layer.",
                loss=LOSS,
                arguments=LAYER,
                outputs=(Value("outputs", output(i), (i,)),),
                layout=LAYOUT,
                names=STEPS,
                assumed=Assumed(positive=frozenset({epsilon.name})),
            ),
            Kernel(
                name="value_and_grad",
                title="The outputs weighed by what comes from above, and the gradients.",
                loss=LOSS,
                arguments=(*LAYER, UPSTREAM),
                outputs=(
                    Value("loss", LOSS),
                    document.gradient("grad_x", "b.5", k),
                    document.gradient("grad_gain", "b.1", k),
                    document.gradient("grad_shift", "b.2"),
                ),
                layout=LAYOUT,
                names={
                    **STEPS,
                    g(i): "weighed",
                    total(g(i), i) / i.space.size: "weighed_mean",
                    total(g(i) * normalised(i), i): "overlap",
                },
                assumed=Assumed(positive=frozenset({epsilon.name})),
            ),
        ),
        origin="derivations/layer_normalisation/ and codegen/subjects/layer_normalisation.py",
        drawn={"value_and_grad": drawn},
    ),
)
CLAIMS = tuple(document.claims.values())
