"""Words that are written as letters side by side: ``CE(y, p)``, ``ReLU(z)``."""

from __future__ import annotations

from derivations.reader.elaborate.spelling import letters_from
from derivations.reader.propose.displays import product
from derivations.reader.syntax import Leaf, Node, Product

# names of functions; anything else side by side is a product
WORDS = frozenset(
    (
        *("CE", "BCE", "CrossEntropy", "KL", "JS", "MSE", "SSE", "RSS", "ReLU", "relu", "softmax"),
        *("softplus", "sigmoid", "tanh", "sim", "score", "loss", "Loss", "cost", "diag", "tr"),
    )
)


def as_words(node: Node) -> Node:
    """A product in which known words are one name each, where an argument stands behind them."""
    if not isinstance(node, Product):
        return node
    factors: list[Node] = []
    joins: list[str] = []
    at = 0
    while at < len(node.factors):
        letters = letters_from(node, at)
        text = "".join(letter.text for letter in letters)
        whole = text in WORDS and all(
            isinstance(f, Leaf) for f in node.factors[at : at + len(text)]
        )
        joins += [node.joins[at - 1]] if at else []
        if whole and at + len(letters) < len(node.factors):
            factors.append(Leaf(node.factors[at].at, "WORD", text))
            at += len(letters)
        else:
            factors.append(node.factors[at])
            at += 1
    return product(tuple(factors), tuple(joins))
