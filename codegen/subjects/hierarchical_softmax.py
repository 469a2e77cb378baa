"""Hierarchical softmax: which argument each symbol stands for, what each function computes."""

from codegen.kernel import Argument, Arguments, Document, Draw, Kernel, Module, Value
from codegen.subjects.word2vec.stable_steps import LOG_SIGMOID, SIGMOIDS

document = Document("hierarchical_softmax")
n, x, i, l = (document.index("s", letter) for letter in "nxil")  # noqa: E741
theta, v, s = (document.entry("s", name) for name in (r"\theta", "v", "s"))
z, sigma = document.entry("s", "z"), document.function("s", r"\sigma")
node = document.words("s", "p")(l)

ARGUMENTS = (
    Argument("v", v(i), (i,), ("d",), meaning="the vector that predicts the word"),
    Argument("nodes", node, (l,), ("L",), meaning="the inner nodes on the path to the word"),
    Argument(
        "signs", s(l), (l,), ("L",), meaning="1 or −1, by where the path goes on from each; finite"
    ),
    Argument("Theta", theta(n, i), (n, i), ("M", "d"), meaning="one vector of an inner node a row"),
)


def drawn(draw: Draw) -> Arguments:
    """A path of one node more than there are samples, each sign 1 or -1."""
    length = draw.K + 1
    signs = draw.rng.choice([-1, 1], length).astype(draw.U.dtype)
    return draw.V[0], draw.words(length), signs, draw.U


LAYOUT = (l.space, n.space, i.space)
LOSS = document.function("s", "J_{sign}")()
STEPS = {theta(node, i): "theta", z(node): "scores"}

MODULES = (
    Module(
        "hierarchical_softmax.py",
        "Hierarchical softmax: a word as a path of decisions in a binary tree.",
        (
            Kernel(
                name="loss",
                title="The hierarchical softmax loss of one word.",
                loss=LOSS,
                arguments=ARGUMENTS,
                outputs=(Value("loss", LOSS),),
                layout=LAYOUT,
                calls=LOG_SIGMOID,
                names=STEPS,
            ),
            Kernel(
                name="value_and_grad",
                title="The hierarchical softmax loss of one word, and its gradients.",
                loss=LOSS,
                arguments=ARGUMENTS,
                outputs=(
                    Value("loss", LOSS),
                    document.gradient("grad_v", "s.5"),
                    document.gradient("grad_Theta", "s.7", x),
                ),
                layout=LAYOUT,
                calls=SIGMOIDS,
                names={**STEPS, sigma(-s(l) * z(node)): "errors"},
            ),
        ),
        origin="derivations/hierarchical_softmax/ and codegen/subjects/hierarchical_softmax.py",
        drawn={"value_and_grad": drawn},
    ),
)
CLAIMS = tuple(document.claims.values())
