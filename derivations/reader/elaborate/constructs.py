"""Constructs of mathematical notation, and the trigger of each: what it cannot stand there without.

The module that reads a construct is entered only where its trigger is: the letter, word or sign
that a factor begins with, brackets behind it, a text somewhere in a side. A trigger is necessary,
and mostly not sufficient: whether the construct stands there, its own rule says. Which rule that
is, the table of `juxtaposition` says.
"""

from __future__ import annotations

from dataclasses import dataclass

from derivations.reader.latex_commands import DIAGONAL
from derivations.reader.syntax import (
    Accented,
    Cases,
    Fraction,
    Group,
    Leaf,
    Matrix,
    Node,
    Script,
    Stack,
    nodes,
)

EXPECTED = "E"
VARIANCES = frozenset({"Var", "var", "V"})
COVARIANCES = frozenset({"Cov", "cov"})
DRAWN = "\\sim"
DIVERGENCES = frozenset({"KL", "D_{KL}", "D_{\\mathrm{KL}}", "\\mathrm{KL}"})
ENTROPIES = frozenset({"H", "\\mathcal{H}", "\\mathrm{H}"})
NORMAL = "N"
# names of probabilities that nothing declares; what is one only with a bar in its brackets
PROBABILITIES = frozenset({"P", "p", "q", "Pr"})
BY_ITS_BAR = frozenset({r"\pi"})
JACOBIAN_NAME = "J"
DIFFERENTIAL_SIGN = "d"
LOSSES = frozenset({"L", "J", "E", "C", "l", r"\ell", r"\mathcal{L}", "Loss", "loss", "Cost"})
CONSTANT_WORDS = frozenset({"const", "constant", "Const", "cst", "const."})
CONSTANT_LETTER = "C"


def is_dots(node: Node) -> bool:
    """Whether this is a sign that leaves something out."""
    return isinstance(node, Leaf) and node.kind == "DOTS"


def is_list(node: Node) -> bool:
    """Whether this is ``[x_1, ..., x_n]``, or the same in parentheses."""
    if not isinstance(node, Group) or node.bracket not in ("(", "["):
        return False
    content = node.content
    return {*content.separators} == {","} and any(map(is_dots, content.items))


@dataclass(frozen=True)
class Beginning:
    """What a factor begins with, scripts and accents left off, and whether brackets follow.

    ``text`` and ``kind`` are those of its letter, word or sign; of brackets, a fraction or an array
    the text is empty, and the kind the name of the node, LIST of brackets around several things.
    ``text`` is None of what may begin with anything.
    """

    text: str | None
    kind: str
    brackets: bool


def beginning(node: Node, following: Node | None = None) -> Beginning:
    """The beginning of a factor in front of another one."""
    while isinstance(node, Script | Accented):
        node = node.base
    behind = following.base if isinstance(following, Script) else following
    brackets = isinstance(behind, Group)
    match node:
        case Leaf(text=text, kind=kind):
            return Beginning(text, kind, brackets)
        case Group(content=content):
            return Beginning("", "LIST" if content.separators else "GROUP", brackets)
        case Fraction() | Matrix() | Cases() | Stack():
            return Beginning("", type(node).__name__.upper(), brackets)
    return Beginning(None, "", brackets)


@dataclass(frozen=True)
class Trigger:
    """What a construct cannot stand there without.

    A factor of it begins with one of the ``texts`` or ``kinds``, anything where there are none of
    either; with ``brackets`` they stand behind it.
    """

    name: str
    texts: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    brackets: bool = False

    def may_begin(self, begins: Beginning) -> bool:
        """Whether the construct may stand where a factor begins so."""
        if self.brackets and not begins.brackets:
            return False
        if begins.text is None or not (self.texts or self.kinds):
            return True
        return begins.text in self.texts or begins.kind in self.kinds

    def may_stand_in(self, *trees: Node) -> bool:
        """Whether the construct may stand somewhere in these trees."""
        leaves = (node for node in nodes(*trees) if isinstance(node, Leaf | Accented))
        return any(self.may_begin(beginning(node)) for node in leaves)


def _texts(*texts: str) -> frozenset[str]:
    return frozenset(texts)


SUM = Trigger("a sum, or a product", kinds=_texts("SUM", "PROD"))
MOMENT = Trigger(
    "an expectation, a variance or a covariance by moments",
    VARIANCES | COVARIANCES | {EXPECTED},
    brackets=True,
)
EXPECTATION = Trigger("an expectation", _texts(EXPECTED), brackets=True)
VARIANCE = Trigger("a variance, or a covariance", VARIANCES | COVARIANCES, brackets=True)
DIVERGENCE = Trigger("a divergence, or an entropy", DIVERGENCES | ENTROPIES | {"D"}, brackets=True)
DIVERGENCE_IN_LETTERS = Trigger("a divergence in plain letters", _texts("K"))
DERIVATIVE = Trigger(
    "the sign of a derivative", _texts("D"), _texts("NABLA", "PARTIAL", "FRACTION")
)
INDICATOR = Trigger("an indicator", _texts("1", "I"), _texts("INDICATOR"))
DIAGONAL_MATRIX = Trigger("a diagonal matrix", frozenset(DIAGONAL), brackets=True)
JACOBIAN = Trigger("a Jacobian by name", _texts(JACOBIAN_NAME), brackets=True)
DIFFERENTIAL = Trigger("a differential", _texts(DIFFERENTIAL_SIGN))
UNDECLARED_LOSS = Trigger("a loss that nothing declares", LOSSES)
FUNCTION = Trigger("a function")
PROBABILITY = Trigger("an undeclared probability", PROBABILITIES | BY_ITS_BAR, brackets=True)
PROBABILITY_NAME = Trigger("the name of an undeclared probability", PROBABILITIES | BY_ITS_BAR)
DENSITY = Trigger("a normal density", _texts(NORMAL), brackets=True)
BLOCKS = Trigger("a matrix in blocks", kinds=_texts("LIST", "MATRIX"))
ENTRIES = Trigger("an array by its entries", kinds=_texts("GROUP", "LIST"))
CONSTANT = Trigger("a constant that nobody names", CONSTANT_WORDS | {CONSTANT_LETTER, "c"})
