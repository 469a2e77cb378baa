"""Logistic regression: which argument each symbol stands for, what each function computes."""

from sympy import Expr, exp, log, preorder_traversal

from codegen.kernel import Argument, Arguments, Document, Draw, Gradient, Kernel, Module, Value
from codegen.subjects.word2vec.stable_steps import LOG_SIGMOID, SIGMOIDS
from derivations.claim import Claim
from derivations.indices import total
from derivations.language.index_nodes import Defined, define
from derivations.language.tree import Array

document = Document("logistic_regression")
s, i, j = (document.index("m", letter) for letter in "sij")
weight, feature, label = (document.entry("m", name) for name in "wXt")
offset, penalty = document.entry("m", "b")(), document.entry("m", r"\lambda")()
margin, slope = document.entry("m", "m"), document.entry("h", "r")
probability, sigma = document.entry("h", "y"), document.function("h", r"\sigma")
score = define("score", f"z[{{{s}}}]", (s,), total(weight(i) * feature(s, i), i))

PLACE = "not printed"


def stable(name: str, sentence: str, left: Expr, right: Expr) -> Claim:
    """A form that keeps its digits, for the judge to prove."""
    return Claim(document.id(name), "stable", PLACE, sentence, Array(left), Array(right))


ERROR, MARGIN = document.function("h", "E")(), document.function("m", "J")(offset)
z, m = score(s), margin(s)
# J(b) is a function of the intercept, and so is the margin in it, which is the one that is defined
(m_of_b,) = (one for one in preorder_traversal(MARGIN.opened) if isinstance(one, Defined))
STABLE = (
    stable("probability", "the sigmoid of a score", probability(s), sigma(z)),
    stable("hit", "the logarithm of a probability", log(probability(s)), log(sigma(z))),
    stable("miss", "that of one less a probability", log(1 - probability(s)), log(sigma(-z))),
    stable("slope", "the slope without a difference", slope(s), sigma(z) * sigma(-z)),
    stable("marginal", "the loss at a margin", log(1 + exp(-m_of_b)), -log(sigma(m))),
    stable("push", "its slope by the margin", 1 / (1 + exp(m)), sigma(-m)),
)
PROBABILITY, HIT, MISS, SLOPE, MARGINAL, PUSH = (claim.id for claim in STABLE)

DATA = (
    Argument("w", weight(i), (i,), ("d",), meaning="one weight for each feature"),
    Argument("X", feature(s, i), (s, i), ("n", "d"), meaning="one example a row"),
)
TARGETS = (
    *DATA,
    Argument("t", label(s), (s,), ("n",), meaning="the target of each example, from 0 to 1"),
)
MARGINS = (
    *DATA,
    Argument("t", label(s), (s,), ("n",), meaning="the label of each example, 1 or −1"),
    Argument("b", offset, meaning="the intercept"),
    Argument("penalty", penalty, meaning="what the square of the weights costs, λ"),
)
LAYOUT = (s.space, i.space)
SCORES, MARGIN_STEP = {score(s): "scores"}, {margin(s): "margins"}


def drawn(draw: Draw) -> Arguments:
    """Targets that are labels, and some between them."""
    targets = draw.rng.choice([0, 0.25, 1], len(draw.U))
    return draw.V[0], draw.U, targets.astype(draw.U.dtype)


def margins_drawn(draw: Draw) -> Arguments:
    """Labels that are 1 or -1, an intercept, and a weight of the penalty."""
    labels = draw.rng.choice([-1, 1], len(draw.U)).astype(draw.U.dtype)
    return draw.V[0], draw.U, labels, draw.rng.normal(), draw.rng.uniform(0, 2)


MODULES = (
    Module(
        "logistic_regression.py",
        "Logistic regression: an example told by the sigmoid of its score.",
        (
            Kernel(
                name="loss",
                title="The cross-entropy of all examples, of targets from 0 to 1.",
                loss=ERROR,
                arguments=TARGETS,
                outputs=(Value("loss", ERROR),),
                layout=LAYOUT,
                rewrites=(HIT, MISS),
                calls=LOG_SIGMOID,
                names=SCORES,
            ),
            Kernel(
                name="value_and_grad",
                title="The cross-entropy of all examples, and its gradient.",
                loss=ERROR,
                arguments=TARGETS,
                outputs=(Value("loss", ERROR), document.gradient("grad_w", "e.6")),
                layout=LAYOUT,
                rewrites=(HIT, MISS, PROBABILITY),
                calls=SIGMOIDS,
                names={**SCORES, sigma(z): "probabilities"},
            ),
            Kernel(
                name="value_grad_and_hess",
                title="The cross-entropy of all examples, its gradient and its Hessian.",
                loss=ERROR,
                arguments=TARGETS,
                outputs=(
                    Value("loss", ERROR),
                    document.gradient("grad_w", "e.6"),
                    Gradient("hess_w", document.id("h.4"), (i, j)),
                ),
                layout=LAYOUT,
                rewrites=(HIT, MISS, PROBABILITY, SLOPE),
                calls=SIGMOIDS,
                names={**SCORES, sigma(z): "probabilities"},
            ),
            Kernel(
                name="margin_loss",
                title="The loss of all margins, of labels 1 and −1, with a penalty.",
                loss=MARGIN,
                arguments=MARGINS,
                outputs=(Value("loss", MARGIN),),
                layout=LAYOUT,
                rewrites=(MARGINAL,),
                calls=LOG_SIGMOID,
                names=MARGIN_STEP,
            ),
            Kernel(
                name="margin_value_and_grad",
                title="The loss of all margins, of labels 1 and −1, and its gradients.",
                loss=MARGIN,
                arguments=MARGINS,
                outputs=(
                    Value("loss", MARGIN),
                    document.gradient("grad_w", "m.2"),
                    document.gradient("grad_b", "m.3"),
                ),
                layout=LAYOUT,
                rewrites=(MARGINAL, PUSH),
                calls=SIGMOIDS,
                names={**MARGIN_STEP, label(s) * sigma(-m): "pull"},
            ),
        ),
        origin="derivations/logistic_regression/ and codegen/subjects/logistic_regression.py",
        drawn={
            "value_and_grad": drawn,
            "value_grad_and_hess": drawn,
            "margin_value_and_grad": margins_drawn,
        },
    ),
)
CLAIMS = (*document.claims.values(), *STABLE)
