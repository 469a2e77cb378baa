"""Untyped elaboration: the displays as terms, as far as they can be understood undeclared."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise

from derivations.reader.elaborate.derivatives import is_sign
from derivations.reader.elaborate.operators import is_sum, pieces_below
from derivations.reader.environment import is_dots, letter_of, name_of, raised_name
from derivations.reader.latex_commands import DIAGONAL, WORD_FUNCTIONS
from derivations.reader.propose.index_analysis import (
    Displayed,
    Letter,
    Letters,
    bound_letter,
    called,
    inside,
    is_indicator,
    is_marked,
    product,
    subscripts_of,
)
from derivations.reader.source import Place
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
    written,
)

# A formula as far as it can be understood before anything is declared: its terms.
#
# Whatever is not understood is opaque: its parts are looked at, it says nothing itself.


SIGMA = r"\sigma"
ENTRYWISE = (SIGMA, r"\tanh", r"\phi", "ReLU", "relu", "sigmoid", "tanh", "softplus")


@dataclass(frozen=True)
class Term:
    """A piece of a formula, with the node it stands for."""

    node: Node = field(compare=False)

    @property
    def parts(self) -> tuple[Term, ...]:
        """The terms within."""
        return ()


@dataclass(frozen=True)
class Constant(Term):
    """A number, a size, an index as a number, an indicator."""

    text: str


@dataclass(frozen=True)
class Use(Term):
    """A name with the indices below it; ``sub`` are letters, or texts of other members."""

    name: str
    sub: tuple[Letter | str, ...] = ()


@dataclass(frozen=True)
class Applied(Term):
    """A named function of arguments, with the keywords before them: ``P(O = o)``."""

    name: str
    arguments: tuple[Term, ...]
    keywords: tuple[str, ...] = ()

    @property
    def parts(self) -> tuple[Term, ...]:
        return self.arguments


@dataclass(frozen=True)
class Elementary(Term):
    """exp, log, a square root or softmax of something."""

    name: str
    of: Term

    @property
    def parts(self) -> tuple[Term, ...]:
        return (self.of,)


@dataclass(frozen=True)
class Plus(Term):
    """Terms with their signs."""

    signs: tuple[str, ...]
    terms: tuple[Term, ...]

    @property
    def parts(self) -> tuple[Term, ...]:
        return self.terms


@dataclass(frozen=True)
class Times(Term):
    """Factors with the signs between them; a slash divides by the factor behind it."""

    factors: tuple[Term, ...]
    joins: tuple[str, ...]

    @property
    def parts(self) -> tuple[Term, ...]:
        return self.factors


@dataclass(frozen=True)
class Over(Term):
    """A fraction."""

    over: Term
    under: Term

    @property
    def parts(self) -> tuple[Term, ...]:
        return (self.over, self.under)


@dataclass(frozen=True)
class Power(Term):
    """A power."""

    of: Term
    exponent: Term

    @property
    def parts(self) -> tuple[Term, ...]:
        return (self.of, self.exponent)


@dataclass(frozen=True)
class Turned(Term):
    """A transpose."""

    of: Term

    @property
    def parts(self) -> tuple[Term, ...]:
        return (self.of,)


@dataclass(frozen=True)
class Summed(Term):
    """A sum over letters."""

    over: tuple[Letter, ...]
    of: Term

    @property
    def parts(self) -> tuple[Term, ...]:
        return (self.of,)


@dataclass(frozen=True)
class Slope(Term):
    """A derivative."""

    of: Term
    by: Term

    @property
    def parts(self) -> tuple[Term, ...]:
        return (self.of, self.by)


@dataclass(frozen=True)
class Scalar(Term):
    """A number made of vectors: an inner product, a squared norm."""

    of: tuple[Term, ...]

    @property
    def parts(self) -> tuple[Term, ...]:
        return self.of


@dataclass(frozen=True)
class Picked(Term):
    """An entry of what stands in brackets."""

    of: Term
    sub: tuple[Letter | str, ...]

    @property
    def parts(self) -> tuple[Term, ...]:
        return (self.of,)


@dataclass(frozen=True)
class Layout(Term):
    """A matrix written cell by cell."""

    rows: tuple[tuple[Term, ...], ...]

    @property
    def parts(self) -> tuple[Term, ...]:
        return tuple(cell for row in self.rows for cell in row)

    @property
    def is_of_numbers(self) -> bool:
        """Whether nothing is left out, and the cells look like numbers, not like blocks."""
        names = (name.removeprefix("\\") for cell in self.parts for name in names_in(cell))
        inside = [each for cell in self.parts for each in within(cell)]
        known = not any(isinstance(each, Opaque | Identity) for each in inside)
        even = {len(row) for row in self.rows} == {len(self.rows[0])}
        numerals = any(isinstance(each, Constant | Elementary) for each in inside)
        small = not any(name[:1].isupper() for name in names)
        return known and even and small and numerals and len(self.parts) > 1


@dataclass(frozen=True)
class Ones(Term):
    """The vector of ones, a bold 1 that counts nothing."""


@dataclass(frozen=True)
class Identity(Term):
    """I, or I_n, that nothing else is said of."""


@dataclass(frozen=True)
class Opaque(Term):
    """Something that says nothing."""

    of: tuple[Term, ...] = ()

    @property
    def parts(self) -> tuple[Term, ...]:
        return self.of


def within(term: Term) -> Iterator[Term]:
    """The term and everything in it, from left to right."""
    waiting = [term]
    while waiting:
        here = waiting.pop()
        yield here
        waiting += reversed(here.parts)


def names_in(term: Term) -> frozenset[str]:
    """The names that a term mentions."""
    return frozenset(each.name for each in within(term) if isinstance(each, Use | Applied))


def unsigned(term: Term) -> Term:
    """What a sign stands before."""
    while isinstance(term, Plus) and len(term.terms) == 1:
        term = term.terms[0]
    return term


# Which names are functions: those applied to what stands in parentheses behind them.
#
# An application is told from a product by how the name is used in the whole file.


def functions(chains: list[Displayed]) -> set[str]:
    """The names that are applied to what stands in parentheses behind them."""
    applied: dict[str, list[Content]] = {}
    alone: set[str] = set()
    found: set[str] = set()
    primed: set[str] = set()
    for chain in chains:
        for tree in chain.trees:
            for node in inside(tree):
                if isinstance(node, Product):
                    _occurrences(node, applied)
                    primed |= set(_with_primes(node))
        for left, _ in chain.equalities:
            head = left.node
            if isinstance(head, Product) and _is_head(head):
                found.add(raised_name(bare(head.factors[0])))
    alone = _names_without_argument(chains)
    for name, contents in applied.items():
        if name in found:
            continue
        clear = name in primed or any(_is_list(content) for content in contents)
        singles = [_single(content) for content in contents]
        never_alone = name not in alone and any(singles)
        small = name.startswith("\\") or name[:1].islower() or len(name) > 1 or all(singles)
        if clear or name == SIGMA or (never_alone and small):
            found.add(name)
    return found


_DOTS = ("dot", "ddot")


def bare(node: Node) -> Node:
    """The name without its primes, or the dots that say the same."""
    if isinstance(node, Accented) and node.mark in _DOTS:
        return node.base
    if not isinstance(node, Script):
        return node
    return Script(node.at, node.base, node.sub, node.sup if is_marked(node) else None)


def without_dots(name: str) -> str:
    """x of the name ``\\dot{x}``; of any other name the name."""
    found = re.fullmatch(rf"\\(?:{'|'.join(_DOTS)})\{{(.*)\}}", name)
    return found[1] if found is not None else name


def _occurrences(node: Product, applied: dict[str, list[Content]]) -> None:
    for at, (name, join) in enumerate(zip(node.factors, node.joins, strict=False)):
        behind = node.factors[at + 1]
        if at > 1 and all(map(_is_letter, node.factors[at - 2 : at + 1])):
            continue  # letters side by side: a word, whose last one is no function
        brackets = _brackets(behind)
        if not join and brackets is not None and _is_called(name):
            applied.setdefault(raised_name(bare(name)), []).append(brackets.content)


def _brackets(node: Node | None) -> Group | None:
    """The brackets around an argument, also where a power of the value stands above them."""
    raised = isinstance(node, Script) and node.sub is None and not node.primes
    inner = node.base if isinstance(node, Script) and raised else node
    return inner if isinstance(inner, Group) and inner.bracket in "([" else None


def _with_primes(node: Product) -> Iterator[str]:
    """f of ``f'(x)``, which is a derivative."""
    for name, behind in pairwise(node.factors):
        brackets = isinstance(behind, Group) and behind.bracket == "("
        if isinstance(name, Script) and name.primes and brackets and _is_called(name):
            yield raised_name(bare(name))


