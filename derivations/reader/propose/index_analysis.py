"""Index analysis: what displays say, and which letters are indices of which set.

Sides and conditions of chains are syntax trees; sums, conditions and subscripts tell the letters.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, fields, replace
from itertools import pairwise

from lark import Token

from derivations.reader.display import Side, Statement, statements
from derivations.reader.elaborate.operators import is_sum, pieces_below
from derivations.reader.environment import letter_of, letters_from, name_of, plain, raised_name
from derivations.reader.segmentation import remark
from derivations.reader.source import Chain, Document, Place, Supposed, Unreadable
from derivations.reader.syntax import (
    Accented,
    Content,
    Fraction,
    Group,
    Leaf,
    Matrix,
    Node,
    Product,
    Relation,
    Script,
    Terms,
    bracketed,
    listing,
    parsed,
    rebuilt,
    subscripts,
)


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
    ``stated`` says that it is a definition of the text, ``plainly`` that its words say so.
    """

    part: str
    chain: int
    sides: tuple[Shown, ...]
    conditions: tuple[Relation, ...]
    supposed: bool = False
    perhaps: bool = False
    stated: bool = False
    plainly: bool = True

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
    """All chains of a file, in reading order, each behind what the text before it defines."""
    chains = [(part, chain) for part in document.parts for chain in part.chains]
    found: list[Displayed] = []
    told: set[tuple[Place, str]] = set()
    for number, (part, chain) in enumerate(chains):
        for each in (*part.told, *chain.told) if chain is part.chains[0] else chain.told:
            if (each.span.place, each.span.text) not in told:
                told.add((each.span.place, each.span.text))
                found += _defined(each, part.name, number)
        found += [
            _displayed(statement, chain, part.name, number) for statement in _statements(chain)
        ]
    return found


def _defined(told: Supposed, part: str, number: int) -> Iterator[Displayed]:
    """``S = \\frac{1}{n} X^T X`` or ``f(x) = x^2`` in a sentence, as the chain that it is."""
    try:
        only = listing(told.span).only
    except (Unreadable, RecursionError):
        return
    if not isinstance(only, Relation) or only.signs != ("=",):
        return
    left, right = only.parts
    head = left.factors[0] if isinstance(left, Product) and len(left.factors) == 2 else left
    applied = isinstance(left, Product) and isinstance(left.factors[-1], Group)
    if not isinstance(head, Leaf | Script | Accented) or (head is not left and not applied):
        return
    letters = any(isinstance(each, Leaf) and each.kind == "LETTER" for each in inside(right))
    if not letters and not any(map(_is_array, inside(right))):
        return  # a value, or the first of some numbers
    sides = Shown(left, left.at, False), Shown(right, right.at, True)
    yield Displayed(part, number, sides, (), stated=True, plainly=told.plainly)


def _is_array(node: Node) -> bool:
    """Whether entries stand here, in a matrix or a list."""
    return isinstance(node, Matrix) or (
        isinstance(node, Group) and {*node.content.separators} == {","}
    )


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


Letter = tuple[str, str]  # the part that it stands in, and its name
_Slot = tuple[str, int, int]  # a name, at which of how many subscripts

_SIZES = frozenset("dmnpqD")  # letters that are sizes by habit
_USUAL = frozenset("ijkl")  # letters that are indices by habit


@dataclass(frozen=True)
class _Range:
    """What is said of a set: its name, its bounds, or both; and where."""

    name: str
    lower: str
    upper: str
    at: Place

    @property
    def said(self) -> str:
        """As a declaration writes it."""
        return self.name or f"{self.lower}..{self.upper}"


@dataclass(frozen=True)
class Stood:
    """A list of labels, ``w_{t+j}`` or ``w_{w_k}``'s inner one, and the letter of its places."""

    base: str
    origin: str
    letter: Letter
    values: _Slot | None
    like: Letter | None = None  # a letter that its entries are compared with


