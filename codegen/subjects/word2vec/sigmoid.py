"""The sigmoid and its logarithm, for every kernel. Data."""

from codegen.kernel import Elementwise, Module
from codegen.subjects.word2vec.stable_steps import ORIGIN
from derivations.word2vec.losses import z

# The functions, and the claims that say what they compute
LOG_SIGMOID = {"log_sigmoid": "stable.log-sigmoid"}
SIGMOIDS = {**LOG_SIGMOID, "sigmoid": "stable.sigmoid"}

SIGMOID = Module(
    "_sigmoid.py",
    "The sigmoid and its logarithm, by forms that neither overflow nor cancel.",
    (
        Elementwise("sigmoid", "The sigmoid of each entry.", "stable.sigmoid", z),
        Elementwise(
            "log_sigmoid", "The logarithm of the sigmoid of each entry.", "stable.log-sigmoid", z
        ),
    ),
    origin=ORIGIN,
)