def _is_letter(node: Node) -> bool:
    return isinstance(node, Leaf) and node.kind == "LETTER"


def _names_without_argument(chains: list[Displayed]) -> set[str]:
    """The names that stand somewhere without an argument behind them."""
    found: set[str] = set()
    for chain in chains:
        for tree in chain.trees:
            heads: set[int] = set()
            for node in inside(tree):
                if isinstance(node, Product):
                    for name, behind in zip(node.factors, node.factors[1:], strict=False):
                        if _brackets(behind) is not None and _is_called(name):
                            heads.update(id(each) for each in inside(name))
                if id(node) not in heads and isinstance(node, Script | Leaf) and _is_called(node):
                    found.add(raised_name(bare(node)))
    return found


def _is_head(head: Product) -> bool:
    """Whether a side is ``f(x)``: a name and a list of names."""
    if len(head.factors) != 2 or any(head.joins) or not _is_called(head.factors[0]):
        return False
    last = head.factors[1]
    if not isinstance(last, Group) or last.bracket != "(":
        return False
    return all(_is_called(_value_of(item)) for item in last.content.items)


def _value_of(item: Node) -> Node:
    """An argument behind its keyword."""
    return item.parts[1] if isinstance(item, Relation) and item.signs == ("=",) else item


def _is_list(content: Content) -> bool:
    return len(content.items) > 1 or isinstance(content.only, Relation)


