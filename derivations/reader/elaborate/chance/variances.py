"""Variances and covariances, as the expectations that they are.

``\\operatorname{Var}_{a \\sim p}[f]`` is read as the expectation, over the same a, of the square of
f away from its expectation, a covariance as that of the product. With the letter of an index alone
below, they are means over all its members, which is asked there.
"""

from __future__ import annotations

from derivations.language.tree import Term
from derivations.reader.elaborate.environment import Environment
from derivations.reader.elaborate.expectations import expectation, is_expectation
from derivations.reader.syntax import Content, Group, Leaf, Node, Product, Script, Terms
from derivations.reader.written import written

VARIANCES = frozenset({"Var", "var", "V"})
COVARIANCES = frozenset({"Cov", "cov"})


def is_variance(node: Node, following: Node | None, here: Environment) -> bool:
    """Whether a variance, or a covariance, stands here, where nothing else is called so."""
    base = node.base if isinstance(node, Script) else node
    name = base.text if isinstance(base, Leaf) and base.kind in ("WORD", "LETTER") else ""
    inside = following.base if isinstance(following, Script) else following
    if not isinstance(inside, Group) or inside.bracket not in ("[", "(", r"\{"):
        return False
    if any(name in names for names in here.scope.declared):
        return False
    wanted = 1 if name in VARIANCES else 2 if name in COVARIANCES else 0
    if len(inside.content.items) != wanted or {*inside.content.separators} - {","}:
        return False
    return (
        isinstance(node, Script)
        and node.sub is not None
        and node.sup is None
        and is_expectation(_mean_sign(node), inside, here)
    )


def variance(node: Script, following: Group, whole: Node, here: Environment) -> Term:
    """The expectation of the product of what its one or two arguments are away from theirs."""
    items = following.content.items
    away = [_away(node, item) for item in items]
    product = Product(node.at, (away[0], away[-1]), ("",))
    inside = Group(following.at, "(", Content(following.at, (product,)))
    here.mention(f"{written(node)} is read by what is away from the expectation")
    return expectation(_mean_sign(node), inside, whole, here)


def _mean_sign(node: Script) -> Script:
    """The expectation over the same."""
    return Script(node.at, Leaf(node.at, "LETTER", "E"), node.sub)


def _away(node: Script, item: Node) -> Node:
    """What is away from its expectation, in parentheses."""
    inside = Group(item.at, "(", Content(item.at, (item,)))
    mean = Product(item.at, (_mean_sign(node), inside), ("",))
    return Group(item.at, "(", Content(item.at, (Terms(item.at, ("+", "-"), (inside, mean)),)))
