r"""What a text states beside its displays: types of names, and definitions that it gives.

``$A \in \mathbb{R}^{n \times d}$``, ``symmetric``, ``$a > 0$`` say of what a name is; a
definition, given or taken for known, is put where it can stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from derivations.reader.declare.block import SIGMOID, WORD2VEC
from derivations.reader.environment import letter_of, name_of
from derivations.reader.propose.index_analysis import Letter, Letters, called, is_indicator
from derivations.reader.propose.sketch import (
    SIGMA,
    Applied,
    Chain,
    Constant,
    Layout,
    Opaque,
    Plus,
    Slope,
    Summed,
    Term,
    Times,
    Use,
    derived,
    differentiated,
    is_primed,
    mentioned,
    names_in,
    outside_slopes,
    unsigned,
    within,
)
from derivations.reader.source import Document, Place, Span, Unreadable
from derivations.reader.syntax import (
    Accented,
    Content,
    Group,
    Leaf,
    Node,
    Product,
    Relation,
    Script,
    is_even,
    listing,
    rebuilt,
    unspaced,
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
                elif fact.sizes is not None:
                    # a member of a set is one everywhere, and so is a number above zero
                    everywhere = fact.numbers.startswith(r"\in") or fact.sizes == ()
                    yield fact if everywhere else replace(fact, numbers="")


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
    elif sign in (">", r"\ne") and isinstance(right, Leaf) and right.text == "0":
        if isinstance(node, Script) and node.sub is None and is_even(node):
            node = node.base  # a variance above zero: its root is taken for the one above zero
            sign = ">"
        yield Stated(part, node, () if _is_without_index(node) else None, numbers=f"{sign} 0")
    elif sign == r"\succ" and isinstance(right, Leaf) and right.text == "0":
        yield Stated(part, node, kinds=("positive definite",))


def _is_without_index(node: Node) -> bool:
    """Whether a name has no index: what is said to be above zero is a number then."""
    return not isinstance(node, Script) or node.sub is None


def _numbers(group: Group) -> str:
    """A set of numbers as declarations write it: two values, or an open interval."""
    texts = [unspaced(each) for each in group.content.items]
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


@dataclass(frozen=True)
class Definition:
    """What a name abbreviates, why that is thought so, and before which chain it is said.

    ``chain`` is None where it holds for the whole text.
    """

    name: str
    head: str
    body: str
    at: Place
    why: str
    part: str
    chain: int | None = None
    uses: frozenset[str] = frozenset()
    indices: frozenset[str] = frozenset()
    numbered: frozenset[str] = frozenset()  # names that have an index in it
    local: bool = False  # because of what a part declares

    @property
    def said(self) -> str:
        """As a declaration writes it."""
        return f"define {self.head} = {self.body}"


def _definition_of(head: Use | Applied, body: Term, why: str, chain: Chain) -> Definition:
    uses = names_in(body) | (names_in(head) - {head.name}) | _lists_in(body) | _lists_in(head)
    found = Definition(
        head.name, written(head.node), written(body.node), body.node.at, why, chain.part, None, uses
    )
    names = (each for each in within(body) if isinstance(each, Use) and each.sub)
    numbered = frozenset(each.name for each in names)
    return replace(found, indices=_indices_in(body), numbered=numbered)


def _lists_in(term: Term) -> frozenset[str]:
    """The lists whose entries stand for arguments."""
    nodes = (each.node for each in within(term) if isinstance(each, Constant))
    scripts = (node for node in nodes if isinstance(node, Script) and not is_indicator(node))
    subs = (each.sub for each in within(term) if isinstance(each, Use))
    entries = (text for sub in subs for text in sub if isinstance(text, str) and "_" in text)
    return frozenset((*(name_of(s.base) for s in scripts), *(t.split("_")[0] for t in entries)))


def _indices_in(term: Term) -> frozenset[str]:
    subs = (each.sub for each in within(term) if isinstance(each, Use))
    return frozenset(letter[1] for sub in subs for letter in sub if isinstance(letter, tuple))


def _is_head(term: Use | Applied) -> bool:
    """Whether it can stand on the left of a definition: names and different letters."""
    if is_primed(term):
        return False
    if isinstance(term, Use):
        letters = [each for each in term.sub if isinstance(each, tuple)]
        return len(letters) == len(term.sub) == len(set(letters)) <= 2
    return all(is_parameter(each) for each in term.arguments)


def is_parameter(term: Term) -> bool:
    if isinstance(term, Use):
        return all(isinstance(each, tuple) for each in term.sub)
    return isinstance(term, Constant) and not term.text.isdigit()


def _can_be_body(term: Term) -> bool:
    """Whether all of it could be understood."""
    return not any(
        isinstance(each, Opaque) or (isinstance(each, Layout) and not each.is_of_numbers)
        for each in within(term)
    )


def closure(names: frozenset[str], uses: dict[str, frozenset[str]]) -> set[str]:
    found: set[str] = set()
    waiting = [*names]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += uses.get(name, ())
    return found


# Definitions that the text itself gives: a name that stands first, alone before an equality.
#
# ``J = ...``, ``f(x) = ...``: the first equality of a name is taken for its definition.


_ARGUMENTS = "zxtsab"  # letters for the argument of a function, the first that is free


def _introduced(chains: list[Chain], apart: set[str], members: set[str]) -> list[Definition]:
    found: dict[str, list[Definition]] = {}
    seen: dict[str, int] = {}
    varied = {name for by in differentiated(chains).values() for t in by for name in names_in(t)}
    sides = (side for chain in chains for side in chain.terms if side is not None)
    applied = (t for side in sides for t in within(side) if isinstance(t, Applied))
    arguments = {name for t in applied for each in t.arguments for name in names_in(each)}
    for chain in chains:
        for number, term in enumerate(chain.terms):
            if term is None:
                continue
            after = chain.terms[number + 1] if number + 1 < len(chain.terms) else None
            joined = number + 1 < len(chain.joined) and chain.joined[number + 1]
            late = not chain.plainly and _stands_before(term, chain.part, chains, members)
            if after is not None and joined and not (chain.conditions or chain.supposed or late):
                _introduce(term, after, chain, seen, found, apart, varied, arguments)
            for each in outside_slopes(term):
                if isinstance(each, Use | Applied):
                    seen.setdefault(each.name, chain.number)
    return [each for several in found.values() for each in several]


def _stands_before(head: Term, part: str, chains: list[Chain], members: set[str]) -> bool:
    """Whether a name that is any member of a set is used before its place."""
    if not isinstance(head, Use) or head.name not in members:
        return False
    return any(
        each.node.at < head.node.at
        for chain in chains
        if chain.plainly and chain.part == part
        for term in chain.terms
        if term is not None
        for each in within(term)
        if isinstance(each, Use | Applied) and each.name == head.name
    )


def _introduce(
    left: Term,
    right: Term,
    chain: Chain,
    seen: dict[str, int],
    found: dict[str, list[Definition]],
    apart: set[str],
    varied: set[str],
    arguments: set[str],
) -> None:
    if not isinstance(left, Use | Applied) or not _is_head(left) or not _can_be_body(right):
        return
    if isinstance(left, Use) and not left.sub and isinstance(right, Use | Constant):
        return  # a = b, or a = 1: as likely a claim, or a case
    uses = names_in(right)
    said = bool(uses) or any(isinstance(each, Layout) for each in within(right))
    if left.name in uses or (chain.perhaps and not said):
        return
    made = _definition_of(left, right, f"introduced at {left.node.at}", chain)
    if isinstance(left, Applied):
        head, body = _own_letter(left, right, apart, uses | {left.name} | apart)
        if head is not left.node:
            renamed = names_in(left) | {left.name}
            made = replace(made, head=written(head), body=written(body), uses=made.uses - renamed)
    before = found.get(left.name, [])
    # what is varied may be something between, as in z = w^T x, but no argument of a function
    may_be = left.name not in varied or bool(uses & varied) or left.name not in arguments
    just_before = seen.get(left.name, -1) >= chain.number - 1 and may_be
    if left.name not in seen or (just_before and left.name not in found):
        found[left.name] = [made]
    elif before and uses and _is_another(chain, uses, before):
        found[left.name] = [*before, replace(made, chain=chain.number)]


def _is_another(chain: Chain, uses: frozenset[str], before: list[Definition]) -> bool:
    """Whether a name that was introduced before is one of another thing from here on.

    It has nothing in common with what was called so, or the text of another part defines it.
    """
    elsewhere = all(each.part != chain.part for each in before)
    return (chain.stated and elsewhere) or not any(uses & each.uses for each in before)


def _own_letter(
    head: Applied, body: Term, apart: set[str], taken: frozenset[str]
) -> tuple[Node, Node]:
    """A function of one number with a letter for it that means nothing else in the text."""
    only = head.arguments[0] if len(head.arguments) == 1 else None
    if isinstance(only, Use) and only.name in apart and not only.sub:
        fresh = next((letter for letter in _ARGUMENTS if letter not in taken), only.name)
        return _renamed(head.node, only.name, fresh), _renamed(body.node, only.name, fresh)
    return head.node, body.node


def _renamed(node: Node, old: str, new: str) -> Node:
    """A tree with one letter for another."""

    def change(here: Node) -> Node:
        is_it = isinstance(here, Leaf) and here.text == old and here.kind == "LETTER"
        return Leaf(here.at, "LETTER", new) if is_it else here

    return rebuilt(node, change)


def replaced(chains: list[Chain], known: set[str]) -> list[Definition]:
    found: dict[str, Definition] = {}
    for chain in chains:
        if chain.conditions or chain.supposed or chain.perhaps:
            continue
        for left, right in chain.equalities:
            pairs = list(dict.fromkeys(_differences(left, right)))
            if len(pairs) != 1 or pairs[0] == (left, right):
                continue
            for head, body in (pairs[0], pairs[0][::-1]):
                if not isinstance(head, Use | Applied):
                    continue
                under = any(isinstance(t, Slope) and t.of in pairs[0] for t in (left, right))
                if not _may_be_replaced(head, under_slope=under):
                    continue
                name = head.name
                if name in known or name in found or name in names_in(body):
                    continue
                if _is_head(head) and _can_be_body(body):
                    why = f"it stands for this at {body.node.at}"
                    found[name] = _definition_of(head, body, why, chain)
                    break
    return list(found.values())


def _may_be_replaced(head: Use | Applied, *, under_slope: bool) -> bool:
    """Whether a name may be one for what stands in its place: no variable is."""
    if isinstance(head, Applied):
        return len(head.arguments) > 1
    return head.name.startswith(r"\hat") or (not head.sub and under_slope)


def _differences(one: Term, other: Term) -> Iterator[tuple[Term, Term]]:
    """Where two terms differ, as pairs of what stands there."""
    if one == other:
        return
    same_kind = type(one) is type(other) and len(one.parts) == len(other.parts)
    if same_kind and one.parts and _own_content(one) == _own_content(other):
        for mine, theirs in zip(one.parts, other.parts, strict=True):
            yield from _differences(mine, theirs)
    else:
        yield one, other


def _own_content(term: Term) -> object:
    """What a term says beside its parts."""
    match term:
        case Plus(signs=signs):
            return signs
        case Times(joins=joins):
            return joins
        case Summed(over=over):
            return over
        case Applied(name=name, keywords=keywords):
            return name, keywords
    return getattr(term, "name", None)


def _with_short_names(found: list[Definition], chains: list[Chain]) -> list[Definition]:
    """J where the text has J_{neg-sample} and does not say what J is: it is short for that.

    Only where there is one such name in the part, or else in the text before it.
    """
    heads = {each.name: each for each in found}
    made_of = {each.name: each.uses for each in found}
    first = {chain.part: chain.number for chain in reversed(chains)}
    short: list[Definition] = []
    for part, number in first.items():
        mine = [chain for chain in chains if chain.part == part]
        terms = [term for chain in mine for term in chain.terms if term is not None]
        applied = {t.name for term in terms for t in within(term) if isinstance(t, Applied)}
        here = {name for term in terms for name in names_in(term)}
        for name, by in differentiated(mine).items():
            own = heads.get(name)
            if (
                not name
                or not by
                or name in applied
                or (own is not None and own.part == part and _comes_first(name, mine))
            ):
                continue
            longer = [long for long in heads if long.startswith(f"{name}_{{")]
            near = [long for long in longer if long in here] or [
                long for long in longer if first[heads[long].part] < number
            ]
            kept = own is not None and "(" in own.head and _is_made_of_all(own, by, made_of)
            if len(near) == 1 and not (kept and not _comes_first(near[0], mine)):
                long = heads[near[0]]
                at = next(t.node.at for term in terms for t in within(term) if name in names_in(t))
                uses = frozenset({long.name})
                why = f"short for {long.head}"
                short.append(
                    Definition(name, name, long.head, at, why, part, number, uses, long.indices)
                )
    return short + _not_short(found, short)


def _is_made_of_all(own: Definition, by: list[Term], uses: dict[str, frozenset[str]]) -> bool:
    """Whether a function is made of all that derivatives of it are taken by."""
    made_of = closure(own.uses, uses)
    return all(names_in(each) <= made_of for each in by)


def _not_short(found: list[Definition], short: list[Definition]) -> list[Definition]:
    """The definitions that no short name takes the place of in their part."""
    taken = {(each.part, each.name) for each in short}
    return [each for each in found if (each.part, each.name) not in taken]


def _comes_first(name: str, chains: list[Chain]) -> bool:
    """Whether a name is defined in these chains before a derivative is taken of it."""
    for chain in chains:
        for left, _ in chain.equalities:
            if isinstance(left, Use | Applied) and left.name == name:
                return True
            if any(name == each for each in derived(left)):
                return False
    return False


CROSS_ENTROPY = ("CE", "CrossEntropy", "crossentropy", "cross-entropy")


def _one_hot(chains: list[Chain], letters: Letters) -> Iterator[Definition]:
    """``y_w`` with one in place o: its sum leaves that term, or it is said to be 1 if w = o."""
    done: set[str] = set()
    for chain in chains:
        for name, running, fixed, at in (*_said_to_be_one(chain), *_left_over(chain, letters)):
            if name not in done:
                done.add(name)
                head, body = f"{name}_{running}", rf"\mathbb{{1}}_{{{running} = {fixed}}}"
                why = f"one-hot, as at {at}"
                yield Definition(name, head, body, at, why, chain.part)


def _said_to_be_one(chain: Chain) -> Iterator[tuple[str, str, str, Place]]:
    conditions = [each for each in chain.conditions if each.signs == ("=",)]
    for left, right in chain.equalities:
        is_one = isinstance(right, Constant) and right.text == "1"
        if not isinstance(left, Use) or len(left.sub) != 1 or not is_one:
            continue
        for condition in conditions:
            texts = [written(part) for part in condition.parts]
            letter = left.sub[0]
            if isinstance(letter, tuple) and letter[1] in texts and len(texts) == 2:
                other = texts[1 - texts.index(letter[1])]
                yield left.name, letter[1], other, left.node.at


def _left_over(chain: Chain, letters: Letters) -> Iterator[tuple[str, str, str, Place]]:
    terms = [term for term in chain.terms if term is not None]
    for number, term in enumerate(terms):
        total = unsigned(term)
        if not isinstance(total, Summed) or len(total.over) != 1:
            continue
        running = total.over[0]
        factors = total.of.factors if isinstance(total.of, Times) else (total.of,)
        first, rest = factors[0], factors[1:]
        if not isinstance(first, Use) or first.sub != (running,) or not rest:
            continue
        for other in terms[number + 1 :]:
            left = unsigned(other)
            if any(isinstance(each, Summed) for each in within(left)):
                continue
            mine = left.factors if isinstance(left, Times) else (left,)
            if isinstance(mine[0], Use) and mine[0].name == first.name:
                mine = mine[1:]
            for fixed in letters.of_set(letters.set_of(running)):
                wanted = [spelled(each, {running: fixed[1]}) for each in rest]
                found = [spelled(each, {fixed: fixed[1]}) for each in mine]
                if fixed[1] != running[1] and wanted == found:
                    yield first.name, running[1], fixed[1], first.node.at


def spelled(term: Term, letters: dict[Letter, str]) -> str:
    """A term as text, with letters renamed, whatever their part."""
    own = str(_own_content(term))
    if isinstance(term, Use):
        own += "_" + ",".join(
            letters.get(each, each[1]) if isinstance(each, tuple) else each for each in term.sub
        )
    if isinstance(term, Constant):
        own = next((new for (_, name), new in letters.items() if name == term.text), term.text)
    inside = " ".join(spelled(part, letters) for part in term.parts)
    return f"{type(term).__name__}({own} {inside})"


def _values_of_functions(chains: list[Chain], known: set[str]) -> Iterator[Definition]:
    """h beside h_\\theta(x_i): the values of that function, one for each i."""
    terms = [each for chain in chains for side in chain.terms if side for each in within(side)]
    names = {each.name for each in terms if isinstance(each, Use)} - known
    for term in terms:
        if not isinstance(term, Applied) or len(term.arguments) != 1:
            continue
        only, name = term.arguments[0], term.name.partition("_")[0]
        letter = only.sub[0] if isinstance(only, Use) and len(only.sub) == 1 else ""
        if name in names and name != term.name and isinstance(letter, tuple):
            names.remove(name)
            head, body = f"{name}_{letter[1]}", written(term.node)
            why, uses = f"the values of {term.name}", names_in(term)
            numbered = frozenset({only.name}) if isinstance(only, Use) else frozenset()
            yield Definition(name, head, body, term.node.at, why, "", None, uses, numbered=numbered)


def matrices_of_numbers(
    chains: list[Chain], numbers: dict[str, str], known: set[str]
) -> Iterator[Definition]:
    """R beside r_{ui}: the matrix of these."""
    for matrix, entry in numbers.items():
        if matrix in known:
            continue
        for chain in chains:
            terms = (each for side in chain.terms if side for each in within(side))
            uses = (t for t in terms if isinstance(t, Use) and t.name == entry and len(t.sub) == 2)
            found = next((t for t in uses if all(isinstance(i, tuple) for i in t.sub)), None)
            if found is not None:
                letters = "".join(each[1] for each in found.sub)
                head, body = f"{matrix}_{{{letters}}}", f"{entry}_{{{letters}}}"
                why, names = f"the matrix of {entry}_{{{letters}}}", frozenset({entry})
                at = found.node.at
                yield Definition(matrix, head, body, at, why, chain.part, None, names)
                break


def sigmoid(chains: list[Chain], taken: set[str]) -> Definition | None:
    """``\\sigma`` of a number, where the text does not say what it is."""
    for chain in chains:
        for term in (each for side in chain.terms if side for each in within(side)):
            if isinstance(term, Applied) and term.name == SIGMA and len(term.arguments) == 1:
                z = next((letter for letter in _ARGUMENTS if letter not in taken), "z")
                head, body = SIGMOID.replace("z", z).removeprefix("define ").split(" = ")
                return Definition(SIGMA, head, body, term.node.at, "the sigmoid", chain.part)
    return None


def cross_entropy(chains: list[Chain], name: str, letter: str) -> Definition | None:
    """A function of that name of two vectors, summed over a letter of theirs."""
    if not any(name.replace(r"\mathrm{", "").rstrip("}").endswith(each) for each in CROSS_ENTROPY):
        return None
    for chain in chains:
        for term in (each for side in chain.terms if side for each in within(side)):
            if not isinstance(term, Applied) or term.name != name or len(term.arguments) != 2:
                continue
            y, p = term.arguments
            if not all(isinstance(each, Use) and not each.sub for each in (y, p)):
                continue
            one, other = written(y.node), written(p.node)
            body = rf"-\sum_{letter} {one}_{letter} \log({other}_{letter})"
            head = written(term.node)
            uses = names_in(y) | names_in(p)
            at = term.node.at
            return Definition(name, head, body, at, "cross-entropy", chain.part, None, uses)
    return None


_ROW = re.compile(r"define (?P<head>(?P<name>[A-Za-z]+(?:_\{[a-z-]+\})?)\(.*?\)) = (?P<body>.*)")
_NEEDED = ("P", "J_{naive-softmax}", "J_{neg-sample}")


def _other_spellings(chains: list[Chain], known: set[str]) -> Iterator[Definition]:
    """p(O = o | C = c) where the text has P(O = o | C = c) as well."""
    conditional = [
        (chain, term)
        for chain, term in _terms(chains)
        if isinstance(term, Applied) and any(term.keywords)
    ]
    capitals = {term.name: term for _, term in conditional if term.name.isupper()}
    done = set(known)
    for chain, term in conditional:
        other = capitals.get(term.name.upper())
        if term.name in done or other is None or other.keywords != term.keywords:
            continue
        if len(term.name) == 1 and other.name != term.name:
            done.add(term.name)
            head, body = (f"{each}{_argument_text(other)}" for each in (term.name, other.name))
            why, uses = f"the same as {other.name}", frozenset({other.name})
            yield Definition(term.name, head, body, term.node.at, why, chain.part, None, uses)


def _argument_text(term: Applied) -> str:
    return written(term.node)[len(term.name) :]


def _common_functions(
    chains: list[Chain], letters: Letters, known: set[str]
) -> Iterator[Definition]:
    """Functions of word2vec that the text does not say, over vectors u and v of words o and c."""
    names = {name for _, name in letters.known}
    vectors = {("u", 1), ("v", 1)} <= letters.indexed.keys()
    if not vectors or not {"o", "c", "w"} <= names:
        return
    rows = [found for line in WORD2VEC if (found := _ROW.fullmatch(line))]
    by_name = {found["name"]: found for found in rows if found["name"] in _NEEDED}
    used = {
        name: pair for pair in reversed(_terms(chains)) for name in by_name if _is_of(pair[1], name)
    }
    if "J_{naive-softmax}" in used and "J_{naive-softmax}" not in known:
        used.setdefault("P", used["J_{naive-softmax}"])
    for name, (chain, term) in used.items():
        found = by_name[name]
        if name in known:
            continue
        listed = any((chain.part, "k") == letter for letter in letters.stand_ins)
        if "_k" in found["body"] and not listed:
            continue
        uses = {"u", "v"} | {other for other in (*by_name, r"\sigma") if other in found["body"]}
        why = "as in `use word2vec` | any function"
        indices = frozenset({"k"}) if listed else frozenset()
        yield Definition(
            name,
            found["head"],
            found["body"],
            term.node.at,
            why,
            chain.part,
            None,
            frozenset(uses),
            indices,
        )


def _is_of(term: Term, name: str) -> bool:
    if isinstance(term, Applied) and name == "P":
        return term.name == name and term.keywords == ("O", "C")
    return isinstance(term, Applied | Use) and term.name == name


def other_members(chains: list[Chain]) -> Iterator[tuple[Chain, str, str]]:
    """w and c where the derivative by v_w of what depends on v_c is said to be 0."""
    for chain in chains:
        zero = any(_is_zero(term) for term in chain.terms if term is not None)
        slopes = [t for side in chain.terms if side for t in within(side) if isinstance(t, Slope)]
        if not zero or chain.conditions:
            continue
        for slope in slopes:
            by = slope.by
            if not isinstance(by, Use) or len(by.sub) != 1 or not isinstance(by.sub[0], tuple):
                continue
            members = {t.sub for t in within(slope.of) if isinstance(t, Use) and t.name == by.name}
            letters = {sub[0][1] for sub in members if len(sub) == 1 and isinstance(sub[0], tuple)}
            if len(members) == len(letters) == 1 and by.sub[0][1] not in letters:
                yield chain, by.sub[0][1], letters.pop()
                break


def _is_zero(term: Term) -> bool:
    return isinstance(term, Constant) and term.text == "0"


def _terms(chains: list[Chain]) -> list[tuple[Chain, Term]]:
    sides = [(chain, side) for chain in chains for side in chain.terms if side is not None]
    return [(chain, term) for chain, side in sides for term in within(side)]


def definitions(
    chains: list[Chain], letters: Letters, apart: set[str], members: set[str]
) -> list[Definition]:
    """The definitions of a text; names ``apart`` may mean another thing in another part.

    Prose says of ``members`` of which set they are: such a name that stands somewhere is any member
    there, and not the value that a later sentence finds for it, as that of a minimiser.
    """
    found = _introduced(chains, {name for _, name in letters.known}, members)
    known = {each.name for each in found}
    found += _other_spellings(chains, known)
    known = {each.name for each in found}
    found += replaced(chains, known)
    known = {each.name for each in found}
    found += _common_functions(chains, letters, known)
    found = _with_short_names(found, chains)
    known = {each.name for each in found}
    found += [each for each in _one_hot(chains, letters) if each.name not in known]
    known = {each.name for each in found}
    found += _values_of_functions(chains, known)
    first = {chain.part: chain.number for chain in reversed(chains)}
    local = apart | {each.base for each in letters.lists}
    found = [each for whole in found for each in _where_it_can_be(whole, found, chains, first)]
    placed = [_placed(each, first, local, letters) for each in found]
    own = {(each.name, each.part) for each in found}
    return [
        copy
        for each in placed
        for copy in (each, *_again(each, chains, first))
        if copy is each or (copy.name, copy.part) not in own
    ]


def _where_it_can_be(
    each: Definition, found: list[Definition], chains: list[Chain], first: dict[str, int]
) -> list[Definition]:
    """A definition for the whole text, or for those parts that do not take J for something else.

    In another part J is another thing where derivatives of it are taken by what it is not made of.
    """
    uses = {one.name: one.uses for one in found}
    made_of = closure(each.uses, uses)
    other = {
        chain.part
        for chain in chains
        for by in differentiated([chain]).get(each.name, ())
        if not names_in(by) <= made_of
    }
    other |= {
        chain.part
        for chain in chains
        for one, two in chain.equalities
        for left, right in ((one, two), (two, one))
        if each.name in derived(left) and not _functions_in(right) <= made_of | {*uses}
    }
    other -= {each.part}
    if each.chain is not None or not other:
        return [each]
    return [
        replace(each, chain=number, part=part)
        for part, number in first.items()
        if part == each.part
        or (number > first[each.part] and part not in other and _means(each, part, chains))
    ]


def _means(each: Definition, part: str, chains: list[Chain]) -> bool:
    """Whether a part has a name as it is defined: with arguments, or without."""
    sides = [side for chain in chains if chain.part == part for side in chain.terms if side]
    applied = any(
        isinstance(term, Applied) and term.name == each.name
        for side in sides
        for term in within(side)
    )
    return mentioned(each.name, part, chains) and (not applied or "(" in each.head)


def _functions_in(term: Term) -> set[str]:
    """The functions that a term applies."""
    return {each.name for each in within(term) if isinstance(each, Applied)}


def _again(each: Definition, chains: list[Chain], first: dict[str, int]) -> Iterator[Definition]:
    """The definition of a part once more for each later part that uses the name."""
    if each.chain is None or each.chain != first[each.part] or not each.local:
        return
    for part, chain in first.items():
        if chain > each.chain and _means(each, part, chains):
            yield replace(each, chain=chain, part=part)


def _placed(
    each: Definition, first: dict[str, int], local: set[str], letters: Letters
) -> Definition:
    """A definition that depends on what a part declares stands in that part."""
    stand_ins = {name for part, name in letters.stand_ins if part == each.part}
    if each.chain is None and (each.uses & local or each.indices & stand_ins):
        return replace(each, chain=first[each.part], local=True)
    return each