def _single(content: Content) -> str:
    only = content.only
    return name_of(only) if only is not None and _is_called(only) else ""


def _is_called(node: Node) -> bool:
    """Whether a node can be a name, with subscripts or not."""
    base = node.base if isinstance(node, Script) else node
    if isinstance(node, Script) and node.sup and not is_marked(node):
        return False
    if isinstance(base, Accented):
        base = base.base
    return (
        isinstance(base, Leaf)
        and base.kind in ("LETTER", "WORD")
        and base.text not in WORD_FUNCTIONS
        and base.text not in DIAGONAL
    )


# Sketches of formulas: trees read as terms, with what is known of letters and functions.
#
# A name is told from its subscripts by the letters that are known to be indices.


class Reading:
    """Makes terms of the trees of one part."""

    def __init__(self, letters: Letters, functions_: set[str], part: str) -> None:
        self.letters, self.functions, self.part = letters, functions_, part

    def term(self, node: Node) -> Term:
        """What a tree says."""
        match node:
            case Leaf():
                return self._leaf(node)
            case Accented():
                return self._name(node)
            case Script():
                return self._script(node)
            case Fraction():
                return self._fraction(node)
            case Group():
                return self._group(node)
            case Terms():
                return self._terms(node)
            case Product():
                return self._product(node, node.factors, node.joins)
            case Matrix():
                return Layout(node, tuple(tuple(map(self.term, row)) for row in node.rows))
        return Opaque(node)

    def _terms(self, node: Terms) -> Term:
        """A sum of terms; of derivatives by one thing it is the derivative of the sum."""
        terms = tuple(map(self.term, node.parts))
        slopes = [each for each in terms if isinstance(each, Slope)]
        if len(slopes) == len(terms) and all(each.by == slopes[0].by for each in slopes):
            of = tuple(each.of for each in slopes)
            whole = Terms(node.at, node.signs, tuple(held(each.node) for each in of))
            return Slope(node, Plus(whole, node.signs, of), slopes[0].by)
        return Plus(node, node.signs, terms)

    def _leaf(self, node: Leaf) -> Term:
        if node.kind in ("LETTER", "WORD"):
            return self._name(node)
        if node.kind == "INDICATOR":
            return Ones(node)
        return Constant(node, node.text) if node.kind == "NUMBER" else Opaque(node)

    def _name(self, node: Node) -> Term:
        name = raised_name(node)
        if name == "I" and self.letters.identity:
            return Identity(node)
        is_size = name in self.letters.sizes or (name == r"\pi" and self.letters.circle)
        if is_size or self.letters.is_index(self.part, name):
            return Constant(node, name)
        return Use(node, name)

    def _members(self, content: Content) -> tuple[Letter | str, ...] | None:
        """The indices that a subscript consists of; None where it is part of a name."""
        found: list[Letter | str] = []
        for part in subscripts_of(content):
            name = letter_of(part)
            if name and self.letters.is_index(self.part, name):
                found.append((self.part, name))
            elif isinstance(part, Leaf) and (part.kind == "NUMBER" or name in self.letters.sizes):
                found.append(part.text)
            elif isinstance(part, Group) and part.bracket == "|":
                found.append(written(part))
            elif isinstance(part, Script) and self._is_entry(part):
                found.append(name_of(part))
            elif isinstance(part, Terms) and self._is_offset(part):
                found.append("")
            else:
                return None
        return tuple(found) or None

    def _is_entry(self, node: Script) -> bool:
        return letter_of(node.base) in {each.base for each in self.letters.lists}

    def _is_offset(self, node: Terms) -> bool:
        return all(
            (isinstance(part, Leaf) and part.kind == "NUMBER")
            or self.letters.is_index(self.part, letter_of(part))
            or letter_of(part) in self.letters.sizes
            for part in node.parts
        )

    def _script(self, node: Script) -> Term:
        if is_indicator(node):
            only = node.sub.only if node.sub is not None else None
            if node.sub is None or (only and letter_of(only) in self.letters.sizes):
                ones = Ones(node)
                return ones if node.sup is None else Turned(node, ones)
            return Constant(node, "1")
        if node.sup is not None:
            without = Script(node.at, node.base, node.sub, None, node.primes)
            plain = without if node.sub or node.primes else node.base
            above = node.sup.only
            if is_marked(node) and _is_called(without):
                return self._subscripted(node)
            if isinstance(above, Product) and is_marked(first := _without_transpose(node)):
                return Turned(node, self.term(first))
            if isinstance(node.base, Group) and node.base.bracket == r"\|":
                return Scalar(node, self._items(node.base.content))
            if isinstance(node.base, Leaf) and node.base.text == "e" and not node.sub and above:
                return Elementary(node, "exp", self.term(above))
            if isinstance(above, Leaf) and (above.kind == "TOP" or above.text == "T"):
                of = self.term(plain)
                # a list in a row is a column as soon as it is turned
                is_column = isinstance(of, Layout) and isinstance(plain, Group)
                return replace(of, node=node) if is_column else Turned(node, of)
            if above is None or isinstance(above, Group):
                return Opaque(node, (self.term(plain),))
            return Power(node, self.term(plain), self.term(above))
        return self._subscripted(node)

    def _subscripted(self, node: Script) -> Term:
        """A name, or what stands in brackets, with its subscripts."""
        if node.sub is None:
            is_one = letter_of(node) or node.sup is not None or _is_called(node)
            return self._name(node) if is_one else Opaque(node, (self.term(node.base),))
        members = self._members(node.sub)
        standard = called(node)
        if standard == "I" and members is not None and len(members) == 1:
            return Identity(node)
        if standard == r"\delta" and len(subscripts_of(node.sub)) == 2:
            return Constant(node, "1")
        if members is None:
            return self._name(node) if _is_called(node) else Opaque(node)
        if isinstance(node.base, Group):
            return Picked(node, self.term(node.base), members)
        known = (called(node), len(members)) in self.letters.indexed
        others = any(base == called(node) for base, _ in self.letters.indexed)
        if _is_called(node) and (known or others or any(isinstance(m, tuple) for m in members)):
            return Use(node, called(node), members)
        return self._name(node) if _is_called(node) else Opaque(node)

    def _items(self, content: Content) -> tuple[Term, ...]:
        return tuple(self.term(item) for item in content.items)

    def _fraction(self, node: Fraction) -> Term:
        by = self._sign_below(node.under)
        if by is not None and isinstance(node.over, Product) and is_sign(node.over.factors[0]):
            of = product(node.over.factors[1:], node.over.joins[1:])
            return Slope(node, self.term(of), by)
        return Over(node, self.term(node.over), self.term(node.under))

    def _sign_below(self, under: Node) -> Term | None:
        if isinstance(under, Product) and is_sign(under.factors[0]) and len(under.factors) == 2:
            return self.term(under.factors[1])
        return None

    def _group(self, node: Group) -> Term:
        only = node.content.only
        if node.bracket == "<" or (node.bracket == "|" and only is not None):
            return Scalar(node, self._items(node.content))
        if only is not None and node.bracket in "([{":
            return self.term(only)
        if only is not None and node.bracket == r"\sqrt":
            return Elementary(node, "sqrt", self.term(only))
        items = self._items(node.content)
        listed = Layout(node, tuple((each,) for each in items))
        is_tuple = {*node.content.separators} == {","} and node.bracket in "(["
        return listed if is_tuple and listed.is_of_numbers else Opaque(node, items)

    def _product(self, node: Node, factors: tuple[Node, ...], joins: tuple[str, ...]) -> Term:
        """Factors from left to right; sums and derivatives take all that is behind them."""
        found: list[Term] = []
        between: list[str] = []
        at = 0
        while at < len(factors):
            factor = factors[at]
            if found:
                between.append(joins[at - 1])
            rest = factors[at + 1 :], joins[at + 1 :]
            by = self._operator(factor)
            if (by is not None or is_sum(factor)) and rest[0]:
                whole = product(factors[at:], joins[at:])
                of = self._product(product(*rest), *rest)
                if by is None:
                    found.append(self._summed(factor, whole, of))
                elif isinstance(factor, Script) and factor.sup is not None:
                    found.append(Opaque(whole, (of, by)))  # all second derivatives, or their sum
                else:
                    found.append(Slope(whole, of, by))
                break
            taken, term = self._applied(factors, joins, at)
            found.append(term)
            at += taken
        if len(found) == 1:
            return found[0]
        return Times(node, tuple(found), tuple(between))

    def _summed(self, sign: Node, whole: Node, of: Term) -> Term:
        """A sum; of derivatives by one thing it is the derivative of the sum."""
        over = self._over(sign)
        if isinstance(of, Slope) and not any(
            letter in over for each in within(of.by) if isinstance(each, Use) for letter in each.sub
        ):
            inside_ = held(of.of.node)
            rest = inside_.factors if isinstance(inside_, Product) else (inside_,)
            joins = inside_.joins if isinstance(inside_, Product) else ()
            inner = product((sign, *rest), ("", *joins))
            return Slope(whole, Summed(inner, over, of.of), of.by)
        return Summed(whole, over, of)

    def _operator(self, node: Node) -> Term | None:
        if isinstance(node, Script) and isinstance(node.base, Leaf) and node.base.kind == "NABLA":
            only = node.sub.only if node.sub else None
            return self.term(only) if only is not None else None
        if isinstance(node, Fraction) and is_sign(node.over):
            return self._sign_below(node.under)
        return None

    def _over(self, node: Node) -> tuple[Letter, ...]:
        sub = node.sub if isinstance(node, Script) else None
        names = [bound_letter(piece) for piece in (pieces_below(sub) if sub else ())]
        return tuple((self.part, name) for name in names if name)

    def _applied(
        self, factors: tuple[Node, ...], joins: tuple[str, ...], at: int
    ) -> tuple[int, Term]:
        """The factor at a place with its argument, and how many factors that are."""
        factor = factors[at]
        base = factor.base if isinstance(factor, Script) else factor
        behind = factors[at + 1] if at + 1 < len(factors) and not joins[at] else None
        if isinstance(base, Leaf) and (
            base.kind == "FUNCTION" or base.text in WORD_FUNCTIONS or base.text in DIAGONAL
        ):
            end = at + 2
            if not isinstance(behind, Group):
                while end < len(factors) and not joins[end - 1] and not _ends(factors[end]):
                    end += 1
            argument = factors[at + 1 : end]
            whole = product(factors[at:end], joins[at : end - 1])
            if not argument:
                return 1, Opaque(factor)
            of = self._product(
                product(argument, joins[at + 1 : end - 1]), argument, joins[at + 1 : end - 1]
            )
            return end - at, Elementary(whole, base.text, of)
        if is_indicator(factor) and isinstance(behind, Group):
            return 2, Constant(factor, "1")
        brackets = _brackets(behind)
        if brackets is not None and _is_called(factor):
            name = raised_name(bare(factor))
            if name in self.functions:
                value = self._application(
                    product((factor, brackets), ("",)), name, brackets.content
                )
                above = behind.sup.only if isinstance(behind, Script) and behind.sup else None
                whole = product(factors[at : at + 2], ("",))
                if behind is brackets:
                    return 2, value
                if isinstance(above, Leaf) and (above.kind == "TOP" or above.text == "T"):
                    return 2, Turned(whole, value)
                if above is None or isinstance(above, Group):
                    return 2, Opaque(whole, (value,))
                return 2, Power(whole, value, self.term(above))
        return 1, self.term(factor)

    def _application(self, whole: Node, name: str, content: Content) -> Term:
        arguments: list[Term] = []
        keywords: list[str] = []
        for item in content.items:
            value = _value_of(item)
            keywords.append(name_of(item.parts[0]) if isinstance(item, Relation) else "")
            entry = isinstance(value, Script) and self._is_entry(value)
            plain = entry or is_dots(value)
            arguments.append(Constant(value, written(value)) if plain else self.term(value))
        return Applied(whole, name, tuple(arguments), tuple(keywords))