@dataclass
class Letters:
    """All index letters, each with its set; sets that are one share their first letter."""

    ranges: dict[Letter, list[_Range]] = field(default_factory=dict)
    uses: dict[tuple[str, int], list[tuple[Letter, ...]]] = field(default_factory=dict)
    indexed: dict[tuple[str, int], None] = field(default_factory=dict)
    sizes: set[str] = field(default_factory=set)
    lists: list[Stood] = field(default_factory=list)
    stand_ins: dict[Letter, _Slot] = field(default_factory=dict)
    places: dict[Letter, Place] = field(default_factory=dict)
    known: dict[Letter, None] = field(default_factory=dict)
    bound: set[Letter] = field(default_factory=set)
    arguments: dict[tuple[str, int], list[Letter]] = field(default_factory=dict)
    numbered: set[str] = field(default_factory=set)  # names with a first member, x_1
    bare: set[str] = field(default_factory=set)  # names without a subscript
    raised: frozenset[str] = frozenset()  # names with an index in brackets above them
    named: frozenset[str] = frozenset()  # letters that run over a named set somewhere
    circle: bool = False  # whether \pi is the number, by where it stands
    identity: bool = True  # whether I is a matrix, and not what a display says that it is
    _first: dict[Letter, Letter] = field(default_factory=dict)

    def set_of(self, letter: Letter) -> Letter:
        """The first letter of the set that a letter runs over."""
        while letter in self._first:
            letter = self._first[letter]
        return letter

    def join(self, one: Letter, other: Letter) -> None:
        """Two letters run over one set."""
        first, second = self.set_of(one), self.set_of(other)
        if first != second:
            self._first[second] = first

    def is_index(self, part: str, name: str) -> bool:
        """Whether a letter is an index in a part."""
        return (part, name) in self.known

    def of_set(self, first: Letter) -> list[Letter]:
        """The letters of a set."""
        return [letter for letter in self.known if self.set_of(letter) == first]

    def told(self, letter: Letter, lower: str, upper: str, at: Place) -> None:
        """Prose says what an index runs over."""
        if letter in self.known and letter[1] not in self.sizes:
            self.ranges.setdefault(letter, []).append(_Range("", lower, upper, at))

    def know(self, letter: Letter, at: Place) -> None:
        """A letter is an index, unless it is the end of a range."""
        if letter[1] in self.sizes:
            return
        self.known.setdefault(letter)
        self.places.setdefault(letter, at)

    def sets(self) -> list[Letter]:
        """The first letter of each set."""
        return list(dict.fromkeys(self.set_of(letter) for letter in self.known))

    def range_of(self, first: Letter) -> list[_Range]:
        """What is said of a set, once each."""
        found: dict[str, _Range] = {}
        for letter in self.of_set(first):
            for each in self.ranges.get(letter, ()):
                found.setdefault(each.said, each)
        return list(found.values())


def bound_letter(piece: Node) -> str:
    """The letter that a piece below a sum binds; empty for a restriction of another one."""
    return bound(piece, None)[0]


def bound(piece: Node, above: Content | None) -> tuple[str, _Range | None]:
    name = letter_of(piece)
    if name:
        return name, None
    if not isinstance(piece, Relation):
        return "", None
    first, second, *rest = piece.parts
    if len(rest) == 1 and piece.signs == (r"\le", r"\le"):
        return letter_of(second), _bounds(first, rest[0], piece.at)
    name = letter_of(first)
    if not name or rest:
        return "", None
    if piece.signs == (r"\in",):
        if isinstance(second, Group) and len(second.content.items) > 2:
            return name, _bounds(second.content.items[0], second.content.items[-1], piece.at)
        return name, _Range(_name(second), "", "", piece.at) if _name(second) else None
    if piece.signs == ("=",) and above is not None:
        return name, _bounds(second, above.only, piece.at)
    return (name, None) if piece.signs in ((r"\ne",), ("=",)) else ("", None)


