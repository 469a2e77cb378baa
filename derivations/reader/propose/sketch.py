"""Formulas as far as they can be understood before anything is declared.

A name is told from its subscripts by the letters that are known to be indices, an application
from a product by how the name is used in the whole file. Whatever else stands there is opaque: its
parts are looked at, it says nothing itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from derivations.reader.elaborate.spelling import letter_of, name_of
from derivations.reader.propose.displays import Displayed, inside, product, subscripts_of
from derivations.reader.propose.letters import Letter, Letters, bound_letter, is_indicator, pieces
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
)
from derivations.reader.written import written

SIGMA = r"\sigma"


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
    """exp, log or softmax of something."""

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


# Functions ---------------------------------------------------------------------------------------


def functions(chains: list[Displayed], letters: Letters) -> set[str]:
    """The names that are applied to what stands in parentheses behind them."""
    applied: dict[str, list[Content]] = {}
    alone: set[str] = set()
    found: set[str] = set()
    for chain in chains:
        for tree in chain.trees:
            for node in inside(tree):
                if isinstance(node, Product):
                    _occurrences(node, applied)
        for left, _ in chain.equalities:
            head = left.node
            if isinstance(head, Product) and _is_head(head, letters, chain.part):
                found.add(name_of(_bare(head.factors[0])))
    alone = _alone(chains)
    for name, contents in applied.items():
        if name in found:
            continue
        clear = any(_is_list(content) for content in contents)
        singles = [_single(content) for content in contents]
        never_alone = name not in alone and any(singles)
        small = name.startswith("\\") or name[:1].islower() or len(name) > 1 or all(singles)
        if clear or name == SIGMA or (never_alone and small):
            found.add(name)
    return found


def _bare(node: Node) -> Node:
    """The name without its primes."""
    return Script(node.at, node.base, node.sub) if isinstance(node, Script) else node


def _occurrences(node: Product, applied: dict[str, list[Content]]) -> None:
    for at, (name, join) in enumerate(zip(node.factors, node.joins, strict=False)):
        behind = node.factors[at + 1]
        if at > 1 and all(map(_is_letter, node.factors[at - 2 : at + 1])):
            continue  # letters side by side: a word, whose last one is no function
        if not join and isinstance(behind, Group) and behind.bracket in "([" and is_name(name):
            applied.setdefault(name_of(_bare(name)), []).append(behind.content)


def _is_letter(node: Node) -> bool:
    return isinstance(node, Leaf) and node.kind == "LETTER"


def _alone(chains: list[Displayed]) -> set[str]:
    """The names that stand somewhere without an argument behind them."""
    found: set[str] = set()
    for chain in chains:
        for tree in chain.trees:
            heads: set[int] = set()
            for node in inside(tree):
                if isinstance(node, Product):
                    for name, behind in zip(node.factors, node.factors[1:], strict=False):
                        if isinstance(behind, Group) and behind.bracket in "([" and is_name(name):
                            heads.update(id(each) for each in inside(name))
                if id(node) not in heads and isinstance(node, Script | Leaf) and is_name(node):
                    found.add(name_of(_bare(node)))
    return found


def _is_head(head: Product, letters: Letters, part: str) -> bool:
    """Whether a side is ``f(x)``: a name and a list of names."""
    if len(head.factors) != 2 or any(head.joins) or not is_name(head.factors[0]):
        return False
    last = head.factors[1]
    if not isinstance(last, Group) or last.bracket != "(":
        return False
    return all(is_name(_value(item)) for item in last.content.items)


def _value(item: Node) -> Node:
    """An argument behind its keyword."""
    return item.parts[1] if isinstance(item, Relation) and item.signs == ("=",) else item


def _is_list(content: Content) -> bool:
    return len(content.items) > 1 or isinstance(content.only, Relation)


def _single(content: Content) -> str:
    only = content.only
    return name_of(only) if only is not None and is_name(only) else ""


def is_name(node: Node) -> bool:
    """Whether a node can be a name, with subscripts or not."""
    base = node.base if isinstance(node, Script) else node
    if isinstance(node, Script) and node.sup:
        return False
    if isinstance(base, Accented):
        base = base.base
    return isinstance(base, Leaf) and base.kind in ("LETTER", "WORD") and base.text != "softmax"


def held(node: Node) -> Node:
    """A tree as one factor, or one term: a sum stands in parentheses."""
    if isinstance(node, Terms):
        return Group(node.at, "(", Content(node.at, (node,)))
    return node


# Terms -------------------------------------------------------------------------------------------


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
        return Constant(node, node.text) if node.kind == "NUMBER" else Opaque(node)

    def _name(self, node: Node) -> Term:
        name = name_of(node)
        is_size = name in self.letters.sizes
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
            return Constant(node, "1")
        if node.sup is not None:
            without = Script(node.at, node.base, node.sub, None, node.primes)
            plain = without if node.sub or node.primes else node.base
            above = node.sup.only
            if isinstance(node.base, Group) and node.base.bracket == r"\|":
                return Scalar(node, self._items(node.base.content))
            if isinstance(node.base, Leaf) and node.base.text == "e" and not node.sub and above:
                return Elementary(node, "exp", self.term(above))
            if isinstance(above, Leaf) and (above.kind == "TOP" or above.text == "T"):
                return Turned(node, self.term(plain))
            if above is None or isinstance(above, Group):
                return Opaque(node, (self.term(plain),))
            return Power(node, self.term(plain), self.term(above))
        if node.sub is None:
            return self._name(node) if letter_of(node) else Opaque(node, (self.term(node.base),))
        members = self._members(node.sub)
        if members is None:
            return self._name(node) if is_name(node) else Opaque(node)
        if isinstance(node.base, Group):
            return Picked(node, self.term(node.base), members)
        known = (name_of(node.base), len(members)) in self.letters.indexed
        others = any(base == name_of(node.base) for base, _ in self.letters.indexed)
        if is_name(node) and (known or others or any(isinstance(m, tuple) for m in members)):
            return Use(node, name_of(node.base), members)
        return self._name(node) if is_name(node) else Opaque(node)

    def _items(self, content: Content) -> tuple[Term, ...]:
        return tuple(self.term(item) for item in content.items)

    def _fraction(self, node: Fraction) -> Term:
        by = self._sign_below(node.under)
        if by is not None and isinstance(node.over, Product) and _is_partial(node.over.factors[0]):
            of = product(node.over.factors[1:], node.over.joins[1:])
            return Slope(node, self.term(of), by)
        return Over(node, self.term(node.over), self.term(node.under))

    def _sign_below(self, under: Node) -> Term | None:
        if isinstance(under, Product) and _is_partial(under.factors[0]) and len(under.factors) == 2:
            return self.term(under.factors[1])
        return None

    def _group(self, node: Group) -> Term:
        only = node.content.only
        if node.bracket == "<":
            return Scalar(node, self._items(node.content))
        if only is not None and node.bracket in "([{":
            return self.term(only)
        return Opaque(node, self._items(node.content))

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
            if (by is not None or _is_sum(factor)) and rest[0]:
                whole = product(factors[at:], joins[at:])
                of = self._product(product(*rest), *rest)
                found.append(
                    Slope(whole, of, by) if by is not None else self._summed(factor, whole, of)
                )
                break
            if at and _is_circle_number(factors[at - 1], factor):
                found.append(Constant(factor, written(factor)))
                at += 1
                continue
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
        if isinstance(node, Fraction) and _is_partial(node.over):
            return self._sign_below(node.under)
        return None

    def _over(self, node: Node) -> tuple[Letter, ...]:
        sub = node.sub if isinstance(node, Script) else None
        names = [bound_letter(piece) for piece in (pieces(sub) if sub else ())]
        return tuple((self.part, name) for name in names if name)

    def _applied(
        self, factors: tuple[Node, ...], joins: tuple[str, ...], at: int
    ) -> tuple[int, Term]:
        """The factor at a place with its argument, and how many factors that are."""
        factor = factors[at]
        base = factor.base if isinstance(factor, Script) else factor
        behind = factors[at + 1] if at + 1 < len(factors) and not joins[at] else None
        if isinstance(base, Leaf) and (base.kind == "FUNCTION" or base.text == "softmax"):
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
        if isinstance(behind, Group) and behind.bracket in "([" and is_name(factor):
            name = name_of(_bare(factor))
            if name in self.functions:
                whole = product(factors[at : at + 2], ("",))
                return 2, self._application(whole, name, behind.content)
        return 1, self.term(factor)

    def _application(self, whole: Node, name: str, content: Content) -> Term:
        arguments: list[Term] = []
        keywords: list[str] = []
        for item in content.items:
            value = _value(item)
            keywords.append(name_of(item.parts[0]) if isinstance(item, Relation) else "")
            entry = isinstance(value, Script) and self._is_entry(value)
            dots = isinstance(value, Leaf) and value.kind == "DOTS"
            plain = entry or dots
            arguments.append(Constant(value, written(value)) if plain else self.term(value))
        return Applied(whole, name, tuple(arguments), tuple(keywords))


def _is_partial(node: Node) -> bool:
    return isinstance(node, Leaf) and (node.kind == "PARTIAL" or node.text in ("d", r"\delta"))


def _is_circle_number(before: Node, node: Node) -> bool:
    """Whether this is the pi of ``2\\pi``, which nothing declares."""
    if not (isinstance(before, Leaf) and isinstance(node, Leaf)):
        return False
    return (before.kind, node.text) == ("NUMBER", r"\pi")


def _is_sum(node: Node) -> bool:
    base = node.base if isinstance(node, Script) else node
    return isinstance(base, Leaf) and base.kind in ("SUM", "PROD")


def _ends(node: Node) -> bool:
    """What an argument without parentheses does not reach over."""
    base = node.base if isinstance(node, Script) else node
    return isinstance(base, Leaf) and base.kind in ("FUNCTION", "SUM", "PROD")