def held(node: Node) -> Node:
    """A tree as one factor, or one term: a sum stands in parentheses."""
    if isinstance(node, Terms):
        return Group(node.at, "(", Content(node.at, (node,)))
    return node


def _without_transpose(node: Script) -> Script:
    """``w^*`` of ``w^{*T}``; anything else is itself."""
    above = node.sup.only if node.sup is not None else None
    if isinstance(above, Product) and len(above.factors) == 2 and not any(above.joins):
        first, last = above.factors
        if isinstance(last, Leaf) and (last.kind == "TOP" or last.text == "T"):
            return Script(node.at, node.base, node.sub, Content(first.at, (first,)), node.primes)
    return node


def _ends(node: Node) -> bool:
    """What an argument without parentheses does not reach over."""
    base = node.base if isinstance(node, Script) else node
    return isinstance(base, Leaf) and base.kind in ("FUNCTION", "SUM", "PROD")


@dataclass(frozen=True)
class Chain:
    """A chain as terms: those that could be read, and which are equated with the one before."""

    number: int
    part: str
    at: Place
    terms: tuple[Term | None, ...]
    joined: tuple[bool, ...]
    conditions: tuple[Relation, ...]
    supposed: bool
    perhaps: bool
    stated: bool = False
    plainly: bool = True

    @property
    def equalities(self) -> Iterator[tuple[Term, Term]]:
        """Terms that are equated, one after the other."""
        for number, joined in enumerate(self.joined):
            left, right = self.terms[number - 1], self.terms[number]
            if joined and left is not None and right is not None:
                yield left, right