def _bounds(lower: Node, upper: Node | None, at: Place) -> _Range | None:
    """Bounds of which a declaration can be made: names and whole numbers.

    A sum that begins at 2 or later is one over a part of what begins at 1.
    """
    low, high = _end(lower), _end(upper)
    low = "1" if low.isdigit() and int(low) > 1 else low
    return _Range("", low, high, at) if low and high else None


def _end(node: Node | None) -> str:
    sign = ""
    if isinstance(node, Terms) and node.signs == ("-",):
        sign, node = "-", node.parts[0]
    if isinstance(node, Leaf) and node.kind in ("LETTER", "NUMBER") and node.text.isalnum():
        return sign + node.text
    return ""


def _name(node: Node) -> str:
    """The name of a set; empty for what is none."""
    name = plain(Content(node.at, (node,)))
    return name if name.isalpha() else ""


def _closed(found: Letters) -> None:
    """Whatever stands where an index can stand is one."""
    lists = {each.base for each in found.lists if not each.origin}
    found.lists = [each for each in found.lists if each.letter[1] not in found.sizes]
    for entry in found.lists:
        found.known.setdefault(entry.letter)
    changed = True
    while changed:
        changed = False
        for family, uses in found.uses.items():
            if family in found.indexed:
                continue
            several = len(set(uses)) > 1 and family[1] == 1 and family[0] not in lists
            known = any(all(letter in found.known for letter in use) for use in uses)
            if several or known or _by_habit(found, family, uses):
                found.indexed[family] = None
                _ends_with(found, uses, numbered=family[0] in found.numbered)
                for letter in (letter for use in uses for letter in use):
                    found.know(letter, found.places[letter])
                changed = True


def _by_habit(found: Letters, family: tuple[str, int], uses: list[tuple[Letter, ...]]) -> bool:
    """x_j where x stands alone too, x_{ij} where i is an index: so is j, a usual one."""
    name, count = family
    for use in uses:
        open_ = [letter for letter in use if letter not in found.known]
        usual = all(letter[1] in _USUAL for letter in open_)
        if usual and (count > len(open_) or (count == 1 and name in found.bare)):
            return True
    return False


def _ends_with(found: Letters, uses: list[tuple[Letter, ...]], *, numbered: bool) -> None:
    """A letter that nothing binds is the last member: ``u_1, ..., u_N``, and d of x_1 and x_d."""
    for use in uses:
        for letter in use:
            last = letter[1].isupper() or (numbered and letter[1] in _SIZES)
            if last and letter not in found.known:
                found.sizes.add(letter[1])
                said = _Range("", "1", letter[1], found.places[letter])
                others = [each for other in uses for each in other if each in found.known]
                if len(use) == 1 and others and not found.ranges.get(others[0]):
                    found.ranges[others[0]] = [said]


def _slots_of(found: Letters) -> dict[_Slot, list[Letter]]:
    """The letters at each place of each name that takes indices."""
    slots: dict[_Slot, list[Letter]] = {}
    for base, count in found.indexed:
        for use in found.uses[base, count]:
            for place, letter in enumerate(use):
                slots.setdefault((base, place, count), []).append(letter)
    return slots


def stand_ins(found: Letters, slots: dict[_Slot, list[Letter]]) -> None:
    """A letter of a range at the place of members of another set: ``u_k`` for ``u_{w_k}``."""
    for slot, here in slots.items():
        ranged = {
            letter: _bounds_said(found, letter) for letter in here if _bounds_said(found, letter)
        }
        others = [letter for letter in here if _is_named(found, letter)]
        ends = {*ranged.values()}
        if len(ends) > 1 and not others:  # two ranges: the later one stands for the first
            main = next(iter(ranged.values()))
            others = [letter for letter, said in ranged.items() if said == main]
            ranged = {letter: said for letter, said in ranged.items() if said != main}
        if not ranged or not others:
            continue
        for letter in ranged:
            found.stand_ins[letter] = slot


