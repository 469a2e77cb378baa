"""What the displays of a file say, as syntax trees: the sides of each chain, and its conditions.

Nothing is known yet of what a letter means, so nothing is resolved. What cannot be read is left
out: it is no evidence.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields

from lark import Token

from derivations.reader.display import Side, Statement, statements
from derivations.reader.elaborate.indexing import subscripts
from derivations.reader.parser import bracketed, listing, parsed
from derivations.reader.prose import remark
from derivations.reader.scope import raised_name
from derivations.reader.segmentation import Chain, Document
from derivations.reader.source import Place, Unreadable
from derivations.reader.syntax import Content, Group, Leaf, Node, Product, Relation, Script


@dataclass(frozen=True)
class Shown:
    """One side as it stands there; no tree where it cannot be read.

    ``joined`` says whether it is equated with the side before it.
    """

    node: Node | None
    place: Place
    joined: bool


@dataclass(frozen=True)
class Displayed:
    """A chain of equalities: its sides in order, and the conditions that it is under.

    ``chain`` is the number of the displays that it is one of; ``supposed`` says that it may be an
    assumption, or follow from one; ``perhaps``, that it may be a condition of what stands before.
    """

    part: str
    chain: int
    sides: tuple[Shown, ...]
    conditions: tuple[Relation, ...]
    supposed: bool = False
    perhaps: bool = False

    @property
    def trees(self) -> Iterator[Node]:
        """Everything that could be read."""
        yield from (side.node for side in self.sides if side.node is not None)
        yield from self.conditions

    @property
    def equalities(self) -> Iterator[tuple[Shown, Shown]]:
        """Sides that are equated, one after the other."""
        for left, right in zip(self.sides, self.sides[1:], strict=False):
            if right.joined:
                yield left, right


def displayed(document: Document) -> list[Displayed]:
    """All chains of a file, in reading order."""
    chains = [(part.name, chain) for part in document.parts for chain in part.chains]
    return [
        _displayed(statement, chain, part, number)
        for number, (part, chain) in enumerate(chains)
        for statement in _statements(chain)
    ]


def _statements(chain: Chain) -> list[Statement]:
    try:
        return statements(chain.displays)
    except (Unreadable, RecursionError):
        return []


def _displayed(statement: Statement, chain: Chain, part: str, number: int) -> Displayed:
    shown: list[Shown] = []
    conditions: list[Relation] = []
    for side in statement.sides:
        node, behind = _side(side)
        conditions += behind
        shown.append(Shown(node, side.place, bool(shown) and side.sign is None))
    for words in statement.remarks:
        conditions += _said(words, statement.sides[0])
    for span in chain.remarks:
        try:
            said = remark(span).condition
            conditions += _relations(listing(said)) if said is not None else ()
        except Unreadable:
            continue
    supposed = statement.doubt is not None or statement.premise
    return Displayed(part, number, tuple(shown), tuple(conditions), supposed, statement.perhaps)


def _said(words: list[Token], side: Side) -> list[Relation]:
    """The conditions in a remark behind its first word."""
    try:
        return _relations(bracketed(words[1:], side.span)) if words[1:] else []
    except Unreadable:
        return []


def _side(side: Side) -> tuple[Node | None, list[Relation]]:
    """The tree of a side without the conditions behind it, and these."""
    if side.problem is not None:
        return None, []
    conditions: list[Relation] = []
    try:
        node = parsed(side.tokens, side.place)
    except (Unreadable, RecursionError):
        return None, []
    for words in side.remarks:
        conditions += _said(words, side)
    if isinstance(node, Product) and isinstance(last := node.factors[-1], Group):
        behind = _relations(last.content)
        a_list = "|" in last.content.separators
        alone = len(behind) == len(last.content.items) and not a_list
        if behind and alone and not _is_head(node.factors[-2]):
            return without_last(node), [*conditions, *behind]
    return node, conditions


def _is_head(node: Node) -> bool:
    """Whether what stands in brackets behind this is its argument: ``P(O = o)``."""
    base = node.base if isinstance(node, Script) else node
    if isinstance(base, Leaf) and base.kind == "INDICATOR":
        return True
    return isinstance(base, Leaf) and base.text == "P"


def _relations(content: Content) -> list[Relation]:
    return [item for item in content.items if isinstance(item, Relation)]


def without_last(node: Product) -> Node:
    """A product without its last factor."""
    return product(node.factors[:-1], node.joins[:-1])


def product(factors: tuple[Node, ...], joins: tuple[str, ...]) -> Node:
    """Factors side by side; one alone is itself."""
    return factors[0] if len(factors) == 1 else Product(factors[0].at, factors, joins)


def subscripts_of(content: Content) -> list[Node]:
    """The single subscripts; none where they cannot be told apart."""
    try:
        return subscripts(content)
    except Unreadable:
        return []


def inside(node: Node) -> Iterator[Node]:
    """The node and everything in it."""
    waiting: list[object] = [node]
    while waiting:
        here = waiting.pop()
        if isinstance(here, tuple):
            waiting += reversed(here)
        elif isinstance(here, Node):
            if not isinstance(here, Content):
                yield here
            waiting += reversed([getattr(here, each.name) for each in fields(here)])


def called(node: Node) -> str:
    """A name with its primes and with what stands above it, without its subscripts."""
    if not isinstance(node, Script):
        return raised_name(node)
    above = node.sup if is_marked(node) else None
    return raised_name(Script(node.at, node.base, None, above, node.primes))


def is_marked(node: Script) -> bool:
    """Whether what stands above a name belongs to it: ``w^*``, ``W^{[1]}``, ``L^{sup}``."""
    above = node.sup.only if node.sup is not None else None
    if isinstance(above, Leaf):
        return above.kind in ("MARK", "WORD")
    return isinstance(above, Group) and above.bracket in ("(", "[")
