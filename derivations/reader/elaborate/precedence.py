"""Precedence: how far a sign without brackets reaches, a sum, a derivative or a function.

A sum reaches to the end of its term. A derivative and a function reach over what stands side by
side behind them; where people disagree about that, it is refused, or asked.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from derivations.language.traversal import free_in
from derivations.reader.elaborate import constructs, derivatives
from derivations.reader.elaborate.applications import (
    function_of,
    named_jacobian,
)
from derivations.reader.elaborate.environment import Environment, IllFormed, resolve
from derivations.reader.elaborate.expectations import (
    density_in,
    is_divergence,
    is_expectation,
    is_variance,
)
from derivations.reader.elaborate.moments import is_moment
from derivations.reader.elaborate.operators import is_sum, letters_of
from derivations.reader.elaborate.probabilities import probability_here
from derivations.reader.source import Question, Unreadable
from derivations.reader.syntax import (
    Content,
    Group,
    Leaf,
    Node,
    Product,
    Relation,
    Script,
    written,
)

_PARENTHESES = "put its argument in parentheses"


@dataclass(frozen=True)
class Factors:
    """What is left of a product: factors and the signs between them."""

    nodes: tuple[Node, ...]
    joins: tuple[str, ...]

    def after(self, count: int) -> Factors:
        """Without the first ``count`` factors."""
        return Factors(self.nodes[count:], self.joins[count:])

    def first(self, count: int) -> Factors:
        """The first ``count`` factors alone."""
        return Factors(self.nodes[:count], self.joins[: count - 1])

    @property
    def node(self) -> Node:
        """As a node again."""
        if len(self.nodes) == 1:
            return self.nodes[0]
        return Product(self.nodes[0].at, self.nodes, self.joins)

    @property
    def adjacent(self) -> bool:
        """Whether there is a second factor, right behind the first."""
        return len(self.nodes) > 1 and not self.joins[0]


def before_next_link(sign: Node, rest: Factors, whole: Node, here: Environment) -> Factors:
    """What a gradient is taken of where the Jacobian of a chain stands behind it.

    ``\\nabla_s H J_x(s)`` is the gradient of H times the Jacobian: that is how chains are written.
    """
    base = unscripted(sign)
    if not isinstance(base, Leaf) or base.kind != "NABLA" or len(rest.nodes) < 2:
        return rest
    unit = operand_length(rest, here)
    if unit == len(rest.nodes) or rest.joins[unit - 1] or is_sum(rest.nodes[0]):
        return rest
    node, behind = rest.nodes[unit], rest.after(unit)
    following = behind.nodes[1] if behind.adjacent else None
    if derivatives.quotient(node, here) is None and named_jacobian(node, following, here) is None:
        return rest
    inside = rest.first(unit)
    what = f"is the gradient of {written(inside.node)} alone?"
    here.mention(f"{written(sign)} is read to reach over {written(inside.node)}")
    here.question(Question(whole.at, written(whole), what, "put the gradient in parentheses"))
    return inside


def _is_probability(node: Node, following: Node | None, here: Environment) -> bool:
    return probability_here(node, following, here) is not None


def _is_density(node: Node, following: Node | None, here: Environment) -> bool:
    behind = None if following is None else unscripted(following)
    return density_in(node, behind, here.scope) is not None


# what takes brackets behind it for its argument, though no function is declared by its name
_IN_BRACKETS: tuple[
    tuple[constructs.Trigger, Callable[[Node, Node | None, Environment], bool]], ...
] = (
    (constructs.MOMENT, is_moment),
    (constructs.EXPECTATION, is_expectation),
    (constructs.DIVERGENCE, is_divergence),
    (constructs.VARIANCE, is_variance),
    (constructs.PROBABILITY, _is_probability),
    (constructs.DENSITY, _is_density),
)


def operand_length(rest: Factors, here: Environment) -> int:
    """How many factors the first operand takes: a sum all of them, an application two."""
    node = rest.nodes[0]
    if is_sum(node):
        return len(rest.nodes)
    function = function_of(node, here)
    if function is not None and bracket_follows(rest):
        return 2
    following = rest.nodes[1] if rest.adjacent else None
    begins = constructs.beginning(node, following)
    for trigger, stands in _IN_BRACKETS:
        if trigger.may_begin(begins) and stands(node, following, here):
            return 2
    if isinstance(function, str) and rest.adjacent:
        return 1 + operand_length(rest.after(1), here)
    if constructs.INDICATOR.may_begin(begins) and stands_indicator(node, rest, here):
        return 1 if isinstance(node, Script) else 2
    return 1


def is_single_operand(rest: Factors, here: Environment) -> bool:
    """Whether this is a single operand, behind sum signs or not."""
    while len(rest.nodes) > 1 and is_sum(rest.nodes[0]):
        rest = rest.after(1)
    return operand_length(rest, here) == len(rest.nodes)


def require_derivative_ends(sign: Node, rest: Factors, by: Node | None, here: Environment) -> None:
    """Refuse an operand of which it cannot be told where it ends; note a product."""
    count = operand_length(rest, here)
    if count == len(rest.nodes):
        return
    closed = count == 2 or isinstance(unscripted(rest.nodes[0]), Group)
    if (closed or any(rest.joins)) and not _reaches_over_form(rest, count, by, here):
        advice = "put what it is taken of, or the whole derivative, in parentheses"
        what = "how far does the derivative reach?"
        raise Unreadable(rest.nodes[0].at, written(rest.node), what, advice)
    here.note(f"{written(sign)} is read to reach over {written(rest.node)}")


def _reaches_over_form(rest: Factors, count: int, by: Node | None, here: Environment) -> bool:
    """Whether ``\\nabla_S (x - m)^\\top S^{-1} (x - m)`` stands here, a number that begins with an
    array in which what it is taken by does not stand: of that alone it would be nothing.
    """
    if by is None or any(rest.joins):
        return False
    aside = replace(here, notes=[], doubts=[], questions=[], met=set())
    try:
        first, whole, varied = (
            resolve(each, aside) for each in (rest.first(count).node, rest.node, by)
        )
    except (IllFormed, Unreadable):
        return False
    own = set(free_in(varied).variables)
    return bool(first.shape) and not whole.shape and own.isdisjoint(free_in(first).variables)


def require_product_ends(rest: Factors, letters: set[str]) -> None:
    """Refuse what may end before the term does: where what stands last does not have the letter,
    or another sum or product has it below its sign.
    """
    again = (node for node in rest.nodes[1:] if is_sum(node) and letters & letters_of(node))
    last = next(again, rest.nodes[-1])
    if len(rest.nodes) == 1 or (last is rest.nodes[-1] and letters & letters_of(last)):
        return
    what = f"does the product reach over {written(last)}?"
    raise Unreadable(
        last.at, written(last), what, "write \\prod [ ... ] over all of it, or put it in front"
    )


def derivative_end(rest: Factors, by: Node | None, here: Environment) -> int | None:
    """Where a derivative of an application ends, if what stands behind it does not vary.

    ``\\nabla_\\theta f(\\theta) b`` is b times the gradient of f, however far the sign reaches; of
    ``\\nabla_\\theta \\log f(\\theta) b`` so it is where the logarithm ends with its brackets.
    """
    if by is None or len(rest.nodes) < 2 or any(rest.joins):
        return None
    first = rest.nodes[0]
    logarithm = isinstance(first, Leaf) and first.kind == "FUNCTION" and first.text in ("log", "ln")
    inside = rest.after(1) if logarithm else rest
    if len(inside.nodes) < 3 or not isinstance(unscripted(inside.nodes[1]), Group):
        return None
    if operand_length(inside, here) != 2:
        return None
    behind = inside.after(2)
    if is_sum(behind.nodes[0]) or _depends_on(behind.node, by, here):
        return None
    if logarithm:
        text = written(inside.first(2).node)
        here.mention(f"\\log is read to end behind {text}, and so is the derivative")
        what = f"does the logarithm end behind {text}?"
        here.question(Question(first.at, written(rest.node), what, _PARENTHESES))
    return len(rest.nodes) - len(behind.nodes)


def _depends_on(node: Node, by: Node, here: Environment) -> bool:
    """Whether something is no number, or depends on a variable; so too where that is not clear."""
    try:
        value, varied = resolve(node, here.inside(node)), resolve(by, here)
    except (IllFormed, Unreadable):
        return True
    return bool(value.shape) or bool({*free_in(value).variables} & {*free_in(varied).variables})


def function_reach(name: str, rest: Factors, whole: Node, here: Environment) -> int:
    """How many factors ``\\log`` reaches over."""
    reach = side_by_side(rest, here)
    joins = rest.joins if is_sum(rest.nodes[0]) else rest.joins[reach - 1 : reach]
    if "/" in joins or (any(joins) and not is_sum(rest.nodes[0])):
        what = f"how far does \\{name} reach?"
        raise Unreadable(rest.nodes[0].at, written(whole), what, _PARENTHESES)
    if name == "log":
        reach = _over_exponential(reach, rest, here)
    if not is_single_operand(rest.first(reach), here):
        inside = written(rest.first(reach).node)
        said = f"\\{name} without parentheses is read to reach over {inside}"
        (here.mention if _holds_letter(rest.first(reach)) else here.note)(said)
    return reach


def _holds_letter(factors: Factors) -> bool:
    """Whether the last factor under a sum has its letter: it cannot stand outside of the sum."""
    first, last = factors.nodes[0], factors.nodes[-1]
    below = first.sub if isinstance(first, Script) else None
    bound = letters_of(below) if is_sum(first) and below is not None else set()
    return bool(bound & letters_of(last))


def _over_exponential(reach: int, rest: Factors, here: Environment) -> int:
    """How far a logarithm reaches where ``\\exp`` ends the term: ``\\log \\frac{1}{s} \\exp(-z)``.

    It is mostly meant to hold all of a density, and so it is asked.
    """
    if reach == len(rest.nodes) or rest.joins[reach - 1]:
        return reach
    behind = rest.after(reach)
    if function_of(behind.nodes[0], here) != "exp":
        return reach
    if any(behind.joins) or operand_length(behind, here) < len(behind.nodes):
        raise unclear_reach(behind.nodes[0])
    what = f"does the logarithm reach over {written(behind.node)}?"
    here.question(Question(rest.nodes[0].at, written(rest.node), what, _PARENTHESES))
    return len(rest.nodes)


def side_by_side(rest: Factors, here: Environment) -> int:
    count = operand_length(rest, here)
    if count > 1 and count < len(rest.nodes) and not rest.joins[count - 1]:
        if not _begins_another(rest.nodes[count], here):
            raise unclear_reach(rest.nodes[count])
        return count
    while count < len(rest.nodes) and not rest.joins[count - 1]:
        node = rest.nodes[count]
        if _begins_another(node, here):
            break
        called = function_of(node, here) is not None and bracket_follows(rest.after(count))
        if called or isinstance(unscripted(node), Group):
            raise unclear_reach(node)
        count += 1
    return count


def unclear_reach(node: Node) -> Unreadable:
    return Unreadable(node.at, written(node), "does the function reach this far?", _PARENTHESES)


def _begins_another(node: Node, here: Environment) -> bool:
    """Whether a sum or an elementary function begins here: the one before ends."""
    return is_sum(node) or isinstance(function_of(node, here), str)


def unscripted(node: Node) -> Node:
    """What stands below and left of scripts."""
    return node.base if isinstance(node, Script) else node


def bracket_follows(rest: Factors) -> bool:
    if not rest.adjacent:
        return False
    inner = unscripted(rest.nodes[1])
    return isinstance(inner, Group) and inner.bracket in ("(", "[", r"\{")


def is_indicator(node: Node, factors: Factors) -> bool:
    """Whether this is an indicator's sign with a relation behind or below it: 1, or I."""
    base = unscripted(node)
    if not isinstance(base, Leaf):
        return False
    brackets = {"INDICATOR": ("(", "[", r"\{"), "LETTER": ("(", "[", r"\{"), "NUMBER": ("[", r"\{")}
    if base.kind not in brackets or (base.kind != "INDICATOR" and base.text not in ("1", "I")):
        return False
    if isinstance(node, Script):
        return node.sub is not None and _says(node.sub)
    following = unscripted(factors.nodes[1]) if factors.adjacent else None
    if not isinstance(following, Group) or following.bracket not in brackets[base.kind]:
        return False
    return _says(following.content) or not following.content.items


def stands_indicator(node: Node, factors: Factors, here: Environment) -> bool:
    """Whether an indicator stands here, and no number or matrix that is declared."""
    declared = isinstance(node, Leaf) and here.scope.declares(node.text)
    return is_indicator(node, factors) and not declared


def _says(content: Content) -> bool:
    """Whether these are relations, and nothing else."""
    return bool(content.items) and all(
        isinstance(item, Relation) or (isinstance(item, Group) and _says(item.content))
        for item in content.items
    )