def _bounds_said(found: Letters, letter: Letter) -> str:
    said = found.ranges.get(letter, ())
    return said[0].said if said and not any(each.name for each in said) else ""


def _is_named(found: Letters, letter: Letter) -> bool:
    said = found.ranges.get(letter, ())
    return any(each.name for each in said) or (not said and letter[1] in found.named)


def _across_parts(found: Letters) -> None:
    """A letter is the same in two parts, unless what is said of it there cannot be one."""
    by_name: dict[str, list[Letter]] = {}
    for letter in found.known:
        by_name.setdefault(letter[1], []).append(letter)
    for same in by_name.values():
        for other in same[1:]:
            for one in same[: same.index(other)]:
                if _agree(found, found.set_of(one), found.set_of(other)):
                    found.join(one, other)
                    break


def _agree(found: Letters, one: Letter, other: Letter) -> bool:
    first, second = found.range_of(one), found.range_of(other)
    if not first or not second:
        return True
    return bool({each.said for each in first} & {each.said for each in second})


# Index letters: which letters are indices, of which set, from sums, conditions and subscripts.
#
# A letter is an index where a sum binds it, a condition compares it, or it is the subscript of
# something that has an index for its subscript elsewhere. Two letters run over one set where they
# stand at one place of one name, or are compared. A letter means one thing in one part.


_ANGLES = frozenset({"sin", "cos", "tan"})


def _says_what_i_is(trees: tuple[Node, ...]) -> bool:
    """``I = \\sum_i ...``, of numbers: without a transpose or an inverse, I is no matrix."""
    if len(trees) < 2 or not isinstance(trees[0], Leaf) or trees[0].text != "I":
        return False
    above = [each.sup.only for each in inside(trees[1]) if isinstance(each, Script) and each.sup]
    turned = any(isinstance(a, Leaf) and (a.kind == "TOP" or a.text == "T") for a in above)
    has_sum = any(isinstance(each, Leaf) and each.kind == "SUM" for each in inside(trees[1]))
    return has_sum and not turned and not any(isinstance(each, Terms) for each in above)


def _has_circle_number(node: Node) -> bool:
    r"""Whether \pi is a number here: ``2\pi``, ``\pi / 2``, or within a sine."""
    match node:
        case Fraction(over=over, under=under) if _is_number(under):
            return _is_pi(over) or (isinstance(over, Product) and any(map(_is_pi, over.factors)))
        case Product(factors=factors, joins=joins):
            beside = zip(factors, joins, factors[1:], strict=False)
            for one, join, other in beside:
                if _is_number(one) and not join and _is_pi(other):
                    return True
                if _is_pi(one) and join == "/" and _is_number(other):
                    return True
                if isinstance(one, Leaf) and one.text in _ANGLES:
                    return any(map(_is_pi, inside(other)))
    return False


def _is_pi(node: Node) -> bool:
    return isinstance(node, Leaf) and node.text == r"\pi"


def _is_number(node: Node) -> bool:
    return isinstance(node, Leaf) and node.kind == "NUMBER"


def letters(chains: list[Displayed], raised: frozenset[str] = frozenset()) -> Letters:
    """The index letters of a file.

    Which sets have a name is known when all of it is read; then it is read once more.
    """
    first = _letters(chains, frozenset(), raised)
    named = {
        letter[1]
        for over in first.sets()
        if any(each.name for each in first.range_of(over))
        for letter in first.of_set(over)
    }
    return _letters(chains, frozenset(named), raised)


