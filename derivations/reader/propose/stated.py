"""Type declarations in prose: ``$A \\in \\mathbb{R}^{n \\times d}$``, ``symmetric``, ``$a > 0$``.

What a sentence says of a name's shape is sure, where displays leave it to inference. A condition
counts where its sentence introduces something: with ``Let``, ``where`` and the like.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from derivations.reader.propose.index_analysis import called
from derivations.reader.scope import letter_of, name_of
from derivations.reader.segmentation import Document
from derivations.reader.source import Place, Span, Unreadable
from derivations.reader.syntax import (
    Accented,
    Content,
    Group,
    Leaf,
    Node,
    Product,
    Relation,
    Script,
    listing,
    written,
)

NO_SIZE = ""  # of an axis that is longer than one, and nothing more is known of it
_KINDS = (
    r"(?:symmetric\s+)?positive(?:\s+|-)(?:semi-?\s*)?definite|symmetric|invertible|non-?singular"
)
_BEHIND = re.compile(
    rf"\s*,?\s*(?:(?:is|be|are|being|which is|that is)\s+)?(?:an?\s+)?({_KINDS})\b", re.IGNORECASE
)
_BEFORE = re.compile(rf"(?<!\bnot )(?<!\bnecessarily )\b({_KINDS})(?:\s+matri(?:x|ces))?\s*$", re.I)
_TWO_VALUES = ({"0", "1"}, {"-1", "1"})


@dataclass(frozen=True)
class Stated:
    """What prose says of a name, with the indices it has there.

    ``sizes`` has one for each axis, none for a number, and is None where nothing is said of them;
    ``kinds`` are words such as symmetric, ``numbers`` is what all its numbers are. ``is_run`` says
    that the members of a family are listed, ``x_1, \\dots, x_n``, without a letter for them.
    """

    part: str
    node: Node
    sizes: tuple[str, ...] | None = None
    kinds: tuple[str, ...] = ()
    numbers: str = ""
    is_run: bool = False
    total: str = ""

    @property
    def name(self) -> str:
        """The name without its indices."""
        return called(self.node)

    @property
    def condition(self) -> str:
        """What is said of its numbers, as a declaration writes it; mostly nothing."""
        return self.total or (f"{written(self.node)} {self.numbers}" if self.numbers else "")


@dataclass(frozen=True)
class StatedRange:
    """The numbers that prose says an index runs over."""

    part: str
    letter: str
    lower: str
    upper: str
    at: Place


def stated(document: Document) -> Iterator[Stated | StatedRange]:
    """All that prose says, in its order, once."""
    kinds = {span.place: kind for span, kind in _kinds(document)}
    seen: set[tuple[Place, str]] = set()
    for part in document.parts:
        told = [*part.told, *(each for chain in part.chains for each in chain.told)]
        for span, plainly in ((each.span, each.plainly) for each in told):
            if (span.place, span.text) in seen:
                continue
            seen.add((span.place, span.text))
            for fact in _of(span, part.name, kinds.get(span.place, ())):
                if plainly or isinstance(fact, StatedRange):
                    yield fact
                elif fact.sizes is not None:  # what is a member of a set is so everywhere
                    yield fact if fact.numbers.startswith(r"\in") else replace(fact, numbers="")


def _kinds(document: Document) -> Iterator[tuple[Span, tuple[str, ...]]]:
    """The formulas beside which a word says of which kind a matrix is."""
    for before, here in pairwise(document.regions):
        behind = _BEHIND.match(here.span.text) if before.formula and not here.formula else None
        if behind is not None:
            yield before.span, (_spelled(behind[1]),)
        found = _BEFORE.search(before.span.text) if here.formula and not before.formula else None
        if found is not None:
            yield here.span, (_spelled(found[1]),)


def _spelled(kind: str) -> str:
    return " ".join(kind.lower().replace("-", " ").split())


def _of(span: Span, part: str, kinds: tuple[str, ...]) -> Iterator[Stated | StatedRange]:
    try:
        content = listing(span)
    except (Unreadable, RecursionError):
        return
    relations = [each for each in content.items if isinstance(each, Relation)]
    if len(relations) != 1 or len(relations[0].parts) != 2 or {*content.separators} - {","}:
        return
    relation = relations[0]
    over = _range(content, relation, part)
    if over is not None:
        yield over
        return
    if content.only is relation and (summed := _summed(relation)) is not None:
        yield Stated(part, summed, total=written(relation))
        return
    if content.items[-1] is not relation:
        return
    names = (*content.items[:-1], relation.parts[0])
    is_run = any(isinstance(each, Leaf) and each.kind == "DOTS" for each in names)
    if is_run:
        names = names[:1] if _is_run(names) else ()
    for name in names:
        if isinstance(name, Leaf | Script | Accented):
            for each in _said(name, relation, part, kinds):
                yield replace(each, is_run=is_run)


def _summed(relation: Relation) -> Node | None:
    """The entry of ``\\sum_k y_k = 1``."""
    left, right = relation.parts
    if relation.signs != ("=",) or written(right) != "1" or not isinstance(left, Product):
        return None
    head = left.factors[0]
    base = head.base if isinstance(head, Script) else head
    is_sum = isinstance(base, Leaf) and base.kind == "SUM" and len(left.factors) == 2
    return left.factors[1] if is_sum and isinstance(left.factors[1], Script) else None


def _said(node: Node, relation: Relation, part: str, kinds: tuple[str, ...]) -> Iterator[Stated]:
    (sign,), right = relation.signs, relation.parts[1]
    if sign == r"\in":
        base, above = (right.base, right.sup) if isinstance(right, Script) else (right, None)
        sizes = _sizes(above)
        if isinstance(base, Leaf) and base.text == "R" and sizes is not None:
            square = len(sizes) == 2 and sizes[0] == sizes[1]
            yield Stated(part, node, sizes, kinds if square else ())
        elif isinstance(base, Group) and sizes is not None and len(sizes) < 2:
            numbers = _numbers(base)
            if numbers:
                yield Stated(part, node, sizes, numbers=rf"\in {numbers}")
    elif sign == ">" and isinstance(right, Leaf) and right.text == "0":
        yield Stated(part, node, () if _is_bare(node) else None, numbers="> 0")
    elif sign == r"\succ" and isinstance(right, Leaf) and right.text == "0":
        yield Stated(part, node, kinds=("positive definite",))


def _is_bare(node: Node) -> bool:
    """Whether a name has no index: what is said to be above zero is a number then."""
    return not isinstance(node, Script) or node.sub is None


def _numbers(group: Group) -> str:
    """A set of numbers as declarations write it: two values, or an open interval."""
    texts = ["".join(written(each).split()) for each in group.content.items]
    if group.bracket == r"\{" and {*texts} in _TWO_VALUES:
        return rf"\{{{', '.join(texts)}\}}"
    if group.bracket == "(" and len(texts) == 2:
        return f"({', '.join(texts)})"
    return ""


def _sizes(above: Content | None) -> tuple[str, ...] | None:
    """The sizes in the exponent of R, one for each axis; None where there are too many."""
    if above is None:
        return ()
    items = above.items
    if len(items) == 1 and isinstance(items[0], Product) and {*items[0].joins} == {r"\times"}:
        items = items[0].factors
    if len(items) > 2:
        return None
    return tuple(_size(each) for each in items)


def _size(node: Node) -> str:
    """A size that has a name, or one."""
    if isinstance(node, Leaf) and node.kind == "LETTER" and node.text.isalpha():
        return node.text
    if isinstance(node, Leaf) and node.text == "1":
        return "1"
    named = isinstance(node, Script) and isinstance(node.base, Leaf) and node.sup is None
    return name_of(node) if named else NO_SIZE


def _is_run(names: tuple[Node, ...]) -> bool:
    """Whether this is ``x_1, \\dots, x_n``, of one family."""
    ends = (names[0], names[-1])
    return len(names) == 3 and len({called(each) for each in ends}) == 1


def _range(content: Content, relation: Relation, part: str) -> StatedRange | None:
    """``i = 1, \\dots, n`` and ``i \\in \\{1, \\dots, n\\}``."""
    (sign,), (left, right) = relation.signs, relation.parts
    letter = letter_of(left)
    if sign == "=" and content.items[0] is relation:
        items = (right, *content.items[1:])
    elif sign == r"\in" and isinstance(right, Group) and right.bracket in (r"\{", "["):
        items = right.content.items
    else:
        return None
    if len(items) != 3 or not letter:
        return None
    first, dots, last = items
    if not isinstance(dots, Leaf) or dots.kind != "DOTS" or written(first) not in ("0", "1"):
        return None
    upper = _size(last)
    return StatedRange(part, letter, written(first), upper, left.at) if upper else None
