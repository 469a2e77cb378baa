"""Single lines and formulas under the declarations that these tests share."""

from __future__ import annotations

from derivations.language.tree import Term
from derivations.reader.derivation import derivation
from derivations.reader.elaborate.environment import Environment, loosely, resolve
from derivations.reader.line import Line
from derivations.reader.parser import formula
from derivations.reader.source import Source
from derivations.repair.operator import Surroundings

GIVEN = r"""
size N, d >= 1
size K, m >= 0
index c, o, w, x in Vocab = 1..N
index k, i in 1..K
index j in -m..m
scalar z
vectors u_w in R^d, columns of U
vectors v_w in R^d, columns of V
list w_k in Vocab, k in 1..K
read k as w_k
define P(O = o | C = c) = \frac{\exp(u_o^T v_c)}{\sum_w \exp(u_w^T v_c)}
define \hat{y}_w = P(O = w | C = c)
define y_w = \mathbb{1}_{w = o}
define \sigma(z) = \frac{1}{1 + e^{-z}}
"""


def read(latex: str) -> Line:
    """The line that a display makes."""
    text = f"```given\n{GIVEN}```\n\n## (t) Test\n\n$${latex}$$\n"
    return derivation(text, "test").lines[0]


SCOPE = read("z = z").equality.scope


def term(latex: str) -> Term:
    """The term of a formula."""
    return resolve(formula(Source(latex).whole), Environment(SCOPE))


def around(*sides: str) -> Surroundings:
    """What edits of a line with these sides may draw on."""
    return Surroundings(SCOPE, tuple(map(loose, sides)))


def loose(latex: str) -> Term:
    """The term of a formula, whether it fits or not."""
    with loosely():
        return term(latex)