def _letters(chains: list[Displayed], named: frozenset[str], raised: frozenset[str]) -> Letters:
    found = Letters(named=named, raised=raised)
    compared: list[tuple[Letter, Letter]] = []
    given: list[tuple[str, Content]] = []
    sums = [node for chain in chains for tree in chain.trees for node in inside(tree)]
    ends = _bound_by_sums(sums)
    for node in sums:
        _mark_ends(node, ends, found)
    for chain in chains:
        found.identity = found.identity and not _says_what_i_is(tuple(chain.trees))
        for tree in chain.trees:
            nodes = list(inside(tree))
            _bare(nodes, found)
            found.circle = found.circle or any(map(_has_circle_number, nodes))
            for node in nodes:
                _sum(node, chain.part, ends, found, compared)
                _condition(node, chain.part, found, compared)
                _subscript(node, chain.part, found, compared)
                if isinstance(node, Group) and node.content.separators:
                    given.append((chain.part, node.content))
                if isinstance(node, Product):
                    _arguments(node, chain.part, found)
        for relation in chain.conditions:
            _compare(relation, chain.part, found, compared)
    _closed(found)
    for part, content in given:
        _given(part, content, found)
    _closed(found)
    slots = _slots_of(found)
    stand_ins(found, slots)
    for letters_ in slots.values():
        plain = [each for each in letters_ if each in found.known and each not in found.stand_ins]
        for one, other in pairwise(plain):
            found.join(one, other)
    for same in found.arguments.values():
        for one, other in pairwise(each for each in same if each in found.known):
            found.join(one, other)
    for one, other in compared:
        if one in found.known and other in found.known:
            found.join(one, other)
    _across_parts(found)
    return found


def _bare(nodes: list[Node], found: Letters) -> None:
    """The names that stand without a subscript."""
    below = {id(node.base) for node in nodes if isinstance(node, Script) and node.sub is not None}
    for node in nodes:
        if isinstance(node, Leaf | Accented) and id(node) not in below:
            found.bare.add(name_of(node))


def _bound_by_sums(nodes: Iterable[Node]) -> frozenset[str]:
    """The letters that sums bind: a sum that ends at one is over a part of its set."""
    sums = (node for node in nodes if isinstance(node, Script) and is_sum(node))
    found = (
        bound(piece, node.sup)[0] for node in sums if node.sub for piece in pieces_below(node.sub)
    )
    return frozenset(found) - {""}


def _mark_ends(node: Node, letters_: frozenset[str], found: Letters) -> None:
    """The ends of the ranges of sums are sizes, but those that are letters of others."""
    if isinstance(node, Script) and node.sub is not None and is_sum(node):
        for piece in pieces_below(node.sub):
            said = bound(piece, node.sup)[1]
            if said is not None:
                ends = {end.strip("-") for end in (said.lower, said.upper)}
                found.sizes |= ends - letters_


def _sum(
    node: Node,
    part: str,
    letters_: frozenset[str],
    found: Letters,
    compared: list[tuple[Letter, Letter]],
) -> None:
    if not isinstance(node, Script) or not is_sum(node):
        return
    for piece in pieces_below(node.sub) if node.sub is not None else ():
        name, said = bound(piece, node.sup)
        if name:
            letter = (part, name)
            found.know(letter, piece.at)
            found.bound.add(letter)
            others = () if said is None else letters_ & {said.lower, said.upper}
            compared += [(letter, (part, other)) for other in sorted(others)]
            if said is not None and not others:
                found.ranges.setdefault(letter, []).append(said)
        if isinstance(piece, Relation):
            _compare(piece, part, found, compared)


def _condition(
    node: Node, part: str, found: Letters, compared: list[tuple[Letter, Letter]]
) -> None:
    """Letters that an indicator compares."""
    if isinstance(node, Script) and is_indicator(node) and node.sub is not None:
        contents = [node.sub]
    elif isinstance(node, Product):
        pairs = zip(node.factors, node.factors[1:], strict=False)
        contents = [b.content for a, b in pairs if is_indicator(a) and isinstance(b, Group)]
    else:
        return
    for content in contents:
        for item in content.items:
            only = item.content.only if isinstance(item, Group) else item
            if isinstance(only, Relation):
                _compare(only, part, found, compared)