def as_terms(chains: list[Displayed], letters: Letters, functions: set[str]) -> list[Chain]:
    """All chains as terms."""
    found: list[Chain] = []
    for chain in chains:
        reading = Reading(letters, functions, chain.part)
        terms = tuple(reading.term(s.node) if s.node is not None else None for s in chain.sides)
        joined = tuple(side.joined for side in chain.sides)
        at = chain.sides[0].place if chain.sides else Place()
        said = chain.conditions, chain.supposed, chain.perhaps, chain.stated, chain.plainly
        found.append(Chain(chain.chain, chain.part, at, terms, joined, *said))
    return found


def mentioned(name: str, part: str, chains: list[Chain]) -> bool:
    """Whether a part has a name in it."""
    sides = (term for chain in chains if chain.part == part for term in chain.terms)
    return any(name in names_in(term) for term in sides if term is not None)


def outside_slopes(term: Term) -> Iterator[Term]:
    """The parts of a term that are not what a derivative is taken of."""
    waiting = [term]
    while waiting:
        here = waiting.pop()
        yield here
        bare = isinstance(here, Slope) and isinstance(unsigned(here.of), Use)
        waiting += [here.by] if bare and isinstance(here, Slope) else here.parts


def derived(term: Term) -> set[str]:
    """The names that derivatives in a term are taken of."""
    ofs = [unsigned(each.of) for each in within(term) if isinstance(each, Slope)]
    primed = {each.name for each in within(term) if isinstance(each, Applied) and is_primed(each)}
    return primed | {of.name for of in ofs if isinstance(of, Use | Applied)}


def is_primed(term: Use | Applied) -> bool:
    """Whether a prime stands in it, or a dot over what is applied to something."""
    nodes = list(inside(term.node))
    dots = (each for each in nodes if isinstance(each, Accented) and each.mark in _DOTS)
    primes = any(isinstance(each, Script) and each.primes for each in nodes)
    return primes or (isinstance(term, Applied) and any(dots))


def differentiated(chains: list[Chain]) -> dict[str, list[Term]]:
    """The names that derivatives are taken of, with what they are taken by; "" for all else."""
    found: dict[str, list[Term]] = {}
    for chain in chains:
        for term in (each for side in chain.terms if side for each in within(side)):
            if isinstance(term, Slope):
                of = unsigned(term.of)
                by = found.setdefault(of.name if isinstance(of, Use) and not of.sub else "", [])
                if term.by not in by:
                    by.append(term.by)
    return found
