"""How each declaration is written, and the pieces that they share."""

from __future__ import annotations

import re

from derivations.reader.elaborate.spelling import declared_name
from derivations.reader.formula import listing
from derivations.reader.problem import Unreadable
from derivations.reader.source import Span

FORMS = {
    "size": "size N, d >= 1   or   size n >= 2",
    "index": "index c, o, w in Vocab = 1..N   or   index k in 1..K",
    "scalar": "scalar x   or   scalar x > 0   or   scalar 0 < x < 1",
    "vector": "vector y in R^N   or   vector y in R^N, y_k > 0   or   vector y in \\{0, 1\\}^N",
    "row": "row y in R^N",
    "vectors": "vectors u_w in R^d, columns of U   or   vectors x_i in R^d, i in 1..n",
    "matrix": "matrix X in R^{n x d}   or   matrix A in R^{n x n}, symmetric, invertible"
    "   or   matrix W in R^{n x d}, entries w_{ij}   or   matrix W in R^{n x (n + m)}",
    "matrices": "matrices A_k in R^{d x d}, k in 1..K, symmetric, invertible",
    "list": "list w_k in Vocab, k in 1..K",
    "subset": r"subset S of 1..n   or   subset I_c = \{i : y_i = c\}",
    "read": "read k as w_k",
    "define": r"define \sigma(z) = \frac{1}{1 + e^{-z}}",
    "layout": "layout numerator   or   layout denominator",
    "arbitrary": "arbitrary J(v_c, o, U)",
    "distribution": r"distribution \pi_\theta(a | s)",
    "draw": r"draw x \sim \mathcal{N}(\mu, \sigma^2)   or   draw y \sim \text{Bernoulli}(p)",
    "use": "use sigmoid, cross-entropy of y and p, one-hot y of o   or   use word2vec"
    "   or   use softmax of each row",
    "if": r"if o \notin \{w_1, ..., w_K\}   or   if w_1, ..., w_K distinct"
    r"   or   if X^T X invertible",
    "require": r"require J = ...   or   require \frac{\partial J}{\partial a} = 2 a",
}
# pieces of patterns: the sign between a name and its set, and the real numbers
IN = r"\s+(?:\\?in|∈)\s+"
REALS = r"(?:R|\\mathbb\{R\}|\N{DOUBLE-STRUCK CAPITAL R})\^"

BY = r"(?:\s+x\s+|\s*×\s*|\s*\\times\s*)"


def wrong(span: Span, keyword: str) -> Unreadable:
    """The error that a declaration is not written as it should be."""
    return Unreadable(span.place, span.text.strip(), "not understood", f"write {FORMS[keyword]}")


def split(span: Span, pattern: str, keyword: str) -> list[Span]:
    """The groups of a pattern that the whole span must match; empty where one is left out."""
    found = re.fullmatch(pattern, span.text)
    if found is None:
        raise wrong(span, keyword)
    groups = range(1, found.re.groups + 1)
    return [span.part(*(found.span(n) if found[n] is not None else (0, 0))) for n in groups]


def names(span: Span) -> list[str]:
    """Names with commas between them."""
    content = listing(span)
    if not content.items or set(content.separators) - {","}:
        raise Unreadable(span.place, span.text.strip(), "names with commas between are expected")
    return [declared_name(node) for node in content.items]