def is_indicator(node: Node) -> bool:
    """Whether this is the sign of an indicator, ``1_{i = j}`` among them."""
    base = node.base if isinstance(node, Script) else node
    if not isinstance(base, Leaf):
        return False
    if base.kind == "NUMBER" and base.text == "1" and isinstance(node, Script) and node.sub:
        return isinstance(node.sub.only, Relation)
    return base.kind == "INDICATOR"


def _compare(
    relation: Relation, part: str, found: Letters, compared: list[tuple[Letter, Letter]]
) -> None:
    pairs = zip(relation.parts, relation.signs, relation.parts[1:], strict=False)
    for left, sign, right in pairs:
        one, other = letter_of(left), letter_of(right)
        for name, node in ((one, right), (other, left)):
            entry = _entry(node, part, None)
            if name and entry is not None and sign in ("=", r"\ne"):
                found.know((part, name), node.at)
                found.lists.append(replace(entry, like=(part, name)))
        if one and other and sign in ("=", r"\ne"):
            for name, at in ((one, left.at), (other, right.at)):
                found.know((part, name), at)
            compared.append(((part, one), (part, other)))


def _alike(
    nodes: list[Node], part: str, found: Letters, compared: list[tuple[Letter, Letter]]
) -> None:
    """The letters of Kronecker's delta."""
    names = [letter_of(node) for node in nodes]
    if all(names):
        for name, node in zip(names, nodes, strict=True):
            found.know((part, name), node.at)
        compared.append(((part, names[0]), (part, names[1])))


def _subscript(
    node: Node, part: str, found: Letters, compared: list[tuple[Letter, Letter]]
) -> None:
    if not isinstance(node, Script) or node.sub is None:
        return
    if not isinstance(node.base, Leaf | Accented):
        return
    if isinstance(node.base, Leaf) and node.base.kind not in ("LETTER", "WORD"):
        return
    parts = subscripts_of(node.sub)
    names = [letter_of(each) for each in parts]
    if called(node) == r"\delta" and len(parts) == 2:
        _alike(parts, part, found, compared)
        return
    if names and all(names):
        family = (called(node), len(parts))
        found.uses.setdefault(family, []).append(tuple((part, name) for name in names))
    if any(isinstance(each, Leaf) and each.text == "1" for each in parts):
        found.numbered.add(called(node))
    for place, each in enumerate(parts):
        found.places.setdefault((part, names[place]), each.at)
        entry = _entry(each, part, (called(node), place, len(parts)))
        if entry is not None and entry not in found.lists:
            found.lists.append(entry)
    if len(parts) == 1 and (entry := _entry(node, part, None)) and entry.origin:
        found.lists.append(entry)


def _entry(node: Node, part: str, slot: _Slot | None) -> Stood | None:
    """``w_s`` or ``w_{t+j}``: an entry of a list."""
    if not isinstance(node, Script) or node.sub is None or node.sup or node.primes:
        return None
    base, only = letter_of(node.base), node.sub.only
    if not base or only is None:
        return None
    if letter_of(only):
        return Stood(base, "", (part, letter_of(only)), slot)
    if isinstance(only, Terms) and only.signs == ("+", "+"):
        origin, place = map(letter_of, only.parts)
        if origin and place:
            return Stood(base, origin, (part, place), slot)
    return None


def _arguments(node: Product, part: str, found: Letters) -> None:
    """Letters at one place of one function: ``P(O = o | C = c)`` and ``P(O = w | C = c)``."""
    for name, behind in pairwise(node.factors):
        if isinstance(behind, Group) and behind.content.separators:
            for place, item in enumerate(behind.content.items):
                value = item.parts[-1] if isinstance(item, Relation) else item
                if letter_of(value):
                    slot = (name_of(name), place)
                    found.arguments.setdefault(slot, []).append((part, letter_of(value)))


