"""Names of the value at which something is best: ``w^*``, ``\\hat{w}``, ``\\mu_{ML}``."""

from __future__ import annotations

from dataclasses import replace

from derivations.reader.elaborate.spelling import plain
from derivations.reader.syntax import Accented, Leaf, Node, Script

# what stands below such a name; a star stands above it
_LABELS = frozenset(
    {"ML", "MLE", "MAP", "OLS", "LS", "opt", "ridge", "mle", "map", "ols", "ls", "best", "optimal"}
)


def without_mark(node: Node, *, accents: bool = True) -> Node:
    """The name without its star and its label, and without its hat, bar or tilde."""
    if isinstance(node, Accented):
        return without_mark(node.base) if accents else node
    if not isinstance(node, Script):
        return node
    base = without_mark(node.base, accents=accents)
    starred, labelled = _is_starred(node), _is_labelled(node)
    if (starred or node.sup is None) and (labelled or node.sub is None) and not node.primes:
        return base
    sub, sup = (None if labelled else node.sub), (None if starred else node.sup)
    return replace(node, base=base, sub=sub, sup=sup)


def is_marked(node: Node) -> bool:
    """Whether a name has a star or such a label."""
    return isinstance(node, Script) and (_is_starred(node) or _is_labelled(node))


def _is_starred(node: Script) -> bool:
    above = node.sup.only if node.sup is not None else None
    return isinstance(above, Leaf) and above.kind == "MARK" and above.text == "*"


def _is_labelled(node: Script) -> bool:
    return node.sub is not None and plain(node.sub) in _LABELS