def _given(part: str, content: Content, found: Letters) -> None:
    """In ``P(O = o | C = c)`` what c is, o is; an argument that is an index elsewhere is one."""
    values = [each.parts[-1] for each in content.items if isinstance(each, Relation)]
    names = [(letter_of(value), value.at) for value in values]
    if any((part, name) in found.known for name, _ in names):
        for name, at in names:
            if name:
                found.know((part, name), at)
    known = {name for _, name in found.known}
    for item in content.items:
        if letter_of(item) in known:
            found.know((part, letter_of(item)), item.at)


# names of functions; anything else side by side is a product
WORDS = frozenset(
    (
        *("CE", "BCE", "CrossEntropy", "KL", "JS", "MSE", "SSE", "RSS", "ReLU", "relu", "softmax"),
        *("softplus", "sigmoid", "tanh", "sim", "score", "loss", "Loss", "cost", "diag", "tr"),
    )
)


def _as_words(node: Node) -> Node:
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


# Indices above names, ``x^{(i)}`` and ``y^i``, put below them, as the reader reads them.
#
# Brackets around a letter that a sum binds, or that is an index by habit, say that it is one.
# Without brackets it is one where a sum binds the letter, and the name is never raised to
# anything else.


class Raised:
    """What stands above names in a file."""

    def __init__(self, chains: list[Displayed]) -> None:
        self.brackets: dict[str, None] = {}  # names with an index in brackets above them
        self.plain: dict[str, Place] = {}  # names with one without brackets
        self._bound: set[str] = set()
        powers: set[str] = set()
        nodes = [node for chain in chains for tree in chain.trees for node in inside(tree)]
        for node in nodes:
            if isinstance(node, Script) and node.sub is not None and is_sum(node):
                self._bound |= {bound_letter(piece) for piece in pieces_below(node.sub)} - {""}
        for node in nodes:
            if not isinstance(node, Script) or not _is_word(node.base) or node.sup is None:
                continue
            name, inner = name_of(node.base), node.sup.only
            if self._in_brackets(node) is not None:
                self.brackets.setdefault(name)
            elif inner is not None and letter_of(inner) in self._bound:
                self.plain.setdefault(name, node.at)
            elif not (
                isinstance(inner, Leaf) and (inner.kind in ("TOP", "MARK") or inner.text == "T")
            ):
                powers.add(name)
        for name in powers:
            self.plain.pop(name, None)

    def lowered(self, chain: Displayed) -> Displayed:
        """A chain with the indices below."""
        sides = tuple(replace(side, node=self._side(side)) for side in chain.sides)
        return replace(chain, sides=sides)

    def below(self, node: Node) -> Node:
        """A formula with the indices below."""
        return rebuilt(node, self._node)

    def _side(self, side: Shown) -> Node | None:
        return self.below(side.node) if side.node is not None else None

    def _node(self, node: Node) -> Node:
        node = _as_words(node)
        if not isinstance(node, Script) or not _is_word(node.base) or node.sup is None:
            return node
        index = self._in_brackets(node)
        if index is None and name_of(node.base) in self.plain:
            above = node.sup.only
            index = above if above is not None and letter_of(above) in self._bound else None
        if index is None:
            return node
        items = (index, *(node.sub.items if node.sub else ()))
        content = Content(node.sup.at, items, (",",) * (len(items) - 1))
        return Script(node.at, node.base, content, None, node.primes)

    def _in_brackets(self, node: Script) -> Node | None:
        """The index in brackets above a name."""
        above = node.sup.only if node.sup is not None else None
        if not isinstance(above, Group) or above.bracket not in ("(", "["):
            return None
        only = above.content.only
        if only is None or letter_of(only) not in self._bound | _USUAL:
            return None
        return only


def _is_word(node: Node) -> bool:
    base = node.base if isinstance(node, Accented) else node
    letters = isinstance(base, Leaf) and base.kind in ("LETTER", "WORD")
    return letters and isinstance(base, Leaf) and base.text != "e"
